"""What a message says once its codings are undone: trees of values, each with the position it stands in.

The interface between body decoding and everything that looks at values.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Where = Literal["response.body", "response.header", "request.url", "request.body", "request.header"]


class Pairs(tuple[tuple[str, object], ...]):
    """An object with its members in order, duplicate keys kept (``dict`` would hide the first of two)."""

    __slots__ = ()


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Document:
    where: Where
    tree: object
    """``Pairs`` or ``dict``, ``list``, ``str``, ``int``, ``float``, ``bool``, ``None``; ``bytes`` for opaque leaves. Personal."""
    names: Mapping[str, str] = field(default_factory=dict)
    """GraphQL: JSONPath of an aliased member to the name of the field that it really is."""
    operation: str = ""
    """GraphQL: the operation's name, or ``#`` and the first root field."""
    raw: bytes | None = None
    """The JSON text where the whole body is one JSON document, for engines that don't need the tree."""

    def __repr__(self) -> str:
        """Say where it stands; never what it says."""
        return f"Document({self.where})"
