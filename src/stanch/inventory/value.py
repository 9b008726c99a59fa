"""Values by which responses name things: what later stands in a path.

Decides which strings of a response identify (by their member's name) and gives digests; keeps no text.
"""

import re
from functools import lru_cache
from hashlib import blake2b

from stanch.inventory.segment import SURE, segment_kind
from stanch.inventory.shape import members
from stanch.traffic.document import Pairs

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
        if isinstance(node, list):
            stack += [item for item in node if isinstance(item, (Pairs, dict, list))]
            continue
        for key, value in members(node):
            if isinstance(value, str):
                if 0 < len(value) <= MAX_LENGTH and is_identifying(key) and segment_kind(value) not in SURE:
                    found.add(digest(value))
            elif isinstance(value, (Pairs, dict, list)):
                stack.append(value)
    return found


@lru_cache(maxsize=1 << 14)
def is_identifying(key: str) -> bool:
    return _IDENTIFYING.fullmatch(key) is not None
