"""What console tests share."""

from stanch.finding.render.json import render_json
from stanch.finding.report import CaptureRow, EndpointRow, Finding, Report

PASSWORD = "correct horse battery"


def finding(path, datatype, severity):
    return Finding(
        fingerprint=path, endpoint="GET /a/{id}", path=path, where="response.body", status=200, datatype=datatype, verdict="excessive",
        confidence=0.9, severity=severity, title="t", reasons=(), n_subjects=4, n_recipients=2,
    )  # fmt: skip


def report_bytes():
    return render_json(
        Report(
            capture=CaptureRow(n_exchanges=5, n_bytes=9),
            endpoints=(
                EndpointRow(
                    key="GET /a/{id}", host="api.example.org", method="GET", template="/a/{id}", n_exchanges=5, n_callers=2, authenticated=True
                ),
            ),
            findings=(finding("$.email", "contact.email", "high"), finding("$.hash", "credential.password_hash", "critical")),
        )
    )
