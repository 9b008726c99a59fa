"""Where in a numbered row of things a request reached, without keeping the number.

Someone who walks through ``/users/1``, ``/users/2``, … shows by the steps between their requests. The ledger keeps each number
plus a secret that depends on the organisation's key and the endpoint: the steps stay, the numbers are gone.
"""

import re
from urllib.parse import parse_qsl

from stanch.identity.pseudonym import Digest
from stanch.traffic.exchange import Exchange

NUMBERED = re.compile(r"(?:^|[_-])(?:id|page|offset|start|cursor|skip|number)$|[a-z]Id$", re.IGNORECASE)
"""Query parameters by which things are counted through."""
MAX_NUMBER = 1 << 53
SHIFT_BITS = 61


def place_of(exchange: Exchange, endpoint: str, digest: Digest) -> int | None:
    """Give the shifted number of the thing that was asked for; ``None`` where none was named by number."""
    found = number_in(exchange)
    if found is None:
        return None
    position, number = found
    return number + (digest("place", f"{endpoint} {position}") >> (64 - SHIFT_BITS))


def number_in(exchange: Exchange) -> tuple[str, int] | None:
    """Find the last number in the path, else the first numbered parameter of the query."""
    parts = exchange.path.split("/")
    for index in range(len(parts) - 1, -1, -1):
        if usable(parts[index]):
            return f"path {index}", int(parts[index])
    for name, value in parse_qsl(exchange.query):
        if NUMBERED.search(name) and usable(value):
            return f"query {name}", int(value)
    return None


def usable(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 16 and int(text) < MAX_NUMBER
