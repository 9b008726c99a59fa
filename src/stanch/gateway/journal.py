"""What was done to whose traffic, by whom, why and when: a file that only grows, each entry bound to the one before.

A step is written before it is taken and again when it is done, so that what stands half-way is seen by whoever looks next.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Literal

import orjson

from stanch.errors import InputError

Verb = Literal["apply", "lift", "rollback"]
FIRST = "0" * 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of the journal."""

    number: int
    at: str
    by: str
    why: str
    verb: Verb
    phase: Literal["begin", "done", "failed", "verified", "not verified", "end"]
    target: str
    """Empty for the change as a whole."""
    policy: str
    """Name and revision; empty when lifting."""
    digest: str
    """Names the policy's text beside the journal."""
    before: str
    """Digest of what the target ran before."""
    says: str
    previous: str
    """Hash of the entry before."""

    @property
    def hash(self) -> str:
        return sha256(orjson.dumps(entry_dict(self))).hexdigest()


def entry_dict(entry: Entry) -> dict[str, object]:
    return {
        "number": entry.number, "at": entry.at, "by": entry.by, "why": entry.why, "verb": entry.verb, "phase": entry.phase, "target": entry.target,
        "policy": entry.policy, "digest": entry.digest, "before": entry.before, "says": entry.says, "previous": entry.previous,
    }  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What an entry is made of, short of its place in the journal."""

    verb: Verb
    phase: Literal["begin", "done", "failed", "verified", "not verified", "end"]
    target: str = ""
    policy: str = ""
    digest: str = ""
    before: str = ""
    says: str = ""


class Journal:
    """The journal of one state folder."""

    def __init__(self, folder: Path, *, by: str, why: str) -> None:
        self.folder = folder
        self._by = by
        self._why = why
        try:
            (folder / "policies").mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise InputError(f"can't be made: {error.strerror}", where=str(folder), hint="choose another with --state") from None

    @property
    def path(self) -> Path:
        return self.folder / "journal.ndjson"

    def entries(self) -> list[Entry]:
        """Read everything.

        Raises: InputError where an entry was changed, taken out or put in.
        """
        found: list[Entry] = []
        previous = FIRST
        for line in self._lines():
            spot = f"{self.path}, line {len(found) + 1}"
            entry = entry_of(line, spot)
            if entry.previous != previous or entry.number != len(found) + 1:
                raise InputError("the journal was changed: this entry does not follow the last", where=spot)
            found.append(entry)
            previous = entry.hash
        return found

    def _lines(self) -> Iterator[bytes]:
        """Give whole lines; a torn last one was never finished, so it never counted."""
        data = self.path.read_bytes() if self.path.exists() else b""
        yield from (line for line in data.split(b"\n")[:-1] if line)

    def write(self, step: Step) -> Entry:
        """Add an entry; it is on disk when this returns."""
        before = self.entries()
        entry = Entry(
            number=len(before) + 1, at=datetime.now(UTC).isoformat(), by=self._by, why=self._why, verb=step.verb, phase=step.phase,
            target=step.target, policy=step.policy, digest=step.digest, before=step.before, says=step.says,
            previous=before[-1].hash if before else FIRST,
        )  # fmt: skip
        descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            drop_torn_end(descriptor)
            os.write(descriptor, orjson.dumps(entry_dict(entry)) + b"\n")
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        return entry

    def keep(self, digest: str, text: str) -> None:
        """Keep a policy's text under its digest, so that it can be put back."""
        place = self.folder / "policies" / f"{digest}.yaml"
        if digest and not place.exists():
            place.write_text(text)

    def kept(self, digest: str) -> str | None:
        place = self.folder / "policies" / f"{digest}.yaml"
        return place.read_text() if digest and place.exists() else None


def drop_torn_end(descriptor: int) -> None:
    """Cut off what a crash left of an unfinished line."""
    size = os.fstat(descriptor).st_size
    tail = os.pread(descriptor, min(size, 65536), max(0, size - 65536))
    if tail and not tail.endswith(b"\n"):
        os.ftruncate(descriptor, size - (len(tail) - tail.rfind(b"\n") - 1))


def entry_of(line: bytes, where: str) -> Entry:
    try:
        row = orjson.loads(line)
        return Entry(**row)
    except (orjson.JSONDecodeError, TypeError):
        raise InputError("this is no entry of a journal", where=where) from None


def half_done(entries: list[Entry]) -> Entry | None:
    """Give the beginning of a change that has not ended; ``None`` where everything has."""
    begun: Entry | None = None
    for entry in entries:
        if entry.phase == "begin" and not entry.target:
            begun = entry
        elif entry.phase == "end":
            begun = None
    return begun
