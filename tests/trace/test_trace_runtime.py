"""Looking into a running application: its routes, and who reads what leaks."""

import json

import pytest
from trace_sources import finding, project_of

from stanch.engines.runtime import Recipe, look, recipe_of, requests_of
from stanch.errors import InputError, OutsideError
from stanch.finding.report import CaptureRow, EndpointRow, Report
from stanch.inventory.router import Router
from stanch.trace.run import Tracer
from stanch.trace.runtime import confirmed, linked
from stanch.traffic.exchange import Exchange

CANARY = "canary-0042@example.org"
FLASK = f"""
    import os
    import socket
    from flask import Flask, jsonify, request

    class User:
        def __init__(self):
            self.email = "{CANARY}"
            self.name = "Ann"

        def initials(self):
            return self.email[:2]

    class Odd:
        table = {{}}

    app = Flask(__name__)
    USER = User()

    @app.before_request
    def check():
        return None if USER.email else ("", 401)

    def shown(user):
        return {{key: getattr(user, key) for key in odd_names()}}

    def odd_names():
        return [n for n in vars(USER)]

    @app.get("/users/<int:user_id>")
    def user(user_id):
        return jsonify(shown(USER))

    @app.get("/short")
    def short():
        return jsonify(mark=USER.initials())

    @app.get("/name")
    def name():
        return jsonify(name=USER.name)

    @app.get("/env")
    def env():
        return jsonify(sorted(os.environ))

    for rule in ("/made", "/also-made"):
        app.add_url_rule(rule, rule, lambda: "made")

    def made_later():
        return jsonify(email=USER.email)

    for rule in [prefix + "/late" for prefix in ("/a", "/b")]:
        app.add_url_rule(rule, rule, made_later)
"""


@pytest.fixture
def flask(tmp_path):
    files = {"service.py": FLASK}
    project = project_of(files)
    (tmp_path / "service.py").write_text(project.sources["service.py"])
    return str(tmp_path), project


JSON_TYPE = (("Content-Type", "application/json"),)


def exchange(path):
    return Exchange(where="t", method="GET", url=f"http://api.example.org{path}", status=200, response_body=b"{}", response_headers=JSON_TYPE)


def endpoint_row(key):
    method, template = key.split()
    return EndpointRow(key=key, host="api.example.org", method=method, template=template, n_exchanges=1, n_callers=1, authenticated=False)


def report_of(*rows):
    capture = CaptureRow(n_exchanges=1, n_bytes=1)
    return Report(capture=capture, endpoints=tuple(endpoint_row(e) for e, _ in rows), findings=tuple(finding(*row) for row in rows))


def reads_of(root, *rows):
    evidence = [exchange(e.split()[1].replace("{id}", "7")) for e, _ in rows]
    return look(root, Recipe(app="service:app"), wanted=[("User", "email")], exchanges=evidence, report=report_of(*rows))


def test_routes_that_the_source_does_not_spell_out_are_listed(flask):
    root, project = flask
    found = linked(project, look(root, Recipe(app="service:app")).routes)
    assert ("GET", "/a/late", "made_later") in {(r.method, r.template, r.handler.qualname) for r in found}
    assert ("GET", "/users/<int:user_id>", "user") in {(r.method, r.template, r.handler.qualname) for r in found}


def test_the_innermost_frame_under_the_handler_is_the_cause(flask):
    root, project = flask
    row = ("GET /users/{id}", "$.email")
    traced = confirmed(project, Tracer.of(project).trace(finding(*row)), reads_of(root, row).reads)
    assert (traced.chains[0].cause.place.symbol, traced.chains[0].confidence) == ("shown", 0.99)


def test_a_derived_value_is_traced_to_the_function_that_derives_it(flask):
    root, _ = flask
    seen = reads_of(root, ("GET /short", "$.mark"))
    assert {r.frames[0].symbol.split(".")[-1] for r in seen.reads if any(f.symbol == "short" for f in r.frames)} == {"initials"}


def test_what_reads_before_the_handler_is_no_cause(flask):
    root, project = flask
    row = ("GET /name", "$.email")
    seen = reads_of(root, row)
    assert seen.reads
    assert confirmed(project, Tracer.of(project).trace(finding(*row)), seen.reads).chains == ()


def test_no_value_comes_out_of_the_process(flask):
    root, _ = flask
    assert CANARY not in repr(reads_of(root, ("GET /users/{id}", "$.email")))


def test_the_environment_is_bare_and_the_network_closed(tmp_path, monkeypatch):
    monkeypatch.setenv("SECRET_OF_ANN", "x")
    lines = ["import os, socket", "if 'SECRET_OF_ANN' in os.environ: raise KeyError", "socket.create_connection(('127.0.0.1', 9), 1)"]
    (tmp_path / "service.py").write_text("\n".join(lines))
    with pytest.raises(OutsideError, match="OSError"):
        look(str(tmp_path), Recipe(app="service:app"))


def test_the_words_of_a_failure_are_not_shown(tmp_path):
    (tmp_path / "service.py").write_text(f"raise ValueError('{CANARY}')\n")
    with pytest.raises(OutsideError) as error:
        look(str(tmp_path), Recipe(app="service:app"))
    assert "ValueError" in str(error.value)
    assert CANARY not in str(error.value)


def test_an_application_that_hangs_is_stopped(tmp_path):
    (tmp_path / "service.py").write_text("import time\ntime.sleep(60)\n")
    with pytest.raises(OutsideError, match="longer than"):
        look(str(tmp_path), Recipe(app="service:app", timeout_s=1))


@pytest.mark.parametrize(("app", "variables"), [("service", ()), ("service:app", ("NOVALUE",))])
def test_a_recipe_without_its_form_is_the_callers_mistake(app, variables):
    with pytest.raises(InputError, match="has the form"):
        recipe_of(app, None, variables)


def test_fastapi_is_served_too(tmp_path):
    source = """
        from fastapi import FastAPI
        app = FastAPI()
        class User:
            def __init__(self):
                self.email = "ann@example.org"
        def view(user):
            return {"email": user.email}
        @app.get("/users/{user_id}")
        async def one(user_id: int):
            return view(User())
        """
    project = project_of({"service.py": source})
    (tmp_path / "service.py").write_text(project.sources["service.py"])
    seen = reads_of(str(tmp_path), ("GET /users/{id}", "$.email"))
    assert [r.handler.qualname for r in linked(project, seen.routes)] == ["one"]
    assert {r.frames[0].symbol for r in seen.reads} == {"view"}


def test_only_sign_ins_and_evidence_are_served_again():
    login = Exchange(
        where="t", method="POST", url="http://api.example.org/login", status=200, response_body=json.dumps({"token": "t" * 20}).encode(),
        response_headers=(("Content-Type", "application/json"),),
    )  # fmt: skip
    used = Exchange(where="t", method="GET", url="http://api.example.org/me", status=200, request_headers=(("Authorization", "Bearer " + "t" * 20),))
    other = exchange("/other")
    chosen, endpoints = requests_of([login, used, other], Router(), {"GET /me"})
    assert endpoints == ["POST /login", "GET /me"]
    assert [c["hands_out"] for c in chosen] == [{"$.token": "t" * 20}, {}]
