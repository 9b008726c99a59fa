"""The technical trace of a person in a public thing: the address and the browser that a comment was sent from."""

from stanch.judge.evidence import Context, Evidence
from stanch.judge.reason import Said

TRACES = ("online.ip", "online.user_agent", "device.", "location.geo", "location.latitude", "location.longitude", "location.history")


def weigh(evidence: Evidence, context: Context) -> Said | None:
    """Weigh that a thing of someone else's carries where and with what it was made."""
    picture = evidence.picture
    if not evidence.label.datatype.startswith(TRACES) or not picture.relation.other or not picture.others_with_account or evidence.is_person:
        return None
    return Said(signal="trace_of_person", says="a thing of someone else's carries where, or with what device, it was made")
