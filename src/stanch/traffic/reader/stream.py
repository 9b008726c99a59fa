"""Chunks of bytes as a file that can only be read forward."""

import zlib
from collections.abc import Iterable, Iterator

from stanch.errors import InputError

GZIP_MAGIC = b"\x1f\x8b"
MAX_RATIO = 600
"""A stream that grows more than this is a bomb: JSON rarely compresses better than 1 to 200, deflate ends at 1 to 1032."""


class Stream:
    """A read-only file over chunks, with a look at its beginning."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self._chunks = iter(chunks)
        self._buffer = b""

    def peek(self, size: int) -> bytes:
        """Show the first bytes without taking them."""
        while len(self._buffer) < size:
            chunk = next(self._chunks, None)
            if chunk is None:
                break
            self._buffer += chunk
        return self._buffer[:size]

    def read(self, size: int = -1) -> bytes:
        if size == 0:
            return b""
        if size < 0:
            rest = self._buffer + b"".join(self._chunks)
            self._buffer = b""
            return rest
        if not self._buffer:
            self._buffer = next((chunk for chunk in self._chunks if chunk), b"")
        taken, self._buffer = self._buffer[:size], self._buffer[size:]
        return taken

    def lines(self) -> Iterator[bytes]:
        """Give the lines without their ends."""
        parts: list[bytes] = []
        while piece := self.read(1 << 18):
            head, *tail = piece.split(b"\n")
            parts.append(head)
            for line in tail:
                yield b"".join(parts)
                parts = [line]
        if any(parts):
            yield b"".join(parts)


def gunzipped(stream: Stream, name: str) -> Iterator[bytes]:
    """Undo gzip as it comes.

    Raises: InputError for a stream that is no gzip, ends early, or grows like a bomb.
    """
    undo = zlib.decompressobj(31)
    n_in = n_out = 0
    while piece := stream.read(1 << 16):
        n_in += len(piece)
        while piece:
            try:
                out = undo.decompress(piece, 1 << 20)
            except zlib.error:
                raise InputError("the gzip data is damaged", where=name) from None
            n_out += len(out)
            if n_out > max(n_in, 1 << 16) * MAX_RATIO:
                raise InputError("the gzip data grows without end", where=name, hint="a capture does not compress this well")
            yield out
            piece = undo.unconsumed_tail
            if undo.eof and undo.unused_data:
                piece, undo = undo.unused_data, zlib.decompressobj(31)
    if not undo.eof:
        raise InputError("the gzip data ends too early", where=name, hint="the file is cut short")
