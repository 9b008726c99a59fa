"""The report, as values: what ``stanch.report/1`` says. Shapes, counts and reasons; no value from traffic.

Field names are those of the published JSON; see docs/report.md.
"""

from dataclasses import dataclass
from typing import Literal

Severity = Literal["low", "medium", "high", "critical"]
SCHEMA = "stanch.report/1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Undecodable:
    where: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaptureRow:
    n_exchanges: int
    n_bytes: int
    n_undecodable: int = 0
    n_opaque: int = 0
    """Images, archives and the like: nothing to decode in them."""
    undecodable: tuple[Undecodable, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointRow:
    key: str
    host: str
    method: str
    template: str
    n_exchanges: int
    n_callers: int
    authenticated: bool
    """Every caller brought a credential or signed in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """Counts of values by whose they are to the caller."""

    self: int = 0
    other: int = 0
    unknown: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    signal: str
    weight: float
    """Log of the likelihood ratio: positive for excessive."""
    says: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldRow:
    endpoint: str
    status: int
    where: str
    path: str
    datatype: str
    confidence: float
    n_values: int
    n_distinct: int
    relation: Relation
    needed_because: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    fingerprint: str
    endpoint: str
    path: str
    where: str
    status: int
    datatype: str
    verdict: Literal["excessive", "unknown"]
    confidence: float
    severity: Severity
    title: str
    reasons: tuple[Reason, ...]
    counter: tuple[Reason, ...] = ()
    """What speaks against."""
    missing_signals: tuple[str, ...] = ()
    n_subjects: int = 0
    n_recipients: int = 0
    references: tuple[str, ...] = ()
    first_where: str = ""
    """Where in the capture the endpoint is first seen."""
    flaw: str = ""
    """Key of the flaw that the finding is part of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Flaw:
    """What reads as one: the excessive members of one entity at one endpoint."""

    key: str
    endpoint: str
    entity: str
    """Path of the object that comes with too much."""
    verdict: Literal["excessive", "unknown"]
    severity: Severity
    """The worst of its findings'."""
    confidence: float
    title: str
    paths: tuple[str, ...]
    datatypes: tuple[str, ...]
    fingerprints: tuple[str, ...]
    """Of its findings."""
    n_subjects: int
    n_recipients: int
    references: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Justified:
    fingerprint: str
    endpoint: str
    path: str
    by: str
    """Who accepted it, or ``baseline``."""
    why: str
    until: str
    """ISO date, or empty for a baseline entry."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    capture: CaptureRow
    endpoints: tuple[EndpointRow, ...] = ()
    fields: tuple[FieldRow, ...] = ()
    findings: tuple[Finding, ...] = ()
    flaws: tuple[Flaw, ...] = ()
    """The findings, grouped; worst first."""
    justified: tuple[Justified, ...] = ()
    unneeded_justifications: tuple[str, ...] = ()
