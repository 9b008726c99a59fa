"""Asking for another's record gives as much as asking for one's own."""

from stanch.judge.evidence import Context, Evidence
from stanch.judge.reason import Said


def weigh(evidence: Evidence, context: Context) -> Said | None:
    """Weigh that one endpoint gave the member to its subject and to others alike: no authorisation by property."""
    relation = evidence.picture.relation
    if evidence.datatype.public_by_nature or not relation.own or not relation.other or evidence.is_self_endpoint or evidence.is_admin:
        return None
    return Said(
        signal="same_for_everyone", says=f"the endpoint gives it to its subject ({relation.own} times) and to others ({relation.other} times) alike"
    )
