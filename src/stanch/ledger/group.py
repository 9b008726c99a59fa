"""From shapes and bit masks to the groups of a question, and back from group patterns to counts.

A question gathers fields into groups: fields of one path, of one datatype, of one endpoint. Each pair of a shape and a mask that occurs
is turned into the bits of the groups it touches, once; the database then only joins and ors numbers. Patterns of groups that occur are
few, so the rest is done here.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from stanch.ledger.answer import By, Count, Scope
from stanch.ledger.shape import Shape, ShapeField

BITS = 62
"""Groups to a number: signed 64-bit, with room."""
VERDICTS: dict[Scope, tuple[str, ...]] = {
    "excessive": ("excessive",),
    "suspected": ("excessive", "unknown"),
    "all": ("excessive", "unknown", "needed"),
}
LEVELS = ((0.9, "critical"), (0.65, "high"), (0.4, "medium"), (0.0, "low"))


class Combo(NamedTuple):
    """A shape and mask that occur."""

    shape: int
    mask: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Grouping:
    names: tuple[str, ...]
    """Group *i* is bit *i*."""
    details: tuple[str, ...]
    bits: Mapping[Combo, int]
    """Of every pair that touches any group."""

    @property
    def n_blocks(self) -> int:
        return max(1, -(-len(self.names) // BITS))

    def blocks(self, bits: int) -> tuple[int, ...]:
        """Cut a set of groups into numbers that the database can hold."""
        return tuple((bits >> (BITS * block)) & ((1 << BITS) - 1) for block in range(self.n_blocks))

    def joined(self, blocks: Sequence[int]) -> int:
        return sum(part << (BITS * block) for block, part in enumerate(blocks))


def level(sensitivity: float) -> str:
    return next(name for least, name in LEVELS if sensitivity >= least)


def group_name(by: By, shape: Shape, item: ShapeField) -> tuple[str, str]:
    """Name the group of a field, with what helps to read it."""
    match by:
        case "field":
            place = "" if item.where == "response.body" else f" ({item.where})"
            return f"{shape.endpoint} {item.path}{place}", item.datatype
        case "endpoint":
            return shape.endpoint, shape.host
        case "sensitivity":
            return level(item.sensitivity), ""
        case "jurisdiction" | "recipient" | "subject":
            return "everything", ""
        case _:
            return item.datatype, level(item.sensitivity)


def grouping(by: By, scope: Scope, shapes: Mapping[int, Shape], combos: Iterable[Combo]) -> Grouping:
    """Give every group of a question its bit, in the order of names."""
    wanted = frozenset(VERDICTS[scope])
    pairs = sorted({group_name(by, shape, item) for shape in shapes.values() for item in shape.fields if item.verdict in wanted})
    names = {name: number for number, (name, _) in enumerate(dict(pairs).items())}
    by_bit = {number: field_bits(shape, wanted, lambda s, f: names[group_name(by, s, f)[0]]) for number, shape in shapes.items()}
    bits = {combo: touched(by_bit.get(combo.shape, ()), combo.mask) for combo in combos}
    return Grouping(names=tuple(names), details=tuple(dict(pairs).values()), bits={combo: found for combo, found in bits.items() if found})


def field_bits(shape: Shape, wanted: frozenset[str], number: Callable[[Shape, ShapeField], int]) -> tuple[int, ...]:
    """Give, for each bit of a shape's mask, the bit of its group; 0 where the field is out of scope."""
    return tuple(1 << number(shape, item) if item.verdict in wanted else 0 for item in shape.fields)


def touched(by_bit: Sequence[int], mask: int) -> int:
    found = 0
    for bit, group in enumerate(by_bit):
        if mask >> bit & 1:
            found |= group
    return found


class Pattern(NamedTuple):
    """People (or recipients) alike: the groups that touched them for certain, and those that may have."""

    sure: int
    possible: int
    n: int


def counts(patterns: Iterable[Pattern], n_groups: int, extra: Sequence[int]) -> list[Count]:
    """Count distinct people by group; ``extra`` are values in each group whose person can't be told."""
    least, most = [0] * n_groups, list(extra)
    for pattern in patterns:
        for group in members(pattern.sure):
            least[group] += pattern.n
        for group in members(pattern.possible):
            most[group] += pattern.n
    return [Count(low, high) for low, high in zip(least, most, strict=True)]


def total(patterns: Iterable[Pattern], extra: int) -> Count:
    found = list(patterns)
    return Count(sum(p.n for p in found if p.sure), sum(p.n for p in found if p.possible) + extra)


def members(bits: int) -> Iterable[int]:
    """Give the numbers of the bits that are set."""
    while bits:
        low = bits & -bits
        yield low.bit_length() - 1
        bits ^= low
