"""Delivering notices: who may be sent what by which channel, and the states that a message passes through.

A message is claimed before it is handed over and settled after. A crash in between leaves it ``unclear``: the relay may have it or not.
Handed over again it carries the same Message-ID, so that a relay which knows it drops the second.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Literal

from stanch.errors import InputError
from stanch.law.document.approval import Standing
from stanch.law.document.lint import Complaint, sendable
from stanch.law.document.merge import Recipient
from stanch.law.document.model import Document

State = Literal["queued", "sending", "sent", "deferred", "unclear", "bounced", "failed"]
Event = Literal["claim", "accepted", "deferred", "refused", "crashed", "bounce", "give_up"]
MOVES: Mapping[tuple[State, Event], State] = MappingProxyType(
    {
        ("queued", "claim"): "sending",
        ("deferred", "claim"): "sending",
        ("unclear", "claim"): "sending",
        ("sending", "accepted"): "sent",
        ("sending", "deferred"): "deferred",
        ("sending", "refused"): "bounced",
        ("sending", "crashed"): "unclear",
        ("sent", "bounce"): "bounced",
        ("unclear", "bounce"): "bounced",
        ("unclear", "accepted"): "sent",
        ("deferred", "give_up"): "failed",
    }
)
MAX_ATTEMPTS = 5
FIRST_WAIT = timedelta(minutes=5)
Channel = Literal["email", "letter", "portal"]


def moved(state: State, event: Event) -> State:
    """Move a message on.

    Raises: ValueError for a move that the table has not.
    """
    to = MOVES.get((state, event))
    if to is None:
        raise ValueError(f"a message that is {state} can't take '{event}'")
    return to


def retry_at(now: datetime, attempts: int) -> datetime:
    """Give when a deferred message is tried again: 5 minutes, then twice as long each time."""
    return now + FIRST_WAIT * (1 << max(0, attempts - 1))


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    channels: tuple[Channel, ...]
    why: str = ""


def route(person: Recipient) -> Route:
    """Choose how a person is told.

    Where the mailbox's address leaked together with a credential, that mailbox may be in other hands: it is never the only way.
    """
    leaked_mailbox = "contact.email" in person.datatypes and any(name.startswith("credential.") for name in person.datatypes)
    if person.email is None:
        return Route(channels=("letter",) if person.address else ("portal",), why="no mailbox is known")
    if not leaked_mailbox:
        return Route(channels=("email",))
    second: Channel = "letter" if person.address else "portal"
    return Route(channels=("email", second), why="a credential leaked with this mailbox's address: another way is needed too")


def require_clear(document: Document, standing: Standing, complaints: Sequence[Complaint]) -> None:
    """Refuse a document that may not go out.

    Raises: InputError with the first reason: an exercise, errors of the linter, approvals that are missing or of another text.
    """
    if document.exercise:
        raise InputError("an exercise sends nothing", where=document.kind, hint="documents of an exercise stay inside")
    if not sendable(complaints):
        first = next(complaint.says for complaint in complaints if complaint.level == "error")
        raise InputError(f"may not go out: {first}", where=document.kind, hint="mend the facts or the template and approve anew")
    if not standing.approved:
        void = f"; {standing.n_void} approvals are of another text" if standing.n_void else ""
        raise InputError(f"is not approved: {', '.join(standing.why_not)}{void}", where=document.kind, hint="stanch law approve")
