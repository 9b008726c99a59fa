"""The shipped playbook is complete; unsound ones are refused with the place; CACAO brings back what it took."""

import json
from contextlib import suppress
from datetime import UTC, datetime
from typing import get_args

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stanch.errors import InputError
from stanch.incident.cacao import from_cacao, to_cacao
from stanch.incident.event import Track
from stanch.incident.playbook import cycle, duration, duration_fits, load_playbook, playbook_digest, seconds, specs

NOW = datetime(2026, 11, 25, tzinfo=UTC)
SMALL = b"""
schema: stanch.playbook/1
playbook: small
title: Small
version: 1
tasks:
  - {key: one, title: One, track: command, phase: detection, role: lead, due: {after: aware, within: PT90M}}
  - {key: two, title: Two, track: review, phase: review, role: scribe, needs: [one], required: false}
"""


def test_the_shipped_playbook_covers_the_scenario(shipped):
    book = load_playbook(shipped, name="shipped")
    assert {task.track for task in book.tasks} == set(get_args(Track))
    keys = {task.key for task in book.tasks}
    for wanted in ("tell-staff", "contain", "malicious-code", "compromised-credentials", "exploited-vulnerabilities", "sweep", "patch", "limit-rates",
                   "restore-canary", "monitor", "notify-authority", "notify-people", "remedies", "press-line", "review-meeting"):  # fmt: skip
        assert wanted in keys
    assert {message.audience for message in book.messages} >= {"staff", "press", "customers", "status_page"}


def test_due_times_follow_their_anchor():
    one, two = specs(load_playbook(SMALL, name="small"))
    assert (one.due_after, one.due_within_s, two.due_after, two.needs, two.required) == ("aware", 5_400, "", ("one",), False)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (b"key: two", b"key: one", "twice"),
        (b"needs: [one]", b"needs: [three]", "which is not there"),
        (b"key: one, title: One,", b"key: one, title: One, needs: [two],", "in a circle: one"),
        (b"key: one", b"key: One!", "small letters"),
        (b"PT90M", b"90 minutes", "is no duration"),
        (b"role: lead", b"role: boss", "Invalid enum value 'boss'"),
        (b"role: lead", b"role: lead, colour: red", "unknown field"),
        (b"version: 1", b"version: [", "no YAML"),
        (b"stanch.playbook/1", b"stanch.playbook/9", "schema"),
        (b"title: Small", b"title: &a Small\nsummary: *a", "no YAML"),
        (
            b"version: 1",
            b"version: 1\nmessages: [{key: m, title: t, audience: press, channel: c, subject: s, body: '{{password}}'}]",
            "no fact called password",
        ),
    ],
)
def test_an_unsound_playbook_is_refused(old, new, says):
    with pytest.raises(InputError, match=says):
        load_playbook(SMALL.replace(old, new), name="small.yaml")


def test_a_huge_playbook_is_refused():
    with pytest.raises(InputError, match="larger than"):
        load_playbook(b" " * 1_000_001, name="huge")


@given(st.integers(1, 4_000_000).map(lambda minutes: minutes * 60))
def test_durations_come_back(n):
    assert seconds(duration(n)) == n
    assert duration_fits(duration(n))


def test_a_deep_chain_is_no_circle():
    chain = {str(n): (str(n + 1),) for n in range(5_000)} | {"5000": ()}
    assert cycle({k: chain[k] for k in list(chain)[-300:]}) == ()
    assert cycle({"a": ("b",), "b": ("a",), "c": ()}) == ("a", "b")


def test_a_digest_names_the_very_bytes():
    assert playbook_digest(SMALL) != playbook_digest(SMALL + b"\n")


def test_a_playbook_goes_out_as_cacao_and_comes_back(shipped):
    book = load_playbook(shipped, name="shipped")
    document = to_cacao(book, now=NOW)
    again = from_cacao(json.dumps(document).encode(), name="back")
    assert {task.key: msgspec.structs.replace(task, how="") for task in again.tasks} == {
        task.key: msgspec.structs.replace(task, how="") for task in book.tasks
    }
    assert (again.playbook, again.title, again.version) == (book.playbook, book.title, book.version)
    assert to_cacao(book, now=NOW) == document


def test_in_cacao_no_step_comes_before_what_it_needs(shipped):
    document = to_cacao(load_playbook(shipped, name="shipped"), now=NOW)
    extension = next(iter(document["extension_definitions"]))
    key, seen = document["workflow"][document["workflow_start"]]["on_completion"], set()
    while document["workflow"][key]["type"] == "action":
        step = document["workflow"][key]
        assert seen.issuperset(step["step_extensions"][extension]["needs"])
        seen.add(step["step_extensions"][extension]["key"])
        key = step["on_completion"]
    assert document["workflow"][key] == {"type": "end"}
    assert len(seen) == len(document["workflow"]) - 2


FOREIGN = {
    "type": "playbook", "spec_version": "cacao-2.0", "id": "playbook--1", "name": "Block an address", "workflow_start": "start--1",
    "agent_definitions": {"group--1": {"type": "group", "name": "Counsel"}},
    "workflow": {
        "start--1": {"type": "start", "on_completion": "if-condition--1"},
        "if-condition--1": {"type": "if-condition", "name": "Internal?", "condition": "$$ip$$ = 10", "on_true": "action--1", "on_false": "end--1"},
        "action--1": {"type": "action", "name": "Block it", "commands": [{"type": "bash", "command": "rm -rf /"}], "agent": "group--1",
                      "on_completion": "end--1"},
        "end--1": {"type": "end"},
    },
}  # fmt: skip


def test_a_foreign_playbook_becomes_tasks_to_read_and_never_runs():
    book = from_cacao(json.dumps(FOREIGN).encode(), name="foreign")
    assert [(t.title, t.role, t.needs, t.run) for t in book.tasks] == [
        ("Internal?", "technical_lead", (), ""),
        ("Block it", "counsel", ("if-condition-1",), ""),
    ]
    assert book.tasks[1].how == "rm -rf /"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b'{"type":"playbook"}',
        json.dumps(FOREIGN | {"workflow": {}}).encode(),
        b"[" * 100_000,
        json.dumps(FOREIGN | {"workflow": [1]}).encode(),
    ],
)
def test_what_is_no_cacao_is_refused(data):
    with pytest.raises(InputError):
        from_cacao(data, name="x")


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=8),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["type", "on_completion", "commands", "agent", "cases", "next_steps", "step_extensions", "x"]), inner, max_size=4
            )
        ),
        max_leaves=12,
    )
)
def test_a_hostile_step_is_read_or_refused_but_never_breaks(step):
    document = FOREIGN | {"workflow": FOREIGN["workflow"] | {"action--1": step}}
    with suppress(InputError):
        assert from_cacao(json.dumps(document).encode(), name="x").schema == "stanch.playbook/1"
