"""One call, many people."""

from stanch.judge.evidence import Context, Evidence
from stanch.judge.reason import Said


def weigh(evidence: Evidence, context: Context) -> Said | None:
    """Weigh lists that give many people's data in one answer."""
    n_others = len(evidence.picture.others)
    if not evidence.in_list or n_others < 3 or not evidence.picture.relation.other or evidence.datatype.public_by_nature:
        return None
    return Said(signal="amplification", says=f"a list: {n_others} people's values in few calls")
