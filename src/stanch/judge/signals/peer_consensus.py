"""What the same kind of object carries elsewhere."""

from stanch.judge.evidence import Context, Evidence
from stanch.judge.reason import Missing, Said

MIN_PEERS = 2


def weigh(evidence: Evidence, context: Context) -> Said | Missing | None:
    """Weigh that most other places with people in them do without this member."""
    if evidence.datatype.public_by_nature or evidence.is_self_endpoint or evidence.is_sign_in or not evidence.is_person:
        return None
    without, n = context.lattice.consensus(evidence.spot, evidence.picture.name)
    if n < MIN_PEERS:
        return Missing(signal="peer_consensus", why="people appear in too few places to compare")
    if 2 * without <= n or not evidence.picture.relation.other:
        return None
    says = f"{without} of {n} other places that show people do without '{evidence.picture.name}'"
    return Said(signal="peer_consensus", strength=round(without / n, 3), says=says)
