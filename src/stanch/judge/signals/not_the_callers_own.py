"""Whose data it is: someone else's than the caller's."""

from stanch.judge.evidence import Context, Evidence
from stanch.judge.reason import Missing, Said


def weigh(evidence: Evidence, context: Context) -> Said | Missing | None:
    """Weigh the share of values that belong to someone other than the caller."""
    relation, n = evidence.picture.relation, evidence.n_values
    if n in {0, relation.own}:
        return None
    if relation.unknown == n:
        return Missing(signal="not_the_callers_own", why="whose values these are could not be told")
    if relation.other == 0:
        return None
    strength = round(0.45 + 0.55 * relation.other / n, 3)
    return Said(signal="not_the_callers_own", strength=strength, says=f"{relation.other} of {n} values belong to someone other than the caller")
