"""What a path segment is by its form: surely a value, possibly one, or a word of the API.

Decides on one segment alone; what its neighbours say is ``path``'s business.
"""

import re
from functools import lru_cache
from urllib.parse import unquote

_KINDS = (
    ("int", re.compile(r"-?\d+")),
    ("uuid", re.compile(r"[0-9a-fA-F]{8}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{12}")),
    ("email", re.compile(r"[^@\s/]+@[^@\s/]+\.[A-Za-z]{2,}")),
    ("date", re.compile(r"\d{4}-\d{2}-\d{2}(?:T.*)?")),
    ("objectid", re.compile(r"(?=.*\d)[0-9a-f]{24}")),
    ("hex", re.compile(r"(?=.*\d)(?=.*[a-fA-F])[0-9a-fA-F]{8,}")),
    ("ulid", re.compile(r"(?=.*\d)[0-9A-HJKMNP-TV-Z]{26}")),
    ("prefixed", re.compile(r"[a-z]{2,6}_(?=[A-Za-z]*\d)[A-Za-z0-9]{8,}")),
    ("phone", re.compile(r"\+\d{7,15}")),
    ("decimal", re.compile(r"-?\d+(?:[.,:]\d+)+")),
    ("token", re.compile(r"(?=.*\d)(?=.*[A-Z])(?=.*[a-z])[A-Za-z0-9_\-]{16,}={0,2}")),
    ("code", re.compile(r"(?=.*\d)(?=.*[A-Z])[A-Z0-9]{5,}")),
)
_VERSION = re.compile(r"v\d+(?:\.\d+)*|\d+\.\d+", re.IGNORECASE)
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+){2,}")
_NUMBERED_SLUG = re.compile(r"(?=.*[a-z])(?=.*\d)[a-z0-9]+(?:-[a-z0-9]+)+")
_WORD = re.compile(r"[A-Za-z_][A-Za-z_]*")

SURE = frozenset(name for name, _ in _KINDS)
"""Kinds that are values wherever they stand."""


@lru_cache(maxsize=1 << 16)
def segment_kind(text: str) -> str:
    """Name the kind of a decoded segment: one of ``SURE``, ``version``, ``slug``, ``mixed`` or ``word``."""
    if _VERSION.fullmatch(text):
        return "version"
    for name, pattern in _KINDS:
        if pattern.fullmatch(text):
            return name
    if _SLUG.fullmatch(text) or _NUMBERED_SLUG.fullmatch(text):
        return "slug"
    return "word" if _WORD.fullmatch(text) else "mixed"


@lru_cache(maxsize=1 << 16)
def provisional(path: str) -> str:
    """Write a path with every sure value replaced by its kind; the rest stands, decoded.

    A trailing slash stays (some frameworks route it apart); doubled slashes and matrix parameters go.
    """
    parts = [unquote(part.split(";", 1)[0]) for part in path.split("/")]
    kept = [kind_or_text(part) for part in parts if part]
    return "/" + "/".join(kept) + ("/" if path.endswith("/") and kept else "")


def kind_or_text(text: str) -> str:
    kind = segment_kind(text)
    return "{" + kind + "}" if kind in SURE else text.replace("/", "%2F").replace("{", "%7B").replace("}", "%7D")
