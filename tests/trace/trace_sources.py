"""Sources spelt out in tests."""

from textwrap import dedent

from stanch.finding.report import Finding
from stanch.trace.project import Project


def finding(endpoint, path, where="response.body"):
    return Finding(
        fingerprint=f"{endpoint} {path}", endpoint=endpoint, path=path, where=where, status=200, datatype="contact.email", verdict="excessive",
        confidence=0.9, severity="high", title="", reasons=(),
    )  # fmt: skip


def project_of(files):
    return Project.read({path: dedent(text) for path, text in files.items()})
