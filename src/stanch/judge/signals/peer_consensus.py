"""What the same kind of object carries elsewhere."""

from stanch.identity.person import snake
from stanch.judge.evidence import Context, Evidence
from stanch.judge.reason import Missing, Reason


def weigh(evidence: Evidence, context: Context) -> Reason | Missing | None:
    """Weigh that most other places with people in them do without this member."""
    if evidence.datatype.public_by_nature or evidence.is_self_endpoint:
        return None
    if context.n_embeddings < 3:
        return Missing(signal="peer_consensus", why="people appear in too few places to compare")
    share = len(context.peers.get(snake(evidence.picture.name), ())) / context.n_embeddings
    if share >= 0.5 or evidence.picture.relation.other == 0:
        return None
    others = context.n_embeddings - len(context.peers.get(snake(evidence.picture.name), ()))
    return Reason(
        signal="peer_consensus",
        weight=round(1.4 * (1 - share), 2),
        says=f"{others} of {context.n_embeddings} places that show people do without '{evidence.picture.name}'",
    )
