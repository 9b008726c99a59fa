"""Bodies of several parts, and HTTP messages as parts.

Decides where the parts are and what each is called; every part is then read by its own type.
Refuses to know the formats of the parts: their reader is an argument.

Source: RFC 2046 §5.1, RFC 7578 (form-data), RFC 2045 §6 (transfer encodings).
"""

import base64
import binascii
import quopri
import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import unquote

from stanch.traffic.body.limits import BodyError, Limits, Notes, Parsed
from stanch.traffic.body.media import Media
from stanch.traffic.body.members import members

ReadPart = Callable[[bytes, str | None], Parsed | None]
"""Bytes and ``Content-Type`` to the part's meaning; ``None`` for an opaque or empty part."""

_NAME = re.compile(r'(?:^|;)\s*name\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;\s]*))', re.IGNORECASE)
_FILENAME = re.compile(r'(?:^|;)\s*filename(\*?)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;\s]*))', re.IGNORECASE)
_FIRST_BOUNDARY = re.compile(rb"\s*--([^\r\n]{1,200}?)[ \t]*\r?\n")
_START_LINE = re.compile(rb"\s*(?:HTTP/[\d.]{1,4} \d{3}|[A-Z]{2,20} \S{1,8192} HTTP/[\d.]{1,4})[^\r\n]*\r?\n")


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Part:
    headers: dict[str, str]
    """Names in lower case."""
    content: bytes

    def __repr__(self) -> str:
        """Never show the content."""
        return "Part(…)"


def read_multipart(data: bytes, media: Media, limits: Limits, notes: Notes, read_part: ReadPart) -> Parsed:
    """Read ``form-data`` as an object by field names, any other kind as a list.

    Raises: BodyError where there is no boundary or there are too many parts.
    """
    parts = split_parts(data, media.params.get("boundary"), limits)
    trees = [(part, _part(part, index, notes, read_part)) for index, part in enumerate(parts)]
    if media.type != "multipart/form-data" and not any("content-disposition" in part.headers for part in parts):
        return Parsed(tree=[tree for _, tree in trees])
    return Parsed(tree=members([(_field_name(part) or f"#{at + 1}", tree) for at, (part, tree) in enumerate(trees)]))


def split_parts(data: bytes, boundary: str | None, limits: Limits) -> list[Part]:
    """Cut at the boundary; the first line's is taken where the declared one is missing or wrong.

    Raises: BodyError.
    """
    mark = b"--" + boundary.encode("latin-1", "replace") if boundary else b""
    if not mark or mark not in data:
        first = _FIRST_BOUNDARY.match(data)
        if first is None:
            raise BodyError("multipart body without its boundary")
        mark = b"--" + first[1]
    if data.count(mark) > limits.max_parts:
        raise BodyError(f"more than {limits.max_parts} parts")
    pieces = data.split(mark)[1:]
    return [_split_part(piece) for piece in pieces if not piece.startswith(b"--") and piece.strip()]


def _split_part(piece: bytes) -> Part:
    body = piece.removeprefix(b"\r").removeprefix(b"\n").removesuffix(b"\n").removesuffix(b"\r")
    headers, content = split_head(body)
    return Part(headers=headers, content=_transfer_decoded(content, headers.get("content-transfer-encoding", "")))


def split_head(data: bytes) -> tuple[dict[str, str], bytes]:
    """Part header lines from what follows the empty line."""
    if data.startswith((b"\r\n", b"\n")):
        return {}, data.removeprefix(b"\r").removeprefix(b"\n")
    head, found, content = data.partition(b"\r\n\r\n")
    if not found:
        head, _, content = data.partition(b"\n\n")
    lines = (line.partition(":") for line in head.decode("utf-8", "replace").splitlines())
    return {name.strip().lower(): value.strip() for name, colon, value in lines if colon}, content


def _transfer_decoded(content: bytes, encoding: str) -> bytes:
    match encoding.lower():
        case "base64":
            return _unbase64(content)
        case "quoted-printable":
            return quopri.decodestring(content)
        case _:
            return content


def _unbase64(content: bytes) -> bytes:
    try:
        return base64.b64decode(content)
    except binascii.Error:
        return content


def _part(part: Part, index: int, notes: Notes, read_part: ReadPart) -> object:
    file_name = _file_name(part)
    try:
        parsed = read_part(part.content, part.headers.get("content-type"))
    except BodyError as error:
        notes.problems.append(f"part {index + 1}: {error.what}")
        parsed = None
    if file_name is None:
        return "" if parsed is None else parsed.tree
    return {"filename": file_name} if parsed is None else {"filename": file_name, "content": parsed.tree}


def _field_name(part: Part) -> str | None:
    match = _NAME.search(part.headers.get("content-disposition", ""))
    return (match[1] or match[2]) if match else None


def _file_name(part: Part) -> str | None:
    match = _FILENAME.search(part.headers.get("content-disposition", ""))
    if match is None:
        return None
    text = match[2] if match[2] is not None else match[3]
    return unquote(text.rpartition("''")[2]) if match[1] else text


def read_http(data: bytes, read_part: ReadPart) -> Parsed:
    """Read a message within a message, as batch endpoints send: its headers and its body.

    Raises: BodyError.
    """
    start = _START_LINE.match(data)
    if start is None:
        raise BodyError("no HTTP message where one is declared")
    headers, content = split_head(data[start.end() :])
    parsed = read_part(content, headers.get("content-type"))
    return Parsed(tree={"headers": headers} if parsed is None else {"headers": headers, "body": parsed.tree})
