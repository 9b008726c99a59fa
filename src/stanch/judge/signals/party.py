"""Counter-evidence: the two sides of a deal need to reach each other."""

from stanch.judge.evidence import Context, Evidence
from stanch.judge.kinds import CONTACT
from stanch.judge.reason import Said
from stanch.judge.words import DEAL

MANY = 3.0
"""Receivers of one account holder's value from which it is no matter of two parties."""


def weigh(evidence: Evidence, context: Context) -> Said | None:
    """Weigh contact data in an order, a booking or a ride that is not open to everyone."""
    picture = evidence.picture
    if not evidence.label.datatype.startswith(CONTACT) or picture.n_to_anonymous or evidence.siblings & {"password", "password_hash"}:
        return None
    if not any(DEAL.match(part) for part in (*evidence.literals[-1:], *evidence.names)):
        return None
    if evidence.is_about_accounts and evidence.receivers_per_value >= MANY:
        return None
    thing = context.scopes.of_thing(picture)
    if thing.n_repeated and thing.share < 0.5:
        return None
    return Said(signal="party", says="the parties to a deal need each other's contact")
