"""What a report alone can answer: bounds. It counts people and recipients field by field, and not who they were, so overlaps are not known."""

from collections.abc import Iterable
from typing import NamedTuple

from stanch.classify.taxonomy import TAXONOMY
from stanch.errors import InputError
from stanch.finding.report import FieldRow, Finding, Report
from stanch.ledger.answer import NO_BOUND, Affected, By, Count, Group, Question
from stanch.ledger.coverage import Gap
from stanch.ledger.group import VERDICTS, level

NOTE = "from a report only: people are counted field by field and may be the same, so totals are bounds; a ledger gives exact numbers"


class Pair(NamedTuple):
    """A finding with what the report says of its field and endpoint."""

    finding: Finding
    row: FieldRow | None
    authenticated: bool


def from_report(report: Report, by: By, question: Question) -> Affected:
    """Answer from a report.

    Raises: InputError for what no report can tell.
    """
    refuse(by, question)
    rows = {(row.endpoint, row.status, row.where, row.path): row for row in report.fields}
    signed_in = {endpoint.key: endpoint.authenticated for endpoint in report.endpoints}
    found: dict[str, list[Pair]] = {}
    for finding in report.findings:
        if finding.verdict in VERDICTS[question.scope]:
            row = rows.get((finding.endpoint, finding.status, finding.where, finding.path))
            found.setdefault(name_of(by, finding), []).append(Pair(finding, row, signed_in.get(finding.endpoint, False)))
    groups = [group(name, pairs) for name, pairs in found.items()]
    everything = group("", [pair for pairs in found.values() for pair in pairs])
    unread = Gap(
        endpoint="", first_hour=None, last_hour=None, reason="bodies or entries could not be decoded", n_responses=report.capture.n_undecodable
    )
    return Affected(
        by=by, question=question, people=everything.people, recipients=everything.recipients, n_disclosures=everything.n_disclosures,
        n_unattributed=0,
        groups=tuple(sorted(groups, key=lambda g: (-g.people.at_most, g.name))), gaps=(unread,) if unread.n_responses else (), notes=(NOTE,),
    )  # fmt: skip


def refuse(by: By, question: Question) -> None:
    hint = "build a ledger from the captures: stanch ledger build CAPTURE... --into DIR"
    if by in {"recipient", "subject", "jurisdiction"}:
        raise InputError(f"a report does not hold who, so it can't be asked by {by}", where="--by", hint=hint)
    if question.since is not None or question.until is not None:
        raise InputError("a report does not hold times", where="--since/--until", hint=hint)
    if question.scope == "all":
        raise InputError("a report counts people for its findings only", where="--scope", hint=hint)


def name_of(by: By, finding: Finding) -> str:
    match by:
        case "field":
            return f"{finding.endpoint} {finding.path}"
        case "endpoint":
            return finding.endpoint
        case "sensitivity":
            known = TAXONOMY.get(finding.datatype)
            return level(known.sensitivity if known else 0.5)
        case _:
            return finding.datatype


def group(name: str, pairs: list[Pair]) -> Group:
    people = overlap(bounds(pair, pair.finding.n_subjects) for pair in pairs)
    recipients = overlap(bounds(pair, pair.finding.n_recipients, anonymous=not pair.authenticated) for pair in pairs)
    values = sum(pair.row.relation.other + pair.row.relation.unknown for pair in pairs if pair.row is not None)
    return Group(name=name, people=people, recipients=recipients, n_disclosures=values, detail=pairs[0].finding.datatype if len(pairs) == 1 else "")


def bounds(pair: Pair, n: int, *, anonymous: bool = False) -> Count:
    """Bound a finding's count: for certain only where the relation of every value is known.

    All callers who did not sign in count once in a report: they may be many, or one of those who did.
    """
    relation = pair.row.relation if pair.row is not None else None
    if relation is not None and relation.other == 0 and relation.unknown == 0:
        return Count(0, 0)
    most = NO_BOUND if anonymous else n
    if relation is None or relation.other == 0:
        return Count(0, most)
    sure = n - anonymous
    return Count(sure if relation.unknown == 0 else min(sure, 1), most)


def overlap(counts: Iterable[Count]) -> Count:
    """Join sets that may overlap: at least the largest, at most all of them."""
    found = list(counts)
    return Count(max((c.at_least for c in found), default=0), min(NO_BOUND, sum(c.at_most for c in found)))
