"""Whether any client reads the field."""

from stanch.identity.person import snake
from stanch.judge.evidence import Context, Evidence
from stanch.judge.reason import Missing, Said


def weigh(evidence: Evidence, context: Context) -> Said | Missing | None:
    """Weigh that the client's code never names the member."""
    if context.client is None:
        return Missing(signal="client", why="no client code was given")
    if evidence.is_admin:
        return Missing(signal="client", why="the given client is not the administrators'")
    name = evidence.picture.name
    if snake(name) in context.client:
        return Said(signal="client_reads", says=f"the client's code names '{name}'")
    strength = 0.45 if evidence.datatype.public_by_nature else 1.0
    return Said(signal="client_never_reads", strength=strength, says=f"the client's code never names '{name}'")
