"""Every rule can apply, and stops applying when any of its conditions fails: no dead rule, no condition that is not looked at."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from stanch.engines.law import packaged
from stanch.law.case import Case, Group
from stanch.law.element import DATATYPES_OF
from stanch.law.matrix import decide
from stanch.law.pack import Pack

PACK = packaged()
NOW = datetime(2026, 12, 5, 12, tzinfo=UTC)
BARE = frozenset({"person.language"})
"""A kind of personal data that no statute lists."""
EXAMPLE = {
    "account_access": ("finance.card", "finance.card_cvv"),
    "government_id": ("gov_id.national",),
    "financial": ("finance.account",),
    "special": ("special.religion",),
}
RULES = [pytest.param(rule, id=rule.id) for rule in PACK.rules]


def datatypes_of(rule):
    """Give one set of datatypes that meets the rule's trigger."""
    wanted = rule.trigger.elements[:1] or (rule.trigger.combos[0] if rule.trigger.combos else ())
    found = {name for element in wanted for name in EXAMPLE.get(element, DATATYPES_OF.get(element, (element,))[:1])}
    return frozenset(found) or BARE


def residence_of(rule):
    place = (rule.covers or (rule.jurisdiction,))[0]
    return f"{place}-NY" if place == "US" else place


def met(rule, **more):
    """Make a case in which every condition of the rule is met."""
    n = max(rule.threshold.at_least, 1)
    in_force = datetime.combine(rule.effective.since, datetime.min.time(), UTC) + timedelta(days=2) if rule.effective.since else NOW
    given = {
        "groups": (Group(residence=residence_of(rule), datatypes=datatypes_of(rule), n_people=n),),
        "as_of": max(NOW, in_force),
        "role": rule.roles[0],
        "harm": "high",
        "sectors": {rule.sector: True},
        "answers": {rule.trigger.asks: True},
        **more,
    }
    return Case(**given)


def row(rule, case):
    (found,) = decide(Pack(rules=(rule,)), case).rows
    return found


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_applies_where_all_its_conditions_are_met(rule):
    found = row(rule, met(rule))
    assert found.outcome == "applies", found.reasoning
    assert found.n_people == max(rule.threshold.at_least, 1)
    assert found.deadline.missing == rule.clock.anchor


@pytest.mark.parametrize("rule", RULES)
def test_it_does_not_where_one_fails_and_waits_where_one_is_not_known(rule):
    case = met(rule)
    assert row(rule, replace(case, groups=())).outcome == "does_not"
    assert row(rule, replace(case, role="unknown")).outcome == "unknown"
    other = "processor" if rule.roles == ("controller",) else "controller"
    if len(rule.roles) == 1:
        assert row(rule, replace(case, role=other)).outcome == "does_not"
    if rule.sector == "general":
        assert row(rule, replace(case, groups=tuple(replace(g, residence="XX") for g in case.groups))).outcome == "does_not"
        assert row(rule, replace(case, groups=tuple(replace(g, residence="") for g in case.groups))).outcome == "unknown"
    else:
        assert row(rule, replace(case, sectors={rule.sector: False})).outcome == "does_not"
        assert row(rule, replace(case, sectors={})).outcome == "unknown"
    if rule.trigger.asks:
        assert row(rule, replace(case, answers={rule.trigger.asks: False})).outcome == "does_not"
        assert row(rule, replace(case, answers={})).outcome == "unknown"
    if rule.trigger.elements or rule.trigger.combos:
        assert row(rule, replace(case, groups=tuple(replace(g, datatypes=BARE) for g in case.groups))).outcome == "does_not"


@pytest.mark.parametrize("rule", RULES)
def test_harm_encryption_kind_of_event_and_force_are_looked_at(rule):
    case = met(rule)
    if rule.threshold.harm != "none":
        assert row(rule, replace(case, harm="none")).outcome == "does_not"
        assert row(rule, replace(case, harm="unknown")).outcome == ("applies" if rule.threshold.presumed else "unknown")
    if rule.trigger.encryption == "exempts":
        assert row(rule, replace(case, encrypted="yes")).outcome == "does_not"
        assert row(rule, replace(case, encrypted="unknown")).outcome == "unknown"
        assert row(rule, replace(case, encrypted="key_too")).outcome == "applies"
    else:
        assert row(rule, replace(case, encrypted="yes")).outcome == "applies"
    accessed = "applies" if {"access", "disclosure"} & set(rule.trigger.events) else "does_not"
    assert row(rule, replace(case, event="access")).outcome == accessed
    if rule.effective.since:
        before = datetime.combine(rule.effective.since, datetime.min.time(), UTC) - timedelta(days=2)
        assert row(rule, replace(case, as_of=before)).outcome == "does_not"


@pytest.mark.parametrize("rule", [p for p in RULES if p.values[0].threshold.at_least > 1])
def test_one_person_fewer_than_the_threshold_is_too_few(rule):
    case = met(rule)
    fewer = tuple(replace(group, n_people=group.n_people - 1) for group in case.groups)
    found = row(rule, replace(case, groups=fewer))
    expected = "applies" if set(rule.threshold.or_elements) & found_elements(found) else "does_not"
    assert found.outcome == expected
    unknown = (*fewer, replace(fewer[0], residence="")) if rule.sector == "general" else fewer
    if rule.sector == "general" and rule.threshold.of == "residents":
        assert row(rule, replace(case, groups=unknown)).outcome == "unknown"


def found_elements(found):
    return {word for check in found.checks if check.what == "number" for word in check.says.removeprefix("any number: ").split(", ")}


@pytest.mark.parametrize("rule", [p for p in RULES if p.values[0].threshold.below is not None])
def test_a_duty_for_the_few_ends_with_the_many(rule):
    case = met(rule)
    many = tuple(replace(group, n_people=rule.threshold.below) for group in case.groups)
    assert row(rule, replace(case, groups=many)).outcome == "does_not"


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_names_its_law_its_reader_and_its_next_review(rule):
    assert rule.law.act
    assert rule.law.section
    assert rule.recipient
    assert NOW.date() < rule.review_by < NOW.date() + timedelta(days=366)
    assert rule.clock.n is not None or rule.clock.words
    assert rule.id.startswith(rule.jurisdiction.lower().split("-")[0])


def test_no_two_rules_say_the_same_to_the_same_reader():
    said = [(r.jurisdiction, r.law.act, r.law.section, r.audience, r.recipient, r.title, r.sector) for r in PACK.rules]
    assert len(said) == len(set(said))
