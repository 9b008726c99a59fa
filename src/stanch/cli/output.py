"""Where results go: standard output, or a file that is never left half-written."""

import os
import sys
import tempfile
from pathlib import Path

from rich.console import Console

from stanch.errors import InputError
from stanch.finding.render import html, json, markdown, sarif, table
from stanch.finding.report import Report


def deliver(report: Report, fmt: str, output: str | None) -> None:
    """Render a report and put it where the caller asked."""
    if output is not None:
        write_whole(Path(output), render(report, fmt))
        return
    try:
        print_report(report, fmt)
    except BrokenPipeError:
        # the reader has seen enough; what the exit code says of the findings still stands
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def print_report(report: Report, fmt: str) -> None:
    if fmt == "table":
        table.render_table(report, Console(soft_wrap=False))
    else:
        sys.stdout.buffer.write(render(report, fmt))
    sys.stdout.flush()


def render(report: Report, fmt: str) -> bytes:
    match fmt:
        case "json":
            return json.render_json(report)
        case "sarif":
            return sarif.render_sarif(report)
        case "html":
            return html.render_html(report).encode()
        case "md":
            return markdown.render_markdown(report).encode()
        case _:
            console = Console(width=100, no_color=True, record=True, file=open(os.devnull, "w"))  # noqa: SIM115, PTH123
            table.render_table(report, console)
            return console.export_text().encode()


def write_whole(path: Path, data: bytes) -> None:
    """Write next to the target and move it there, so that a reader sees all or nothing."""
    try:
        with tempfile.NamedTemporaryFile(dir=path.parent or Path(), prefix=f".{path.name}.", delete=False) as temporary:
            temporary.write(data)
        Path(temporary.name).chmod(0o600)
        Path(temporary.name).replace(path)
    except OSError as error:
        raise InputError(f"can't be written: {error.strerror}", where=str(path), hint="check the folder and its permissions") from error
