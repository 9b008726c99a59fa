"""Retention: what is older than its class may be kept is destroyed, with proof.

Plan, then for each day: write the signed record (from here on the day does not count), destroy its key, delete its files. A kill in
between leaves a record whose work the next writer finishes.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256

from stanch.engines.ledger.proof import FIRST, Deletion, signed, write_deletion
from stanch.engines.ledger.store import Store
from stanch.errors import InputError
from stanch.ledger.batch import FileEntry, Table
from stanch.ledger.disclosure import NO_DAY


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """How long each class of data may be kept, in days; a class without a rule is kept."""

    days: Mapping[Table, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """One partition to be destroyed."""

    table: Table
    day: str
    files: tuple[FileEntry, ...]
    reason: str

    @property
    def part(self) -> str:
        return f"{self.table}.{self.day}"

    @property
    def n_rows(self) -> int:
        return sum(file.n_rows for file in self.files)


def plan(files: Iterable[FileEntry], rule: Rule, today: date) -> list[Planned]:
    """List what the rule says must go. Days that are not known have no age and are left."""
    parts: dict[tuple[Table, str], list[FileEntry]] = {}
    for file in files:
        kept = rule.days.get(file.table)
        if kept is not None and file.day != NO_DAY and date.fromisoformat(file.day) < today - timedelta(days=kept):
            parts.setdefault((file.table, file.day), []).append(file)
    return [
        Planned(table=table, day=day, files=tuple(found), reason=f"{table} are kept for {rule.days[table]} days")
        for (table, day), found in sorted(parts.items())
    ]


def plan_day(files: Iterable[FileEntry], day: str, reason: str) -> list[Planned]:
    """List everything of one day, whatever its age.

    Raises: InputError where the ledger has nothing of that day.
    """
    parts: dict[Table, list[FileEntry]] = {}
    for file in files:
        if file.day == day:
            parts.setdefault(file.table, []).append(file)
    if not parts:
        raise InputError("the ledger has nothing of that day", where=day)
    return [Planned(table=table, day=day, files=tuple(found), reason=reason) for table, found in sorted(parts.items())]


def destroy(store: Store, planned: Iterable[Planned], now: datetime) -> list[Deletion]:
    """Destroy partitions and give the proofs."""
    done = []
    with store.writing():
        for item in planned:
            deletion = record(store, item, now)
            write_deletion(store.root / "deletions", deletion)
            store.finish_deletion(deletion)
            done.append(deletion)
    return done


def record(store: Store, item: Planned, now: datetime) -> Deletion:
    before = store.deletions()
    wrapped = store.day_keys.path(item.part).read_bytes()
    deletion = Deletion(
        number=len(before) + 1, part=item.part, reason=item.reason, deleted_at=now.isoformat(timespec="seconds"),
        names=tuple(f.name for f in item.files),
        digests=tuple(f.sha256 for f in item.files), n_rows=item.n_rows, wrapped_key=sha256(wrapped).hexdigest(),
        previous=before[-1].digest if before else FIRST,
    )  # fmt: skip
    return signed(deletion, store.keyring.sign)
