"""The one step of an incident: check, fold, and say what must be done outside.

``advance(state, entry) -> (state, commands)``: the shells record the entry and carry out the commands in one transaction.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from stanch.incident import event as e
from stanch.incident.fold import fold
from stanch.incident.guard import check
from stanch.incident.journal import Entry
from stanch.incident.role import ROLES, Role
from stanch.incident.state import Incident


@dataclass(frozen=True, slots=True, kw_only=True)
class Tell:
    """Notify who holds these roles."""

    roles: tuple[Role, ...]
    what: str
    urgent: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Deliver:
    """Send an approved message to one contact group; the text is taken from the state, checked against the hash."""

    message: str
    sha256: str
    to: str


Command = Tell | Deliver


def advance(incident: Incident, entry: Entry) -> tuple[Incident, tuple[Command, ...]]:
    """Let one thing happen.

    Raises: RefusedError when it can't; InputError when the entry is malformed.
    """
    happened = e.parse_event(entry.kind, entry.body)
    check(incident, happened, by=entry.by, now=entry.at)
    after = fold(incident, entry)
    follow = COMMANDS.get(type(happened))
    return after, follow(after, happened) if follow else ()


def tell(*roles: Role, what: str, urgent: bool = False) -> tuple[Command, ...]:
    return (Tell(roles=roles, what=what, urgent=urgent),)


def declared(i: Incident, v: e.Declared) -> tuple[Command, ...]:
    return tell(*ROLES, what=f"{i.key} declared: {i.severity}", urgent=i.severity in {"high", "critical"})


def phase_changed(i: Incident, v: e.PhaseChanged) -> tuple[Command, ...]:
    return tell(*ROLES, what=f"{i.key} is now in {i.phase}")


def role_given(i: Incident, v: e.RoleGiven) -> tuple[Command, ...]:
    return tell(v.role, what=f"You were given a role in {i.key}: please accept it", urgent=True) if v.person else ()


def decision_asked(i: Incident, v: e.DecisionAsked) -> tuple[Command, ...]:
    return tell(v.role, what=f"{i.key} needs a decision of yours", urgent=True)


def message_drafted(i: Incident, v: e.MessageDrafted) -> tuple[Command, ...]:
    return tell("counsel", "privacy_officer", what=f"{i.key}: a message waits for approval")


def message_sent(i: Incident, v: e.MessageSent) -> tuple[Command, ...]:
    return tuple(Deliver(message=v.message, sha256=v.sha256, to=to) for to in v.to)


def clock_passed(i: Incident, v: e.ClockPassed) -> tuple[Command, ...]:
    says: dict[Literal["soon", "over"], str] = {"soon": "a clock runs out soon", "over": "a clock has run out"}
    return tell("lead", "deputy", what=f"{i.key}: {says[v.level]}", urgent=True)


def leak_observed(i: Incident, v: e.LeakObserved) -> tuple[Command, ...]:
    if v.n_leaking and any(c.lifted_at is None for c in i.containments):
        return tell("lead", "deputy", "technical_lead", what=f"{i.key}: it still leaks behind the containment", urgent=True)
    return ()


COMMANDS: dict[type[e.Event], Callable[[Incident, Any], tuple[Command, ...]]] = {
    e.Declared: declared,
    e.PhaseChanged: phase_changed,
    e.RoleGiven: role_given,
    e.DecisionAsked: decision_asked,
    e.MessageDrafted: message_drafted,
    e.MessageSent: message_sent,
    e.ClockPassed: clock_passed,
    e.LeakObserved: leak_observed,
}
