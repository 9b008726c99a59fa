"""``stanch explain``: why a finding was judged as it was."""

import click

from stanch.cli.scan import read_bytes
from stanch.finding.explain import explain
from stanch.finding.render.json import parse_report


@click.command("explain", epilog="Example: stanch explain report.json 3fa91c0d")
@click.argument("report_path", metavar="REPORT")
@click.argument("fingerprint")
def command(report_path: str, fingerprint: str) -> None:
    """Show every signal behind a finding with its weight, the counter-evidence, and what would flip the verdict.

    REPORT is a JSON report of ``stanch scan``; FINGERPRINT may be shortened as long as it names one finding.
    """
    click.echo(explain(parse_report(read_bytes(report_path), name=report_path), fingerprint))
