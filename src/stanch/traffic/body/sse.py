"""Server-sent events.

Decides the tree: a list with the data of each event, parsed where it is JSON.

Source: WHATWG HTML §9.2 (event stream interpretation).
"""

import re

from stanch.traffic.body.json_text import is_too_deep, parse_text
from stanch.traffic.body.limits import BodyError, Limits, Notes, Parsed
from stanch.traffic.body.text import decode_text

_LINE_END = re.compile(r"\r\n|\r|\n")


def read_sse(data: bytes, charset: str | None, limits: Limits, notes: Notes) -> Parsed:
    """Read the data of every event, the unfinished last one included; never fails."""
    del charset  # the standard knows only UTF-8
    lines = _LINE_END.split(decode_text(data, "utf-8", notes))
    events: list[object] = []
    pending: list[str] = []
    for line in [*lines, ""]:
        if line == "" and pending:
            events.append(_value("\n".join(pending), limits))
            pending = []
        name, _, value = line.partition(":")
        if name == "data":
            pending.append(value.removeprefix(" "))
    return Parsed(tree=events)


def _value(text: str, limits: Limits) -> object:
    if is_too_deep(text, limits.max_depth):
        return text
    try:
        return parse_text(text)
    except BodyError:
        return text
