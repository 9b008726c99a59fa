"""Which engine runs; these hold with and without the kernel."""

import sys
from types import ModuleType

import pytest

from stanch import kernel
from stanch.errors import InputError


def pretend(monkeypatch, **members):
    module = ModuleType("stanch_native")
    module.__spec__ = type("Spec", (), {"name": "stanch_native"})()
    for name, value in members.items():
        setattr(module, name, value)
    monkeypatch.setitem(sys.modules, "stanch_native", module)
    return module


def test_a_kernel_of_this_version_is_taken(monkeypatch):
    module = pretend(monkeypatch, INTERFACE=kernel.INTERFACE)
    assert kernel.found() is module


@pytest.mark.parametrize("members", [{}, {"INTERFACE": kernel.INTERFACE - 1}, {"INTERFACE": kernel.INTERFACE + 1}])
def test_a_kernel_of_another_version_is_left_alone(monkeypatch, members):
    pretend(monkeypatch, **members)
    assert kernel.found() is None


def test_without_a_kernel_the_reference_runs_and_native_is_refused_in_one_line(monkeypatch):
    monkeypatch.setattr(kernel, "KERNEL", None)
    assert kernel.kernel("auto") is None
    assert kernel.kernel("reference") is None
    with pytest.raises(InputError, match="not built"):
        kernel.kernel("native")
