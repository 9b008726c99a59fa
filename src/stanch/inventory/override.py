"""Path templates that the user states, where traffic alone tells them wrongly.

Decides which texts are templates; knows no file and no command.
"""

import re
import tomllib
from collections.abc import Sequence

from stanch.errors import InputError

_SEGMENT = re.compile(r"[^{}?#\x00-\x20]*(?:\{[A-Za-z_][A-Za-z0-9_]*\}[^{}?#\x00-\x20]*)*")
HINT = 'write it as in [endpoints] templates = ["/users/{username}", "/users/search"]'


def checked(templates: Sequence[str], *, where: str) -> tuple[str, ...]:
    """Give the templates back.

    Raises: InputError for the first that is none.
    """
    for number, template in enumerate(templates, 1):
        if not is_template(template):
            raise InputError(f"path template {number} is none: it begins with / and has names in braces", where=where, hint=HINT)
    return tuple(templates)


def is_template(text: object) -> bool:
    return isinstance(text, str) and text.startswith("/") and all(map(_SEGMENT.fullmatch, text.split("/")))


def load_templates(data: bytes, *, name: str) -> tuple[str, ...]:
    """Read the ``[endpoints]`` table of a stanch.toml.

    Raises: InputError.
    """
    try:
        table = tomllib.loads(data.decode()).get("endpoints", {})
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):
        raise InputError("the configuration can't be read: it is no TOML", where=name) from None
    templates = table.get("templates", []) if isinstance(table, dict) else None
    if not isinstance(templates, list):
        raise InputError("[endpoints] templates is no list", where=name, hint=HINT)
    return checked(templates, where=f"{name}, [endpoints]")
