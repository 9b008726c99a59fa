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

KERNEL: ModuleType | None = import_module("stanch_native") if find_spec("stanch_native") else None


def kernel(engine: Engine = "auto") -> ModuleType | None:
    """Give the kernel, or ``None`` where the reference is to run.

    Raises: InputError where the kernel is asked for by name and was not built.
    """
    if engine == "native" and KERNEL is None:
        raise InputError("the native kernel is not built", hint="install a Rust toolchain and run make demo again, or use --engine reference")
    return None if engine == "reference" else KERNEL
