"""Between server and views: headers, the second factor, and errors as one line."""

from collections.abc import Callable
from typing import Any

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render

from stanch.console.access import ForbiddenError
from stanch.console.models import Person
from stanch.errors import StanchError

Next = Callable[[HttpRequest], HttpResponseBase]


def headers(following: Next) -> Next:
    """Nothing of the console is kept in caches; nothing of it may use the device."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = following(request)
        response.headers.setdefault("Cache-Control", "no-store")
        response.headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response

    return middleware


class SignInFirst(LoginRequiredMiddleware):
    """Every page asks who is there, unless it says otherwise; the API asks for a token by itself."""

    def process_view(self, request: HttpRequest, view_func: Any, view_args: Any, view_kwargs: Any) -> HttpResponseBase | None:  # noqa: ANN401
        if request.path.startswith("/api/"):
            return None
        return super().process_view(request, view_func, view_args, view_kwargs)


FREE = ("/accounts/", "/static/", "/setup/", "/healthz", "/api/")


def second_factor(following: Next) -> Next:
    """Ask for a second factor where the installation requires one."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        wanted = settings.STANCH_MFA == "required" and not request.path.startswith(FREE)
        if wanted and isinstance(request.user, Person) and not is_mfa_enabled(request.user):
            messages.warning(request, "This installation asks for a second factor. Set one up to go on.")
            return redirect("mfa_index")
        return following(request)

    return middleware


class Faults:
    """Show what was refused, on a page with the way back; never a trace."""

    def __init__(self, following: Next) -> None:
        self.following = following

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.following(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponseBase | None:
        if not isinstance(error, StanchError):
            return None
        status = 403 if isinstance(error, ForbiddenError) else 409
        return render(request, "console/refused.html", {"error": error}, status=status)
