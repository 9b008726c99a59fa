"""The fact sheet: everything that a document may say, each with where it comes from and how sure it is.

A fact is the result of a query on evidence or a person's statement. Documents name facts and hold no value of their own;
a fact that changes voids the approval of every document that used it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from typing import Literal

from stanch.errors import InputError
from stanch.law.period import require_aware

Kind = Literal["count", "instant", "day", "text", "contact", "list", "datatypes", "flag", "law"]
Confidence = Literal["exact", "at_least", "at_most", "estimate", "stated"]
Value = int | bool | str | date | datetime | tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """A fact read from evidence."""

    what: str
    """The question: ``distinct subjects of excessive fields``."""
    source: str
    """Which evidence, by name and digest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """A fact that a named person vouches for."""

    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    key: str
    kind: Kind
    value: Value
    source: Query | Statement
    confidence: Confidence
    language: str = ""
    """Of a text; empty where it does not matter."""
    zone: str = ""
    """In which an instant is read out."""

    def __post_init__(self) -> None:
        """Refuse a value that is not of its kind, and a number typed into prose."""
        if not _fits(self.kind, self.value):
            raise InputError(f"the value is no {self.kind}", where=f"fact '{self.key}'")
        if self.kind in {"text", "list"} and isinstance(self.source, Statement) and _has_digit(self.value):
            raise InputError("a number may not be typed into a text", where=f"fact '{self.key}'", hint="state the number as a fact of its own")
        if isinstance(self.value, datetime):
            require_aware(self.value)


_TYPES: Mapping[str, type | tuple[type, ...]] = MappingProxyType(
    {"count": int, "instant": datetime, "day": date, "text": str, "contact": str, "list": tuple, "datatypes": tuple, "flag": bool, "law": str}
)


def _fits(kind: Kind, value: Value) -> bool:
    if kind == "count":
        return isinstance(value, int) and not isinstance(value, bool) and value >= 0
    if kind == "day":
        return isinstance(value, date) and not isinstance(value, datetime)
    return isinstance(value, _TYPES[kind])


def _has_digit(value: Value) -> bool:
    return any(character.isdigit() for text in (value if isinstance(value, tuple) else (value,)) for character in str(text))


@dataclass(frozen=True, slots=True, kw_only=True)
class FactSheet:
    facts: Mapping[tuple[str, str], Fact]
    """By key and language."""

    def get(self, key: str, language: str = "") -> Fact | None:
        """Give a fact in the language asked for, else the one that fits all, else any there is (the linter tells)."""
        for wanted in (language, "", "en"):
            if (key, wanted) in self.facts:
                return self.facts[key, wanted]
        return next((fact for (name, _), fact in sorted(self.facts.items()) if name == key), None)

    @property
    def keys(self) -> frozenset[str]:
        return frozenset(key for key, _ in self.facts)

    def holds(self, key: str) -> bool:
        """Say whether a fact is known and not empty or false."""
        fact = self.get(key)
        return fact is not None and fact.value not in {False, "", ()}


def sheet_of(facts: Iterable[Fact]) -> FactSheet:
    """Put facts on a sheet; a statement stands over a query, a later one over an earlier one."""
    by_key: dict[tuple[str, str], Fact] = {}
    for fact in facts:
        known = by_key.get((fact.key, fact.language))
        if known is None or _rank(fact) >= _rank(known):
            by_key[fact.key, fact.language] = fact
    return FactSheet(facts=MappingProxyType(by_key))


def with_fact(sheet: FactSheet, fact: Fact) -> FactSheet:
    return sheet_of([*sheet.facts.values(), fact])


def _rank(fact: Fact) -> tuple[bool, float]:
    stated = isinstance(fact.source, Statement)
    return stated, fact.source.at.timestamp() if isinstance(fact.source, Statement) else 0.0


def changed(old: FactSheet, new: FactSheet) -> frozenset[str]:
    """Name the facts whose value or confidence differs between two sheets."""
    keys = {*old.facts, *new.facts}
    return frozenset(key for key, language in keys if _said(old.facts.get((key, language))) != _said(new.facts.get((key, language))))


def _said(fact: Fact | None) -> tuple[Value, Confidence] | None:
    return (fact.value, fact.confidence) if fact else None
