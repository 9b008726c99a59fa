"""From a finished summary to a report: resolve, judge, and write down what was found.

The only place where the layers below meet.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from stanch.classify.taxonomy import TAXONOMY
from stanch.finding.fingerprint import fingerprint
from stanch.finding.flaw import entity_path, flaw_key, flaws
from stanch.finding.report import CaptureRow, EndpointRow, FieldRow, Finding, Flaw, Reason, Relation, Report, Undecodable
from stanch.identity.resolve import EndpointPicture, FieldPicture, Picture, resolve
from stanch.identity.summary import TrafficSummary
from stanch.inventory.contract import Contract
from stanch.judge.evidence import gather
from stanch.judge.fusion import Judged, judge
from stanch.judge.reason import Outcome
from stanch.judge.reason import Reason as Weighed
from stanch.judge.severity import severity

SEVERITIES = {"critical": 0, "high": 1, "medium": 2, "low": 3}
REFERENCES = ("OWASP API3:2023", "OWASP API3:2019", "CWE-213", "CWE-200")


@dataclass(frozen=True, slots=True, kw_only=True)
class Examined:
    """A report with what it was made from: for contracts and the guard, which need fields that hold nothing personal as well."""

    picture: Picture
    judged: tuple[Judged, ...]
    report: Report


def build(
    summary: TrafficSummary,
    *,
    contract: Contract | None = None,
    client_fields: frozenset[str] | None = None,
    templates: Sequence[str] = (),
) -> Report:
    """Make the report of a summary; ``templates`` are path templates that the user knows better."""
    return examine(summary, contract=contract, client_fields=client_fields, templates=templates).report


def examine(
    summary: TrafficSummary,
    *,
    contract: Contract | None = None,
    client_fields: frozenset[str] | None = None,
    templates: Sequence[str] = (),
) -> Examined:
    """Resolve, judge and report.

    Cost: linear in endpoints times fields; nothing of it depends on the number of exchanges.
    """
    picture = resolve(summary, contract=contract, overrides=templates)
    evidence, context = gather(picture, contract=contract, client=client_fields)
    judged = tuple(judge(evidence, context))
    return Examined(picture=picture, judged=judged, report=report_of(picture, judged))


def report_of(picture: Picture, judged: Sequence[Judged]) -> Report:
    verdicts = {id(item.evidence.picture): item for item in judged}
    findings = tuple(sorted((finding(item) for item in judged if item.verdict.outcome is not Outcome.NEEDED), key=rank))
    return Report(
        capture=capture_row(picture),
        endpoints=tuple(endpoint_row(endpoint) for endpoint in picture.endpoints.values()),
        fields=tuple(field_row(item, verdicts.get(id(item))) for item in picture.fields if item.label is not None),
        findings=findings,
        flaws=grouped(findings),
    )


def grouped(findings: Sequence[Finding]) -> tuple[Flaw, ...]:
    """Group findings into flaws, kinds of data named in words."""
    return flaws(findings, {item.datatype: TAXONOMY[item.datatype].title for item in findings})


def rank(item: Finding) -> tuple[object, ...]:
    return (
        item.verdict != "excessive",
        SEVERITIES[item.severity],
        -item.confidence,
        item.endpoint,
        item.path,
        item.status,
        item.where,
    )


def capture_row(picture: Picture) -> CaptureRow:
    return CaptureRow(
        n_exchanges=picture.n_exchanges, n_bytes=picture.n_bytes, n_undecodable=len(picture.undecodable), n_opaque=picture.n_opaque,
        undecodable=tuple(Undecodable(where=item.where, reason=item.reason) for item in picture.undecodable),
    )  # fmt: skip


def endpoint_row(endpoint: EndpointPicture) -> EndpointRow:
    n_callers = len(endpoint.callers)
    return EndpointRow(
        key=endpoint.key, host=endpoint.host, method=endpoint.method, template=endpoint.template, n_exchanges=endpoint.n_exchanges,
        n_callers=n_callers, authenticated=endpoint.n_anonymous == 0,
    )  # fmt: skip


def field_row(item: FieldPicture, judged: Judged | None) -> FieldRow:
    if item.label is None:
        raise ValueError("only labelled fields are reported")
    needed = judged is not None and judged.verdict.outcome is Outcome.NEEDED
    return FieldRow(
        endpoint=item.endpoint.key, status=item.status, where=item.where, path=item.path, datatype=item.label.datatype,
        confidence=round(item.label.confidence, 3), n_values=item.summary.n_values, n_distinct=item.summary.n_distinct, relation=relation_row(item),
        needed_because=tuple(reason_row(r) for r in judged.verdict.reasons if r.weight < 0) if needed and judged else (),
    )  # fmt: skip


def relation_row(item: FieldPicture) -> Relation:
    return Relation(self=item.relation.own, other=item.relation.other, unknown=item.relation.unknown)


def reason_row(reason: Weighed) -> Reason:
    return Reason(signal=reason.signal, weight=reason.weight, says=reason.says)


def finding(item: Judged) -> Finding:
    picture, label, verdict = item.evidence.picture, item.evidence.label, item.verdict
    return Finding(
        fingerprint=fingerprint(picture.endpoint.key, picture.path, label.datatype, picture.where),
        endpoint=picture.endpoint.key, path=picture.path, where=picture.where, status=picture.status, datatype=label.datatype,
        verdict="excessive" if verdict.outcome is Outcome.EXCESSIVE else "unknown", confidence=verdict.confidence, severity=severity(item.evidence),
        title=title(item), reasons=tuple(reason_row(r) for r in verdict.reasons if r.weight > 0),
        counter=tuple(reason_row(r) for r in verdict.reasons if r.weight <= 0),
        missing_signals=tuple(m.signal for m in verdict.missing), n_subjects=len(picture.others or picture.subjects),
        n_recipients=len(picture.recipients), references=REFERENCES, first_where=picture.endpoint.example,
        flaw=flaw_key(picture.endpoint.key, entity_path(picture.path)),
    )  # fmt: skip


def title(item: Judged) -> str:
    """Say what leaks, whose, and to whom, in a line."""
    picture, datatype = item.evidence.picture, item.evidence.datatype
    whose = f"of the {item.evidence.owner}" if item.evidence.is_nested_person else "of other people" if picture.relation.other else "of a person"
    to = "anyone, signed in or not" if picture.n_to_anonymous else "other users" if picture.relation.other else "the caller"
    return f"{datatype.title} {whose} goes to {to}"
