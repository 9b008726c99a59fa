"""Which engine runs: the native kernel where it was built, else the reference in Python. Both give the same answers.

Decides nothing else, and nothing differently: the kernel holds no policy of its own.
"""

from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import Literal

from stanch.errors import InputError

Engine = Literal["auto", "native", "reference"]
ENGINES: tuple[Engine, ...] = ("auto", "native", "reference")
"""``auto`` takes the kernel where it was built."""

INTERFACE = 2
"""What is expected of the kernel: raised with its own number whenever a call, its answer or its meaning changes."""


def found() -> ModuleType | None:
    """Give the kernel that was built; one of another version would answer for something else and is left alone."""
    if not find_spec("stanch_native"):
        return None
    module = import_module("stanch_native")
    return module if getattr(module, "INTERFACE", 0) == INTERFACE else None


KERNEL: ModuleType | None = found()


def kernel(engine: Engine = "auto") -> ModuleType | None:
    """Give the kernel, or ``None`` where the reference is to run.

    Raises: InputError where the kernel is asked for by name and was not built.
    """
    if engine == "native" and KERNEL is None:
        raise InputError(
            "the native kernel is not built, or is of another version",
            hint="install a Rust toolchain and run make demo again, or use --engine reference",
        )
    return None if engine == "reference" else KERNEL
