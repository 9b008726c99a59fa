"""Questions about one: a person's record, a recipient's surplus, a session's sweep, two stretches of time, and what was looked at at all."""

from dataclasses import dataclass, replace
from typing import Any

from stanch.engines.ledger.ask import Ledger
from stanch.engines.ledger.database import fill, rows_of
from stanch.errors import InputError
from stanch.identity.pseudonym import VALUE, KeyedDigest
from stanch.ledger.absence import Lookout, lookouts
from stanch.ledger.answer import Count, Delta, PersonRecord, Question, Received, Residence, Surplus, Sweep
from stanch.ledger.coverage import HOUR_MS
from stanch.ledger.disclosure import RecipientKind, Relation, milliseconds, moment, sealed_of, shown
from stanch.ledger.person import person_key
from stanch.ledger.shape import Shape
from stanch.ledger.statement import MEETINGS, compared, record_of_one, sent_to_each, sweeps
from stanch.ledger.sweep import judged, stitched
from stanch.personal import Personal

KINDS = ("email", "username", "phone", "uid")


@dataclass(frozen=True, slots=True)
class Inquiry:
    """Puts single questions to an open ledger."""

    ledger: Ledger

    def find(self, kind: str, value: Personal[str]) -> str | None:
        """Give the pseudonym of the person with this identifier, as the answers write it; ``None`` where the ledger knows nobody of it.

        Raises: InputError for a kind that no person is known by.
        """
        if kind not in KINDS:
            raise InputError("people are not known by this", where=kind, hint=f"one of {', '.join(KINDS)}")
        (member,) = self.ledger.store.seal().seal([pseudonym_of(self.ledger, kind, value)])
        rows = self.ledger.connection.execute(
            "SELECT coalesce(alias.person, root) FROM links LEFT JOIN alias ON root = alias.member WHERE links.member = $1 LIMIT 1", [member]
        ).fetchall()
        return shown(rows[0][0]) if rows else None

    def person(self, subject: str, question: Question) -> PersonRecord:
        """Give everything that the ledger has of one person, named by pseudonym; the scope does not matter."""
        rows = self.ledger.run(record_of_one(), question, person=pseudonym(subject))
        homes = self.ledger.connection.execute(
            "SELECT DISTINCT country, state, source, confidence FROM home WHERE subject = $1 ORDER BY confidence DESC, country, state",
            [pseudonym(subject)],
        ).fetchall()
        received = tuple(self.received(row) for row in rows)
        known = {r.recipient for r in received if r.relation != "self" and r.kind == "person"}
        others = {r.recipient for r in received if r.relation != "self" and r.recipient != "unknown"}
        n_unknown = sum(r.n_responses for r in received if r.recipient == "unknown")
        return PersonRecord(
            subject=subject, residences=tuple(Residence(country=c, state=s, source=o, confidence=n) for c, s, o, n in homes),
            received=received, n_recipients=Count(len(known), len(others) + n_unknown),
        )  # fmt: skip

    def received(self, row: tuple[Any, ...]) -> Received:
        recipient, kind, staff, relation, shape, mask, n, first, last = row
        there = self.ledger.shapes[shape]
        return Received(
            recipient=shown(recipient), kind=RecipientKind(kind).name.lower(), staff=staff, relation=Relation(relation).name.lower(),
            endpoint=there.endpoint, datatypes=tuple(sorted({item.datatype for bit, item in enumerate(there.fields) if mask >> bit & 1})),
            n_responses=n, first_at=moment(first), last_at=moment(last),
        )  # fmt: skip

    def surplus(self, question: Question, *, limit: int = 100) -> tuple[Surplus, ...]:
        """Say what the application would have shown to each recipient, against what it was sent; the worst first."""
        found = (self.sent(row) for row in self.ledger.run(sent_to_each(), question))
        return tuple([item for item in found if item.sent_beyond or (item.undecided and question.scope != "excessive")][:limit])

    def sent(self, row: tuple[Any, ...]) -> Surplus:
        recipient, kind, shape, mask, n_responses, _ = row
        there = self.ledger.shapes[shape]
        return Surplus(
            recipient=shown(recipient), kind=RecipientKind(kind).name.lower(), endpoint=there.endpoint, n_responses=n_responses,
            needed=paths(there, mask, "needed"), sent_beyond=paths(there, mask, "excessive"), undecided=paths(there, mask, "unknown"),
        )  # fmt: skip

    def sweeps(self, question: Question) -> tuple[Sweep, ...]:
        """Find sessions that walked through an endpoint, with what shows it."""
        ledger = self.ledger
        ledger.prepare("jurisdiction", question)
        sessions = stitched(ledger.run(MEETINGS, question))
        fill(ledger.connection, "session", {"recipient": "BIGINT", "session": "BIGINT"}, list(sessions.items()))
        fill(
            ledger.connection,
            "shape_endpoint",
            {"shape": "BIGINT", "endpoint": "VARCHAR"},
            [(n, f"{s.host} {s.endpoint}") for n, s in ledger.shapes.items()],
        )
        return judged([measured(row) for row in ledger.run(sweeps(), question)])

    def delta(self, before: Question, after: Question) -> Delta:
        """Say what changed from one stretch of time to another, such as before and after a fix."""
        after = replace(after, scope=before.scope)
        then, now = self.ledger.affected("field", before), self.ledger.affected("field", after)
        self.ledger.prepare("jurisdiction", before)
        self.ledger.narrow(before, after)
        windows = {"since": before.since, "until": before.until, "since2": after.since, "until2": after.until}
        ((new, again, gone),) = rows_of(self.ledger.connection, compared(), windows)
        old, fresh = {group.name for group in then.groups}, {group.name for group in now.groups}
        notes = ("one of the stretches has gaps, so that something gone may only be unseen",) if then.gaps or now.gaps else ()
        return Delta(
            before=then, after=now, people_new=new, people_again=again, people_gone=gone, groups_new=tuple(sorted(fresh - old)),
            groups_gone=tuple(sorted(old - fresh)), notes=notes,
        )  # fmt: skip

    def looked(self, question: Question) -> tuple[Lookout, ...]:
        """Say, endpoint by endpoint, what was looked at, and whether finding nothing there would mean anything."""
        since, until = milliseconds(question.since), milliseconds(question.until)
        hours = None if since is None or until is None else range(since // HOUR_MS, -(-until // HOUR_MS))
        return lookouts(self.ledger.coverage, self.ledger.gaps(question), hours)


def pseudonym_of(ledger: Ledger, kind: str, value: Personal[str]) -> int:
    digest = KeyedDigest(ledger.store.keyring.pseudonym)
    return person_key((kind, digest(VALUE, value.reveal())), digest)


def pseudonym(text: str) -> int:
    try:
        return sealed_of(text)
    except ValueError:
        raise InputError("this is no pseudonym of the ledger", where="person", hint="take it from: stanch affected LEDGER --by subject") from None


def paths(shape: Shape, mask: int, verdict: str) -> tuple[str, ...]:
    return tuple(item.path for bit, item in enumerate(shape.fields) if mask >> bit & 1 and item.verdict == verdict)


def measured(row: tuple[Any, ...]) -> Sweep:
    session, endpoint, n_responses, n_people, n_places, n_steps, peak, n_credentials, n_addresses, first, last = row
    return Sweep(
        session=shown(session), endpoint=endpoint, n_responses=n_responses, n_people=n_people, n_places=n_places, n_steps=n_steps,
        per_minute_peak=peak or 0, n_credentials=n_credentials, n_addresses=n_addresses, first_at=moment(first), last_at=moment(last),
    )  # fmt: skip
