"""Questions of ``stanch ledger`` that are about one: a person, a session, an endpoint, two stretches of time; and the last step to the letters."""

import csv
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Protocol, TextIO

import click
import orjson

from stanch.cli.affected import point
from stanch.cli.output import write_whole
from stanch.engines.ledger.ask import open_ledger
from stanch.engines.ledger.contact import for_each_contact
from stanch.engines.ledger.inquiry import Inquiry
from stanch.engines.ledger.userstore import CsvStore, HttpStore, SqliteStore, UserStore
from stanch.errors import InputError
from stanch.ledger.addressee import Addressee
from stanch.ledger.answer import Affected, Question, Scope
from stanch.ledger.page import render_page, sweep_text
from stanch.ledger.picture import exposure, jurisdictions, kinds, recipients
from stanch.ledger.render import lookout_dict, record_dict, surplus_dict, sweep_dict
from stanch.personal import Personal

SCOPE = click.option(
    "--scope", type=click.Choice(["excessive", "suspected", "all"]), default="excessive", show_default=True, help="Which fields count."
)
SINCE = click.option("--since", metavar="TIME", help="From this time on (ISO 8601).")
UNTIL = click.option("--until", metavar="TIME", help="Before this time.")
KEY = click.option("--key", "key_path", metavar="FILE", help="The organisation's key file (default: LEDGER.key beside the ledger).")
ROOT = click.argument("root", metavar="LEDGER")


def question(scope: Scope, since: str | None, until: str | None) -> Question:
    return Question(scope=scope, since=point(since, "--since"), until=point(until, "--until"))


def key_of(key_path: str | None) -> Path | None:
    return Path(key_path) if key_path else None


def out(lines: list[dict[str, object]]) -> None:
    """Write one JSON object a line."""
    for line in lines:
        click.echo(orjson.dumps(line))


@click.command("sweeps", epilog="Example: stanch ledger sweeps ledger --since 2026-03-01")
@ROOT
@SCOPE
@SINCE
@UNTIL
@KEY
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
def sweeps_command(root: str, scope: Scope, since: str | None, until: str | None, key_path: str | None, *, as_json: bool) -> None:
    """Show who walked through an endpoint: numbers in sequence, rate, breadth; sessions stitched over credentials and addresses."""
    with open_ledger(Path(root), key_of(key_path)) as ledger:
        found = Inquiry(ledger).sweeps(question(scope, since, until))
    if as_json:
        out([sweep_dict(sweep) for sweep in found])
        return
    for sweep in found:
        click.echo(sweep_text(sweep))
    if not found:
        click.echo("No session stands out in what was read.", err=True)


@click.command("coverage", epilog="Example: stanch ledger coverage ledger --since 2026-03-01 --until 2026-04-01")
@ROOT
@SINCE
@UNTIL
@KEY
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
def coverage_command(root: str, since: str | None, until: str | None, key_path: str | None, *, as_json: bool) -> None:
    """Show what was looked at, endpoint by endpoint: of which of them 'no evidence' may be said."""
    with open_ledger(Path(root), key_of(key_path)) as ledger:
        found = Inquiry(ledger).looked(question("all", since, until))
    if as_json:
        out([lookout_dict(item) for item in found])
        return
    for item in found:
        can = "may be said" if item.may_say_none else f"can't be said: {item.n_unread:,} responses unread, {item.n_silent_hours:,} hours not retained"
        click.echo(f"{item.n_exchanges:>10,}  {item.endpoint}  'no evidence' {can}")


@click.command("surplus", epilog="Example: stanch ledger surplus ledger --limit 20")
@ROOT
@SCOPE
@SINCE
@UNTIL
@KEY
@click.option("--limit", type=click.IntRange(1), default=100, show_default=True, help="Show so many lines.")
def surplus_command(root: str, scope: Scope, since: str | None, until: str | None, key_path: str | None, limit: int) -> None:
    """Show, as JSON lines, what the application would have shown to each recipient, against what it was sent."""
    with open_ledger(Path(root), key_of(key_path)) as ledger:
        out([surplus_dict(item) for item in Inquiry(ledger).surplus(question(scope, since, until), limit=limit)])


@click.command("compare", epilog="Example: stanch ledger compare ledger --at 2026-03-20T08:10:00Z")
@ROOT
@click.option("--at", "at", required=True, metavar="TIME", help="Compare what was before with what came from then on.")
@SCOPE
@KEY
def compare_command(root: str, at: str, scope: Scope, key_path: str | None) -> None:
    """Say what changed at a time, such as when a fix went live."""
    middle = point(at, "--at")
    with open_ledger(Path(root), key_of(key_path)) as ledger:
        delta = Inquiry(ledger).delta(Question(scope=scope, until=middle), Question(scope=scope, since=middle))
    click.echo(f"{delta.people_gone:,} people exposed before only, {delta.people_again:,} before and after, {delta.people_new:,} after only")
    for name in delta.groups_gone:
        click.echo(f"no more  {name}")
    for name in delta.groups_new:
        click.echo(f"new      {name}")
    for note in delta.notes:
        click.echo(f"note {note}", err=True)


@click.command("person", epilog="Example: echo email=ann@example.org | stanch ledger person ledger")
@ROOT
@click.option("--subject", metavar="PSEUDONYM", help="As stanch affected --by subject writes it; else KIND=VALUE is read from standard input.")
@KEY
def person_command(root: str, subject: str | None, key_path: str | None) -> None:
    """Write, as JSON, everything that the ledger has of one person, for their request of access.

    The person's e-mail, username, phone or uid is read from standard input (email=…), so that it stands in no list of processes and no shell's history.
    """
    with open_ledger(Path(root), key_of(key_path)) as ledger:
        asked = Inquiry(ledger)
        found = subject or asked.find(*identifier(sys.stdin))
        if found is None:
            raise InputError("the ledger has nothing of this person", where="standard input", hint="try another of their identifiers")
        out([record_dict(asked.person(found, Question(scope="all")))])


def identifier(stream: TextIO) -> tuple[str, Personal[str]]:
    kind, given, value = stream.readline().strip().partition("=")
    if not given or not value:
        raise InputError("no identifier was given", where="standard input", hint="write KIND=VALUE, such as email=…")
    return kind, Personal(value)


STEPS = {"minute": timedelta(minutes=1), "hour": timedelta(hours=1), "day": timedelta(days=1)}


def fitting(answer: Affected) -> str:
    """Choose the step at which a stretch of time has neither one bar nor thousands."""
    if answer.first_at is None or answer.last_at is None:
        return "hour"
    span = answer.last_at - answer.first_at
    return "minute" if span < timedelta(hours=3) else "hour" if span < timedelta(days=10) else "day"


@click.command("page", epilog="Example: stanch ledger page ledger -o affected.html")
@ROOT
@SCOPE
@SINCE
@UNTIL
@KEY
@click.option("--step", type=click.Choice(["minute", "hour", "day"]), help="Step of the picture over time (default: by the length of time).")
@click.option("-o", "--output", required=True, metavar="FILE", help="Where the page goes.")
def page_command(root: str, scope: Scope, since: str | None, until: str | None, key_path: str | None, step: str | None, output: str) -> None:
    """Write the answers and their pictures as one page."""
    asked = question(scope, since, until)
    with open_ledger(Path(root), key_of(key_path)) as ledger:
        whole, who, where = (ledger.affected(by, asked) for by in ("datatype", "recipient", "jurisdiction"))
        chosen = step or fitting(whole)
        drawn = {
            "People exposed over time": exposure(ledger.timeline(asked, chosen), STEPS[chosen], whole.gaps),
            "Kinds of data, by people": kinds(whole.groups),
            "Recipients, by people whose data they received": recipients(who.groups),
            "Where the people live": jurisdictions(where.groups),
        }
        page = render_page(whole, drawn, who, Inquiry(ledger).sweeps(asked))
    write_whole(Path(output), page.encode())


@click.command("contacts", epilog="Example: stanch ledger contacts ledger --users users.csv --id email=email --id uid=id -o letters.csv")
@ROOT
@click.option("--users", required=True, metavar="FILE|URL", help="Your user store: CSV, SQLite (with --query), or JSON lines over HTTP.")
@click.option("--query", metavar="SQL", help="For SQLite: the SELECT that gives every user.")
@click.option("--allow-host", "hosts", multiple=True, metavar="HOST", help="Host that may be asked over https; loopback always may.")
@click.option(
    "--id", "ids", multiple=True, required=True, metavar="KIND=COLUMN", help="Column that identifies a user: email, username, phone or uid."
)
@click.option("-o", "--output", required=True, metavar="FILE", help="The mail merge's table (CSV), readable by its owner alone; it holds contacts.")
@SCOPE
@SINCE
@UNTIL
@KEY
def contacts_command(
    root: str, users: str, query: str | None, hosts: tuple[str, ...], ids: tuple[str, ...], output: str, scope: Scope, since: str | None,
    until: str | None, key_path: str | None,
) -> None:  # fmt: skip
    """Write the mail merge's table: the people affected as your own user store knows them, with what of theirs was given away.

    The one place where pseudonyms become people. The table is yours to delete once the letters are out.
    """
    with open_ledger(Path(root), key_of(key_path)) as ledger, private_file(Path(output)) as stream:
        writer = csv.writer(stream, lineterminator="\r\n")
        columns: list[str] = []
        done = for_each_contact(
            ledger, question(scope, since, until), store_of(users, query, hosts), columns_of(ids), lambda person: letter_row(writer, columns, person)
        )
    click.echo(f"{done.n_reached:,} of {done.n_affected:,} people affected are in the user store; {done.n_unknown:,} are not", err=True)


class Writer(Protocol):
    """What the csv module gives to write rows with."""

    def writerow(self, row: Iterable[object], /) -> object: ...


def letter_row(writer: Writer, columns: list[str], person: Addressee) -> None:
    """Write one person's line; the first one brings the header."""
    row = person.contact.reveal()
    if not columns:
        columns.extend(row)
        writer.writerow([*columns, "subject", "datatypes", "certain", "country", "state"])
    cells = [unformulated(row.get(name, "")) for name in columns]
    writer.writerow([*cells, person.subject, " ".join(person.datatypes), person.certain, person.country, person.state])


def unformulated(cell: str) -> str:
    """Keep a spreadsheet from running a cell; telephone numbers begin with a plus and stay as they are. Source: CWE-1236."""
    return f"'{cell}" if cell[:1] in {"=", "@", "\t", "\r"} else cell


@contextmanager
def private_file(path: Path) -> Iterator[TextIO]:
    """Open a new file that its owner alone may read; after a failure it is gone again."""
    try:
        stream = os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8", newline="")
    except FileExistsError:
        raise InputError("there is such a file already", where=str(path), hint="contacts are never written over something else") from None
    except OSError as error:
        raise InputError(f"can't be written: {error.strerror}", where=str(path)) from error
    done = False
    try:
        with stream:
            yield stream
        done = True
    finally:
        if not done:
            path.unlink()


def store_of(users: str, query: str | None, hosts: tuple[str, ...]) -> UserStore:
    if users.startswith(("http://", "https://")):
        return HttpStore(users, allowed=hosts)
    return SqliteStore(Path(users), query) if query else CsvStore(Path(users))


def columns_of(ids: tuple[str, ...]) -> dict[str, str]:
    pairs = [text.partition("=") for text in ids]
    if any(not equals or not column for _, equals, column in pairs):
        raise InputError("this is no kind and column", where="--id", hint="write email=COLUMN")
    return {kind: column for kind, _, column in pairs}


COMMANDS = (sweeps_command, coverage_command, surplus_command, compare_command, person_command, page_command, contacts_command)
