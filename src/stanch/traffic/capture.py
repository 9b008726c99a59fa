"""Which format a capture is in, by its first bytes; then its reader takes over."""

from collections.abc import Iterable, Iterator

from stanch.errors import InputError
from stanch.traffic.exchange import Exchange, Unreadable
from stanch.traffic.reader.burp import read_burp
from stanch.traffic.reader.flow import read_flow
from stanch.traffic.reader.har import BOM, HINT, read_har
from stanch.traffic.reader.ndjson import read_ndjson
from stanch.traffic.reader.parquet import read_parquet
from stanch.traffic.reader.stream import GZIP_MAGIC, Stream, gunzipped


def read_capture(chunks: Iterable[bytes], *, name: str) -> Iterator[Exchange | Unreadable]:
    """Give a capture's exchanges in order, and a note for each entry that can't be read.

    Raises: InputError where the whole is no capture.
    Cost: linear; memory for one entry (Parquet: the file).
    """
    stream = Stream(chunks)
    for _ in range(2):
        if stream.peek(2) == GZIP_MAGIC:
            stream = Stream(gunzipped(stream, name))
    head = stream.peek(8192).removeprefix(BOM).lstrip()
    if head[:1] == b"\0":
        drain(stream)
    if not head:
        raise InputError("the file is empty", where=name, hint=HINT)
    if head.startswith(b"PAR1"):
        return read_parquet(stream, name)
    if head[:1] == b"<":
        return markup(stream, head, name)
    if head[:1].isdigit() and b":" in head[:16]:
        return read_flow(stream, name)
    if head[:1] == b"{":
        return read_ndjson(stream, name) if is_ndjson(head) else read_har(stream, name)
    raise InputError("this is no capture that stanch knows", where=name, hint=HINT)


def drain(stream: Stream) -> None:
    """Read zeros to their end, so that a bomb is called one."""
    while stream.read(1 << 16):
        pass


def markup(stream: Stream, head: bytes, name: str) -> Iterator[Exchange | Unreadable]:
    if b"<html" in head.lower() or b"<!doctype html" in head.lower():
        raise InputError(
            "this is an HTML page, not a capture",
            where=name,
            hint="save the traffic itself: in the browser's network panel, export as HAR",
        )
    if b"<items" in head:
        return read_burp(stream, name)
    raise InputError("this XML is no Burp export", where=name, hint=HINT)


def is_ndjson(head: bytes) -> bool:
    """Tell lines of exchanges from one large object: the first line names a method and a URL and no log."""
    first, ended, _ = head.partition(b"\n")
    if b'"log"' in head[:512] or (ended and not first.rstrip().endswith(b"}")):
        return False
    return b'"method"' in head and b'"url"' in head
