"""Whether leaked kinds of data are what a statute protects, and of how many people that is so.

Three answers, never two: a hash may be a password, a list may not be whole, a residence may not be known.
"""

from collections.abc import Iterable
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


def tally(rule: Rule, case: Case) -> Tally:
    """Count the people whose leaked data the rule protects."""
    total = Tally()
    for group in case.groups:
        lives = resides(rule, group.residence)
        matches, ask = matches_trigger(rule.trigger, group.datatypes, hash_permits_access=case.answer("hash_permits_access"))
        _add(total, rule, group, lives, matches, ask)
    return total


def _add(total: Tally, rule: Rule, group: Group, lives: Known, matches: Known, ask: str) -> None:
    n = group.n_people
    total.n_total_sure += n if matches == "yes" else 0
    total.n_total_most += n if matches != "no" else 0
    if lives == "no":
        return
    total.n_resident += n if lives == "yes" else 0
    total.n_maybe_resident += n if lives == "unknown" else 0
    if matches == "no":
        return
    total.n_most += n
    total.asks |= ({"residence"} if lives == "unknown" else set()) | ({ask} if matches == "unknown" else set())
    if lives == "yes" and matches == "yes":
        total.n_sure += n
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
    """Name the protected kinds that were met, for the reasoning."""
    elements = _elements(datatypes)
    found = {e for e in trigger.elements if e in elements}
    return found.union(*(combo for combo in trigger.combos if all(e in elements for e in combo)))


def described(elements: Iterable[str]) -> str:
    return ", ".join(sorted(elements)).replace("_", " ")
