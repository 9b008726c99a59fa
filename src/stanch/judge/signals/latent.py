"""Declared and never filled."""

from stanch.judge.evidence import Context, Evidence
from stanch.judge.reason import Reason


def weigh(evidence: Evidence, context: Context) -> Reason | None:
    """Weigh that no value was ever seen: a latent risk, no leak yet."""
    if evidence.n_values:
        return None
    return Reason(signal="never_filled", weight=-5.0, says="the field is there and was never filled in this traffic")
