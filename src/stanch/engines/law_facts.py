"""Facts from a report or a ledger: how many people and recipients, how many values, from when to when; each with its question and its source."""

from collections.abc import Iterable
from hashlib import sha256

from stanch.finding.report import Report
from stanch.law.fact import Confidence, Fact, Query
from stanch.ledger.answer import Affected, Count


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


def ledger_facts(answer: Affected, name: str) -> Iterable[Fact]:
    """Ask a ledger's answer for the facts that it holds; a bound is said to be one."""
    source = f"ledger {name}"
    for key, count, what in (
        ("n_people", answer.people, "distinct people whose excessive fields went to someone else"),
        ("n_recipients", answer.recipients, "distinct recipients of excessive fields"),
    ):
        yield Fact(key=key, kind="count", value=count.at_least, source=Query(what=what, source=source), confidence=_sure(count))
    pairs = Query(what="pairs of response and person with excessive fields", source=source)
    yield Fact(key="n_records", kind="count", value=answer.n_disclosures, source=pairs, confidence="exact")
    for key, at, what in (("first_exposure_at", answer.first_at, "first"), ("last_exposure_at", answer.last_at, "last")):
        if at is not None:
            seen = Query(what=f"{what} retained response that gave excessive fields away", source=source)
            yield Fact(key=key, kind="instant", value=at, source=seen, confidence="exact", zone="UTC")


def _sure(count: Count) -> Confidence:
    return "exact" if count.exact else "at_least"
