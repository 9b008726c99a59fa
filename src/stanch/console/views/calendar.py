"""The clocks as a calendar that any program can subscribe to, by a token in its address."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from stanch.console import selectors
from stanch.console.clock import now
from stanch.console.tokens import actor_by_token
from stanch.incident.ics import calendar


@login_not_required
@require_safe
def feed(request: HttpRequest, secret: str) -> HttpResponse:  # noqa: ARG001 -- a view
    """Give the running clocks of every incident that the token's maker may see."""
    actor = actor_by_token(secret, now=now())
    if actor is None or "read" not in actor.scopes:
        raise Http404
    return HttpResponse(calendar(selectors.running_clocks(actor), now=now()), content_type="text/calendar; charset=utf-8")
