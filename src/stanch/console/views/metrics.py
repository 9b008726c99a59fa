"""Numbers for Prometheus: counts and ages, no names and no texts."""

from collections.abc import Iterator

from django.contrib.auth.decorators import login_not_required
from django.db.models import Count, Sum
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from stanch.console import queue
from stanch.console.clock import now
from stanch.console.models import DueRow, IncidentRow, Stream
from stanch.console.tokens import actor_by_token


@login_not_required
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Give the numbers to who brings an admin's token with the scope ``read``."""
    actor = actor_by_token(request.headers.get("Authorization", "").removeprefix("Bearer "), now=now())
    if actor is None or actor.office != "admin" or "read" not in actor.scopes:
        return HttpResponse("a token is needed\n", status=401, content_type="text/plain")
    return HttpResponse("\n".join([*lines(), ""]), content_type="text/plain; version=0.0.4; charset=utf-8")


def lines() -> Iterator[str]:
    yield from gauge("stanch_incidents_open", "Open incidents by containment.", counted())
    yield from gauge("stanch_jobs", "Jobs by state.", {f'state="{state}"': n for state, n in sorted(queue.counts().items())})
    yield from gauge("stanch_clocks_overdue", "Clocks that have run out.", {"": DueRow.objects.filter(due_at__lt=now()).count()})
    yield from gauge("stanch_journal_entries", "Journal entries.", {"": Stream.objects.aggregate(n=Sum("size"))["n"] or 0})


def counted() -> dict[str, int]:
    rows = IncidentRow.objects.filter(is_open=True).values("contained").annotate(n=Count("pk")).order_by("contained")
    return {f'contained="{row["contained"]}"': row["n"] for row in rows}


def gauge(name: str, says: str, values: dict[str, int]) -> Iterator[str]:
    yield f"# HELP {name} {says}"
    yield f"# TYPE {name} gauge"
    for labels, value in values.items():
        yield f"{name}{{{labels}}} {value}" if labels else f"{name} {value}"
