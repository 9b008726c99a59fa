"""The ledger's answers: the interface for the command line, the console and the law's decision matrix.

>>> with open_ledger(Path("ledger")) as ledger:
...     ledger.affected("jurisdiction", Question()).people
...     ledger.cohorts(Question())
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from stanch.engines.ledger.database import Connection, combos, fill, opened, rows_of, see
from stanch.engines.ledger.keys import default_key_path, load_keyring
from stanch.engines.ledger.store import Store, is_ledger, open_store
from stanch.errors import InputError
from stanch.ledger.answer import Affected, By, Cohort, Count, Group, Moment, Question
from stanch.ledger.batch import FileEntry, in_window
from stanch.ledger.coverage import HOUR_MS, Coverage, Gap, gaps
from stanch.ledger.disclosure import RecipientKind, milliseconds, moment, shown
from stanch.ledger.group import Combo, Grouping, Pattern, counts, grouping, members, total
from stanch.ledger.shape import Shape
from stanch.ledger.statement import people_patterns, ranking, recipient_patterns, responses_to_nobody, timeline, totals
from stanch.ledger.tally import Tally, notes

WHOLE = -1
"""Among tallies by group, the one of all rows."""
NO_LIMIT = 1 << 40


class Found(NamedTuple):
    """What an answer is made of."""

    people: list[Pattern]
    received: list[Pattern]
    groups: list[Group]
    n_groups: int


class Resident(NamedTuple):
    """People alike in their groups and their residence."""

    pattern: Pattern
    country: str
    state: str
    source: str
    confidence: int


@dataclass(slots=True)
class Ledger:
    """An open ledger. Answers are exact, or say their bounds and why."""

    store: Store
    connection: Connection
    shapes: Mapping[int, Shape]
    coverage: Coverage
    gone: tuple[Gap, ...]
    files: list[FileEntry]
    """Of disclosures."""
    _combos: list[Combo] = field(default_factory=list)
    _seen: frozenset[str] = frozenset()

    def affected(self, by: By, question: Question, *, limit: int | None = None) -> Affected:
        """Say who is affected, in groups; with a limit, the largest of them."""
        found = self.prepare(by, question)
        tallies = self.tallies(question)
        whole = tallies.pop(WHOLE, Tally())
        if whole.n_to_nobody:
            ((n_to_nobody,),) = self.run(responses_to_nobody(), question)
            whole = replace(whole, n_to_nobody=n_to_nobody)
        people, received = self.people(question), self.recipient_patterns(question)
        match by:
            case "recipient" | "subject":
                groups, n_groups = self.ranked(by, question, limit)
            case "jurisdiction":
                groups = self.by_jurisdiction(question, whole.n_loose)
                n_groups = len(groups)
            case _:
                groups = grouped(found, tallies, people, received)
                n_groups = len(groups)
        return self.answer(by, question, whole, Found(people, received, groups[:limit], n_groups))

    def answer(self, by: By, question: Question, whole: Tally, found: Found) -> Affected:
        people, recipients = total(found.people, whole.n_loose), total(found.received, whole.n_to_nobody)
        return Affected(
            by=by, question=question, people=people, recipients=recipients, n_disclosures=whole.n_rows, n_unattributed=whole.n_loose,
            groups=tuple(found.groups), gaps=self.gaps(question), notes=tuple(notes(whole, people, recipients, question)),
            first_at=moment(whole.first_ms), last_at=moment(whole.last_ms), n_left_out=found.n_groups - len(found.groups),
        )  # fmt: skip

    def by_jurisdiction(self, question: Question, n_loose: int) -> list[Group]:
        found: dict[str, list[Resident]] = {"unknown": []} if n_loose else {}
        for resident in self.residents(question):
            found.setdefault(place_name(resident), []).append(resident)
        groups = [
            Group(
                name=name, people=total([r.pattern for r in parts], n_loose if name == "unknown" else 0), recipients=Count(0, 0), n_disclosures=0,
                detail=sources_said(parts),
            )
            for name, parts in found.items()
        ]  # fmt: skip
        return sorted(groups, key=lambda group: (-group.people.at_most, group.name))

    def ranked(self, by: By, question: Question, limit: int | None) -> tuple[list[Group], int]:
        """Give the largest groups, and how many there are."""
        key, other = ("recipient", "subject") if by == "recipient" else ("subject", "recipient")
        rows = self.run(ranking(key, other), question, most=limit or NO_LIMIT)
        return [ranked_group(by, row[:-1]) for row in rows], rows[0][-1] if rows else 0

    def cohorts(self, question: Question) -> tuple[Cohort, ...]:
        """Give people by residence and by the kinds of data given away: what a legal test is put to."""
        found = self.prepare("datatype", question)
        sums: dict[tuple[str, str, int], list[int]] = {}
        for pattern, country, state, _, _ in self.residents(question):
            sums.setdefault((country, state, pattern.possible), [0, 0])[1] += pattern.n
            if pattern.sure == pattern.possible:
                sums[country, state, pattern.possible][0] += pattern.n
        return tuple(
            Cohort(country=country, state=state, datatypes=frozenset(found.names[g] for g in members(bits)), people=Count(*both))
            for (country, state, bits), both in sorted(sums.items())
        )

    def timeline(self, question: Question, step: str = "hour") -> tuple[Moment, ...]:
        """Count by minute, hour or day."""
        self.prepare("jurisdiction", question)
        rows = self.run(timeline(step), question)
        return tuple(Moment(start=at, n_people=p, n_recipients=r, n_disclosures=n) for start, p, r, n in rows if (at := moment(start)) is not None)

    def gaps(self, question: Question) -> tuple[Gap, ...]:
        """Say of which hours and endpoints nothing can be said."""
        since, until = milliseconds(question.since), milliseconds(question.until)
        if since is None or until is None:
            return (*gaps(self.coverage), *self.gone)
        return (*gaps(self.coverage, range(since // HOUR_MS, -(-until // HOUR_MS))), *self.gone)

    def narrow(self, question: Question, and_also: Question | None = None) -> None:
        """Let only the days be read that the question is about, or either of two."""
        wanted = {file.name: file for asked in (question, and_also or question) for file in in_window(self.files, asked.since, asked.until)}
        if wanted.keys() != self._seen:
            see(self.connection, "disclosures", list(wanted.values()), self.store.root)
            self._seen = frozenset(wanted)

    def prepare(self, by: By, question: Question) -> Grouping:
        """Put the question's groups beside the rows."""
        if not self._combos:
            self.narrow(Question())
            self._combos = combos(self.connection)
        found = grouping(by, question.scope, self.shapes, self._combos)
        columns = {"shape": "BIGINT", "mask": "BIGINT", **{f"g{block}": "BIGINT" for block in range(found.n_blocks)}}
        fill(self.connection, "combos", columns, [(combo.shape, combo.mask, *found.blocks(bits)) for combo, bits in found.bits.items()])
        self._grouping = found
        return found

    _grouping: Grouping = field(default_factory=lambda: Grouping(names=(), details=(), bits={}))

    def people(self, question: Question) -> list[Pattern]:
        return [self.pattern(row) for row in self.run(people_patterns(self._grouping.n_blocks, by_residence=False), question)]

    def residents(self, question: Question) -> list[Resident]:
        rows = self.run(people_patterns(self._grouping.n_blocks, by_residence=True), question)
        return [Resident(self.pattern(row), *row[-4:]) for row in rows]

    def recipient_patterns(self, question: Question) -> list[Pattern]:
        return [self.pattern(row) for row in self.run(recipient_patterns(self._grouping.n_blocks), question)]

    def pattern(self, row: tuple[Any, ...]) -> Pattern:
        n = self._grouping.n_blocks
        return Pattern(self._grouping.joined(row[:n]), self._grouping.joined(row[n : 2 * n]), row[2 * n])

    def tallies(self, question: Question) -> dict[int, Tally]:
        n = self._grouping.n_blocks
        found: dict[int, Tally] = {}
        for row in self.run(totals(n), question):
            part = Tally(*row[n:])
            for group in (WHOLE, *members(self._grouping.joined(row[:n]))):
                found[group] = found.get(group, Tally()) + part
        return found

    def run(self, sql: str, question: Question, **more: object) -> list[tuple[Any, ...]]:
        self.narrow(question)
        return rows_of(self.connection, sql, {"since": question.since, "until": question.until, **more})


def grouped(found: Grouping, tallies: Mapping[int, Tally], people: list[Pattern], received: list[Pattern]) -> list[Group]:
    """Make the lines of a question about fields."""
    n = len(found.names)
    by_people = counts(people, n, [tallies.get(g, Tally()).n_loose for g in range(n)])
    by_recipients = counts(received, n, [tallies.get(g, Tally()).n_to_nobody for g in range(n)])
    groups = [
        Group(
            name=found.names[g], detail=found.details[g], people=by_people[g], recipients=by_recipients[g], n_disclosures=tally.n_rows,
            first_at=moment(tally.first_ms), last_at=moment(tally.last_ms),
        )
        for g, tally in tallies.items()
    ]  # fmt: skip
    return sorted(groups, key=lambda group: (-group.people.at_most, -group.n_disclosures, group.name))


def place_name(resident: Resident) -> str:
    return f"{resident.country}-{resident.state}" if resident.state else resident.country or "unknown"


def sources_said(residents: list[Resident]) -> str:
    """Say from where residences are known and how sure that is."""
    n_by_source: dict[tuple[str, int], int] = {}
    for resident in residents:
        if resident.source:
            key = (resident.source, resident.confidence)
            n_by_source[key] = n_by_source.get(key, 0) + resident.pattern.n
    return ", ".join(
        f"{n:,} by {source} ({confidence} % sure)" for (source, confidence), n in sorted(n_by_source.items(), key=lambda item: -item[0][1])
    )


def ranked_group(by: By, row: tuple[Any, ...]) -> Group:
    key, kind, sure, possible, loose, n_rows, first, last, staff, n_nobody, n_persons = row
    words = ("person" if by == "subject" else RecipientKind(kind).name.lower()) + (", staff" if staff and by == "recipient" else "")
    name = shown(key)
    if by == "recipient":
        people, recipients = Count(sure, possible + loose), Count(1, 1) if key is not None else Count(0, n_rows)
    else:
        people, recipients = Count(1, 1) if key is not None else Count(0, loose), Count(n_persons, possible + n_nobody)
    return Group(
        name=name,
        people=people,
        recipients=recipients,
        n_disclosures=n_rows,
        first_at=moment(first),
        last_at=moment(last),
        detail=words if key is not None else "",
    )


@contextmanager
def open_ledger(root: Path, key_path: Path | None = None) -> Iterator[Ledger]:
    """Open a ledger for questions.

    Raises: InputError where the folder is no ledger, or the key file is missing or another's.
    """
    if not is_ledger(root):
        raise InputError("this is no ledger", where=str(root), hint="make one with: stanch ledger build CAPTURE... --into DIR")
    store = open_store(root, load_keyring(key_path or default_key_path(root)))
    with opened(store) as connection:
        coverage, shapes = Coverage(), {}
        for entry in store.entries():
            coverage.merge(entry.coverage)
            shapes.update({shape.number: shape for shape in entry.shapes})
        rows = [file for file in store.files() if file.table == "disclosures"]
        yield Ledger(store, connection, shapes, coverage, destroyed(store), rows)


def destroyed(store: Store) -> tuple[Gap, ...]:
    """Turn what was deleted into gaps: nothing can be said of it any more."""
    found = []
    for deletion in store.deletions():
        table, _, day = deletion.part.partition(".")
        if table == "disclosures":
            start = None if day == "unknown" else day_hour(day)
            found.append(
                Gap(
                    endpoint="", first_hour=start, last_hour=None if start is None else start + 23, n_responses=0,
                    reason=f"deleted on {deletion.deleted_at[:10]}: {deletion.reason}",
                )
            )  # fmt: skip
    return tuple(found)


def day_hour(day: str) -> int:
    at = milliseconds(datetime.fromisoformat(day).replace(tzinfo=UTC))
    return (at or 0) // HOUR_MS
