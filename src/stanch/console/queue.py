"""Jobs: added in the transaction of what causes them, leased, done once, tried again, or set aside.

At least once for what can be repeated. A job marked ``once`` that was cut off half-way is never repeated by itself: it becomes ``uncertain``,
and a person decides. Leases end by themselves, so a worker may be killed at any moment.
"""

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Q

from stanch.console.models import IncidentRow, Job, Webhook
from stanch.incident.journal import Entry, instant

LEASE = timedelta(seconds=60)
ONCE = frozenset({"tell", "deliver"})
"""Kinds that reach people: better late and asked about than twice."""
MAX_ATTEMPTS = 8


def add(key: str, kind: str, args: dict[str, Any], run_at: datetime) -> None:
    """Add a job; a key that is there already is the same job."""
    Job.objects.get_or_create(key=key[:200], defaults={"kind": kind, "args": args, "run_at": run_at})


def add_webhooks(row: IncidentRow, entry: Entry, now: datetime) -> None:
    """Tell the organisation's webhooks that something happened: what and where, never the content."""
    payload = {"type": f"incident.{entry.kind.replace(':', '.')}", "timestamp": instant(entry.at), "data": {"incident": row.key, "n": entry.n}}
    for pk in Webhook.objects.filter(organisation=row.organisation, active=True).values_list("pk", flat=True):
        add(f"hook:{pk}:{entry.stream}:{entry.n}", "webhook", {"webhook": pk, "payload": payload}, now)


@transaction.atomic
def claim(now: datetime) -> Job | None:
    """Lease the next job, if there is one."""
    lapsed = Q(state="leased", lease_until__lt=now)
    ready = Job.objects.filter(Q(state="ready", run_at__lte=now) | lapsed).order_by("run_at", "pk")
    if connection.features.has_select_for_update_skip_locked:
        ready = ready.select_for_update(skip_locked=True)
    job = ready.first()
    if job is None:
        return None
    if job.state == "leased" and job.kind in ONCE:
        job.state, job.fault, job.lease = "uncertain", "the worker stopped while it was being sent", ""
        job.save(update_fields=["state", "fault", "lease"])
        return claim(now)
    job.state, job.lease, job.lease_until, job.attempts = "leased", secrets.token_hex(16), now + LEASE, job.attempts + 1
    job.save(update_fields=["state", "lease", "lease_until", "attempts"])
    return job


def finish(job: Job, now: datetime) -> bool:
    """Mark a job as done; False when the lease had passed to another worker."""
    return bool(held(job).update(state="done", done_at=now, lease="", fault=""))


def fail(job: Job, fault: str, now: datetime, *, permanent: bool) -> None:
    """Set a job aside, or back for another try; the wait doubles each time."""
    dead = permanent or job.attempts >= MAX_ATTEMPTS
    again = now + timedelta(seconds=min(3600, 5 * 2**job.attempts))
    held(job).update(state="dead" if dead else "ready", run_at=again, lease="", fault=fault[:200])


def held(job: Job) -> Any:  # noqa: ANN401 -- a query set of jobs, whose type has no short name
    return Job.objects.filter(pk=job.pk, state="leased", lease=job.lease)


def counts() -> dict[str, int]:
    """Count jobs by state."""
    states: Iterable[str] = Job.objects.values_list("state", flat=True)
    result: dict[str, int] = {}
    for state in states:
        result[state] = result.get(state, 0) + 1
    return result
