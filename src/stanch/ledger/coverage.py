"""What was looked at: exchanges by endpoint and hour, and what of them could not be read.

"No evidence" may be said only of hours and endpoints that stand here with every body read. A monoid: merge in any order.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from stanch.traffic.exchange import Exchange

HOUR_MS = 3_600_000
NO_BODY_STATUS = frozenset({204, 205, 304})


class Spot(NamedTuple):
    """One endpoint in one hour."""

    endpoint: str
    """Host, method and template."""
    hour: int | None
    """Hours since 1970, UTC; ``None`` where the capture has no time."""


@dataclass(slots=True, kw_only=True)
class Looked:
    n_exchanges: int = 0
    n_undecodable: int = 0
    """Responses of which at least a part could not be decoded."""
    n_unrecorded: int = 0
    """Responses whose body the capture does not hold."""

    def add(self, other: "Looked") -> None:
        self.n_exchanges += other.n_exchanges
        self.n_undecodable += other.n_undecodable
        self.n_unrecorded += other.n_unrecorded


@dataclass(slots=True, kw_only=True)
class Coverage:
    spots: dict[Spot, Looked] = field(default_factory=dict)
    n_unreadable: int = 0
    """Entries of captures that could not be read at all: neither endpoint nor time is known."""

    def look(self, endpoint: str, at_ms: int | None, *, undecodable: bool, unrecorded: bool) -> None:
        spot = Spot(endpoint, None if at_ms is None else at_ms // HOUR_MS)
        seen = Looked(n_exchanges=1, n_undecodable=undecodable, n_unrecorded=unrecorded)
        self.spots.setdefault(spot, Looked()).add(seen)

    def merge(self, other: "Coverage") -> None:
        self.n_unreadable += other.n_unreadable
        for spot, seen in other.spots.items():
            self.spots.setdefault(spot, Looked()).add(seen)


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """A stretch in which nothing can be said of an endpoint, and why."""

    endpoint: str
    """Empty: all endpoints."""
    first_hour: int | None
    last_hour: int | None
    """Inclusive."""
    reason: str
    n_responses: int = 0
    """Responses that are there and could not be read; 0 where nothing was kept."""


def body_unrecorded(exchange: Exchange) -> bool:
    """Tell whether a response had a body that the capture does not hold."""
    if exchange.response_body or exchange.status in NO_BODY_STATUS or exchange.method in {"HEAD", "WEBSOCKET"}:
        return False
    if exchange.status == 0:
        return True
    length = exchange.response_header("content-length")
    return any("not recorded" in problem for problem in exchange.problems) or bool(length and length.strip().isdigit() and int(length) > 0)


def gaps(coverage: Coverage, hours: range | None = None) -> tuple[Gap, ...]:
    """List what nothing can be said of: silent hours between the first and the last (or in ``hours``), and unread bodies.

    An hour is silent when no exchange at all was kept; an endpoint that nobody called in an hour with other traffic is no gap.
    """
    seen = {spot.hour for spot in coverage.spots if spot.hour is not None}
    asked = hours if hours is not None else range(min(seen), max(seen) + 1) if seen else range(0)
    found = [
        Gap(endpoint="", first_hour=start, last_hour=end, reason="no traffic was retained") for start, end in runs(h for h in asked if h not in seen)
    ]
    found += unread(coverage.spots, asked)
    if coverage.n_unreadable:
        found.append(
            Gap(endpoint="", first_hour=None, last_hour=None, reason="entries of the captures could not be read", n_responses=coverage.n_unreadable)
        )
    return tuple(found)


def unread(spots: Mapping[Spot, Looked], asked: range) -> list[Gap]:
    found: list[Gap] = []
    for reason, count in (("bodies could not be decoded", "n_undecodable"), ("bodies were not recorded", "n_unrecorded")):
        totals: dict[str, list[tuple[int | None, int]]] = {}
        for spot, seen in spots.items():
            n = getattr(seen, count)
            if n and (spot.hour is None or not asked or spot.hour in asked):
                totals.setdefault(spot.endpoint, []).append((spot.hour, n))
        for endpoint, parts in sorted(totals.items()):
            known = [hour for hour, _ in parts if hour is not None]
            found.append(
                Gap(
                    endpoint=endpoint,
                    first_hour=min(known, default=None),
                    last_hour=max(known, default=None),
                    reason=reason,
                    n_responses=sum(n for _, n in parts),
                )
            )
    return found


def runs(hours: Iterable[int]) -> list[tuple[int, int]]:
    """Join ascending numbers into runs of neighbours."""
    found: list[tuple[int, int]] = []
    for hour in hours:
        if found and found[-1][1] == hour - 1:
            found[-1] = (found[-1][0], hour)
        else:
            found.append((hour, hour))
    return found
