"""When "no evidence" may be said: only of endpoints and hours that were kept and read to the last body."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from stanch.ledger.coverage import HOUR_MS, Coverage, Gap, Looked
from stanch.ledger.disclosure import moment


@dataclass(frozen=True, slots=True, kw_only=True)
class Lookout:
    """What was looked at of one endpoint."""

    endpoint: str
    n_exchanges: int
    n_unread: int
    """Responses of which a part or all could not be read."""
    first_at: datetime | None
    last_at: datetime | None
    """Beginning of the first and of the last hour with traffic."""
    n_silent_hours: int
    """Hours between them without any traffic at all, or of a day that was deleted."""

    @property
    def may_say_none(self) -> bool:
        """Whether finding nothing would mean that there is nothing."""
        return self.n_exchanges > 0 and self.n_unread == 0 and self.n_silent_hours == 0


def lookouts(coverage: Coverage, gaps: Iterable[Gap], hours: range | None = None) -> tuple[Lookout, ...]:
    """Sum up by endpoint, over all hours or those given."""
    silent = silent_hours(gaps)
    found: dict[str, tuple[Looked, set[int]]] = {}
    for spot, seen in coverage.spots.items():
        if hours is None or (spot.hour is not None and spot.hour in hours):
            total, when = found.setdefault(spot.endpoint, (Looked(), set()))
            total.add(seen)
            when |= set() if spot.hour is None else {spot.hour}
    return tuple(lookout(endpoint, total, when, silent, hours) for endpoint, (total, when) in sorted(found.items()))


def lookout(endpoint: str, total: Looked, when: set[int], silent: set[int], hours: range | None) -> Lookout:
    span = hours if hours is not None else range(min(when), max(when) + 1) if when else range(0)
    return Lookout(
        endpoint=endpoint, n_exchanges=total.n_exchanges, n_unread=total.n_undecodable + total.n_unrecorded,
        first_at=moment(min(when) * HOUR_MS) if when else None, last_at=moment(max(when) * HOUR_MS) if when else None,
        n_silent_hours=sum(hour in span for hour in silent),
    )  # fmt: skip


def silent_hours(gaps: Iterable[Gap]) -> set[int]:
    """List the hours of which nothing at all is known."""
    return {
        hour
        for gap in gaps
        if not gap.endpoint and not gap.n_responses and gap.first_hour is not None and gap.last_hour is not None
        for hour in range(gap.first_hour, gap.last_hour + 1)
    }
