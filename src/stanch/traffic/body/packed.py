"""MessagePack.

Decides the tree of a packed value: keys become strings, extensions stay bytes, times become ISO text.
Refuses anything that is not one whole value.
"""

from datetime import datetime

import msgspec

from stanch.traffic.body.limits import TOO_DEEP, BodyError, Limits, Notes, Parsed
from stanch.traffic.body.members import members


def read_msgpack(data: bytes, charset: str | None, limits: Limits, notes: Notes) -> Parsed:
    """Read one value.

    Raises: BodyError.
    """
    del charset, notes
    try:
        tree = msgspec.msgpack.decode(data)
    except (msgspec.MsgspecError, ValueError, OverflowError):
        raise BodyError("MessagePack is cut short or malformed") from None
    except RecursionError:
        raise BodyError(TOO_DEEP) from None
    return Parsed(tree=_plain(tree, limits.max_depth))


def _plain(value: object, depth: int) -> object:
    if depth == 0:
        raise BodyError(TOO_DEEP)
    if isinstance(value, dict):
        return members([(_key(key), _plain(item, depth - 1)) for key, item in value.items()])
    if isinstance(value, (list, tuple)):
        return [_plain(item, depth - 1) for item in value]
    if isinstance(value, datetime):
        return value.isoformat()
    return value.data if isinstance(value, msgspec.msgpack.Ext) else value


def _key(key: object) -> str:
    if isinstance(key, bytes):
        return key.decode("utf-8", "replace")
    return key if isinstance(key, str) else str(key)


def looks_packed(data: bytes) -> bool:
    """See the start of a map or array; text never begins so in UTF-8."""
    return bool(data) and (0x80 <= data[0] <= 0x9F or 0xDC <= data[0] <= 0xDF)
