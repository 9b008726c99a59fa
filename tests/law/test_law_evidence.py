"""From evidence to the case: a ledger's numbers are the document's numbers."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from click.testing import CliRunner

from stanch.cli import cli
from stanch.engines.law import packaged
from stanch.engines.law_case import groups_of, leak_of_ledger
from stanch.engines.ledger.ask import open_ledger
from stanch.errors import InputError
from stanch.law.case import Case, Group
from stanch.law.matrix import decide
from stanch.ledger.answer import Question

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def ledger_folder(leaky_file, tmp_path_factory):
    folder = tmp_path_factory.mktemp("law") / "ledger"
    result = CliRunner().invoke(cli, ["ledger", "build", str(leaky_file), "--into", str(folder)])
    assert result.exit_code == 0, result.exception
    return folder


@pytest.fixture(scope="module")
def leak(ledger_folder):
    with open_ledger(ledger_folder) as ledger:
        return leak_of_ledger(ledger, "ledger")


def test_everyone_of_the_ledger_is_in_the_case_once(ledger_folder, leak):
    with open_ledger(ledger_folder) as ledger:
        answer = ledger.affected("jurisdiction", Question(scope="excessive"))
    assert sum(g.n_people for g in leak.groups if g.certain) <= answer.people.at_least <= sum(g.n_people for g in leak.groups)
    assert {"contact.email", "person.birth_date", "credential.password_hash", "person.name.full"} <= leak.datatypes


def test_what_a_document_says_is_what_the_ledger_says(ledger_folder, tmp_path):
    call = ["law", "draft", str(ledger_folder), "--at", "aware=2026-11-24T16:20+01:00", "--now", "2026-11-25T12:00Z", "--out", str(tmp_path / "n")]
    result = CliRunner().invoke(cli, call)
    assert result.exit_code == 0, result.exception
    facts = {each["key"]: each for each in json.loads((tmp_path / "n" / "facts.json").read_text())["facts"]}
    with open_ledger(ledger_folder) as ledger:
        answer = ledger.affected("jurisdiction", Question(scope="excessive"))
    assert facts["n_people"]["value"] == answer.people.at_least
    assert facts["n_people"]["confidence"] == ("exact" if answer.people.exact else "at_least")
    assert datetime.fromisoformat(facts["first_exposure_at"]["value"]) == answer.first_at
    assert datetime.fromisoformat(facts["last_exposure_at"]["value"]) == answer.last_at
    page = (tmp_path / "n" / "board-page-en.md").read_text()
    assert f"**People:** {'' if answer.people.exact else 'at least '}{answer.people.at_least}" in page


def test_a_ledger_is_asked_where_people_live_and_not_told(leak):
    with pytest.raises(InputError, match="a ledger knows where people live"):
        groups_of(leak, {"DE": 1})
    assert groups_of(leak, {}) == leak.groups


def outcome(*groups):
    case = Case(groups=groups, as_of=NOW, role="controller")
    return {row.rule.id: row for row in decide(packaged(), case).rows}["us-wa-individuals"]


def test_people_whom_the_traffic_does_not_tell_for_sure_leave_the_answer_open():
    sure = Group(residence="US-WA", datatypes=frozenset({"person.name.full", "person.birth_date"}), n_people=3)
    perhaps = replace(sure, certain=False)
    assert outcome(sure).outcome == "applies"
    assert outcome(perhaps).outcome == "unknown"
    assert [fact.key for fact in outcome(perhaps).missing] == ["attribution"]
    both = outcome(sure, perhaps)
    assert (both.outcome, both.n_people, both.n_most) == ("applies", 3, 6)
