"""Counter-evidence: the same for everyone is nobody's."""

from stanch.judge.evidence import Context, Evidence
from stanch.judge.reason import Said


def weigh(evidence: Evidence, context: Context) -> Said | None:
    """Weigh that several people receive one and the same value: a public key, a placeholder, a mask."""
    picture = evidence.picture
    people = {who for receivers in picture.receivers.values() for who in receivers}
    if len(picture.receivers) != 1 or len(people) < 2 or picture.relation.other or picture.relation.own:
        return None
    return Said(signal="same_constant", says=f"{len(people)} callers received one and the same value, and it is nobody's")
