"""Sources spelt out in tests, traced as if a scan had found a field."""

from textwrap import dedent

import pytest

from stanch.finding.report import Finding
from stanch.trace.project import Project
from stanch.trace.run import Tracer


def finding(endpoint, path, where="response.body"):
    return Finding(
        fingerprint=f"{endpoint} {path}", endpoint=endpoint, path=path, where=where, status=200, datatype="contact.email", verdict="excessive",
        confidence=0.9, severity="high", title="", reasons=(),
    )  # fmt: skip


def project_of(files):
    return Project.read({path: dedent(text) for path, text in files.items()})


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
