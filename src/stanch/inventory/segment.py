"""What a path segment is by its form: surely a value, possibly one, or a word of the API.

Decides on one segment alone; what its neighbours say is ``path``'s business.
"""

import re
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import unquote

MAX_PARTS = 32
"""A path longer than that is one endpoint with its beginning; nobody designs such."""

_KINDS = (
    ("int", re.compile(r"-?\d+")),
    ("uuid", re.compile(r"\{?[0-9a-fA-F]{8}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{12}\}?")),
    ("email", re.compile(r"[^@\s/]+@[^@\s/]+\.[A-Za-z]{2,}")),
    ("date", re.compile(r"\d{4}-\d{2}-\d{2}(?:[T ].*)?")),
    ("ip", re.compile(r"\d{1,3}(?:\.\d{1,3}){3}|(?=.*\d)[0-9a-fA-F]*:[0-9a-fA-F:.]+:[0-9a-fA-F.]*")),
    ("objectid", re.compile(r"(?=.*\d)[0-9a-f]{24}")),
    ("hex", re.compile(r"(?:0x)?(?=.*\d)(?=.*[a-fA-F])(?:[0-9a-f]{8,}|[0-9A-F]{8,})")),
    ("ulid", re.compile(r"(?=.*\d)[0-7][0-9A-HJKMNP-TV-Z]{25}")),
    ("cuid", re.compile(r"c(?=(?:.*\d){4})[a-z0-9]{24}")),
    ("prefixed", re.compile(r"[A-Za-z]{2,8}_(?=[A-Za-z]*\d)[A-Za-z0-9]{8,}")),
    ("text", re.compile(r"[^/]*\w [^/]*\w[^/]*")),
    ("phone", re.compile(r"\+\d{7,15}")),
    ("decimal", re.compile(r"-?\d+(?:[.,:]-?\d+)+")),
    ("token", re.compile(r"(?=(?:\D*\d+\D){2})(?=.*[A-Z])(?=.*[a-z])[A-Za-z0-9_\-]{16,}={0,2}")),
    ("base64", re.compile(r"(?=.*\d)(?=.*[A-Z])(?=.*[a-z])[A-Za-z0-9+/_\-]{11,}={1,2}")),
    ("handle", re.compile(r"(?=.*[A-Za-z])(?=(?:\D*\d){4})[A-Za-z0-9][A-Za-z0-9._~\-]{5,}")),
    ("code", re.compile(r"(?=.*\d)(?=.*[A-Z])[A-Z0-9]{5,}|[A-Z]{2,5}-\d{3,}")),
)
_VERSION = re.compile(r"v\d+(?:\.\d+)*(?:(?:alpha|beta|rc)\d*)?|\d{1,2}\.\d{1,2}", re.IGNORECASE)
_LEADING_VERSION = re.compile(r"\d|\d{4}-\d{2}-\d{2}")
"""What only at the beginning of a path is a version, as in ``/2/users`` and ``/2010-04-01/Accounts``."""
_SCAFFOLD = frozenset({"api", "rest", "rpc", "services"})
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+){2,}")
_NUMBERED_SLUG = re.compile(r"(?=.*[a-z])(?=.*\d)[a-z0-9]+(?:-[a-z0-9]+)+")
_WORD = re.compile(r"[A-Za-z_][A-Za-z_]*")
_FILE = re.compile(
    r"(?P<pre>)(?P<stem>.+)(?P<post>\.(?:json|xml|csv|html?|txt|pdf|png|jpe?g|gif|svg|ya?ml|ics|rss|atom|js|css|md|zip))", re.IGNORECASE
)
_VERB = re.compile(r"(?P<pre>)(?P<stem>[^:]+)(?P<post>:[A-Za-z]{3,})")
_CALL = re.compile(r"(?P<pre>[A-Za-z]\w*\('?)(?P<stem>[^()'=]+)(?P<post>'?\))")
_AFFIXED = (_CALL, _FILE, _VERB)

SURE = frozenset(name for name, _ in _KINDS)
"""Kinds that are values wherever they stand."""


class Affixed(NamedTuple):
    """A segment with what the route itself has around the value: ``17.json``, ``17:cancel``, ``Orders(17)``."""

    pre: str
    stem: str
    post: str


@lru_cache(maxsize=1 << 16)
def segment_kind(text: str) -> str:
    """Name the kind of a decoded segment: one of ``SURE``, ``version``, ``file``, ``slug``, ``mixed`` or ``word``."""
    if _VERSION.fullmatch(text):
        return "version"
    for name, pattern in _KINDS:
        if pattern.fullmatch(text):
            return name
    if _SLUG.fullmatch(text) or _NUMBERED_SLUG.fullmatch(text):
        return "slug"
    if _FILE.fullmatch(text):
        return "file"
    return "word" if _WORD.fullmatch(text) else "mixed"


@lru_cache(maxsize=1 << 16)
def affixed(text: str) -> Affixed:
    """Take a segment apart; most have nothing around."""
    match = next((m for pattern in _AFFIXED if (m := pattern.fullmatch(text))), None)
    return Affixed(match["pre"], match["stem"], match["post"]) if match else Affixed("", text, "")


@lru_cache(maxsize=1 << 16)
def provisional(path: str) -> str:
    """Write a path with every sure value replaced by its kind; the rest stands, decoded.

    A trailing slash stays (some frameworks route it apart); doubled slashes and matrix parameters go.
    """
    parts = [unquote(part.split(";", 1)[0]) for part in path.split("/")]
    kept = [kind_or_text(part) for part in parts if part]
    at = next((n for n, part in enumerate(kept) if part.lower() not in _SCAFFOLD), 0)
    if at + 1 < len(kept) and "{" not in kept[at + 1] and "{" in kept[at]:
        kept[at] = version_or(kept[at], [part for part in parts if part][at])
    if len(kept) > MAX_PARTS:
        kept = [*kept[:MAX_PARTS], "{rest}"]
    return "/" + "/".join(kept) + ("/" if path.endswith("/") and kept else "")


def version_or(kind: str, text: str) -> str:
    return text if _LEADING_VERSION.fullmatch(text) else kind


def kind_or_text(text: str) -> str:
    kind = segment_kind(text)
    if kind in SURE:
        return "{" + kind + "}"
    pre, stem, post = affixed(text)
    kind = segment_kind(stem)
    if (pre or post) and kind in SURE:
        return escaped(pre) + "{" + kind + "}" + escaped(post)
    return escaped(text)


def escaped(text: str) -> str:
    return text.replace("/", "%2F").replace("{", "%7B").replace("}", "%7D")
