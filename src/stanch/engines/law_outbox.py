"""The outbox: approvals and the state of every message, in SQLite.

Holds no personal value: a message is a keyed hash of batch and person. Every change is on disk before the next step.
"""

import fcntl
import hashlib
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from secrets import token_bytes

from stanch.errors import InputError
from stanch.law.delivery import Event, State, moved
from stanch.law.document.approval import Approval

_SCHEMA = """
CREATE TABLE IF NOT EXISTS setting (name TEXT PRIMARY KEY, value BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS approval (sha256 TEXT, by TEXT, role TEXT, at TEXT, PRIMARY KEY (sha256, by));
CREATE TABLE IF NOT EXISTS message (
  key TEXT PRIMARY KEY, batch TEXT NOT NULL, state TEXT NOT NULL, attempts INTEGER NOT NULL DEFAULT 0,
  next_at TEXT NOT NULL DEFAULT '', code INTEGER NOT NULL DEFAULT 0, changed_at TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS message_batch ON message (batch, state);
CREATE TABLE IF NOT EXISTS submission (
  rule TEXT, sha256 TEXT, reference TEXT, proof_sha256 TEXT, at TEXT, by TEXT, PRIMARY KEY (rule, reference)
);
"""
_BUSY_S = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    key: str
    state: State
    attempts: int
    next_at: datetime | None


class Outbox:
    """One file, one sender at a time.

    What a process wrote survives its death. ``durable`` also survives a power cut at each step, at the price of two waits for the disk
    a message; without it a power cut may forget the last few, which then go again under the same Message-ID.
    """

    def __init__(self, path: Path, *, durable: bool = False) -> None:
        try:
            path.touch(mode=0o600)
            self._db = sqlite3.connect(path, isolation_level=None, timeout=_BUSY_S)
            self._db.execute("PRAGMA journal_mode=WAL")
            self._db.execute(f"PRAGMA synchronous={'FULL' if durable else 'NORMAL'}")
            self._db.executescript(_SCHEMA)
        except (sqlite3.Error, OSError) as error:
            raise InputError("can't be used as an outbox", where=str(path), hint="check the folder, or name a new file") from error
        self._path = path
        self._secret = self._setting("secret", token_bytes(32))

    def close(self) -> None:
        self._db.close()

    def _setting(self, name: str, fresh: bytes) -> bytes:
        self._db.execute("INSERT OR IGNORE INTO setting VALUES (?, ?)", (name, fresh))
        value: bytes = self._db.execute("SELECT value FROM setting WHERE name = ?", (name,)).fetchone()[0]
        return value

    def key(self, batch: str, reference: str) -> str:
        """Name a message by batch and person without holding the person."""
        return hashlib.blake2b(f"{batch}\0{reference}".encode(), key=self._secret, digest_size=16).hexdigest()

    def entry(self, key: str) -> Entry | None:
        row = self._db.execute("SELECT state, attempts, next_at FROM message WHERE key = ?", (key,)).fetchone()
        if row is None:
            return None
        return Entry(key=key, state=row[0], attempts=row[1], next_at=datetime.fromisoformat(row[2]) if row[2] else None)

    def enqueue(self, key: str, batch: str, now: datetime) -> None:
        """Take a message in, once."""
        self._db.execute("INSERT OR IGNORE INTO message (key, batch, state, changed_at) VALUES (?, ?, 'queued', ?)", (key, batch, _iso(now)))

    def move(self, key: str, event: Event, now: datetime, *, code: int = 0, next_at: datetime | None = None) -> State:
        """Move a message on, on disk when this returns.

        Raises: ValueError where it is not in a state for it: another sender was quicker.
        """
        with self._transaction():
            row = self._db.execute("SELECT state, attempts FROM message WHERE key = ?", (key,)).fetchone()
            if row is None:
                raise ValueError("no such message")
            to = moved(row[0], event)
            attempts = row[1] + (event == "claim")
            self._db.execute(
                "UPDATE message SET state = ?, attempts = ?, next_at = ?, code = ?, changed_at = ? WHERE key = ?",
                (to, attempts, _iso(next_at) if next_at else "", code, _iso(now), key),
            )
        return to

    @contextmanager
    def only_sender(self) -> Iterator[None]:
        """Be the one sender of this outbox; the lock goes with the process, however it ends.

        Raises: InputError where another one is at it.
        """
        with self._path.with_name(f"{self._path.name}.lock").open("a") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                raise InputError("another process is sending from this outbox", where=str(self._path), hint="wait until it is done") from error
            yield

    def recover(self, batch: str, now: datetime) -> int:
        """Mark what a crash left half sent as unclear; give how many."""
        keys = [row[0] for row in self._db.execute("SELECT key FROM message WHERE batch = ? AND state = 'sending'", (batch,))]
        for key in keys:
            self.move(key, "crashed", now)
        return len(keys)

    def counts(self, batch: str) -> dict[str, int]:
        return dict(self._db.execute("SELECT state, count(*) FROM message WHERE batch = ? GROUP BY state ORDER BY state", (batch,)).fetchall())

    def approve(self, approval: Approval) -> None:
        self._db.execute("INSERT OR REPLACE INTO approval VALUES (?, ?, ?, ?)", (approval.sha256, approval.by, approval.role, _iso(approval.at)))

    def approvals(self) -> tuple[Approval, ...]:
        rows = self._db.execute("SELECT sha256, by, role, at FROM approval ORDER BY at, by").fetchall()
        return tuple(Approval(sha256=sha, by=by, role=role, at=datetime.fromisoformat(at)) for sha, by, role, at in rows)

    def submitted(self, *, rule: str, sha256: str, reference: str, proof_sha256: str, at: datetime, by: str) -> None:
        """Record that a regulator was told: which text, its reference number, and the digest of the proof."""
        self._db.execute("INSERT OR REPLACE INTO submission VALUES (?, ?, ?, ?, ?, ?)", (rule, sha256, reference, proof_sha256, _iso(at), by))

    def submissions(self) -> dict[str, datetime]:
        """Give when each rule's notice first went out: what stops its clock."""
        return {rule: datetime.fromisoformat(at) for rule, at in self._db.execute("SELECT rule, min(at) FROM submission GROUP BY rule")}

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")


def _iso(instant: datetime) -> str:
    return instant.astimezone(UTC).isoformat()
