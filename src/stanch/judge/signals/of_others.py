"""Data that no stranger may see."""

from stanch.judge.evidence import Context, Evidence
from stanch.judge.kinds import OF_OTHERS
from stanch.judge.reason import Said

LIKELY = 0.6
"""For a nested person whom nothing shows to be the caller: most are someone else."""


def weigh(evidence: Evidence, context: Context) -> Said | None:
    """Weigh government ids, health, pay and bank data of people other than the caller."""
    relation = evidence.picture.relation
    if evidence.is_admin and not evidence.picture.n_to_anonymous:
        return None
    if not evidence.label.datatype.startswith(OF_OTHERS) or evidence.n_values == 0:
        return None
    if relation.other:
        return Said(signal="of_others", says=f"{evidence.datatype.title} of other people is never part of a public record")
    if relation.own or not evidence.is_nested_person:
        return None
    says = f"{evidence.datatype.title} of the nested person '{evidence.holder}', whom nothing shows to be the caller"
    return Said(signal="of_others", strength=LIKELY, says=says)
