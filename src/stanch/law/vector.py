"""The worked examples that rules carry: run each, say which fail.

Runs in tests and in ``stanch law lint``, for packaged and for an organisation's own rules alike.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from stanch.law.clock import Deadline, Entity, deadline
from stanch.law.period import day_end
from stanch.law.rule import Rule, Vector


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    rule_id: str
    n: int
    """Which vector of the rule, from 1."""
    says: str


def failures(rule: Rule) -> Iterable[Failure]:
    """Run a rule's vectors and give those that do not hold."""
    for n, vector in enumerate(rule.vectors, 1):
        for says in _wrong(rule, vector):
            yield Failure(rule_id=rule.id, n=n, says=says)


def run(rule: Rule, vector: Vector) -> Deadline:
    """Count a vector's clock."""
    zone = vector.zone or rule.zone
    anchors = {anchor: datetime.fromisoformat(at).replace(tzinfo=ZoneInfo(zone)) for anchor, at in vector.at.items()}
    return deadline(rule, anchors, Entity(zone=zone, calendar=vector.calendar or "none", kinds=vector.entity))


def _wrong(rule: Rule, vector: Vector) -> Iterable[str]:
    try:
        got = run(rule, vector)
    except ValueError:
        yield "a time is not ISO 8601 (2026-04-02T16:20)"
        return
    if got.missing != vector.missing:
        yield f"misses {got.missing or 'nothing'}, not {vector.missing or 'nothing'}"
    zone = vector.zone or rule.zone
    expected = _instant(vector.due, zone)
    if got.due_at != expected:
        yield f"due {_show(got.due_at, zone)}, not {_show(expected, zone)}"
    found = {reading.id: reading.due_at for reading in got.readings}
    for key, due in vector.readings.items():
        if found.get(key) != _instant(due, zone):
            yield f"reading '{key}' is {_show(found.get(key), zone)}, not {due}"


def _instant(text: str, zone: str) -> datetime | None:
    if not text:
        return None
    if len(text) == len("2026-04-08"):
        return day_end(date.fromisoformat(text), zone)
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


def _show(instant: datetime | None, zone: str) -> str:
    return f"{instant.astimezone(ZoneInfo(zone)):%Y-%m-%dT%H:%M:%S}" if instant else "without a date"
