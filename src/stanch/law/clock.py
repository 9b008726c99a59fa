"""A rule's clock on an incident's anchor events: one strict target, other readings beside it.

Alerts come from the strict target only. Where an act gives words and no number there is no target, and none is made up.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from stanch.law import eu1182
from stanch.law.calendar import ENTITY, NO_HOLIDAYS
from stanch.law.period import add_period, day_end, require_aware, rolled
from stanch.law.rule import Anchor, Clock, Reading, Rule


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """What counting needs to know of the organisation."""

    zone: str = ""
    """IANA zone of its seat; empty: each rule's own."""
    calendar: str = NO_HOLIDAYS
    """Whose public holidays its seat keeps: ``DE``, ``US-IA``."""
    kinds: tuple[str, ...] = ()
    """``credit_institution``, ``small_agent`` … as rules name them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherReading:
    id: str
    says: str
    due_at: datetime
    guidance: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    rule_id: str
    anchor: Anchor
    started_at: datetime | None = None
    due_at: datetime | None = None
    """The strict target in UTC; ``None`` with ``missing`` or with ``words`` alone."""
    zone: str = "UTC"
    """In which the target is read out."""
    words: str = ""
    missing: Anchor | None = None
    """The event whose time must be known first."""
    readings: tuple[OtherReading, ...] = ()

    @property
    def local_due(self) -> datetime | None:
        return self.due_at.astimezone(ZoneInfo(self.zone)) if self.due_at else None


def deadline(rule: Rule, anchors: Mapping[Anchor, datetime], entity: Entity | None = None, *, clock: Clock | None = None) -> Deadline:
    """Count a rule's clock from the anchor events known so far.

    Raises: ValueError for a naive datetime.
    """
    clock, entity = clock or rule.clock, entity or Entity()
    zone = _zone(rule, entity)
    start = anchors.get(clock.anchor)
    if start is None:
        return Deadline(rule_id=rule.id, anchor=clock.anchor, words=clock.words, missing=clock.anchor, zone=zone)
    start = require_aware(start)
    if clock.n is None:
        others = _others(clock, start, zone, entity)
        return Deadline(rule_id=rule.id, anchor=clock.anchor, started_at=start, words=clock.words, zone=zone, readings=others)
    due = _target(clock, start, anchors, zone, entity)
    others = tuple(r for r in _others(clock, start, zone, entity) if r.due_at != due or r.guidance)
    return Deadline(rule_id=rule.id, anchor=clock.anchor, started_at=start, due_at=due, zone=zone, words=clock.words, readings=others)


def _zone(rule: Rule, entity: Entity) -> str:
    """Acts of the European Union are counted where the organisation sits; others where they apply."""
    return entity.zone if entity.zone and rule.clock.periods == "eu-1182-71" else rule.zone


def _target(clock: Clock, start: datetime, anchors: Mapping[Anchor, datetime], zone: str, entity: Entity) -> datetime:
    chosen = next((r for r in clock.readings if set(r.target_for) & set(entity.kinds)), None)
    due = _counted(clock, chosen, start, zone, entity)
    cap = clock.cap
    if cap is None or cap.anchor not in anchors:
        return due
    limit = add_period(anchors[cap.anchor], cap.n, cap.unit, zone=zone, calendar=_calendar(clock.calendar, entity))
    capped = min(due, limit) if limit > start else due
    return capped if chosen is None else _roll(clock, chosen, capped, zone, entity)


def _counted(clock: Clock, reading: Reading | None, start: datetime, zone: str, entity: Entity) -> datetime:
    n, unit = (reading and reading.n) or clock.n or 0, (reading and reading.unit) or clock.unit
    calendar = _calendar((reading and reading.calendar) or clock.calendar, entity)
    if clock.start == "year_end":
        start = day_end(date(start.astimezone(ZoneInfo(zone)).year, 12, 31), zone)
    return _roll(clock, reading, add_period(start, n, unit, zone=zone, calendar=calendar), zone, entity)


def _roll(clock: Clock, reading: Reading | None, due: datetime, zone: str, entity: Entity) -> datetime:
    roll = (reading and reading.roll) or clock.roll
    return rolled(due, roll, zone=zone, calendar=_calendar((reading and reading.calendar) or clock.calendar, entity))


def _calendar(calendar: str, entity: Entity) -> str:
    return entity.calendar if calendar == ENTITY else calendar


def _others(clock: Clock, start: datetime, zone: str, entity: Entity) -> tuple[OtherReading, ...]:
    found = [
        OtherReading(id=r.id, says=r.says, due_at=_counted(clock, r, start, zone, entity), guidance=r.guidance)
        for r in clock.readings
        if r.n is not None or clock.n is not None
    ]
    if clock.periods == "eu-1182-71" and clock.n is not None:
        calendar = _calendar(clock.calendar, entity)
        every = eu1182.readings(start, clock.n, clock.unit, zone=zone, calendar=calendar)
        found += [OtherReading(id=key, says=eu1182.SAYS[key], due_at=due) for key, due in every.items()]
    return tuple(found)
