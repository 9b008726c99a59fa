from datetime import UTC, datetime, timedelta

import pytest

from stanch.engines.ledger.ask import open_ledger
from stanch.ledger.answer import Question, exactly


@pytest.fixture(scope="module")
def ledger(leaky_ledger):
    with open_ledger(leaky_ledger) as opened:
        yield opened


def test_everyone_whose_account_went_to_another_is_counted_and_nobody_else(ledger, truth):
    answer = ledger.affected("datatype", Question())
    assert answer.people == exactly(len(truth.people))
    assert answer.n_disclosures == truth.n_rows


def test_recipients_who_signed_in_are_counted_exactly_and_visitors_as_a_bound(ledger, truth):
    answer = ledger.affected("recipient", Question())
    assert answer.recipients.at_least == len(truth.recipients)
    assert answer.recipients.at_most > answer.recipients.at_least
    assert any("without credential or address" in note for note in answer.notes)


def test_recipients_are_ranked_by_the_distinct_people_they_learned_of(ledger, truth):
    ranked = [group.people.at_least for group in ledger.affected("recipient", Question()).groups if group.name != "unknown"]
    expected = [len({subject for to, subject in truth.pairs if to == recipient}) for recipient in truth.recipients]
    assert ranked == sorted(expected, reverse=True)


def test_every_person_knows_how_many_received_their_data(ledger, truth):
    found = sorted(group.recipients.at_least for group in ledger.affected("subject", Question()).groups)
    assert found == sorted(len({to for to, subject in truth.pairs if subject == person and to}) for person in truth.people)


@pytest.mark.parametrize("by", ["field", "datatype", "endpoint", "sensitivity", "jurisdiction"])
def test_no_group_exceeds_the_whole(ledger, by):
    answer = ledger.affected(by, Question())
    assert answer.groups
    assert all(group.people.at_least <= answer.people.at_least and group.people.at_most <= answer.people.at_most for group in answer.groups)


def test_two_halves_of_the_time_have_together_what_the_whole_has(ledger):
    whole = ledger.affected("endpoint", Question())
    middle = whole.first_at + timedelta(minutes=5)
    halves = [ledger.affected("endpoint", Question(until=middle)), ledger.affected("endpoint", Question(since=middle))]
    assert sum(half.n_disclosures for half in halves) == whole.n_disclosures
    assert halves[0].last_at < middle <= halves[1].first_at


def test_nothing_is_found_in_a_time_without_traffic_and_the_gap_is_named(ledger):
    answer = ledger.affected("field", Question(since=datetime(2027, 1, 1, tzinfo=UTC), until=datetime(2027, 1, 2, tzinfo=UTC)))
    assert answer.people == exactly(0)
    assert [gap.reason for gap in answer.gaps] == ["no traffic was retained"]


def test_all_labelled_fields_reach_at_least_as_many_people_as_the_excessive_ones(ledger):
    counts = [ledger.affected("field", Question(scope=scope)) for scope in ("excessive", "suspected", "all")]
    assert [answer.people.at_most for answer in counts] == sorted(answer.people.at_most for answer in counts)
    assert len(counts[2].groups) > len(counts[0].groups)


def test_cohorts_add_up_to_the_people_affected(ledger):
    cohorts = ledger.cohorts(Question())
    assert sum(cohort.people.at_most for cohort in cohorts) == ledger.affected("datatype", Question()).people.at_most
    assert {"contact.email", "credential.password_hash"} <= cohorts[0].datatypes


def test_residence_is_read_from_the_telephone_prefix(ledger):
    assert {group.name for group in ledger.affected("jurisdiction", Question()).groups} == {"US"}


def test_the_mended_backend_exposes_nobody(fixed_file, ledger_of, tmp_path):
    ledger_of(tmp_path / "fixed", fixed_file)
    with open_ledger(tmp_path / "fixed") as opened:
        answer = opened.affected("field", Question())
    assert answer.people == exactly(0)
    assert answer.groups == ()
