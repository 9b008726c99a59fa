"""The ways in: a one-time link; health for machines."""

from allauth.account.internal.flows.login import record_authentication
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from stanch.console.actions import people
from stanch.console.clock import now
from stanch.console.models import OneTimeLink
from stanch.errors import InputError

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
MAX_TRIES = 20


@login_not_required
@require_http_methods(["GET", "POST"])
def setup(request: HttpRequest, secret: str) -> HttpResponse:
    """Use a one-time link. Looking at it (as mail scanners do) does not use it up."""
    if too_many(request):
        return render(request, "console/refused.html", {"says": "Too many tries. Wait a minute."}, status=429)
    link = people.find_link(secret, now=now())
    if link is None:
        return render(request, "console/refused.html", {"says": "This link was used, has run out, or never was one."}, status=404)
    problem = ""
    if request.method == "POST":
        try:
            return enter(request, link)
        except InputError as error:
            problem = str(error)
    return render(request, "console/setup.html", {"link": link, "problem": problem, "data": request.POST})


def enter(request: HttpRequest, link: OneTimeLink) -> HttpResponseRedirect:
    data = request.POST
    if link.purpose != "signin" and data.get("password") != data.get("again"):
        raise InputError("the two passwords differ")
    person = people.accept_link(link, name=data.get("name", ""), email=data.get("email", ""), password=data.get("password", ""), now=now())
    login(request, person, backend=BACKEND)
    record_authentication(request, person, method="link")
    return redirect("home")


def too_many(request: HttpRequest) -> bool:
    """Count tries by address: guessing a link is hopeless, and slow besides."""
    key = f"setup:{request.META.get('REMOTE_ADDR', '')}"
    cache.add(key, 0, 60)
    try:
        return cache.incr(key) > MAX_TRIES
    except ValueError:
        return False


@login_not_required
@require_safe
def health(request: HttpRequest) -> JsonResponse:  # noqa: ARG001 -- a view
    """Say that the process is there and its database answers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"status": "ok"})
