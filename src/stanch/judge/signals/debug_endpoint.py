"""Endpoints that should not be reachable at all."""

from stanch.judge.evidence import Context, Evidence
from stanch.judge.reason import Reason


def weigh(evidence: Evidence, context: Context) -> Reason | None:
    """Weigh debug and dump endpoints: whatever personal data they give is too much."""
    if not evidence.is_debug:
        return None
    return Reason(
        signal="debug_endpoint",
        weight=5.0 if evidence.siblings & {"password", "password_hash"} else 2.5,
        says="a debugging endpoint gives personal data away",
    )
