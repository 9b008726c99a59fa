"""The worker: watches clocks and carries out jobs, in a thread beside the console or as a process of its own.

It may be killed at any moment: clocks are rows with an idempotency key, jobs are leased.
"""

import threading
from contextlib import suppress
from datetime import datetime
from typing import Literal

from django.db import close_old_connections, connection
from django.db.models import F, Q
from django.db.utils import OperationalError

from stanch.console import book, queue
from stanch.console.clock import now
from stanch.console.models import DueRow, Job
from stanch.console.send import send
from stanch.errors import OutsideError
from stanch.incident import event as e
from stanch.incident.clock import SOON
from stanch.incident.guard import RefusedError

EVERY_S = 1.0
N_AT_ONCE = 50


class Worker(threading.Thread):
    """Do what is due until stopped."""

    def __init__(self, every_s: float = EVERY_S) -> None:
        super().__init__(name="stanch-worker", daemon=True)
        self._every_s = every_s
        self._stopping = threading.Event()

    def run(self) -> None:
        while not self._stopping.is_set():
            try:
                busy = once()
            except OperationalError:
                busy = False
            close_old_connections()
            if not busy:
                self._stopping.wait(self._every_s)
        connection.close()

    def stop(self) -> None:
        self._stopping.set()
        self.join(timeout=5)


def once() -> bool:
    """Announce what ran out, then do one job; tell whether there was one."""
    sweep(now())
    return work(now())


def sweep(moment: datetime) -> int:
    """Record clocks that ran out or soon will; each once, however often this runs."""
    over = Q(due_at__lte=moment) & ~Q(told="over")
    soon = Q(due_at__lte=moment + SOON, due_at__gt=moment, told="") & Q(due_at__gt=F("incident__declared_at") + 2 * SOON)
    due = DueRow.objects.filter(over | soon)
    rows = list(due.select_related("incident").order_by("due_at")[:N_AT_ONCE])
    for row in rows:
        announce(row, moment)
    return len(rows)


def announce(row: DueRow, moment: datetime) -> None:
    level: Literal["over", "soon"] = "over" if row.due_at <= moment else "soon"
    happened = e.ClockPassed(clock=row.clock, due_at=row.due_at, level=level, title=row.title)
    key = f"clock:{row.clock}@{row.due_at.isoformat()}:{level}"
    with suppress(RefusedError):
        book.record(row.incident.key, happened, by="system", now=moment, key=key[-120:])
    DueRow.objects.filter(pk=row.pk, due_at=row.due_at).update(told=level)


def work(moment: datetime) -> bool:
    job = queue.claim(moment)
    if job is None:
        return False
    carry_out(job)
    return True


def carry_out(job: Job) -> None:
    try:
        done = send(job)
    except OutsideError as error:
        queue.fail(job, str(error), now(), permanent=error.permanent)
        return
    if done:
        done()
    queue.finish(job, now())
