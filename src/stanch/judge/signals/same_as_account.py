"""Others are shown with everything that their account holds."""

from stanch.judge.evidence import Context, Evidence
from stanch.judge.reason import Missing, Said

FROM = 0.8


def weigh(evidence: Evidence, context: Context) -> Said | Missing | None:
    """Weigh how near the object comes to the person's own account record."""
    if evidence.is_self_endpoint or evidence.is_sign_in or evidence.datatype.public_by_nature or not evidence.is_person:
        return None
    if not context.lattice.account:
        return Missing(signal="same_as_account", why="no one's own account record was seen to compare with")
    share = context.lattice.completeness(evidence.spot)
    if share < FROM or not evidence.picture.relation.other:
        return None
    says = f"others are shown with {share:.0%} of the members that a person's own account record has"
    return Said(signal="same_as_account", strength=round((share - FROM) / (1 - FROM) * 0.7 + 0.3, 3), says=says)
