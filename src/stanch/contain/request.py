"""What a gateway knows of a request when it decides, and who asks by it.

Every credential counts: whoever is denied by one of them is denied. Refuses to check whether a credential is genuine; the origin does.
"""

import re
from base64 import urlsafe_b64decode
from binascii import Error as Base64Error
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from urllib.parse import parse_qsl

import orjson

from stanch.contain.policy import Identity

Headers = tuple[tuple[str, str], ...]
"""Names in lower case."""
KEY_HEADERS = ("x-api-key", "api-key", "apikey", "x-auth-token", "x-access-token", "x-session-token", "x-user-token", "x-token", "token")
KEY_PARAMETERS = frozenset({"access_token", "auth_token", "api_key", "apikey", "token", "session_id", "sessionid"})
_SESSION = re.compile(r"sess|^sid$|connect\.sid|auth|jwt|token|remember|identity|login", re.IGNORECASE)
_NO_SESSION = re.compile(r"csrf|xsrf|^_ga|^_gid|consent|locale|theme", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Request:
    method: str
    target: str
    """As it stood in the request line; personal."""
    host: str = ""
    headers: Headers = ()
    client_ip: str = ""
    body: bytes | None = None
    """Needed only where a rule names GraphQL operations; ``None`` where it was not kept."""

    def __repr__(self) -> str:
        """Never show where it goes or what it says."""
        return f"Request({self.method})"

    def values(self, name: str) -> Iterator[str]:
        return (value for key, value in self.headers if key == name)

    def value(self, name: str) -> str:
        return next(self.values(name), "")


def tokens(request: Request) -> Iterator[str]:
    """Give every credential of a request, the most specific first."""
    for value in request.values("authorization"):
        scheme, _, rest = value.strip().partition(" ")
        if token := bare(rest or scheme):
            yield token
    for name in KEY_HEADERS:
        yield from (value.strip() for value in request.values(name) if value.strip())
    _, _, query = request.target.partition("?")
    if query:
        yield from (value for name, value in parse_qsl(query) if name.lower() in KEY_PARAMETERS)
    yield from session_cookies(request)


def bare(text: str) -> str:
    text = text.strip()
    if text.lower().startswith("token="):
        text = text[6:]
    return text.strip().strip("\"'")


def session_cookies(request: Request) -> Iterator[str]:
    for header in request.values("cookie"):
        for crumb in header.split(";"):
            name, _, value = crumb.strip().partition("=")
            if value and _SESSION.search(name) and not _NO_SESSION.search(name):
                yield value.strip('"')


def users(request: Request) -> Iterator[str]:
    """Give the subject that each signed token names; the origin checks the signature."""
    for token in tokens(request):
        parts = token.split(".")
        if len(parts) == 3 and token.startswith("ey") and (subject := claims(parts[1]).get("sub")) is not None:
            yield str(subject)


def claims(part: str) -> dict[str, object]:
    try:
        found = orjson.loads(urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    except (Base64Error, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def identity(request: Request, by: Identity) -> str:
    """Name who asks; empty where that can't be told. Personal: hash it before it is kept."""
    match by:
        case "client_ip":
            return request.client_ip
        case "token":
            return next(tokens(request), "")
        case "user":
            return next(users(request), "")


def hashed(text: str) -> str:
    return sha256(text.encode("utf-8", "surrogateescape")).hexdigest()
