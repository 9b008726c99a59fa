"""Reads. The first argument is always the actor; what the actor may not see is not found."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.http import Http404

from stanch.console import book
from stanch.console.access import Actor, actor_acts, acts
from stanch.console.models import ContactGroup, DueRow, IncidentRow, Membership, Notice, Person, SeatRow, Token, Webhook
from stanch.incident.clock import CLOCK_KINDS, Clock, ClockKind
from stanch.incident.journal import Entry, parse_entry
from stanch.incident.role import Act
from stanch.incident.state import Evidence, Incident, Note

MAX_CLOCKS = 1_000


@dataclass(frozen=True, slots=True)
class Case:
    """An incident as one actor may see it."""

    row: IncidentRow
    incident: Incident
    acts: frozenset[Act]

    @property
    def notes(self) -> tuple[Note, ...]:
        return tuple(note for note in self.incident.notes if not note.privileged or "privileged" in self.acts)

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        return tuple(piece for piece in self.incident.evidence if not piece.privileged or "privileged" in self.acts)


def membership(person: Person, wanted: str = "") -> Membership | None:
    """Give the membership that the person acts under."""
    mine = person.memberships.select_related("organisation").order_by("pk")
    return mine.filter(organisation__key=wanted).first() or mine.first()


def incidents(actor: Actor, **only: Any) -> QuerySet[IncidentRow]:  # noqa: ANN401 -- filters of the query set
    seated = Q(pk__in=SeatRow.objects.filter(person=actor.person).values("incident"))
    visible = seated if actor.office == "guest" else Q(restricted=False) | seated
    rows = IncidentRow.objects.filter(organisation=actor.organisation, **only).filter(visible)
    return rows.order_by("-is_open", "-rank", "-declared_at").defer("state")


def case(actor: Actor, key: str) -> Case:
    """Give one incident.

    Raises: Http404 when there is none, or none for this actor.
    """
    row = IncidentRow.objects.filter(organisation=actor.organisation, key=key).select_related("stream", "organisation").first()
    if row is None:
        raise Http404
    incident = book.read_state(row)
    allowed = actor_acts(actor, incident)
    if "see" not in allowed:
        raise Http404
    return Case(row=row, incident=incident, acts=allowed)


def case_for_writing(actor: Actor, key: str) -> Case:
    """Give an incident that the actor's person may see, with only the acts that a token's scopes leave.

    Raises: Http404.
    """
    row = IncidentRow.objects.filter(organisation=actor.organisation, key=key).select_related("stream", "organisation").first()
    if row is None or "see" not in acts(actor.office, actor.person.key, incident := book.read_state(row)):
        raise Http404
    return Case(row=row, incident=incident, acts=actor_acts(actor, incident))


PRIVILEGED = {"note:add": ("privileged", True), "evidence:add": ("seen_by", "privileged")}


def journal(case_: Case, *, before: int | None = None, limit: int = 100) -> list[Entry]:
    """Give the newest entries, newest first; what is privileged only to who may read it, but never its place."""
    rows = case_.row.stream.entries.order_by("-n")
    if before is not None:
        rows = rows.filter(n__lt=before)
    return [shown(case_, parse_entry(bytes(row.data))) for row in rows[:limit]]


def shown(case_: Case, entry: Entry) -> Entry:
    member, value = PRIVILEGED.get(entry.kind, ("", None))
    if not member or entry.body.get(member) != value or "privileged" in case_.acts:
        return entry
    return Entry(stream=entry.stream, n=entry.n, at=entry.at, by=entry.by, tag=entry.tag, body={"withheld": "privileged"}, key=entry.key)


def piece(case_: Case, key: str) -> Evidence:
    """Give one piece of evidence.

    Raises: Http404 when there is none for this actor.
    """
    found = next((item for item in case_.evidence if item.key == key), None)
    if found is None:
        raise Http404
    return found


def names(actor: Actor) -> dict[str, str]:
    """Names of the organisation's people by how the journal calls them."""
    people = {f"person:{p.key}": p.name for p in Person.objects.filter(memberships__organisation=actor.organisation)}
    tokens = {f"token:{t.key}": f"{t.name} (token)" for t in Token.objects.filter(organisation=actor.organisation)}
    return {**people, **tokens, "system": "stanch", "token:cli": "the command line"}


def colleagues(actor: Actor) -> QuerySet[Membership]:
    return Membership.objects.filter(organisation=actor.organisation, person__is_active=True).select_related("person").order_by("person__name")


def colleague(actor: Actor, key: str) -> Person:
    """Give one member of the actor's organisation.

    Raises: Http404 when there is none.
    """
    found = colleagues(actor).filter(person__key=key).first()
    if found is None:
        raise Http404
    return found.person


def notices(actor: Actor) -> QuerySet[Notice]:
    return Notice.objects.filter(person=actor.person, incident__organisation=actor.organisation).select_related("incident").order_by("-pk")


def groups(actor: Actor) -> QuerySet[ContactGroup]:
    return ContactGroup.objects.filter(organisation=actor.organisation).order_by("name")


def webhooks(actor: Actor) -> QuerySet[Webhook]:
    return Webhook.objects.filter(organisation=actor.organisation).order_by("pk")


def tokens(actor: Actor) -> QuerySet[Token]:
    mine = Token.objects.filter(organisation=actor.organisation, revoked_at=None)
    return (mine if actor.is_admin else mine.filter(person=actor.person)).order_by("pk")


def running_clocks(actor: Actor) -> list[tuple[str, Clock]]:
    """Give every running clock of the incidents that the actor may see, first to run out first."""
    keys = incidents(actor, is_open=True).values_list("key", flat=True)
    rows = DueRow.objects.filter(incident__key__in=list(keys)).select_related("incident").order_by("due_at")[:MAX_CLOCKS]
    return [(row.incident.key, Clock(key=row.clock, title=row.title, due_at=row.due_at, owner=row.owner, kind=kind_of(row))) for row in rows]


def kind_of(row: DueRow) -> ClockKind:
    return next((kind for kind in CLOCK_KINDS if kind == row.kind), "task")
