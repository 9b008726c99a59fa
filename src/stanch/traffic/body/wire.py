"""Protocol Buffers from the wire alone.

Decides the fields of a message without its schema: keys are field numbers, texts and nested messages by trial,
repeated fields are duplicate keys.
Refuses to guess names or enumerations.

Source: protobuf.dev/programming-guides/encoding.
"""

import math
import struct
from collections.abc import Iterator
from typing import NamedTuple

from stanch.traffic.body.limits import TOO_DEEP, BodyError, Limits
from stanch.traffic.body.members import members
from stanch.traffic.document import Pairs

VARINT, FIXED64, LENGTH, GROUP, GROUP_END, FIXED32 = range(6)
_MAX_DEPTH = 64


class Field(NamedTuple):
    number: int
    wire_type: int
    value: int | bytes
    """Varints and fixed values as unsigned integers; for a group the bytes within."""


def read_fields(data: bytes) -> Iterator[Field]:
    """Give the fields in order.

    Raises: BodyError with the offset.
    """
    at = 0
    while at < len(data):
        tag, after = read_varint(data, at)
        number, wire_type = tag >> 3, tag & 7
        if number == 0 or number > 0x1FFFFFFF or wire_type > FIXED32 or wire_type == GROUP_END:
            raise BodyError(f"protobuf is malformed at byte {at}")
        value, at = _read_value(data, after, number, wire_type)
        yield Field(number, wire_type, value)


def _read_value(data: bytes, at: int, number: int, wire_type: int) -> tuple[int | bytes, int]:
    if wire_type == VARINT:
        return read_varint(data, at)
    if wire_type == GROUP:
        return _group(data, at, number)
    size = {FIXED64: 8, FIXED32: 4}.get(wire_type)
    if size is None:
        size, at = read_varint(data, at)
    if at + size > len(data):
        raise BodyError(f"protobuf is cut short at byte {at}")
    piece = data[at : at + size]
    return (piece if wire_type == LENGTH else int.from_bytes(piece, "little")), at + size


def read_varint(data: bytes, at: int) -> tuple[int, int]:
    """Give the value and the offset behind it.

    Raises: BodyError.
    """
    value = 0
    for n_read, byte in enumerate(data[at : at + 10]):
        value |= (byte & 0x7F) << (7 * n_read)
        if byte < 0x80:
            return value & 0xFFFFFFFFFFFFFFFF, at + n_read + 1
    raise BodyError(f"protobuf is malformed at byte {at}")


def _group(data: bytes, at: int, number: int) -> tuple[bytes, int]:
    """Find the end of a group, groups within it skipped over."""
    start = at
    open_groups = [number]
    while open_groups:
        before = at
        tag, at = read_varint(data, at)
        inner, wire_type = tag >> 3, tag & 7
        if wire_type == GROUP_END and open_groups.pop() != inner:
            raise BodyError(f"protobuf is malformed at byte {before}")
        if wire_type == GROUP:
            open_groups.append(inner)
        elif wire_type != GROUP_END:
            at = _skip(data, at, wire_type)
    return data[start:before], at


def _skip(data: bytes, at: int, wire_type: int) -> int:
    if wire_type > FIXED32:
        raise BodyError(f"protobuf is malformed at byte {at}")
    return _read_value(data, at, 0, wire_type)[1]


def guess_message(data: bytes, limits: Limits) -> dict[str, object] | Pairs:
    """Read a message without its schema.

    Raises: BodyError.
    """
    return _message(data, min(limits.max_depth, _MAX_DEPTH))


def _message(data: bytes, depth: int) -> dict[str, object] | Pairs:
    if depth == 0:
        raise BodyError(TOO_DEEP)
    return members([(str(field.number), guess_value(field, depth)) for field in read_fields(data)])


def guess_value(field: Field, depth: int = _MAX_DEPTH) -> object:
    value = field.value
    if isinstance(value, bytes):
        return _message(value, depth - 1) if field.wire_type == GROUP else _length_delimited(value, depth)
    if field.wire_type == VARINT:
        return value
    return _float_or_int(value, 8 if field.wire_type == FIXED64 else 4)


def _length_delimited(value: bytes, depth: int) -> object:
    """Prefer a clean text, then a message, then a text with line breaks, then bytes."""
    text = _text(value)
    if text is not None and not any(char < " " for char in text):
        return text
    try:
        return _message(value, depth - 1)
    except BodyError:
        pass
    if text is not None and all(char >= " " or char in "\t\n\r" for char in text):
        return text
    return value


def _text(value: bytes) -> str | None:
    try:
        return value.decode()
    except UnicodeDecodeError:
        return None


def _float_or_int(value: int, size: int) -> float | int:
    """Take for a number with a fraction what has a plausible exponent as one."""
    number: float = struct.unpack("<d" if size == 8 else "<f", value.to_bytes(size, "little"))[0]
    plausible = math.isfinite(number) and 1e-6 < abs(number) < 1e15
    return number if plausible else value
