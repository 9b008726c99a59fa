"""Name-value pairs as HTML forms and URLs write them.

Decides the members of a form, a query and a whole URL.
Refuses to guess types: every value is a string.

Source: WHATWG URL §5 (application/x-www-form-urlencoded).
"""

from urllib.parse import parse_qsl, unquote, urlsplit

from stanch.traffic.body.limits import BodyError, Limits, Notes, Parsed
from stanch.traffic.body.members import members
from stanch.traffic.body.text import decode_text, known_charset
from stanch.traffic.document import Pairs


def read_form(data: bytes, charset: str | None, limits: Limits, notes: Notes) -> Parsed:
    """Read a form body; a body without any ``=`` stays one string."""
    del limits
    text = decode_text(data, charset, notes).strip()
    if "=" not in text:
        return Parsed(tree=text)
    return Parsed(tree=read_query(text, known_charset(charset) or "utf-8"))


def read_query(query: str, charset: str = "utf-8") -> dict[str, object] | Pairs:
    pairs = parse_qsl(query, keep_blank_values=True, encoding=charset, errors="replace")
    return members([(name, value) for name, value in pairs])


def read_url(url: str) -> dict[str, object]:
    """Give ``path`` segments and ``query`` members, percent-decoded; ``userinfo`` and ``fragment`` only where present.

    Raises: BodyError.
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        raise BodyError("malformed URL") from None
    tree: dict[str, object] = {
        "path": [unquote(segment) for segment in parts.path.split("/") if segment],
        "query": read_query(parts.query),
    }
    userinfo, at, _ = parts.netloc.rpartition("@")
    if at:
        tree["userinfo"] = unquote(userinfo)
    if parts.fragment:
        tree["fragment"] = _fragment(parts.fragment)
    return tree


def _fragment(text: str) -> object:
    """Read what single-page sign-ins put after the hash as members."""
    return read_query(text) if "=" in text and not text.startswith(("/", "!")) else unquote(text)
