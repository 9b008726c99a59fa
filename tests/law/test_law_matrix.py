"""The matrix: applies, does not, or can't be known yet and which fact is missing."""

import json
from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stanch.classify.taxonomy import TAXONOMY
from stanch.engines.law import packaged
from stanch.law.case import Case, Group, grouped
from stanch.law.element import DATATYPES_OF, ELEMENTS, elements_of, possible_elements_of
from stanch.law.export import matrix_dict, matrix_markdown
from stanch.law.ics import calendar_file
from stanch.law.matrix import NOTICE, decide
from stanch.law.pack import load_own
from stanch.law.question import question
from stanch.law.wall import alerts, left, wall

PACK = packaged()
NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
AWARE = datetime(2026, 11, 24, 15, 20, tzinfo=UTC)
PROFILE = frozenset({"person.name.full", "contact.email", "contact.phone", "contact.address", "person.birth_date", "credential.password_hash"})
CONTACT = frozenset({"person.name.full", "contact.email", "contact.phone", "contact.address"})


def case(*groups, **more):
    made = tuple(Group(residence=place, datatypes=frozenset(kinds), n_people=n) for place, kinds, n in groups)
    return Case(groups=made, as_of=NOW, **{"role": "controller", **more})


def row(rule_id, *groups, **more):
    (found,) = [r for r in decide(PACK, case(*groups, **more)).rows if r.rule.id == rule_id]
    return found


@pytest.mark.parametrize(
    ("rule_id", "groups", "more", "outcome"),
    [
        ("eu-gdpr-33-authority", [("DE", CONTACT, 1)], {}, "applies"),
        ("eu-gdpr-33-authority", [("NO", CONTACT, 1)], {}, "applies"),
        ("eu-gdpr-33-authority", [("US-CA", CONTACT, 1)], {}, "does_not"),
        ("eu-gdpr-33-authority", [("DE", CONTACT, 1)], {"harm": "none"}, "does_not"),
        ("eu-gdpr-33-authority", [("DE", CONTACT, 1)], {"role": "processor"}, "does_not"),
        ("eu-gdpr-33-2-processor", [("DE", CONTACT, 1)], {"role": "processor"}, "applies"),
        ("eu-gdpr-33-5-register", [("DE", CONTACT, 1)], {"harm": "none"}, "applies"),
        ("eu-gdpr-34-individuals", [("DE", CONTACT, 1)], {}, "unknown"),
        ("eu-gdpr-34-individuals", [("DE", CONTACT, 1)], {"harm": "high"}, "applies"),
        ("eu-gdpr-34-individuals", [("DE", CONTACT, 1)], {"harm": "risk"}, "does_not"),
        ("eu-gdpr-34-individuals", [("DE", CONTACT, 1)], {"harm": "high", "encrypted": "yes"}, "does_not"),
        ("eu-gdpr-34-individuals", [("DE", CONTACT, 1)], {"harm": "high", "encrypted": "key_too"}, "applies"),
        ("eu-gdpr-34-individuals", [("DE", CONTACT, 1)], {"harm": "high", "encrypted": "unknown"}, "unknown"),
        ("us-wa-individuals", [("US-WA", PROFILE, 2)], {}, "applies"),
        ("us-wa-individuals", [("US-WA", CONTACT, 2)], {}, "does_not"),
        ("us-wa-ag", [("US-WA", PROFILE, 500)], {}, "does_not"),
        ("us-wa-ag", [("US-WA", PROFILE, 501)], {}, "applies"),
        ("us-wa-ag", [("US-WA", PROFILE, 500), ("", PROFILE, 1)], {}, "unknown"),
        ("us-wa-ag", [("US-WA", PROFILE, 500), ("US", PROFILE, 1)], {}, "unknown"),
        ("us-wa-ag", [("US-WA", PROFILE, 500), ("US-CA", PROFILE, 1)], {}, "does_not"),
        ("us-nd-individuals", [("US-ND", PROFILE, 1)], {}, "applies"),
        ("us-ca-individuals", [("US-CA", PROFILE, 1)], {}, "unknown"),
        ("us-ca-individuals", [("US-CA", PROFILE, 1)], {"answers": {"hash_permits_access": True}}, "applies"),
        ("us-ca-individuals", [("US-CA", PROFILE, 1)], {"answers": {"hash_permits_access": False}}, "does_not"),
        ("us-ca-individuals", [("US-CA", ["contact.email", "credential.password"], 1)], {}, "applies"),
        ("us-ca-individuals", [("US-CA", ["person.name.full", "gov_id.us.ssn"], 1)], {}, "applies"),
        ("us-ca-individuals", [("US-CA", ["gov_id.us.ssn"], 1)], {}, "unknown"),
        ("us-ca-individuals", [("US-CA", ["person.name.full", "finance.card", "finance.card_cvv"], 1)], {}, "applies"),
        ("us-ca-individuals", [("US-CA", CONTACT, 9)], {}, "does_not"),
        ("us-ca-individuals", [("US-CA", PROFILE, 1)], {"event": "access", "answers": {"hash_permits_access": True}}, "does_not"),
        ("us-ny-individuals", [("US-NY", ["person.name.full", "gov_id.us.ssn"], 1)], {"event": "access"}, "applies"),
        ("us-ny-individuals", [("US-NY", ["person.name.full", "gov_id.us.ssn"], 1)], {"event": "unknown"}, "unknown"),
        ("us-hipaa-408-500", [("US-NY", ["health.condition"], 500)], {}, "unknown"),
        (
            "us-hipaa-408-500",
            [("US-NY", ["health.condition"], 500)],
            {"sectors": {"hipaa_covered": True}, "answers": {"unsecured_phi": True}},
            "applies",
        ),
        (
            "us-hipaa-408-fewer",
            [("US-NY", ["health.condition"], 500)],
            {"sectors": {"hipaa_covered": True}, "answers": {"unsecured_phi": True}},
            "does_not",
        ),
        (
            "us-hipaa-408-fewer",
            [("DE", ["health.condition"], 499)],
            {"sectors": {"hipaa_covered": True}, "answers": {"unsecured_phi": True}},
            "applies",
        ),
        ("us-hipaa-404-individuals", [("US-NY", ["health.condition"], 500)], {"sectors": {"hipaa_covered": False}}, "does_not"),
        ("sg-26d-commission", [("SG", CONTACT, 499)], {}, "does_not"),
        ("sg-26d-commission", [("SG", CONTACT, 500)], {}, "applies"),
        ("sg-26d-commission", [("SG", CONTACT, 1), ("DE", CONTACT, 499)], {}, "applies"),
        ("sg-26d-commission", [("SG", [*CONTACT, "health.condition"], 1)], {}, "applies"),
        ("sg-26d-commission", [("SG", PROFILE, 1)], {}, "unknown"),
        ("in-dpdp-individuals", [("IN", CONTACT, 1)], {}, "does_not"),
        ("ca-qc-3-5-authority", [("CA-QC", CONTACT, 1)], {"harm": "serious"}, "applies"),
        ("ca-qc-3-5-authority", [("CA", CONTACT, 1)], {"harm": "serious"}, "unknown"),
        ("ca-pipeda-10-1-individuals", [("CA-QC", CONTACT, 1)], {"harm": "serious"}, "applies"),
        ("tr-kvkk-12-5-authority", [("TR", CONTACT, 1)], {"harm": "none"}, "applies"),
    ],
)
def test_a_rule_applies_does_not_or_waits_for_a_fact(rule_id, groups, more, outcome):
    assert row(rule_id, *groups, **more).outcome == outcome


@pytest.mark.parametrize(
    ("rule_id", "groups", "more", "asks"),
    [
        ("eu-gdpr-34-individuals", [("DE", CONTACT, 1)], {}, {"harm"}),
        ("eu-gdpr-33-authority", [("DE", CONTACT, 1)], {"role": "unknown"}, {"role"}),
        ("us-wa-individuals", [("", PROFILE, 1)], {}, {"residence"}),
        ("us-ca-individuals", [("US-CA", PROFILE, 1)], {}, {"hash_permits_access"}),
        ("us-ca-individuals", [("US-CA", ["health.condition", "person.name.full"], 1)], {}, {"statute_list"}),
        ("us-hipaa-408-500", [("US-NY", ["health.condition"], 500)], {}, {"hipaa_covered", "unsecured_phi"}),
    ],
)
def test_the_missing_fact_is_named_and_asked_in_words(rule_id, groups, more, asks):
    found = row(rule_id, *groups, **more)
    assert {fact.key for fact in found.missing} == asks
    assert all(fact.question.endswith("?") or "." in fact.question for fact in found.missing)


def test_the_media_are_told_by_residents_of_one_state_not_of_all():
    facts = {"sectors": {"hipaa_covered": True}, "answers": {"unsecured_phi": True}}
    assert row("us-hipaa-406-media", ("US-NY", ["health.condition"], 300), ("US-CA", ["health.condition"], 300), **facts).outcome == "does_not"
    assert row("us-hipaa-406-media", ("US-NY", ["health.condition"], 501), **facts).outcome == "applies"


def test_an_answer_never_given_leaves_no_rule_decided_against_the_people():
    """What is unknown may be answered either way, and one of the answers gives what a known case gives."""
    open_case = case(("US-CA", PROFILE, 600), ("DE", PROFILE, 5))
    decided = {r.rule.id: r.outcome for r in decide(PACK, open_case).rows}
    for answer in (True, False):
        told = case(("US-CA", PROFILE, 600), ("DE", PROFILE, 5), answers={"hash_permits_access": answer})
        for each in decide(PACK, told).rows:
            assert decided[each.rule.id] in {each.outcome, "unknown"}


GROUPS = st.lists(
    st.tuples(
        st.sampled_from(["DE", "FR", "US-CA", "US-WA", "US", "GB", "BR", "", "CA-QC", "JP"]),
        st.frozensets(st.sampled_from(sorted(TAXONOMY)), max_size=5),
        st.integers(min_value=1, max_value=2000),
    ),
    max_size=5,
)
OPEN = st.sampled_from(["controller", "processor", "both", "unknown"])
HARM = st.sampled_from(["none", "risk", "serious", "high", "unknown"])


@given(GROUPS, OPEN, HARM, st.sampled_from(["yes", "no", "key_too", "unknown"]), st.sampled_from(["access", "acquisition", "unknown"]))
def test_deciding_never_raises_and_every_open_row_asks_for_something(groups, role, harm, encrypted, event):
    matrix = decide(PACK, case(*groups, role=role, harm=harm, encrypted=encrypted, event=event))
    assert len(matrix.rows) == len(PACK.rules)
    assert all(each.missing for each in matrix.by("unknown"))
    assert all(each.reasoning for each in matrix.rows)
    assert all(each.n_people <= each.n_most for each in (*matrix.by("unknown"), *matrix.by("applies")))


@given(GROUPS)
def test_the_order_and_splitting_of_groups_change_nothing(groups):
    split = [(place, kinds, 1) for place, kinds, n in groups for _ in range(min(n, 3))] + [(p, k, n - 3) for p, k, n in groups if n > 3]
    once, again = decide(PACK, case(*groups)), decide(PACK, case(*reversed(split)))
    assert [(r.outcome, r.n_people, r.n_most) for r in once.rows] == [(r.outcome, r.n_people, r.n_most) for r in again.rows]


@given(GROUPS, st.integers(min_value=1, max_value=3000))
def test_more_people_never_take_a_duty_away_but_for_lists_of_the_few(groups, n):
    before = {r.rule.id: r.outcome for r in decide(PACK, case(*groups)).rows if r.rule.threshold.below is None}
    after = {r.rule.id: r.outcome for r in decide(PACK, case(*groups, ("DE", CONTACT, n))).rows}
    assert all(after[rule_id] == "applies" for rule_id, outcome in before.items() if outcome == "applies")


def test_people_are_counted_once_by_residence_and_kinds():
    people = [("DE", PROFILE), ("DE", PROFILE), ("US-WA", PROFILE), ("DE", CONTACT)]
    assert Counter({(g.residence, g.datatypes): g.n_people for g in grouped(people)}) == Counter(people)


def test_every_kind_that_statutes_name_is_made_of_known_datatypes():
    assert set(DATATYPES_OF) == set(ELEMENTS)
    for names in DATATYPES_OF.values():
        assert all(name in TAXONOMY or any(known.startswith(f"{name}.") for known in TAXONOMY) for name in names)


@pytest.mark.parametrize(
    ("datatypes", "elements"),
    [
        (["gov_id.us.ssn"], {"ssn", "government_id"}),
        (["gov_id.de.idnr"], {"government_id"}),
        (["person.name.first"], set()),
        (["person.name.display"], set()),
        (["person.name.last"], {"name"}),
        (["finance.card"], {"card", "financial"}),
        (["finance.card", "finance.card_cvv"], {"card", "account_access", "financial"}),
        (["credential.password_hash"], set()),
        (["gov_id.vehicle_plate"], set()),
        (["health.insurance"], {"medical", "health_insurance", "special"}),
    ],
)
def test_datatypes_are_the_elements_that_statutes_name(datatypes, elements):
    assert elements_of(datatypes) == elements


def test_a_hash_may_be_a_password():
    assert possible_elements_of(["credential.password_hash"]) == {"password"}


def contract(kind):
    text = f"""
schema: stanch.rules/1
jurisdiction: X-ACME
name: Contract with Acme
zone: Europe/Berlin
{kind}
"""
    return load_own(PACK, [("own.yaml", text.encode())])


def test_a_contract_counts_everyone_wherever_they_live():
    pack = contract(
        "rules: [{id: x-acme, title: Customer, law: {act: MSA, section: '12'}, mark: T, review_by: 2027-01-01, audience: controller, recipient: Acme,"
        " clock: {anchor: aware, unit: hours, n: 24}, vectors: [{at: {aware: '2026-01-01T10:00'}, due: '2026-01-02T10:00'}]}]"
    )
    (found,) = [r for r in decide(pack, case(("", CONTACT, 3), anchors={"aware": AWARE})).rows if r.rule.id == "x-acme"]
    assert (found.outcome, found.n_people, found.deadline.due_at) == ("applies", 3, AWARE + timedelta(hours=24))


def test_an_override_is_followed_and_shown_with_who_and_why():
    pack = contract("overrides: [{rule: eu-gdpr-33-5-register, by: Carol, why: kept elsewhere, until: 2027-01-01, set_aside: true}]")
    (found,) = [r for r in decide(pack, case(("DE", CONTACT, 3))).rows if r.rule.id == "eu-gdpr-33-5-register"]
    assert found.outcome == "does_not"
    assert found.reasoning == "set aside by Carol until 2027-01-01: kept elsewhere"


def test_an_override_may_tighten_a_clock():
    pack = contract(
        "overrides: [{rule: eu-gdpr-33-authority, by: Carol, why: policy, until: 2027-01-01, clock: {anchor: aware, unit: hours, n: 48}}]"
    )
    (found,) = [r for r in decide(pack, case(("DE", CONTACT, 3), anchors={"aware": AWARE})).rows if r.rule.id == "eu-gdpr-33-authority"]
    assert found.deadline.due_at == AWARE + timedelta(hours=48)


def hung(now=NOW, sent=None):
    matrix = decide(PACK, case(("DE", PROFILE, 4), ("US-WA", PROFILE, 2), anchors={"aware": AWARE, "discovered": AWARE}))
    return wall(matrix, now=now, sent=sent)


def test_the_wall_hangs_the_most_urgent_clock_first():
    first, second = hung()[:2]
    assert (first.row.rule.id, first.state, left(first.slack)) == ("eu-gdpr-33-authority", "running", "2 d 3 h")
    assert second.row.rule.id == "us-wa-individuals"


@pytest.mark.parametrize(
    ("hours", "state", "says"),
    [
        (0, "running", "3 d 0 h"),
        (48, "due_soon", "1 d 0 h"),
        (71.5, "due_soon", "30 min"),
        (72, "due_soon", "0 min"),
        (80, "overdue", "8 h 0 min late"),
    ],
)
def test_a_clock_on_the_wall_runs_out(hours, state, says):
    (tick,) = [t for t in hung(AWARE + timedelta(hours=hours)) if t.row.rule.id == "eu-gdpr-33-authority"]
    assert (tick.state, left(tick.slack)) == (state, says)


def test_a_notice_sent_in_time_stops_its_clock_and_a_late_one_says_so():
    for hours, state in ((71, "sent"), (73, "sent_late")):
        ticks = hung(AWARE + timedelta(hours=100), {"eu-gdpr-33-authority": AWARE + timedelta(hours=hours)})
        assert [t.state for t in ticks if t.row.rule.id == "eu-gdpr-33-authority"] == [state]


def test_alerts_come_once_and_from_the_strict_target_of_what_surely_applies():
    times = [AWARE + timedelta(hours=h) for h in range(74)]
    found = [a for since, now in pairwise(times) for a in alerts(hung(now), since=since, now=now)]
    assert [(t.row.rule.id, lead.total_seconds() / 3600) for t, lead in found] == [("eu-gdpr-33-authority", h) for h in (48, 24, 6, 1, 0)]


def test_a_calendar_file_keeps_to_its_format_and_names_nobody():
    text = calendar_file(hung(), now=NOW, case_name="INC-42; demo")
    lines = text.split("\r\n")
    assert lines[0] == "BEGIN:VCALENDAR"
    assert lines[-2] == "END:VCALENDAR"
    assert all(len(line.encode()) <= 75 for line in lines)
    unfolded = text.replace("\r\n ", "")
    assert "DTSTART:20261127T152000Z" in unfolded
    assert "SUMMARY:INC-42\\; demo: EU Notification to the supervisory authority" in unfolded
    assert unfolded.count("BEGIN:VEVENT") == unfolded.count("END:VEVENT") == len({line for line in unfolded.split("\r\n") if line.startswith("UID:")})
    assert NOTICE.replace(",", "\\,") in unfolded


def test_the_export_is_plain_data_and_says_once_that_counsel_decides():
    matrix = decide(PACK, case(("DE", PROFILE, 4), anchors={"aware": AWARE}))
    data = json.loads(json.dumps(matrix_dict(matrix, wall(matrix, now=NOW))))
    assert data["notice"] == NOTICE
    assert len(data["rows"]) == len(PACK.rules)
    page = matrix_markdown(matrix, wall(matrix, now=NOW))
    assert page.count(NOTICE) == 1
    assert "Fri 2026-11-27 16:20 CET" in page


def test_a_naive_time_can_not_enter_a_case():
    with pytest.raises(ValueError, match="time zone"):
        Case(groups=(), as_of=datetime(2026, 11, 25))  # noqa: DTZ001


def test_every_fact_that_a_rule_may_miss_can_be_asked():
    for rule in PACK.rules:
        for key in {rule.sector, rule.trigger.asks} - {"general", ""}:
            assert len(question(key, otherwise=rule.trigger.otherwise)) > len("Does '' hold?") + len(key) or rule.trigger.otherwise
