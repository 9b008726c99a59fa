"""``stanch trace``: from findings to the lines that cause them."""

import os
import sys
from dataclasses import replace
from pathlib import Path

import click
from rich.console import Console

from stanch.cli.output import write_whole
from stanch.cli.scan import read_bytes
from stanch.engines.patch import apply
from stanch.engines.source_tree import cache_folder, project_of, read_tree
from stanch.finding.render.json import parse_report
from stanch.finding.report import Report
from stanch.trace.fix.propose import propose
from stanch.trace.model import Trace
from stanch.trace.project import Project
from stanch.trace.render import json, markdown, sarif, table
from stanch.trace.render.sarif import RANK
from stanch.trace.run import Tracer, sweep, trace


@click.command("trace", epilog="Example: stanch trace backend/ --report report.json --format md")
@click.argument("source_dir", metavar="SOURCE_DIR")
@click.option("--report", "report_path", metavar="FILE", help="JSON report of stanch scan; without one, risky serialisers are looked for.")
@click.option("--format", "fmt", type=click.Choice(["table", "json", "sarif", "md"]), default="table", show_default=True, help="Form of the result.")
@click.option("--fail-on", type=click.Choice(["low", "medium", "high", "critical"]), help="Exit 1 when a finding or a risk is at least this severe.")
@click.option("--apply", "apply_fixes", is_flag=True, help="Write the safe fixes into SOURCE_DIR, which must be a clean git working tree.")
@click.option("-o", "--output", metavar="FILE", help="Write to a file instead of standard output.")
@click.option("--cache", metavar="DIR", help="Where the index of the source is kept (default: the user's cache folder).")
def command(
    source_dir: str, report_path: str | None, fmt: str, fail_on: str | None, output: str | None, cache: str | None, *, apply_fixes: bool
) -> None:
    """Trace a report's findings to their causes: route, handler, serialiser, model, each with file and line.

    Without --report, look for serialisers that would let out what nobody chose, as a check in CI. SOURCE_DIR holds the backend's source. What can't be followed is said with the place where the trail ends.
    """
    report = parse_report(read_bytes(report_path), name=report_path) if report_path else None
    project = project_of(read_tree(source_dir), cache_folder(cache))
    found, files = mended(project, report) if report else (sweep(project), {})
    if apply_fixes:
        written = apply(Path(source_dir), files)
        click.echo(f"stanch: changed {', '.join(written)}" if written else "stanch: there is no safe fix to apply", err=True)
    deliver(found, fmt, output)
    sys.exit(1 if fail_on and reaches(found, fail_on) else 0)


def mended(project: Project, report: Report) -> tuple[Trace, dict[str, str]]:
    """Trace a report and propose fixes; give the files that the safe ones change together."""
    tracer = Tracer.of(project)
    found = trace(project, report, tracer)
    proposed = propose(tracer, found.causes, found.findings, report.findings)
    return replace(found, causes=proposed.causes), proposed.files


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
