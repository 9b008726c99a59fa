"""How much one body may cost, what went wrong with it, and what was noticed on the way.

Decides the numbers that keep a hostile body from taking the machine down.
Refuses to know any format.
"""

from dataclasses import dataclass, field

from stanch.errors import InputError


class BodyError(InputError):
    """A body can't be decoded; the message holds a position at most, never content."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    max_body_bytes: int = 256 * 1024 * 1024
    """Of one body once its content codings are undone; a body sent without coding is never refused for its size."""
    max_ratio: int = 1000
    """Expanded size by coded size."""
    ratio_free_bytes: int = 1024 * 1024
    """The ratio counts only beyond this expanded size: short repetitive bodies compress well and harm nobody."""
    max_codings: int = 5
    """Content codings stacked on one body."""
    max_depth: int = 256
    """Objects and arrays within each other; walking a tree of this depth recursively fits Python's own limit."""
    max_parts: int = 10_000
    """Parts of one multipart body."""
    max_part_layers: int = 4
    """Multipart within multipart."""
    max_nested_layers: int = 2
    """Encodings within one string, such as JSON within base64."""
    max_query_chars: int = 256 * 1024
    """Of one GraphQL document."""
    max_query_tokens: int = 20_000
    """Of one GraphQL document, and the most selections that its fragments may expand to."""
    max_query_depth: int = 64
    """Of one GraphQL document."""


@dataclass(slots=True, kw_only=True)
class Notes:
    """What was noticed while one body was read; the only thing here that changes."""

    n_opaque: int = 0
    """Images, archives, scripts: nothing to decode."""
    n_replaced: int = 0
    """Bytes or code units that are not valid in their charset and became U+FFFD."""
    problems: list[str] = field(default_factory=list)
    """Parts of the body that could not be read while the rest could, in words without values."""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Parsed:
    """A body's meaning."""

    tree: object
    """Personal."""
    raw: bytes | None = None
    """The JSON text, where the body is one strictly valid JSON document."""

    def __repr__(self) -> str:
        """Never show the tree."""
        return "Parsed(…)"


TOO_DEEP = "nested too deeply"
