"""Which caller received which value about whom: bounded, and the same whatever the order.

Every field keeps its ``width`` sightings of least rank, a rank being a mix of the sighting's own pseudonyms. While all fields
together keep more than ``LIMIT``, the width is halved. What a field keeps is thus a function of the whole set of its sightings and
of the final width, so that merging in any order and sharding gives the same. A field that had to drop some knows it: its
counts are scaled up and called estimates.
Source: bottom-k sketches, E. Cohen, H. Kaplan, Summarizing data using bottom-k sketches (2007).
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Generic, NamedTuple, TypeVar

from stanch.identity.people import Node

LIMIT = 1_500_000
"""Sightings kept over all fields: about 300 MB."""
WIDEST, NARROWEST = 1 << 16, 1 << 5
_MASK = (1 << 64) - 1

K = TypeVar("K")


class Sighting(NamedTuple):
    """One value that one caller received about one subject."""

    caller: int
    value: int
    subject: tuple[Node, ...]


def rank(sighting: Sighting) -> tuple[int, Sighting]:
    """Mix a sighting's pseudonyms into a number that orders sightings as if at random, ties by the sighting itself."""
    mixed = sighting.value ^ (sighting.caller * 0x9E3779B97F4A7C15) & _MASK
    for _, node in sighting.subject:
        mixed = (mixed ^ node) * 0xD1342543DE82EF95 & _MASK
    mixed = (mixed ^ mixed >> 32) * 0xBF58476D1CE4E5B9 & _MASK
    return mixed ^ mixed >> 29, sighting


class Sightings(Mapping[K, Counter[Sighting]], Generic[K]):
    """Field to its sightings with their counts."""

    __slots__ = ("_kept", "_limit", "_n", "_totals", "width")

    def __init__(self, limit: int = LIMIT) -> None:
        self._limit = limit
        self._kept: dict[K, Counter[Sighting]] = {}
        self._totals: Counter[K] = Counter()
        self._n = 0
        """Sightings that count against the limit: of each field, at most ``width``."""
        self.width = WIDEST

    def __getitem__(self, key: K) -> Counter[Sighting]:
        return self._kept[key]

    def __iter__(self) -> Iterator[K]:
        return iter(self._kept)

    def __len__(self) -> int:
        return len(self._kept)

    def total(self, key: K) -> int:
        """Give the exact number of values seen, kept or not."""
        return self._totals[key]

    def scale(self, key: K) -> float:
        """Give the factor by which counts of what is kept must be multiplied; above 1 they are estimates."""
        kept = self._kept[key].total() if key in self._kept else 0
        return self._totals[key] / kept if kept else 1.0

    def add(self, key: K, sighting: Sighting, n: int = 1) -> None:
        self._totals[key] += n
        self._put(key, sighting, n)
        self._bound()

    def merge(self, other: "Sightings[K]") -> None:
        """Fold another store in; the order of merging does not matter."""
        if other.width < self.width:
            self._narrow(other.width)
        for key, counts in other.items():
            for sighting, n in counts.items():
                self._put(key, sighting, n)
        for key in other:
            self._totals[key] += other.total(key)
        self._bound()

    def finish(self) -> None:
        """Trim every field to the width; what is kept afterwards does not depend on the order."""
        for counts in self._kept.values():
            trim(counts, self.width)

    def _put(self, key: K, sighting: Sighting, n: int) -> None:
        counts = self._kept.setdefault(key, Counter())
        if sighting not in counts:
            self._n += len(counts) < self.width
            if len(counts) >= 2 * self.width:
                trim(counts, self.width)
        counts[sighting] += n

    def _bound(self) -> None:
        while self._n > self._limit and self.width > NARROWEST:
            self._narrow(self.width // 2)

    def _narrow(self, width: int) -> None:
        self.width = width
        for counts in self._kept.values():
            trim(counts, width)
        self._n = sum(min(len(counts), width) for counts in self._kept.values())

    def __getstate__(self) -> tuple[object, ...]:
        return self._limit, self._kept, self._totals, self._n, self.width

    def __setstate__(self, state: tuple[object, ...]) -> None:
        self._limit, self._kept, self._totals, self._n, self.width = state  # type: ignore[assignment]


def trim(counts: Counter[Sighting], width: int) -> None:
    """Keep the sightings of least rank."""
    if len(counts) > width:
        for dropped in sorted(counts, key=rank)[width:]:
            del counts[dropped]
