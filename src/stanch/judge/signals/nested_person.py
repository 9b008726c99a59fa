"""A person inside another thing: the author in a comment, the buyer in an order."""

from stanch.judge.evidence import Context, Evidence
from stanch.judge.reason import Said


def weigh(evidence: Evidence, context: Context) -> Said | None:
    """Weigh that the endpoint is about something else than this person."""
    if not evidence.is_nested_person or evidence.is_self_endpoint or evidence.datatype.public_by_nature or evidence.is_sign_in:
        return None
    about = evidence.noun or "something else"
    return Said(signal="nested_person", says=f"the field hangs on the nested person '{evidence.owner}' of an endpoint about '{about}'")
