"""What the ledger answers, as values. Counts are exact where both bounds are equal; what makes them differ is said in words.

These classes are the interface for the console and for the law's decision matrix; see docs/ledger.md.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from stanch.ledger.coverage import Gap

By = Literal["field", "datatype", "endpoint", "sensitivity", "jurisdiction", "recipient", "subject"]
Scope = Literal["excessive", "suspected", "all"]
"""Fields judged excessive; those and the undecided; every labelled field."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    scope: Scope = "excessive"
    since: datetime | None = None
    """Aware; inclusive."""
    until: datetime | None = None
    """Aware; exclusive."""


@dataclass(frozen=True, slots=True, order=True)
class Count:
    """A number of people or recipients, with bounds where the traffic doesn't tell more."""

    at_least: int
    at_most: int
    """``NO_BOUND`` where nothing limits it."""

    @property
    def exact(self) -> bool:
        return self.at_least == self.at_most

    def __str__(self) -> str:
        """Write the number, or its bounds."""
        if self.exact:
            return f"{self.at_least:,}"
        return f"{self.at_least:,} or more" if self.at_most >= NO_BOUND else f"{self.at_least:,} to {self.at_most:,}"


NO_BOUND = 1 << 62


def exactly(n: int) -> Count:
    return Count(n, n)


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """One line of an answer."""

    name: str
    people: Count
    """Distinct people whose data went to someone else."""
    recipients: Count
    n_disclosures: int
    """Pairs of response and person."""
    first_at: datetime | None = None
    last_at: datetime | None = None
    detail: str = ""
    """Datatype of a field, kind of a recipient."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Affected:
    by: By
    question: Question
    people: Count
    recipients: Count
    n_disclosures: int
    n_unattributed: int
    """Values in scope whose person can't be told."""
    groups: tuple[Group, ...]
    gaps: tuple[Gap, ...]
    notes: tuple[str, ...] = ()
    """Why bounds differ, and what can't be said."""
    first_at: datetime | None = None
    last_at: datetime | None = None
    n_left_out: int = 0
    """Groups beyond the limit asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cohort:
    """People alike for the law: the same residence, the same kinds of data given away."""

    country: str
    """ISO 3166-1 alpha-2; empty where it is not known."""
    state: str
    datatypes: frozenset[str]
    people: Count


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """One step of a timeline."""

    start: datetime
    n_people: int
    """Distinct people whose data went to someone else in this step."""
    n_recipients: int
    n_disclosures: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Residence:
    country: str
    state: str
    source: str
    confidence: int
    """Per cent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """What one recipient got of one person."""

    recipient: str
    kind: str
    staff: bool
    relation: str
    endpoint: str
    datatypes: tuple[str, ...]
    n_responses: int
    first_at: datetime | None
    last_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRecord:
    """Everything that the ledger knows of one person, for an access request."""

    subject: str
    residences: tuple[Residence, ...]
    received: tuple[Received, ...]
    n_recipients: Count


@dataclass(frozen=True, slots=True, kw_only=True)
class Surplus:
    """What the application would have shown to a recipient, against what it was sent."""

    recipient: str
    kind: str
    endpoint: str
    n_responses: int
    needed: tuple[str, ...]
    """Paths of fields judged needed that were sent."""
    sent_beyond: tuple[str, ...]
    """Paths of fields judged excessive that were sent."""
    undecided: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sweep:
    """Evidence that someone walked through an endpoint: by numbers in sequence, by rate, by breadth."""

    session: str
    """Stitched over the credentials and addresses that it used."""
    endpoint: str
    n_responses: int
    n_people: int
    n_places: int
    """Distinct things asked for by number."""
    n_steps: int
    """Requests for the very next number, up or down."""
    per_minute_peak: int
    n_credentials: int
    n_addresses: int
    first_at: datetime | None
    last_at: datetime | None
    signs: tuple[str, ...] = ()
    """In words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delta:
    """What changed from one stretch of time to another."""

    before: Affected
    after: Affected
    people_new: int
    """Exposed after and not before."""
    people_again: int
    people_gone: int
    groups_new: tuple[str, ...]
    groups_gone: tuple[str, ...]
    notes: tuple[str, ...] = field(default=())
