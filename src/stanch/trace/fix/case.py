"""One cause with all that a fix needs to know of it."""

from collections.abc import Iterable
from dataclasses import dataclass

from stanch.classify.lexicon import key_candidates
from stanch.identity.person import is_person_noun
from stanch.trace.interpreter import Interpreter
from stanch.trace.model import Cause, Chain, Route, Traced
from stanch.trace.project import Name, Project
from stanch.trace.shape.orm import columns
from stanch.trace.syntax import last, normal
from stanch.trace.value import Entity, Obj

NEVER = ("credential.", "finance.card", "gov_id.")
"""Kinds of data that no list of what may go out names, unless traffic showed that they are needed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    ev: Interpreter
    cause: Cause
    found: tuple[Traced, ...]
    everything: tuple[Traced, ...]
    """All findings of the report, traced, for fixes that mend an endpoint as a whole."""
    affected: frozenset[str]
    """Symbols of functions that routes outside of the findings reach too."""

    @property
    def project(self) -> Project:
        return self.ev.project

    @property
    def leaking(self) -> frozenset[str]:
        return frozenset(normal(f) for f in self.cause.fields)

    @property
    def module(self) -> str:
        return next(m for m, s in self.project.summaries.items() if s.path == self.cause.step.place.file)

    @property
    def source(self) -> str:
        return self.project.sources[self.cause.step.place.file]

    def chains(self) -> Iterable[Chain]:
        return (t.chains[0] for t in self.found)

    def module_at(self, file: str) -> str:
        return next(m for m, s in self.project.summaries.items() if s.path == file)

    def entity(self) -> Name | None:
        """Find the class whose attributes leak, by the chains' last step."""
        for chain in self.chains():
            tail = chain.steps[-1]
            if tail.kind == "model-attribute":
                owner = tail.place.symbol.rpartition(".")[0]
                return self.subclass(Name(self.module_at(tail.place.file), owner))
        return None

    def subclass(self, owner: Name) -> Name:
        """Give the class itself, also where the attribute stands in a base that only one class has."""
        return owner

    def allowed(self, names: Iterable[str], *, person: bool) -> list[str]:
        """Give the names that may go out: those that do not leak and are no secrets."""
        return [n for n in names if normal(n) not in self.leaking and not (is_never(n, person=person))]

    def allowed_columns(self, cls: Name) -> list[str]:
        stored = [m.name for m in columns(self.ev, cls) if not isinstance(m.value(), (Entity, Obj))]
        return self.allowed(stored, person=is_person_noun(last(cls.qualname)))

    def others(self) -> tuple[Route, ...]:
        return self.cause.siblings


def is_never(name: str, *, person: bool) -> bool:
    found = key_candidates(name, person=person)[:1]
    return any(m.datatype.startswith(NEVER) for m in found)
