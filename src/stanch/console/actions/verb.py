"""What can be done in an incident from a form: for each verb who may, what is asked for, and the event that it makes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any
from uuid import uuid4

from django import forms as django_forms

from stanch.console import book, forms
from stanch.console.access import Actor, ForbiddenError
from stanch.console.law import places
from stanch.console.selectors import Case
from stanch.errors import InputError
from stanch.incident import event as e
from stanch.incident.fact import bind, digest, facts, stale
from stanch.incident.guard import RefusedError
from stanch.incident.phase import PHASES
from stanch.incident.role import Act, Role
from stanch.incident.state import Incident

Data = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Verb:
    act: Act
    form: type[django_forms.Form]
    event: Callable[[Data, Case, Actor], e.Event]
    says: str
    """Told to the person when it is done."""
    page: str = ""
    """Which page of the incident shows the result."""


def perform(actor: Actor, case: Case, verb: Verb, data: Data, *, now: datetime, key: str = "") -> Incident:
    """Check who may, make the event, record it.

    Raises: ForbiddenError; RefusedError when it can't happen now.
    """
    if verb.act not in case.acts:
        raise ForbiddenError("your role in this incident does not allow that")
    return book.record(case.row.key, verb.event(data, case, actor), by=actor.by, now=now, key=key).incident


def note(d: Data, c: Case, _a: Actor) -> e.Event:
    if d["privileged"] and "privileged" not in c.acts:
        raise ForbiddenError("privileged notes are for counsel, lead, privacy officer and executive")
    return e.NoteAdded(text=d["text"], privileged=d["privileged"], happened_at=d["happened_at"])


def phase(d: Data, c: Case, a: Actor) -> e.Event:
    """Move on; past a gate only with a second person who holds a role that may."""
    other = d["override_by"]
    if other:
        roles = c.incident.roles_of(other)
        if other == a.person.key or not roles & {"lead", "executive", "privacy_officer"}:
            raise RefusedError("the second person must be another lead, executive or privacy officer of this incident")
    return e.PhaseChanged(to=known(d["to"], c), why=d["why"], override_by=f"person:{other}" if other else "")


def known(target: str, case: Case) -> Any:  # noqa: ANN401 -- one of the phases, or refused
    if target not in PHASES:
        raise RefusedError("there is no such phase", where=case.row.key)
    return target


def draft(d: Data, c: Case, _a: Actor) -> e.Event:
    body, used = bind(d["template"], facts(c.incident))
    subject, more = bind(d["subject"], facts(c.incident))
    return e.MessageDrafted(
        message=d["message"] or new_key("m"), audience=d["audience"], channel=d["channel"], subject=subject, template=d["template"], body=body,
        sha256=digest(subject, body), facts=used | more,
    )  # fmt: skip


def send(d: Data, c: Case, _a: Actor) -> e.Event:
    message = c.incident.message(d["message"])
    if message and stale(c.incident, message):
        raise RefusedError("the facts have changed since it was approved", hint="draft it again and have it approved")
    return e.MessageSent(message=d["message"], sha256=d["sha256"], to=tuple(d["groups"]))


def give_role(d: Data, _c: Case, _a: Actor) -> e.Event:
    return e.RoleGiven(role=d["role"], person=d["person"], name=d["name"], handover=d["handover"])


def new_task(d: Data, c: Case, _a: Actor) -> e.Event:
    spec = e.TaskSpec(key=new_key("t"), title=d["title"], track="command", phase=c.incident.phase, role=d["role"], how=d["how"])
    return e.TaskAdded(task=spec)


def observe(d: Data, _c: Case, _a: Actor) -> e.Event:
    if d["n_leaking"] > d["n_seen"]:
        raise InputError("more leaking responses than responses")
    return e.LeakObserved(**{name: d[name] for name in ("source", "since", "until", "n_seen", "n_leaking", "last_leak_at")})


def jurisdictions(d: Data, _c: Case, _a: Actor) -> e.Event:
    named = words(d["jurisdictions"])
    if len(places(named)) != len(named):
        raise InputError("these are no codes of places", hint="such as DE, FR=12, US-CA, CA-QC=3")
    return e.JurisdictionsSet(jurisdictions=named, sectors=words(d["sectors"]), role=d["role"], harm=d["harm"], why=d["why"])


def answer(d: Data, c: Case, a: Actor) -> e.Event:
    """Decide; only who holds the role that was asked, or who commands."""
    asked = c.incident.decision(d["decision"])
    roles: frozenset[Role] = c.incident.roles_of(a.person.key)
    if asked and asked.role not in roles and not roles & {"lead", "deputy"}:
        raise ForbiddenError("this decision is for another role")
    return e.DecisionMade(decision=d["decision"], answer=d["answer"], why=d["why"])


def words(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text.replace(",", " ").upper().split()))


def new_key(kind: str) -> str:
    return f"{kind}-{uuid4().hex[:10]}"


VERBS: Mapping[str, Verb] = MappingProxyType({
    "note": Verb("note", forms.Note, note, "Noted.", "journal"),
    "anchor": Verb("anchor", forms.Anchor, lambda d, c, a: e.AnchorSet(name=d["name"], at=d["at"], why=d["why"]), "Set. What hangs on it was computed anew.", "time"),
    "phase": Verb("phase", forms.Phase, phase, "The phase has changed."),
    "severity": Verb("phase", forms.Severity, lambda d, c, a: e.SeveritySet(severity=d["severity"], why=d["why"]), "The severity has changed."),
    "restrict": Verb("restrict", forms.Restrict, lambda d, c, a: e.Restricted(restricted=d["restricted"], why=d["why"]), "Who may see this has changed.", "people"),
    "role": Verb("seat", forms.GiveRole, give_role, "The role is given.", "people"),
    "accept": Verb("see", forms.RoleName, lambda d, c, a: e.RoleAcknowledged(role=d["role"]), "You accepted the role.", "people"),
    "take": Verb("task", forms.Task, lambda d, c, a: e.TaskTaken(task=d["task"], person=a.person.key, name=a.person.name), "It is yours.", "tasks"),
    "finish": Verb("task", forms.TaskResult, lambda d, c, a: e.TaskFinished(task=d["task"], result=d["result"]), "Done.", "tasks"),
    "block": Verb("task", forms.TaskWhy, lambda d, c, a: e.TaskBlocked(task=d["task"], why=d["why"]), "Marked as blocked.", "tasks"),
    "unblock": Verb("task", forms.Task, lambda d, c, a: e.TaskUnblocked(task=d["task"]), "It goes on.", "tasks"),
    "skip": Verb("phase", forms.TaskWhy, lambda d, c, a: e.TaskSkipped(task=d["task"], why=d["why"]), "Skipped, with your reason.", "tasks"),
    "reopen": Verb("task", forms.TaskWhy, lambda d, c, a: e.TaskReopened(task=d["task"], why=d["why"]), "Open again.", "tasks"),
    "due": Verb("phase", forms.TaskDue, lambda d, c, a: e.TaskDueSet(task=d["task"], due_at=d["due_at"], why=d["why"]), "The due time is set.", "tasks"),
    "add-task": Verb("task", forms.NewTask, new_task, "Added.", "tasks"),
    "ask": Verb("ask", forms.Ask, lambda d, c, a: e.DecisionAsked(decision=new_key("d"), question=d["question"], role=d["role"], due_at=d["due_at"]), "Asked."),
    "answer": Verb("decide", forms.Answer, answer, "Decided."),
    "draft": Verb("draft", forms.Draft, draft, "Drafted; another person must approve it.", "messages"),
    "approve": Verb("approve", forms.Approve, lambda d, c, a: e.MessageApproved(message=d["message"], sha256=d["sha256"]), "Approved, to the byte.", "messages"),
    "withdraw": Verb("draft", forms.Withdraw, lambda d, c, a: e.MessageWithdrawn(message=d["message"], why=d["why"]), "Withdrawn.", "messages"),
    "send": Verb("send", forms.Send, send, "On its way.", "messages"),
    "promise": Verb("draft", forms.Promise, lambda d, c, a: e.UpdatePromised(audience=d["audience"], due_at=d["due_at"]), "The next update is promised.", "messages"),
    "contain": Verb("contain", forms.Contain, lambda d, c, a: e.ContainmentApplied(policy=d["policy"], rev=d["rev"], target=d["target"]), "Recorded; now measure it."),
    "lift": Verb("contain", forms.Lift, lambda d, c, a: e.ContainmentLifted(policy=d["policy"], why=d["why"]), "Lifted."),
    "observe": Verb("contain", forms.Observe, observe, "The measurement is recorded."),
    "jurisdictions": Verb("anchor", forms.Jurisdictions, jurisdictions, "The clocks were computed anew.", "time"),
})  # fmt: skip
