"""What an incident lead must read from two metres: what leaks, is it contained, who decides next, which clock runs out first."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from stanch.incident.clock import Clock, clocks
from stanch.incident.event import Severity
from stanch.incident.role import TITLES
from stanch.incident.state import Incident, Task

ORDER: dict[Severity, int] = {"critical": 3, "high": 2, "medium": 1, "low": 0}
Contained = Literal["leaking", "claimed", "contained", "unknown"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Next:
    """Who must act, and on what."""

    who: str
    role: str
    what: str
    kind: Literal["decision", "approval", "role", "task", "nothing"]
    ref: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Glance:
    kinds: tuple[str, ...]
    """Kinds of data in words, worst first."""
    n_endpoints: int
    n_subjects: int
    """Of the endpoint that shows most: endpoints may show the same people."""
    n_recipients: int
    contained: Contained
    contained_says: str
    next: Next
    first: Clock | None
    n_open: int
    n_done: int
    n_blocked: int


def glance(incident: Incident, law: tuple[Clock, ...] = ()) -> Glance:
    state, says = contained(incident)
    running = clocks(incident, law)
    return Glance(
        kinds=kinds(incident), n_endpoints=len(incident.leaks), n_subjects=max((leak.n_subjects for leak in incident.leaks), default=0),
        n_recipients=max((leak.n_recipients for leak in incident.leaks), default=0), contained=state, contained_says=says,
        next=who_next(incident), first=running[0] if running else None,
        n_open=sum(not task.ended for task in incident.tasks), n_done=sum(task.ended for task in incident.tasks),
        n_blocked=sum(task.state == "blocked" for task in incident.tasks),
    )  # fmt: skip


def kinds(incident: Incident) -> tuple[str, ...]:
    worst: dict[str, tuple[int, float]] = {}
    for leak in incident.leaks:
        for item in leak.fields:
            rank = (ORDER[item.severity], item.confidence)
            worst[item.title] = max(worst.get(item.title, (0, 0.0)), rank)
    return tuple(sorted(worst, key=lambda title: (-worst[title][0], -worst[title][1], title)))


def contained(incident: Incident) -> tuple[Contained, str]:
    """Say whether it still leaks. What was not measured is called claimed, not contained."""
    applied = [c for c in incident.containments if c.lifted_at is None]
    seen = incident.observation
    if seen is None or seen.n_seen == 0:
        if applied:
            return "claimed", "A policy is in force; no traffic behind it has been measured yet."
        if incident.anchor("contained"):
            return "claimed", "Set by a person; not measured."
        return ("leaking", "No containment is in force.") if incident.leaks else ("unknown", "Nothing has been measured.")
    if seen.n_leaking:
        return "leaking", f"{seen.n_leaking} of {seen.n_seen} responses leaked in the last measurement."
    return "contained", f"0 of {seen.n_seen} responses leaked in the last measurement."


def who_next(incident: Incident) -> Next:
    """Give the first of: a lead to name, an open decision, a message to approve, a role to accept, the next task."""
    if incident.phase == "closed":
        return Next(who="", role="", what="The incident is closed.", kind="nothing")
    if incident.holder("lead") is None:
        return Next(who="", role="Anyone", what="Take or assign the role of incident lead.", kind="role", ref="lead")
    for decision in sorted(incident.decisions, key=lambda d: (d.due_at is None, d.due_at or d.asked_at)):
        if decision.made_at is None:
            return named(incident, decision.role, decision.question, "decision", decision.key)
    for message in incident.messages:
        if message.state == "draft":
            role = next((r for r in ("counsel", "privacy_officer", "executive", "lead") if can_approve(incident, r, message.drafted_by)), "counsel")
            return named(incident, role, f"Approve the message to {message.audience.replace('_', ' ')}.", "approval", message.key)
    task = next_task(incident)
    if task:
        return named(incident, task.spec.role, task.spec.title, "task", task.key, by=task.name)
    return named(incident, "lead", "Every task has ended: move to the next phase.", "nothing", "")


def can_approve(incident: Incident, role: str, drafted_by: str) -> bool:
    seat = next((s for s in incident.seats if s.role == role and s.until is None), None)
    return seat is not None and drafted_by != f"person:{seat.person}"


def next_task(incident: Incident) -> Task | None:
    """Give the first to run out among those that can be worked on; without a due time, in the playbook's order."""
    due = {clock.key: clock.due_at for clock in clocks(incident)}
    ready = [t for t in incident.tasks if not t.ended and t.state != "blocked" and not incident.waits_for(t)]
    far = datetime.max.replace(tzinfo=incident.declared_at.tzinfo if incident.declared_at else None)
    return min(ready, key=lambda t: due.get(f"task:{t.key}", far), default=None)


def named(incident: Incident, role: str, what: str, kind: Literal["decision", "approval", "task", "nothing"], ref: str, *, by: str = "") -> Next:
    seat = next((s for s in incident.seats if s.role == role and s.until is None), None)
    title = next((text for name, text in TITLES.items() if name == role), role)
    return Next(who=by or (seat.name if seat else ""), role=title, what=what, kind=kind, ref=ref)
