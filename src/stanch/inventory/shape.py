"""The shape of a document: which members of which types, as one number.

Two responses of one endpoint have equal or similar shapes however their values differ. Keeps no value.
"""

from collections.abc import Iterable
from hashlib import blake2b

from stanch.inventory.mapkey import is_data_key
from stanch.traffic.document import Pairs

MAX_DEPTH = 4
"""Deeper structure does not tell endpoints apart, and costs."""


def signature(tree: object) -> int:
    """Hash the member names of a tree's upper levels; arrays count as the set of their elements' shapes.

    Shape: 64 bits. Null members and element counts do not matter.
    """
    return int.from_bytes(blake2b(describe(tree, 0).encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big")


def describe(tree: object, depth: int) -> str:
    if isinstance(tree, (Pairs, dict)):
        pairs = tree if isinstance(tree, Pairs) else tree.items()
        if depth >= MAX_DEPTH:
            return "{}"
        return "{" + ",".join(sorted({f"{'~' if is_data_key(str(k)) else k}:{describe(v, depth + 1)}" for k, v in pairs})) + "}"
    if isinstance(tree, list):
        return "[" + "|".join(sorted(set(elements(tree, depth)))) + "]"
    return "."


def elements(items: Iterable[object], depth: int) -> Iterable[str]:
    return (describe(item, depth + 1) for item in items)
