"""Rate limits: a token bucket for each receiving domain, as values."""

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True, kw_only=True)
class Bucket:
    per_s: float
    """Tokens that come back each second."""
    burst: float
    """Most tokens that it holds."""
    tokens: float
    at_s: float
    """When it was last looked at, on any clock that only goes forward."""


def full(per_s: float, burst: float, *, at_s: float) -> Bucket:
    return Bucket(per_s=per_s, burst=burst, tokens=burst, at_s=at_s)


def take(bucket: Bucket, *, at_s: float) -> tuple[Bucket, float]:
    """Take a token; give the bucket after it and how long to wait before using it, in seconds."""
    tokens = min(bucket.burst, bucket.tokens + max(0.0, at_s - bucket.at_s) * bucket.per_s)
    wait_s = max(0.0, (1 - tokens) / bucket.per_s)
    return replace(bucket, tokens=tokens - 1, at_s=max(at_s, bucket.at_s)), wait_s
