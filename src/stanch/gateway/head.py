"""HTTP/1.1 heads, read strictly: one expression says what a head may be, and whatever two readers could take differently is refused.

Refuses bare line feeds, folded lines, spaces before colons, control characters, two lengths, a length beside a transfer coding.
Source: RFC 9110 §5, RFC 9112 §2-6 and §11.2 (request smuggling).
"""

import re
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import urlsplit

from stanch.contain.request import Headers

MAX_HEAD_BYTES = 64 * 1024
_FIELDS = rb"((?:[!#$%&'*+.^_`|~0-9A-Za-z-]+:[^\x00-\x08\x0a-\x1f\x7f]*\r\n)*)\r\n"
_REQUEST = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]{1,32}) ([\x21-\x7e\x80-\xff]+) HTTP/1\.([01])\r\n" + _FIELDS)
_STATUS = re.compile(rb"HTTP/1\.([01]) ([1-9][0-9]{2})(?: [^\x00-\x08\x0a-\x1f\x7f]*)?\r\n" + _FIELDS)
_HOP = re.compile(rb"\n(?:connection|keep-alive|proxy-[a-z-]+|te|trailer|upgrade|transfer-encoding):")
_KEEP_ALIVE = re.compile(rb"\nconnection:[ \t]*keep-alive[ \t]*\r\n")
_HOPS = frozenset({b"connection", b"keep-alive", b"proxy-connection", b"proxy-authenticate", b"te", b"trailer", b"upgrade", b"transfer-encoding"})
_NEVER_HOPS = frozenset({b"host", b"content-length", b"content-type", b"content-encoding", b"authorization", b"cookie", b"x-forwarded-for"})
_DIGITS = re.compile(rb"[0-9]{1,18}")
Framing = int | Literal["chunked", "close"]
"""How a body ends: after so many bytes, by its chunks, or with the connection."""


class HeadError(Exception):
    """A head that is not to be passed on; the text holds no content."""

    def __init__(self, what: str, status: int = 400) -> None:
        super().__init__(what)
        self.status = status


@dataclass(slots=True, repr=False)
class Head:
    """A head as it came, with its fields in lower case for look-ups."""

    block: bytes
    """The fields, each with its line end."""
    low: bytes
    """A line feed and the fields in lower case."""
    minor: int
    _pairs: Headers | None = field(default=None, init=False)

    def values(self, name: bytes) -> list[bytes]:
        """Give the values of a field named in lower case."""
        mark = b"\n" + name + b":"
        found: list[bytes] = []
        at = self.low.find(mark)
        while at >= 0:
            start = at + len(mark) - 1
            end = self.block.index(b"\r\n", start)
            found.append(self.block[start:end].strip(b" \t"))
            at = self.low.find(mark, end)
        return found

    def tokens(self, name: bytes) -> list[bytes]:
        return [token.strip().lower() for value in self.values(name) for token in value.split(b",")]

    def pairs(self) -> Headers:
        """Give all fields with names in lower case; made once."""
        if self._pairs is None:
            lines = self.block.decode("latin-1").split("\r\n")
            split = [line.partition(":") for line in lines if line]
            self._pairs = tuple([(name.lower(), value.strip(" \t")) for name, _, value in split])
        return self._pairs

    @property
    def wants_close(self) -> bool:
        at = self.low.find(b"\nconnection:")
        if at < 0:
            return self.minor == 0
        plain = _KEEP_ALIVE.match(self.low, at)
        if plain is not None and self.low.find(b"\nconnection:", at + 1) < 0:
            return False
        found = self.tokens(b"connection")
        return b"close" in found or (self.minor == 0 and b"keep-alive" not in found)


@dataclass(slots=True, repr=False, kw_only=True)
class RequestHead(Head):
    method: bytes
    target: bytes


@dataclass(slots=True, repr=False, kw_only=True)
class ResponseHead(Head):
    status: int
    line: bytes


def parse_request(data: bytes) -> tuple[RequestHead, int] | None:
    """Read a request's head; give it and where it ends, or ``None`` where more has to come.

    Raises: HeadError.
    """
    start = 0
    while data[start : start + 2] == b"\r\n" and start < 8:
        start += 2
    match = _REQUEST.match(data, start)
    if match is None:
        incomplete(data)
        return None
    head = RequestHead(match[4], b"\n" + match[4].lower(), int(match[3]), method=match[1], target=match[2])
    check_host(head)
    return head, match.end()


def incomplete(data: bytes) -> None:
    """Tell a head that is not all there from one that never will be right.

    Raises: HeadError for the latter.
    """
    if b"\r\n\r\n" in data or b"\n\n" in data:
        raise HeadError("malformed head")
    if len(data) > MAX_HEAD_BYTES:
        raise HeadError("head too large", 431)


def check_host(head: RequestHead) -> None:
    if len(head.block) > MAX_HEAD_BYTES:
        raise HeadError("head too large", 431)
    n_hosts = head.low.count(b"\nhost:")
    if n_hosts > 1 or (n_hosts == 0 and head.minor == 1):
        raise HeadError("one Host is needed")


def parse_response(data: bytes) -> tuple[ResponseHead, int] | None:
    """Read a response's head, as ``parse_request`` does."""
    match = _STATUS.match(data)
    if match is None:
        incomplete(data)
        return None
    line = data[: data.index(b"\r\n") + 2]
    return ResponseHead(match[3], b"\n" + match[3].lower(), int(match[1]), status=int(match[2]), line=line), match.end()


def request_framing(head: RequestHead) -> Framing:
    """Tell how a request's body ends.

    Raises: HeadError where two readers could disagree.
    """
    if b"\ntransfer-encoding:" not in head.low:
        return length(head) or 0
    if b"\ncontent-length:" in head.low or head.minor == 0:
        raise HeadError("a transfer coding beside a length, or in HTTP/1.0")
    if head.tokens(b"transfer-encoding") != [b"chunked"]:
        raise HeadError("unknown transfer coding", 501)
    return "chunked"


def response_framing(head: ResponseHead, *, method: bytes) -> Framing:
    """Tell how a response's body ends.

    Raises: HeadError where two readers could disagree.
    """
    if method == b"HEAD" or head.status in {204, 304} or head.status < 200:
        return 0
    if b"\ntransfer-encoding:" in head.low:
        if b"\ncontent-length:" in head.low or head.tokens(b"transfer-encoding") != [b"chunked"]:
            raise HeadError("a transfer coding that can't be trusted", 502)
        return "chunked"
    found = length(head)
    return "close" if found is None else found


def length(head: Head) -> int | None:
    if b"\ncontent-length:" not in head.low:
        return None
    found = head.values(b"content-length")
    if len(found) != 1 or not _DIGITS.fullmatch(found[0]):
        raise HeadError("one plain Content-Length is allowed")
    return int(found[0])


def end_to_end(head: Head, *, keep: frozenset[bytes] = frozenset()) -> bytes:
    """Give the fields without those meant for this connection only; ``keep`` names some of them to leave in."""
    found = _HOP.search(head.low)
    if found is None:
        return head.block
    plain = _KEEP_ALIVE.match(head.low, found.start())
    if plain is not None and _HOP.search(head.low, found.end()) is None:
        # the block lacks the line feed that the lower-case copy begins with
        return head.block[: plain.start()] + head.block[plain.end() - 1 :]
    named = frozenset(head.tokens(b"connection")) - _NEVER_HOPS
    return without(head, (_HOPS | named) - keep)


def without(head: Head, names: frozenset[bytes]) -> bytes:
    lines = head.block.split(b"\r\n")
    return b"".join(line + b"\r\n" for line in lines if line and line.partition(b":")[0].lower() not in names)


def origin_form(target: bytes) -> tuple[bytes, bytes]:
    """Split an absolute-form target into path with query, and authority; any other target is left as it is.

    Raises: HeadError for a target of neither form.
    """
    if target.startswith(b"/") or target == b"*":
        return target, b""
    text = target.decode("latin-1")
    try:
        parts = urlsplit(text)
    except ValueError:
        raise HeadError("a target that can't be read") from None
    if parts.scheme.lower() not in {"http", "https"} or not parts.netloc:
        raise HeadError("a target that can't be read")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return path.encode("latin-1"), parts.netloc.rpartition("@")[2].encode("latin-1")


def wire(headers: Headers) -> bytes:
    """Write fields; whatever could break a line was refused when it came in."""
    return "".join(f"{name}: {value}\r\n" for name, value in headers).encode("latin-1")
