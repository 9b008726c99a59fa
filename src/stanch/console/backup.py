"""Backups that prove themselves: a consistent copy, hashed file by file, and verified as if it were restored.

The archive holds the keys, and so everything; it is as secret as the data folder.
"""

import hashlib
import io
import json
import os
import sqlite3
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path

from stanch.console.home import Home
from stanch.errors import InputError, OutsideError

MANIFEST = "manifest.json"
SCHEMA = "stanch.backup/1"
MAX_BYTES = 200_000_000_000


def back_up(home: Home, target: Path) -> int:
    """Write a backup and verify it; give how many files it holds.

    Raises: InputError; OutsideError when what was written does not verify.
    """
    if not home.database.exists():
        raise InputError("there is no database to back up", where=str(home.root), hint="a PostgreSQL database is backed up with pg_dump")
    if target.exists():
        raise InputError("there is a file already", where=str(target), hint="a backup is never written over another")
    with tempfile.TemporaryDirectory(dir=target.resolve().parent, prefix=".stanch-backup-") as folder:
        copy_database(home.database, Path(folder) / home.database.name)
        partial = Path(folder) / "partial"
        n_files = write(home, Path(folder) / home.database.name, partial)
        prove(partial)
        partial.replace(target)
    return n_files


def copy_database(source: Path, target: Path) -> None:
    """Copy as of one moment, also while it is written to."""
    with sqlite3.connect(source) as live, sqlite3.connect(target) as copy:
        live.backup(copy)
    live.close()
    copy.close()


def write(home: Home, database: Path, target: Path) -> int:
    files = {database.name: database} | {str(path.relative_to(home.root)): path for path in kept(home)}
    hashes = {name: digest(path) for name, path in files.items()}
    handle = os.open(target, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as out, tarfile.open(fileobj=out, mode="w") as archive:
        text = json.dumps({"schema": SCHEMA, "files": hashes}, sort_keys=True, indent=1).encode()
        head = tarfile.TarInfo(MANIFEST)
        head.size, head.mode = len(text), 0o600
        archive.addfile(head, io.BytesIO(text))
        for name, path in files.items():
            archive.add(path, arcname=name, recursive=False, filter=bare)
        archive.close()
        out.flush()
        os.fsync(out.fileno())
    return len(files)


def kept(home: Home) -> Iterator[Path]:
    for folder in (home.root / "keys", home.evidence):
        yield from sorted(path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())


def bare(entry: tarfile.TarInfo) -> tarfile.TarInfo:
    """Leave out who owned it here."""
    entry.uid = entry.gid = 0
    entry.uname = entry.gname = ""
    entry.mode = 0o600
    return entry


def digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def restore(source: Path, target: Path) -> int:
    """Unpack a backup into a new folder and verify it.

    Raises: InputError when it is none, was changed, or the folder is there already; nothing is left behind then.
    """
    if target.exists():
        raise InputError("the folder is there already", where=str(target), hint="restore into a new folder, then swap")
    with tempfile.TemporaryDirectory(dir=target.resolve().parent, prefix=".stanch-restore-") as folder:
        place = Path(folder) / "data"
        n_files = unpack(source, place)
        verify_folder(place)
        place.replace(target)
    return n_files


def prove(archive: Path) -> None:
    """Restore to the side and verify, as on the day it is needed."""
    with tempfile.TemporaryDirectory(dir=archive.parent) as folder:
        unpack(archive, Path(folder) / "data")
        verify_folder(Path(folder) / "data")


def unpack(source: Path, place: Path) -> int:
    place.mkdir(mode=0o700)
    try:
        with tarfile.open(source, mode="r:") as archive:
            members = archive.getmembers()
            if sum(member.size for member in members) > MAX_BYTES or not all(member.isfile() for member in members):
                raise InputError("this is no backup of stanch", where=str(source))
            archive.extractall(place, filter="data")
        manifest = json.loads((place / MANIFEST).read_text())
        hashes = dict(manifest["files"])
    except (OSError, tarfile.TarError, ValueError, KeyError, TypeError):
        raise InputError("this is no backup of stanch", where=str(source)) from None
    (place / MANIFEST).unlink()
    found = {str(path.relative_to(place)): path for path in place.rglob("*") if path.is_file()}
    wrong = sorted(name for name in {*hashes, *found} if name not in found or digest(found[name]) != hashes.get(name))
    if manifest.get("schema") != SCHEMA or wrong:
        raise InputError(f"the backup was changed: {len(wrong)} files do not fit", where=str(source))
    for path in place.rglob("*"):
        path.chmod(0o700 if path.is_dir() else 0o600)
    (place / "evidence").mkdir(mode=0o700, exist_ok=True)
    return len(found)


def verify_folder(folder: Path) -> None:
    """Run ``stanch verify`` on a folder, in a process of its own: one process knows one data folder."""
    env = {name: value for name, value in os.environ.items() if not name.startswith(("STANCH_", "DJANGO_"))}
    done = subprocess.run(  # noqa: S603 -- this very program
        [sys.executable, "-m", "stanch", "verify", "--data", str(folder)], env=env, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise OutsideError(
            "the copy does not verify: its journal is not whole", where=str(folder), hint="stanch verify says what is wrong", permanent=True
        )
