"""Whether leaked kinds of data are what a statute protects, and of how many people that is so.

Three answers, never two: a hash may be a password, a list may not be whole, a residence may not be known.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from stanch.law.case import Case, Group, Known
from stanch.law.element import elements_of, possible_elements_of
from stanch.law.rule import Rule, Trigger

LISTED_SOMEWHERE = frozenset(
    {
        "medical",
        "health_insurance",
        "biometric",
        "genetic",
        "passport",
        "military_id",
        "tax_id",
        "government_id",
        "mothers_maiden_name",
        "signature",
        "card",
    }
    | {"account", "special", "access_token", "password"}
)
"""Kinds that one statute or another lists beyond the core; if a list is not whole, they leave the answer open."""


@dataclass(slots=True, kw_only=True)
class Tally:
    """How many people a rule protects: surely, and at most."""

    n_resident: int = 0
    n_maybe_resident: int = 0
    n_sure: int = 0
    n_most: int = 0
    n_total_sure: int = 0
    n_total_most: int = 0
    parts: dict[str, int] = field(default_factory=dict)
    asks: set[str] = field(default_factory=set)
    elements: set[str] = field(default_factory=set)
    """Protected kinds that were met."""
    maybe: set[str] = field(default_factory=set)
    """Kinds that would make the number irrelevant, if a hash permits access."""
    seen: set[frozenset[str]] = field(default_factory=set)


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """The groups of a case, laid out so that a rule looks only at the residences that it may reach."""

    by_place: Mapping[str, tuple[Group, ...]]
    by_kinds: Mapping[tuple[frozenset[str], bool], int]
    """How many people lost these kinds, surely or perhaps, wherever they live."""
    hash_permits_access: Known


def laid_out(case: Case) -> People:
    by_place: dict[str, list[Group]] = {}
    by_kinds: dict[tuple[frozenset[str], bool], int] = {}
    for group in case.groups:
        by_place.setdefault(group.residence, []).append(group)
        key = (group.datatypes, group.certain)
        by_kinds[key] = by_kinds.get(key, 0) + group.n_people
    places = {place: tuple(groups) for place, groups in by_place.items()}
    return People(by_place=places, by_kinds=by_kinds, hash_permits_access=case.answer("hash_permits_access"))


def tally(rule: Rule, people: People) -> Tally:
    """Count the people whose leaked data the rule protects.

    Cost: sets of kinds, and groups of the residences that the rule may reach.
    """
    matches = {key: _matches(rule, *key, people.hash_permits_access) for key in people.by_kinds}
    total = Tally()
    for key, n in people.by_kinds.items():
        total.n_total_sure += n if matches[key][0] == "yes" else 0
        total.n_total_most += n if matches[key][0] != "no" else 0
    for place, groups in people.by_place.items():
        lives = resides(rule, place)
        for group in groups if lives != "no" else ():
            _add(total, rule, group, lives, *matches[group.datatypes, group.certain])
    return total


def _matches(rule: Rule, datatypes: frozenset[str], certain: bool, hash_permits_access: Known) -> tuple[Known, str]:  # noqa: FBT001 -- the key of by_kinds
    matches, ask = matches_trigger(rule.trigger, datatypes, hash_permits_access=hash_permits_access)
    return ("unknown", "attribution") if matches == "yes" and not certain else (matches, ask)


def _add(total: Tally, rule: Rule, group: Group, lives: Known, matches: Known, ask: str) -> None:
    n = group.n_people
    total.n_resident += n if lives == "yes" else 0
    total.n_maybe_resident += n if lives == "unknown" else 0
    if matches == "no":
        return
    total.n_most += n
    if lives == "unknown":
        total.asks.add("residence")
    if matches == "unknown":
        total.asks.add(ask)
    if lives == "yes" and matches == "yes":
        total.n_sure += n
        if group.datatypes not in total.seen:
            total.seen.add(group.datatypes)
            total.elements |= named(rule.trigger, group.datatypes) | (_elements(group.datatypes) & set(rule.threshold.or_elements))
            total.maybe |= (_possible(group.datatypes) - _elements(group.datatypes)) & set(rule.threshold.or_elements)
        total.parts[group.residence] = total.parts.get(group.residence, 0) + n


def resides(rule: Rule, residence: str) -> Known:
    """Say whether people of a residence count for a rule."""
    if rule.sector != "general" or rule.jurisdiction.startswith("X-"):
        return "yes"
    return _resides(rule.covers or (rule.jurisdiction,), residence)


@lru_cache(maxsize=65536)
def _resides(places: tuple[str, ...], residence: str) -> Known:
    if not residence:
        return "unknown"
    if any(residence == place or residence.startswith(f"{place}-") for place in places):
        return "yes"
    return "unknown" if any(place.startswith(f"{residence}-") for place in places) else "no"


@lru_cache(maxsize=65536)
def _elements(datatypes: frozenset[str]) -> frozenset[str]:
    return elements_of(datatypes) | datatypes


@lru_cache(maxsize=65536)
def _possible(datatypes: frozenset[str]) -> frozenset[str]:
    return _elements(datatypes) | possible_elements_of(datatypes)


def matches_trigger(trigger: Trigger, datatypes: frozenset[str], *, hash_permits_access: Known = "unknown") -> tuple[Known, str]:
    """Say whether one person's leaked kinds are protected, and if open, which fact would tell."""
    if not trigger.elements and not trigger.combos:
        return ("yes", "") if datatypes else ("no", "")
    if _hit(trigger, _elements(datatypes)):
        return "yes", ""
    if hash_permits_access != "no" and _hit(trigger, _possible(datatypes)):
        return hash_permits_access, "hash_permits_access"
    if not trigger.complete and _elements(datatypes) & LISTED_SOMEWHERE:
        return "unknown", "statute_list"
    return "no", ""


def _hit(trigger: Trigger, elements: frozenset[str]) -> bool:
    return any(e in elements for e in trigger.elements) or any(all(e in elements for e in combo) for combo in trigger.combos)


def named(trigger: Trigger, datatypes: frozenset[str]) -> set[str]:
    """Name the protected kinds that were met, for the reasoning; those that a hash may be only where nothing else was."""
    for elements in (_elements(datatypes), _possible(datatypes)):
        found = {e for e in trigger.elements if e in elements}
        found |= {e for combo in trigger.combos if all(part in elements for part in combo) for e in combo}
        if found:
            return found
    return set()


def described(elements: Iterable[str]) -> str:
    return ", ".join(sorted(elements)).replace("_", " ")
