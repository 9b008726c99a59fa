"""The shape of a document: which members stand where, as one number.

Two responses of one endpoint have equal or similar shapes however their values differ. Keeps no value.
The number is a sketch: equal shapes give equal numbers, and shapes that differ in an optional member give
numbers that ``alike`` still recognises.
"""

from collections.abc import Sequence
from functools import lru_cache
from hashlib import blake2b

from stanch.inventory.mapkey import is_data_key, is_map
from stanch.traffic.document import Pairs

MAX_DEPTH = 5
"""Deeper structure does not tell endpoints apart, and costs."""
LANES = 8
_MASK = (1 << 64) - 1
_ODD = tuple(int.from_bytes(blake2b(b"lane %d" % lane, digest_size=8).digest(), "big") | 1 for lane in range(2 * LANES))
_TOP_ALIKE, _DEEP_ALIKE = 5, 4


def signature(tree: object) -> int:
    """Sketch the member names of a tree's upper levels; arrays count as the union of their elements.

    Shape: 64 bits, sixteen lanes of four: eight for the outermost members, eight for those below, which are 0 where there are none.
    Null members count by name; the number of elements, types of leaves and keys that are data do not matter.
    Source: A. Broder, On the resemblance and containment of documents (1997); P. Li, A. C. König, b-bit minwise hashing (2010).
    """
    top: set[int] = set()
    deep: set[int] = set()
    collect(tree, 0, 0, (top, deep))
    return sketch(frozenset(top or {kind_mark(tree)}), frozenset(deep))


def collect(tree: object, place: int, depth: int, into: tuple[set[int], set[int]]) -> None:
    """Gather a mark for every place of a member; ``place`` identifies the way from the root."""
    if type(tree) is list:
        inside = mark(place, "[]")
        for item in tree:
            if type(item) in CONTAINERS:
                collect(item, inside, depth, into)
    elif type(tree) in OBJECTS and depth < MAX_DEPTH:
        pairs = members(tree)
        whole = is_map(pairs)
        add = into[depth > 0].add
        for key, value in pairs:
            here = mark(place, "~" if whole or is_data_key(key) else key)
            add(here)
            if type(value) in CONTAINERS:
                collect(value, here, depth + 1, into)


OBJECTS = frozenset([Pairs, dict])
CONTAINERS = OBJECTS | {list}


def members(tree: object) -> Sequence[tuple[str, object]]:
    return tree if isinstance(tree, Pairs) else tuple((str(key), value) for key, value in tree.items()) if isinstance(tree, dict) else ()


def kind_mark(tree: object) -> int:
    kind = "[]" if isinstance(tree, list) else "{}" if isinstance(tree, (Pairs, dict)) else "null" if tree is None else "."
    return mark(0, "\0" + kind)


@lru_cache(maxsize=1 << 16)
def mark(place: int, key: str) -> int:
    text = key.encode("utf-8", "surrogatepass")
    return int.from_bytes(blake2b(text, digest_size=8, salt=place.to_bytes(8, "big")).digest(), "big")


@lru_cache(maxsize=1 << 14)
def sketch(top: frozenset[int], deep: frozenset[int]) -> int:
    total = 0
    for lane, odd in enumerate(_ODD):
        marks = top if lane < LANES else deep
        least = min(((m * odd) & _MASK for m in marks), default=None)
        total = total << 4 | (0 if least is None else 1 + (least >> 7) % 15)
    return total


@lru_cache(maxsize=1 << 16)
def alike(one: int, other: int) -> bool:
    """Tell whether two signatures are of one shape, give or take optional members and empty lists."""
    if one == other:
        return True
    difference = one ^ other
    same = [not (difference >> 4 * lane) & 15 for lane in range(2 * LANES)]
    if sum(same[LANES:]) < _TOP_ALIKE:
        return False
    bare = not one & 0xFFFFFFFF or not other & 0xFFFFFFFF
    return bare or sum(same[:LANES]) >= _DEEP_ALIKE
