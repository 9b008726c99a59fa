"""``stanch ledger``: keep who received whose data, encrypted, under pseudonyms, and for as long as it may be kept."""

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import get_args

import click

from stanch.cli.ledger_ask import COMMANDS
from stanch.cli.scan import read_contract
from stanch.engines.client import client_names
from stanch.engines.ledger.build import Built, build_ledger
from stanch.engines.ledger.keys import Keyring, default_key_path, load_keyring, make_keyring
from stanch.engines.ledger.retain import Planned, Rule, destroy, plan, plan_day
from stanch.engines.ledger.rewrite import compact, merge, rotate
from stanch.engines.ledger.store import Store, create_store, is_ledger, open_store
from stanch.engines.ledger.verify import verify
from stanch.engines.local import sources
from stanch.errors import InputError
from stanch.ledger.batch import Table

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
    built = build_ledger(
        store, where, contract=contract, client_fields=names, jobs=jobs, acknowledge=lambda name: click.echo(f"took {name}", err=True)
    )
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
    return f"{built.n_taken} capture{'s' if built.n_taken != 1 else ''} taken: {built.n_rows:,} rows of {built.n_fields:,} fields sent, own reads among them{known}"


def opened(root: str, key_path: str | None) -> Store:
    folder = Path(root)
    return open_store(folder, load_keyring(Path(key_path) if key_path else default_key_path(folder)))


@command.command("merge", epilog="Example: stanch ledger merge east west --into whole --key org.key")
@click.argument("ledgers", nargs=-1, required=True, metavar="LEDGER...")
@click.option("--into", "root", required=True, metavar="LEDGER", help="The ledger that takes them; made where there is none.")
@click.option("--key", "key_path", required=True, metavar="FILE", help="The organisation's key file, the same for all of them.")
def merge_command(ledgers: tuple[str, ...], root: str, key_path: str) -> None:
    """Join ledgers of one organisation, in any order; what is in several counts once."""
    keyring = load_keyring(Path(key_path))
    others = [open_store(Path(name), keyring) for name in ledgers]
    store = create_store(Path(root), keyring)
    for other in others:
        found = merge(store, other)
        click.echo(f"{other.root}: {found.n_taken} batches taken, {found.n_known} were there already", err=True)


@command.command("compact", epilog="Example: stanch ledger compact ledger")
@click.argument("root", metavar="LEDGER")
@click.option("--key", "key_path", metavar="FILE", help=KEY_HELP)
def compact_command(root: str, key_path: str | None) -> None:
    """Make one batch of many; the answers stay the same."""
    done = compact(opened(root, key_path))
    click.echo(f"{done.n_before} batches are {done.n_after}", err=True)


@command.command("rotate", epilog="Example: stanch ledger rotate ledger")
@click.argument("root", metavar="LEDGER")
@click.option("--key", "key_path", metavar="FILE", help=KEY_HELP)
def rotate_command(root: str, key_path: str | None) -> None:
    """Give the ledger fresh keys and forget the old ones; the answers stay the same, the pseudonyms change."""
    rotate(opened(root, key_path), Path(key_path) if key_path else default_key_path(Path(root)))
    click.echo("the ledger is sealed with new keys; copies of the old key file open older copies of the ledger only", err=True)


@command.command("retain", epilog="Example: stanch ledger retain ledger --keep disclosures=400 --keep homes=90 --yes")
@click.argument("root", metavar="LEDGER")
@click.option("--keep", "keep", multiple=True, metavar="CLASS=DAYS", help="Keep disclosures, links or homes for so many days; may be given again.")
@click.option("--day", "day", metavar="DAY", help="Destroy this day (or: unknown), whatever its age.")
@click.option("--reason", default="asked for by the operator", show_default=True, help="Why a --day is destroyed; stands in the proof.")
@click.option("--yes", is_flag=True, help="Destroy; without it, only say what would be.")
@click.option("--key", "key_path", metavar="FILE", help=KEY_HELP)
def retain_command(root: str, keep: tuple[str, ...], day: str | None, reason: str, key_path: str | None, *, yes: bool) -> None:
    """Destroy what may not be kept any longer: its key, then its files, with a signed proof."""
    store = opened(root, key_path)
    now = datetime.now(UTC)
    planned = plan_day(store.files(), day, reason) if day else plan(store.files(), rule_of(keep), now.date())
    for item in planned:
        click.echo(told(item))
    if not yes:
        click.echo(f"{len(planned)} partitions would be destroyed; say --yes to do it", err=True)
        return
    done = destroy(store, planned, now)
    click.echo(f"{len(done)} partitions destroyed; the proofs are in {Path(root) / 'deletions'}", err=True)


def rule_of(keep: tuple[str, ...]) -> Rule:
    if not keep:
        raise InputError("nothing says how long to keep what", where="--keep", hint="give --keep disclosures=400, or --day")
    days: dict[Table, int] = {}
    for text in keep:
        name, _, number = text.partition("=")
        table = next((table for table in get_args(Table) if table == name), None)
        if table is None or not number.isdigit():
            raise InputError("this is no class and number of days", where=f"--keep {text}", hint="write disclosures=400, links=400 or homes=90")
        days[table] = int(number)
    return Rule(days=days)


def told(item: Planned) -> str:
    return f"{item.part}: {item.n_rows:,} rows in {len(item.files)} files ({item.reason})"


@command.command("verify", epilog="Example: stanch ledger verify ledger")
@click.argument("root", metavar="LEDGER")
@click.option("--key", "key_path", metavar="FILE", help=KEY_HELP)
def verify_command(root: str, key_path: str | None) -> None:
    """Check that all that counts is whole and readable, and that all that was destroyed is gone and proven."""
    found = verify(opened(root, key_path))
    for problem in found.problems:
        click.echo(problem)
    click.echo(f"{found.n_batches} batches, {found.n_files} files, {found.n_rows:,} disclosures, {found.n_deletions} proofs of deletion", err=True)
    click.echo(f"public key of the proofs: {found.public_key}", err=True)
    sys.exit(1 if found.problems else 0)


for asking in COMMANDS:
    command.add_command(asking)
