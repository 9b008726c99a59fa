"""Where a body ends, and what is in it: three forms with one interface, fed as bytes arrive.

Source: RFC 9112 §6 and §7.1.
"""

import re
from typing import Protocol

from stanch.gateway.head import Framing

_SIZE = re.compile(rb"([0-9A-Fa-f]{1,15})[ \t]*(?:;[^\x00-\x08\x0a-\x1f\x7f]*)?\r\n")
MAX_LINE_BYTES = 8 * 1024
MAX_TRAILER_BYTES = 16 * 1024


class FramingError(Exception):
    """The body's framing is broken; the text holds no content."""


class Body(Protocol):
    done: bool

    def feed(self, data: bytes) -> tuple[bytes, bytes]:
        """Take what arrived; give its payload and what comes after the body's end.

        Raises: FramingError.
        """


class Counted:
    """A body of known length."""

    __slots__ = ("done", "left")

    def __init__(self, n_bytes: int) -> None:
        self.left = n_bytes
        self.done = n_bytes == 0

    def feed(self, data: bytes) -> tuple[bytes, bytes]:
        if len(data) <= self.left:
            self.left -= len(data)
            self.done = self.left == 0
            return data, b""
        payload, rest = data[: self.left], data[self.left :]
        self.left, self.done = 0, True
        return payload, rest


class UntilClose:
    """A body that ends with its connection; whoever feeds it sets ``done``."""

    __slots__ = ("done",)

    def __init__(self) -> None:
        self.done = False

    def feed(self, data: bytes) -> tuple[bytes, bytes]:
        return data, b""


class Chunked:
    """A body in chunks; extensions and trailers are read and left out."""

    __slots__ = ("_ending", "_in_trailer", "_left", "_line", "_trailer_bytes", "done")

    def __init__(self) -> None:
        self.done = False
        self._left = 0
        self._ending = b""
        """What is still to come of the line end after a chunk's data."""
        self._line = b""
        self._in_trailer = False
        self._trailer_bytes = 0

    def feed(self, data: bytes) -> tuple[bytes, bytes]:
        pieces: list[bytes] = []
        at = 0
        while at < len(data) and not self.done:
            if self._left:
                piece = data[at : at + self._left]
                pieces.append(piece)
                self._left -= len(piece)
                at += len(piece)
                self._ending = b"" if self._left else b"\r\n"
            elif self._ending:
                at = self._line_end(data, at)
            else:
                at = self._whole_line(data, at)
        return (pieces[0] if len(pieces) == 1 else b"".join(pieces)), data[at:]

    def _line_end(self, data: bytes, at: int) -> int:
        if data[at : at + 1] != self._ending[:1]:
            raise FramingError("a chunk does not end where it says")
        self._ending = self._ending[1:]
        return at + 1

    def _whole_line(self, data: bytes, at: int) -> int:
        end = data.find(b"\n", at)
        if end < 0:
            self._line += data[at:]
            self._check_length()
            return len(data)
        line, self._line = self._line + data[at : end + 1], b""
        if self._in_trailer:
            self._trailer(line)
        else:
            self._size(line)
        return end + 1

    def _check_length(self) -> None:
        if len(self._line) > MAX_LINE_BYTES:
            raise FramingError("a chunk's first line is too long")

    def _size(self, line: bytes) -> None:
        match = _SIZE.fullmatch(line) if len(line) <= MAX_LINE_BYTES else None
        if match is None:
            raise FramingError("a chunk has no plain size")
        self._left = int(match[1], 16)
        self._in_trailer = self._left == 0

    def _trailer(self, line: bytes) -> None:
        if line == b"\r\n":
            self.done = True
            return
        self._trailer_bytes += len(line)
        if not line.endswith(b"\r\n") or self._trailer_bytes > MAX_TRAILER_BYTES:
            raise FramingError("a trailer that can't be read")


def body_of(framing: Framing) -> Body:
    match framing:
        case "chunked":
            return Chunked()
        case "close":
            return UntilClose()
        case _:
            return Counted(framing)


def chunk(payload: bytes) -> bytes:
    return b"%x\r\n%b\r\n" % (len(payload), payload) if payload else b""


LAST_CHUNK = b"0\r\n\r\n"
