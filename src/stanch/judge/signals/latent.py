"""Declared and never filled."""

from stanch.judge.evidence import Context, Evidence
from stanch.judge.reason import Said


def weigh(evidence: Evidence, context: Context) -> Said | None:
    """Weigh that no value was ever seen: a latent risk, no leak yet."""
    if evidence.n_values:
        return None
    return Said(signal="never_filled", says="the field is there and was never filled in this traffic")
