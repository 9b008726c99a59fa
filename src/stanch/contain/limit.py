"""A token bucket as a pure state machine: a state and a moment go in, a state and an answer come out."""

from dataclasses import dataclass

from stanch.contain.policy import Limit


@dataclass(frozen=True, slots=True)
class Bucket:
    tokens: float
    at_s: float
    """When it was last looked at, on any clock that does not go back."""


@dataclass(frozen=True, slots=True)
class Taken:
    bucket: Bucket
    allowed: bool
    retry_after_s: float = 0.0


def take(bucket: Bucket | None, limit: Limit, now_s: float) -> Taken:
    """Take one token; a new bucket is full, a clock that goes back adds nothing."""
    rate = limit.n / limit.per_s
    tokens = float(limit.burst)
    if bucket is not None:
        tokens = min(tokens, bucket.tokens + max(0.0, now_s - bucket.at_s) * rate)
        now_s = max(now_s, bucket.at_s)
    # a thousandth of a token is rounding, not patience
    if tokens >= 0.999:
        return Taken(Bucket(max(0.0, tokens - 1), now_s), allowed=True)
    return Taken(Bucket(tokens, now_s), allowed=False, retry_after_s=(1 - tokens) / rate)


def is_full(bucket: Bucket, limit: Limit, now_s: float) -> bool:
    """Tell whether forgetting the bucket would change nothing."""
    return bucket.tokens + (now_s - bucket.at_s) * limit.n / limit.per_s >= limit.burst
