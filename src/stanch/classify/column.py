"""What a column of values showed, as a mergeable summary: counts and sketches, never a value.

A commutative monoid: ``merge`` in any order and grouping gives the same. Decides nothing.
"""

from collections import Counter
from dataclasses import dataclass, field

from stanch.classify.checksum import keep, spread, trim
from stanch.classify.detect import candidates

SKETCH_SIZE = 1024
"""Smallest pseudonyms kept: the number of distinct values is exact up to here. Source: Bar-Yossef et al. 2002 (KMV)."""


@dataclass(slots=True)
class FieldSummary:
    n_values: int = 0
    n_null: int = 0
    n_empty: int = 0
    types: Counter[str] = field(default_factory=Counter)
    candidates: Counter[str] = field(default_factory=Counter)
    """Values that could be of a datatype, or of a look-alike shape (``shape.*``)."""
    min_length: int = 1 << 30
    max_length: int = 0
    smallest: set[int] = field(default_factory=set)
    """The smallest pseudonyms, at most twice ``SKETCH_SIZE`` between trims."""
    checked: dict[int, int] = field(default_factory=dict)
    """Of the values that could be numbers of something (``shape.code``): the smallest pseudonyms, each with the validators passed (``checksum``)."""

    def add(self, value: object, digest: int) -> None:
        """Take one value with its 64-bit pseudonym."""
        if value is None:
            self.n_null += 1
            return
        if value in ("", b""):
            self.n_empty += 1
            return
        self.n_values += 1
        self.types[type(value).__name__] += 1
        length = length_of(value)
        self.min_length = min(self.min_length, length)
        self.max_length = max(self.max_length, length)
        found = candidates(value)
        for name in found:
            self.candidates[name] += 1
        if "shape.code" in found:
            text = str(value)
            keep(self.checked, spread(digest, text), text)
        self.smallest.add(digest)
        if len(self.smallest) > 2 * SKETCH_SIZE:
            self.trim()

    def merge(self, other: "FieldSummary") -> None:
        """Fold another summary of the same column in."""
        self.n_values += other.n_values
        self.n_null += other.n_null
        self.n_empty += other.n_empty
        self.types.update(other.types)
        self.candidates.update(other.candidates)
        self.min_length = min(self.min_length, other.min_length)
        self.max_length = max(self.max_length, other.max_length)
        self.smallest |= other.smallest
        self.checked |= other.checked
        self.trim()

    def trim(self) -> None:
        if len(self.smallest) > SKETCH_SIZE:
            self.smallest = set(sorted(self.smallest)[:SKETCH_SIZE])
        trim(self.checked)

    @property
    def n_distinct(self) -> int:
        """Distinct values: exact below ``SKETCH_SIZE``, else estimated (about 3 % off)."""
        kept = sorted(self.smallest)[:SKETCH_SIZE]
        if len(kept) < SKETCH_SIZE:
            return len(kept)
        return round((SKETCH_SIZE - 1) / (kept[-1] / 2**64))

    def share(self, name: str) -> float:
        """Share of the values that are candidates for ``name``."""
        return self.candidates[name] / self.n_values if self.n_values else 0.0


def length_of(value: object) -> int:
    """Count code points of a text, bytes of bytes, signs of a number as written; of a huge whole number about as many."""
    if isinstance(value, (str, bytes)):
        return len(value)
    if isinstance(value, int) and value.bit_length() > HUGE_BITS:
        return value.bit_length() * 3 // 10
    return len(str(value))


HUGE_BITS = 4096
"""Python refuses to write longer numbers than some thousand digits."""
