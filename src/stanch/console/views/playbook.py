"""Playbooks in and out."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from stanch.console import forms, selectors
from stanch.console.actions import playbook
from stanch.console.clock import now
from stanch.console.shell import actor_of
from stanch.errors import InputError


@require_safe
def cacao(request: HttpRequest) -> HttpResponse:
    """Give the shipped playbook as CACAO 2.0."""
    actor_of(request)
    response = HttpResponse(playbook.as_cacao(now()), content_type="application/json")
    response.headers["Content-Disposition"] = 'attachment; filename="api-data-exposure.cacao.json"'
    return response


@require_POST
def start(request: HttpRequest, key: str) -> HttpResponse:
    """Start a further playbook from a file."""
    actor = actor_of(request)
    case = selectors.case(actor, key)
    form = forms.NewPlaybook(request.POST, request.FILES)
    try:
        n_tasks = playbook.start(actor, case, form.cleaned_data["playbook"].read() if form.is_valid() else b"", now=now())
    except InputError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"Started: {n_tasks} new tasks.")
    return redirect("tasks", key)
