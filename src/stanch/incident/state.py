"""An incident as it stands: the projection of its journal. Values only; see ``fold`` for how they come about."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from stanch.incident.anchor import AnchorName
from stanch.incident.event import Audience, Leak, Severity, TaskSpec
from stanch.incident.phase import Phase
from stanch.incident.role import Role

TaskState = Literal["open", "doing", "blocked", "done", "skipped"]
MessageState = Literal["draft", "approved", "sent", "withdrawn"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchor:
    name: AnchorName
    at: datetime
    by: str
    why: str
    set_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    role: Role
    person: str
    name: str
    since: datetime
    handover: str = ""
    acknowledged_at: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    spec: TaskSpec
    added_at: datetime
    state: TaskState = "open"
    person: str = ""
    name: str = ""
    why: str = ""
    """Why blocked or skipped, or the result."""
    due_at: datetime | None = None
    """Set by hand; otherwise it follows from an anchor."""
    ended_at: datetime | None = None
    evidence: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        return self.spec.key

    @property
    def ended(self) -> bool:
        return self.state in {"done", "skipped"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    n: int
    """Its place in the journal."""
    at: datetime
    by: str
    text: str
    privileged: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Custody:
    at: datetime
    by: str
    what: str
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    key: str
    name: str
    sha256: str
    n_bytes: int
    how: str
    by: str
    added_at: datetime
    taken_at: datetime | None
    derived_from: str
    privileged: bool
    chain: tuple[Custody, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    key: str
    question: str
    role: Role
    asked_at: datetime
    asked_by: str
    due_at: datetime | None = None
    answer: str = ""
    why: str = ""
    made_by: str = ""
    made_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    by: str
    at: datetime
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    to: str
    ok: bool
    at: datetime
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    key: str
    audience: Audience
    channel: str
    subject: str
    template: str
    body: str
    sha256: str
    drafted_by: str
    drafted_at: datetime
    state: MessageState = "draft"
    approvals: tuple[Approval, ...] = ()
    sent_at: datetime | None = None
    sent_to: tuple[str, ...] = ()
    deliveries: tuple[Delivery, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Containment:
    policy: str
    rev: int
    target: str
    since: datetime
    by: str
    lifted_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    source: str
    since: datetime
    until: datetime
    n_seen: int
    n_leaking: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    audience: Audience
    due_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PhaseSpan:
    phase: Phase
    since: datetime
    by: str
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    key: str
    title: str = ""
    codename: str = ""
    severity: Severity = "high"
    exercise: bool = False
    restricted: bool = False
    phase: Phase = "detection"
    declared_at: datetime | None = None
    declared_by: str = ""
    leaks: tuple[Leak, ...] = ()
    last_leak_at: datetime | None = None
    observation: Observation | None = None
    """The newest measurement."""
    containments: tuple[Containment, ...] = ()
    phases: tuple[PhaseSpan, ...] = ()
    anchors: tuple[Anchor, ...] = ()
    """All that were ever set, oldest first; of each name the last holds."""
    seats: tuple[Seat, ...] = ()
    tasks: tuple[Task, ...] = ()
    playbooks: tuple[str, ...] = ()
    notes: tuple[Note, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    decisions: tuple[Decision, ...] = ()
    messages: tuple[Message, ...] = ()
    promises: tuple[Promise, ...] = ()
    passed: tuple[str, ...] = ()
    """Clocks already announced: ``name@due:level``."""
    jurisdictions: tuple[str, ...] = ()
    sectors: tuple[str, ...] = ()
    law_role: Literal["controller", "processor", "both", "unknown"] = "controller"
    harm: str = ""
    n_entries: int = 0
    changed_at: datetime | None = None

    def anchor(self, name: str) -> datetime | None:
        if name == "declared":
            return self.declared_at
        return next((item.at for item in reversed(self.anchors) if item.name == name), None)

    def holder(self, role: Role) -> Seat | None:
        return next((seat for seat in reversed(self.seats) if seat.role == role and seat.until is None), None)

    def roles_of(self, person: str) -> frozenset[Role]:
        return frozenset(seat.role for seat in self.seats if seat.person == person and seat.until is None)

    def task(self, key: str) -> Task | None:
        return next((item for item in self.tasks if item.key == key), None)

    def message(self, key: str) -> Message | None:
        return next((item for item in self.messages if item.key == key), None)

    def decision(self, key: str) -> Decision | None:
        return next((item for item in self.decisions if item.key == key), None)

    def piece(self, key: str) -> Evidence | None:
        return next((item for item in self.evidence if item.key == key), None)

    def waits_for(self, task: Task) -> tuple[str, ...]:
        """Titles of the tasks that must end before this one can."""
        before = (self.task(key) for key in task.spec.needs)
        return tuple(item.spec.title for item in before if item and not item.ended)
