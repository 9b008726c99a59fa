"""Everything that can happen in an incident: one frozen class for each kind of journal entry.

Shape: ``kind`` is ``object:verb``; the entry's tag puts who did it before (``person:task:finish``).
Texts that people write are kept as written; they are escaped where they are shown.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

import msgspec

from stanch.errors import InputError
from stanch.incident.anchor import AnchorName
from stanch.incident.phase import Phase
from stanch.incident.role import Role

Severity = Literal["low", "medium", "high", "critical"]
Track = Literal[
    "command", "communication", "containment", "investigation", "eradication", "recovery", "regulatory", "remedies", "public_relations", "review",
]  # fmt: skip
Audience = Literal["staff", "executives", "customers", "affected_people", "partners", "press", "status_page", "regulator"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LeakedField:
    path: str
    datatype: str
    title: str
    """The kind of data in words."""
    severity: Severity
    confidence: float
    fingerprint: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Leak:
    """One endpoint and what it gives away: shapes and counts, never a value."""

    endpoint: str
    host: str
    fields: tuple[LeakedField, ...]
    n_subjects: int
    n_recipients: int
    n_exchanges: int
    authenticated: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskSpec:
    key: str
    title: str
    track: Track
    phase: Phase
    role: Role
    how: str = ""
    needs: tuple[str, ...] = ()
    """Keys of tasks that must be done or skipped before."""
    due_after: AnchorName | Literal["declared", ""] = ""
    due_within_s: int = 0
    required: bool = True
    run: str = ""
    """A stanch command that does or checks it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    kind = "incident:declare"
    title: str
    severity: Severity
    leaks: tuple[Leak, ...] = ()
    report_sha256: str = ""
    exercise: bool = False
    restricted: bool = False
    codename: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaksFound:
    """A later report: more is known."""

    kind = "leak:find"
    leaks: tuple[Leak, ...]
    report_sha256: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LeakObserved:
    """What a detector behind the containment measured in a window."""

    kind = "leak:observe"
    source: str
    since: datetime
    until: datetime
    n_seen: int
    n_leaking: int
    last_leak_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ContainmentApplied:
    kind = "containment:apply"
    policy: str
    rev: int
    target: str
    sha256: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ContainmentLifted:
    kind = "containment:lift"
    policy: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PhaseChanged:
    kind = "phase:change"
    to: Phase
    why: str = ""
    override_by: str = ""
    """Second person who agreed to go past what is missing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeveritySet:
    kind = "severity:set"
    severity: Severity
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Restricted:
    kind = "incident:restrict"
    restricted: bool
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnchorSet:
    kind = "anchor:set"
    name: AnchorName
    at: datetime
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleGiven:
    kind = "role:give"
    role: Role
    person: str
    name: str
    """As shown; the person's key decides."""
    handover: str = ""
    """What the next holder must know."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleAcknowledged:
    kind = "role:acknowledge"
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaybookStarted:
    kind = "playbook:start"
    playbook: str
    sha256: str
    tasks: tuple[TaskSpec, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskAdded:
    kind = "task:add"
    task: TaskSpec


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskTaken:
    kind = "task:take"
    task: str
    person: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskBlocked:
    kind = "task:block"
    task: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskUnblocked:
    kind = "task:unblock"
    task: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskFinished:
    kind = "task:finish"
    task: str
    result: str = ""
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskSkipped:
    kind = "task:skip"
    task: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskReopened:
    kind = "task:reopen"
    task: str
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskDueSet:
    kind = "task:due"
    task: str
    due_at: datetime
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteAdded:
    kind = "note:add"
    text: str
    privileged: bool = False
    happened_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceAdded:
    kind = "evidence:add"
    evidence: str
    name: str
    sha256: str
    n_bytes: int
    how: str = ""
    """Tool and source: how it came about."""
    taken_at: datetime | None = None
    derived_from: str = ""
    """Key of what it was made from, such as a redacted copy."""
    seen_by: Literal["all", "privileged"] = "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceRead:
    kind = "evidence:read"
    evidence: str
    sha256: str
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """Somebody took the incident out."""

    kind = "incident:export"
    form: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionAsked:
    kind = "decision:ask"
    decision: str
    question: str
    role: Role
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionMade:
    kind = "decision:make"
    decision: str
    answer: str
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageDrafted:
    kind = "message:draft"
    message: str
    audience: Audience
    channel: str
    subject: str
    template: str
    """With ``{{facts}}``."""
    body: str
    """The exact text, facts filled in."""
    sha256: str
    facts: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageApproved:
    kind = "message:approve"
    message: str
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageWithdrawn:
    kind = "message:withdraw"
    message: str
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageSent:
    kind = "message:send"
    message: str
    sha256: str
    to: tuple[str, ...] = ()
    """Names of contact groups or webhooks, never addresses."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageDelivered:
    kind = "message:deliver"
    message: str
    to: str
    ok: bool
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdatePromised:
    kind = "update:promise"
    audience: Audience
    due_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockPassed:
    """The worker saw that a clock ran out, or that it soon will."""

    kind = "clock:pass"
    clock: str
    due_at: datetime
    level: Literal["soon", "over"]
    title: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class JurisdictionsSet:
    """Where the affected people live and what the organisation is: what the law's clocks need."""

    kind = "law:context"
    jurisdictions: tuple[str, ...]
    """Codes of places, with a number where it is known: ``DE=5``."""
    sectors: tuple[str, ...] = ()
    role: Literal["controller", "processor", "both", "unknown"] = "controller"
    harm: str = ""
    """The assessed harm to people, in the law rules' words; empty while it has not been assessed."""
    why: str = ""


Event = (
    Declared | LeaksFound | LeakObserved | ContainmentApplied | ContainmentLifted | PhaseChanged | SeveritySet | Restricted | AnchorSet
    | RoleGiven | RoleAcknowledged | PlaybookStarted | TaskAdded | TaskTaken | TaskBlocked | TaskUnblocked | TaskFinished | TaskSkipped
    | TaskReopened | TaskDueSet | NoteAdded | EvidenceAdded | EvidenceRead | Exported | DecisionAsked | DecisionMade | MessageDrafted
    | MessageApproved | MessageWithdrawn | MessageSent | MessageDelivered | UpdatePromised | ClockPassed | JurisdictionsSet
)  # fmt: skip

KINDS: dict[str, type[Event]] = {item.kind: item for item in Event.__args__}


def event_body(event: Event) -> dict[str, Any]:
    body: dict[str, Any] = msgspec.to_builtins(event)
    return body


def parse_event(kind: str, body: dict[str, Any]) -> Event:
    """Read an event back from a journal entry.

    Raises: InputError when the kind is unknown or the body does not fit it.
    """
    if kind not in KINDS:
        raise InputError("the journal has an entry of an unknown kind", hint="it was written by a newer stanch")
    try:
        return msgspec.convert(body, KINDS[kind])
    except msgspec.ValidationError as error:
        raise InputError(f"a '{kind}' entry does not fit: {str(error)[:120]}") from None
