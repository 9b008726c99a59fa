"""What may happen now: checks before an event is recorded. Each refusal says what is missing.

Knows the incident only; whether the person's role allows it is decided by ``role``.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from stanch.errors import InputError
from stanch.incident import event as e
from stanch.incident.phase import GUARD_SAYS, Guard, next_phases, way
from stanch.incident.state import Incident


class RefusedError(InputError):
    """What was asked can't happen in the incident as it stands."""


def check(incident: Incident, happened: e.Event, *, by: str, now: datetime) -> None:
    """Refuse an event that can't happen now.

    Raises: RefusedError, with what is missing.
    """
    if incident.declared_at is None and not isinstance(happened, e.Declared):
        raise RefusedError("the incident has not been declared")
    guard = GUARDS.get(type(happened))
    if guard:
        guard(incident, happened, by, now)


def declare(i: Incident, v: e.Declared, by: str, now: datetime) -> None:
    if i.declared_at is not None:
        raise RefusedError("the incident has already been declared")
    if not v.title.strip():
        raise RefusedError("an incident needs a title")


def phase(i: Incident, v: e.PhaseChanged, by: str, now: datetime) -> None:
    step = way(i.phase, v.to)
    if step is None:
        raise RefusedError(f"from {i.phase} there is no way to {v.to}", hint=f"next can be: {', '.join(next_phases(i.phase))}")
    missing = [name for name in step.needs if not HOLDS[name](i, v)]
    if missing and (not v.override_by or v.override_by == by or not v.why.strip()):
        raise RefusedError("; ".join(GUARD_SAYS[name] for name in missing), hint="a second person may go past this with a reason")


def contained(i: Incident, v: e.PhaseChanged) -> bool:
    return i.anchor("contained") is not None


def no_open_eradication(i: Incident, v: e.PhaseChanged) -> bool:
    return not any(task.spec.required and task.spec.track == "eradication" and not task.ended for task in i.tasks)


def no_open_required(i: Incident, v: e.PhaseChanged) -> bool:
    return not any(task.spec.required and not task.ended for task in i.tasks)


def false_alarm_said(i: Incident, v: e.PhaseChanged) -> bool:
    return "false alarm" in v.why.lower()


HOLDS: dict[Guard, Callable[[Incident, e.PhaseChanged], bool]] = {
    "contained": contained,
    "no_open_eradication": no_open_eradication,
    "no_open_required": no_open_required,
    "false_alarm_said": false_alarm_said,
}


def anchor(i: Incident, v: e.AnchorSet, by: str, now: datetime) -> None:
    if v.at.tzinfo is None:
        raise RefusedError("a point in time needs its zone")
    if v.at > now:
        raise RefusedError("a point in time can't lie ahead")


def task_open(i: Incident, v: e.TaskTaken | e.TaskBlocked | e.TaskUnblocked | e.TaskSkipped | e.TaskDueSet, by: str, now: datetime) -> None:
    task = i.task(v.task)
    if task is None:
        raise RefusedError("there is no such task")
    if task.ended:
        raise RefusedError(f"the task is {task.state}", hint="reopen it first")
    if isinstance(v, (e.TaskBlocked, e.TaskSkipped)) and not v.why.strip():
        raise RefusedError("say why")


def task_finish(i: Incident, v: e.TaskFinished, by: str, now: datetime) -> None:
    task_open(i, e.TaskUnblocked(task=v.task), by, now)
    task = i.task(v.task)
    waiting = i.waits_for(task) if task else ()
    if waiting:
        raise RefusedError(f"it waits for: {', '.join(waiting)}", hint="end or skip these first")


def task_reopen(i: Incident, v: e.TaskReopened, by: str, now: datetime) -> None:
    task = i.task(v.task)
    if task is None or not task.ended:
        raise RefusedError("only a task that ended can be reopened")


def task_add(i: Incident, v: e.TaskAdded, by: str, now: datetime) -> None:
    if i.task(v.task.key):
        raise RefusedError("there is already a task with this key")
    if not v.task.title.strip():
        raise RefusedError("a task needs a title")


def role_acknowledge(i: Incident, v: e.RoleAcknowledged, by: str, now: datetime) -> None:
    seat = i.holder(v.role)
    if seat is None or by != f"person:{seat.person}":
        raise RefusedError("only who was given the role can accept it")


def note(i: Incident, v: e.NoteAdded, by: str, now: datetime) -> None:
    if not v.text.strip():
        raise RefusedError("an empty note says nothing")


def evidence(i: Incident, v: e.EvidenceAdded, by: str, now: datetime) -> None:
    if i.piece(v.evidence):
        raise RefusedError("there is already a piece of evidence with this key")
    if v.derived_from and i.piece(v.derived_from) is None:
        raise RefusedError("what it was made from is not in evidence")


def evidence_read(i: Incident, v: e.EvidenceRead, by: str, now: datetime) -> None:
    if i.piece(v.evidence) is None:
        raise RefusedError("there is no such piece of evidence")


def decision_ask(i: Incident, v: e.DecisionAsked, by: str, now: datetime) -> None:
    if i.decision(v.decision):
        raise RefusedError("this has already been asked")
    if not v.question.strip():
        raise RefusedError("a decision needs a question")


def decision_make(i: Incident, v: e.DecisionMade, by: str, now: datetime) -> None:
    item = i.decision(v.decision)
    if item is None or item.made_at is not None:
        raise RefusedError("there is no such open decision")
    if not v.answer.strip():
        raise RefusedError("a decision needs an answer")


def message_approve(i: Incident, v: e.MessageApproved, by: str, now: datetime) -> None:
    item = i.message(v.message)
    if item is None or item.state not in {"draft", "approved"}:
        raise RefusedError("there is no such draft")
    if item.sha256 != v.sha256:
        raise RefusedError("the text has changed since it was shown", hint="read it again")
    if item.drafted_by == by:
        raise RefusedError("who wrote a message can't approve it", hint="ask a second person")


def message_send(i: Incident, v: e.MessageSent, by: str, now: datetime) -> None:
    item = i.message(v.message)
    if item is None or item.state != "approved":
        raise RefusedError("only an approved message can be sent")
    if not any(item.sha256 == v.sha256 == approval.sha256 for approval in item.approvals):
        raise RefusedError("what would be sent is not what was approved")


def lift(i: Incident, v: e.ContainmentLifted, by: str, now: datetime) -> None:
    if not any(c.policy == v.policy and c.lifted_at is None for c in i.containments):
        raise RefusedError("no such containment is in force")
    if not v.why.strip():
        raise RefusedError("say why the containment is lifted")


GUARDS: dict[type[e.Event], Callable[[Incident, Any, str, datetime], None]] = {
    e.Declared: declare,
    e.PhaseChanged: phase,
    e.AnchorSet: anchor,
    e.TaskAdded: task_add,
    e.TaskTaken: task_open,
    e.TaskBlocked: task_open,
    e.TaskUnblocked: task_open,
    e.TaskSkipped: task_open,
    e.TaskDueSet: task_open,
    e.TaskFinished: task_finish,
    e.TaskReopened: task_reopen,
    e.RoleAcknowledged: role_acknowledge,
    e.NoteAdded: note,
    e.EvidenceAdded: evidence,
    e.EvidenceRead: evidence_read,
    e.DecisionAsked: decision_ask,
    e.DecisionMade: decision_make,
    e.MessageApproved: message_approve,
    e.MessageSent: message_send,
    e.ContainmentLifted: lift,
}
