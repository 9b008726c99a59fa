"""``stanch law``: rules, clocks and who must be told what by when."""

import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from typing import Any

import click
import msgspec
from rich.console import Console

from stanch.cli.law_case import RULES, Told, case_options, instant, told
from stanch.cli.law_draft import draft_command
from stanch.cli.law_send import approve_command, bounces_command, send_command, submitted_command
from stanch.cli.law_text import show_matrix, show_rule, show_rules
from stanch.cli.output import write_whole
from stanch.engines.law import read_sources, rules_pack
from stanch.errors import InputError
from stanch.law.diff import diff
from stanch.law.export import matrix_dict, matrix_markdown
from stanch.law.ics import calendar_file
from stanch.law.lint import lint
from stanch.law.pack import load_pack


@click.group("law", epilog="Example: stanch law simulate .demo/report.json --residents DE=5 --residents US-WA=3 --at aware=2026-11-24T16:20+01:00")
def command() -> None:
    """Show who must be told what by when. Decision support from rules as data, not legal advice: counsel decides."""


@command.command("lint", epilog="Example: stanch law lint --rules contracts.yaml")
@RULES
@click.option("--today", metavar="DATE", help="Day on which reviews must be in date (default: today).")
def lint_command(own: tuple[str, ...], today: str | None) -> None:
    """Check rules: schema, words, calendars, vectors, reviews in date."""
    day = (instant("--today", f"{today}T12:00+00:00") if today else datetime.now(UTC)).date()
    pack = rules_pack(own)
    problems = lint(pack, today=day)
    for problem in problems:
        click.echo(f"{problem.level}: {problem.rule_id} {problem.says}")
    n_vectors = sum(len(rule.vectors) for rule in pack.rules)
    n_errors = sum(problem.level == "error" for problem in problems)
    click.echo(
        f"{len(pack.rules)} rules of {len({r.jurisdiction for r in pack.rules})} jurisdictions, {n_vectors} vectors; {n_errors} errors", err=True
    )
    sys.exit(1 if n_errors else 0)


@command.command("show", epilog="Example: stanch law show eu-gdpr-33-authority")
@click.argument("rule_id", metavar="[RULE]", required=False)
@click.option("--place", metavar="CODE", help="Only rules of one jurisdiction: EU, US-CA.")
@RULES
def show_command(rule_id: str | None, place: str | None, own: tuple[str, ...]) -> None:
    """Show one rule in full, or list them."""
    pack = rules_pack(own)
    if rule_id:
        show_rule(pack.rule(rule_id), pack.override_of(rule_id), Console(highlight=False))
        return
    if place and place not in pack.names:
        raise InputError("no rules for this place", where=place, hint="stanch law show lists all")
    show_rules([rule for rule in pack.rules if not place or rule.jurisdiction == place], Console(highlight=False))


@command.command("diff", epilog="Example: stanch law diff old-rules/ new-rules/")
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="NEW", required=False)
def diff_command(old: str, new: str | None) -> None:
    """Say what changed between two sets of rules (files or folders); without NEW, against the packaged rules."""
    after = load_pack(read_sources(new)) if new else rules_pack()
    changes = diff(load_pack(read_sources(old)), after)
    for change in changes:
        click.echo(change.line)
    click.echo(f"{len(changes)} changes", err=True)


@command.command(
    "simulate", epilog="Example: stanch law simulate .demo/report.json --residents DE=5 --residents US-WA=3 --at aware=2026-11-24T16:20+01:00"
)
@click.argument("report_path", metavar="REPORT_OR_LEDGER")
@case_options
@click.option("--all", "everything", is_flag=True, help="Also list the rules that do not apply, with the reason.")
@click.option("--format", "fmt", type=click.Choice(["table", "json", "md", "ics"]), default="table", show_default=True, help="How to print.")
@click.option("--output", "-o", metavar="FILE", help="Write to a file, whole or not at all.")
def simulate_command(report_path: str, *, everything: bool, **options: Any) -> None:  # noqa: ANN401 -- click gives options by name
    """Hold the rules against what a report shows: the clock wall, what applies, what does not, and which fact is missing.

    A ledger knows who lost what together and where people live; a JSON report of ``stanch scan`` counts by field, and --residents says where people live.
    """
    _deliver(told(report_path, options), options, everything=everything)


def _deliver(case: Told, options: Mapping[str, Any], *, everything: bool) -> None:
    fmt, output = options["fmt"], options["output"]
    if fmt == "table" and output is None:
        show_matrix(case.leak, case.matrix, case.ticks, Console(highlight=False), everything=everything)
        return
    if fmt == "table":
        page = StringIO()
        show_matrix(case.leak, case.matrix, case.ticks, Console(file=page, highlight=False, no_color=True, width=120), everything=everything)
        text = page.getvalue()
    elif fmt == "json":
        text = msgspec.json.format(msgspec.json.encode(matrix_dict(case.matrix, case.ticks))).decode() + "\n"
    else:
        text = matrix_markdown(case.matrix, case.ticks) if fmt == "md" else calendar_file(case.ticks, now=case.now, case_name="incident")
    if output is None:
        sys.stdout.buffer.write(text.encode())
        return
    write_whole(Path(output), text.encode())


for each in (draft_command, approve_command, send_command, bounces_command, submitted_command):
    command.add_command(each)
