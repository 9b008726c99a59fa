"""``stanch guard``: recorded test traffic must stay within the committed contract and the accepted findings."""

import sys
from datetime import UTC, datetime

import click

from stanch.cli.output import deliver
from stanch.cli.scan import config, read_bytes, read_contract, with_progress
from stanch.engines.client import client_names
from stanch.engines.local import sources
from stanch.errors import InputError
from stanch.finding.baseline import Baseline, apply_baseline, load_baseline, load_justifications
from stanch.finding.build import examine
from stanch.finding.guard import breaches


@click.command("guard", epilog="Example: stanch guard test-traffic.har --contract minimal.yaml --baseline accepted.json")
@click.argument("captures", nargs=-1, required=True, metavar="CAPTURE...")
@click.option("--contract", "contract_path", metavar="FILE", help="The committed contract: an OpenAPI description, such as stanch contract writes.")
@click.option("--client", "clients", multiple=True, metavar="PATH", help="Client code or app package; may be given again.")
@click.option("--baseline", "baseline_path", metavar="FILE", help="Findings accepted earlier.")
@click.option("--config", "config_path", metavar="FILE", help="stanch.toml with justifications (default: ./stanch.toml where it exists).")
@click.option("--sarif", "sarif_path", metavar="FILE", help="Also write the findings as SARIF, for code scanning.")
@click.option("--jobs", type=click.IntRange(1, 256), default=1, show_default=True, help="Worker processes; the result is the same.")
@click.option("--quiet", is_flag=True, help="No progress, and nothing where all is well.")
def command(
    captures: tuple[str, ...], contract_path: str | None, clients: tuple[str, ...], baseline_path: str | None, config_path: str | None,
    sarif_path: str | None, jobs: int, *, quiet: bool,
) -> None:  # fmt: skip
    """Hold test traffic against what was agreed: exit 1 and name field, endpoint and reason of every breach.

    A breach is a member that the contract does not allow, personal data from an endpoint that it does not know, or an excessive finding that nobody accepted.
    """
    contract = read_contract(contract_path)
    baseline = load_baseline(read_bytes(baseline_path), name=baseline_path) if baseline_path else Baseline()
    justifications = load_justifications(*config(config_path))
    summary = with_progress(sources(list(captures)), jobs, quiet=quiet)
    if summary.n_exchanges == 0:
        raise InputError("no exchange could be read", where=", ".join(captures), hint="is it a capture of API traffic?")
    examined = examine(summary, contract=contract, client_fields=client_names(clients))
    report = apply_baseline(examined.report, baseline, justifications, today=datetime.now(UTC).date())
    found = breaches(examined.picture.fields, report, contract)
    if sarif_path:
        deliver(report, "sarif", sarif_path)
    for breach in found:
        click.echo(str(breach))
    if found or not quiet:
        click.echo(f"{len(found)} breach{'es' if len(found) != 1 else ''} in {summary.n_exchanges} exchanges", err=True)
    sys.exit(1 if found else 0)
