"""Clocks: strict targets, other readings, and what must hold of any of them."""

from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stanch.engines.law import packaged
from stanch.law import eu1182
from stanch.law.calendar import add_working_days, is_working_day, known_calendar, next_working_day
from stanch.law.clock import Entity, deadline
from stanch.law.period import add_months, add_period, at_local, day_end, rolled

PACK = packaged()
BERLIN = ZoneInfo("Europe/Berlin")
ZONES = [
    "Europe/Berlin",
    "America/New_York",
    "America/Los_Angeles",
    "Asia/Kolkata",
    "Pacific/Auckland",
    "Australia/Lord_Howe",
    "America/St_Johns",
    "UTC",
]
INSTANTS = st.datetimes(min_value=datetime(2020, 1, 1), max_value=datetime(2035, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
UNITS = st.sampled_from(["hours", "days", "weeks", "months", "business_days"])
SPANS = st.integers(min_value=1, max_value=90)


def berlin(text):
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN)


@given(INSTANTS, SPANS, UNITS, st.sampled_from(ZONES))
def test_a_period_ends_after_it_begins(start, n, unit, zone):
    assert add_period(start, n, unit, zone=zone) >= start


@given(
    INSTANTS,
    st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=40)),
    SPANS,
    st.sampled_from(["hours", "days", "business_days"]),
    st.sampled_from(ZONES),
)
def test_who_learns_later_is_never_due_earlier(start, later, n, unit, zone):
    assert add_period(start, n, unit, zone=zone, calendar="DE") <= add_period(start + later, n, unit, zone=zone, calendar="DE")


@given(INSTANTS, st.integers(min_value=0, max_value=40), SPANS, st.sampled_from(["weeks", "months"]))
def test_weeks_and_months_never_turn_days_round(start, later, n, unit):
    first = add_period(start, n, unit, zone="UTC").date()
    assert first <= add_period(start + timedelta(days=later), n, unit, zone="UTC").date()


@given(INSTANTS, SPANS, UNITS, st.sampled_from(ZONES))
def test_a_longer_period_never_ends_earlier(start, n, unit, zone):
    assert add_period(start, n, unit, zone=zone) <= add_period(start, n + 1, unit, zone=zone)


@given(INSTANTS, SPANS, UNITS, st.sampled_from(ZONES), st.integers(min_value=-840, max_value=840))
def test_the_zone_in_which_an_instant_is_written_changes_nothing(start, n, unit, zone, minutes):
    elsewhere = start.astimezone(timezone(timedelta(minutes=minutes)))
    assert add_period(elsewhere, n, unit, zone=zone) == add_period(start, n, unit, zone=zone)


@given(INSTANTS, SPANS, st.sampled_from(ZONES))
def test_hours_elapse_whatever_the_local_clock_does(start, n, zone):
    assert add_period(start, n, "hours", zone=zone) - start == timedelta(hours=n)


@given(
    st.dates(min_value=date(2020, 1, 1), max_value=date(2034, 1, 1)),
    st.integers(min_value=1, max_value=60),
    st.sampled_from(["none", "DE", "US", "US-IA", "NYSE", "IL", "SA"]),
)
def test_business_days_are_that_many_working_days(day, n, calendar):
    end = add_working_days(day, n, calendar)
    between = [day + timedelta(days=i) for i in range(1, (end - day).days + 1)]
    assert sum(is_working_day(each, calendar) for each in between) == n
    assert is_working_day(end, calendar)


@given(st.dates(min_value=date(2020, 1, 1), max_value=date(2034, 1, 1)))
def test_the_next_working_day_of_a_working_day_is_itself(day):
    found = next_working_day(day, "DE")
    assert next_working_day(found, "DE") == found
    assert (found - day).days <= 6


@given(INSTANTS, st.sampled_from(["next_working", "noon_next_working"]), st.sampled_from(ZONES))
def test_an_end_moved_off_a_holiday_is_later_and_on_a_working_day(due, roll, zone):
    moved = rolled(due, roll, zone=zone, calendar="DE")
    assert moved >= due
    assert is_working_day(moved.astimezone(ZoneInfo(zone)).date(), "DE")
    assert rolled(moved, roll, zone=zone, calendar="DE") == moved


@given(INSTANTS, st.sampled_from([24, 72, 96]), st.sampled_from(ZONES))
def test_readings_of_the_union_never_shorten_the_strict_target(start, n, zone):
    strict = add_period(start, n, "hours", zone=zone)
    assert all(strict < due for due in eu1182.readings(start, n, "hours", zone=zone, calendar="DE").values())


@given(INSTANTS, st.sampled_from(ZONES))
def test_the_next_whole_hour_is_whole_on_the_local_clock(start, zone):
    whole = eu1182.next_whole_hour(start, zone)
    assert timedelta(0) < whole - start <= timedelta(hours=1)
    if "Lord_Howe" not in zone:  # its summer time is half an hour
        assert whole.astimezone(ZoneInfo(zone)).minute == 0


@pytest.mark.parametrize("rule", PACK.rules, ids=lambda rule: rule.id)
def test_a_naive_time_is_refused_by_every_clock(rule):
    with pytest.raises(ValueError, match="time zone"):
        deadline(rule, {rule.clock.anchor: datetime(2026, 11, 25, 10)})  # noqa: DTZ001


@pytest.mark.parametrize(
    ("day", "n", "expected"),
    [("2024-01-31", 1, "2024-02-29"), ("2023-01-31", 1, "2023-02-28"), ("2026-12-31", 2, "2027-02-28"), ("2026-03-15", 12, "2027-03-15")],
)
def test_a_month_ends_on_its_own_day_or_on_the_last(day, n, expected):
    assert add_months(date.fromisoformat(day), n) == date.fromisoformat(expected)


def test_a_local_time_that_the_clock_shows_twice_is_taken_early():
    twice = at_local(date(2026, 10, 25), datetime(2026, 1, 1, 2, 30).time(), "Europe/Berlin")  # noqa: DTZ001
    assert twice == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_the_day_ends_with_its_last_second_there():
    assert day_end(date(2026, 7, 1), "America/New_York") == datetime(2026, 7, 2, 3, 59, 59, tzinfo=UTC)


def test_seventy_two_hours_over_easter_are_not_prolonged_but_other_readings_are_shown():
    clock = deadline(PACK.rule("eu-gdpr-33-authority"), {"aware": berlin("2026-04-02T16:20")}, Entity(zone="Europe/Berlin", calendar="DE"))
    assert clock.local_due == berlin("2026-04-05T16:20")
    assert [(r.id, r.due_at) for r in clock.readings] == [
        ("eu-1182-whole-hours", berlin("2026-04-05T17:00")),
        ("eu-1182-two-working-days", berlin("2026-04-08T23:59:59")),
    ]


def test_seventy_two_hours_over_the_end_of_summer_time_are_not_seventy_three():
    clock = deadline(PACK.rule("eu-gdpr-33-authority"), {"aware": berlin("2026-10-23T18:05")}, Entity(zone="Europe/Berlin"))
    assert f"{clock.local_due:%H:%M %Z}" == "17:05 CET"


def test_where_the_act_has_no_number_no_date_is_made_up():
    clock = deadline(PACK.rule("ch-fadp-24-authority"), {"aware": berlin("2026-11-25T10:00")})
    assert (clock.due_at, clock.missing, clock.words) == (None, None, "as soon as possible")


def test_a_clock_asks_for_the_event_that_it_counts_from():
    clock = deadline(PACK.rule("us-sec-8k-105"), {"aware": berlin("2026-11-25T10:00")})
    assert (clock.due_at, clock.missing) == (None, "determined_material")


def test_an_unknown_kind_of_entity_keeps_the_strict_target():
    anchors = {"initial_report_submitted": datetime(2026, 8, 6, 13, tzinfo=ZoneInfo("Europe/Paris"))}
    rule = PACK.rule("eu-dora-intermediate")
    unknown = deadline(rule, anchors, Entity(zone="Europe/Paris", calendar="FR"))
    noon = deadline(rule, anchors, Entity(zone="Europe/Paris", calendar="FR", kinds=("dora_noon_entity",)))
    assert f"{unknown.local_due:%a %H:%M}" == "Sun 13:00"
    assert f"{noon.local_due:%a %H:%M}" == "Mon 12:00"
    assert noon.due_at in {reading.due_at for reading in unknown.readings}


@pytest.mark.parametrize("name", ["none", "entity", "DE", "DE-BY", "US", "US-IA", "NYSE", "BR"])
def test_calendars_are_known_by_country_part_or_exchange(name):
    assert known_calendar(name)


@pytest.mark.parametrize("name", ["", "ZZ", "US-ZZ", "de;", "DE-"])
def test_calendars_that_are_none_are_told(name):
    assert known_calendar(name) is (name == "DE-")


def test_a_calendar_keeps_to_its_source():
    days = holidays.country_holidays("US", subdiv="IA")
    assert not is_working_day(date(2026, 11, 26), "US-IA")
    assert days.get(date(2026, 11, 26)) == "Thanksgiving Day"
