"""The clock wall: every running clock of a case in the order in which they run out.

States and alerts come from strict targets only; other readings stand beside them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from stanch.law.clock import Deadline
from stanch.law.matrix import Matrix, Row
from stanch.law.period import require_aware

State = Literal["overdue", "due_soon", "running", "no_number", "waiting", "sent", "sent_late"]
SOON = timedelta(hours=24)
ALERTS = (timedelta(hours=48), timedelta(hours=24), timedelta(hours=6), timedelta(hours=1))
_ORDER: tuple[State, ...] = ("overdue", "due_soon", "running", "no_number", "waiting", "sent_late", "sent")


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """One clock on the wall."""

    row: Row
    deadline: Deadline
    state: State
    slack: timedelta | None = None
    """Until the strict target, or by how much the notice was before it; negative is late."""
    sent_at: datetime | None = None

    @property
    def certain(self) -> bool:
        return self.row.outcome == "applies"


def wall(matrix: Matrix, *, now: datetime, sent: Mapping[str, datetime] | None = None) -> tuple[Tick, ...]:
    """Hang up the clock of every rule that applies or may apply.

    ``sent`` holds when the notice of a rule went out, by rule id.
    """
    ticks = [_tick(row, row.deadline, require_aware(now), (sent or {}).get(row.rule.id)) for row in matrix.rows if row.deadline is not None]
    return tuple(sorted(ticks, key=_key))


def _tick(row: Row, clock: Deadline, now: datetime, sent_at: datetime | None) -> Tick:
    if sent_at is not None:
        slack = clock.due_at - require_aware(sent_at) if clock.due_at else None
        late = slack is not None and slack < timedelta(0)
        return Tick(row=row, deadline=clock, state="sent_late" if late else "sent", slack=slack, sent_at=require_aware(sent_at))
    if clock.due_at is None:
        return Tick(row=row, deadline=clock, state="waiting" if clock.missing else "no_number")
    slack = clock.due_at - now
    state: State = "overdue" if slack < timedelta(0) else "due_soon" if slack <= SOON else "running"
    return Tick(row=row, deadline=clock, state=state, slack=slack)


def _key(tick: Tick) -> tuple[bool, bool, int, float, str]:
    """Order by what is still to do, what surely applies, how pressing, how soon."""
    due = tick.deadline.due_at
    return (tick.sent_at is not None, not tick.certain, _ORDER.index(tick.state), due.timestamp() if due else 0.0, tick.row.rule.id)


def alerts(ticks: Iterable[Tick], *, since: datetime, now: datetime) -> tuple[tuple[Tick, timedelta], ...]:
    """Give the alerts that fell due after ``since`` and up to ``now``: each clock with the lead time that was reached.

    Only rules that surely apply and are not sent alert; zero means that the target has passed.
    """
    since, now = require_aware(since), require_aware(now)
    found = []
    for tick in ticks:
        due = tick.deadline.due_at
        if due is None or not tick.certain or tick.sent_at is not None:
            continue
        found += [(tick, lead) for lead in (*ALERTS, timedelta(0)) if since < due - lead <= now]
    return tuple(found)


def left(slack: timedelta) -> str:
    """Say a span as people do: ``2 d 4 h``, ``40 min``, ``3 h late``."""
    minutes = int(abs(slack).total_seconds() // 60)
    days, rest = divmod(minutes, 24 * 60)
    hours, minutes = divmod(rest, 60)
    says = f"{days} d {hours} h" if days else f"{hours} h {minutes} min" if hours else f"{minutes} min"
    return f"{says} late" if slack < timedelta(0) else says
