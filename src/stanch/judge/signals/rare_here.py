"""What public API descriptions declare for a person in such a place."""

from math import log

from stanch.judge.evidence import Context, Evidence
from stanch.judge.prior_table import DECLARED
from stanch.judge.reason import Said

FLOOR = 0.002
SPAN = 3.0
"""Log-ratio at which the signal has its full strength."""
SILENT = 0.1
"""Strength below which the difference says nothing."""


def weigh(evidence: Evidence, context: Context) -> Said | None:
    """Weigh how much rarer the kind of data is here than in a person's own record. Source: bench/judge/learn_prior.py."""
    shares = DECLARED.get(".".join(evidence.label.datatype.split(".")[:2]))
    if shares is None or not evidence.is_person or evidence.is_self_endpoint or evidence.is_sign_in:
        return None
    place = 3 if evidence.is_nested_person else 2 if evidence.in_list else 1
    ratio = log((shares[0] + FLOOR) / (shares[place] + FLOOR))
    strength = round(max(-1.0, min(1.0, ratio / SPAN)), 3)
    if abs(strength) < SILENT:
        return None
    where = ("", "one person", "a list of persons", "a person inside another thing")[place]
    says = f"{shares[place]:.1%} of public API descriptions declare it for {where}, {shares[0]:.1%} for a person's own record"
    return Said(signal="rare_here", strength=strength, says=says)
