"""Whom a release covers: a share of identities, the same ones every time, and those of 5 % still among those of 50 %."""

from hashlib import blake2b

_WHOLE = 1 << 64


def position(salt: str, identity: str) -> float:
    """Place an identity on the line from 0 to 1, evenly and for good."""
    digest = blake2b(identity.encode("utf-8", "surrogateescape"), key=salt.encode()[:64], digest_size=8).digest()
    return int.from_bytes(digest, "big") / _WHOLE


def released(salt: str, identity: str, share: float) -> bool:
    """Tell whether the release covers this identity; nobody in particular is never covered."""
    return bool(identity) and position(salt, identity) < share
