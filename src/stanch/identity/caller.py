"""Who asked: the credential of an exchange, as a pseudonym, and what the credential itself says of its holder.

Decides which header, cookie or parameter identifies the caller. Does not know persons: ``whose`` joins callers to them.
"""

import re
from base64 import b64decode, urlsafe_b64decode
from binascii import Error as Base64Error
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import parse_qsl

import msgspec

from stanch.identity.person import uid_kind
from stanch.identity.pseudonym import VALUE, Digest
from stanch.traffic.exchange import Exchange, header_values

ANONYMOUS = 0

USER_HEADERS = ("x-auth-token", "x-access-token", "x-session-token", "x-user-token", "x-token", "token", "x-session-id", "x-jwt-assertion")
"""Headers that carry a person's own token."""
KEY_HEADERS = ("x-api-key", "api-key", "apikey", "x-api-token", "x-application-key", "ocp-apim-subscription-key")
"""Headers that may carry an application's key, which all of its users share; a session says more."""
KEY_PARAMETERS = frozenset({"access_token", "auth_token", "api_key", "apikey", "token", "session_id", "sessionid"})
SESSION_COOKIE = re.compile(r"sess|^_?sid$|connect\.sid|auth|jwt|token|remember|identity|login|^_t$|ticket|aspnet|laravel|^user", re.IGNORECASE)
NOT_A_SESSION = re.compile(
    r"csrf|xsrf|^_g[ac]|^_gid|^_fbp|^_hj|^__?cf|^cf_|^ajs_|^amp_|^utm|consent|locale|lang|theme|visitor|device|experiment|optimizely|intercom|mixpanel",
    re.IGNORECASE,
)
LONG_VALUE = 24
"""Characters from which a cookie of no telling name is taken for a session where there is nothing better."""
NOBODY = frozenset({"null", "undefined", "none", "false", "anonymous"})

CLAIM_KINDS = {
    "email": "email", "upn": "email", "preferred_username": "username", "username": "username", "user_name": "username",
    "login": "username", "nickname": "username",
    "unique_name": "username", "emailaddress": "email", "nameidentifier": "uid", "nameid": "uid", "oid": "uid", "sub": "uid",
    "user_id": "uid", "userid": "uid", "uid": "uid", "id": "uid",
}  # fmt: skip
"""JWT claim to the kind of identifier that it carries. Source: RFC 7519, OpenID Connect Core 5.1, common issuers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    key: int
    """Pseudonym of the credential; ``ANONYMOUS`` where there is none."""
    scheme: str = ""
    """``bearer``, ``basic``, ``cookie``, ``header``, ``key``, ``parameter``, or what Authorization names."""
    claims: tuple[tuple[str, int], ...] = ()
    """Identifiers that the credential itself states, as (kind, pseudonym)."""
    admin: bool = False
    """The credential itself claims an administrator's role."""


def caller_of(exchange: Exchange, digest: Digest) -> Caller:
    """Find the caller's credential; the most personal one wins: Authorization, token header, session cookie, application key, parameter."""
    for scheme, credential in credentials(exchange):
        key = digest("credential", credential)
        if scheme == "basic":
            return Caller(key=key, scheme=scheme, claims=basic_claims(credential, digest))
        claims = jwt_claims(credential)
        return Caller(key=key, scheme=scheme, claims=tuple(identifiers(claims, digest)), admin=claims_admin(claims))
    return Caller(key=ANONYMOUS)


def credentials(exchange: Exchange) -> Iterator[tuple[str, str]]:
    """Yield (scheme, credential) in the order of their worth."""
    for value in header_values(exchange.request_headers, "authorization"):
        scheme, _, rest = value.strip().partition(" ")
        credential = bare_token(rest or scheme)
        if credential and credential.lower() not in NOBODY:
            yield scheme.lower(), credential
    yield from (("header", value) for value in of_headers(exchange, USER_HEADERS))
    yield from (("cookie", value) for name, value in cookies(exchange) if is_session(name))
    yield from (("key", value) for value in of_headers(exchange, KEY_HEADERS))
    yield from (("header", value) for value in of_telling_names(exchange))
    yield from (("cookie", value) for name, value in cookies(exchange) if len(value) >= LONG_VALUE and not NOT_A_SESSION.search(name))
    if exchange.query:
        yield from (("parameter", value) for name, value in parse_qsl(exchange.query) if name.lower() in KEY_PARAMETERS)


TELLING = re.compile(r"token|api[-_]?key|session|auth", re.IGNORECASE)
NOT_TELLING = re.compile(r"csrf|xsrf|^authorization$|^sec-|^proxy-|authority", re.IGNORECASE)


def of_telling_names(exchange: Exchange) -> Iterator[str]:
    """Give the values of headers of an API's own naming that say to be a key or a token: ``X-Redmine-API-Key``."""
    known = {*USER_HEADERS, *KEY_HEADERS}
    for name, value in exchange.request_headers:
        if TELLING.search(name) and not NOT_TELLING.search(name) and name.lower() not in known and value.strip():
            yield bare_token(value)


def of_headers(exchange: Exchange, names: Iterable[str]) -> Iterator[str]:
    for name in names:
        yield from (bare_token(value) for value in header_values(exchange.request_headers, name) if value.strip())


def is_session(name: str, value: str = "") -> bool:
    """Tell whether a cookie identifies a session: by its name, or by a long value under a name that says nothing."""
    return NOT_A_SESSION.search(name) is None and (SESSION_COOKIE.search(name) is not None or len(value) >= LONG_VALUE)


def bare_token(text: str) -> str:
    """Strip what some clients wrap a token in: ``Token token="…"``, quotes, a repeated scheme."""
    text = text.strip()
    if text.lower().startswith("token="):
        text = text[6:].partition(",")[0]
    return text.strip().strip("\"'")


def cookies(exchange: Exchange) -> Iterator[tuple[str, str]]:
    for header in header_values(exchange.request_headers, "cookie"):
        for part in header.split(";"):
            name, found, value = part.strip().partition("=")
            if found and value:
                yield name, value


def basic_claims(credential: str, digest: Digest) -> tuple[tuple[str, int], ...]:
    try:
        user = b64decode(credential, validate=False).decode("utf-8", "replace").partition(":")[0]
    except (Base64Error, ValueError):
        return ()
    return (("email" if "@" in user else "username", digest(VALUE, user)),) if user else ()


def jwt_claims(token: str) -> dict[str, object]:
    """Read a JWT's claims without judging its signature; empty for anything else. Source: RFC 7519."""
    parts = token.split(".")
    if len(parts) != 3 or not token.startswith("ey"):
        return {}
    try:
        claims = msgspec.json.decode(urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
    except (Base64Error, ValueError, msgspec.DecodeError):
        return {}
    return claims if isinstance(claims, dict) else {}


def identifiers(claims: dict[str, object], digest: Digest) -> Iterator[tuple[str, int]]:
    for name, value in claims.items():
        if isinstance(value, dict):
            yield from identifiers({k: v for k, v in value.items() if not isinstance(v, dict)}, digest)
            continue
        kind = CLAIM_KINDS.get(name.lower().rsplit("/", 1)[-1])
        if kind and isinstance(value, (str, int)) and not isinstance(value, bool):
            text = str(value)
            kind = "email" if "@" in text else "username" if kind == "uid" and not looks_like_id(text) else kind
            yield (uid_kind("user", text) if kind == "uid" else kind), digest(VALUE, text)


def looks_like_id(text: str) -> bool:
    return any(c.isdigit() for c in text)


def claims_admin(claims: dict[str, object]) -> bool:
    roles = [claims.get(name) for name in ("role", "roles", "scope", "scopes", "groups", "is_admin", "admin", "is_staff")]
    flat = " ".join(str(role) for role in roles if role is not None and role is not False).lower()
    return bool(re.search(r"\b(admin|administrator|superuser|staff|true)\b", flat))
