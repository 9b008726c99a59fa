"""``stanch serve``: console, worker and API in one command."""

import os
import sys
from pathlib import Path

import click

from stanch.console.home import DEFAULT
from stanch.console.run import DEFAULT_LISTEN, Serving, first_link, is_loopback, parse_listen, serve, set_up
from stanch.errors import InputError


@click.command("serve", epilog="Example: stanch serve --data incidents --listen 127.0.0.1:8400")
@click.option("--data", metavar="DIR", default=DEFAULT, show_default=True, help="Where everything is kept.")
@click.option(
    "--listen", metavar="HOST:PORT", default=DEFAULT_LISTEN, show_default=True, help="Where to listen; loopback unless --origin says otherwise."
)
@click.option("--origin", metavar="URL", default="", help="The https address that people use, when a TLS proxy stands before it.")
@click.option("--database", metavar="URL", default="", help="postgresql://user:password@host/name instead of the embedded SQLite.")
@click.option("--require-mfa/--offer-mfa", default=None, help="Whether everybody needs a second factor (default: when --origin is given).")
def command(data: str, listen: str, origin: str, database: str, *, require_mfa: bool | None) -> None:
    """Serve the incident console with its worker and API.

    The first start makes the data folder and its keys, and prints a link that works once, for the first admin. Stop it with Ctrl-C; nothing is lost at any moment.
    """
    host, port = parse_listen(listen)
    if not is_loopback(host) and not origin.startswith("https://"):
        raise InputError("only loopback without TLS", where=listen, hint="put a TLS proxy before it and give its address: --origin https://…")
    serving = Serving(
        data=data, host=host, port=port, origin=origin.rstrip("/"), database=database, require_mfa=bool(origin) if require_mfa is None else require_mfa
    )  # fmt: skip
    set_up(serving)
    announce(serving, first_link())
    serve(serving)


def announce(serving: Serving, link: str) -> None:
    """Say where it is; the link only to a terminal, otherwise into a file that the owner alone can read."""
    click.echo(f"stanch: console at {serving.address}  (data in {serving.data})", err=True)
    if not link:
        return
    if sys.stderr.isatty():
        click.echo(f"stanch: make the first account here, once, within 30 minutes:\n\n    {serving.address}{link}\n", err=True)
        return
    path = Path(serving.data) / "first-link"
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(f"{serving.address}{link}\n")
    click.echo(f"stanch: the link for the first account is in {path}", err=True)
