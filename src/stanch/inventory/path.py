"""Path templates from traffic alone, step one: gather. ``fold`` decides, ``router`` names and matches.

A monoid: ``add`` in any order, ``merge`` any two, the templates are the same.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from stanch.inventory.fold import fold
from stanch.inventory.router import Router, split
from stanch.inventory.tree import Branch

MAX_VALUES = 1 << 18
"""Digests kept of identifying values: the numerically least, so that order does not matter."""


@dataclass(slots=True)
class PathInventory:
    """A tree per host, and digests of the values by which responses named things."""

    hosts: dict[str, Branch] = field(default_factory=dict)
    values: set[int] = field(default_factory=set)

    def add(self, host: str, method: str, provisional_path: str, status: int, shape: int | None, n: int = 1) -> None:
        """Count ``n`` responses of one shape (``signature``); ``None`` where there was no document."""
        node = self.hosts.setdefault(host, Branch())
        for part in split(provisional_path):
            node = node.child(part)
        node.count((method, status // 100), Counter({shape or 0: n}))

    def add_values(self, digests: Iterable[int]) -> None:
        """Remember what responses named things by (``identifying_values``): a segment among them is likely a parameter."""
        self.values.update(digests)
        if len(self.values) > 2 * MAX_VALUES:
            self.values = least(self.values)

    def merge(self, other: "PathInventory") -> None:
        for host, branch in other.hosts.items():
            self.hosts.setdefault(host, Branch()).merge(branch)
        self.add_values(other.values)

    def templates(self, overrides: Sequence[str] = ()) -> Router:
        """Fold the trees and name the parameters.

        Cost: about linear in the number of distinct provisional paths times their length.
        """
        values = frozenset(least(self.values))
        return Router(given=tuple(overrides), learned={host: fold(branch, values) for host, branch in sorted(self.hosts.items())})


def least(digests: set[int]) -> set[int]:
    return digests if len(digests) <= MAX_VALUES else set(sorted(digests)[:MAX_VALUES])
