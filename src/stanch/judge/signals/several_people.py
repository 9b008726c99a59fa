"""One caller receives several people's data, whoever the caller is."""

from stanch.judge.evidence import Context, Evidence
from stanch.judge.reason import Said


def weigh(evidence: Evidence, context: Context) -> Said | None:
    """Weigh, where own and other can't be told, that the values are of more people than received them."""
    relation = evidence.picture.relation
    if relation.other or relation.own or not evidence.is_person or evidence.others_at_least < 2:
        return None
    n = evidence.others_at_least
    return Said(signal="several_people", strength=min(1.0, n / 4), says=f"whoever the callers are, at least {n} of the people are someone else")
