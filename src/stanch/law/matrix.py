"""The decision matrix: for each rule whether it applies, does not, or can't be known yet and which fact is missing.

Every answer carries the checks it rests on, in words. It supports a decision; counsel makes it.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal
from zoneinfo import ZoneInfo

from stanch.law.case import Case, Known
from stanch.law.clock import Deadline, deadline
from stanch.law.match import People, Tally, described, laid_out, resides, tally
from stanch.law.pack import Pack
from stanch.law.question import question
from stanch.law.rule import MARKS, Override, Rule

NOTICE = "Decision support from a rules pack, not legal advice: counsel decides."
Outcome = Literal["applies", "does_not", "unknown"]
_HARM = {"none": 0, "risk": 1, "serious": 2, "high": 3}


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One condition of a rule, answered."""

    what: str
    answer: Known
    says: str
    asks: str = ""
    """Key of the fact that would tell; set when the answer is unknown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    key: str
    question: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    rule: Rule
    outcome: Outcome
    checks: tuple[Check, ...]
    n_people: int = 0
    """People whom the rule surely protects."""
    n_most: int = 0
    """With those for whom a fact is missing."""
    missing: tuple[Missing, ...] = ()
    deadline: Deadline | None = None
    override: Override | None = None

    @property
    def advisory(self) -> bool:
        return self.rule.advisory

    @property
    def why_advisory(self) -> str:
        if self.rule.status != "in_force":
            return self.rule.status.replace("_", " ")
        return MARKS[self.rule.mark] if self.rule.advisory else ""

    @property
    def reasoning(self) -> str:
        return "; ".join(check.says for check in self.checks)


@dataclass(frozen=True, kw_only=True)
class Matrix:
    case: Case
    rows: tuple[Row, ...]
    uncovered: Mapping[str, int] = field(default_factory=dict)
    """Residences that no general rule of the pack speaks of, with their people: nothing is known of duties there."""

    def by(self, outcome: Outcome) -> tuple[Row, ...]:
        return tuple(row for row in self.rows if row.outcome == outcome)

    @cached_property
    def missing(self) -> Mapping[Missing, tuple[str, ...]]:
        """Each missing fact with the rules that wait for it, most waited for first."""
        waiting: dict[Missing, list[str]] = {}
        for row in self.by("unknown"):
            for fact in row.missing:
                waiting.setdefault(fact, []).append(row.rule.id)
        return {fact: tuple(ids) for fact, ids in sorted(waiting.items(), key=lambda item: (-len(item[1]), item[0].key))}


def decide(pack: Pack, case: Case) -> Matrix:
    """Hold every rule of the pack against the case.

    Cost: rules times groups of people; independent of how many people there are.
    """
    everyone = laid_out(case)
    rows = tuple(_row(rule, pack.override_of(rule.id), case, everyone) for rule in pack.rules)
    return Matrix(case=case, rows=rows, uncovered=_uncovered(pack, everyone))


def _uncovered(pack: Pack, everyone: People) -> Mapping[str, int]:
    general = [rule for rule in pack.rules if rule.sector == "general" and not rule.jurisdiction.startswith("X-")]
    bare = [place for place in everyone.by_place if place and not any(resides(rule, place) != "no" for rule in general)]
    return {place: sum(group.n_people for group in everyone.by_place[place]) for place in sorted(bare)}


def _row(rule: Rule, override: Override | None, case: Case, everyone: People) -> Row:
    count = tally(rule, everyone)
    checks = tuple(_checks(rule, override, case, count))
    outcome = _all(check.answer for check in checks)
    if outcome == "does_not":
        return Row(rule=rule, outcome=outcome, checks=tuple(c for c in checks if c.answer == "no"), n_people=count.n_sure, override=override)
    missing = tuple(Missing(key=key, question=question(key, otherwise=rule.trigger.otherwise)) for key in _asked(checks))
    return Row(
        rule=rule,
        outcome=outcome,
        checks=checks,
        n_people=count.n_sure,
        n_most=count.n_most,
        missing=missing,
        deadline=deadline(rule, case.anchors, case.entity, clock=override.clock if override else None),
        override=override,
    )


def _all(answers: Iterable[Known]) -> Outcome:
    given = set(answers)
    return "does_not" if "no" in given else "unknown" if "unknown" in given else "applies"


def _asked(checks: tuple[Check, ...]) -> Iterable[str]:
    return dict.fromkeys(key for check in checks if check.answer == "unknown" for key in check.asks.split(",") if key)


def _checks(rule: Rule, override: Override | None, case: Case, count: Tally) -> Iterable[Check]:
    if override is not None and override.set_aside:
        yield Check(what="override", answer="no", says=f"set aside by {override.by} until {override.until}: {override.why}")
    protected = _people(rule, count)
    yield protected
    if protected.answer == "no":
        return
    for check in _CONDITIONS:
        found = check(rule, case)
        if found is not None:
            yield found
    if rule.threshold.at_least > 1 or rule.threshold.below is not None:
        yield _threshold(rule, count)


def _people(rule: Rule, count: Tally) -> Check:
    if not count.n_resident and not count.n_maybe_resident:
        return Check(what="residence", answer="no", says="no person affected lives there")
    if not count.n_most:
        return Check(what="data", answer="no", says="none of the leaked kinds of data is protected")
    if count.n_sure:
        met = described(count.elements)
        return Check(what="data", answer="yes", says=f"{count.n_sure} of {people(count.n_resident)}: {met or 'personal data'}{_part_mark(rule)}")
    return Check(what="data", answer="unknown", says=f"up to {people(count.n_most)}", asks=",".join(sorted(count.asks)))


def people(n: int) -> str:
    return "1 person" if n == 1 else f"{n} people"


def _part_mark(rule: Rule) -> str:
    mark = rule.trigger.mark
    return f" (list of kinds: {MARKS[mark]})" if mark in {"S", "K"} else ""


def _in_force(rule: Rule, case: Case) -> Check | None:
    day = case.as_of.astimezone(ZoneInfo(rule.zone)).date()
    since, until = rule.effective.since, rule.effective.until
    if since and day < since:
        return Check(what="force", answer="no", says=f"in force only from {since}")
    if until and day > until:
        return Check(what="force", answer="no", says=f"in force only until {until}")
    return None


def _sector(rule: Rule, case: Case) -> Check | None:
    if rule.sector == "general":
        return None
    known = case.sector(rule.sector)
    says = {"yes": "the organisation is of this kind", "no": "the organisation is not of this kind", "unknown": "not known whether of this kind"}
    return Check(what="sector", answer=known, says=f"{rule.sector.replace('_', ' ')}: {says[known]}", asks=rule.sector)


def _role(rule: Rule, case: Case) -> Check:
    wanted = " or ".join(rule.roles)
    if case.role == "unknown":
        return Check(what="role", answer="unknown", says=f"a duty of the {wanted}", asks="role")
    fits = case.role == "both" or case.role in rule.roles
    return Check(what="role", answer="yes" if fits else "no", says=f"a duty of the {wanted}; the organisation is {case.role}")


def _event(rule: Rule, case: Case) -> Check:
    wanted = " or ".join(rule.trigger.events)
    if case.event == "unknown":
        return Check(what="event", answer="unknown", says=f"needs {wanted}", asks="event")
    fits = case.event == "acquisition" or bool({"access", "disclosure"} & set(rule.trigger.events))
    return Check(what="event", answer="yes" if fits else "no", says=f"needs {wanted}; there was {case.event}")


def _encryption(rule: Rule, case: Case) -> Check | None:
    if rule.trigger.encryption != "exempts":
        return None
    if case.encrypted == "unknown":
        return Check(what="encryption", answer="unknown", says="encrypted data is exempt", asks="encrypted")
    if case.encrypted == "yes":
        return Check(what="encryption", answer="no", says="the data was encrypted and the key is safe")
    return None


def _condition(rule: Rule, case: Case) -> Check | None:
    if not rule.trigger.asks:
        return None
    known = case.answer(rule.trigger.asks)
    prefix = {"yes": "stated that", "no": "stated not to be so:", "unknown": "only if"}[known]
    return Check(what="condition", answer=known, says=f"{prefix} {rule.trigger.otherwise}", asks=rule.trigger.asks)


def _harm(rule: Rule, case: Case) -> Check | None:
    wanted = rule.threshold.harm
    if wanted == "none":
        return None
    if case.harm != "unknown":
        enough = _HARM[case.harm] >= _HARM[wanted]
        return Check(what="harm", answer="yes" if enough else "no", says=f"needs harm '{wanted}'; assessed as '{case.harm}'")
    if rule.threshold.presumed:
        return Check(what="harm", answer="yes", says=f"stands unless less than '{wanted}' is assessed and recorded")
    return Check(what="harm", answer="unknown", says=f"needs harm '{wanted}'", asks="harm")


_CONDITIONS: tuple[Callable[[Rule, Case], Check | None], ...] = (_in_force, _sector, _role, _event, _encryption, _condition, _harm)


def _threshold(rule: Rule, count: Tally) -> Check:
    least, below = rule.threshold.at_least, rule.threshold.below
    if count.elements & set(rule.threshold.or_elements):
        return Check(what="number", answer="yes", says=f"any number: {described(count.elements & set(rule.threshold.or_elements))}")
    sure, most = _numbers(rule, count)
    span = f"{sure}" if sure == most else f"{sure} to {most}"
    limits = f"from {least}" + (f" to fewer than {below}" if below else "")
    answer = _within(sure, most, least, below)
    if answer == "no" and count.maybe:
        return Check(
            what="number", answer="unknown", says=f"{limits} people; here {span}, or any number if a hash permits access", asks="hash_permits_access"
        )
    return Check(what="number", answer=answer, says=f"{limits} people; here {span}", asks=",".join(sorted(count.asks)) if answer == "unknown" else "")


def _numbers(rule: Rule, count: Tally) -> tuple[int, int]:
    if rule.threshold.of == "total":
        return count.n_total_sure, count.n_total_most
    if rule.threshold.of == "largest_part":
        largest = max((n for part, n in count.parts.items() if part.startswith(f"{rule.jurisdiction}-")), default=0)
        return largest, largest + count.n_most - sum(n for part, n in count.parts.items() if "-" in part and part.startswith(rule.jurisdiction))
    return count.n_sure, count.n_most


def _within(sure: int, most: int, least: int, below: int | None) -> Known:
    if most < least or (below is not None and sure >= below):
        return "no"
    return "yes" if sure >= least and (below is None or most < below) else "unknown"
