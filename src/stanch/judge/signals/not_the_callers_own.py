"""Whose data it is: the caller's own, or someone else's."""

from stanch.judge.evidence import Context, Evidence
from stanch.judge.reason import Missing, Reason


def weigh(evidence: Evidence, context: Context) -> Reason | Missing | None:
    """Weigh the share of values that belong to someone other than the caller."""
    relation, n = evidence.picture.relation, evidence.n_values
    if n == 0:
        return None
    if relation.own == n:
        return Reason(signal="own_data", weight=-3.0, says=f"all {n} values are the caller's own")
    if relation.unknown == n:
        return Missing(signal="not_the_callers_own", why="whose values these are could not be told")
    share = relation.other / n
    if relation.other == 0:
        return None
    return Reason(
        signal="not_the_callers_own",
        weight=round(1.0 + 1.2 * share, 2),
        says=f"{relation.other} of {n} values belong to someone other than the caller",
    )
