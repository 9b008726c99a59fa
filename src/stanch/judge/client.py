"""What a client's code names: the member names in its sources or compiled form.

Reads identifiers out of any bytes: Kotlin, Swift, Dart or TypeScript sources, JavaScript bundles, the string pools of dex and
Mach-O files. Does not follow data: a name that stands there counts as read, so the absence of a name is the evidence.
"""

import re
from collections.abc import Iterable

from stanch.identity.person import snake

Client = frozenset[str]
"""Member names that a client's code mentions, snake case."""

_IDENTIFIER = re.compile(rb"[A-Za-z_][A-Za-z0-9_]{1,63}")


def names_in(chunks: Iterable[bytes]) -> Client:
    """Collect every identifier in the client's files, as snake case."""
    found: set[bytes] = set()
    for chunk in chunks:
        found.update(_IDENTIFIER.findall(chunk))
    return frozenset(snake(name.decode("ascii")) for name in found)
