"""What a sound rules pack must hold beyond its schema: reviews in date, vectors that hold, honest marks.

``today`` comes in; nothing here knows the clock.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from stanch.law.pack import Pack
from stanch.law.rule import Rule
from stanch.law.vector import failures

MAX_REVIEW = timedelta(days=366)


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    rule_id: str
    level: Literal["error", "warning"]
    says: str


def lint(pack: Pack, *, today: date) -> tuple[Problem, ...]:
    """Give every problem of a pack, errors first."""
    problems = [problem for rule in pack.rules for problem in _rule(rule, today)]
    problems += [*_overrides(pack, today), *_cycles(pack)]
    return tuple(sorted(problems, key=lambda p: (p.level, p.rule_id, p.says)))


def _rule(rule: Rule, today: date) -> Iterable[Problem]:
    def error(says: str) -> Problem:
        return Problem(rule_id=rule.id, level="error", says=says)

    if rule.review_by < today:
        yield error(f"was to be reviewed by {rule.review_by}")
    if rule.review_by > today + MAX_REVIEW:
        yield Problem(rule_id=rule.id, level="warning", says="is not to be reviewed within a year")
    if not rule.vectors:
        yield error("has no vector")
    if rule.numeric and not any(vector.due for vector in rule.vectors):
        yield error("has a number of days or hours and no vector with a date")
    for failure in failures(rule):
        yield error(f"vector {failure.n}: {failure.says}")
    if rule.effective.since and rule.effective.until and rule.effective.until < rule.effective.since:
        yield error("ends before it begins")
    if rule.mark == "K" and not any("verified" in note for note in (*rule.notes, *rule.contested)):
        yield Problem(rule_id=rule.id, level="warning", says="rests on general knowledge and does not say so in its notes")


def _overrides(pack: Pack, today: date) -> Iterable[Problem]:
    for override in pack.overrides:
        if override.until < today:
            yield Problem(rule_id=override.rule, level="error", says=f"is overridden until {override.until}, which is past")
        if not override.why.strip() or not override.by.strip():
            yield Problem(rule_id=override.rule, level="error", says="is overridden without a name or a reason")


def _cycles(pack: Pack) -> Iterable[Problem]:
    """Find rules that must each come before the other."""
    before = {(rule.id, order.rule) for rule in pack.rules for order in rule.order if order.when == "before"}
    before |= {(order.rule, rule.id) for rule in pack.rules for order in rule.order if order.when == "after"}
    for first, second in sorted(before):
        if (second, first) in before and first < second:
            yield Problem(rule_id=first, level="error", says=f"must come both before and after '{second}'")
