"""Values within values: JSON in a string, base64 of a text, the claims of a JWT.

Decides which string leaves hold more than they show, and puts a ``Nested`` in their place.
Refuses to know what is found in them; nothing here checks a signature.

Path notation of what is within, for consumers: ``<path>@json…``, ``<path>@base64``, ``<path>@jwt…``;
layers stack, so JSON within base64 is ``<path>@base64@json…``.
Source: RFC 4648, RFC 7519.
"""

import base64
import binascii
import re
from collections.abc import Iterable
from typing import Literal, NamedTuple

from stanch.traffic.body.json_text import is_too_deep, parse_text
from stanch.traffic.body.limits import BodyError, Limits
from stanch.traffic.document import Pairs

Kind = Literal["json", "base64", "jwt"]

_MIN_BASE64 = 16
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{16,}={0,2}")
_PLAIN_ID = re.compile(r"[0-9a-fA-F-]+|[a-z0-9_/-]+|[A-Z0-9_/-]+")
"""Hex, UUIDs, slugs, paths and constants are not base64 of a text, which always mixes both cases."""
_JWT = re.compile(r"(eyJ[A-Za-z0-9_-]+)\.(eyJ[A-Za-z0-9_-]+|[A-Za-z0-9_-]{4,})\.[A-Za-z0-9_-]*")
_TELLING = re.compile(r"@|[A-Za-z_]\w*=")
_RUN = b'"' + b"A" * 16
_TO_RUNS = bytes(65 if chr(byte) in "+/_-\\" or (byte < 128 and chr(byte).isalnum()) else 123 if byte == 91 else byte for byte in range(256))
"""Every byte of base64 becomes ``A`` and every bracket ``{``, so that two plain searches see all candidates."""
_CANDIDATE = re.compile(
    rb'"(eyJ[A-Za-z0-9_-]++\.[A-Za-z0-9_-]++\.[A-Za-z0-9_-]*+'
    rb'|(?!(?:[0-9a-fA-F-]++|[a-z0-9_/-]++|[A-Z0-9_/-]++)")[A-Za-z0-9+/_\\-]{16,}+={0,2})"'
)
_STARTS = frozenset("{[")
_MAX_DEPTH = 64
"""Of a value within a value, so that the whole stays walkable."""
_BRACKETS = {"{": "}", "[": "]"}


class Nested(NamedTuple):
    """A string leaf and what it holds; personal, so it does not show itself."""

    text: str
    """The leaf as it stood."""
    kind: Kind
    tree: object
    """For ``base64`` a string or, where that string holds more, another ``Nested``; for ``jwt`` the claims."""

    def __repr__(self) -> str:
        """Say the kind only."""
        return f"Nested({self.kind})"


def may_hold_nested(raw: bytes, limits: Limits) -> bool:
    """Tell whether any string of a JSON text is worth a look, without a walk through its tree.

    Cost: about a fifth of parsing.
    """
    runs = raw.translate(_TO_RUNS)
    if b'"{' in runs:
        return True
    at = runs.find(_RUN)
    while at >= 0:
        match = _CANDIDATE.match(raw, at)
        if match is not None and _holds_more(match[1], limits):
            return True
        at = runs.find(_RUN, at + len(_RUN))
    return False


def _holds_more(text: bytes, limits: Limits) -> bool:
    """Try a candidate; one with escapes is left to the walk."""
    return b"\\" in text or isinstance(_leaf(text.decode("ascii"), limits, limits.max_nested_layers), Nested)


def expand(tree: object, limits: Limits) -> object:
    """Give the tree with ``Nested`` leaves; the same object where there are none."""
    return _expand(tree, limits, limits.max_nested_layers)


def _expand(tree: object, limits: Limits, layers: int) -> object:
    """Go one level down by one call of itself, so that deep trees fit Python's recursion limit."""
    if isinstance(tree, str):
        return _leaf(tree, limits, layers)
    if not isinstance(tree, (dict, list, Pairs)):
        return tree
    grown: dict[int, object] = {}
    for at, value in enumerate(_values(tree)):
        if isinstance(value, str):
            worth = len(value) >= _MIN_BASE64 or value[:1] in _STARTS
            new: object = _leaf(value, limits, layers) if worth else value
        else:
            new = _expand(value, limits, layers) if isinstance(value, (dict, list, Pairs)) else value
        if new is not value:
            grown[at] = new
    return _rebuilt(tree, grown) if grown else tree


def _values(tree: dict[str, object] | list[object] | Pairs) -> Iterable[object]:
    if isinstance(tree, dict):
        return tree.values()
    return tree if isinstance(tree, list) else [value for _, value in tree]


def _rebuilt(tree: dict[str, object] | list[object] | Pairs, grown: dict[int, object]) -> object:
    values = [grown.get(at, value) for at, value in enumerate(_values(tree))]
    if isinstance(tree, list):
        return values
    if isinstance(tree, dict):
        return dict(zip(tree, values, strict=True))
    return Pairs(zip((key for key, _ in tree), values, strict=True))


def _leaf(text: str, limits: Limits, layers: int) -> str | Nested:
    if layers == 0 or not text:
        return text
    if text[0] in _STARTS:
        return _json(text, limits, layers)
    if len(text) < _MIN_BASE64:
        return text
    if text.startswith("eyJ") and text.count(".") == 2:
        return _jwt(text, limits, layers)
    if _BASE64.fullmatch(text) is None or _PLAIN_ID.fullmatch(text) is not None:
        return text
    return _base64(text, limits, layers)


def _json(text: str, limits: Limits, layers: int) -> str | Nested:
    body = text.rstrip()
    if len(body) < 2 or _BRACKETS.get(body[0]) != body[-1]:
        return text
    tree = _container(body, limits)
    return text if tree is None else Nested(text, "json", _expand(tree, limits, layers - 1))


def _container(text: str, limits: Limits) -> object | None:
    """Parse an object or array; ``None`` for anything else."""
    if is_too_deep(text, min(limits.max_depth, _MAX_DEPTH)):
        return None
    try:
        tree = parse_text(text)
    except BodyError:
        return None
    return tree if isinstance(tree, (dict, list, Pairs)) else None


def _jwt(text: str, limits: Limits, layers: int) -> str | Nested:
    match = _JWT.fullmatch(text)
    if match is None or len(match[1]) < _MIN_BASE64 or _json_object(match[1], limits) is None:
        return text
    claims = _json_object(match[2], limits)
    return text if claims is None else Nested(text, "jwt", _expand(claims, limits, layers - 1))


def _json_object(part: str, limits: Limits) -> object | None:
    plain = _decoded(part)
    if plain is None or not plain.startswith("{"):
        return None
    return _container(plain, limits)


def _base64(text: str, limits: Limits, layers: int) -> str | Nested:
    start = _decoded(text[:16])
    if start is None:
        return text
    plain = _decoded(text)
    if plain is None:
        return text
    inner = _leaf(plain, limits, layers - 1)
    if isinstance(inner, Nested) or _TELLING.search(plain) or _is_container(plain, limits):
        return Nested(text, "base64", inner)
    return text


def _is_container(plain: str, limits: Limits) -> bool:
    return plain[:1] in _BRACKETS and _container(plain, limits) is not None


def _decoded(text: str) -> str | None:
    """Undo base64 in either alphabet; ``None`` unless printable text comes out."""
    body = text.rstrip("=").replace("-", "+").replace("_", "/")
    if len(body) % 4 == 1:
        return None
    try:
        plain = base64.b64decode(body + "=" * (-len(body) % 4), validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return _cut_char(body)
    return plain if _printable(plain) else None


def _cut_char(body: str) -> str | None:
    """Accept the start of a longer text that was cut within a character."""
    if len(body) != 16:
        return None
    plain = base64.b64decode(body).decode("utf-8", "replace")
    text = plain.rstrip("\ufffd")
    return text if len(text) >= 8 and "\ufffd" not in text and _printable(text) else None


def _printable(text: str) -> bool:
    return text.isprintable() or all(char.isprintable() or char in "\t\n\r" for char in text)
