"""Keyed pseudonyms: the only form in which stanch remembers a value.

Decides how a value is normalised before hashing, so that one person's e-mail or telephone number is one pseudonym however it is
written. Knows nothing of where the key is kept.
"""

import re
from collections.abc import Callable
from hashlib import blake2b

Digest = Callable[[str, str], int]
"""``digest(kind, text)``: a 64-bit keyed pseudonym; equal text under two kinds gives two pseudonyms."""

SCAN_KEY = b"stanch scan summaries never leave the process"
"""For summaries that live in memory only. Whoever stores pseudonyms brings a secret key of their own, and changes it (docs/judge.md)."""

VALUE = "value"
"""The kind under which values are compared with each other, whatever the name of the member they stand in."""

_PHONE = re.compile(r"(?!\d{4}-\d\d-\d\d)\+?[\d\s().\-/]{7,24}")
_NOT_DIGIT = re.compile(r"\D")


class KeyedDigest:
    """The digest function of one key.

    Cost: about one microsecond a call. Source: BLAKE2, RFC 7693, keyed mode.
    """

    __slots__ = ("_base", "_key")

    def __init__(self, key: bytes) -> None:
        self._key = key[:64]
        self._base = blake2b(key=self._key, digest_size=8)

    def __call__(self, kind: str, text: str) -> int:
        state = self._base.copy()
        state.update(f"{kind}\0{normalised(text)}".encode("utf-8", "surrogatepass"))
        return int.from_bytes(state.digest(), "big")

    def __reduce__(self) -> tuple[type["KeyedDigest"], tuple[bytes]]:
        """Travel to a worker process as the key alone."""
        return KeyedDigest, (self._key,)


def normalised(text: str) -> str:
    """Fold what people write differently and mean the same: case, outer blanks, the punctuation of telephone numbers."""
    text = text.strip().casefold()
    if text[:1] in "+(0123456789" and 7 <= len(text) <= 24 and _PHONE.fullmatch(text):
        return _NOT_DIGIT.sub("", text)
    return text
