"""Who may do what: one function from a person's place in the organisation and in the incident to what they may do.

Decides by roles alone. What is not allowed to be seen does not exist for the asker (404).
"""

from dataclasses import dataclass

from stanch.console.models import Organisation, Person
from stanch.errors import StanchError
from stanch.incident.role import ACTS, MAY, Act, Role
from stanch.incident.state import Incident

OFFICES = ("admin", "responder", "auditor", "guest")
SCOPES = ("read", "write", "declare", "export")


class ForbiddenError(StanchError):
    """The person may see this, but not do that."""

    exit_code = 2


@dataclass(frozen=True, slots=True)
class Actor:
    """A person as a member of one organisation, possibly through a token with fewer rights."""

    person: Person
    organisation: Organisation
    office: str
    scopes: frozenset[str] = frozenset(SCOPES)
    token: str = ""

    @property
    def by(self) -> str:
        """As the journal names the actor."""
        return f"token:{self.token}" if self.token else f"person:{self.person.key}"

    @property
    def is_admin(self) -> bool:
        return self.office == "admin" and not self.token


WITHOUT_SEAT: dict[str, frozenset[Act]] = {
    "admin": frozenset({"see", "note", "task", "ask"}),
    "responder": frozenset({"see", "note", "task", "ask"}),
    "auditor": frozenset({"see", "export"}),
    "guest": frozenset(),
}
"""What an office allows in an incident that is not restricted, without any role in it."""


def acts(office: str, person: str, incident: Incident) -> frozenset[Act]:
    """Give everything that a person may do in an incident."""
    roles = incident.roles_of(person)
    seated = frozenset(act for act in ACTS if not roles.isdisjoint(MAY[act]))
    if office == "auditor":
        seated &= {"see", "export"}
    if incident.restricted:
        return seated
    allowed = seated | WITHOUT_SEAT[office]
    if office in {"admin", "responder"} and vacant(incident, "lead"):
        allowed |= {"seat"}
    return allowed


def vacant(incident: Incident, role: Role) -> bool:
    return incident.holder(role) is None


SCOPE_OF: dict[str, frozenset[Act]] = {
    "read": frozenset({"see"}),
    "write": frozenset(ACTS) - {"see", "export", "declare", "privileged", "approve", "send", "decide", "override", "restrict", "seat"},
    "declare": frozenset({"declare"}),
    "export": frozenset({"export"}),
}
"""What a token's scopes allow at most; approving, deciding and sending are for people."""


def actor_acts(actor: Actor, incident: Incident) -> frozenset[Act]:
    allowed = acts(actor.office, actor.person.key, incident)
    if not actor.token:
        return allowed
    return allowed & frozenset().union(*(SCOPE_OF[scope] for scope in actor.scopes))


def may_declare(actor: Actor) -> bool:
    return actor.office in {"admin", "responder"} and "declare" in actor.scopes
