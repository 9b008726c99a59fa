"""Mask response headers by name; ``$.set-cookie.name`` means one cookie."""

from collections.abc import Mapping
from hashlib import blake2b

from stanch.contain.request import Headers


def mask_headers(headers: Headers, actions: Mapping[str, str], key: bytes) -> tuple[Headers, int]:
    """Apply path to action; give the headers and how many were changed."""
    if not actions:
        return headers, 0
    kept: list[tuple[str, str]] = []
    n_changed = 0
    for name, value in headers:
        action = action_for(name, value, actions)
        n_changed += action is not None
        if action is None:
            kept.append((name, value))
        elif action != "drop":
            kept.append((name, replaced(name, value, action, key)))
    return tuple(kept), n_changed


def action_for(name: str, value: str, actions: Mapping[str, str]) -> str | None:
    for path, action in actions.items():
        wanted, _, inner = path.removeprefix("$.").partition(".")
        if wanted.lower() != name:
            continue
        if not inner or name != "set-cookie" or value.partition("=")[0].strip() == inner:
            return action
    return None


def replaced(name: str, value: str, action: str, key: bytes) -> str:
    """Give the value that stands in its place; a cookie keeps its name and attributes."""
    before, equals, after = value.partition("=")
    if name == "set-cookie" and equals:
        content, semicolon, attributes = after.partition(";")
        return before + equals + substitute(content, action, key) + semicolon + attributes
    return substitute(value, action, key)


def substitute(value: str, action: str, key: bytes) -> str:
    match action:
        case "text":
            return "removed"
        case "partial":
            return value[:1] + "***"
        case "hash":
            return blake2b(value.encode("utf-8", "surrogateescape"), key=key[:64], digest_size=12).hexdigest()
        case _:
            return ""
