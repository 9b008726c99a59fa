"""Working days: whose weekends and public holidays count.

Decides whether a day is a working day under a named calendar; the dates come from the ``holidays`` package.
"""

from datetime import date, timedelta
from functools import lru_cache

import holidays

ENTITY = "entity"
"""Stands in rules for the calendar of the place where the organisation sits."""
NO_HOLIDAYS = "none"
_FINANCIAL = frozenset({"NYSE", "XECB"})
_SATURDAY = 5


@lru_cache(maxsize=256)
def _days(calendar: str) -> holidays.HolidayBase:
    if calendar in _FINANCIAL:
        return holidays.financial_holidays(calendar)
    country, _, part = calendar.partition("-")
    return holidays.country_holidays(country, subdiv=part or None)


@lru_cache(maxsize=512)
def known_calendar(calendar: str) -> bool:
    if calendar in {ENTITY, NO_HOLIDAYS}:
        return True
    try:
        _days(calendar)
    except (NotImplementedError, KeyError, ValueError):
        return False
    return True


def is_working_day(day: date, calendar: str) -> bool:
    """Say whether a day is neither weekend nor public holiday; under ``none`` only weekends are off."""
    if calendar in {NO_HOLIDAYS, ENTITY}:
        return day.weekday() < _SATURDAY
    return bool(_days(calendar).is_working_day(day))


def next_working_day(day: date, calendar: str) -> date:
    """Give the day itself if it is a working day, else the next one."""
    while not is_working_day(day, calendar):
        day += timedelta(days=1)
    return day


def add_working_days(day: date, n: int, calendar: str) -> date:
    """Count ``n`` working days after a day, which itself does not count."""
    for _ in range(n):
        day = next_working_day(day + timedelta(days=1), calendar)
    return day
