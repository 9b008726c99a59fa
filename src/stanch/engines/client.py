"""Read the client artefacts that a scan is given: folders, sources, bundles, app packages."""

import zipfile
from collections.abc import Iterator
from pathlib import Path

from stanch.errors import InputError
from stanch.judge.client import names_in

MAX_MEMBER_BYTES = 512 * 1024 * 1024
"""A member of an app package that claims more is not read: a zip bomb's cap."""


def client_names(paths: tuple[str, ...]) -> frozenset[str] | None:
    """Collect the member names that the given client code mentions; ``None`` where no client was given."""
    return frozenset().union(*(names_in(contents(Path(path))) for path in paths)) if paths else None


def contents(path: Path) -> Iterator[bytes]:
    if not path.exists():
        raise InputError("there is no such client file or folder", where=str(path))
    files = sorted(p for p in path.rglob("*") if p.is_file()) if path.is_dir() else [path]
    for file in files:
        yield from members(file)


def members(file: Path) -> Iterator[bytes]:
    if not zipfile.is_zipfile(file):
        yield file.read_bytes()
        return
    try:
        with zipfile.ZipFile(file) as package:
            for info in package.infolist():
                if info.file_size <= MAX_MEMBER_BYTES:
                    yield package.read(info)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
        raise InputError("the app package can't be unpacked", where=str(file), hint="is the file complete and not encrypted?") from error
