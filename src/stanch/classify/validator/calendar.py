"""Whether digits inside a number can be a date.

Knows no clock: a date of the future is a date.
"""

_DAYS = (0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def is_date(year: int, month: int, day: int) -> bool:
    """Judge a full date of the Gregorian calendar."""
    if not 1 <= month <= 12:
        return False
    leap_day = month == 2 and year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return 1 <= day <= _DAYS[month] + leap_day


def is_short_date(year: int, month: int, day: int) -> bool:
    """Judge a date whose year has two digits; the century that is kinder to 29 February counts."""
    return is_date(2000 + year, month, day)


def lowered(text: str, offset: int) -> int:
    """Read a day or month that some numbers raise by an offset."""
    value = int(text)
    return value - offset if value > offset else value


def is_yymmdd(text: str) -> bool:
    return is_short_date(int(text[:2]), int(text[2:4]), int(text[4:6]))


def is_ddmmyy(text: str) -> bool:
    return is_short_date(int(text[4:6]), int(text[2:4]), int(text[:2]))


def is_yyyymmdd(text: str) -> bool:
    year = int(text[:4])
    return 1850 <= year <= 2099 and is_date(year, int(text[4:6]), int(text[6:8]))
