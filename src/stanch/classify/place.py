"""Places of values within documents, step by step, as ``leaf.walk`` writes them; for an engine that numbers its places.

Decides nothing that ``leaf`` does not.
"""

from typing import NamedTuple

from stanch.classify.leaf import step as written


class Place(NamedTuple):
    """A place in a document, with what a leaf there says besides its value."""

    path: str
    name: str
    parents: tuple[str, ...]
    owner_path: str


ROOT = Place("$", "", (), "$")
MEMBER, ELEMENT, DATA, KEYS, JSON, BASE64, JWT = range(7)
"""Steps: a member by name, any element, a member whose name is data, that name itself, what a string held."""
_NESTED = {JSON: "@json", BASE64: "@base64", JWT: "@jwt"}


def below(place: Place, step: int, name: str) -> Place:
    """Take one step down; ``name`` is the member's, else empty."""
    if step == ELEMENT:
        return place._replace(path=f"{place.path}[*]")
    if step in _NESTED:
        return place._replace(path=f"{place.path}{_NESTED[step]}")
    if step == KEYS:
        return Place(f"{place.path}[~]~", place.name, place.parents, place.path)
    parents = (*place.parents, place.name) if place.name else place.parents
    if step == DATA:
        return Place(f"{place.path}[~]", place.name, parents, place.path)
    return Place(place.path + written(name), name, parents, place.path)
