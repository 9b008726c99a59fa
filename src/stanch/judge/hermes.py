"""The string table of Hermes bytecode, the compiled form of React Native apps.

Knows the layout of the file and nothing of its code. Source: Hermes, BytecodeFileFormat.h, versions 60 to 96.
"""

import struct
from collections.abc import Iterator

MAGIC = struct.pack("<Q", 0x1F1903C103BC1FC6)
HEADER_BYTES = 128
FUNCTION_BYTES = 16
_COUNTS = struct.Struct("<6I")
"""functionCount, stringKindCount, identifierCount, stringCount, overflowStringCount, stringStorageSize."""
_AT_COUNTS = 8 + 4 + 20 + 4 + 4
"""After magic, version, source hash, file length, index of the global code."""
LONG = 0xFF
"""Length of an entry that stands in the overflow table."""


class NotHermesError(ValueError):
    """The file's own numbers do not fit its length."""


def hermes_strings(data: bytes) -> Iterator[bytes]:
    """Give every string of a bytecode file; those of two-byte characters without their zero bytes.

    Raises: NotHermesError where the tables do not fit in the file.
    """
    if len(data) < HEADER_BYTES or data[:8] != MAGIC:
        raise NotHermesError("no Hermes header")
    functions, kinds, names, strings, overflow, size = _COUNTS.unpack_from(data, _AT_COUNTS)
    table = aligned(HEADER_BYTES + functions * FUNCTION_BYTES) + 4 * (kinds + names)
    long_table = table + 4 * strings
    storage = long_table + 8 * overflow
    if storage + size > len(data):
        raise NotHermesError("its tables reach beyond its end")
    for number in range(strings):
        (entry,) = struct.unpack_from("<I", data, table + 4 * number)
        wide, offset, length = entry & 1, entry >> 1 & 0x7FFFFF, entry >> 24
        if length == LONG and offset < overflow:
            offset, length = struct.unpack_from("<2I", data, long_table + 8 * offset)
        text = data[storage + offset : storage + offset + length * (1 + wide)]
        yield text.replace(b"\0", b"") if wide else text


def aligned(position: int) -> int:
    return position + -position % 4
