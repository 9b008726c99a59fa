"""A console with two organisations: Leaky Articles, whose incident it is, and another one that must see nothing of it."""

import os
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from stanch.console.home import open_home

if "STANCH_TEST_HOME" not in os.environ:
    os.environ["STANCH_TEST_HOME"] = tempfile.mkdtemp(prefix="stanch-test-")
os.environ["STANCH_DATA"] = os.environ["STANCH_TEST_HOME"]
os.environ["DJANGO_SETTINGS_MODULE"] = "stanch.console.settings"
os.environ["STANCH_PRIVATE_WEBHOOKS"] = "allowed"
open_home(os.environ["STANCH_DATA"])

import django  # noqa: E402

django.setup()

from console_stage import PASSWORD, report_bytes  # noqa: E402
from django.core.cache import cache  # noqa: E402
from django.test import Client  # noqa: E402

from stanch.console import book  # noqa: E402
from stanch.console.access import Actor  # noqa: E402
from stanch.console.actions import declare, people  # noqa: E402
from stanch.console.models import Membership, Organisation  # noqa: E402
from stanch.console.selectors import case  # noqa: E402
from stanch.incident import event as e  # noqa: E402

T0 = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
CAST = {
    "Dan": ("main", "admin", "lead"),
    "Carol": ("main", "responder", "privacy_officer"),
    "Connie": ("main", "responder", "counsel"),
    "Rob": ("main", "responder", ""),
    "Adam": ("main", "auditor", ""),
    "Gus": ("main", "guest", ""),
    "Gina": ("main", "guest", "scribe"),
    "Eve": ("other", "admin", ""),
}


class World:
    """The people, the incident, and a browser for each of them."""

    def __init__(self):
        self._browsers = {}
        self.organisations = {key: Organisation.objects.create(key=key, name=key) for key in ("main", "other")}
        self.people = {name: self.join(name, *rest[:2]) for name, rest in CAST.items()}
        self.key = declare.declare_report(self.actor("Dan"), report_bytes(), declare.Wish(), name="r", now=T0).key
        for name, (_, _, role) in CAST.items():
            if role and role != "lead":
                self.record(e.RoleGiven(role=role, person=self.people[name].key, name=name), by="Dan")

    def join(self, name, organisation, office):
        person = people.new_person(name, f"{name.lower()}@example.org", now=T0)
        person.set_password(PASSWORD)
        person.save()
        Membership.objects.create(person=person, organisation=self.organisations[organisation], role=office)
        return person

    def actor(self, name):
        organisation, office, _ = CAST[name]
        return Actor(person=self.people[name], organisation=self.organisations[organisation], office=office)

    def case(self, name="Dan"):
        return case(self.actor(name), self.key)

    def record(self, event, *, by="Dan", key=""):
        return book.record(self.key, event, by=self.actor(by).by, now=T0, key=key).incident

    def browser(self, name="", **kwargs):
        client = Client(**kwargs)
        if name:
            client.force_login(self.people[name])
        return client

    def browsers(self):
        """Give everybody's browser, signed in once."""
        if not self._browsers:
            self._browsers = {name: self.browser(name) for name in self.people}
        return self._browsers

    def do(self, who, verb, /, **data):
        return self.browser(who).post(f"/incidents/{self.key}/do/{verb}", data)


@pytest.fixture(autouse=True)
def _fresh_limits():
    cache.clear()


@pytest.fixture(autouse=True)
def _cheap_passwords(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def world(db):
    return World()


@pytest.fixture
def home():
    return Path(os.environ["STANCH_DATA"])
