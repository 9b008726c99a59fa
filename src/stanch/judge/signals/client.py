"""Whether any client reads the field."""

from stanch.identity.person import snake
from stanch.judge.evidence import Context, Evidence
from stanch.judge.reason import Missing, Reason


def weigh(evidence: Evidence, context: Context) -> Reason | Missing | None:
    """Weigh that the client's code never names the member."""
    if context.client_fields is None:
        return Missing(signal="client", why="no client code was given")
    if evidence.is_admin:
        return Missing(signal="client", why="the given client is not the administrators'")
    if snake(evidence.picture.name) in context.client_fields:
        return Reason(signal="client_reads", weight=-0.7, says=f"the client's code names '{evidence.picture.name}'")
    return Reason(
        signal="client_never_reads",
        weight=0.8 if evidence.datatype.public_by_nature else 1.8,
        says=f"the client's code never names '{evidence.picture.name}'",
    )
