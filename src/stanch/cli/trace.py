"""``stanch trace``: from findings to the lines that cause them."""

import os
import sys
from dataclasses import dataclass, replace
from pathlib import Path

import click
from rich.console import Console

from stanch.cli.output import write_whole
from stanch.cli.replay import read_all
from stanch.cli.scan import read_bytes
from stanch.engines.patch import apply
from stanch.engines.runtime import Recipe, look, recipe_of, wanted_of
from stanch.engines.source_tree import cache_folder, project_of, read_tree
from stanch.finding.render.json import parse_report
from stanch.finding.report import Report
from stanch.trace.attribute import models_by_name
from stanch.trace.fix.propose import propose
from stanch.trace.model import Trace
from stanch.trace.project import Project
from stanch.trace.render import json, markdown, sarif, table
from stanch.trace.render.sarif import RANK
from stanch.trace.run import Tracer, causes, sweep, trace
from stanch.trace.runtime import confirmed, linked


@click.command("trace", epilog="Example: stanch trace backend/ --report report.json --format md")
@click.argument("source_dir", metavar="SOURCE_DIR")
@click.option("--report", "report_path", metavar="FILE", help="JSON report of stanch scan; without one, risky serialisers are looked for.")
@click.option("--format", "fmt", type=click.Choice(["table", "json", "sarif", "md"]), default="table", show_default=True, help="Form of the result.")
@click.option("--app", metavar="MODULE:NAME", help="Look into the application too: module:app, module:factory(a=1) or django:settings.module.")
@click.option(
    "--capture",
    metavar="FILE",
    help="With --app: serve the evidence of this capture again, in the application's process, and note who reads what leaks.",
)
@click.option("--python", "python", metavar="PATH", help="The application's own interpreter (default: this one).")
@click.option(
    "--env", "variables", multiple=True, metavar="NAME=VALUE", help="A variable that the application needs; it gets no others. May be given again."
)
@click.option("--fail-on", type=click.Choice(["low", "medium", "high", "critical"]), help="Exit 1 when a finding or a risk is at least this severe.")
@click.option("--apply", "apply_fixes", is_flag=True, help="Write the safe fixes into SOURCE_DIR, which must be a clean git working tree.")
@click.option("-o", "--output", metavar="FILE", help="Write to a file instead of standard output.")
@click.option("--cache", metavar="DIR", help="Where the index of the source is kept (default: the user's cache folder).")
def command(
    source_dir: str, report_path: str | None, fmt: str, app: str | None, capture: str | None, python: str | None, variables: tuple[str, ...],
    fail_on: str | None, output: str | None, cache: str | None, *, apply_fixes: bool,
) -> None:  # fmt: skip
    """Trace a report's findings to their causes: route, handler, serialiser, model, each with file and line.

    Without --report, look for serialisers that would let out what nobody chose, as a check in CI. SOURCE_DIR holds the backend's source. What can't be followed is said with the place where the trail ends.
    """
    report = parse_report(read_bytes(report_path), name=report_path) if report_path else None
    project = project_of(read_tree(source_dir), cache_folder(cache))
    recipe = recipe_of(app, python, variables) if app else None
    found, files = mended(project, report, Run(source_dir, recipe, capture)) if report else (sweep(project), {})
    if apply_fixes:
        written = apply(Path(source_dir), files)
        click.echo(f"stanch: changed {', '.join(written)}" if written else "stanch: there is no safe fix to apply", err=True)
    deliver(found, fmt, output)
    sys.exit(1 if fail_on and reaches(found, fail_on) else 0)


@dataclass(frozen=True, slots=True)
class Run:
    """How to look into the running application, where the caller said how."""

    folder: str
    recipe: Recipe | None
    capture: str | None


def mended(project: Project, report: Report, run: Run) -> tuple[Trace, dict[str, str]]:
    """Trace a report and propose fixes; give the files that the safe ones change together."""
    tracer = Tracer.of(project)
    found = trace(project, report, tracer)
    if run.recipe is not None:
        found = as_it_runs(tracer, found, report, run, run.recipe)
    proposed = propose(tracer, found.causes, found.findings, report.findings)
    return replace(found, causes=proposed.causes), proposed.files


def as_it_runs(tracer: Tracer, found: Trace, report: Report, run: Run, recipe: Recipe) -> Trace:
    """Trace again on the application's own routes, and put first what was seen to read the leaking attributes."""
    exchanges = read_all(run.capture) if run.capture else []
    wanted = wanted_of(found, sorted({name.qualname for name in models_by_name(tracer.ev).values()})) if exchanges else []
    seen = look(run.folder, recipe, wanted=wanted, exchanges=exchanges, report=report)
    tracer.routes = tuple(dict.fromkeys((*linked(tracer.project, seen.routes), *tracer.routes)))
    again = trace(tracer.project, report, tracer)
    findings = tuple(confirmed(tracer.project, t, seen.reads) for t in again.findings)
    return replace(again, findings=findings, causes=tuple(replace(c, siblings=tracer.siblings(c, findings)) for c in causes(findings)))


def reaches(found: Trace, level: str) -> bool:
    """Tell whether anything is at least as severe as asked."""
    severities = [t.severity for t in found.findings] + [r.severity for r in found.risks]
    return any(RANK.index(s) >= RANK.index(level) for s in severities if s in RANK)


def deliver(found: Trace, fmt: str, output: str | None) -> None:
    if fmt == "table" and output is None:
        table.render_table(found, Console(soft_wrap=False))
        return
    data = render(found, fmt)
    if output is None:
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
        return
    write_whole(Path(output), data)


def render(found: Trace, fmt: str) -> bytes:
    match fmt:
        case "json":
            return json.render_json(found)
        case "sarif":
            return sarif.render_sarif(found)
        case "md":
            return markdown.render_markdown(found).encode()
    with Path(os.devnull).open("w") as nowhere:
        console = Console(width=120, no_color=True, record=True, file=nowhere)
        table.render_table(found, console)
        return console.export_text().encode()
