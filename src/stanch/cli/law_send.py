"""``stanch law approve | send | bounces | submitted``: from approved drafts to the people, once each."""

import hashlib
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import click
import msgspec

from stanch.cli.law_draft import DRAFTS
from stanch.cli.output import write_whole
from stanch.cli.scan import read_bytes
from stanch.engines.law import library, packaged
from stanch.engines.law_documents import pdf
from stanch.engines.law_mail import Done, Relay, send
from stanch.engines.law_outbox import Outbox
from stanch.engines.law_people import people
from stanch.errors import InputError
from stanch.law.bounce import read_bounce
from stanch.law.delivery import require_clear, route
from stanch.law.document.approval import OTHERS, Approval, standing
from stanch.law.document.compose import compose
from stanch.law.document.lint import lint
from stanch.law.document.markdown import digest
from stanch.law.document.merge import Recipient, merged
from stanch.law.document.model import Document
from stanch.law.document.template import Words
from stanch.law.sheet import read_sheet

BATCH_OF_LETTERS = 500


class _Entry(msgspec.Struct, kw_only=True):
    kind: str
    language: str
    place: str
    rules: list[str]
    sha256: str

    @property
    def stem(self) -> str:
        return "-".join(part for part in (self.kind, self.place.lower(), self.language) if part)


class _Drafts(msgspec.Struct, kw_only=True):
    schema: str
    drafts: list[_Entry]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ready:
    """A drafted document, composed anew from the facts beside it."""

    entry: _Entry
    document: Document
    words: Words


NOTICES = click.argument("folder", metavar="NOTICES")
DOCUMENT = click.option(
    "--document", "stem", required=True, metavar="NAME", help="Which: gdpr-34-letter for all its languages, or gdpr-34-letter-de for one."
)


def ready(folder: str, stem: str) -> tuple[_Ready, ...]:
    """Compose the named drafts from the fact sheet beside them.

    Raises: InputError where facts or templates have changed since the draft: what was read is no longer what would go out.
    """
    base = Path(folder)
    try:
        listed = msgspec.json.decode(read_bytes(str(base / "drafts.json")), type=_Drafts)
    except msgspec.MsgspecError as error:
        raise InputError("is not a list of drafts", where=str(base / "drafts.json"), hint="stanch law draft writes it") from error
    if listed.schema != DRAFTS:
        raise InputError(f"'schema' must be {DRAFTS}", where=str(base / "drafts.json"))
    chosen = [entry for entry in listed.drafts if stem in {entry.stem, entry.stem.removesuffix(f"-{entry.language}")}]
    if not chosen:
        raise InputError(f"no draft is called '{stem}'", where=folder, hint=f"there are {', '.join(entry.stem for entry in listed.drafts)}")
    return tuple(_composed(base, entry) for entry in chosen)


def _composed(base: Path, entry: _Entry) -> _Ready:
    sheet = read_sheet(str(base / "facts.json"), read_bytes(str(base / "facts.json")))
    words = library().words[entry.language]
    document = compose(library().template(entry.kind, entry.language), sheet, words, place=entry.place)
    if digest(document) != entry.sha256:
        raise InputError("the facts have changed since it was drafted", where=entry.stem, hint="draft anew and have it approved again")
    return _Ready(entry=entry, document=document, words=words)


@click.command("approve", epilog="Example: stanch law approve notices --document gdpr-34-letter --by Carol --role privacy_officer")
@NOTICES
@DOCUMENT
@click.option("--by", required=True, metavar="NAME", help="Who approves; the console signs people in, this command takes the name as given.")
@click.option("--role", required=True, type=click.Choice(sorted(OTHERS)), help="In which role.")
def approve_command(folder: str, stem: str, by: str, role: str) -> None:
    """Approve the exact text of a draft. Two people must, and none who wrote it."""
    outbox = Outbox(Path(folder) / "outbox.db")
    for each in ready(folder, stem):
        outbox.approve(Approval(sha256=digest(each.document), by=by, role=role, at=datetime.now(UTC)))
        click.echo(f"{each.entry.stem}: approved by {by} ({role}), text {digest(each.document)[:16]}…")


@click.command(
    "send",
    epilog="Example: stanch law send notices --document gdpr-34-letter --people people.csv --relay localhost:25 --from privacy@example.org --drafted-by Ann",
)
@NOTICES
@DOCUMENT
@click.option(
    "--people",
    "store",
    required=True,
    metavar="FILE",
    help="The user store's people, CSV or NDJSON: reference, name, email, address, language, data_types.",
)
@click.option("--drafted-by", required=True, metavar="NAME", help="Who wrote it; that person's approval does not count.")
@click.option("--relay", metavar="HOST:PORT", help="The mail relay. Without it, says what would happen and sends nothing.")
@click.option("--from", "sender", metavar="ADDRESS", help="The sender's address; bounces come back to its domain.")
@click.option("--rate", type=click.FloatRange(min=0.1), default=20.0, show_default=True, help="Messages a second to one receiving domain.")
@click.option(
    "--unclear",
    type=click.Choice(["resend", "hold"]),
    default="resend",
    show_default=True,
    help="What a crash left unclear: resend with the same Message-ID, or hold.",
)
@click.option("--tls/--no-tls", default=False, help="STARTTLS with the relay.")
def send_command(
    folder: str, stem: str, store: str, drafted_by: str, *, relay: str | None, sender: str | None, rate: float, unclear: str, tls: bool
) -> None:
    """Send an approved document to the people of the store, each once; run it again to go on after a crash.

    Names and addresses are merged at this last step. Who must be told by letter goes into print batches in NOTICES/print.
    """
    outbox = Outbox(Path(folder) / "outbox.db", durable=unclear == "hold")
    documents = {each.entry.language: each for each in ready(folder, stem)}
    for each in documents.values():
        rules = [packaged().rule(rule) for rule in each.entry.rules if rule in packaged().by_id]
        require_clear(each.document, standing(each.document, outbox.approvals(), drafted_by=drafted_by), lint(each.document, rules, each.words))
    if relay is None or sender is None:
        _plan(store)
        return
    batch = f"{stem} {hashlib.sha256(''.join(sorted(e.entry.sha256 for e in documents.values())).encode()).hexdigest()[:16]}"
    link = _relay(relay, sender, rate, tls=tls)
    done = send(outbox, batch, _messages(store, documents), link, unclear="hold" if unclear == "hold" else "resend")
    _print_batches(Path(folder) / "print", done, documents)
    _say(done, outbox.counts(batch))
    sys.exit(0 if not (done.n_deferred or done.n_held) else 1)


def _messages(store: str, documents: Mapping[str, _Ready]) -> Iterator[tuple[Recipient, Document, Words]]:
    fallback = documents.get("en") or next(iter(documents.values()))
    for person in people(store):
        chosen = documents.get(person.language, fallback)
        yield person, chosen.document, chosen.words


def _relay(relay: str, sender: str, rate: float, *, tls: bool) -> Relay:
    host, _, port = relay.rpartition(":")
    if not host or not port.isdecimal() or sender.count("@") != 1:
        raise InputError("needs --relay HOST:PORT and --from ADDRESS", hint="--relay localhost:25 --from privacy@example.org")
    return Relay(host=host, port=int(port), sender=sender, per_s=rate, tls=tls)


def _plan(store: str) -> None:
    ways: dict[str, int] = {}
    for person in people(store):
        way = " and ".join(route(person).channels)
        ways[way] = ways.get(way, 0) + 1
    for way, n in sorted(ways.items()):
        click.echo(f"{n} by {way}")
    click.echo("Nothing was sent: name --relay and --from to send.")


def _print_batches(folder: Path, done: Done, documents: Mapping[str, _Ready]) -> None:
    fallback = documents.get("en") or next(iter(documents.values()))
    letters = [person for person in done.other_way if "letter" in route(person).channels]
    for start in range(0, len(letters), BATCH_OF_LETTERS):
        folder.mkdir(mode=0o700, exist_ok=True)
        chosen = [(person, documents.get(person.language, fallback)) for person in letters[start : start + BATCH_OF_LETTERS]]
        write_whole(
            folder / f"letters-{start // BATCH_OF_LETTERS + 1:04}.pdf", pdf([merged(each.document, person, each.words) for person, each in chosen])
        )


def _say(done: Done, counts: Mapping[str, int]) -> None:
    click.echo(f"{done.n_sent} sent, {done.n_before} settled before, {done.n_bounced} bounced, {done.n_deferred} put off, {done.n_held} held")
    if done.n_recovered:
        click.echo(f"{done.n_recovered} were unclear after a crash")
    letters = sum("letter" in route(person).channels for person in done.other_way)
    if done.other_way:
        click.echo(
            f"{letters} letters in print batches; {len(done.other_way) - letters} people have neither a safe mailbox nor an address: tell them at sign-in"
        )
    click.echo("in all: " + ", ".join(f"{n} {state}" for state, n in counts.items()))


@click.command("bounces", epilog="Example: stanch law bounces notices returned/*.eml")
@NOTICES
@click.argument("files", metavar="MESSAGE...", nargs=-1, required=True)
def bounces_command(folder: str, files: tuple[str, ...]) -> None:
    """Read returned messages and mark whom a notice did not reach."""
    outbox, n = Outbox(Path(folder) / "outbox.db"), 0
    for path in files:
        bounce = read_bounce(read_bytes(path))
        entry = outbox.entry(bounce.message_key) if bounce and bounce.permanent else None
        if entry is not None and entry.state in {"sent", "unclear"}:
            outbox.move(entry.key, "bounce", datetime.now(UTC), code=550)
            n += 1
    click.echo(f"{n} of {len(files)} are permanent bounces of ours")


@click.command(
    "submitted", epilog="Example: stanch law submitted notices --rule eu-gdpr-33-authority --reference DSB-2026-17 --proof receipt.pdf --by Carol"
)
@NOTICES
@click.option("--rule", required=True, metavar="RULE", help="Whose notice it was.")
@click.option("--reference", required=True, metavar="NUMBER", help="The authority's reference number.")
@click.option("--proof", required=True, metavar="FILE", help="The receipt; its digest is kept.")
@click.option("--document", "stem", required=True, metavar="NAME", help="Which draft was submitted.")
@click.option("--by", required=True, metavar="NAME", help="Who submitted it.")
def submitted_command(folder: str, rule: str, reference: str, proof: str, stem: str, by: str) -> None:
    """Record that a regulator was told: which text, reference number and proof."""
    packaged().rule(rule)
    outbox = Outbox(Path(folder) / "outbox.db")
    for each in ready(folder, stem):
        receipt = hashlib.sha256(read_bytes(proof)).hexdigest()
        outbox.submitted(rule=rule, sha256=digest(each.document), reference=reference, proof_sha256=receipt, at=datetime.now(UTC), by=by)
        click.echo(f"{rule}: {each.entry.stem} submitted by {by}, reference {reference}")
