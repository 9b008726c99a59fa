"""How much a kind of data matters: where the sum starts."""

from stanch.judge.evidence import Context, Evidence
from stanch.judge.reason import Said

MIDDLE = 0.55
"""Sensitivity that speaks neither way: that of an e-mail address."""


def weigh(evidence: Evidence, context: Context) -> Said | None:
    """Start from the sensitivity of the kind of data."""
    datatype = evidence.datatype
    if datatype.public_by_nature:
        return None
    says = f"{datatype.title}: sensitivity {datatype.sensitivity:.1f} of 1"
    return Said(signal="prior", strength=round(datatype.sensitivity - MIDDLE, 3), says=says)
