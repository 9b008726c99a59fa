"""Walk a document's tree and give every leaf with its path, names and enclosing objects.

Decides how paths are written: ``[*]`` for array elements, ``[~]`` for members of a map whose keys are data, ``[~]~`` for such
a key itself, ``['odd name']`` where a name needs it, ``@json``, ``@base64``, ``@jwt`` for what a string held. Knows no datatypes.
"""

import re
from collections.abc import Iterator
from itertools import count
from typing import NamedTuple

from stanch.inventory.mapkey import is_data_key, is_map
from stanch.traffic.body.nested import Nested
from stanch.traffic.document import Document, Pairs

_PLAIN = re.compile(r"[^\x00-\x20.\[\]'\"@~*$]+")


class Leaf(NamedTuple):
    path: str
    name: str
    """The member's name that counts; for an array element, the array's; aliases are resolved."""
    parents: tuple[str, ...]
    """Names of the enclosing members, outermost first."""
    value: object
    """Personal."""
    objects: tuple[int, ...]
    """Numbers of the enclosing objects within the document, outermost first."""
    owner_path: str
    """Path of the innermost object."""


class _Spot(NamedTuple):
    value: object
    path: str
    plain: str
    """The path without array steps, as GraphQL aliases are looked up."""
    name: str
    parents: tuple[str, ...]
    objects: tuple[int, ...]
    owner_path: str


def walk(document: Document) -> Iterator[Leaf]:
    """Give every leaf of a document, in document order.

    Cost: linear in the tree; no recursion, no caps.
    """
    numbers = count(1)
    stack = [_Spot(document.tree, "$", "$", "", (), (), "$")]
    while stack:
        spot = stack.pop()
        value = spot.value
        if isinstance(value, Nested):
            stack.append(inside(spot, value))
            yield Leaf(spot.path, spot.name, spot.parents, value.text, spot.objects, spot.owner_path)
        elif isinstance(value, (Pairs, dict)):
            pairs = value if isinstance(value, Pairs) else tuple(value.items())
            number, keys = next(numbers), keys_that_are_data(pairs)
            yield from (Leaf(f"{spot.path}[~]~", spot.name, spot.parents, key, (*spot.objects, number), spot.path) for key in keys.values())
            stack.extend(reversed([member(spot, item, number, document, is_data=at in keys) for at, item in enumerate(pairs)]))
        elif isinstance(value, (list, tuple)):
            stack.extend(reversed([spot._replace(value=inner, path=f"{spot.path}[*]") for inner in value]))
        else:
            yield Leaf(spot.path, spot.name, spot.parents, value, spot.objects, spot.owner_path)


def inside(spot: _Spot, nested: Nested) -> _Spot:
    return spot._replace(value=nested.tree, path=f"{spot.path}@{nested.kind}", plain=f"{spot.plain}@{nested.kind}")


def keys_that_are_data(pairs: tuple[tuple[object, object], ...]) -> dict[int, str]:
    """Find the keys, by their place, that are values: some by their form, or all of a map's."""
    if is_map(pairs):
        return {at: str(key) for at, (key, _) in enumerate(pairs)}
    return {at: name for at, (key, _) in enumerate(pairs) if is_data_key(name := str(key))}


def member(spot: _Spot, item: tuple[object, object], number: int, document: Document, *, is_data: bool) -> _Spot:
    name = str(item[0])
    plain = f"{spot.plain}.{name}"
    path = spot.path + ("[~]" if is_data else step(name))
    parents = (*spot.parents, spot.name) if spot.name else spot.parents
    effective = spot.name if is_data else document.names.get(plain, name)
    return _Spot(item[1], path, plain, effective, parents, (*spot.objects, number), spot.path)


def step(name: str) -> str:
    """Write a member's name as a step of a path."""
    if _PLAIN.fullmatch(name):
        return f".{name}"
    quoted = name.replace("\\", "\\\\").replace("'", "\\'")
    return f"['{quoted}']"
