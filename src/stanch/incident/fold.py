"""How each event changes an incident: one small function for each kind, in one table.

Folding never refuses: the journal is what happened. What may happen is decided before, in ``guard``.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any, Protocol, TypeVar

from stanch.incident import event as e
from stanch.incident.journal import Entry
from stanch.incident.state import (
    Anchor,
    Approval,
    Containment,
    Custody,
    Decision,
    Delivery,
    Evidence,
    Incident,
    Message,
    Note,
    Observation,
    PhaseSpan,
    Promise,
    Seat,
    Task,
)


class Keyed(Protocol):
    @property
    def key(self) -> str: ...


Item = TypeVar("Item", bound=Keyed)


def changed(items: tuple[Item, ...], key: str, change: Callable[[Item], Item]) -> tuple[Item, ...]:
    return tuple(change(item) if item.key == key else item for item in items)


def fold(incident: Incident, entry: Entry) -> Incident:
    """Apply one entry of the journal."""
    happened = e.parse_event(entry.kind, entry.body)
    after = FOLDS[type(happened)](incident, happened, entry)
    return replace(after, n_entries=entry.n + 1, changed_at=entry.at)


def project(key: str, entries: Iterable[Entry]) -> Incident:
    """Rebuild an incident from its whole journal."""
    incident = Incident(key=key)
    for entry in entries:
        incident = fold(incident, entry)
    return incident


def declared(i: Incident, v: e.Declared, at: Entry) -> Incident:
    return replace(
        i, title=v.title, codename=v.codename, severity=v.severity, exercise=v.exercise, restricted=v.restricted, leaks=v.leaks, declared_at=at.at,
        declared_by=at.by, phases=(PhaseSpan(phase=i.phase, since=at.at, by=at.by),),
    )  # fmt: skip


def leaks_found(i: Incident, v: e.LeaksFound, at: Entry) -> Incident:
    """Take the newer picture of an endpoint; keep the endpoints that it does not name."""
    newer = {leak.endpoint: leak for leak in v.leaks}
    kept = tuple(leak for leak in i.leaks if leak.endpoint not in newer)
    return replace(i, leaks=kept + v.leaks)


def leak_observed(i: Incident, v: e.LeakObserved, at: Entry) -> Incident:
    last = max((moment for moment in (i.last_leak_at, v.last_leak_at) if moment), default=None)
    seen = Observation(source=v.source, since=v.since, until=v.until, n_seen=v.n_seen, n_leaking=v.n_leaking)
    return replace(i, last_leak_at=last, observation=seen)


def containment_applied(i: Incident, v: e.ContainmentApplied, at: Entry) -> Incident:
    new = Containment(policy=v.policy, rev=v.rev, target=v.target, since=at.at, by=at.by)
    ended = tuple(replace(c, lifted_at=at.at) if c.lifted_at is None and (c.policy, c.target) == (v.policy, v.target) else c for c in i.containments)
    return replace(i, containments=(*ended, new))


def containment_lifted(i: Incident, v: e.ContainmentLifted, at: Entry) -> Incident:
    return replace(
        i,
        containments=tuple(replace(c, lifted_at=at.at) if c.policy == v.policy and c.lifted_at is None else c for c in i.containments),
    )


def phase_changed(i: Incident, v: e.PhaseChanged, at: Entry) -> Incident:
    return replace(i, phase=v.to, phases=(*i.phases, PhaseSpan(phase=v.to, since=at.at, by=at.by, why=v.why)))


def severity_set(i: Incident, v: e.SeveritySet, at: Entry) -> Incident:
    return replace(i, severity=v.severity)


def restricted(i: Incident, v: e.Restricted, at: Entry) -> Incident:
    return replace(i, restricted=v.restricted)


def anchor_set(i: Incident, v: e.AnchorSet, at: Entry) -> Incident:
    return replace(i, anchors=(*i.anchors, Anchor(name=v.name, at=v.at, by=at.by, why=v.why, set_at=at.at)))


def role_given(i: Incident, v: e.RoleGiven, at: Entry) -> Incident:
    ended = tuple(replace(seat, until=at.at) if seat.role == v.role and seat.until is None else seat for seat in i.seats)
    if not v.person:
        return replace(i, seats=ended)
    own = at.at if at.by == f"person:{v.person}" else None
    seat = Seat(role=v.role, person=v.person, name=v.name, since=at.at, handover=v.handover, acknowledged_at=own)
    return replace(i, seats=(*ended, seat))


def role_acknowledged(i: Incident, v: e.RoleAcknowledged, at: Entry) -> Incident:
    return replace(i, seats=tuple(replace(seat, acknowledged_at=at.at) if seat.role == v.role and seat.until is None else seat for seat in i.seats))


def playbook_started(i: Incident, v: e.PlaybookStarted, at: Entry) -> Incident:
    known = {task.key for task in i.tasks}
    new = tuple(Task(spec=spec, added_at=at.at) for spec in v.tasks if spec.key not in known)
    return replace(i, tasks=i.tasks + new, playbooks=(*i.playbooks, v.playbook))


def task_added(i: Incident, v: e.TaskAdded, at: Entry) -> Incident:
    return i if i.task(v.task.key) else replace(i, tasks=(*i.tasks, Task(spec=v.task, added_at=at.at)))


def on_task(i: Incident, key: str, **change: Any) -> Incident:  # noqa: ANN401 -- members of Task, checked by the tests of every kind
    return replace(i, tasks=changed(i.tasks, key, lambda task: replace(task, **change)))


def task_taken(i: Incident, v: e.TaskTaken, at: Entry) -> Incident:
    return on_task(i, v.task, state="doing", person=v.person, name=v.name, why="")


def task_blocked(i: Incident, v: e.TaskBlocked, at: Entry) -> Incident:
    return on_task(i, v.task, state="blocked", why=v.why)


def task_unblocked(i: Incident, v: e.TaskUnblocked, at: Entry) -> Incident:
    task = i.task(v.task)
    return on_task(i, v.task, state="doing" if task and task.person else "open", why="")


def task_finished(i: Incident, v: e.TaskFinished, at: Entry) -> Incident:
    return on_task(i, v.task, state="done", why=v.result, evidence=v.evidence, ended_at=at.at)


def task_skipped(i: Incident, v: e.TaskSkipped, at: Entry) -> Incident:
    return on_task(i, v.task, state="skipped", why=v.why, ended_at=at.at)


def task_reopened(i: Incident, v: e.TaskReopened, at: Entry) -> Incident:
    return on_task(i, v.task, state="open", why=v.why, ended_at=None)


def task_due_set(i: Incident, v: e.TaskDueSet, at: Entry) -> Incident:
    return on_task(i, v.task, due_at=v.due_at)


def note_added(i: Incident, v: e.NoteAdded, at: Entry) -> Incident:
    return replace(i, notes=(*i.notes, Note(n=at.n, at=v.happened_at or at.at, by=at.by, text=v.text, privileged=v.privileged)))


def evidence_added(i: Incident, v: e.EvidenceAdded, at: Entry) -> Incident:
    piece = Evidence(
        key=v.evidence, name=v.name, sha256=v.sha256, n_bytes=v.n_bytes, how=v.how, by=at.by, added_at=at.at, taken_at=v.taken_at,
        derived_from=v.derived_from, privileged=v.seen_by == "privileged", chain=(Custody(at=at.at, by=at.by, what="taken in", sha256=v.sha256),),
    )  # fmt: skip
    return replace(i, evidence=(*i.evidence, piece))


def evidence_read(i: Incident, v: e.EvidenceRead, at: Entry) -> Incident:
    link = Custody(at=at.at, by=at.by, what="handed out", sha256=v.sha256)
    return replace(i, evidence=changed(i.evidence, v.evidence, lambda piece: replace(piece, chain=(*piece.chain, link))))


def exported(i: Incident, v: e.Exported, at: Entry) -> Incident:
    return i


def decision_asked(i: Incident, v: e.DecisionAsked, at: Entry) -> Incident:
    new = Decision(key=v.decision, question=v.question, role=v.role, asked_at=at.at, asked_by=at.by, due_at=v.due_at)
    return replace(i, decisions=(*i.decisions, new))


def decision_made(i: Incident, v: e.DecisionMade, at: Entry) -> Incident:
    def made(item: Decision) -> Decision:
        return replace(item, answer=v.answer, why=v.why, made_by=at.by, made_at=at.at)

    return replace(i, decisions=changed(i.decisions, v.decision, made))


def message_drafted(i: Incident, v: e.MessageDrafted, at: Entry) -> Incident:
    """A draft with a known key replaces the text, and with it every approval."""
    new = Message(
        key=v.message, audience=v.audience, channel=v.channel, subject=v.subject, template=v.template, body=v.body, sha256=v.sha256, drafted_by=at.by,
        drafted_at=at.at,
    )  # fmt: skip
    return replace(i, messages=(*(m for m in i.messages if m.key != v.message), new))


def message_approved(i: Incident, v: e.MessageApproved, at: Entry) -> Incident:
    def approved(item: Message) -> Message:
        return replace(item, state="approved", approvals=(*item.approvals, Approval(by=at.by, at=at.at, sha256=v.sha256)))

    return replace(i, messages=changed(i.messages, v.message, approved))


def message_withdrawn(i: Incident, v: e.MessageWithdrawn, at: Entry) -> Incident:
    return replace(i, messages=changed(i.messages, v.message, lambda item: replace(item, state="withdrawn")))


def message_sent(i: Incident, v: e.MessageSent, at: Entry) -> Incident:
    return replace(i, messages=changed(i.messages, v.message, lambda item: replace(item, state="sent", sent_at=at.at, sent_to=v.to)))


def message_delivered(i: Incident, v: e.MessageDelivered, at: Entry) -> Incident:
    new = Delivery(to=v.to, ok=v.ok, at=at.at, detail=v.detail)
    return replace(i, messages=changed(i.messages, v.message, lambda item: replace(item, deliveries=(*item.deliveries, new))))


def update_promised(i: Incident, v: e.UpdatePromised, at: Entry) -> Incident:
    kept = tuple(item for item in i.promises if item.audience != v.audience)
    return replace(i, promises=(*kept, Promise(audience=v.audience, due_at=v.due_at)))


def clock_passed(i: Incident, v: e.ClockPassed, at: Entry) -> Incident:
    return replace(i, passed=(*i.passed, passed_name(v.clock, v)))


def passed_name(clock: str, v: e.ClockPassed) -> str:
    return f"{clock}@{v.due_at.isoformat()}:{v.level}"


def jurisdictions_set(i: Incident, v: e.JurisdictionsSet, at: Entry) -> Incident:
    return replace(i, jurisdictions=v.jurisdictions, sectors=v.sectors, law_role=v.role, harm=v.harm)


FOLDS: dict[type[e.Event], Callable[[Incident, Any, Entry], Incident]] = {
    e.Declared: declared,
    e.LeaksFound: leaks_found,
    e.LeakObserved: leak_observed,
    e.ContainmentApplied: containment_applied,
    e.ContainmentLifted: containment_lifted,
    e.PhaseChanged: phase_changed,
    e.SeveritySet: severity_set,
    e.Restricted: restricted,
    e.AnchorSet: anchor_set,
    e.RoleGiven: role_given,
    e.RoleAcknowledged: role_acknowledged,
    e.PlaybookStarted: playbook_started,
    e.TaskAdded: task_added,
    e.TaskTaken: task_taken,
    e.TaskBlocked: task_blocked,
    e.TaskUnblocked: task_unblocked,
    e.TaskFinished: task_finished,
    e.TaskSkipped: task_skipped,
    e.TaskReopened: task_reopened,
    e.TaskDueSet: task_due_set,
    e.NoteAdded: note_added,
    e.EvidenceAdded: evidence_added,
    e.EvidenceRead: evidence_read,
    e.Exported: exported,
    e.DecisionAsked: decision_asked,
    e.DecisionMade: decision_made,
    e.MessageDrafted: message_drafted,
    e.MessageApproved: message_approved,
    e.MessageWithdrawn: message_withdrawn,
    e.MessageSent: message_sent,
    e.MessageDelivered: message_delivered,
    e.UpdatePromised: update_promised,
    e.ClockPassed: clock_passed,
    e.JurisdictionsSet: jurisdictions_set,
}
