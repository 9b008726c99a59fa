"""Batches made into one: compaction, rotation of keys, and merging of ledgers. One commit each; what is replaced counts until then.

The result does not depend on the order of batches: rows are sorted by their content, links and residences are sets.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from stanch.engines.ledger.extra import load
from stanch.engines.ledger.files import ArrowTable, read_table, resealed, write_table
from stanch.engines.ledger.keys import save_keyring, with_rotation, without_old
from stanch.engines.ledger.seal import Seal
from stanch.engines.ledger.store import Store
from stanch.errors import InputError
from stanch.ledger.batch import BatchEntry, FileEntry, Table
from stanch.ledger.coverage import Coverage

ROW_ORDER = [("seen_at", "ascending"), ("response", "ascending"), ("shape", "ascending"), ("mask", "ascending"), ("subject", "ascending")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Compacted:
    n_before: int
    n_after: int


def compact(store: Store) -> Compacted:
    """Make one batch of all: fewer files, each pseudonym's links and residences once a day."""
    with store.writing():
        entries = store.entries()
        if len(entries) > 1:
            name = store.seal_name()
            store.commit(joined(store, entries, (name, store.seal(name), store.seal(name))))
            store.remove_replaced()
    return Compacted(n_before=len(entries), n_after=min(1, len(entries)))


def rotate(store: Store, key_path: Path) -> Store:
    """Give the ledger fresh seal and wrap keys, and forget the old ones; joins stay as they were.

    A kill at any point leaves a ledger and a key file that fit each other; running it again finishes it.
    """
    with store.writing():
        keyring = with_rotation(store.keyring)
        save_keyring(keyring, key_path)
        turned = Store(store.root, keyring)
        entries, old = store.entries(), store.seal_name()
        new = keyring.seal.current
        if entries:
            turned.commit(joined(turned, entries, (new, store.seal(old), turned.seal(new))))
            turned.remove_replaced()
        turned.day_keys.rewrap(turned.day_keys.parts())
        final = Store(store.root, without_old(keyring))
        save_keyring(final.keyring, key_path)
    return final


Sealing = tuple[str, Seal, Seal]
"""Id of the new seal key; the seal that the rows have; the one that they get."""


def joined(store: Store, entries: list[BatchEntry], sealing: Sealing) -> BatchEntry:
    """Write the files of several batches as one batch's; not yet committed."""
    name, old, new = sealing
    batch = sha256("\n".join([name, *sorted(entry.batch for entry in entries)]).encode()).hexdigest()[:32]
    current = {file.name for file in store.files()}
    files = [file for entry in entries for file in entry.files if file.name in current]
    written = [
        write_table(content(store, parts, (old, new)), store.root, (table, day, batch), store.day_keys.get(f"{table}.{day}"))
        for (table, day), parts in by_part(files).items()
    ]
    return BatchEntry(
        batch=batch, sources=tuple(sorted({source for entry in entries for source in entry.sources})), seal=name, files=tuple(written),
        shapes=tuple({shape.number: shape for entry in entries for shape in entry.shapes}.values()), coverage=covered(entries),
        replaces=tuple(sorted(entry.batch for entry in entries)),
    )  # fmt: skip


def by_part(files: Iterable[FileEntry]) -> dict[tuple[Table, str], list[FileEntry]]:
    parts: dict[tuple[Table, str], list[FileEntry]] = defaultdict(list)
    for file in files:
        parts[file.table, file.day].append(file)
    return dict(sorted(parts.items()))


def content(store: Store, parts: list[FileEntry], seals: tuple[Seal, Seal]) -> ArrowTable:
    """Read, reseal where the key changes, and put in order."""
    pa = load("pyarrow")
    table: Table = parts[0].table
    whole = pa.concat_tables([read_table(store.root / part.name, store.day_keys.get(part.part)) for part in parts])
    old, new = seals
    if old is not new:
        whole = resealed(whole, table, old, new)
    return ordered(whole) if table == "disclosures" else distinct(whole)


def ordered(table: ArrowTable) -> ArrowTable:
    """Sort rows by content, so that the order of batches leaves no trace."""
    return table.sort_by(ROW_ORDER)


def distinct(table: ArrowTable) -> ArrowTable:
    """Keep each row once, in order."""
    names = table.column_names
    return table.group_by(names).aggregate([]).sort_by([(name, "ascending") for name in names])


def covered(entries: Iterable[BatchEntry]) -> Coverage:
    total = Coverage()
    for entry in entries:
        total.merge(entry.coverage)
    return total


@dataclass(slots=True, kw_only=True)
class Merged:
    n_taken: int = 0
    n_known: int = 0
    taken: list[str] = field(default_factory=list)


def merge(into: Store, other: Store) -> Merged:
    """Take another ledger's batches; those whose captures are all known are left out.

    Raises: InputError for ledgers of different organisations, and where a batch overlaps with what is there and neither holds all of the other.
    """
    if into.keyring.name != other.keyring.name:
        raise InputError("the ledgers belong to different key files, so their people can't be joined", where=str(other.root))
    found = Merged()
    with into.writing():
        for entry in other.entries():
            known = into.sources()
            if set(entry.sources) <= known:
                found.n_known += 1
                continue
            replaced = overlapping(into, entry)
            into.commit(carried(into, other, entry, replaced))
            found.n_taken += 1
        into.remove_replaced()
    return found


def overlapping(into: Store, entry: BatchEntry) -> tuple[str, ...]:
    """Find the batches that an incoming one holds wholly."""
    sources = set(entry.sources)
    touched = [item for item in into.entries() if sources & set(item.sources)]
    if any(not set(item.sources) <= sources for item in touched):
        raise InputError(
            "a batch of the other ledger overlaps with this one, and neither holds all of the other", where=entry.batch,
            hint="merge the ledgers before compacting them, or build a new one from the captures",
        )  # fmt: skip
    return tuple(item.batch for item in touched)


def carried(into: Store, other: Store, entry: BatchEntry, replaced: tuple[str, ...]) -> BatchEntry:
    """Write another ledger's batch under this one's keys."""
    name = into.seal_name()
    seals = (other.seal(entry.seal), into.seal(name)) if entry.seal != name else (into.seal(name),) * 2
    current = {file.name for file in other.files()}
    written = []
    for (table, day), parts in by_part(file for file in entry.files if file.name in current).items():
        key = into.day_keys.get_or_make(f"{table}.{day}")
        written.append(write_table(content(other, parts, (seals[0], seals[1])), into.root, (table, day, entry.batch), key))
    return BatchEntry(
        batch=entry.batch, sources=entry.sources, seal=name, files=tuple(written), shapes=entry.shapes, coverage=entry.coverage, replaces=replaced
    )
