"""Read the client artefacts that a scan is given: folders, sources, bundles, app packages, and packages within packages."""

import zipfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from stanch.errors import InputError
from stanch.judge.client import MEDIA, Client, names_in
from stanch.judge.hermes import NotHermesError

MAX_MEMBER_BYTES = 256 * 1024 * 1024
"""A member of an app package that claims more is not read: a zip bomb's cap."""
MAX_PACKAGE_BYTES = 2 * 1024 * 1024 * 1024
"""All members of one package together."""
MAX_DEPTH = 3
"""Packages within packages: an .xapk holds .apk files, an .aar a .jar."""
SKIPPED = frozenset([".git", ".hg", ".svn", "__pycache__", ".gradle", ".idea", "Pods", "node_modules"])
"""Folders of tools and of other people's code: what a library names, the app need not read."""

File = tuple[str, bytes]


def client_names(paths: tuple[str, ...]) -> Client | None:
    """Collect the member names that the given client code mentions; ``None`` where no client was given.

    Raises: InputError for what is not there, can't be unpacked or can't be read.
    """
    if not paths:
        return None
    try:
        return frozenset().union(*(names_in(contents(Path(path))) for path in paths))
    except NotHermesError as error:
        raise InputError(
            f"the app's Hermes bytecode can't be read: {error}", where=", ".join(paths), hint="give the JavaScript bundle or the sources"
        ) from None


def contents(path: Path) -> Iterator[File]:
    if not path.exists():
        raise InputError("there is no such client file or folder", where=str(path))
    if path.is_file():
        yield from members(path.name, read(path), str(path), 1)
        return
    for file in sorted(p for p in path.rglob("*") if p.is_file() and SKIPPED.isdisjoint(p.relative_to(path).parts)):
        if file.suffix.lower().lstrip(".") not in MEDIA:
            yield from members(file.name, read(file), str(file), 1)


def read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError(f"can't be read: {error.strerror}", where=str(path), hint="check the file's permissions") from error


def members(name: str, data: bytes, where: str, depth: int) -> Iterator[File]:
    """Give a file, or what it holds where it is a package."""
    if data[:4] != b"PK\x03\x04" or depth > MAX_DEPTH:
        yield name, data
        return
    left = MAX_PACKAGE_BYTES
    try:
        with zipfile.ZipFile(BytesIO(data)) as package:
            for info in package.infolist():
                left -= info.file_size
                if info.is_dir() or info.file_size > MAX_MEMBER_BYTES or left < 0 or info.filename.rpartition(".")[2].lower() in MEDIA - {"zip"}:
                    continue
                yield from members(info.filename, package.read(info), where, depth + 1)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
        raise InputError("the app package can't be unpacked", where=where, hint="is the file complete and not encrypted?") from error
