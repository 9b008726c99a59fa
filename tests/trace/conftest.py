"""Sources spelt out in tests, traced as if a scan had found a field."""

import sys
from pathlib import Path

import pytest

from stanch.trace.run import Tracer

sys.path.insert(0, str(Path(__file__).parent))

from trace_sources import finding, project_of


@pytest.fixture
def follow():
    """Trace one field of one endpoint through sources given as a dict."""

    def run(files, endpoint, path):
        return Tracer.of(project_of(files)).trace(finding(endpoint, path))

    return run


@pytest.fixture
def cause(follow):
    """Give the symbol of the most likely cause, or what is said instead."""

    def run(files, endpoint, path):
        traced = follow(files, endpoint, path)
        return traced.chains[0].cause.place.symbol if traced.chains else traced.abstained

    return run
