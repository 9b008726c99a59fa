"""The data folder: what lies where, and the keys, made once and readable by the owner only.

Decides about files; knows nothing of Django.
"""

import os
import secrets
import stat
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from stanch.errors import InputError

DEFAULT = "stanch-data"


@dataclass(frozen=True, slots=True)
class Home:
    root: Path

    @property
    def database(self) -> Path:
        return self.root / "stanch.sqlite3"

    @property
    def evidence(self) -> Path:
        return self.root / "evidence"

    def key(self, name: str) -> bytes:
        """Read a key file.

        Raises: InputError when it is missing, or open to others.
        """
        path = self.root / "keys" / name
        try:
            mode = path.stat().st_mode
            if mode & (stat.S_IRWXG | stat.S_IRWXO):
                raise InputError("others may read this key", where=str(path), hint=f"chmod 600 {path}")
            return path.read_bytes()
        except OSError as error:
            raise InputError(f"the key can't be read: {error.strerror}", where=str(path), hint="restore the data folder from a backup") from error


KEYS: dict[str, Callable[[], bytes]] = {
    "secret": lambda: secrets.token_urlsafe(48).encode(),
    "signing": lambda: secrets.token_bytes(32),
    "sealing": lambda: secrets.token_bytes(32),
}
"""Django's secret; the Ed25519 seed of the journal; the AES-256 key of evidence and addresses."""


def open_home(path: str | Path) -> Home:
    """Make the folder and its keys where they are not there yet.

    Raises: InputError when the folder can't be used.
    """
    home = Home(Path(path).resolve())
    try:
        home.root.mkdir(mode=0o700, parents=True, exist_ok=True)
        fresh = not (home.root / "keys").exists()
        if fresh and home.database.exists():
            raise InputError("there is a database but no keys", where=str(home.root), hint="restore the data folder from a backup")
        for folder in (home.root / "keys", home.evidence):
            folder.mkdir(mode=0o700, exist_ok=True)
        if fresh:
            make_keys(home)
    except OSError as error:
        raise InputError(f"the data folder can't be used: {error.strerror}", where=str(home.root)) from error
    return home


def make_keys(home: Home) -> None:
    for name, make in KEYS.items():
        handle = os.open(home.root / "keys" / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(make())
            file.flush()
            os.fsync(file.fileno())
