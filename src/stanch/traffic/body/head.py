"""Header fields as members of an object.

Decides which fields can hold data about people and splits those that hold several values.
Refuses to interpret ``Authorization``: it is kept as it stood.
Names are in lower case, since header names are compared without case.

Source: RFC 9110 §5, RFC 6265 (cookies).
"""

from collections.abc import Iterable
from urllib.parse import unquote

from stanch.traffic.body.form import read_url
from stanch.traffic.body.limits import BodyError
from stanch.traffic.body.members import members
from stanch.traffic.document import Pairs
from stanch.traffic.exchange import Headers

_TRANSPORT = frozenset({
    "accept", "accept-encoding", "accept-ranges", "alt-svc", "connection", "content-encoding", "content-length",
    "content-type", "date", "expect", "host", "keep-alive", "proxy-connection", "strict-transport-security", "te",
    "trailer", "transfer-encoding", "upgrade", "vary",
})  # fmt: skip
_URLS = frozenset({"location", "content-location", "referer"})


def read_headers(headers: Headers) -> Pairs:
    """Give the fields in wire order; cookies as one object, URLs with a query as ``path`` and ``query``."""
    pairs: list[tuple[str, object]] = []
    cookies: dict[str, list[tuple[str, object]]] = {"cookie": [], "set-cookie": []}
    for given, value in headers:
        name = given.strip().lower()
        if name in _TRANSPORT or name.startswith(":"):
            continue
        if name in cookies:
            cookies[name] += _cookies(value) if name == "cookie" else _set_cookies(value)
            continue
        pairs.append((name, _url(value) if name in _URLS else value))
    pairs += [(name, members(crumbs)) for name, crumbs in cookies.items() if crumbs]
    return Pairs(pairs)


def _url(value: str) -> object:
    """Leave a URL whole where nothing in it needs decoding."""
    if "?" not in value and "#" not in value and "%" not in value:
        return value
    try:
        return read_url(value)
    except BodyError:
        return value


def _cookies(value: str) -> list[tuple[str, object]]:
    return _crumbs(value.split(";"))


def _set_cookies(value: str) -> list[tuple[str, object]]:
    """Read name and value; attributes say nothing about a person. Some recorders join several by line breaks."""
    return _crumbs(line.partition(";")[0] for line in value.split("\n"))


def _crumbs(texts: Iterable[str]) -> list[tuple[str, object]]:
    parts = (text.partition("=") for text in texts)
    return [(name.strip(), _crumb(value)) for name, equals, value in parts if equals]


def _crumb(value: str) -> str:
    text = value.strip().removeprefix('"').removesuffix('"')
    return unquote(text) if "%" in text else text
