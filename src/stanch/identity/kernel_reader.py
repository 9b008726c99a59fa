"""Read documents with the native kernel: the same leaves, columns and pseudonyms as the reference, counted in Rust.

Decides nothing: tables, names and places come from the reference's own functions, and what the kernel does not read goes to it.
"""

from collections.abc import Iterable, Iterator
from functools import partial
from types import ModuleType
from typing import Any

from stanch.classify.checksum import passed
from stanch.classify.column import FieldSummary, length_of
from stanch.classify.leaf import Leaf
from stanch.classify.place import ROOT, Place, below
from stanch.classify.tables import tables
from stanch.identity.pseudonym import VALUE
from stanch.identity.reading import is_personal_name
from stanch.identity.summary import FieldKey, Position, Reference, Said, TrafficSummary
from stanch.inventory.mapkey import MIN_OBJECTS, is_data_key, is_map
from stanch.traffic.body.nested import Nested
from stanch.traffic.document import Document, Pairs

Row = tuple[int, int, tuple[int, int, int], list[tuple[str, int]], tuple[int, int], list[tuple[str, int]], list[int], list[tuple[int, str]]]
"""A column from the kernel: root, node, (values, nulls, empties), types, (shortest, longest), candidates, pseudonyms, values to try."""


class Leaves(list[Leaf]):
    """Leaves that the kernel read, with its own record of them."""

    def __init__(self, leaves: Iterable[Leaf], record: object, personal: list[tuple[int, int, list[int]]]) -> None:
        super().__init__(leaves)
        self.record = record
        self.personal = personal
        """Of those that may be personal: place, pseudonym, pseudonyms of the addresses inside."""


class KernelReader:
    """Reads documents with the kernel, under one key."""

    def __init__(self, native: ModuleType, key: bytes) -> None:
        self.places = [ROOT]
        self.roots: dict[Position, int] = {}
        self.reference = Reference()
        known = {
            "root": ROOT, "new_place": self.new_place, "new_leaf": partial(tuple.__new__, Leaf), "is_data_key": is_data_key,
            "is_map": is_map, "least_map": MIN_OBJECTS,
            "length_of": length_of, "pairs": Pairs, "nested": Nested,
        }  # fmt: skip
        self.scanner: Any = native.Scanner(tables(), key, VALUE, known)

    def new_place(self, above: Place, step: int, name: str) -> tuple[Place, bool]:
        """Name a place that the kernel met for the first time, and say whether its name is that of personal data."""
        place = below(above, step, name)
        self.places.append(place)
        return place, is_personal_name(place.name, place.parents)

    def leaves(self, document: Document) -> list[Leaf]:
        if document.names:
            return self.reference.leaves(document)
        try:
            record, leaves, personal = self.scanner.read(document.tree)
        except ValueError:
            return self.reference.leaves(document)
        return Leaves(leaves, record, personal)

    def count(self, into: TrafficSummary, position: Position, leaves: list[Leaf]) -> Iterator[tuple[Leaf, Said]]:
        if not isinstance(leaves, Leaves):
            yield from self.reference.count(into, position, leaves)
            return
        self.scanner.count(leaves.record, self.roots.setdefault(position, len(self.roots)))
        for place, digest, inside in leaves.personal:
            yield leaves[place], ([(value, (("email", value),)) for value in inside] or [(digest, ())])

    def settle(self, into: TrafficSummary) -> None:
        positions = list(self.roots)
        for row in self.scanner.take():
            position, place = positions[row[0]], self.places[row[1]]
            key = FieldKey(position.place, position.status, position.where, place.path, place.name, place.parents)
            into.fields.setdefault(key, FieldSummary()).merge(column(row))


def column(row: Row) -> FieldSummary:
    """Make the summary of a column from the kernel's."""
    _, _, (n_values, n_null, n_empty), types, (shortest, longest), found, smallest, codes = row
    summary = FieldSummary(n_values=n_values, n_null=n_null, n_empty=n_empty)
    summary.types.update(dict(types))
    summary.candidates.update(dict(found))
    if n_values:
        summary.min_length, summary.max_length = shortest, longest
    summary.smallest.update(smallest)
    summary.checked.update((digest, passed(text)) for digest, text in codes)
    return summary
