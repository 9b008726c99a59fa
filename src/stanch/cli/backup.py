"""``stanch backup``: a copy of everything that proves itself."""

from pathlib import Path

import click

from stanch.console.backup import back_up
from stanch.console.home import DEFAULT, Home


@click.command("backup", epilog="Example: stanch backup stanch-2026-11-25.tar --data incidents")
@click.argument("target", metavar="FILE")
@click.option("--data", metavar="DIR", default=DEFAULT, show_default=True, help="The console's data folder.")
def command(target: str, data: str) -> None:
    """Write a backup of the data folder, also while the console runs, then restore it to the side and verify every journal.

    The file holds the keys: whoever has it has everything. Keep it as you keep them.
    """
    n_files = back_up(Home(Path(data).resolve()), Path(target))
    click.echo(f"{target}: {n_files} files, restored to the side and verified")
