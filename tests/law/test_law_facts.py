"""Fact sheets, statements, remedies: where a fact comes from, and what is offered."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from law.sample import MATRIX, NOW, PACK, SHEET, case
from stanch.errors import InputError
from stanch.law.case import Case, Group
from stanch.law.key import KEYS, kind_of
from stanch.law.matrix import decide
from stanch.law.remedy import CODE_MOVES, NONE_REQUIRED, Code, advance, first_remedies, remedies_text, remedy_facts, required_offers
from stanch.law.sheet import read_sheet, read_statements, sheet_dict

HEAD = "schema: stanch.statements/1\nby: Carol\nat: 2026-11-25T09:00:00+01:00\nzone: Europe/Berlin\nstatements:\n"


def statements(*lines, head=HEAD):
    return read_statements("s.yaml", (head + "".join(f"  - {line}\n" for line in lines)).encode())


def test_a_statement_carries_who_and_when():
    (fact,) = statements("{key: organisation, value: Example Ltd}")
    assert (fact.value, fact.source.by, fact.source.at) == ("Example Ltd", "Carol", datetime(2026, 11, 25, 8, tzinfo=UTC))
    (other,) = statements("{key: organisation, value: Example Ltd, by: Dan, at: '2026-11-25T10:00:00+01:00'}")
    assert other.source.by == "Dan"


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("{key: stopped_at, value: '2026-11-24T16:55+01:00'}", datetime(2026, 11, 24, 15, 55, tzinfo=UTC)),
        ("{key: stopped_at, value: 2026-11-24T16:55:00+01:00}", datetime(2026, 11, 24, 15, 55, tzinfo=UTC)),
        ("{key: measures, value: [One., Two.]}", ("One.", "Two.")),
        ("{key: measures, value: One.}", ("One.",)),
        ("{key: law_enforcement, value: false}", False),
        ("{key: data_types_not, value: [finance.card]}", ("finance.card",)),
        ("{key: n_people, value: 12, confidence: exact}", 12),
    ],
)
def test_statements_of_every_kind_are_read(line, value):
    (fact,) = statements(line)
    assert fact.value == value


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        (["{key: mood, value: fine}"], "no fact is called 'mood'"),
        (["{key: law.eu-gdpr-34-individuals, value: Art. 1}"], "no fact is called"),
        (["{key: stopped_at, value: yesterday}"], "a time needs its zone"),
        (["{key: stopped_at, value: 2026-11-24}"], "a time needs its zone"),
        (["{key: measures, value: [We reset 12 passwords.]}"], "a number may not be typed into a text"),
        (["{key: n_people, value: many}"], "the value is no count"),
        (["{key: organisation}"], "missing required field `value`"),
        (["["], "is not YAML"),
    ],
)
def test_a_statement_that_no_document_could_use_is_refused(lines, says):
    with pytest.raises(InputError, match=says):
        statements(*lines)


def test_a_sheet_comes_back_from_its_file_as_it_was():
    data = json.dumps(sheet_dict(SHEET)).encode()
    again = read_sheet("facts.json", data)
    assert {key: (f.value, f.confidence, f.source) for key, f in again.facts.items()} == {
        key: (f.value, f.confidence, f.source) for key, f in SHEET.facts.items()
    }


@given(st.binary(max_size=40))
def test_what_is_no_sheet_is_refused(data):
    with pytest.raises(InputError):
        read_sheet("facts.json", data)


def test_every_fact_says_where_it_comes_from():
    for entry in sheet_dict(SHEET)["facts"]:
        assert entry.get("query") or entry.get("stated_by")


def test_the_matrix_gives_acts_limits_and_residents():
    assert SHEET.get("law.eu-gdpr-34-individuals").value == "Art. 34 Regulation (EU) 2016/679 (GDPR)"
    assert SHEET.get("due.eu-gdpr-33-authority").value == datetime(2026, 11, 27, 15, 20, tzinfo=UTC)
    assert SHEET.get("n_residents.US-WA").value == 511
    assert SHEET.get("clocks").value[0].startswith("EU, Notification to the supervisory authority: Fri 2026-11-27")


def test_every_key_has_a_kind():
    assert all(kind_of(key) for key in KEYS)
    assert kind_of("n_residents.US-WA") == "count"
    assert kind_of("nothing") is None


def leaked(place, *kinds, **more):
    return decide(PACK, Case(groups=(Group(residence=place, datatypes=frozenset(kinds), n_people=9),), as_of=NOW, role="controller", **more))


def test_for_a_leaked_profile_no_law_requires_monitoring_and_it_is_said():
    assert required_offers(MATRIX) == ()
    assert remedies_text(MATRIX)[-1] == NONE_REQUIRED
    (fact,) = remedy_facts(MATRIX)
    assert fact.value is True


@pytest.mark.parametrize(
    ("place", "kind", "months"),
    [
        ("US-MA", "gov_id.us.ssn", 18),
        ("US-CT", "gov_id.us.ssn", 24),
        ("US-DE", "gov_id.us.ssn", 12),
        ("US-PA", "finance.account", None),
        ("US-CA", "gov_id.driving_licence", 12),
    ],
)
def test_where_a_law_requires_monitoring_the_offer_names_it(place, kind, months):
    offers = required_offers(leaked(place, "person.name.full", kind))
    assert [(o.rule_id, o.months) for o in offers] == [(f"us-{place[3:].lower()}-individuals", months or 12)]


def test_first_remedies_come_before_any_offer():
    assert [f.do.split()[0] for f in first_remedies(["contact.email", "credential.password_hash", "credential.session"])] == ["revoke", "end", "warn"]
    assert first_remedies(["person.language"]) == ()
    assert remedies_text(leaked("US-MA", "person.name.full", "gov_id.us.ssn", "credential.password"))[0].startswith("First: end all sessions")


CODE = Code(code_key="k1:aa", vendor="Vendor", product="Watch", months=12, enrol_by=date(2027, 3, 1))
DAY = date(2026, 12, 1)


def test_a_code_goes_from_stock_to_its_person_and_is_redeemed_once():
    given_out = advance(CODE, "assign", today=DAY, subject_key="k1:ann")
    redeemed = advance(advance(given_out, "deliver", today=DAY), "redeem", today=DAY)
    assert (redeemed.state, redeemed.subject_key) == ("redeemed", "k1:ann")
    for event in ("assign", "deliver", "redeem", "replace"):
        with pytest.raises(InputError, match="a code that is redeemed can't"):
            advance(redeemed, event, today=DAY, subject_key="k1:bob")


@pytest.mark.parametrize(
    ("event", "more", "says"),
    [
        ("assign", {"subject_key": "k1:ann", "today": CODE.enrol_by + timedelta(days=1)}, "its enrolment ended"),
        ("assign", {"subject_key": ""}, "assigned to one person"),
        ("assign", {"subject_key": "k1:ann", "minor": True}, "minors need the product for minors"),
        ("redeem", {}, "a code that is in_stock can't redeem"),
    ],
)
def test_a_code_is_refused_where_it_would_not_work(event, more, says):
    with pytest.raises(InputError, match=says):
        advance(CODE, event, **{"today": DAY, **more})


@given(st.lists(st.sampled_from(["assign", "deliver", "redeem", "expire", "replace"]), max_size=8))
def test_no_path_gives_one_code_to_two_people(events):
    code, owners = CODE, set()
    for n, event in enumerate(events):
        try:
            code = advance(code, event, today=DAY, subject_key=f"k1:{n}" if event == "assign" else "")
        except InputError:
            continue
        owners |= {code.subject_key} - {""}
    assert len(owners) <= 1
    assert set(CODE_MOVES.values()) >= {code.state} - {"in_stock"}


def test_a_case_with_an_exercise_is_still_decided():
    assert decide(PACK, case(role="unknown")).by("unknown")


def test_a_statement_that_nobody_vouches_for_is_none():
    with pytest.raises(InputError, match="nobody vouches for it"):
        statements("{key: organisation, value: Example Ltd}", head=HEAD.replace("by: Carol", "by: ''"))
