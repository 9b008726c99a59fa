"""From captures to a ledger, in two passes.

Pass one is the scan: labels, templates, people, verdicts. Pass two reads the captures again and writes what each response gave away. A capture
is one batch or several; a batch counts wholly or not at all, and a capture that the ledger has is not taken again.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import TypeVar

from stanch.engines.ledger.files import ArrowTable, disclosure_table, home_table, link_table, write_table
from stanch.engines.ledger.seal import Seal
from stanch.engines.ledger.store import Store
from stanch.engines.local import CHUNK_BYTES, Source, open_source, read_chunks, reader_of, scan
from stanch.errors import InputError
from stanch.finding.build import build
from stanch.finding.report import Report
from stanch.identity.pseudonym import KeyedDigest
from stanch.identity.resolve import Picture, resolve
from stanch.identity.summary import TrafficSummary
from stanch.inventory.contract import Contract
from stanch.ledger.batch import BatchEntry, FileEntry, Table
from stanch.ledger.disclosure import DAY_MS, Disclosure, Link, day_of
from stanch.ledger.emit import SEQUENCE_BITS, Emitter
from stanch.ledger.residence import Home
from stanch.ledger.shape import ShapeBook, shape_book
from stanch.traffic.capture import read_capture

ROWS_PER_BATCH = 1_000_000
"""Rows held in memory before they are written as a batch."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """What a build did."""

    n_batches: int = 0
    n_rows: int = 0
    n_fields: int = 0
    """Disclosed fields: the bits set in the rows' masks."""
    n_taken: int = 0
    n_known: int = 0
    """Captures that the ledger had already."""


@dataclass(slots=True, kw_only=True)
class Reading:
    """Everything that pass one found out."""

    picture: Picture
    report: Report
    book: ShapeBook
    digest: KeyedDigest


def read_first(
    where: list[Source], key: bytes, *, contract: Contract | None = None, jobs: int = 1, client_fields: frozenset[str] | None = None
) -> Reading:
    """Make the first pass with the organisation's pseudonym key."""
    summary = scan(where, key=key, jobs=jobs)
    return reading_of(summary, KeyedDigest(key), contract=contract, client_fields=client_fields)


def reading_of(summary: TrafficSummary, digest: KeyedDigest, *, contract: Contract | None, client_fields: frozenset[str] | None) -> Reading:
    picture = resolve(summary, contract=contract)
    report = build(summary, contract=contract, client_fields=client_fields)
    return Reading(picture=picture, report=report, book=shape_book(picture, report), digest=digest)


def build_ledger(
    store: Store,
    where: list[Source],
    *,
    contract: Contract | None = None,
    client_fields: frozenset[str] | None = None,
    jobs: int = 1,
    acknowledge: Callable[[str], object] = str,
) -> Built:
    """Add captures to a ledger; ``acknowledge`` is told a capture's name once nothing can undo it.

    Raises: InputError for a capture that can't be read, and for standard input, which can't be read twice.
    """
    if any(source.path is None for source in where):
        raise InputError("a ledger is built in two passes, and standard input can be read once", where="-", hint="save the traffic to a file first")
    with store.writing():
        names = {source.name: source_digest(source, store.keyring.pseudonym) for source in where}
        known = store.sources()
        fresh = list({names[source.name]: source for source in where if names[source.name] not in known}.values())
        reading = read_first(where if fresh else [], store.keyring.pseudonym, contract=contract, jobs=jobs, client_fields=client_fields)
        done = []
        for source in fresh:
            done.append(take_source(store, reading, source, names[source.name]))
            acknowledge(source.name)
    return Built(
        n_batches=sum(item.n_batches for item in done), n_rows=sum(item.n_rows for item in done), n_fields=sum(item.n_fields for item in done),
        n_taken=len(fresh), n_known=len(where) - len(fresh),
    )  # fmt: skip


def source_digest(source: Source, key: bytes) -> str:
    """Name a capture by its content, keyed, so that the name says nothing to others."""
    digest = blake2b(key=key, person=b"ledger source", digest_size=16)
    with open_source(source) as stream:
        while chunk := stream.read(CHUNK_BYTES):
            digest.update(chunk)
    return digest.hexdigest()


def take_source(store: Store, reading: Reading, source: Source, name: str) -> Built:
    """Write one capture as one commit, in parts where it is large."""
    base = response_base(name)
    reader = reader_of("auto", store.keyring.pseudonym)
    emitter = Emitter(picture=reading.picture, book=reading.book, digest=reading.digest, base=base, reader=reader)
    seal_name = store.seal_name()
    writer = PartWriter(store, store.seal(seal_name), name)
    for rows in portions(emitter, source):
        writer.write(rows, emitter.links, emitter.homes)
        emitter.links.clear()
        emitter.homes.clear()
    shapes = tuple(reading.book.shapes[number] for number in sorted(writer.shapes))
    store.commit(BatchEntry(batch=name, sources=(name,), seal=seal_name, files=tuple(writer.files), shapes=shapes, coverage=emitter.coverage))
    return Built(n_batches=1, n_rows=writer.n_rows, n_fields=writer.n_fields, n_taken=1)


def response_base(name: str) -> int:
    """Give a batch's responses a range of numbers of their own."""
    return (int(name[:10], 16) >> 2) << SEQUENCE_BITS


def portions(emitter: Emitter, source: Source) -> Iterator[list[Disclosure]]:
    """Give a capture's rows, so many at a time as memory may hold; at least one portion, perhaps empty."""
    rows: list[Disclosure] = []
    with open_source(source) as stream:
        for item in read_capture(read_chunks(stream), name=source.name):
            rows.extend(emitter.take(item))
            if len(rows) >= ROWS_PER_BATCH:
                yield rows
                rows = []
    yield rows


@dataclass(slots=True)
class PartWriter:
    """Writes the files of one batch; none of them counts before the batch is committed."""

    store: Store
    seal: Seal
    batch: str
    files: list[FileEntry] = field(default_factory=list)
    shapes: set[int] = field(default_factory=set)
    n_rows: int = 0
    n_fields: int = 0
    n_parts: int = 0

    def write(self, rows: list[Disclosure], links: Mapping[Link, set[str]], homes: Mapping[Home, set[str]]) -> None:
        """Write rows, and the links and residences with the days on which they were seen."""
        for part in parted(rows):
            self.put("disclosures", day_of(part[0].at_ms), disclosure_table(part, self.seal))
        for day, found in by_days(links).items():
            self.put("links", day, link_table(found, self.seal))
        for day, stated in by_days(homes).items():
            self.put("homes", day, home_table(stated, self.seal))
        self.shapes.update({row.shape for row in rows})
        self.n_rows += len(rows)
        self.n_fields += sum([row.mask.bit_count() for row in rows])
        self.n_parts += 1

    def put(self, table: Table, day: str, data: ArrowTable) -> None:
        key = self.store.day_keys.get_or_make(f"{table}.{day}")
        self.files.append(write_table(data, self.store.root, (table, day, f"{self.batch}-{self.n_parts}"), key))


def parted(rows: list[Disclosure]) -> list[list[Disclosure]]:
    """Part rows by day; those without a time are one part."""
    by_day: dict[int | None, list[Disclosure]] = defaultdict(list)
    for row in rows:
        at_ms = row.at_ms
        by_day[at_ms if at_ms is None else at_ms // DAY_MS].append(row)
    return [by_day[day] for day in sorted(by_day, key=lambda day: day or 0)]


T = TypeVar("T")


def by_days(found: Mapping[T, set[str]]) -> dict[str, list[T]]:
    """Turn things with the days on which they were seen into the things of each day."""
    turned: dict[str, list[T]] = defaultdict(list)
    for item, days in found.items():
        for day in days:
            turned[day].append(item)
    return dict(sorted(turned.items()))
