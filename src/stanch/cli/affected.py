"""``stanch affected``: who received whose data, from a ledger or, within bounds, from a report."""

import sys
from datetime import UTC, datetime
from pathlib import Path

import click
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from stanch.cli.output import write_whole
from stanch.cli.scan import read_bytes
from stanch.engines.ledger.ask import open_ledger
from stanch.engines.ledger.export import render_parquet
from stanch.errors import InputError
from stanch.finding.render.json import parse_report
from stanch.ledger.answer import Affected, By, Question, Scope
from stanch.ledger.bounded import from_report
from stanch.ledger.render import gap_text, render_csv, render_json
from stanch.ledger.suppress import suppressed

BY = ["field", "datatype", "endpoint", "sensitivity", "jurisdiction", "recipient", "subject"]


@click.command("affected", epilog="Example: stanch affected ledger --by jurisdiction --since 2026-03-01")
@click.argument("source", metavar="REPORT_OR_LEDGER")
@click.option("--by", type=click.Choice(BY), default="field", show_default=True, help="What the lines of the answer are.")
@click.option("--scope", type=click.Choice(["excessive", "suspected", "all"]), default="excessive", show_default=True,
              help="Fields judged excessive; those and the undecided; every labelled field.")  # fmt: skip
@click.option("--since", metavar="TIME", help="From this time on (ISO 8601; UTC where no zone is given).")
@click.option("--until", metavar="TIME", help="Before this time.")
@click.option("--limit", type=click.IntRange(1), help="Show so many lines.")
@click.option(
    "--fewer-than", "k", metavar="K", type=click.IntRange(2), help="Hide groups of fewer than K people: counts for those without the right to more."
)
@click.option("--key", "key_path", metavar="FILE", help="The organisation's key file (default: LEDGER.key beside the ledger).")
@click.option(
    "--format", "fmt", type=click.Choice(["table", "json", "csv", "parquet"]), default="table", show_default=True, help="Form of the answer."
)
@click.option("-o", "--output", metavar="FILE", help="Write to a file instead of standard output.")
def command(
    source: str, by: By, scope: Scope, since: str | None, until: str | None, limit: int | None, k: int | None, key_path: str | None, fmt: str,
    output: str | None,
) -> None:  # fmt: skip
    """Say who is affected: whose data went to whom, how much of it, and from when to when.

    A ledger (see: stanch ledger build) gives exact numbers, or bounds with the reason; a JSON report gives bounds only.
    """
    question = Question(scope=scope, since=point(since, "--since"), until=point(until, "--until"))
    answer = ask(Path(source), by, question, limit, key_path)
    if k is not None:
        answer = suppressed(answer, k)
    deliver(answer, fmt, output)


def ask(source: Path, by: By, question: Question, limit: int | None, key_path: str | None) -> Affected:
    if source.is_dir():
        with open_ledger(source, Path(key_path) if key_path else None) as ledger:
            return ledger.affected(by, question, limit=limit)
    return from_report(parse_report(read_bytes(str(source)), name=str(source)), by, question)


def point(text: str | None, where: str) -> datetime | None:
    if text is None:
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise InputError("this is no time", where=where, hint="write it as 2026-03-20 or 2026-03-20T08:00:00Z") from None
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def deliver(answer: Affected, fmt: str, output: str | None) -> None:
    if fmt == "table" and output is None:
        show(answer, Console(soft_wrap=False))
        return
    data = render(answer, fmt)
    if output is not None:
        write_whole(Path(output), data)
        return
    if fmt == "parquet" and sys.stdout.isatty():
        raise InputError("Parquet is not for a terminal", where="--format", hint="give a file with -o")
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()


def render(answer: Affected, fmt: str) -> bytes:
    match fmt:
        case "json":
            return render_json(answer)
        case "csv":
            return render_csv(answer)
        case "parquet":
            return render_parquet(answer)
        case _:
            console = Console(width=120, no_color=True, record=True, quiet=True)
            show(answer, console)
            return console.export_text().encode()


def show(answer: Affected, console: Console) -> None:
    """Print the answer: the sum first, then the lines, then what can't be said."""
    scope = {"excessive": "too much of their data", "suspected": "data that is or may be too much", "all": "any labelled data"}[answer.question.scope]
    console.print(f"[bold]{answer.people}[/] people had {scope} sent to someone else; [bold]{answer.recipients}[/] recipients.", highlight=False)
    if answer.first_at and answer.last_at:
        console.print(f"First {answer.first_at:%Y-%m-%d %H:%M:%S}, last {answer.last_at:%Y-%m-%d %H:%M:%S} UTC.", highlight=False)
    if answer.groups:
        console.print(lines(answer))
    if answer.n_left_out:
        console.print(f"{answer.n_left_out:,} more lines; see --limit.", highlight=False)
    for note in answer.notes:
        console.print(f"[dim]note[/] {escape(note)}", highlight=False, soft_wrap=True)
    for gap in answer.gaps:
        console.print(f"[yellow]not known[/] {escape(gap_text(gap))}", highlight=False, soft_wrap=True)
    if not answer.groups and not answer.gaps and answer.people.exact:
        console.print("Everything retained was read, and nothing in scope was found.", highlight=False)


def lines(answer: Affected) -> Table:
    """Lay the groups out, names last where they have room; recipients by jurisdiction are not counted, so the column is left out there."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    narrow = answer.by == "jurisdiction"
    for name in ("people", *(() if narrow else ("recipients", "disclosures"))):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("last (UTC)" if any(group.last_at for group in answer.groups) else "", no_wrap=True)
    table.add_column(answer.by, overflow="fold")
    for group in answer.groups:
        last = f"{group.last_at:%m-%d %H:%M}" if group.last_at else ""
        cells = () if narrow else (str(group.recipients), f"{group.n_disclosures:,}")
        detail = f"  [dim]{escape(group.detail)}[/]" if group.detail else ""
        table.add_row(str(group.people), *cells, last, escape(group.name) + detail)
    return table
