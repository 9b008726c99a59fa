"""``stanch law``: rules, clocks and who must be told what by when."""

import sys
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from typing import Any, get_args
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import click
import msgspec
from rich.console import Console

from stanch.cli.law_text import show_matrix, show_rule, show_rules
from stanch.cli.output import write_whole
from stanch.cli.scan import read_bytes
from stanch.engines.law import read_sources, rules_pack
from stanch.engines.law_case import Leak, groups_of, leak_of
from stanch.errors import InputError
from stanch.finding.render.json import parse_report
from stanch.law.case import Case
from stanch.law.clock import Entity
from stanch.law.diff import diff
from stanch.law.export import matrix_dict, matrix_markdown
from stanch.law.ics import calendar_file
from stanch.law.lint import lint
from stanch.law.matrix import Matrix, decide
from stanch.law.pack import load_pack
from stanch.law.rule import Anchor
from stanch.law.wall import Tick, wall

RULES = click.option(
    "--rules", "own", multiple=True, metavar="FILE", help="Your own rules file or folder on top: contract clocks, overrides with a reason."
)


@click.group("law", epilog="Example: stanch law simulate .demo/report.json --residents DE=5 --residents US-WA=3 --at aware=2026-11-24T16:20+01:00")
def command() -> None:
    """Show who must be told what by when. Decision support from rules as data, not legal advice: counsel decides."""


@command.command("lint", epilog="Example: stanch law lint --rules contracts.yaml")
@RULES
@click.option("--today", metavar="DATE", help="Day on which reviews must be in date (default: today).")
def lint_command(own: tuple[str, ...], today: str | None) -> None:
    """Check rules: schema, words, calendars, vectors, reviews in date."""
    day = (_instant("--today", f"{today}T12:00+00:00") if today else datetime.now(UTC)).date()
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
@click.argument("report_path", metavar="REPORT")
@click.option(
    "--residents",
    "residents",
    multiple=True,
    metavar="PLACE=N",
    help="How many of the people live where: DE=5, US-WA=3. The rest counts as not known.",
)
@click.option("--people", type=click.IntRange(min=1), metavar="N", help="People affected, where more are known than the report shows.")
@click.option("--at", "anchors", multiple=True, metavar="EVENT=TIME", help="When an event was: aware=2026-11-24T16:20+01:00. May be given again.")
@click.option(
    "--role", type=click.Choice(["controller", "processor", "both", "unknown"]), default="controller", show_default=True, help="Yours for this data."
)
@click.option(
    "--harm",
    type=click.Choice(["none", "risk", "serious", "high", "unknown"]),
    default="unknown",
    show_default=True,
    help="The assessed harm to people.",
)
@click.option(
    "--encrypted",
    type=click.Choice(["yes", "no", "key_too", "unknown"]),
    default="no",
    show_default=True,
    help="Whether receivers got it unreadable.",
)
@click.option("--is", "facts", multiple=True, metavar="FACT=yes|no", help="What you are, or an answer that a rule asks for: hipaa_covered=no.")
@click.option("--zone", default="", metavar="ZONE", help="Time zone of your seat: Europe/Berlin.")
@click.option("--calendar", default="none", metavar="CODE", help="Whose public holidays your seat keeps: DE, US-IA.")
@click.option(
    "--kind", "kinds", multiple=True, metavar="KIND", help="Kind of entity that a rule counts differently for: small_agent, dora_noon_entity."
)
@click.option("--now", metavar="TIME", help="As of when (default: now).")
@click.option("--all", "everything", is_flag=True, help="Also list the rules that do not apply, with the reason.")
@click.option("--format", "fmt", type=click.Choice(["table", "json", "md", "ics"]), default="table", show_default=True, help="How to print.")
@click.option("--output", "-o", metavar="FILE", help="Write to a file, whole or not at all.")
@RULES
def simulate_command(report_path: str, *, everything: bool, **options: Any) -> None:  # noqa: ANN401 -- click gives options by name
    """Hold the rules against what a report shows: the clock wall, what applies, what does not, and which fact is missing.

    REPORT is a JSON report of ``stanch scan``.
    """
    leak = leak_of(parse_report(read_bytes(report_path), name=report_path))
    if not leak.datatypes:
        raise InputError("shows no excessive data that anyone received", where=report_path, hint="nothing to notify from this report")
    now = _instant("--now", options["now"]) if options["now"] else datetime.now(UTC)
    matrix = decide(rules_pack(options["own"]), case_of(replace(leak, n_people=options["people"] or leak.n_people), options, now))
    _deliver(leak, matrix, wall(matrix, now=now), now, options, everything=everything)


def case_of(leak: Leak, options: Mapping[str, Any], now: datetime) -> Case:
    facts = {key: _yes("--is", value) for key, value in _pairs("--is", options["facts"]).items()}
    return Case(
        groups=groups_of(leak, {place: _number("--residents", n) for place, n in _pairs("--residents", options["residents"]).items()}),
        as_of=now,
        anchors={_anchor(name): _instant("--at", at) for name, at in _pairs("--at", options["anchors"]).items()},
        role=options["role"],
        harm=options["harm"],
        encrypted=options["encrypted"],
        sectors=facts,
        answers=facts,
        entity=Entity(zone=_zone(options["zone"]), calendar=_calendar(options["calendar"]), kinds=options["kinds"]),
    )


def _deliver(leak: Leak, matrix: Matrix, ticks: tuple[Tick, ...], now: datetime, options: Mapping[str, Any], *, everything: bool) -> None:
    fmt, output = options["fmt"], options["output"]
    if fmt == "table" and output is None:
        show_matrix(leak, matrix, ticks, Console(highlight=False), everything=everything)
        return
    if fmt == "table":
        page = StringIO()
        show_matrix(leak, matrix, ticks, Console(file=page, highlight=False, no_color=True, width=120), everything=everything)
        text = page.getvalue()
    elif fmt == "json":
        text = msgspec.json.format(msgspec.json.encode(matrix_dict(matrix, ticks))).decode() + "\n"
    else:
        text = matrix_markdown(matrix, ticks) if fmt == "md" else calendar_file(ticks, now=now, case_name="incident")
    if output is None:
        sys.stdout.buffer.write(text.encode())
        return
    write_whole(Path(output), text.encode())


def _pairs(option: str, given: tuple[str, ...]) -> dict[str, str]:
    pairs = [text.partition("=") for text in given]
    if not all(name and value for name, _, value in pairs):
        raise InputError("must be NAME=VALUE", where=option)
    return {name.strip(): value.strip() for name, _, value in pairs}


def _number(option: str, text: str) -> int:
    if not text.isdecimal():
        raise InputError("the number of people must be a whole number", where=option)
    return int(text)


def _yes(option: str, text: str) -> bool:
    if text not in {"yes", "no"}:
        raise InputError("must be yes or no", where=option)
    return text == "yes"


def _anchor(name: str) -> Anchor:
    if name not in get_args(Anchor):
        raise InputError(f"no event is called '{name}'", where="--at", hint=f"one of {', '.join(get_args(Anchor))}")
    return name  # type: ignore[return-value]


def _instant(option: str, text: str) -> datetime:
    try:
        instant = datetime.fromisoformat(text)
    except ValueError as error:
        raise InputError("is not a time", where=option, hint="write 2026-11-24T16:20+01:00") from error
    if instant.tzinfo is None:
        raise InputError("needs a time zone", where=option, hint="write 2026-11-24T16:20+01:00, or Z for UTC")
    return instant


def _zone(name: str) -> str:
    try:
        ZoneInfo(name or "UTC")
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise InputError("no such time zone", where="--zone", hint="write Europe/Berlin") from error
    return name


def _calendar(code: str) -> str:
    from stanch.law.calendar import known_calendar  # noqa: PLC0415 -- loads the holidays only when asked for

    if not known_calendar(code):
        raise InputError("no such calendar", where="--calendar", hint="write DE or US-IA")
    return code
