"""What runs out when: tasks, decisions, promised updates and, from outside, the law's clocks, in one order.

Nothing is stored: a changed anchor changes every due time that hangs on it.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, get_args

from stanch.incident.role import TITLES
from stanch.incident.state import Incident, Promise, Seat, Task

SOON = timedelta(hours=1)
ACCEPT_WITHIN = timedelta(minutes=15)
"""A role that was given and not accepted by then goes back to the lead."""
ClockKind = Literal["law", "decision", "task", "update", "role"]
"""In the order in which they count when they run out at once."""
CLOCK_KINDS: tuple[ClockKind, ...] = get_args(ClockKind)


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    key: str
    """Stable: ``task:<key>``, ``decision:<key>``, ``update:<audience>``, ``role:<role>``, ``law:<rule>``."""
    title: str
    due_at: datetime
    owner: str
    """Role that must act."""
    kind: ClockKind
    detail: str = ""

    def level(self, now: datetime) -> Literal["over", "soon", "running"]:
        if self.due_at <= now:
            return "over"
        return "soon" if self.due_at - now <= SOON else "running"


def due_of(incident: Incident, task: Task) -> datetime | None:
    """When a task is due: as set by hand, or so long after an anchor; none while the anchor is unknown."""
    if task.due_at is not None:
        return task.due_at
    start = incident.anchor(task.spec.due_after) if task.spec.due_after else None
    return start + timedelta(seconds=task.spec.due_within_s) if start else None


def clocks(incident: Incident, law: tuple[Clock, ...] = ()) -> tuple[Clock, ...]:
    """Give all that still run, the first to run out first."""
    if incident.phase == "closed":
        return ()
    running = [*task_clocks(incident), *decision_clocks(incident), *update_clocks(incident), *role_clocks(incident), *law]
    return tuple(sorted(running, key=lambda clock: (clock.due_at, CLOCK_KINDS.index(clock.kind), clock.key)))


def task_clocks(incident: Incident) -> list[Clock]:
    due = ((task, due_of(incident, task)) for task in incident.tasks if not task.ended)
    return [Clock(key=f"task:{task.key}", title=task.spec.title, due_at=at, owner=task.spec.role, kind="task") for task, at in due if at]


def decision_clocks(incident: Incident) -> list[Clock]:
    return [
        Clock(key=f"decision:{item.key}", title=item.question, due_at=item.due_at, owner=item.role, kind="decision")
        for item in incident.decisions
        if item.due_at and item.made_at is None
    ]


def update_clocks(incident: Incident) -> list[Clock]:
    return [update_clock(item) for item in incident.promises]


def role_clocks(incident: Incident) -> list[Clock]:
    waiting = [seat for seat in incident.seats if seat.until is None and seat.acknowledged_at is None]
    return [role_clock(seat) for seat in waiting]


def role_clock(seat: Seat) -> Clock:
    title = f"{seat.name} accepts the role of {TITLES[seat.role].lower()}"
    return Clock(key=f"role:{seat.role}", title=title, due_at=seat.since + ACCEPT_WITHIN, owner="lead", kind="role")


def update_clock(promise: Promise) -> Clock:
    title = f"Next update to {promise.audience.replace('_', ' ')}"
    return Clock(key=f"update:{promise.audience}", title=title, due_at=promise.due_at, owner="communications", kind="update")
