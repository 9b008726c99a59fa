"""``stanch law draft``: every document that a case needs, from its facts, linted."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import msgspec
from rich.console import Console
from rich.markup import escape

from stanch.cli.law_case import Told, case_options, told
from stanch.cli.output import write_whole
from stanch.cli.scan import read_bytes
from stanch.engines.law import library
from stanch.engines.law_documents import pdf, word
from stanch.errors import InputError
from stanch.law.document.compose import compose
from stanch.law.document.lint import Complaint, lint, sendable
from stanch.law.document.markdown import digest, markdown
from stanch.law.document.model import Document
from stanch.law.document.plan import Need, needs
from stanch.law.document.stage import KEY, stage
from stanch.law.fact import FactSheet, sheet_of, with_fact
from stanch.law.matrix import NOTICE
from stanch.law.remedy import remedies_text, remedy_facts
from stanch.law.sheet import clock_facts, matrix_facts, read_statements, sheet_dict, to_state

DRAFTS = "stanch.drafts/1"
FORMATS = ("md", "pdf", "docx")
_EXAMPLE = "stanch law draft .demo/report.json --statements statements.yaml --residents DE=9 --at aware=2026-11-24T16:20+01:00 --out notices"


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    need: Need
    document: Document
    complaints: tuple[Complaint, ...]

    @property
    def stem(self) -> str:
        return "-".join(part for part in (self.need.kind, self.need.place.lower(), self.need.language) if part)


@click.command("draft", epilog=f"Example: {_EXAMPLE}")
@click.argument("report_path", metavar="REPORT_OR_LEDGER")
@click.option("--statements", multiple=True, metavar="FILE", help="What people state, with who and when: names, contacts, measures.")
@click.option("--language", "languages", multiple=True, metavar="CODE", help="Languages of what people read: en, de, fr, es, pt (default: en).")
@click.option("--format", "formats", multiple=True, type=click.Choice(FORMATS), help="md (always written), pdf, docx; may be given again.")
@click.option("--out", required=True, metavar="DIR", help="Where the documents, the fact sheet and the index go.")
@case_options
def draft_command(report_path: str, out: str, **options: Any) -> None:  # noqa: ANN401 -- click gives options by name
    """Draft every document that the case needs: notices, letters, register, board page, statements.

    Documents hold facts only: queries on the evidence and what named people state. What is missing is named; nothing is sent.
    """
    for language in options["languages"]:
        if language not in library().words:
            raise InputError(f"no words for '{language}'", where="--language", hint=f"there are {', '.join(sorted(library().words))}")
    case = told(report_path, options)
    sheet = facts_of(case, options["statements"])
    drafts = drafted(case, sheet, options["languages"] or ("en",))
    folder = Path(out)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_whole(folder / "facts.json", msgspec.json.format(msgspec.json.encode(sheet_dict(sheet))))
    for draft in drafts:
        _write(draft, folder, options["formats"])
    missing = {key for draft in drafts for key in draft.document.missing}
    if missing:
        write_whole(folder / "to-state.yaml", to_state(missing, now=case.now).encode())
    write_whole(folder / "index.md", index(drafts).encode())
    write_whole(folder / "drafts.json", msgspec.json.format(msgspec.json.encode({"schema": DRAFTS, "drafts": [_entry(draft) for draft in drafts]})))
    _show(drafts, folder, Console(highlight=False))
    if missing:
        click.echo(f"What is missing can be stated in {folder / 'to-state.yaml'}; give it back with --statements.")
    for line in remedies_text(case.matrix):
        click.echo(line)


def facts_of(case: Told, statements: Sequence[str]) -> FactSheet:
    """Put the evidence, the matrix and people's statements on one sheet."""
    stated = [fact for path in statements for fact in read_statements(path, read_bytes(path))]
    source = f"{case.name} with the rules pack"
    evidence = [*case.leak.evidence, *matrix_facts(case.matrix, source=source), *clock_facts(case.ticks, source=source)]
    return sheet_of([*evidence, *remedy_facts(case.matrix), *stated])


def drafted(case: Told, sheet: FactSheet, languages: Sequence[str]) -> tuple[Draft, ...]:
    """Compose and lint every document that is needed."""
    books, found = library(), []
    for need in needs(case.matrix, books, languages):
        words = books.words[need.language]
        template = books.template(need.kind, need.language)
        document = compose(template, sheet, words, place=need.place)
        if KEY in document.used:
            submitted = "initial_report_submitted" in case.matrix.case.anchors
            document = compose(template, with_fact(sheet, stage(document, submitted=submitted)), words, place=need.place)
        found.append(Draft(need=need, document=document, complaints=lint(document, need.rules, words)))
    return tuple(found)


def _write(draft: Draft, folder: Path, formats: Iterable[str]) -> None:
    write_whole(folder / f"{draft.stem}.md", markdown(draft.document).encode())
    if "pdf" in formats:
        write_whole(folder / f"{draft.stem}.pdf", pdf([draft.document], paper="us-letter" if draft.need.kind.startswith("us-") else "a4"))
    if "docx" in formats:
        write_whole(folder / f"{draft.stem}.docx", word(draft.document))


def _entry(draft: Draft) -> dict[str, Any]:
    need = draft.need
    rules = [rule.id for rule in need.rules]
    return {"kind": need.kind, "language": need.language, "place": need.place, "rules": rules, "sha256": digest(draft.document)}


def index(drafts: Sequence[Draft]) -> str:
    """List the documents with their digests, what calls for them and what stands against sending."""
    lines = ["# Drafts", "", NOTICE, "", "| document | called for by | state | approve this text |", "|---|---|---|---|"]
    for draft in drafts:
        rules = ", ".join(rule.id for rule in draft.need.rules) or "people"
        lines.append(f"| [{draft.stem}]({draft.stem}.md) | {rules} | {state(draft)} | `{digest(draft.document)}` |")
    for draft in drafts:
        if draft.complaints:
            lines += ["", f"## {draft.stem}", "", *(f"- {complaint.level}: {complaint.says}" for complaint in draft.complaints)]
    return "\n".join([*lines, ""])


def state(draft: Draft) -> str:
    n_errors = sum(complaint.level == "error" for complaint in draft.complaints)
    if not sendable(draft.complaints):
        return f"{n_errors} to mend"
    return f"may go out, {len(draft.document.missing)} facts to follow" if draft.document.missing else "ready to approve"


def _show(drafts: Sequence[Draft], folder: Path, console: Console) -> None:
    for draft in drafts:
        style = "green" if sendable(draft.complaints) else "yellow"
        doubt = "" if draft.need.certain else " [dim](if it applies)[/]"
        console.print(f"[{style}]{state(draft):32}[/] {draft.stem}{doubt}")
    console.print()
    for says, stems in _by_complaint(drafts).items():
        console.print(f"  {escape(says)} [dim]({len(stems)} document{'s' if len(stems) > 1 else ''})[/]")
    console.print(f"\n{len(drafts)} drafts in {folder}, listed in {folder / 'index.md'}. {NOTICE}")


def _by_complaint(drafts: Sequence[Draft]) -> Mapping[str, list[str]]:
    found: dict[str, list[str]] = {}
    for draft in drafts:
        for complaint in draft.complaints:
            found.setdefault(f"{complaint.level}: {complaint.says}", []).append(draft.stem)
    return found
