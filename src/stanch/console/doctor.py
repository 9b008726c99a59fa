"""What could go wrong, looked at before it does: each check gives one line."""

import shutil
import stat
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from django.conf import settings
from django.db import connection
from django.db.utils import DatabaseError

from stanch.console import queue
from stanch.console.clock import now
from stanch.console.home import KEYS
from stanch.console.models import DueRow, Membership, Stream
from stanch.errors import InputError

Level = Literal["ok", "warning", "fault"]
MIN_FREE_BYTES = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Check:
    level: Level
    what: str
    hint: str = ""


def examine() -> Iterator[Check]:
    """Run every check; one that breaks is itself a finding."""
    for look in LOOKS:
        try:
            yield from look()
        except (DatabaseError, OSError, InputError) as error:
            yield Check("fault", f"{look.__name__}: {type(error).__name__}", "stanch verify says more")


def program() -> Iterator[Check]:
    yield Check("ok", f"Python {sys.version_info.major}.{sys.version_info.minor}, Django {settings_version()}")


def settings_version() -> str:
    import django  # noqa: PLC0415 -- only its version

    return django.get_version()


def folder() -> Iterator[Check]:
    root = settings.STANCH_HOME.root
    if root.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        yield Check("warning", "others may look into the data folder", f"chmod 700 {root}")
    for name in KEYS:
        settings.STANCH_HOME.key(name)
    yield Check("ok", "the keys are there and private")
    free = shutil.disk_usage(root).free
    yield Check("ok" if free > MIN_FREE_BYTES else "warning", f"{free // 1_000_000} MB free", "" if free > MIN_FREE_BYTES else "make room")


def database() -> Iterator[Check]:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA quick_check")
            fine = cursor.fetchone()[0] == "ok"
            yield Check(
                "ok" if fine else "fault",
                "the database file is sound" if fine else "the database file is damaged",
                "" if fine else "restore a backup",
            )
            return
        cursor.execute("SELECT 1")
    yield Check("ok", f"the database answers ({connection.vendor})")


def people() -> Iterator[Check]:
    n_admins = Membership.objects.filter(role="admin", person__is_active=True).count()
    if not n_admins:
        yield Check("warning", "there is no admin yet", "stanch serve prints a link for the first one")
    elif n_admins == 1:
        yield Check("warning", "there is only one admin", "add a second, for the day the first can't be reached")
    else:
        yield Check("ok", f"{n_admins} admins")


def jobs() -> Iterator[Check]:
    counts = queue.counts()
    for state, hint in (("dead", "see why on Connections, then send by hand"), ("uncertain", "look whether it arrived, then send again or not")):
        if counts.get(state):
            yield Check("warning", f"{counts[state]} jobs are {state}", hint)
    if not counts.get("dead") and not counts.get("uncertain"):
        yield Check("ok", "every job is done or under way")
    late = DueRow.objects.filter(due_at__lt=now() - timedelta(minutes=10)).exclude(told="over").count()
    if late:
        yield Check("fault", f"{late} clocks ran out and were not announced", "is stanch serve running?")


def mail() -> Iterator[Check]:
    if settings.STANCH_MAIL_ON:
        yield Check("ok", "a mail server is configured")
    else:
        yield Check("warning", "no mail server: messages are sent by hand", "set STANCH_MAIL=smtp://host:port")


def journals() -> Iterator[Check]:
    n_streams, n_wrong = 0, 0
    for stream in Stream.objects.all().iterator():
        n_streams += 1
        n_wrong += stream.entries.count() != stream.size
    if n_wrong:
        yield Check("fault", f"{n_wrong} journals miss entries", "stanch verify says which")
    yield Check("ok", f"{n_streams} journals are complete (stanch verify checks every byte)")


LOOKS: tuple[Callable[[], Iterator[Check]], ...] = (program, folder, database, people, jobs, mail, journals)
