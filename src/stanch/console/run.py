"""Start: set the console up on a data folder, prepare one for the demo, serve.

``prepare`` and ``serve`` are what other commands call; nothing of Django is imported before the settings are known.
"""

import os
import sys
import threading
import warnings
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from stanch.console.home import open_home
from stanch.errors import InputError, OutsideError

DEFAULT_LISTEN = "127.0.0.1:8400"
OPTIONS: dict[str, Any] = {
    "log_level": "warning", "access_log": False, "server_header": False, "lifespan": "off", "timeout_graceful_shutdown": 3,
    "limit_concurrency": 1_000, "h11_max_incomplete_event_size": 64_000,
}  # fmt: skip
"""For the server: it writes no log of requests, because paths hold one-time secrets."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Serving:
    """Where and how the console is served."""

    data: str
    host: str = "127.0.0.1"
    port: int = 8400
    origin: str = ""
    """The address that people type, when a proxy stands before it."""
    database: str = ""
    require_mfa: bool = False

    @property
    def address(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return self.origin or f"http://{host}:{self.port}"


def parse_listen(text: str) -> tuple[str, int]:
    """Read ``HOST:PORT``.

    Raises: InputError.
    """
    host, _, port = text.rpartition(":")
    if not host or not port.isdecimal() or not 0 <= int(port) <= 65_535:
        raise InputError("this is no HOST:PORT", where=text[:80], hint=f"such as {DEFAULT_LISTEN}")
    return host.strip("[]"), int(port)


def is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def set_up(serving: Serving) -> None:
    """Open the data folder, configure Django, bring the database up to date.

    Raises: InputError; OutsideError when the database can't be reached.
    """
    open_home(serving.data)
    os.environ["STANCH_DATA"] = serving.data
    os.environ["STANCH_ORIGIN"] = serving.address
    os.environ["DJANGO_SETTINGS_MODULE"] = "stanch.console.settings"
    if serving.database:
        os.environ["STANCH_DATABASE"] = serving.database
    os.environ["STANCH_MFA"] = "required" if serving.require_mfa else "offered"
    import django  # noqa: PLC0415 -- after the environment is set
    from django.core.management import call_command  # noqa: PLC0415
    from django.db.utils import OperationalError  # noqa: PLC0415

    django.setup()
    try:
        if needs_migrating():
            call_command("migrate", interactive=False, verbosity=0)
            call_command("createcachetable", verbosity=0)
    except OperationalError:
        raise OutsideError("the database can't be reached", where=serving.database.rpartition("@")[2] or serving.data) from None


def needs_migrating() -> bool:
    """Tell quickly whether anything is to be migrated."""
    from django.db import connection  # noqa: PLC0415
    from django.db.migrations.executor import MigrationExecutor  # noqa: PLC0415

    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def first_link() -> str:
    """Give the path of a one-time link for the first admin; empty when there is one."""
    from stanch.console.actions.people import make_link  # noqa: PLC0415
    from stanch.console.clock import now  # noqa: PLC0415
    from stanch.console.models import Person  # noqa: PLC0415

    return "" if Person.objects.exists() else f"/setup/{make_link('first', None, now=now())}"


def prepare(serving: Serving, report: Path, *, exercise: bool = False) -> str:
    """Make a data folder with the demo's people and an incident declared from a report; give the path of a one-time sign-in link.

    For the demo: Dan leads, Carol is the privacy officer. On a folder that has people already, the report is declared by its first admin.
    """
    set_up(serving)
    from stanch.console.stage import stage  # noqa: PLC0415

    return f"/setup/{stage(report.read_bytes(), name=str(report), exercise=exercise)}"


def serve(serving: Serving, *, with_worker: bool = True) -> None:
    """Serve until stopped; ``set_up`` or ``prepare`` comes before."""
    import uvicorn  # noqa: PLC0415

    from stanch.console.asgi import application  # noqa: PLC0415
    from stanch.console.worker import Worker  # noqa: PLC0415
    from stanch.engines.law import rules_pack  # noqa: PLC0415

    warnings.filterwarnings("ignore", message="StreamingHttpResponse must consume synchronous iterators")
    threading.Thread(target=rules_pack, daemon=True).start()  # read the law's rules while the first person signs in
    worker = Worker() if with_worker else None
    if worker:
        worker.start()
    try:
        uvicorn.run(application, host=serving.host, port=serving.port, proxy_headers=bool(serving.origin), **OPTIONS)
    except SystemExit:
        raise OutsideError(
            "the address can't be listened on", where=f"{serving.host}:{serving.port}", hint="is something else there? try --listen"
        ) from None
    finally:
        if worker:
            worker.stop()
        sys.stderr.flush()
