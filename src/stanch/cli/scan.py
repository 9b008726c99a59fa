"""``stanch scan``: captures in, report out."""

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import click

from stanch.cli.output import deliver
from stanch.cli.progress import progress
from stanch.engines.client import client_names
from stanch.engines.local import Source, scan, sources
from stanch.errors import InputError
from stanch.finding.baseline import Baseline, apply_baseline, load_baseline, load_justifications
from stanch.finding.build import build
from stanch.finding.report import Report
from stanch.finding.severity import at_or_above
from stanch.identity.summary import TrafficSummary
from stanch.inventory.contract import Contract, load_contract
from stanch.inventory.override import checked, load_templates
from stanch.kernel import ENGINES, Engine

Format = Literal["table", "json", "sarif", "html", "md"]


@click.command("scan", epilog="Example: stanch scan traffic.har --format html -o report.html --fail-on high")
@click.argument("captures", nargs=-1, required=True, metavar="CAPTURE...")
@click.option("--contract", "contract_path", metavar="FILE", help="OpenAPI description of the API (YAML or JSON).")
@click.option(
    "--client",
    "clients",
    multiple=True,
    metavar="PATH",
    help="Client code or app package (APK, IPA, JavaScript, sources); may be given again.",
)
@click.option(
    "--endpoint",
    "templates",
    multiple=True,
    metavar="TEMPLATE",
    help="A path template that traffic alone tells wrongly, as /users/{username}; may be given again.",
)
@click.option("--baseline", "baseline_path", metavar="FILE", help="Findings accepted earlier; only new ones are reported.")
@click.option(
    "--config",
    "config_path",
    metavar="FILE",
    help="stanch.toml with justifications and path templates (default: ./stanch.toml where it exists).",
)
@click.option(
    "--format",
    "fmt",
    type=click.Choice(["table", "json", "sarif", "html", "md"]),
    default="table",
    show_default=True,
    help="Form of the report.",
)
@click.option("-o", "--output", metavar="FILE", help="Write to a file instead of standard output.")
@click.option(
    "--fail-on",
    type=click.Choice(["low", "medium", "high", "critical"]),
    help="Exit 1 when a finding is at least this severe.",
)
@click.option(
    "--jobs",
    type=click.IntRange(1, 256),
    default=1,
    show_default=True,
    help="Worker processes; the result is the same.",
)
@click.option(
    "--engine",
    type=click.Choice(ENGINES),
    default="auto",
    show_default=True,
    help="Native kernel or reference in Python; the result is the same.",
)
@click.option("--quiet", is_flag=True, help="No progress.")
def command(
    captures: tuple[str, ...], contract_path: str | None, clients: tuple[str, ...], templates: tuple[str, ...], baseline_path: str | None, config_path: str | None,
    fmt: Format, output: str | None, fail_on: str | None, jobs: int, *, engine: Engine, quiet: bool,
) -> None:  # fmt: skip
    """Find what captures of API traffic give away: whose personal data, to whom, and what of it is too much.

    CAPTURE is a HAR file, mitmproxy flows, a Burp XML export, NDJSON or Parquet of exchanges, a folder of these, or - for NDJSON on standard input.
    """
    contract = read_contract(contract_path)
    baseline = load_baseline(read_bytes(baseline_path), name=baseline_path) if baseline_path else Baseline()
    settings, settings_name = config(config_path)
    justifications = load_justifications(settings, settings_name)
    given = (*checked(templates, where="--endpoint"), *load_templates(settings, name=settings_name))
    names = client_names(clients)
    where = sources(list(captures))
    summary = with_progress(where, jobs, quiet=quiet, engine=engine)
    if summary.n_exchanges == 0:
        raise InputError(
            "no exchange could be read",
            where=", ".join(source.name for source in where),
            hint="is it a capture of API traffic?",
        )
    report = apply_baseline(
        build(summary, contract=contract, client_fields=names, templates=given), baseline, justifications, today=datetime.now(UTC).date()
    )
    deliver(report, fmt, output)
    sys.exit(1 if fail_on and at_or_above(report, fail_on) else 0)


def read_contract(path: str | None) -> Contract | None:
    return load_contract(read_bytes(path), name=path) if path else None


def read_bytes(path: str) -> bytes:
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise InputError(f"can't be read: {error.strerror}", where=path, hint="check the path and its permissions") from error


def config(path: str | None) -> tuple[bytes, str]:
    if path:
        return read_bytes(path), path
    return (read_bytes("stanch.toml"), "stanch.toml") if Path("stanch.toml").is_file() else (b"", "stanch.toml")


def with_progress(where: list[Source], jobs: int, *, quiet: bool, engine: Engine = "auto") -> TrafficSummary:
    what = f"scanning {len(where)} capture{'s' if len(where) != 1 else ''}"
    with progress(what, sum(source.n_bytes for source in where), quiet=quiet) as advance:
        return scan(where, jobs=jobs, progress=advance, engine=engine)


def report_of(paths: list[str], *, contract: Contract | None = None, engine: Engine = "auto") -> Report:
    """Scan without ceremony, for other commands."""
    return build(scan(sources(paths), engine=engine), contract=contract)
