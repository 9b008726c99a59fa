"""Data that no stranger may see."""

from stanch.judge.evidence import Context, Evidence
from stanch.judge.kinds import OF_OTHERS
from stanch.judge.reason import Said


def weigh(evidence: Evidence, context: Context) -> Said | None:
    """Weigh government ids, health, pay and bank data of people other than the caller."""
    if evidence.is_admin and not evidence.picture.n_to_anonymous:
        return None
    if not evidence.label.datatype.startswith(OF_OTHERS) or not evidence.picture.relation.other:
        return None
    return Said(signal="of_others", says=f"{evidence.datatype.title} of other people is never part of a public record")
