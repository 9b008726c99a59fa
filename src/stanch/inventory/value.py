"""Values by which responses name things: what later stands in a path.

Decides which strings of a response identify (by their member's name) and gives digests; keeps no text.
"""

import re
from functools import lru_cache
from hashlib import blake2b

from stanch.inventory.segment import SURE, segment_kind
from stanch.inventory.shape import CONTAINERS, members

_IDENTIFYING = re.compile(
    r"(?:.*[a-z_\-.])?(?:id|ID|Id|uid|key|Key|code|Code|slug|Slug|permalink|handle|login|[Nn]ame|nick|sku|symbol|ref|tag|email|acct|number|locale)"
    r"|uri|token|hash|ticker|username|key|name|title"
)
MAX_LENGTH = 128


def digest(text: str) -> int:
    """Reduce a value to 64 bits, so that inventories never hold the text."""
    return int.from_bytes(blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big")


def identifying_values(tree: object) -> set[int]:
    """Digest the strings by which a response names things, save those whose form shows already that they are values."""
    found: set[int] = set()
    stack = [tree]
    while stack:
        node = stack.pop()
        if type(node) is list:
            stack += [item for item in node if type(item) in CONTAINERS]
            continue
        for key, value in members(node):
            if type(value) is str:
                if is_identifying(key) and 0 < len(value) <= MAX_LENGTH and not is_sentence(value) and segment_kind(value) not in SURE:
                    found.add(digest(value))
            elif type(value) in CONTAINERS:
                stack.append(value)
    return found


_SENTENCE = re.compile(r"\w \w")


def is_sentence(text: str) -> bool:
    """Tell running text at a glance: one of the sure kinds, and the most frequent, so that the others need not be tried."""
    return " " in text and "/" not in text and _SENTENCE.search(text) is not None


@lru_cache(maxsize=1 << 14)
def is_identifying(key: str) -> bool:
    return _IDENTIFYING.fullmatch(key) is not None
