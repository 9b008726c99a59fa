"""One disclosure: in one response, one subject's fields went to one recipient.

A row names its fields by a *shape* (which endpoint, which fields it can give) and a bit mask (which of them were there), not one
row per field: a fifth of the size, and the masks are what the questions count with. Persons are keyed pseudonyms; a person or a
recipient that can't be told is ``None`` and stays so.
"""

from datetime import UTC, datetime, timedelta
from enum import IntEnum
from typing import NamedTuple

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
DAY_MS = 86_400_000
NO_DAY = "unknown"
"""The partition of exchanges without a time."""


class Relation(IntEnum):
    """Whose the data are, seen from the recipient."""

    SELF = 0
    OTHER = 1
    UNKNOWN = 2


class RecipientKind(IntEnum):
    """How a recipient is told from others."""

    PERSON = 0
    CREDENTIAL = 1
    """A token, key or session whose holder the traffic does not tell."""
    ADDRESS = 2
    """Nobody signed in; the client's network address."""
    NOBODY = 3
    """Nobody signed in, and no address was recorded: can't be told from others."""


class Disclosure(NamedTuple):
    """One row of the ledger."""

    at_ms: int | None
    """Milliseconds since 1970, UTC; ``None`` where the capture has no time."""
    response: int
    """Tells responses apart."""
    subject: int | None
    recipient: int | None
    kind: RecipientKind
    relation: Relation
    shape: int
    mask: int
    """Bit *i* is field *i* of the shape."""
    n: int
    """Values disclosed."""
    authenticated: bool
    staff: bool
    """The credential claims an administrator's role."""
    credential: int | None
    address: int | None
    place: int | None
    """The number by which a thing was asked for, shifted by a secret: differences stay, the number does not."""


class Link(NamedTuple):
    """Two pseudonyms of one person; a person's row names ``root``."""

    root: int
    member: int
    kind: str
    """Of the member: ``email``, ``username``, ``phone``, ``uid`` or ``credential``."""


def day_of(at_ms: int | None) -> str:
    """Name the partition of a time."""
    return NO_DAY if at_ms is None else (EPOCH + timedelta(milliseconds=at_ms)).date().isoformat()


def milliseconds(at: datetime | None) -> int | None:
    return None if at is None else (at - EPOCH) // timedelta(milliseconds=1)


def moment(at_ms: int | None) -> datetime | None:
    return None if at_ms is None else EPOCH + timedelta(milliseconds=at_ms)


def shown(sealed: int | None) -> str:
    """Write a sealed pseudonym the way answers do."""
    return "unknown" if sealed is None else f"{sealed & (1 << 64) - 1:016x}"


def sealed_of(text: str) -> int:
    """Read a pseudonym from an answer.

    Raises: ValueError where it is none.
    """
    if len(text) != 16:
        raise ValueError
    number = int(text, 16)
    return number - (1 << 64) if number >> 63 else number
