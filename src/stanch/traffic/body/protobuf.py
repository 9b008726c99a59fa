"""Protocol Buffers and gRPC.

Decides the message type (from a gRPC path or the content type's parameter), reads it by a descriptor set where one
is given, and by the wire alone otherwise; a field that the descriptor does not know is kept under its number, since
an outdated descriptor must not hide data.

Source: protobuf.dev/programming-guides/encoding, gRPC over HTTP/2, gRPC-Web.
"""

import base64
import binascii
import struct
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from stanch.traffic.body.coding import undo_codings
from stanch.traffic.body.json_text import is_too_deep, parse_text
from stanch.traffic.body.limits import TOO_DEEP, BodyError, Limits, Parsed
from stanch.traffic.body.members import members
from stanch.traffic.body.wire import LENGTH, Field, guess_message, guess_value, read_fields, read_varint

if TYPE_CHECKING:
    from google.protobuf.descriptor import Descriptor, FieldDescriptor
    from google.protobuf.descriptor_pool import DescriptorPool

_TRAILER = 0x80
_COMPRESSED = 0x01
_FORMATS = {1: "<d", 2: "<f", 6: "<Q", 7: "<I", 15: "<i", 16: "<q"}
"""Field types of fixed size, by ``FieldDescriptorProto.Type``."""
_STRING, _GROUP, _MESSAGE, _BYTES, _ENUM, _BOOL = 9, 10, 11, 12, 14, 8
_SIGNED, _ZIGZAG = {3, 5}, {17, 18}


def read_protobuf(data: bytes, type_name: str | None, descriptors: bytes | None, limits: Limits) -> Parsed:
    """Read one message.

    Raises: BodyError.
    """
    return Parsed(tree=_message(data, _find(descriptors, type_name), limits))


def _message(data: bytes, descriptor: "Descriptor | None", limits: Limits) -> object:
    if data[:1] == b"{" and data[-1:] == b"}" and (tree := _json(data, limits)) is not None:
        return tree
    return guess_message(data, limits) if descriptor is None else _typed(data, descriptor, 64)


def _json(data: bytes, limits: Limits) -> object | None:
    """Read a message of ``application/grpc+json``; one in the binary form never parses so."""
    try:
        text = data.decode()
        return None if is_too_deep(text, limits.max_depth) else parse_text(text)
    except (BodyError, UnicodeDecodeError):
        return None


def read_grpc(data: bytes, type_name: str | None, descriptors: bytes | None, limits: Limits, *, coding: str) -> Parsed:
    """Read length-prefixed messages as a list; gRPC-Web trailers become a last object.

    Raises: BodyError.
    """
    descriptor = _find(descriptors, type_name)
    trees: list[object] = []
    at = 0
    while at < len(data):
        flags, payload, at = _frame(data, at)
        if flags & _TRAILER:
            trees.append(_trailers(payload))
            continue
        plain = undo_codings(payload, [coding or "gzip"], limits) if flags & _COMPRESSED else payload
        trees.append(_message(plain, descriptor, limits))
    return Parsed(tree=trees)


def _frame(data: bytes, at: int) -> tuple[int, bytes, int]:
    if at + 5 > len(data):
        raise BodyError(f"gRPC frame is cut short at byte {at}")
    flags, size = struct.unpack_from(">BI", data, at)
    end = at + 5 + size
    if flags & ~(_TRAILER | _COMPRESSED) or end > len(data):
        raise BodyError(f"gRPC frame is cut short or malformed at byte {at}")
    return flags, data[at + 5 : end], end


def _trailers(payload: bytes) -> object:
    lines = (line.partition(":") for line in payload.decode("utf-8", "replace").splitlines())
    return members([(name.strip().lower(), value.strip()) for name, colon, value in lines if colon])


def undo_grpc_text(data: bytes) -> bytes:
    """Undo the base64 of gRPC-Web text, which may be padded in the middle.

    Raises: BodyError.
    """
    try:
        return b"".join(base64.b64decode(piece) for piece in _padded_pieces(data))
    except binascii.Error:
        raise BodyError("gRPC-Web text is not base64") from None


def _padded_pieces(data: bytes) -> list[bytes]:
    compact = b"".join(data.split())
    pieces = [piece for piece in compact.split(b"=") if piece]
    return [piece + b"=" * (-len(piece) % 4) for piece in pieces]


def method_types(descriptors: bytes | None, path: str) -> tuple[str | None, str | None]:
    """Give the request and response type of a gRPC path such as ``/pkg.Users/Get``."""
    service_name, _, method_name = path.strip("/").rpartition("/")
    pool = _pool(descriptors) if descriptors else None
    if pool is None or not service_name:
        return None, None
    try:
        method = pool.FindServiceByName(service_name).methods_by_name[method_name]
    except KeyError:
        return None, None
    return method.input_type.full_name, method.output_type.full_name


def _find(descriptors: bytes | None, type_name: str | None) -> "Descriptor | None":
    pool = _pool(descriptors) if descriptors and type_name else None
    if pool is None or type_name is None:
        return None
    try:
        found: Descriptor = pool.FindMessageTypeByName(type_name.strip().lstrip("."))
    except KeyError:
        return None
    return found


@lru_cache(maxsize=4)
def _pool(descriptors: bytes) -> "DescriptorPool | None":
    """Load a descriptor set; ``None`` where the protobuf library is not installed.

    Raises: BodyError where the set itself can't be used.
    """
    try:
        from google.protobuf import descriptor_pb2, descriptor_pool, message  # noqa: PLC0415 - an extra
    except ImportError:
        return None
    try:
        files = descriptor_pb2.FileDescriptorSet.FromString(descriptors).file
        pool = descriptor_pool.DescriptorPool()
        for file in files:
            pool.Add(file)
    except (message.DecodeError, TypeError):
        raise BodyError("the protobuf descriptor set can't be used") from None
    return pool


def _typed(data: bytes, descriptor: "Descriptor", depth: int) -> object:
    if depth == 0:
        raise BodyError(TOO_DEEP)
    pairs: list[tuple[str, object]] = []
    lists: dict[str, list[object]] = {}
    for field in read_fields(data):
        known = descriptor.fields_by_number.get(field.number)
        if known is None:
            pairs.append((str(field.number), guess_value(field)))
            continue
        values = _values(field, known, depth)
        if not known.is_repeated:
            pairs += [(known.name, value) for value in values]
            continue
        if known.name not in lists:
            lists[known.name] = []
            pairs.append((known.name, lists[known.name]))
        lists[known.name] += values
    return members([(name, _map(descriptor, name, value)) for name, value in pairs])


def _map(descriptor: "Descriptor", name: str, value: object) -> object:
    """Turn the entries of a map field into an object."""
    known = descriptor.fields_by_name.get(name)
    if known is None or not isinstance(value, list) or known.message_type is None:
        return value
    if not known.message_type.GetOptions().map_entry:
        return value
    entries = [entry for entry in value if isinstance(entry, dict)]
    return members([(str(entry.get("key", "")), entry.get("value")) for entry in entries])


def _values(field: Field, known: "FieldDescriptor", depth: int) -> list[object]:
    """Give one value, or the many of a packed field."""
    if not isinstance(field.value, bytes):
        return [_scalar(field.value, known)]
    if known.type in {_MESSAGE, _GROUP} and known.message_type is not None:
        return [_typed(field.value, known.message_type, depth - 1)]
    if known.type == _STRING:
        return [field.value.decode("utf-8", "replace")]
    return [field.value] if known.type == _BYTES or field.wire_type != LENGTH else _packed(field.value, known)


def _packed(data: bytes, known: "FieldDescriptor") -> list[object]:
    layout = _FORMATS.get(known.type)
    if layout is not None:
        usable = len(data) - len(data) % struct.calcsize(layout)
        return [value for (value,) in struct.iter_unpack(layout, data[:usable])]
    values: list[object] = []
    at = 0
    while at < len(data):
        number, at = read_varint(data, at)
        values.append(_scalar(number, known))
    return values


def _scalar(number: int, known: "FieldDescriptor") -> object:
    layout = _FORMATS.get(known.type)
    if layout is not None:
        size = struct.calcsize(layout)
        value: Any = struct.unpack(layout, (number & (2 ** (8 * size) - 1)).to_bytes(size, "little"))[0]
        return value
    if known.type == _BOOL:
        return bool(number)
    if known.type == _ENUM and known.enum_type is not None:
        named = known.enum_type.values_by_number.get(number)
        return number if named is None else named.name
    if known.type in _ZIGZAG:
        return (number >> 1) ^ -(number & 1)
    return number - (1 << 64) if known.type in _SIGNED and number >> 63 else number
