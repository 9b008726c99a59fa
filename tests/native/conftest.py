"""Tests of the native kernel: skipped, with the reason, only where it could not be built."""

from pathlib import Path

import pytest

from stanch.kernel import KERNEL

STATE = Path(__file__).resolve().parents[2] / ".venv" / ".kernel"


@pytest.fixture(autouse=True, scope="session")
def built():
    if KERNEL is None:
        why = STATE.read_text().splitlines()[-1] if STATE.exists() else "scripts/setup has not run"
        pytest.skip(f"the native kernel is not built: {why}")
