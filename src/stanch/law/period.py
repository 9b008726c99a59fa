"""Adding a period to an instant, as laws count: elapsed hours, calendar and business days, weeks, months.

Every instant is aware; the result is in UTC. Local dates are those of the zone given.
"""

from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from stanch.law.calendar import add_working_days, is_working_day, next_working_day
from stanch.law.rule import Roll, Unit

_LAST_SECOND = time(23, 59, 59)
_NOON = time(12)


def require_aware(instant: datetime) -> datetime:
    """Give the instant in UTC.

    Raises: ValueError for a naive one: a clock time without a zone is no instant.
    """
    if instant.tzinfo is None or instant.utcoffset() is None:
        raise ValueError("an instant needs a time zone")
    return instant.astimezone(UTC)


def add_period(start: datetime, n: int, unit: Unit, *, zone: str, calendar: str = "none") -> datetime:
    """Give the instant at which a period ends, counted strictly.

    Hours elapse. Days and business days end with the last second of their last local day, the day of the event not counted.
    Weeks and months keep the local time of day; a date that does not exist becomes the last of its month.
    """
    start = require_aware(start)
    local = start.astimezone(ZoneInfo(zone))
    match unit:
        case "hours":
            return start + timedelta(hours=n)
        case "days":
            return day_end(local.date() + timedelta(days=n), zone)
        case "business_days":
            return day_end(add_working_days(local.date(), n, calendar), zone)
        case "weeks":
            return at_local(local.date() + timedelta(weeks=n), local.time(), zone)
        case "months":
            return at_local(add_months(local.date(), n), local.time(), zone)


def add_months(day: date, n: int) -> date:
    years, month = divmod(day.month - 1 + n, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def day_end(day: date, zone: str) -> datetime:
    return at_local(day, _LAST_SECOND, zone)


def at_local(day: date, clock: time, zone: str) -> datetime:
    """Give a local time as an instant: the earlier one where the clock shows it twice."""
    return datetime.combine(day, clock.replace(fold=0), tzinfo=ZoneInfo(zone)).astimezone(UTC)


def rolled(due: datetime, roll: Roll, *, zone: str, calendar: str) -> datetime:
    """Move an end that falls on a day off, as the rule says."""
    day = due.astimezone(ZoneInfo(zone)).date()
    if roll == "none" or is_working_day(day, calendar):
        return due
    later = next_working_day(day, calendar)
    return at_local(later, _NOON, zone) if roll == "noon_next_working" else day_end(later, zone)
