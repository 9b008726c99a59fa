"""The terminal: one flaw a block, most severe first."""

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from stanch.finding.report import Finding, Report

WIDE = 110
"""Columns from which kinds of data and fingerprints fit beside the paths."""
COLOURS = {"critical": "bold white on red", "high": "bold red", "medium": "yellow", "low": "cyan"}


def render_table(report: Report, console: Console) -> None:
    """Print the findings by endpoint, then the counts."""
    excessive = [f for f in report.findings if f.verdict == "excessive"]
    unknown = [f for f in report.findings if f.verdict == "unknown"]
    for endpoint in dict.fromkeys(f.endpoint for f in excessive):
        block(endpoint, [f for f in excessive if f.endpoint == endpoint], console)
    if unknown:
        console.print(f"[bold]{len(unknown)} could not be decided[/] (more people, a contract or a client would tell):")
        for f in unknown:
            console.print(
                f"  {escape(f.endpoint)}  {escape(f.path)}  {f.datatype}  {f.confidence:.2f}",
                highlight=False,
                soft_wrap=True,
            )
        console.print()
    console.print(summary(report, len(excessive), len(unknown)), highlight=False, soft_wrap=True)


def block(endpoint: str, findings: list[Finding], console: Console) -> None:
    console.print(f"[bold]{escape(endpoint)}[/]", highlight=False, soft_wrap=True)
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    wide = console.width >= WIDE
    for name in ("", "sure", "people", "receivers", "field", *(("what", "fingerprint") if wide else ())):
        table.add_column(name, justify="right" if name in {"sure", "people", "receivers"} else "left", overflow="fold", no_wrap=name != "field")
    for f in findings:
        cells = [f"[{COLOURS[f.severity]}] {f.severity} [/]", f"{100 * f.confidence:.0f} %", str(f.n_subjects), str(f.n_recipients), escape(f.path)]
        table.add_row(*cells, *((f.datatype, f.fingerprint[:8]) if wide else ()))
    console.print(table)
    for reason in findings[0].reasons[:3]:
        console.print(f"  [dim]because[/] {escape(reason.says)}", highlight=False, soft_wrap=True)
    console.print()


def summary(report: Report, n_excessive: int, n_unknown: int) -> str:
    capture = report.capture
    text = f"{n_excessive} excessive, {n_unknown} undecided, in {len(report.fields)} fields of personal data; {capture.n_exchanges} exchanges, {len(report.endpoints)} endpoints"
    if capture.n_undecodable:
        text += f"; {capture.n_undecodable} could not be decoded"
    if report.justified:
        text += f"; {len(report.justified)} accepted"
    if report.unneeded_justifications:
        text += f"; justifications that cover nothing: {escape(', '.join(report.unneeded_justifications))}"
    return text
