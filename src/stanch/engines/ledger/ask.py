"""The ledger's answers: the interface for the command line, the console and the law's decision matrix.

>>> with open_ledger(Path("ledger")) as ledger:
...     ledger.affected("jurisdiction", Question()).people
...     ledger.cohorts(Question())
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from stanch.engines.ledger.database import Connection, combos, fill, opened, rows_of
from stanch.engines.ledger.keys import default_key_path, load_keyring
from stanch.engines.ledger.store import Store, open_store
from stanch.ledger.answer import Affected, By, Cohort, Count, Group, Moment, Question
from stanch.ledger.coverage import HOUR_MS, Coverage, Gap, gaps
from stanch.ledger.disclosure import RecipientKind, milliseconds, moment
from stanch.ledger.group import Combo, Grouping, Pattern, counts, grouping, members, total
from stanch.ledger.shape import Shape
from stanch.ledger.statement import people_patterns, ranking, recipient_patterns, timeline, totals
from stanch.ledger.tally import Tally, notes


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
    _combos: list[Combo] = field(default_factory=list)

    def affected(self, by: By, question: Question, *, limit: int | None = None) -> Affected:
        """Say who is affected, in groups."""
        match by:
            case "recipient" | "subject":
                groups = self.ranked(by, question)
            case "jurisdiction":
                groups = self.by_jurisdiction(question)
            case _:
                groups = self.by_fields(by, question)
        return self.answer(by, question, groups, limit)

    def answer(self, by: By, question: Question, groups: list[Group], limit: int | None) -> Affected:
        self.prepare("jurisdiction", question)
        tally = self.tallies(question).get(0, Tally())
        people = total(self.people(question), tally.n_loose)
        recipients = total(self.recipient_patterns(question), tally.n_to_nobody)
        shown = groups if limit is None else groups[:limit]
        return Affected(
            by=by, question=question, people=people, recipients=recipients, n_disclosures=tally.n_rows, n_unattributed=tally.n_loose,
            groups=tuple(shown), gaps=self.gaps(question), notes=tuple(notes(tally, people, recipients, question)), first_at=moment(tally.first_ms),
            last_at=moment(tally.last_ms), n_left_out=len(groups) - len(shown),
        )  # fmt: skip

    def by_fields(self, by: By, question: Question) -> list[Group]:
        found = self.prepare(by, question)
        tallies = self.tallies(question)
        n = len(found.names)
        people = counts(self.people(question), n, [tallies.get(g, Tally()).n_loose for g in range(n)])
        recipients = counts(self.recipient_patterns(question), n, [tallies.get(g, Tally()).n_to_nobody for g in range(n)])
        groups = [
            Group(
                name=found.names[g], detail=found.details[g], people=people[g], recipients=recipients[g], n_disclosures=tally.n_rows,
                first_at=moment(tally.first_ms), last_at=moment(tally.last_ms),
            )
            for g, tally in tallies.items()
        ]  # fmt: skip
        return sorted(groups, key=lambda group: (-group.people.at_most, -group.n_disclosures, group.name))

    def by_jurisdiction(self, question: Question) -> list[Group]:
        self.prepare("jurisdiction", question)
        loose = self.tallies(question).get(0, Tally()).n_loose
        found: dict[str, list[Resident]] = {"unknown": []} if loose else {}
        for resident in self.residents(question):
            found.setdefault(place_name(resident), []).append(resident)
        groups = [
            Group(
                name=name, people=total([r.pattern for r in parts], loose if name == "unknown" else 0), recipients=Count(0, 0), n_disclosures=0,
                detail=sources_said(parts),
            )
            for name, parts in found.items()
        ]  # fmt: skip
        return sorted(groups, key=lambda group: (-group.people.at_most, group.name))

    def ranked(self, by: By, question: Question) -> list[Group]:
        self.prepare(by, question)
        key, other = ("recipient", "subject") if by == "recipient" else ("subject", "recipient")
        return [ranked_group(by, row) for row in self.run(ranking(key, other), question)]

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
        """Count by hour or day."""
        self.prepare("jurisdiction", question)
        rows = self.run(timeline(step), question)
        return tuple(Moment(start=at, n_people=p, n_recipients=r, n_disclosures=n) for start, p, r, n in rows if (at := moment(start)) is not None)

    def gaps(self, question: Question) -> tuple[Gap, ...]:
        """Say of which hours and endpoints nothing can be said."""
        since, until = milliseconds(question.since), milliseconds(question.until)
        if since is None or until is None:
            return (*gaps(self.coverage), *self.gone)
        return (*gaps(self.coverage, range(since // HOUR_MS, -(-until // HOUR_MS))), *self.gone)

    def prepare(self, by: By, question: Question) -> Grouping:
        """Put the question's groups beside the rows."""
        if not self._combos:
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
            for group in members(self._grouping.joined(row[:n])):
                found[group] = found.get(group, Tally()) + part
        return found

    def run(self, sql: str, question: Question, **more: object) -> list[tuple[Any, ...]]:
        return rows_of(self.connection, sql, {"since": question.since, "until": question.until, **more})


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
    name = key.hex if key is not None else "unknown"
    if by == "recipient":
        people, recipients = Count(sure, possible + loose), Count(1, 1) if key is not None else Count(0, n_nobody)
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
    store = open_store(root, load_keyring(key_path or default_key_path(root)))
    with opened(store) as connection:
        coverage, shapes = Coverage(), {}
        for entry in store.entries():
            coverage.merge(entry.coverage)
            shapes.update({shape.number: shape for shape in entry.shapes})
        yield Ledger(store, connection, shapes, coverage, destroyed(store))


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
