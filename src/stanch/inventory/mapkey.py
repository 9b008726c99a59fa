"""Which keys of an object are data: ids, e-mail addresses, dates; or all of them, where the members are many of one kind.

Such an object is a map, not a record.
"""

import re
from collections.abc import Sequence
from functools import lru_cache

from stanch.traffic.document import Pairs

_DATA_KEY = re.compile(
    r"-?\d+"  # a number
    r"|[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}"  # UUID, RFC 9562
    r"|[^@\s]{1,64}@[^@\s]+\.[A-Za-z]{2,}"  # e-mail address
    r"|(?=[^a-fA-F]*[a-fA-F])(?=\D*\d)[0-9a-fA-F]{16,}"  # long hexadecimal
    r"|\+\d{8,15}"  # telephone number, E.164
    r"|\d{4}-\d{2}-\d{2}(?:T.*)?"  # date, ISO 8601
    r"|(?=.*\d)(?=.*[A-Z])[0-9A-Z]{26}"  # ULID
    r"|[a-z]{2,5}_(?=.*\d)[A-Za-z0-9]{10,}"  # prefixed id
    r"|\d{1,3}(?:\.\d{1,3}){3}",  # IPv4 address
    re.ASCII,
)


@lru_cache(maxsize=65536)
def is_data_key(key: str) -> bool:
    """Tell whether a key is a value rather than a name."""
    return len(key) <= 256 and _DATA_KEY.fullmatch(key) is not None


MIN_OBJECTS = 8
MIN_LEAVES = 200
"""Records with so many members of one kind are rare; of objects with the same members, rarer still."""


def is_map(members: Sequence[tuple[object, object]]) -> bool:
    """Tell whether an object with word-like keys is a map: many members of one kind.

    Shape: from ``MIN_OBJECTS`` on if all are objects that share two thirds of the names any of them has; from ``MIN_LEAVES`` on if all are
    plain values of one type.
    """
    if len(members) < MIN_OBJECTS:
        return False
    first = members[0][1]
    if isinstance(first, (Pairs, dict)):
        return share_names([value for _, value in members])
    kind = type(first)
    return len(members) >= MIN_LEAVES and kind in PLAIN and all(type(value) is kind for _, value in members)


PLAIN = frozenset({str, int, float, bool})


def share_names(values: list[object]) -> bool:
    common: frozenset[str] | None = None
    every: frozenset[str] = frozenset()
    for value in values:
        if not isinstance(value, (Pairs, dict)):
            return False
        names = frozenset(str(key) for key, _ in value) if isinstance(value, Pairs) else frozenset(map(str, value))
        common = names if common is None else common & names
        every |= names
        if 3 * len(common) < 2 * len(every):
            return False
    return bool(common)
