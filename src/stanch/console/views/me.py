"""A person's own page: notices, channels, security; and for admins the organisation's people."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from stanch.console import selectors
from stanch.console.access import OFFICES
from stanch.console.actions import people
from stanch.console.clock import now
from stanch.console.shell import actor_of
from stanch.errors import InputError


@require_http_methods(["GET", "POST"])
def me(request: HttpRequest) -> HttpResponse:
    """Show what a person should know, and how they are reached."""
    actor = actor_of(request)
    if request.method == "POST":
        people.read_notices(actor, now=now())
        return redirect("me")
    return render(request, "console/me.html", {"notices": selectors.notices(actor)[:50], "channels": actor.person.channels.order_by("pk")})


@require_http_methods(["GET", "POST"])
def members(request: HttpRequest) -> HttpResponse:
    """Show the organisation's people; admins add and change them."""
    actor = actor_of(request)
    link = ""
    if request.method == "POST":
        people.require_admin(actor)
        try:
            d = request.POST
            _, secret = people.invite(actor, name=d.get("name", ""), email=d.get("email", ""), office=d.get("office", ""), now=now())
            link = request.build_absolute_uri(reverse("setup", args=[secret])) if secret else ""
            messages.success(request, "Added. Pass the link on by a way that you trust; it works once, for three days." if link else "Added.")
        except InputError as error:
            messages.error(request, str(error))
    return render(request, "console/members.html", {"members": selectors.colleagues(actor), "offices": OFFICES, "link": link})


@require_POST
def office(request: HttpRequest, key: str) -> HttpResponse:
    """Change what a member may do, or take them out."""
    actor = actor_of(request)
    people.require_admin(actor)
    people.set_office(actor, selectors.colleague(actor, key), request.POST.get("office", ""), now=now())
    messages.success(request, "Changed.")
    return redirect("members")
