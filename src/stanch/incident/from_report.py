"""From a report to an incident: what leaks, how bad, and a first title. Shapes and counts pass; nothing else does."""

from itertools import groupby

from stanch.classify.taxonomy import TAXONOMY
from stanch.errors import InputError
from stanch.finding.report import EndpointRow, Finding, Report
from stanch.incident.event import Declared, Leak, LeakedField
from stanch.incident.glance import ORDER


def leaks_of(report: Report) -> tuple[Leak, ...]:
    """Group the excessive findings by endpoint, the worst first."""
    rows = {row.key: row for row in report.endpoints}
    excessive = sorted((f for f in report.findings if f.verdict == "excessive"), key=lambda f: f.endpoint)
    leaks = [leak_of(rows.get(key), key, list(group)) for key, group in groupby(excessive, key=lambda f: f.endpoint)]
    return tuple(sorted(leaks, key=lambda leak: (-max(ORDER[f.severity] for f in leak.fields), -leak.n_subjects, leak.endpoint)))


def leak_of(row: EndpointRow | None, key: str, findings: list[Finding]) -> Leak:
    return Leak(
        endpoint=key, host=row.host if row else "", fields=tuple(field_of(item) for item in findings),
        n_subjects=max(item.n_subjects for item in findings), n_recipients=max(item.n_recipients for item in findings),
        n_exchanges=row.n_exchanges if row else 0, authenticated=row.authenticated if row else False,
    )  # fmt: skip


def field_of(item: Finding) -> LeakedField:
    return LeakedField(
        path=item.path, datatype=item.datatype, title=in_words(item.datatype), severity=item.severity, confidence=item.confidence,
        fingerprint=item.fingerprint,
    )  # fmt: skip


def in_words(datatype: str) -> str:
    known = TAXONOMY.get(datatype)
    return known.title if known else datatype.replace(".", " ").replace("_", " ")


def declaration(report: Report, *, sha256: str, title: str = "", name: str = "report", exercise: bool = False, restricted: bool = False) -> Declared:
    """Make the event that declares an incident from a report.

    Raises: InputError when the report has nothing excessive.
    """
    leaks = leaks_of(report)
    if not leaks:
        raise InputError("the report has no excessive field: there is nothing to declare", where=name)
    severity = max((item.severity for leak in leaks for item in leak.fields), key=lambda level: ORDER[level])
    return Declared(title=title or first_title(leaks), severity=severity, leaks=leaks, report_sha256=sha256, exercise=exercise, restricted=restricted)


def first_title(leaks: tuple[Leak, ...]) -> str:
    words: list[str] = []
    for leak in leaks:
        words += [item.title.lower() for item in leak.fields if item.title.lower() not in words]
    shown = ", ".join(words[:2]) if len(words) <= 2 else f"{', '.join(words[:2])} and {len(words) - 2} more"
    place = leaks[0].endpoint if len(leaks) == 1 else f"{len(leaks)} endpoints"
    return f"{shown[:1].upper()}{shown[1:]} given away by {place}"
