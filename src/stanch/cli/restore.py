"""``stanch restore``: a data folder from a backup."""

from pathlib import Path

import click

from stanch.console.backup import restore
from stanch.console.home import DEFAULT


@click.command("restore", epilog="Example: stanch restore stanch-2026-11-25.tar --data incidents")
@click.argument("source", metavar="FILE")
@click.option("--data", metavar="DIR", default=DEFAULT, show_default=True, help="The folder to make; it must not be there yet.")
def command(source: str, data: str) -> None:
    """Unpack a backup into a new data folder, once every file has its hash and every journal is whole."""
    n_files = restore(Path(source), Path(data))
    click.echo(f"{data}: {n_files} files restored and verified")
