"""For all tests: no network beyond loopback, repeatable examples in CI, the sample backend's recordings made once."""

import importlib.util
import os
import sys
from ipaddress import ip_address
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

ROOT = Path(__file__).resolve().parent.parent
settings.register_profile(
    "stanch", deadline=None, derandomize=bool(os.environ.get("CI")), suppress_health_check=[HealthCheck.too_slow], print_blob=True
)
settings.load_profile("stanch")


def forbid_the_network(event, args):
    if event != "socket.connect":
        return
    address = args[1]
    host = address[0] if isinstance(address, tuple) else None
    if host is not None and host != "localhost" and not ip_address(host).is_loopback:
        raise PermissionError("tests stay on loopback")


sys.addaudithook(forbid_the_network)


def load_example(name):
    folder = ROOT / "examples" / "leaky-articles"
    sys.path.insert(0, str(folder))
    spec = importlib.util.spec_from_file_location(name, folder / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def example():
    return load_example("record")


@pytest.fixture(scope="session")
def leaky_har(example):
    return example.record("leaky", 7)


@pytest.fixture(scope="session")
def fixed_har(example):
    return example.record("fixed", 7)


@pytest.fixture(scope="session")
def leaky_file(leaky_har, tmp_path_factory):
    path = tmp_path_factory.mktemp("leaky") / "leaky.har"
    path.write_bytes(leaky_har)
    return path


@pytest.fixture(scope="session")
def fixed_file(fixed_har, tmp_path_factory):
    path = tmp_path_factory.mktemp("fixed") / "fixed.har"
    path.write_bytes(fixed_har)
    return path


@pytest.fixture(scope="session")
def leaky_report(leaky_file):
    from stanch.cli.scan import report_of

    return report_of([str(leaky_file)])


def pytest_make_parametrize_id(val):
    """Name bytes by their length: some hold the time at which they were packed, and workers must agree on names."""
    return f"{len(val)} bytes" if isinstance(val, bytes) else None
