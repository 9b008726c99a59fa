"""Nobody signed in and the data went out all the same."""

from stanch.judge.evidence import Context, Evidence
from stanch.judge.reason import Reason


def weigh(evidence: Evidence, context: Context) -> Reason | None:
    """Weigh values that went to callers without any credential."""
    n = evidence.picture.n_to_anonymous
    if not n or not evidence.picture.relation.other + evidence.picture.relation.unknown or evidence.datatype.public_by_nature:
        return None
    return Reason(signal="anonymous", weight=1.6, says=f"{n} values went to callers who had not signed in")
