"""What one committed batch holds, as its manifest entry says: files, shapes, coverage, and which batches it replaces.

The entry is written by name, member by member, and read with every type checked. It holds counts, paths and hours; no pseudonym.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal

import msgspec

from stanch.ledger.coverage import Coverage, Looked, Spot
from stanch.ledger.disclosure import NO_DAY
from stanch.ledger.shape import Shape

SCHEMA = "stanch.ledger-batch/1"
Table = Literal["disclosures", "links", "homes"]
TABLES: tuple[Table, ...] = ("disclosures", "links", "homes")
"""The classes of data, each with keys and a retention of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileEntry:
    table: Table
    day: str
    """ISO date, or ``unknown``."""
    name: str
    """Path inside the ledger."""
    n_rows: int
    n_bytes: int
    sha256: str

    @property
    def part(self) -> str:
        """Name of the key that opens it."""
        return f"{self.table}.{self.day}"


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchEntry:
    batch: str
    sources: tuple[str, ...]
    """Keyed digests of the captures it was made from: none is taken twice."""
    seal: str
    """Id of the key that its pseudonyms are sealed with."""
    files: tuple[FileEntry, ...] = ()
    shapes: tuple[Shape, ...] = ()
    coverage: Coverage = field(default_factory=Coverage)
    replaces: tuple[str, ...] = ()


def encode(entry: BatchEntry) -> bytes:
    return msgspec.json.encode(
        {
            "schema": SCHEMA,
            "batch": entry.batch,
            "sources": list(entry.sources),
            "seal": entry.seal,
            "replaces": list(entry.replaces),
            "files": [file_dict(item) for item in entry.files],
            "shapes": [shape_dict(item) for item in sorted(entry.shapes, key=lambda s: s.number)],
            "coverage": coverage_dict(entry.coverage),
        }
    )


def file_dict(item: FileEntry) -> dict[str, object]:
    return {"table": item.table, "day": item.day, "name": item.name, "n_rows": item.n_rows, "n_bytes": item.n_bytes, "sha256": item.sha256}


def shape_dict(item: Shape) -> dict[str, object]:
    fields = [{"path": f.path, "where": f.where, "datatype": f.datatype, "verdict": f.verdict} for f in item.fields]
    return {"host": item.host, "endpoint": item.endpoint, "status": item.status, "fields": fields}


def coverage_dict(coverage: Coverage) -> dict[str, object]:
    rows = [
        [spot.endpoint, spot.hour, seen.n_exchanges, seen.n_undecodable, seen.n_unrecorded]
        for spot, seen in sorted(coverage.spots.items(), key=lambda pair: (pair[0].endpoint, pair[0].hour or 0))
    ]
    return {"n_unreadable": coverage.n_unreadable, "spots": rows}


class _Coverage(msgspec.Struct, forbid_unknown_fields=True):
    n_unreadable: int
    spots: list[tuple[str, int | None, int, int, int]]


class _Batch(msgspec.Struct, forbid_unknown_fields=True):
    schema: Literal["stanch.ledger-batch/1"]
    batch: str
    sources: tuple[str, ...]
    seal: str
    replaces: tuple[str, ...]
    files: tuple[FileEntry, ...]
    shapes: tuple[Shape, ...]
    coverage: _Coverage


def decode(data: bytes) -> BatchEntry:
    """Read an entry.

    Raises: msgspec.DecodeError where it is none.
    """
    found = msgspec.json.decode(data, type=_Batch)
    coverage = Coverage(n_unreadable=found.coverage.n_unreadable)
    for endpoint, hour, n_exchanges, n_undecodable, n_unrecorded in found.coverage.spots:
        coverage.spots[Spot(endpoint, hour)] = Looked(n_exchanges=n_exchanges, n_undecodable=n_undecodable, n_unrecorded=n_unrecorded)
    return BatchEntry(
        batch=found.batch, sources=found.sources, seal=found.seal, files=found.files, shapes=found.shapes, coverage=coverage, replaces=found.replaces
    )


def visible(entries: Iterable[BatchEntry]) -> list[BatchEntry]:
    """Leave out what another entry replaces; the order is that of the names."""
    every = list(entries)
    replaced = {name for entry in every for name in entry.replaces}
    return sorted((entry for entry in every if entry.batch not in replaced), key=lambda entry: entry.batch)


def in_window(files: Iterable[FileEntry], since: datetime | None, until: datetime | None) -> list[FileEntry]:
    """Leave out the days that no row of the window can be of."""
    if since is None and until is None:
        return list(files)
    first = since.astimezone(UTC).date().isoformat() if since else ""
    last = until.astimezone(UTC).date().isoformat() if until else "9999-12-31"
    return [file for file in files if file.day != NO_DAY and first <= file.day <= last]
