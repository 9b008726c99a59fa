"""What an endpoint can give: its labelled fields in a fixed order, each with its bit.

A shape's number depends on its content alone, so ledgers made apart agree on it. Shapes name paths and datatypes, never values.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from typing import Literal, NamedTuple

from stanch.classify.taxonomy import TAXONOMY
from stanch.finding.report import Report
from stanch.identity.person import kind_of_name
from stanch.identity.resolve import FieldPicture, FoldedKey, Picture, folded_key

FIELDS_PER_SHAPE = 63
"""Bits that fit a signed 64-bit number, which every reader of the files has."""
Verdict = Literal["excessive", "unknown", "needed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShapeField:
    path: str
    where: str
    datatype: str
    verdict: Verdict

    @property
    def sensitivity(self) -> float:
        known = TAXONOMY.get(self.datatype)
        return known.sensitivity if known else 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    host: str
    endpoint: str
    """As in the report: method and template."""
    status: int
    fields: tuple[ShapeField, ...]

    @property
    def number(self) -> int:
        """63 bits of the content's hash."""
        rows = [f"{self.host} {self.endpoint} {self.status}", *(f"{f.where} {f.path} {f.datatype} {f.verdict}" for f in self.fields)]
        return int.from_bytes(blake2b("\n".join(rows).encode(), digest_size=8).digest(), "big") >> 1

    def mask_of(self, verdicts: Iterable[str]) -> int:
        """Give the bits of the fields with one of these verdicts."""
        wanted = frozenset(verdicts)
        return sum(1 << bit for bit, item in enumerate(self.fields) if item.verdict in wanted)


class Slot(NamedTuple):
    """Where a field of the traffic stands in the ledger."""

    shape: int
    bit: int
    identifier: str | None
    """The kind of identifier that the field's name promises."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShapeBook:
    shapes: Mapping[int, Shape]
    slots: Mapping[FoldedKey, Slot]


def shape_book(picture: Picture, report: Report) -> ShapeBook:
    """Give every labelled field of a response its bit.

    The report says which fields are too much; a field that it does not name was judged needed.
    """
    verdicts = {(f.endpoint, f.status, f.where, f.path): f.verdict for f in report.findings}
    groups: dict[tuple[str, str, int], list[FieldPicture]] = {}
    for item in picture.fields:
        if item.label is not None and item.where.startswith("response"):
            groups.setdefault((item.endpoint.host, item.endpoint.key, item.status), []).append(item)
    shapes: dict[int, Shape] = {}
    slots: dict[FoldedKey, Slot] = {}
    for (host, endpoint, status), items in groups.items():
        for chunk in chunks(items):
            shape = Shape(host=host, endpoint=endpoint, status=status, fields=tuple(shape_field(item, verdicts) for item in chunk))
            shapes[shape.number] = shape
            for bit, item in enumerate(chunk):
                slots[folded_key(item)] = Slot(shape.number, bit, kind_of_name(item.name))
    return ShapeBook(shapes=shapes, slots=slots)


def chunks(items: list[FieldPicture]) -> Iterable[list[FieldPicture]]:
    """Cut a long list of fields, in a fixed order, into lists that fit a mask."""
    ordered = sorted(items, key=lambda item: (item.where, item.path, item.name, item.parents))
    return (ordered[start : start + FIELDS_PER_SHAPE] for start in range(0, len(ordered), FIELDS_PER_SHAPE))


def shape_field(item: FieldPicture, verdicts: Mapping[tuple[str, int, str, str], Literal["excessive", "unknown"]]) -> ShapeField:
    if item.label is None:
        raise ValueError("only labelled fields have a place in a shape")
    verdict: Verdict = verdicts.get((item.endpoint.key, item.status, item.where, item.path), "needed")
    return ShapeField(path=item.path, where=item.where, datatype=item.label.datatype, verdict=verdict)
