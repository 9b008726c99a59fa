"""A person inside another thing: the author in a comment, the buyer in an order."""

from stanch.judge.evidence import Context, Evidence
from stanch.judge.reason import Reason


def weigh(evidence: Evidence, context: Context) -> Reason | None:
    """Weigh that the endpoint is about something else than this person."""
    if not evidence.is_nested_person or evidence.is_self_endpoint or evidence.datatype.public_by_nature:
        return None
    noun = evidence.noun or "resource"
    return Reason(
        signal="nested_person",
        weight=1.0,
        says=f"the field hangs on the nested person '{evidence.owner}' of an endpoint about '{noun}'",
    )
