"""The journal in the database: the one place that appends, signs and projects, in one transaction.

Whatever an entry causes (projection rows, clocks to watch, jobs to do) is committed with it or not at all.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from django.db import transaction

from stanch.console import queue
from stanch.console.law import law_clocks
from stanch.console.models import DueRow, EntryRow, IncidentRow, KeptHead, Notice, Organisation, Person, SeatRow, Stream
from stanch.console.vault import checker, vault
from stanch.incident.advance import Command, Deliver, Tell, advance
from stanch.incident.checkpoint import Head, sign_head
from stanch.incident.clock import Clock, clocks
from stanch.incident.event import Event, event_body
from stanch.incident.fold import project
from stanch.incident.glance import ORDER, glance
from stanch.incident.journal import Entry, entry_bytes, parse_entry
from stanch.incident.state import Incident
from stanch.incident.tree import Frontier, leaf_hash
from stanch.incident.verify import Verdict, verify

_reader = msgspec.json.Decoder(Incident)
HASH_BYTES = 32


@dataclass(frozen=True, slots=True)
class Recorded:
    incident: Incident
    entry: Entry
    fresh: bool
    """False when the same key had been recorded before: nothing was done again."""


def open_incident(organisation: Organisation, event: Event, *, by: str, now: datetime) -> Recorded:
    """Begin an incident's journal with its declaration."""
    with transaction.atomic():
        list(Organisation.objects.select_for_update().order_by("pk"))  # one declaration at a time, so that numbers follow each other
        key = f"INC-{IncidentRow.objects.count() + 1}"
        Stream.objects.create(key=key, organisation=organisation)
        return record(key, event, by=by, now=now, key="declare")


@transaction.atomic
def record(stream_key: str, event: Event, *, by: str, now: datetime, key: str = "") -> Recorded:
    """Append one event to an incident's journal, with everything that follows from it.

    Raises: RefusedError when it can't happen now; nothing is recorded then.
    """
    stream = Stream.objects.select_for_update().get(key=stream_key)
    row = IncidentRow.objects.filter(stream=stream).first()
    before = read_state(row) if row else Incident(key=stream.key)
    earlier = EntryRow.objects.filter(stream=stream, idem=key).first() if key else None
    if earlier:
        return Recorded(before, parse_entry(bytes(earlier.data)), fresh=False)
    tag = f"{by.partition(':')[0]}:{event.kind}"
    entry = Entry(stream=stream.key, n=stream.size, at=now, by=by, tag=tag, body=event_body(event), key=key)
    after, commands = advance(before, entry)
    append(stream, entry)
    row = save_projection(stream, row, after)
    follow(row, entry, after, commands, now)
    return Recorded(after, entry, fresh=True)


@transaction.atomic
def log(organisation: Organisation, tag: str, body: dict[str, Any], *, by: str, now: datetime, key: str = "") -> None:
    """Append to the organisation's own journal: people, access, reads of personal data."""
    name = f"org:{organisation.key}"
    stream, _ = Stream.objects.select_for_update().get_or_create(key=name, defaults={"organisation": organisation})
    if key and EntryRow.objects.filter(stream=stream, idem=key).exists():
        return
    append(stream, Entry(stream=name, n=stream.size, at=now, by=by, tag=tag, body=body, key=key))


def logged(organisation: Organisation, key: str) -> Entry | None:
    """Give the entry of the organisation's journal that was made under a key."""
    row = EntryRow.objects.filter(stream__key=f"org:{organisation.key}", idem=key).first()
    return parse_entry(bytes(row.data)) if row else None


def append(stream: Stream, entry: Entry) -> None:
    """Write the bytes, grow the tree, sign the new head."""
    data = entry_bytes(entry)
    peaks = bytes(stream.peaks)
    before = Frontier(size=stream.size, peaks=tuple(peaks[i : i + HASH_BYTES] for i in range(0, len(peaks), HASH_BYTES)))
    after = before.append(leaf_hash(data))
    keys = vault()
    stream.size, stream.peaks = after.size, b"".join(after.peaks)
    stream.note = sign_head(Head(origin=keys.origin(stream.key), size=after.size, root=after.root()), keys.key, keys.sign)
    EntryRow.objects.create(stream=stream, n=entry.n, data=data, idem=entry.key or None)
    stream.save(update_fields=["size", "peaks", "note"])


def read_state(row: IncidentRow) -> Incident:
    return _reader.decode(raw(row.state))


def save_projection(stream: Stream, row: IncidentRow | None, after: Incident) -> IncidentRow:
    row = row or IncidentRow(stream=stream, organisation=stream.organisation)
    law = law_clocks(after, after.changed_at) if after.changed_at else ()
    now = glance(after, law)
    row.key, row.title, row.severity, row.rank = after.key, after.title[:300], after.severity, ORDER[after.severity]
    row.phase, row.contained, row.restricted, row.exercise = after.phase, now.contained, after.restricted, after.exercise
    row.is_open = after.phase != "closed"
    if after.declared_at is None or after.changed_at is None:
        raise ValueError("an incident without a declaration can't be shown")
    row.declared_at, row.changed_at = after.declared_at, after.changed_at
    row.next_who, row.next_what = (now.next.who or now.next.role)[:120], now.next.what[:400]
    row.due_at, row.due_what = (now.first.due_at, now.first.title[:400]) if now.first else (None, "")
    row.n_open, row.n_done, row.n_people = now.n_open, now.n_done, now.n_subjects
    row.state = msgspec.json.encode(after)
    row.save()
    save_seats(row, after)
    save_dues(row, clocks(after, law))
    return row


def save_seats(row: IncidentRow, after: Incident) -> None:
    wanted = {(seat.person, seat.role) for seat in after.seats if seat.until is None}
    there = {(seat.person.key, seat.role): seat.pk for seat in row.seats.select_related("person")}
    SeatRow.objects.filter(pk__in=[pk for key, pk in there.items() if key not in wanted]).delete()
    people = {person.key: person for person in Person.objects.filter(key__in=[key for key, _ in wanted])}
    SeatRow.objects.bulk_create(SeatRow(incident=row, person=people[p], role=r) for p, r in sorted(wanted - there.keys()) if p in people)


def save_dues(row: IncidentRow, running: tuple[Clock, ...]) -> None:
    """Keep the clocks to watch in step; one that moved is announced anew."""
    wanted = {clock.key[:200]: clock for clock in running}
    there = {due.clock: due for due in row.dues.all()}
    DueRow.objects.filter(pk__in=[due.pk for key, due in there.items() if key not in wanted]).delete()
    moved = [due for key, due in there.items() if key in wanted and due.due_at != wanted[key].due_at]
    for due in moved:
        due.due_at, due.told = wanted[due.clock].due_at, ""
    DueRow.objects.bulk_update(moved, ["due_at", "told"])
    DueRow.objects.bulk_create(due_row(row, key, clock) for key, clock in wanted.items() if key not in there)


def due_row(row: IncidentRow, key: str, clock: Clock) -> DueRow:
    return DueRow(incident=row, clock=key, title=clock.title[:400], owner=clock.owner, kind=clock.kind, due_at=clock.due_at)


def follow(row: IncidentRow, entry: Entry, after: Incident, commands: tuple[Command, ...], now: datetime) -> None:
    """Turn commands into notices and jobs, in the same transaction."""
    for place, command in enumerate(commands):
        cause = f"{entry.stream}:{entry.n}:{place}"
        match command:
            case Tell():
                tell(row, entry, after, command, cause, now)
            case Deliver():
                queue.add(
                    f"deliver:{cause}", "deliver", {"incident": row.key, "message": command.message, "sha256": command.sha256, "to": command.to}, now
                )
    queue.add_webhooks(row, entry, now)


def tell(row: IncidentRow, entry: Entry, after: Incident, command: Tell, cause: str, now: datetime) -> None:
    keys = {seat.person for seat in after.seats if seat.until is None and seat.role in command.roles}
    for person in Person.objects.filter(key__in=keys, is_active=True).prefetch_related("channels"):
        if entry.by == f"person:{person.key}" and not command.urgent:
            continue
        Notice.objects.create(
            key=f"{cause}:{person.key}", person=person, incident=row, text=command.what[:400], urgent=command.urgent, at=now
        )  # fmt: skip
        for channel in person.channels.all():
            if command.urgent or not channel.urgent_only:
                args = {"channel": channel.pk, "incident": row.key, "text": command.what, "urgent": command.urgent}
                queue.add(f"tell:{cause}:{channel.pk}", "tell", args, now)


def leaves(stream: Stream) -> Iterator[bytes]:
    rows = EntryRow.objects.filter(stream=stream).order_by("n").values_list("data", flat=True)
    return (raw(data) for data in rows.iterator(chunk_size=2_000))


def raw(stored: object) -> bytes:
    """Give what is stored as bytes, also where somebody has written text into its place."""
    return stored.encode(errors="surrogateescape") if isinstance(stored, str) else bytes(memoryview(stored))  # type: ignore[arg-type]


def entries(stream: Stream) -> Iterator[Entry]:
    return (parse_entry(data) for data in leaves(stream))


def keep_head(stream: Stream, now: datetime) -> None:
    """Remember the newest signed head, to compare with later."""
    if stream.size:
        KeptHead.objects.get_or_create(stream=stream, size=stream.size, defaults={"note": stream.note, "at": now})


def check(stream: Stream, outside: tuple[str, ...] = ()) -> Verdict:
    """Verify one journal against its own head, the kept ones, and those that somebody kept elsewhere."""
    keys = vault()
    notes = [*stream.heads.order_by("size").values_list("note", flat=True), stream.note, *outside]
    return verify(keys.origin(stream.key), stream.key, leaves(stream), notes, keys.key, checker(keys.key))


def drift(stream: Stream) -> bool:
    """Tell whether an incident's projection differs from what its journal gives."""
    row = IncidentRow.objects.filter(stream=stream).first()
    if row is None:
        return False
    try:
        shown = read_state(row)
    except msgspec.MsgspecError:
        return True
    return project(stream.key, entries(stream)) != shown


@transaction.atomic
def rebuild(stream: Stream) -> None:
    """Make the projection anew from the journal."""
    save_projection(stream, IncidentRow.objects.filter(stream=stream).first(), project(stream.key, entries(stream)))
