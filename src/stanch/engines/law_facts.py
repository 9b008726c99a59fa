"""Facts from a report: how many people and recipients, how many values, which kinds; each with its question and its source."""

from collections.abc import Iterable
from hashlib import sha256

from stanch.finding.report import Report
from stanch.law.fact import Fact, Query


def report_facts(report: Report, data: bytes, name: str) -> Iterable[Fact]:
    """Ask a report for the facts that it holds; ``data`` are its bytes, whose digest says which report it was."""
    source = f"{name} sha256:{sha256(data).hexdigest()[:16]}"
    findings = [f for f in report.findings if f.verdict == "excessive" and f.n_recipients > 0]
    places = {(f.endpoint, f.path) for f in findings}
    n_values = sum(field.relation.other + field.relation.unknown for field in report.fields if (field.endpoint, field.path) in places)
    for key, value, what in (
        ("n_people", max((f.n_subjects for f in findings), default=0), "most distinct people of one excessive field"),
        ("n_recipients", max((f.n_recipients for f in findings), default=0), "most distinct recipients of one excessive field"),
        ("n_records", n_values, "values of excessive fields that went to someone other than the person"),
    ):
        yield Fact(key=key, kind="count", value=value, source=Query(what=what, source=source), confidence="at_least")
