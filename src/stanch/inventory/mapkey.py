"""Which keys of an object are data: ids, e-mail addresses, dates. Such an object is a map, not a record."""

import re
from collections.abc import Mapping
from functools import lru_cache

_DATA_KEY = re.compile(
    r"-?\d+"  # a number
    r"|[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}"  # UUID, RFC 9562
    r"|[^@\s]{1,64}@[^@\s]+\.[A-Za-z]{2,}"  # e-mail address
    r"|(?=[^a-fA-F]*[a-fA-F])(?=\D*\d)[0-9a-fA-F]{16,}"  # long hexadecimal
    r"|\+\d{8,15}"  # telephone number, E.164
    r"|\d{4}-\d{2}-\d{2}(?:T.*)?"  # date, ISO 8601
    r"|(?=.*\d)(?=.*[A-Z])[0-9A-Z]{26}"  # ULID
    r"|[a-z]{2,5}_(?=.*\d)[A-Za-z0-9]{10,}"  # prefixed id
    r"|\d{1,3}(?:\.\d{1,3}){3}"  # IPv4 address
)


@lru_cache(maxsize=65536)
def is_data_key(key: str) -> bool:
    """Tell whether a key is a value rather than a name."""
    return len(key) <= 256 and _DATA_KEY.fullmatch(key) is not None


MIN_OBJECTS = 8
MIN_LEAVES = 200
"""Records with so many members of one kind are rare; of objects of one shape, rarer still."""


def collapse(children: Mapping[str, int]) -> bool:
    """Tell whether an object with word-like keys is a map: many members, all of one shape (``signature``; 0 for a plain value)."""
    shapes = set(children.values())
    return len(shapes) == 1 and len(children) >= (MIN_LEAVES if 0 in shapes else MIN_OBJECTS)
