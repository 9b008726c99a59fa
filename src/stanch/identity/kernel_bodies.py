"""Scan JSON bodies straight from their bytes with the native kernel: columns, with no tree and no Python object a value.

For what needs columns only. Decides nothing: bodies that the kernel leaves to Python are read by the reference.
"""

from collections.abc import Iterable, Sequence
from types import ModuleType
from typing import Any, Generic, NamedTuple, TypeVar

from stanch.classify.column import FieldSummary
from stanch.classify.leaf import Leaf, walk
from stanch.classify.place import ROOT, Place, below
from stanch.classify.tables import tables
from stanch.identity.kernel_reader import column
from stanch.identity.pseudonym import VALUE, KeyedDigest
from stanch.identity.reading import values_of
from stanch.inventory.mapkey import MIN_LEAVES, MIN_OBJECTS
from stanch.traffic.body.json_text import read_json
from stanch.traffic.body.limits import Limits, Notes
from stanch.traffic.document import Document

R = TypeVar("R")


class Spot(NamedTuple):
    """What a column is known by, within its root."""

    path: str
    name: str
    parents: tuple[str, ...]


class Columns(Generic[R]):
    """The columns of bodies by root (whatever the caller tells endpoints apart by) and place; several may be merged.

    One thread a time; several instances in several threads run side by side.
    """

    def __init__(self, key: bytes, native: ModuleType | None) -> None:
        self.found: dict[tuple[R, Spot], FieldSummary] = {}
        self._digest = KeyedDigest(key)
        self._roots: dict[R, int] = {}
        self._bodies: Any = native.Bodies(tables(), key, VALUE, MIN_OBJECTS, MIN_LEAVES) if native else None

    def scan(self, bodies: Sequence[bytes], roots: Sequence[R]) -> None:
        """Take bodies, each with its root.

        Raises: BodyError for one that is no JSON; those before it are counted.
        """
        left: Iterable[int] = range(len(bodies))
        if self._bodies is not None:
            left = self._bodies.scan(bodies, [self._roots.setdefault(root, len(self._roots)) for root in roots])
        for at in left:
            self._read(bodies[at], roots[at])

    def _read(self, body: bytes, root: R) -> None:
        tree = read_json(body, None, Limits(), Notes()).tree
        for leaf in walk(Document(where="response.body", tree=tree)):
            digest, _ = next(iter(values_of(leaf, self._digest)))
            self._column(root, leaf).add(leaf.value, digest)

    def _column(self, root: R, place: Place | Leaf) -> FieldSummary:
        return self.found.setdefault((root, Spot(place.path, place.name, place.parents)), FieldSummary())

    def settle(self) -> dict[tuple[R, Spot], FieldSummary]:
        """Give all columns so far."""
        if self._bodies is not None:
            roots, places = list(self._roots), places_of(self._bodies.ways())
            for row in self._bodies.take():
                self._column(roots[row[0]], places[row[1]]).merge(column(row))
        return self.found


def places_of(ways: list[tuple[int, int, str]]) -> list[Place]:
    """Name the kernel's nodes; each is reached from one before it."""
    places = [ROOT]
    for parent, step, name in ways[1:]:
        places.append(below(places[parent], step, name))
    return places
