"""Counter-evidence: everyone receives their own."""

from stanch.judge.evidence import Context, Evidence
from stanch.judge.kinds import card, never
from stanch.judge.reason import Said


def weigh(evidence: Evidence, context: Context) -> Said | None:
    """Weigh that all values are the caller's own; what belongs to nobody is too much even so."""
    relation, n = evidence.picture.relation, evidence.n_values
    if n == 0 or relation.own < n or never(evidence.label.datatype) or card(evidence.label.datatype):
        return None
    return Said(signal="own_data", says=f"all {n} values are the caller's own")
