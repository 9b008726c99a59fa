"""Who may what: every page, every verb, everybody, and a stranger of another organisation."""

import re

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from stanch.console.access import OFFICES, WITHOUT_SEAT, acts
from stanch.console.actions.verb import VERBS
from stanch.incident import event as e
from stanch.incident.role import ACTS, MAY
from stanch.incident.state import Incident

OF_INCIDENT = ["", "/tasks", "/journal", "/leak", "/time", "/people", "/messages", "/evidence"]
INSIDE = {"Dan", "Carol", "Connie", "Rob", "Adam", "Gina"}
OUTSIDE = {"Gus", "Eve"}
OPEN = {"setup", "health", "account_login"}


def seen_by(world, page):
    where = f"/incidents/{world.key}{page}"
    return {name for name, client in world.browsers().items() if client.get(where).status_code == 200}


def test_an_incident_is_shown_to_its_organisation_and_nobody_else(world):
    for page in OF_INCIDENT:
        assert seen_by(world, page) == INSIDE, page


def test_a_restricted_incident_exists_only_for_who_has_a_role_in_it(world):
    world.record(e.Restricted(restricted=True))
    for page in OF_INCIDENT:
        assert seen_by(world, page) == {"Dan", "Carol", "Connie", "Gina"}, page
    assert world.key not in world.browser("Rob").get("/incidents").content.decode()


def test_every_address_but_three_asks_who_is_there(world):
    client = world.browser()
    for pattern in every_address(get_resolver().url_patterns):
        if pattern.name in OPEN or "accounts/" in pattern.where or pattern.where.startswith(("api/", "metrics", "calendar")):
            continue
        where = "/" + re.sub(r"<[^>]*>", "x", pattern.where)
        answer = client.get(where)
        assert answer.status_code in {302, 405}, where
        assert answer.status_code == 405 or answer.headers["Location"].startswith(("/accounts/login/", "/incidents")), where


class Address:
    def __init__(self, pattern, prefix):
        self.name, self.where = pattern.name, prefix + str(pattern.pattern)


def every_address(patterns, prefix=""):
    for item in patterns:
        if isinstance(item, URLResolver):
            yield from every_address(item.url_patterns, prefix + str(item.pattern))
        elif isinstance(item, URLPattern):
            yield Address(item, prefix)


def valid(world, verb):
    """Give data that a verb's form accepts, so that only rights can refuse it."""
    person = world.people["Rob"].key
    return {
        "text": "note",
        "name": "aware",
        "at": "2026-11-25T08:00",
        "why": "because",
        "to": "analysis",
        "severity": "low",
        "role": "executive",
        "person": person,
        "task": "assemble",
        "due_at": "2026-11-26T08:00",
        "title": "t",
        "question": "q",
        "decision": "deny-or-mask",
        "answer": "mask",
        "audience": "press",
        "channel": "",
        "subject": "s",
        "template": "t",
        "message": "m" if verb in {"approve", "send", "withdraw"} else "",
        "sha256": "0" * 64,
        "policy": "p",
        "rev": "1",
        "target": "gw",
        "source": "gw",
        "since": "2026-11-25T08:00",
        "until": "2026-11-25T08:30",
        "n_seen": "5",
        "n_leaking": "0",
        "jurisdictions": "DE FR",
    }


@pytest.mark.parametrize("verb", VERBS)
def test_each_verb_is_for_those_whose_role_allows_it(world, verb):
    for name in (*INSIDE, *OUTSIDE):
        incident = world.case().incident
        allowed = VERBS[verb].act in acts(*office_of(world, name), incident) and (verb, name) != ("answer", "Carol")
        answer = world.browsers()[name].post(f"/incidents/{world.key}/do/{verb}", valid(world, verb))
        if name in OUTSIDE:
            assert answer.status_code == 404, name
            continue
        assert (answer.status_code == 403) == (not allowed), (name, answer.status_code)
        assert allowed or world.case().incident == incident, name


def office_of(world, name):
    person = world.people[name]
    return person.memberships.get().role, person.key


@pytest.mark.parametrize("office", OFFICES)
def test_without_a_role_a_restricted_incident_allows_nothing(office):
    assert acts(office, "nobody", Incident(key="INC-1", restricted=True)) == frozenset()
    assert acts(office, "nobody", Incident(key="INC-1")) <= WITHOUT_SEAT[office] | {"seat"}


def test_an_auditor_reads_even_when_seated(world):
    incident = world.record(e.RoleGiven(role="lead", person=world.people["Adam"].key, name="Adam"))
    assert acts("auditor", world.people["Adam"].key, incident) == {"see", "export"}


def test_every_act_is_somebodys():
    assert all(MAY[act] for act in ACTS)


def test_a_privileged_note_shows_to_counsel_and_not_to_the_scribe(world):
    world.do("Connie", "note", text="advice under privilege", privileged="on")
    world.record(e.EvidenceAdded(evidence="ev-1", name="opinion.pdf", sha256="0" * 64, n_bytes=1, seen_by="privileged"))
    for name, sees in (("Connie", True), ("Dan", True), ("Gina", False), ("Rob", False), ("Adam", False)):
        for page in OF_INCIDENT:
            text = world.browser(name).get(f"/incidents/{world.key}{page}").content.decode()
            if page == "/journal":
                assert ("advice under privilege" in text) == sees, name
            assert sees or ("advice under privilege" not in text and "opinion.pdf" not in text), (name, page)


def test_who_may_not_read_privileged_notes_can_not_write_them(world):
    assert world.do("Gina", "note", text="x", privileged="on").status_code == 403


def test_only_an_admin_adds_people(world):
    for name in ("Rob", "Adam", "Gus"):
        assert world.browser(name).post("/members", {"name": "M", "email": "m@example.org", "office": "admin"}).status_code == 403
    page = world.browser("Dan").post("/members", {"name": "Mia", "email": "mia@example.org", "office": "guest"}).content.decode()
    assert "/setup/" in page


def test_nobody_promotes_themselves_or_a_stranger(world):
    client = world.browser("Dan")
    assert client.post(f"/members/{world.people['Dan'].key}", {"office": "guest"}).status_code == 409
    assert client.post(f"/members/{world.people['Eve'].key}", {"office": "guest"}).status_code == 404
    assert world.people["Eve"].memberships.get().role == "admin"


def test_a_role_goes_to_members_only(world):
    world.do("Dan", "role", role="executive", person=world.people["Eve"].key)
    assert world.case().incident.holder("executive") is None
