"""Regulation (EEC, Euratom) 1182/71: how acts of the European Union count periods.

Gives readings beside the strict target; what of them binds is for counsel.
"""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from stanch.law.calendar import add_working_days
from stanch.law.period import add_months, day_end, require_aware, rolled
from stanch.law.rule import Unit

WHOLE_HOURS = "eu-1182-whole-hours"
TWO_WORKING_DAYS = "eu-1182-two-working-days"
LAST_HOUR = "eu-1182-last-hour"
SAYS = {
    WHOLE_HOURS: "Reg. 1182/71 Art. 3(1), 3(2)(a): the hour of the event is not counted",
    TWO_WORKING_DAYS: "Reg. 1182/71 Art. 3(5): two working days at least; whether hours count as 'two days or more' is contested",
    LAST_HOUR: "Reg. 1182/71 Art. 3(2)(c), 3(4): to the last hour of the day, moved to a working day",
}


def readings(start: datetime, n: int, unit: Unit, *, zone: str, calendar: str) -> dict[str, datetime]:
    """Give the readings that Regulation 1182/71 allows for this period."""
    if unit == "hours":
        return _hours(start, n, zone=zone, calendar=calendar)
    if unit == "business_days":
        return {}
    day = require_aware(start).astimezone(ZoneInfo(zone)).date()
    last = add_months(day, n) if unit == "months" else day + timedelta(days=n * (7 if unit == "weeks" else 1))
    return {LAST_HOUR: rolled(day_end(last, zone), "next_working", zone=zone, calendar=calendar)}


def _hours(start: datetime, n: int, *, zone: str, calendar: str) -> dict[str, datetime]:
    whole = next_whole_hour(start, zone) + timedelta(hours=n)
    found = {WHOLE_HOURS: whole}
    if n >= 48:
        day = require_aware(start).astimezone(ZoneInfo(zone)).date()
        second = day_end(add_working_days(day, 2, calendar), zone)
        found |= {TWO_WORKING_DAYS: second} if second > whole else {}
    return found


def next_whole_hour(start: datetime, zone: str) -> datetime:
    """Give the start of the hour after the one in which the event falls, by the local clock."""
    local = require_aware(start).astimezone(ZoneInfo(zone))
    into = timedelta(minutes=local.minute, seconds=local.second, microseconds=local.microsecond)
    return require_aware(start) - into + timedelta(hours=1)
