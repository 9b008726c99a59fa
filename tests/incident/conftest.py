"""An incident as a story, declared and with its playbook running."""

from importlib.resources import files

import pytest
from incident_stage import DAN, LEAK, Story

from stanch.incident import event as e
from stanch.incident.playbook import load_playbook, specs


@pytest.fixture
def story():
    return Story().tell(DAN, e.Declared(title="Authors' accounts in comments", severity="critical", leaks=(LEAK,)))


@pytest.fixture(scope="session")
def shipped():
    return (files("stanch.incident") / "playbooks" / "api-data-exposure.yaml").read_bytes()


@pytest.fixture
def running(story, shipped):
    """Play an incident with the shipped playbook under way and its main roles given."""
    tasks = specs(load_playbook(shipped, name="shipped"))
    story.tell("system", e.PlaybookStarted(playbook="api-data-exposure", sha256="0" * 64, tasks=tasks))
    story.tell(DAN, e.RoleGiven(role="lead", person="dan", name="Dan"))
    return story.tell(DAN, e.RoleGiven(role="privacy_officer", person="carol", name="Carol"))
