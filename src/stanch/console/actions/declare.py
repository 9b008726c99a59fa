"""From a report or a first suspicion to a declared incident with its playbook under way."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from hashlib import sha256
from importlib.resources import files

from django.db import transaction

from stanch.console import book
from stanch.console.access import Actor, ForbiddenError, may_declare
from stanch.console.selectors import case
from stanch.finding.render.json import parse_report
from stanch.incident import event as e
from stanch.incident.from_report import declaration, leaks_of
from stanch.incident.playbook import Playbook, load_playbook, playbook_digest, seconds, specs
from stanch.incident.state import Incident

SHIPPED = "api-data-exposure"


@cache
def shipped() -> tuple[Playbook, bytes]:
    data = (files("stanch.incident") / "playbooks" / f"{SHIPPED}.yaml").read_bytes()
    return load_playbook(data, name=SHIPPED), data


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a person says beside the report."""

    title: str = ""
    exercise: bool = False
    restricted: bool = False


def declare_report(actor: Actor, data: bytes, wish: Wish, *, name: str, now: datetime) -> Incident:
    digest = sha256(data).hexdigest()
    event = declaration(parse_report(data, name=name), sha256=digest, title=wish.title, name=name, exercise=wish.exercise, restricted=wish.restricted)
    return declare(actor, event, now=now)


@transaction.atomic
def declare_once(actor: Actor, data: bytes, *, name: str, once: str, now: datetime) -> Incident:
    """Declare from a report; the same key gives the incident that it declared before."""
    key = f"declare:{actor.by}:{once}"
    earlier = book.logged(actor.organisation, key) if once else None
    if earlier:
        return case(actor, str(earlier.body["incident"])).incident
    incident = declare_report(actor, data, Wish(), name=name, now=now)
    book.log(actor.organisation, "token:incident:declare", {"incident": incident.key}, by=actor.by, now=now, key=key if once else "")
    return incident


@transaction.atomic
def declare(actor: Actor, event: e.Declared, *, now: datetime) -> Incident:
    """Open the incident, seat who declares as lead until somebody takes over, start the playbook and ask its decisions."""
    if not may_declare(actor):
        raise ForbiddenError("your office does not allow to declare an incident")
    key = book.open_incident(actor.organisation, event, by=actor.by, now=now).incident.key
    playbook, data = shipped()
    started = e.PlaybookStarted(playbook=playbook.playbook, sha256=playbook_digest(data), tasks=specs(playbook))
    book.record(key, started, by="system", now=now)
    result = book.record(key, e.AnchorSet(name="suspected", at=now, why="when the incident was declared"), by=actor.by, now=now)
    for asked in playbook.decisions:
        due = now + timedelta(seconds=seconds(asked.due.within)) if asked.due and asked.due.after == "declared" else None
        result = book.record(key, e.DecisionAsked(decision=asked.key, question=asked.question, role=asked.role, due_at=due), by="system", now=now)
    if not actor.token:
        result = book.record(key, e.RoleGiven(role="lead", person=actor.person.key, name=actor.person.name), by=actor.by, now=now)
    return result.incident


def add_report(actor: Actor, key: str, data: bytes, *, name: str, now: datetime) -> Incident:
    """Take in a later report: more is known."""
    leaks = leaks_of(parse_report(data, name=name))
    found = e.LeaksFound(leaks=leaks, report_sha256=sha256(data).hexdigest())
    return book.record(key, found, by=actor.by, now=now, key=f"report:{found.report_sha256}").incident
