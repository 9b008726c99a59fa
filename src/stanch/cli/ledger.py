"""``stanch ledger``: keep who received whose data, encrypted, under pseudonyms, and for as long as it may be kept."""

from pathlib import Path

import click

from stanch.cli.scan import read_contract
from stanch.engines.client import client_names
from stanch.engines.ledger.build import Built, build_ledger
from stanch.engines.ledger.keys import Keyring, default_key_path, load_keyring, make_keyring
from stanch.engines.ledger.store import create_store, is_ledger
from stanch.engines.local import sources

KEY_HELP = "The organisation's key file (default: LEDGER.key beside the ledger)."


@click.group("ledger", epilog="Example: stanch ledger build traffic/ --into ledger")
def command() -> None:
    """Keep a ledger of disclosures: who received whose data, when; pseudonyms and counts, never a value."""


@command.command("build", epilog="Example: stanch ledger build traffic.har --into ledger")
@click.argument("captures", nargs=-1, required=True, metavar="CAPTURE...")
@click.option("--into", "root", required=True, metavar="LEDGER", help="The ledger's folder; made where there is none.")
@click.option("--key", "key_path", metavar="FILE", help=KEY_HELP + " Made for a new ledger.")
@click.option("--contract", "contract_path", metavar="FILE", help="OpenAPI description of the API (YAML or JSON).")
@click.option("--client", "clients", multiple=True, metavar="PATH", help="Client code or app package; may be given again.")
@click.option("--jobs", type=click.IntRange(1, 256), default=1, show_default=True, help="Worker processes for the first pass.")
def build(captures: tuple[str, ...], root: str, key_path: str | None, contract_path: str | None, clients: tuple[str, ...], jobs: int) -> None:
    """Add captures to a ledger. A capture that it has already is not taken twice."""
    contract = read_contract(contract_path)
    names = client_names(clients)
    where = sources(list(captures))
    folder = Path(root)
    store = create_store(folder, keyring_for(folder, key_path))
    built = build_ledger(store, where, contract=contract, client_fields=names, jobs=jobs)
    click.echo(said(built), err=True)


def keyring_for(folder: Path, key_path: str | None) -> Keyring:
    """Load the keys of a ledger; make them for a new one."""
    path = Path(key_path) if key_path else default_key_path(folder)
    if is_ledger(folder) or path.exists():
        return load_keyring(path)
    keyring = make_keyring(path)
    click.echo(f"made the key file {path}: keep a copy apart from the ledger; without it the ledger can't be read", err=True)
    return keyring


def said(built: Built) -> str:
    known = f"; {built.n_known} were in the ledger already" if built.n_known else ""
    return f"{built.n_taken} captures taken: {built.n_rows:,} disclosures of {built.n_fields:,} fields{known}"
