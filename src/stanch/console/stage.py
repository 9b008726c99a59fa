"""People and an incident for the demo: everything goes through the same actions as by hand."""

from datetime import datetime, timedelta

from django.db import transaction

from stanch.console import book
from stanch.console.access import Actor
from stanch.console.actions import declare, evidence, people
from stanch.console.clock import now
from stanch.console.models import Membership, Organisation, Person
from stanch.console.selectors import case
from stanch.incident import event as e
from stanch.incident.role import Role

CAST = (("Dan", "admin"), ("Carol", "responder"), ("Erin", "responder"), ("Frank", "responder"))
SEATS: tuple[tuple[str, Role], ...] = (("Carol", "privacy_officer"), ("Erin", "technical_lead"), ("Frank", "communications"))


def stage(report: bytes, *, name: str, exercise: bool) -> str:
    """Set the stage; give the secret of a link that signs the lead in once."""
    moment = now()
    actor = first_actor() or cast(moment)
    with transaction.atomic():
        incident = declare.declare_report(actor, report, declare.Wish(exercise=exercise), name=name, now=moment)
        seat(actor, incident.key, moment)
    taken = evidence.Taken(name="report.json", how="stanch scan", taken_at=moment)
    evidence.add(actor, case(actor, incident.key), report, taken, now=now())
    return people.make_link("signin", actor.person, now=now())


def first_actor(*, token: str = "") -> Actor | None:
    first = Membership.objects.filter(role="admin", person__is_active=True).select_related("person", "organisation").order_by("pk").first()
    return Actor(person=first.person, organisation=first.organisation, office=first.role, token=token) if first else None


@transaction.atomic
def cast(moment: datetime) -> Actor:
    organisation = Organisation.objects.create(key="main", name="Leaky Articles")
    members = [(people.new_person(name, f"{name.lower()}@example.org", now=moment), office) for name, office in CAST]
    Membership.objects.bulk_create(Membership(person=person, organisation=organisation, role=office) for person, office in members)
    return Actor(person=members[0][0], organisation=organisation, office="admin")


def seat(actor: Actor, key: str, moment: datetime) -> None:
    """Give the main roles, and say since when the organisation is aware."""
    for name, role in SEATS:
        person = Person.objects.filter(name=name, memberships__organisation=actor.organisation).first()
        if person:
            book.record(key, e.RoleGiven(role=role, person=person.key, name=name), by=actor.by, now=moment)
    homes = e.JurisdictionsSet(jurisdictions=("DE=6", "FR=2", "US-CA=1"), why="assumed for the demo")
    book.record(key, homes, by=actor.by, now=moment)
    aware = e.AnchorSet(name="aware", at=moment - timedelta(minutes=5), why="the scan shows personal data of others in responses")
    book.record(key, aware, by=actor.by, now=moment)
