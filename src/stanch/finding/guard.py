"""Whether traffic stays within what was agreed: the committed contract and the accepted findings.

Decides; reads nothing. A member that the contract does not allow is a breach of it whether it is personal or not; an endpoint that the
contract does not know is one where personal data go out. Excessive findings that nobody accepted are breaches with any contract.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from stanch.finding.report import Report
from stanch.identity.resolve import FieldPicture
from stanch.inventory.contract import Contract, Declared


@dataclass(frozen=True, slots=True, kw_only=True)
class Breach:
    endpoint: str
    status: int
    path: str
    datatype: str
    """Empty for a member that is not personal data."""
    reason: str
    n_values: int = 0

    def __str__(self) -> str:
        """Say it in a line: where, what, why."""
        kind = f" ({self.datatype})" if self.datatype else ""
        return f"{self.endpoint} {self.status} {self.path}{kind}: {self.reason}"


def breaches(fields: Iterable[FieldPicture], report: Report, contract: Contract | None) -> tuple[Breach, ...]:
    """List every breach, ordered by endpoint and path.

    Shape: ``report`` has its baseline applied, so that accepted findings are gone from it.
    """
    broken = [b for item in fields if contract and (b := undeclared(item, contract)) is not None]
    found = {(b.endpoint, b.status, b.path): b for b in (*excessive(report), *broken)}
    accepted = {(j.endpoint, j.path) for j in report.justified}
    return tuple(b for _, b in sorted(found.items()) if (b.endpoint, b.path) not in accepted)


def excessive(report: Report) -> Iterable[Breach]:
    for finding in report.findings:
        if finding.verdict == "excessive":
            strongest = finding.reasons[0].says if finding.reasons else finding.title
            reason = f"excessive, and nobody accepted it: {strongest}"
            yield Breach(endpoint=finding.endpoint, status=finding.status, path=finding.path, datatype=finding.datatype, reason=reason)


def undeclared(item: FieldPicture, contract: Contract) -> Breach | None:
    """Judge one field of a good answer by the contract."""
    if item.where != "response.body" or not 200 <= item.status < 300:
        return None
    endpoint, datatype = item.endpoint, item.label.datatype if item.label else ""
    known = (endpoint.method, endpoint.template) in contract.operations
    if not known:
        reason = "the contract does not know this endpoint, and it gives personal data"
        return breach(item, datatype, reason) if datatype and item.summary.n_values else None
    if contract.declares(endpoint.method, endpoint.template, item.status, item.path) is Declared.NO:
        return breach(item, datatype, "the contract does not allow this member")
    return None


def breach(item: FieldPicture, datatype: str, reason: str) -> Breach:
    return Breach(endpoint=item.endpoint.key, status=item.status, path=item.path, datatype=datatype, reason=reason, n_values=item.summary.n_values)
