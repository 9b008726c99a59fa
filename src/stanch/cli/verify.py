"""``stanch verify``: that no stored byte of any journal was changed."""

import sys
from pathlib import Path

import click

from stanch.cli.output import write_whole
from stanch.cli.scan import read_bytes
from stanch.console.home import DEFAULT
from stanch.console.run import Serving, set_up
from stanch.errors import InputError


@click.command("verify", epilog="Example: stanch verify --data incidents --head heads-kept-elsewhere.txt")
@click.option("--data", metavar="DIR", default=DEFAULT, show_default=True, help="The console's data folder.")
@click.option("--database", metavar="URL", default="", help="The console's PostgreSQL, where it has one.")
@click.option("--head", "kept", metavar="FILE", multiple=True, help="Signed heads that were kept elsewhere; may be given again.")
@click.option("--keep", metavar="FILE", help="Write today's signed heads, to be kept elsewhere.")
def command(data: str, database: str, kept: tuple[str, ...], keep: str | None) -> None:
    """Check every journal against its signed heads, and what pages show against the journal.

    Exits 1 when something was tampered with. Who holds the signing key could forge everything: only a head that was kept elsewhere shows that.
    """
    outside = [note for path in kept for note in split(read_bytes(path), path)]
    if not Path(data).is_dir():
        raise InputError("there is no such data folder", where=data)
    set_up(Serving(data=data, database=database))
    from stanch.console import checking  # noqa: PLC0415 -- Django is set up now

    results = checking.check_all(outside)
    for line in checking.lines(results):
        click.echo(line)
    if keep:
        write_whole(Path(keep), "\n".join(checking.heads()).encode())
    sys.exit(0 if all(result.whole for result in results) else 1)


def split(data: bytes, path: str) -> list[str]:
    """Split a file of signed heads: each is a text, an empty line, and a signature line."""
    try:
        lines = data.decode().splitlines(keepends=True)
    except UnicodeDecodeError:
        raise InputError("this is no file of signed heads", where=path) from None
    notes, held = [], ""
    for line in lines:
        held = held + line if held or line.strip() else ""
        if line.startswith("— "):
            notes.append(held)
            held = ""
    if not notes:
        raise InputError("this is no file of signed heads", where=path)
    return notes
