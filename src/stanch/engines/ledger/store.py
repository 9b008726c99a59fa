"""A ledger's folder: what is in it, and how something gets in or out of it.

::

    ledger.json                              what this is, and whose (the key file's name)
    batches/BATCH.json                       one committed batch; its appearance is the commit
    disclosures/day=2026-03-20/BATCH.parquet rows, encrypted with that day's key
    links/…  homes/…                         pseudonyms of one person; where people live
    keys/TABLE.DAY.wrapped                   the day's key, wrapped by the organisation's
    deletions/0001.json                      signed proof of what was destroyed

A file that no batch names does not exist for readers. One writer at a time holds the lock; readers need none.
"""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import msgspec

from stanch.engines.ledger.durable import sync_folder, write_durably
from stanch.engines.ledger.keys import Keyring
from stanch.engines.ledger.proof import Deletion, read_deletions
from stanch.engines.ledger.seal import DayKeys, Seal
from stanch.errors import InputError, OutsideError
from stanch.ledger.batch import TABLES, BatchEntry, FileEntry, decode, encode, visible

SCHEMA = "stanch.ledger/1"
FOLDERS = ("batches", "disclosures", "links", "homes", "keys", "deletions")


@dataclass(frozen=True, slots=True)
class Store:
    root: Path
    keyring: Keyring

    @property
    def day_keys(self) -> DayKeys:
        return DayKeys(self.root / "keys", self.keyring.wrap.keys, self.keyring.wrap.current)

    def entries(self) -> list[BatchEntry]:
        """Give the batches that count."""
        return visible(self.every_entry())

    def every_entry(self) -> list[BatchEntry]:
        return [read_entry(path) for path in sorted((self.root / "batches").glob("*.json"))]

    def deletions(self) -> list[Deletion]:
        return read_deletions(self.root / "deletions")

    def files(self) -> list[FileEntry]:
        """Give the files that count: named by a batch, and not destroyed."""
        gone = {name for deletion in self.deletions() for name in deletion.names}
        return [file for entry in self.entries() for file in entry.files if file.name not in gone]

    def sources(self) -> frozenset[str]:
        """Give the captures that were taken, replaced batches' included."""
        return frozenset(source for entry in self.every_entry() for source in entry.sources)

    def seal_name(self) -> str:
        """Give the id of the seal key in use: that of the batches, or the current one where there are none."""
        names = {entry.seal for entry in self.entries()} or {self.keyring.seal.current}
        if len(names) > 1:
            raise InputError("batches are sealed with different keys", where=str(self.root), hint="restore the ledger's folder from one backup")
        return names.pop()

    def seal(self, name: str | None = None) -> Seal:
        name = name or self.seal_name()
        if name not in self.keyring.seal.keys:
            raise InputError(
                "the ledger was sealed with a key that the key file does not hold", where=str(self.root), hint="is it this ledger's key file?"
            )
        return Seal(self.keyring.seal.keys[name])

    def commit(self, entry: BatchEntry) -> None:
        """Make a batch count. All its files are on the disk by now; after this it is acknowledged."""
        write_durably(self.root / "batches" / f"{entry.batch}.json", encode(entry))

    def remove_replaced(self) -> None:
        """Delete what does not count: replaced batches with their files, and what a killed writer left or did not finish."""
        for deletion in self.deletions():
            self.finish_deletion(deletion)
        kept, named = {entry.batch for entry in self.entries()}, {file.name for file in self.files()}
        for entry in self.every_entry():
            if entry.batch not in kept:
                (self.root / "batches" / f"{entry.batch}.json").unlink(missing_ok=True)
        sync_folder(self.root / "batches")
        for table in TABLES:
            for path in sorted((self.root / table).rglob("*")):
                if path.is_file() and path.relative_to(self.root).as_posix() not in named:
                    path.unlink(missing_ok=True)
        for path in self.root.glob("*/.*.part"):
            path.unlink(missing_ok=True)

    def finish_deletion(self, deletion: Deletion) -> None:
        """Destroy what a proof of deletion says, where that is still to be done: the key first, then the files."""
        path = self.day_keys.path(deletion.part)
        if path.exists() and sha256(path.read_bytes()).hexdigest() == deletion.wrapped_key:
            self.day_keys.destroy(deletion.part)
        for name in deletion.names:
            (self.root / name).unlink(missing_ok=True)

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Hold the lock; the next one in tidies up after a killed writer.

        Raises: OutsideError where another process is writing.
        """
        with (self.root / "lock").open("wb") as stream:
            try:
                fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise OutsideError("another process is writing to the ledger", where=str(self.root), hint="try again when it is done") from None
            self.remove_replaced()
            yield


def is_ledger(path: Path) -> bool:
    return (path / "ledger.json").is_file()


def create_store(root: Path, keyring: Keyring) -> Store:
    """Make an empty ledger; where there is one already, open it."""
    if is_ledger(root):
        return open_store(root, keyring)
    try:
        if root.exists() and any(root.iterdir()):
            raise InputError("the folder is not empty and no ledger", where=str(root), hint="give a new folder")
        for name in FOLDERS:
            (root / name).mkdir(mode=0o700, parents=True, exist_ok=True)
        root.chmod(0o700)
        write_durably(root / "ledger.json", msgspec.json.encode({"schema": SCHEMA, "keyring": keyring.name}))
    except OSError as error:
        raise InputError(f"the ledger can't be made: {error.strerror}", where=str(root)) from error
    return Store(root, keyring)


def open_store(root: Path, keyring: Keyring) -> Store:
    """Open a ledger.

    Raises: InputError where there is none, or where it belongs to another key file.
    """
    try:
        found = msgspec.json.decode((root / "ledger.json").read_bytes(), type=dict[str, str])
    except FileNotFoundError:
        raise InputError("there is no ledger", where=str(root), hint="make one with: stanch ledger build CAPTURE... --into DIR") from None
    except (OSError, msgspec.DecodeError):
        raise InputError("the ledger's description is damaged", where=f"{root}/ledger.json") from None
    if found.get("schema") != SCHEMA:
        raise InputError("the ledger is of a kind that this version does not know", where=f"{root}/ledger.json")
    if found.get("keyring") != keyring.name:
        raise InputError("the key file belongs to another ledger", where=str(root), hint="give the key file that it was made with")
    return Store(root, keyring)


def read_entry(path: Path) -> BatchEntry:
    try:
        return decode(path.read_bytes())
    except (msgspec.DecodeError, OSError):
        raise InputError("a batch's entry is damaged", where=str(path), hint="restore the ledger's folder from its backup") from None
