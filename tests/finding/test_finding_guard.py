import json
import subprocess
import sys

import pytest
from click.testing import CliRunner

from stanch.cli import cli
from stanch.finding.baseline import Baseline, apply_baseline
from stanch.finding.build import examine
from stanch.finding.guard import breaches
from stanch.inventory.contract import load_contract
from told import Traffic, bearer

CONTRACT = {
    "openapi": "3.1.0", "info": {"title": "t", "version": "1"},
    "paths": {"/users/{id}": {"get": {"responses": {"200": {"description": "", "content": {"application/json": {"schema": {
        "type": "object", "additionalProperties": False, "properties": {"id": {"type": "integer"}, "username": {"type": "string"}}}}}}}}}},
}  # fmt: skip


def examined(answer, path="/users/2"):
    traffic = Traffic().say("GET", path, answer, headers=bearer("a" * 20))
    return examine(traffic.summary(), contract=contract())


def contract():
    return load_contract(json.dumps(CONTRACT).encode(), name="c")


def found(answer, path="/users/2"):
    done = examined(answer, path)
    return [(b.endpoint, b.path, b.datatype) for b in breaches(done.picture.fields, done.report, contract())]


def test_what_the_contract_allows_passes():
    assert found({"id": 2, "username": "bob"}) == []


@pytest.mark.parametrize(("member", "datatype"), [({"email": "bob@example.org"}, "contact.email"), ({"colour": "red"}, "")])
def test_a_member_beyond_the_contract_is_a_breach_personal_or_not(member, datatype):
    assert found({"id": 2, "username": "bob", **member}) == [("GET /users/{id}", f"$.{next(iter(member))}", datatype)]


def test_an_endpoint_that_the_contract_does_not_know_may_not_give_personal_data():
    assert found({"ok": True}, "/status") == []
    assert found({"email": "bob@example.org"}, "/status") == [("GET /status", "$.email", "contact.email")]


def test_what_was_accepted_is_no_breach():
    done = examined({"id": 2, "username": "bob", "password": "secret secret"})
    accepted = Baseline(fingerprints=frozenset(f.fingerprint for f in done.report.findings))
    from datetime import date

    report = apply_baseline(done.report, accepted, (), today=date(2026, 1, 1))
    assert breaches(done.picture.fields, report, contract()) == ()


def test_a_breach_says_where_what_and_why_and_no_value():
    done = examined({"id": 2, "email": "bob@example.org"})
    (line,) = [str(b) for b in breaches(done.picture.fields, done.report, contract())]
    assert line == "GET /users/{id} 200 $.email (contact.email): the contract does not allow this member"


@pytest.fixture
def leaky_and_contract(leaky_file, tmp_path):
    made = tmp_path / "minimal.yaml"
    result = CliRunner().invoke(cli, ["contract", str(leaky_file), "-o", str(made), "--quiet"], standalone_mode=False)
    assert result.exception is None
    return leaky_file, made


def test_the_fixed_backend_keeps_to_the_contract_made_from_the_leaky_ones_traffic(leaky_and_contract, fixed_file):
    leaky, made = leaky_and_contract
    done = CliRunner().invoke(cli, ["guard", str(fixed_file), "--contract", str(made), "--quiet"])
    assert (done.exit_code, done.output) == (0, "")
    failed = CliRunner().invoke(cli, ["guard", str(leaky), "--contract", str(made), "--quiet"])
    assert failed.exit_code == 1
    assert "$.comment.author.email" in failed.output


APP = """
import httpx

def app(request):
    return httpx.Response(200, json={"id": 2, "username": "bob", %s})

def test_profile():
    with httpx.Client(transport=httpx.MockTransport(app), base_url="https://api.example.org") as client:
        assert client.get("/users/2").status_code == 200
"""


@pytest.mark.parametrize(("member", "code"), [('"email": "canary@example.org"', 1), ("", 0)])
def test_the_pytest_plugin_fails_a_green_run_whose_answers_break_the_contract(tmp_path, member, code):
    (tmp_path / "test_app.py").write_text(APP % member)
    (tmp_path / "contract.json").write_text(json.dumps(CONTRACT))
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--stanch-contract", "contract.json", "--rootdir", str(tmp_path)]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == code, done.stdout + done.stderr
    assert ("GET /users/{id} 200 $.email (contact.email)" in done.stdout) is bool(code)
    assert "canary" not in done.stdout.split("stanch:")[-1]
    assert "in 1 exchanges" in done.stdout


FLASK = """
from flask import Flask, jsonify

app = Flask(__name__)

@app.get("/users/<int:number>")
def user(number):
    return jsonify(id=number, username="bob", email="bob@example.org")

def test_profile():
    assert app.test_client().get("/users/2").status_code == 200
"""


def test_the_plugin_watches_flasks_test_client(tmp_path):
    (tmp_path / "test_app.py").write_text(FLASK)
    (tmp_path / "contract.json").write_text(json.dumps(CONTRACT))
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--stanch-contract", "contract.json", "--rootdir", str(tmp_path)]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "$.email (contact.email): the contract does not allow this member" in done.stdout


def test_a_contract_that_cant_be_read_is_a_usage_error_in_one_line(tmp_path):
    (tmp_path / "contract.json").write_text("{}")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--stanch-contract", "contract.json", "--rootdir", str(tmp_path)]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 4
    assert "this is no OpenAPI description" in done.stderr
    assert "Traceback" not in done.stderr
