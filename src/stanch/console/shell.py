"""What every page needs: who acts, in which organisation, and how many notices wait."""

from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from stanch.console import selectors
from stanch.console.access import Actor
from stanch.console.models import Person


def actor_of(request: HttpRequest) -> Actor:
    """Give who acts.

    Raises: PermissionDenied for who belongs to no organisation.
    """
    known = getattr(request, "stanch_actor", None)
    if isinstance(known, Actor):
        return known
    if not isinstance(request.user, Person):
        raise PermissionDenied
    found = selectors.membership(request.user, request.session.get("organisation", ""))
    if found is None:
        raise PermissionDenied
    actor = Actor(person=request.user, organisation=found.organisation, office=found.role)
    request.stanch_actor = actor  # type: ignore[attr-defined]
    return actor


def frame(request: HttpRequest) -> dict[str, Any]:
    """Add the shell's values to every template."""
    user = getattr(request, "user", AnonymousUser())
    if not isinstance(user, Person):
        return {"actor": None, "n_unread": 0}
    try:
        actor = actor_of(request)
    except PermissionDenied:
        return {"actor": None, "n_unread": 0}
    return {"actor": actor, "n_unread": selectors.notices(actor).filter(read_at=None).count()}
