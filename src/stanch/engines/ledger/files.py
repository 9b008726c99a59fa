"""Rows to encrypted Parquet files and back.

Every column chunk is one data page: DuckDB 2.0 can't decrypt the second page of a chunk that Arrow wrote (it counts pages otherwise), and one
page a chunk suits the questions, which read whole columns. Other readers (Spark, Trino, Arrow) don't mind.
"""

from collections.abc import Iterable, Sequence
from hashlib import sha256
from operator import itemgetter
from pathlib import Path
from typing import Any

from stanch.engines.ledger.durable import move_durably, sync_file, temporary
from stanch.engines.ledger.extra import load
from stanch.engines.ledger.seal import Seal
from stanch.ledger.batch import FileEntry, Table
from stanch.ledger.disclosure import Disclosure, Link
from stanch.ledger.residence import Home

IN_TIME = itemgetter(0, 1)
"""Time, then response: for rows that have a time, as all of a partition have or none has."""
ROWS_PER_GROUP = 1 << 20
ONE_PAGE = 1 << 28
PERSONS: dict[Table, tuple[str, ...]] = {
    "disclosures": ("subject", "recipient", "credential", "address"),
    "links": ("root", "member"),
    "homes": ("subject",),
}
"""Columns of sealed pseudonyms."""
DELTA = {"disclosures": ("seen_at", "response", "place"), "links": (), "homes": ()}
"""Columns that count up; their differences are kept. All others are dictionaries."""
ArrowTable = Any
"""A pyarrow table; pyarrow is an extra and has no types."""


def disclosure_table(rows: Sequence[Disclosure], seal: Seal) -> ArrowTable:
    """Put rows in columns, persons sealed, in the order of time."""
    pa = load("pyarrow")
    ordered = sorted(rows, key=IN_TIME) if rows and rows[0].at_ms is not None else rows
    columns = list(zip(*ordered, strict=True)) if ordered else [()] * len(Disclosure._fields)
    by_name = dict(zip(Disclosure._fields, columns, strict=True))
    return pa.table(
        {
            "seen_at": pa.array(by_name["at_ms"], pa.timestamp("ms", tz="UTC")),
            "response": pa.array(by_name["response"], pa.int64()),
            "subject": sealed(by_name["subject"], seal),
            "recipient": sealed(by_name["recipient"], seal),
            "kind": pa.array(by_name["kind"], pa.int8()),
            "relation": pa.array(by_name["relation"], pa.int8()),
            "shape": pa.array(by_name["shape"], pa.int64()),
            "mask": pa.array(by_name["mask"], pa.int64()),
            "n": pa.array(by_name["n"], pa.int32()),
            "authenticated": pa.array(by_name["authenticated"], pa.bool_()),
            "staff": pa.array(by_name["staff"], pa.bool_()),
            "credential": sealed(by_name["credential"], seal),
            "address": sealed(by_name["address"], seal),
            "place": pa.array(by_name["place"], pa.int64()),
        }
    )


def link_table(links: Iterable[Link], seal: Seal) -> ArrowTable:
    pa = load("pyarrow")
    ordered = sorted(links)
    return pa.table(
        {
            "root": sealed([link.root for link in ordered], seal),
            "member": sealed([link.member for link in ordered], seal),
            "kind": pa.array([link.kind for link in ordered], pa.string()),
        }
    )


def home_table(homes: Iterable[Home], seal: Seal) -> ArrowTable:
    pa = load("pyarrow")
    ordered = sorted(homes)
    return pa.table(
        {
            "subject": sealed([home.subject for home in ordered], seal),
            "source": pa.array([home.source for home in ordered], pa.string()),
            "country": pa.array([home.country for home in ordered], pa.string()),
            "state": pa.array([home.state for home in ordered], pa.string()),
            "confidence": pa.array([home.confidence for home in ordered], pa.int8()),
        }
    )


def sealed(pseudonyms: Sequence[int | None], seal: Seal) -> ArrowTable:
    """Seal a column; each distinct pseudonym once."""
    pa = load("pyarrow")
    encoded = pa.array(pseudonyms, pa.uint64()).dictionary_encode()
    return pa.array(seal.seal(encoded.dictionary.to_pylist()), pa.int64()).take(encoded.indices)


def resealed(table: ArrowTable, kind: Table, old: Seal, new: Seal) -> ArrowTable:
    """Carry a table's persons over to another seal key."""
    pa = load("pyarrow")
    for name in PERSONS[kind]:
        encoded = table.column(name).combine_chunks().dictionary_encode()
        column = pa.array(old.reseal(encoded.dictionary.to_pylist(), new), pa.int64()).take(encoded.indices)
        table = table.set_column(table.schema.get_field_index(name), name, column)
    return table


def write_table(table: ArrowTable, root: Path, entry: tuple[Table, str, str], key: bytes) -> FileEntry:
    """Write a table encrypted, to the disk and into place; nobody reads it before a batch names it."""
    kind, day, batch = entry
    parquet, encryption = load("pyarrow.parquet"), load("pyarrow.parquet.encryption")
    name = f"{kind}/day={day}/{batch}.parquet"
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    beside = temporary(path)
    delta = DELTA[kind]
    parquet.write_table(
        table, beside, compression="zstd", row_group_size=ROWS_PER_GROUP, store_schema=False, write_page_index=False,
        use_dictionary=[column for column in table.column_names if column not in delta],
        column_encoding=dict.fromkeys(delta, "DELTA_BINARY_PACKED") or None,
        dictionary_pagesize_limit=ONE_PAGE, data_page_size=ONE_PAGE, max_rows_per_page=ONE_PAGE,
        encryption_properties=encryption.create_encryption_properties(footer_key=key),
    )  # fmt: skip
    beside.chmod(0o600)
    sync_file(beside)
    digest = file_digest(beside)
    n_bytes = beside.stat().st_size
    move_durably(beside, path)
    return FileEntry(table=kind, day=day, name=name, n_rows=len(table), n_bytes=n_bytes, sha256=digest)


def read_table(path: Path, key: bytes) -> ArrowTable:
    parquet, encryption = load("pyarrow.parquet"), load("pyarrow.parquet.encryption")
    with parquet.ParquetFile(path, decryption_properties=encryption.create_decryption_properties(footer_key=key)) as file:
        return file.read()


def file_digest(path: Path) -> str:
    digest = sha256()
    with path.open("rb") as stream:
        while chunk := stream.read(1 << 20):
            digest.update(chunk)
    return digest.hexdigest()
