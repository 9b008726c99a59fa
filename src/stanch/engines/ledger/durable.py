"""Writes that a power cut or a kill leaves whole or absent: write beside, flush to the disk, move into place, flush the folder."""

import os
import secrets
from pathlib import Path


def write_durably(path: Path, data: bytes) -> None:
    """Put data at a path; when this returns it is on the disk."""
    beside = temporary(path)
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())
    move_durably(beside, path)


def move_durably(beside: Path, path: Path) -> None:
    beside.replace(path)
    sync_folder(path.parent)


def sync_file(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


sync_folder = sync_file


def temporary(path: Path) -> Path:
    """Name a file beside ``path`` that no reader looks at."""
    return path.with_name(f".{path.name}.{secrets.token_hex(6)}.part")
