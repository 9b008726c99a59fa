"""Scan captures in this process or in several of this machine's.

Every worker reads the capture itself and takes each n-th exchange, so only summaries cross process borders, never traffic.
"""

import gzip
import sys
import zlib
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from typing import BinaryIO

from stanch.engines.tapfile import MAGIC, opened
from stanch.errors import InputError
from stanch.identity.kernel_reader import KernelReader
from stanch.identity.pseudonym import SCAN_KEY, KeyedDigest
from stanch.identity.summary import DocumentReader, Reference, TrafficSummary
from stanch.kernel import Engine, kernel
from stanch.traffic.capture import read_capture

CHUNK_BYTES = 1 << 18
Progress = Callable[[int], None]
"""Called with the number of bytes just read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    path: Path | None
    """``None`` is standard input."""
    name: str
    """As it stands in the report."""

    @property
    def n_bytes(self) -> int:
        return self.path.stat().st_size if self.path else 0


def sources(paths: list[str]) -> list[Source]:
    """Expand files and folders; a folder gives all files in it that are captures by their first bytes."""
    found: list[Source] = []
    for text in paths:
        found += [Source(path=None, name="stdin")] if text == "-" else expand(Path(text))
    return sorted(found, key=lambda s: s.name)


def expand(path: Path) -> list[Source]:
    if not path.exists():
        raise InputError(
            "there is no such file or folder",
            where=str(path),
            hint="give a capture file, a folder of captures, or - for NDJSON on stdin",
        )
    if path.is_file():
        return [Source(path=path, name=path.name)]
    inside = [p for p in sorted(path.rglob("*")) if p.is_file() and not p.name.startswith(".") and looks_like_capture(p)]
    if not inside:
        raise InputError(
            "the folder holds no captures",
            where=str(path),
            hint="stanch reads HAR, mitmproxy flows, Burp XML, NDJSON and Parquet",
        )
    return [Source(path=p, name=p.relative_to(path).as_posix()) for p in inside]


def looks_like_capture(path: Path) -> bool:
    """Look into a folder's file: tell whether a reader could make an exchange of its beginning."""
    try:
        with path.open("rb") as file:
            head = file.read(4096)
        if head[:2] == b"\x1f\x8b":
            with gzip.open(path) as file:
                head = file.read(4096)
    except (OSError, EOFError, zlib.error):
        return False
    if head[:4] == b"PAR1" or b"<items" in head or head[:1].isdigit():
        return True
    return b'"log"' in head or (b'"method"' in head and b'"url"' in head) or head.startswith(MAGIC)


def scan(where: list[Source], *, key: bytes = SCAN_KEY, jobs: int = 1, progress: Progress | None = None, engine: Engine = "auto") -> TrafficSummary:
    """Summarise captures; the result is the same for every ``jobs`` and ``engine``.

    Raises: InputError for a capture that can't be read at all, or where the kernel is asked for by name and was not built.
    """
    kernel(engine)
    if jobs <= 1 or any(source.path is None for source in where):
        return scan_share(where, key, 0, 1, engine, progress)
    with ProcessPoolExecutor(jobs - 1, mp_context=get_context("spawn")) as pool:
        others = [pool.submit(scan_share, where, key, number, jobs, engine) for number in range(1, jobs)]
        # this process takes a share too: every share reads the whole capture, so its progress is that of all
        total = scan_share(where, key, 0, jobs, engine, progress)
        for part in others:
            total.merge(part.result())
    return total


def scan_share(where: list[Source], key: bytes, number: int, n_shares: int, engine: Engine, progress: Progress | None = None) -> TrafficSummary:
    """Summarise every ``n_shares``-th exchange, from ``number`` on."""
    summary = TrafficSummary(digest=KeyedDigest(key), reader=reader_of(engine, key))
    for source in where:
        with open_source(source) as stream:
            items = read_capture(read_chunks(stream, progress), name=source.name)
            for item in islice(items, number, None, n_shares):
                summary.add(item)
    summary.settle()
    return summary


def reader_of(engine: Engine, key: bytes) -> DocumentReader:
    native = kernel(engine)
    return KernelReader(native, key) if native else Reference()


def open_source(source: Source) -> BinaryIO:
    if source.path is None:
        return sys.stdin.buffer
    try:
        return opened(source.path.open("rb"), source.path)
    except OSError as error:
        raise InputError(f"can't be read: {error.strerror}", where=str(source.path), hint="check the file's permissions") from error


def read_chunks(stream: BinaryIO, progress: Progress | None = None) -> Iterator[bytes]:
    while chunk := stream.read(CHUNK_BYTES):
        if progress:
            progress(len(chunk))
        yield chunk
