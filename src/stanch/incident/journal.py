"""One entry of the journal, and the one way to write it as bytes.

The bytes are what is hashed, signed and kept; a reader gets the same entry back and the same bytes again.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import msgspec
import orjson

from stanch.errors import InputError


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    stream: str
    """Which journal: an incident's key, or ``org:<key>`` for what belongs to no incident."""
    n: int
    """Place in the journal, from 0."""
    at: datetime
    """When it was recorded (aware, UTC); what happened when is in the body."""
    by: str
    """Who did it: ``person:<key>``, ``token:<key>``, ``gateway:<name>`` or ``system``."""
    tag: str
    """``subject:object:verb``, such as ``person:task:finish``."""
    body: dict[str, Any] = field(default_factory=dict)
    key: str = ""
    """Idempotency key: the same key is never recorded twice in one journal."""

    @property
    def kind(self) -> str:
        """Object and verb, without who."""
        return self.tag.partition(":")[2]


def entry_bytes(entry: Entry) -> bytes:
    """Write an entry: JSON with sorted keys and no spaces, times in UTC with a Z."""
    return orjson.dumps(
        {
            "v": 1, "stream": entry.stream, "n": entry.n, "at": instant(entry.at), "by": entry.by, "tag": entry.tag, "key": entry.key,
            "body": entry.body,
        },
        option=orjson.OPT_SORT_KEYS,
    )  # fmt: skip


def instant(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


class _Line(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    v: int
    stream: str
    n: int
    at: datetime
    by: str
    tag: str
    key: str
    body: dict[str, Any]


_decoder = msgspec.json.Decoder(_Line)


def parse_entry(data: bytes) -> Entry:
    """Read an entry back.

    Raises: InputError when the bytes are not exactly those that ``entry_bytes`` writes.
    """
    try:
        line = _decoder.decode(data)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        raise InputError("this is no journal entry") from None
    if line.v != 1 or line.at.tzinfo is None:
        raise InputError("this journal entry is of another version")
    entry = Entry(stream=line.stream, n=line.n, at=line.at, by=line.by, tag=line.tag, body=line.body, key=line.key)
    try:
        same = entry_bytes(entry) == data
    except (orjson.JSONEncodeError, ValueError, OverflowError):
        same = False
    if not same:
        raise InputError("this journal entry was not written by stanch")
    return entry
