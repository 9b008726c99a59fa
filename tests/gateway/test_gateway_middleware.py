"""The middlewares inside the frameworks that people use, and the mitmproxy addon."""

import asyncio
import json
import subprocess
import sys
import time
from types import SimpleNamespace

import httpx
import pytest
from hazards import HAZARDS, RULES, WITHHELD, leaks
from stack import policy

from stanch.contain.text import to_yaml
from stanch.errors import InputError
from stanch.gateway import asgi, wsgi
from stanch.gateway.mitm import Stanch
from stanch.gateway.source import PolicySource

RULE = "  - id: m\n    match: {template: '/people/{id}'}\n    mask: [$.email]\n"
ANN = {"name": "Ann", "email": "ann.7731@example.org"}
CONTAINED = {"name": "Ann", "email": ""}


def fastapi_app():
    from fastapi import FastAPI
    from fastapi.middleware.gzip import GZipMiddleware
    from fastapi.responses import StreamingResponse

    app = FastAPI()
    app.add_middleware(GZipMiddleware, minimum_size=1)

    @app.get("/people/{number}")
    async def person(number: int):
        return ANN

    @app.get("/people/{number}/events")
    async def events(number: int):
        return StreamingResponse((f"data: {json.dumps(ANN)}\n\n" for _ in range(3)), media_type="text/event-stream")

    @app.get("/open")
    async def everyone():
        return ANN

    return app


def over_asgi(app):
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://api.example.org")


def run(work):
    return asyncio.run(work)


def test_fastapi_is_contained_outside_its_own_compression():
    async def story():
        app = fastapi_app()
        async with over_asgi(asgi.StanchMiddleware(app, policy(RULE))) as client:
            contained = await client.get("/people/1", headers={"Accept-Encoding": "gzip", "If-None-Match": '"1"'})
            assert contained.json() == CONTAINED
            assert contained.headers["cache-control"] == "no-store"
            assert int(contained.headers["content-length"]) == len(contained.content)
            other = await client.get("/open", headers={"Accept-Encoding": "gzip"})
            assert other.json() == ANN
            assert other.headers["content-encoding"] == "gzip"
            assert (await client.get("/people/x")).status_code == 422

    run(story())


def test_fastapi_installs_it_in_one_line():
    async def story():
        app = fastapi_app()
        app.add_middleware(asgi.StanchMiddleware, policy=policy(RULE))
        async with over_asgi(app) as client:
            assert (await client.get("/people/1")).json() == CONTAINED

    run(story())


def test_events_of_an_application_flow_masked():
    async def story():
        rules = RULE.replace("/people/{id}", "/people/{id}/events")
        async with over_asgi(asgi.StanchMiddleware(fastapi_app(), policy(rules))) as client:
            found = await client.get("/people/1/events")
            assert found.text == f"data: {json.dumps(ANN)}\n\n".replace("ann.7731@example.org", "") * 3

    run(story())


def test_flask_is_contained():
    from flask import Flask, jsonify

    app = Flask("people")
    app.add_url_rule("/people/<int:number>", "person", lambda number: jsonify(ANN))
    app.add_url_rule("/open", "open", lambda: jsonify(ANN))
    app.wsgi_app = wsgi.StanchMiddleware(app.wsgi_app, policy(RULE))
    client = app.test_client()
    found = client.get("/people/1")
    assert (found.json, found.headers["Cache-Control"]) == (CONTAINED, "no-store")
    assert client.get("/people/1/").status_code in {404, 502}
    assert client.get("/open").json == ANN
    head = client.head("/people/1")
    assert (head.data, "Content-Length" in head.headers) == (b"", False)


DJANGO = """
import asyncio, sys, types
import django, httpx
from django.conf import settings
from django.core.handlers.asgi import ASGIHandler
from django.core.handlers.wsgi import WSGIHandler
from django.http import JsonResponse
from django.urls import path
from stanch.gateway import asgi, wsgi

ANN, CONTAINED = {"name": "Ann", "email": "ann.7731@example.org"}, {"name": "Ann", "email": ""}
urls = sys.modules["urls"] = types.ModuleType("urls")
urls.urlpatterns = [path("people/<int:number>", lambda _request, number: JsonResponse(ANN)), path("open", lambda _request: JsonResponse(ANN))]
settings.configure(ALLOWED_HOSTS=["*"], SECRET_KEY="x" * 50, ROOT_URLCONF="urls", MIDDLEWARE=["django.middleware.gzip.GZipMiddleware"])
django.setup()
BASE = "http://api.example.org"
with httpx.Client(transport=httpx.WSGITransport(wsgi.StanchMiddleware(WSGIHandler(), sys.argv[1])), base_url=BASE) as client:
    print(client.get("/people/1").json() == CONTAINED, client.get("/open").json() == ANN)

async def story():
    async with httpx.AsyncClient(transport=httpx.ASGITransport(asgi.StanchMiddleware(ASGIHandler(), sys.argv[1])), base_url=BASE) as client:
        print((await client.get("/people/1")).json() == CONTAINED, (await client.get("/open")).json() == ANN)

asyncio.run(story())
"""


def test_django_is_contained_by_wsgi_and_by_asgi(tmp_path):
    """In a process of its own, since Django's settings are one to a process."""
    (tmp_path / "policy.yaml").write_text(to_yaml(policy(RULE)))
    found = subprocess.run([sys.executable, "-c", DJANGO, str(tmp_path / "policy.yaml")], capture_output=True, text=True, check=False)
    assert found.stdout == "True True\nTrue True\n", found.stderr


def test_refusals_and_limits_answer_in_the_applications_place():
    rules = (
        "  - id: d\n    match: {template: /open}\n    deny: {status: 503, message: later}\n" + RULE + "    limit: {per: client_ip, rate: 1/hour}\n"
    )

    async def story():
        async with over_asgi(asgi.StanchMiddleware(fastapi_app(), policy(rules))) as client:
            denied = await client.get("/open")
            assert (denied.status_code, denied.json()) == (503, {"error": "later"})
            assert [(await client.get("/people/1")).status_code for _ in range(2)] == [200, 429]

    run(story())


def app_sending(*messages):
    async def app(_scope, _receive, send):
        for message in messages:
            await send(message)

    return app


START = {"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"application/json")]}
BODY = json.dumps(ANN).encode()


@pytest.mark.parametrize(
    "messages",
    [
        [START, {"type": "http.response.body", "body": BODY[:10], "more_body": True}],
        [START, {"type": "http.response.pathsend", "path": "/etc/hostname"}],
        [{"type": "http.response.early_hint", "links": [b"</ann.7731>"]}, START, {"type": "http.response.body", "body": BODY}],
        [START, {"type": "http.response.body", "body": BODY}, {"type": "http.response.body", "body": BODY}],
        [START, {"type": "http.response.body", "body": BODY}, {"type": "http.response.trailers", "headers": [(b"x", b"ann.7731")]}],
    ],
)
def test_nothing_an_asgi_application_sends_goes_around_the_mask(messages):
    sent = []

    async def send(message):
        sent.append(message)

    async def receive():
        return {"type": "http.request"}

    scope = {
        "type": "http",
        "method": "GET",
        "path": "/people/1",
        "raw_path": b"/people/1",
        "query_string": b"",
        "headers": [],
        "extensions": {"http.response.pathsend": {}},
    }
    run(asgi.StanchMiddleware(app_sending(*messages), policy(RULE))(scope, receive, send))
    assert not leaks(repr(sent).encode())
    assert [message["type"] for message in sent] == ["http.response.start", "http.response.body"]


def test_a_websocket_on_a_contained_route_is_closed():
    sent = []

    async def send(message):
        sent.append(message)

    scope = {"type": "websocket", "path": "/people/1", "raw_path": b"/people/1", "query_string": b"", "headers": []}
    run(asgi.StanchMiddleware(app_sending({"type": "websocket.accept"}), policy(RULE))(scope, None, send))
    assert sent == [{"type": "websocket.close", "code": 1008}]


def test_what_a_wsgi_application_writes_the_old_way_is_masked_too():
    def app(_environ, start_response):
        write = start_response("200 OK", [("Content-Type", "application/json")])
        write(BODY[:20])
        return [BODY[20:]]

    environ = {"REQUEST_METHOD": "GET", "PATH_INFO": "/people/1", "QUERY_STRING": ""}
    assert b"".join(wsgi.StanchMiddleware(app, policy(RULE))(environ, lambda *_: None)) == json.dumps(CONTAINED).encode()


def test_a_wsgi_body_is_closed_even_when_it_breaks():
    closed = []

    class Body:
        def __iter__(self):
            yield BODY
            raise RuntimeError

        def close(self):
            closed.append(True)

    def app(_environ, start_response):
        start_response("200 OK", [])
        return Body()

    environ = {"REQUEST_METHOD": "GET", "PATH_INFO": "/people/1", "QUERY_STRING": ""}
    with pytest.raises(RuntimeError):
        wsgi.StanchMiddleware(app, policy(RULE))(environ, lambda *_: None)
    assert closed == [True]


def test_a_policy_file_is_followed_and_a_broken_one_changes_nothing(tmp_path):
    path = tmp_path / "policy.yaml"
    path.write_text(to_yaml(policy(RULE)))
    source = PolicySource(path)
    assert len(source.ruling.compiled.rules) == 1
    path.write_text("rules: [")
    time.sleep(0.3)
    assert (len(source.ruling.compiled.rules), "neither YAML nor JSON" in source.problem) == (1, True)
    path.unlink()
    time.sleep(0.3)
    assert len(source.ruling.compiled.rules) == 1
    path.write_text(to_yaml(policy(RULE + "  - id: d\n    match: {template: /x}\n    deny: true\n")))
    time.sleep(0.3)
    assert (len(source.ruling.compiled.rules), source.problem) == (2, "")
    with pytest.raises(InputError):
        PolicySource(tmp_path / "missing.yaml")


class Fields:
    """Headers as mitmproxy has them, as far as the addon uses them."""

    def __init__(self, pairs):
        self.fields = tuple((name.encode(), value.encode("latin-1")) for name, value in pairs)

    def pop(self, name, default=None):
        self.fields = tuple(pair for pair in self.fields if pair[0].lower() != name.encode())
        return default

    def __setitem__(self, name, value):
        self.pop(name)
        self.fields = (*self.fields, (name.encode(), value.encode()))


def flow_of(hazard):
    request = SimpleNamespace(
        method=hazard.method, path=hazard.target, pretty_host="api.example.org", headers=Fields(hazard.asked), raw_content=hazard.request_body
    )
    body = b"".join(hazard.chunks) if hazard.chunks else hazard.body
    response = SimpleNamespace(status_code=hazard.status, headers=Fields(hazard.fields), raw_content=body, stream=True)
    return SimpleNamespace(request=request, response=None, metadata={}, client_conn=SimpleNamespace(peername=("192.0.2.1", 1))), response


def made(response):
    return SimpleNamespace(status_code=response.status, raw_content=response.body, headers=Fields(response.headers), stream=False)


@pytest.mark.parametrize("hazard", HAZARDS, ids=lambda h: h.name)
def test_the_mitmproxy_addon_lets_no_hazard_through(hazard):
    addon = Stanch(policy(RULES), make=made)
    flow, response = flow_of(hazard)
    addon.request(flow)
    flow.response = response
    addon.responseheaders(flow)
    assert flow.response.stream is False
    addon.response(flow)
    assert not leaks(flow.response.raw_content + repr(flow.response.headers.fields).encode())
    if hazard.want is WITHHELD:
        assert flow.response.status_code == 502
    elif isinstance(hazard.want, bytes):
        assert flow.response.raw_content == hazard.want


def test_the_mitmproxy_addon_fails_closed():
    addon = Stanch(policy(RULES), make=made)
    flow, response = flow_of(HAZARDS[0])
    flow.response = response
    flow.request.headers = None
    addon.response(flow)
    assert (flow.response.status_code, flow.metadata) == (502, {})
    addon.request(flow)
    assert flow.response.status_code == 502
    flow, flow.response = flow_of(HAZARDS[0])
    flow.response.raw_content = None
    addon.response(flow)
    assert flow.response.status_code == 502
