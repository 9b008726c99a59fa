from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree as ET

import pytest

from stanch.ledger.answer import Count, Group, Moment, exactly
from stanch.ledger.coverage import Gap
from stanch.ledger.picture import MAX_ROWS, exposure, jurisdictions, kinds, recipients

NOON = datetime(2026, 3, 20, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def group(name, low, high=None, detail=""):
    return Group(name=name, people=Count(low, high if high is not None else low), recipients=exactly(1), n_disclosures=low, detail=detail)


def moment(hours, n):
    return Moment(start=NOON + hours * HOUR, n_people=n, n_recipients=1, n_disclosures=n)


DRAWN = {
    "exposure": exposure([moment(0, 3), moment(2, 7)], HOUR),
    "no exposure": exposure([], HOUR),
    "recipients": recipients([group("4c67f6e1", 8, detail="person"), group("unknown", 0, 20)]),
    "kinds": kinds([group("contact.email", 8)]),
    "jurisdictions": jurisdictions([group("DE", 900), group("US-CA", 3, 5), group("unknown", 0, 2)]),
    "nobody": jurisdictions([]),
}


@pytest.mark.parametrize("name", DRAWN)
def test_every_picture_is_well_formed_and_says_itself_in_words(name):
    root = ET.fromstring(DRAWN[name])
    assert root.attrib["role"] == "img"
    assert root.find("{http://www.w3.org/2000/svg}title").text
    assert root.find("{http://www.w3.org/2000/svg}desc").text


@pytest.mark.parametrize("name", DRAWN)
def test_no_picture_asks_for_anything_from_elsewhere_or_runs_anything(name):
    text = DRAWN[name].replace("http://www.w3.org/2000/svg", "")
    assert not any(word in text for word in ("http", "url(", "<script", "<style", "<image", "href", "onload"))


def test_exposure_says_the_most_and_the_time():
    assert "At most 7 people in one step, from 2026-03-20 12:00 to 2026-03-20 14:00 UTC." in DRAWN["exposure"]


def test_hours_without_traffic_are_shaded_and_said():
    hour = int(NOON.timestamp()) // 3600 + 1
    drawn = exposure([moment(0, 3), moment(2, 7)], HOUR, [Gap(endpoint="", first_hour=hour, last_hour=hour, reason="no traffic was retained")])
    assert "not known: no traffic was retained" in drawn


def test_a_name_with_markup_is_text():
    drawn = kinds([group("<script>alert(1)</script>", 1)])
    assert "<script" not in drawn
    ET.fromstring(drawn)


def test_the_long_tail_is_counted():
    assert "and 5 more" in recipients([group(f"{n:08x}", n + 1) for n in range(MAX_ROWS + 5)])


def test_bounds_are_drawn_faintly_beyond_what_is_certain():
    assert "fill-opacity='0.25'" in DRAWN["recipients"]
    assert "3 to 5" in DRAWN["jurisdictions"]


def test_the_page_stands_alone_and_holds_every_picture(leaky_ledger, tmp_path, stanch):
    code, _, _ = stanch("ledger", "page", leaky_ledger, "-o", tmp_path / "page.html")
    page = (tmp_path / "page.html").read_text()
    assert code == 0
    assert page.count("<svg") == 4
    assert "9 people had too much of their data sent to someone else" in page
    assert "default-src 'none'" in page
    assert "<script" not in page
    assert "http" not in page.replace("http://www.w3.org/2000/svg", "").replace("http-equiv", "")
