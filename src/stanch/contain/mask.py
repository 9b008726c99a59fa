"""Mask JSON by splicing: the members that a policy names are replaced or dropped, every other byte stays as it was.

Strict on purpose: whatever is not JSON (RFC 8259) raises, and the caller's policy says what happens then. Never parses and
dumps, so numbers, spacing, key order and duplicate keys survive. The reference for every other implementation.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from stanch.contain.path import Node
from stanch.contain.replace import Replacement

MAX_DEPTH = 256
_SPACE = re.compile(rb"[ \t\n\r]*")
_STRING = re.compile(rb'"[^"\\\x00-\x1f]*(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\x00-\x1f]*)*"')
_SCALAR = re.compile(rb"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?(?![0-9.eE+-])|true|false|null")
BOM = b"\xef\xbb\xbf"


class MaskError(Exception):
    """The body can't be masked with certainty; ``at`` is the byte position. Never carries content."""

    def __init__(self, what: str, at: int) -> None:
        super().__init__(f"{what} at byte {at}")
        self.at = at


@dataclass(frozen=True, slots=True, kw_only=True)
class Masked:
    body: bytes
    n_masked: int
    n_dropped: int


@dataclass(frozen=True, slots=True)
class Edit:
    start: int
    end: int
    new: bytes


@dataclass(frozen=True, slots=True)
class Item:
    """A member of an object or an element of an array, from its key (or value) to the end of its value."""

    start: int
    end: int
    dropped: bool


def mask_json(body: bytes, root: Node, masks: Mapping[str, Replacement]) -> Masked:
    """Apply the compiled paths to one JSON document.

    Raises: MaskError where the body is no JSON or no UTF-8, or is nested deeper than ``MAX_DEPTH``.
    Cost: linear in the body.
    """
    walk = _Walk(checked(body), masks)
    start = walk.space(len(BOM) if body.startswith(BOM) else 0)
    end = walk.value(start, root, 0)
    walk.apply(start, end, root)
    walk.expect_end(end)
    return Masked(body=splice(body, walk.edits), n_masked=walk.n_masked, n_dropped=walk.n_dropped)


def checked(body: bytes) -> bytes:
    try:
        body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise MaskError("not UTF-8", error.start) from None
    return body


def splice(body: bytes, edits: list[Edit]) -> bytes:
    """Put the edits in; an edit inside a larger one is void."""
    parts: list[bytes] = []
    position = 0
    for edit in sorted(edits, key=lambda e: (e.start, -e.end)):
        if edit.start < position:
            continue
        parts += (body[position : edit.start], edit.new)
        position = edit.end
    parts.append(body[position:])
    return b"".join(parts)


class _Walk:
    """One walk over one document, collecting edits."""

    def __init__(self, body: bytes, masks: Mapping[str, Replacement]) -> None:
        self.body = body
        self.masks = masks
        self.edits: list[Edit] = []
        self.n_masked = 0
        self.n_dropped = 0

    def space(self, position: int) -> int:
        match = _SPACE.match(self.body, position)
        return match.end() if match else position

    def value(self, position: int, node: Node | None, depth: int) -> int:
        """Read the value at ``position`` and give its end."""
        if depth > MAX_DEPTH:
            raise MaskError("nested too deeply", position)
        first = self.body[position : position + 1]
        if first == b"[":
            return self.array(position, node, depth)
        node = node.single() if node is not None else None
        if first == b"{":
            return self.object(position, node, depth)
        match = (_STRING if first == b'"' else _SCALAR).match(self.body, position)
        if match is None:
            raise MaskError("not JSON", position)
        if node is not None and node.in_string is not None and node.action is None and first == b'"':
            self.inside(position, match.end(), node.in_string)
        return match.end()

    def object(self, position: int, node: Node | None, depth: int) -> int:
        items: list[Item] = []
        position = self.space(position + 1)
        if self.body[position : position + 1] == b"}":
            return position + 1
        while True:
            key = _STRING.match(self.body, position)
            if key is None:
                raise MaskError("no member name", position)
            child = node.member(unescape(key.group()[1:-1])) if node is not None else None
            colon = self.space(key.end())
            self.expect(b":", colon)
            start = self.space(colon + 1)
            end = self.value(start, child, depth + 1)
            items.append(Item(position, end, self.apply(start, end, child, droppable=True)))
            position = self.space(end)
            if self.body[position : position + 1] == b"}":
                self.drop(items)
                return position + 1
            self.expect(b",", position)
            position = self.space(position + 1)

    def array(self, position: int, node: Node | None, depth: int) -> int:
        items: list[Item] = []
        child = node.inner() if node is not None else None
        position = self.space(position + 1)
        if self.body[position : position + 1] == b"]":
            return position + 1
        while True:
            end = self.value(position, child, depth + 1)
            items.append(Item(position, end, self.apply(position, end, child, droppable=True)))
            position = self.space(end)
            if self.body[position : position + 1] == b"]":
                self.drop(items)
                return position + 1
            self.expect(b",", position)
            position = self.space(position + 1)

    def expect(self, sign: bytes, position: int) -> None:
        if self.body[position : position + 1] != sign:
            raise MaskError("not JSON", position)

    def expect_end(self, position: int) -> None:
        if (rest := self.space(position)) != len(self.body):
            raise MaskError("text after the document", rest)

    def apply(self, start: int, end: int, node: Node | None, *, droppable: bool = False) -> bool:
        """Do what the policy says of this value; tell whether its whole item is to be dropped."""
        if node is not None and self.body[start : start + 1] != b"[":
            node = node.single()
        if node is None or node.action is None:
            return False
        if node.action == "drop" and droppable:
            self.n_dropped += 1
            return True
        new = b"null" if node.action == "drop" else self.masks[node.action](self.body[start:end])
        if new != self.body[start:end]:
            self.edits.append(Edit(start, end, new))
        self.n_masked += 1
        return False

    def drop(self, items: list[Item]) -> None:
        """Remove dropped items, each with exactly one comma."""
        kept_before = False
        for number, item in enumerate(items):
            if not item.dropped:
                kept_before = True
            elif kept_before:
                self.edits.append(Edit(items[number - 1].end, item.end, b""))
            else:
                end = items[number + 1].start if number + 1 < len(items) else item.end
                self.edits.append(Edit(item.start, end, b""))

    def inside(self, start: int, end: int, node: Node) -> None:
        """Mask JSON held in a string; edits are carried over to the escaped text, so its other escapes stay."""
        inner, offsets = unescape_with_offsets(self.body, start + 1, end - 1)
        walk = _Walk(inner, self.masks)
        try:
            first = walk.space(0)
            last = walk.value(first, node, 0)
            walk.expect_end(last)
        except MaskError:
            raise MaskError("a string that should hold JSON does not", start) from None
        walk.apply(first, last, node)
        self.n_masked += walk.n_masked
        self.n_dropped += walk.n_dropped
        self.edits += [Edit(offsets[e.start], offsets[e.end], escape(e.new)) for e in walk.edits]


_ESCAPE = re.compile(rb'\\(?:(["\\/bfnrt])|u([0-9a-fA-F]{4}))')
_SHORT = {b'"': '"', b"\\": "\\", b"/": "/", b"b": "\b", b"f": "\f", b"n": "\n", b"r": "\r", b"t": "\t"}


def unescape(raw: bytes) -> str:
    """Undo the escapes of a JSON string; surrogate pairs are joined, lone surrogates stay. Source: RFC 8259, section 7."""
    if b"\\" not in raw:
        return raw.decode("utf-8", "surrogatepass")
    parts: list[str] = []
    position = 0
    for match in _ESCAPE.finditer(raw):
        parts.append(raw[position : match.start()].decode("utf-8", "surrogatepass"))
        short, code = match.groups()
        parts.append(_SHORT[short] if short else chr(int(code, 16)))
        position = match.end()
    parts.append(raw[position:].decode("utf-8", "surrogatepass"))
    return "".join(parts).encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")


def unescape_with_offsets(body: bytes, start: int, end: int) -> tuple[bytes, list[int]]:
    """Undo escapes and tell for every byte of the result where it came from, plus the end.

    Shape: ``offsets`` has one entry more than the result has bytes.
    """
    out = bytearray()
    offsets: list[int] = []
    position = start
    while position < end:
        match = _ESCAPE.match(body, position, end) if body[position] == 0x5C else None
        if match is None:
            out.append(body[position])
            offsets.append(position)
            position += 1
            continue
        after, text = escaped_character(body, match, end)
        out += text
        offsets += [position] * len(text)
        position = after
    return bytes(out), [*offsets, end]


def escaped_character(body: bytes, match: re.Match[bytes], end: int) -> tuple[int, bytes]:
    short, code = match.groups()
    if short:
        return match.end(), _SHORT[short].encode()
    unit = int(code, 16)
    low = _ESCAPE.match(body, match.end(), end) if 0xD800 <= unit < 0xDC00 else None
    if low and low.group(2) and 0xDC00 <= int(low.group(2), 16) < 0xE000:
        joined = 0x10000 + ((unit - 0xD800) << 10) + int(low.group(2), 16) - 0xDC00
        return low.end(), chr(joined).encode()
    return match.end(), chr(unit).encode("utf-8", "surrogatepass")


def escape(raw: bytes) -> bytes:
    """Write replacement text inside a JSON string."""
    return raw.replace(b"\\", b"\\\\").replace(b'"', b'\\"')
