"""How the console meets the outside: tokens, webhooks, contact groups, and a person's own channels."""

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from stanch.console import selectors
from stanch.console.access import SCOPES, Actor
from stanch.console.actions import people, settings
from stanch.console.clock import now
from stanch.console.shell import actor_of
from stanch.errors import InputError


def token(request: HttpRequest, actor: Actor) -> str:
    d = request.POST
    days = d.get("days", "90")
    return settings.make_token(actor, name=d.get("name", ""), scopes=d.getlist("scopes"), days=int(days) if days.isdecimal() else 0, now=now())


def revoke(request: HttpRequest, actor: Actor) -> str:
    found = selectors.tokens(actor).filter(key=request.POST.get("token", "")).first()
    if found is None:
        raise Http404
    settings.revoke_token(actor, found, now=now())
    return ""


def webhook(request: HttpRequest, actor: Actor) -> str:
    return settings.make_webhook(actor, request.POST.get("url", "").strip()[:500], now=now())


def end_webhook(request: HttpRequest, actor: Actor) -> str:
    pk = request.POST.get("webhook", "")
    found = selectors.webhooks(actor).filter(pk=int(pk)).first() if pk.isdecimal() and len(pk) < 18 else None
    if found is None:
        raise Http404
    settings.end_webhook(actor, found, now=now())
    return ""


def group(request: HttpRequest, actor: Actor) -> str:
    d = request.POST
    settings.save_group(actor, name=d.get("name", ""), audience=d.get("audience", ""), addresses=d.get("addresses", ""), now=now())
    return ""


def channel(request: HttpRequest, actor: Actor) -> str:
    d = request.POST
    people.add_channel(actor, kind=d.get("kind", ""), address=d.get("address", "").strip()[:500], urgent_only=d.get("urgent_only") == "on", now=now())
    return ""


def end_channel(request: HttpRequest, actor: Actor) -> str:
    pk = request.POST.get("channel", "")
    people.remove_channel(actor, int(pk) if pk.isdecimal() and len(pk) < 18 else 0)
    return ""


DOES: dict[str, Callable[[HttpRequest, Actor], str]] = {
    "token": token, "revoke": revoke, "webhook": webhook, "end-webhook": end_webhook, "group": group, "channel": channel, "end-channel": end_channel,
}  # fmt: skip


@require_http_methods(["GET", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    """Show and change connections; a new secret is shown in the answer and never again."""
    actor = actor_of(request)
    secret = ""
    if request.method == "POST":
        action = DOES.get(request.POST.get("do", ""))
        if action is None:
            raise Http404
        try:
            secret = action(request, actor)
            messages.success(request, "Done.")
        except InputError as error:
            messages.error(request, str(error))
    context = {
        "secret": secret, "tokens": selectors.tokens(actor).select_related("person"), "scopes": SCOPES, "section": "settings",
        "webhooks": selectors.webhooks(actor).filter(active=True) if actor.is_admin else [], "groups": selectors.groups(actor),
        "channels": actor.person.channels.order_by("pk"),
    }  # fmt: skip
    return render(request, "console/settings.html", context)
