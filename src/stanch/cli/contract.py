"""``stanch contract``: the least that every response needs, as a contract to commit."""

from pathlib import Path
from typing import Literal

import click
import orjson
import yaml

from stanch.cli.output import write_whole
from stanch.cli.scan import read_contract, with_progress
from stanch.engines.client import client_names
from stanch.engines.local import sources
from stanch.errors import InputError
from stanch.finding.build import examine
from stanch.finding.minimal import json_schemas, minimal, openapi, overlay

Form = Literal["openapi", "overlay", "json-schema"]
WRITERS = {"openapi": openapi, "overlay": overlay, "json-schema": json_schemas}


@click.command("contract", epilog="Example: stanch contract traffic.har -o minimal.yaml")
@click.argument("captures", nargs=-1, required=True, metavar="CAPTURE...")
@click.option("--contract", "contract_path", metavar="FILE", help="OpenAPI description that the API has now; its paths are kept.")
@click.option("--client", "clients", multiple=True, metavar="PATH", help="Client code or app package; may be given again.")
@click.option(
    "--format",
    "form",
    type=click.Choice(list(WRITERS)),
    default="openapi",
    show_default=True,
    help="An OpenAPI 3.1 description, an overlay for one, or JSON Schemas.",
)
@click.option("-o", "--output", metavar="FILE", help="Write to a file (YAML where it ends in .yaml) instead of standard output.")
@click.option("--jobs", type=click.IntRange(1, 256), default=1, show_default=True, help="Worker processes; the result is the same.")
@click.option("--quiet", is_flag=True, help="No progress.")
def command(
    captures: tuple[str, ...], contract_path: str | None, clients: tuple[str, ...], form: Form, output: str | None, jobs: int, *, quiet: bool
) -> None:
    """Write the minimal responses of an API: what the traffic showed, less what was judged excessive, and nothing else allowed.

    Read it before you commit it: what the traffic never filled is not in it.
    """
    summary = with_progress(sources(list(captures)), jobs, quiet=quiet)
    if summary.n_exchanges == 0:
        raise InputError("no exchange could be read", where=", ".join(captures), hint="is it a capture of API traffic?")
    examined = examine(summary, contract=read_contract(contract_path), client_fields=client_names(clients))
    document = WRITERS[form](minimal(examined.picture.fields, examined.judged))
    deliver(document, output)


def deliver(document: dict[str, object], output: str | None) -> None:
    if output and output.endswith((".yaml", ".yml")):
        write_whole(Path(output), yaml.safe_dump(document, sort_keys=False, allow_unicode=True).encode())
    elif output:
        write_whole(Path(output), as_json(document))
    else:
        click.echo(as_json(document), nl=False)


def as_json(document: dict[str, object]) -> bytes:
    return orjson.dumps(document, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
