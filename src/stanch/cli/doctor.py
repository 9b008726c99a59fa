"""``stanch doctor``: what could go wrong with the console, before it does."""

import sys
from pathlib import Path

import click

from stanch.console.home import DEFAULT
from stanch.console.run import Serving, set_up
from stanch.errors import InputError

MARKS = {"ok": "ok     ", "warning": "warning", "fault": "FAULT  "}


@click.command("doctor", epilog="Example: stanch doctor --data incidents")
@click.option("--data", metavar="DIR", default=DEFAULT, show_default=True, help="The console's data folder.")
@click.option("--database", metavar="URL", default="", help="The console's PostgreSQL, where it has one.")
def command(data: str, database: str) -> None:
    """Examine a console's data folder, keys, database, jobs and journals. Exits 1 when something is at fault."""
    if not Path(data).is_dir():
        raise InputError("there is no such data folder", where=data, hint="stanch serve makes one")
    set_up(Serving(data=data, database=database))
    from stanch.console.doctor import examine  # noqa: PLC0415 -- Django is set up now

    worst = 0
    for check in examine():
        click.echo(f"{MARKS[check.level]}  {check.what}{f' ({check.hint})' if check.hint else ''}")
        worst = max(worst, int(check.level == "fault"))
    sys.exit(worst)
