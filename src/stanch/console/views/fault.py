"""Pages for what went wrong before a view was reached."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import requires_csrf_token


@requires_csrf_token
@login_not_required
def forbidden_form(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001 -- the framework's signature
    return render(
        request, "console/refused.html", {"says": "This form is out of date. Go back, load the page again, and send it once more."}, status=403
    )


@requires_csrf_token
@login_not_required
def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001 -- the framework's signature
    return render(request, "console/refused.html", {"says": "You belong to no organisation here. Ask an admin for a link."}, status=403)


@requires_csrf_token
@login_not_required
def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001 -- the framework's signature
    return render(request, "console/refused.html", {"says": "There is nothing here, or nothing that you may see.", "code": 404}, status=404)


@requires_csrf_token
@login_not_required
def broken(request: HttpRequest) -> HttpResponse:
    says = "A fault of ours. What you sent may not have been recorded: look at the journal before you send it again."
    return render(request, "console/refused.html", {"says": says, "code": 500}, status=500)
