"""The facts of a case that duties turn on: people by residence and kinds of data, role, harm, event, encryption.

Works on counts, never on people: a group is a residence, a set of datatypes and a number.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from stanch.law.clock import Entity
from stanch.law.period import require_aware
from stanch.law.rule import Anchor, Harm

Known = Literal["yes", "no", "unknown"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """People who live in one place and lost the same kinds of data."""

    residence: str
    """ISO 3166 code (``DE``, ``US-CA``, ``CA-QC``); empty where not known."""
    datatypes: frozenset[str]
    n_people: int
    certain: bool = True
    """Whether these people's data surely went to someone else; if not, they count in the upper bound only."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    groups: tuple[Group, ...]
    as_of: datetime
    """When the question is asked."""
    anchors: Mapping[Anchor, datetime] = field(default_factory=dict)
    role: Literal["controller", "processor", "both", "unknown"] = "unknown"
    harm: Harm | Literal["unknown"] = "unknown"
    """The recorded assessment of the harm to people; a person's judgement, never ours."""
    event: Literal["access", "acquisition", "unknown"] = "acquisition"
    """Responses delivered to a recipient are acquired, not only accessible."""
    encrypted: Literal["yes", "no", "key_too", "unknown"] = "no"
    """``no``: whoever received a response could read it."""
    sectors: Mapping[str, bool] = field(default_factory=dict)
    """What the organisation is, as stated: ``hipaa_covered`` and the like."""
    answers: Mapping[str, bool] = field(default_factory=dict)
    """Answers to what rules ask beyond traffic, by key."""
    entity: Entity = field(default_factory=Entity)

    def __post_init__(self) -> None:
        """Refuse instants without a zone."""
        for instant in (self.as_of, *self.anchors.values()):
            require_aware(instant)

    @property
    def n_people(self) -> int:
        return sum(group.n_people for group in self.groups)

    @property
    def datatypes(self) -> frozenset[str]:
        return frozenset().union(*(group.datatypes for group in self.groups))

    def answer(self, key: str) -> Known:
        return _known(self.answers.get(key))

    def sector(self, kind: str) -> Known:
        return "yes" if kind == "general" else _known(self.sectors.get(kind))


def _known(value: bool | None) -> Known:  # noqa: FBT001 -- an answer is the value itself
    return "unknown" if value is None else "yes" if value else "no"


def grouped(people: Iterable[tuple[str, frozenset[str]]]) -> tuple[Group, ...]:
    """Count people, each once, by residence and kinds of data.

    Cost: one pass, one hash per person.
    """
    counts = Counter(people)
    ordered = sorted(counts.items(), key=lambda item: (item[0][0], sorted(item[0][1])))
    return tuple(Group(residence=residence, datatypes=datatypes, n_people=n) for (residence, datatypes), n in ordered)
