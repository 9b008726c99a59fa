"""Evidence: taken in sealed, handed out with a trace."""

import os
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from uuid import uuid4

from django.conf import settings

from stanch.console import book
from stanch.console.access import Actor, ForbiddenError
from stanch.console.selectors import Case
from stanch.console.vault import vault
from stanch.errors import InputError
from stanch.incident import event as e
from stanch.incident.state import Evidence


def place(incident: str, key: str) -> Path:
    root: Path = settings.STANCH_HOME.evidence
    return root / incident / f"{key}.sealed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What is said about a file when it is taken in."""

    name: str
    how: str
    taken_at: datetime | None = None
    derived_from: str = ""
    privileged: bool = False


def add(actor: Actor, case: Case, data: bytes, taken: Taken, *, now: datetime) -> str:
    """Seal and keep a file, then record it; a crash between the two leaves a file that nothing names, never an entry without its file."""
    if "evidence" not in case.acts or (taken.privileged and "privileged" not in case.acts):
        raise ForbiddenError("your role in this incident does not allow that")
    key = f"ev-{uuid4().hex[:10]}"
    path = place(case.row.key, key)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(vault().seal(data, about=f"evidence:{case.row.key}:{key}"))
        file.flush()
        os.fsync(file.fileno())
    added = e.EvidenceAdded(
        evidence=key,
        name=Path(taken.name).name[:200] or "file",
        sha256=sha256(data).hexdigest(),
        n_bytes=len(data),
        how=taken.how,
        taken_at=taken.taken_at,
        derived_from=taken.derived_from,
        seen_by="privileged" if taken.privileged else "all",
    )
    book.record(case.row.key, added, by=actor.by, now=now)
    return key


def hand_out(actor: Actor, case: Case, piece: Evidence, *, why: str, now: datetime) -> bytes:
    """Give a piece of evidence; the reading is in the journal before anybody has a byte of it.

    Raises: ForbiddenError; InputError when the file is missing or was changed.
    """
    if "evidence" not in case.acts:
        raise ForbiddenError("your role in this incident does not allow that")
    data = read(case.row.key, piece)
    book.record(case.row.key, e.EvidenceRead(evidence=piece.key, sha256=piece.sha256, why=why), by=actor.by, now=now)
    return data


def read(incident: str, piece: Evidence) -> bytes:
    try:
        sealed = place(incident, piece.key).read_bytes()
    except OSError as error:
        raise InputError(f"the file is not there: {error.strerror}", where=piece.key) from error
    data = vault().unseal(sealed, about=f"evidence:{incident}:{piece.key}")
    if sha256(data).hexdigest() != piece.sha256:
        raise InputError("the file is not the one that was taken in", where=piece.key)
    return data
