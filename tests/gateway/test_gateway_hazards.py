"""The conformance suite: every hazard on every plane, over real sockets."""

import asyncio
import socket
import threading
import time
from contextlib import contextmanager

import pytest
import uvicorn
import waitress.server
from hazards import CLEAN, HAZARDS, RULES, WITHHELD, Hazard, leaks
from stack import Answer, Request, ask, get, policy, running

from stanch.gateway import asgi, wsgi
from stanch.gateway.config import Address


def origin_script(current):
    def script(_request, connection):
        hazard = current[0]
        reason = f"{hazard.status} x"
        chunks = hazard.chunks if hazard.chunks is not None else None
        bodyless = hazard.method == "HEAD" or hazard.status in {204, 304}
        head = [f"HTTP/1.1 {reason}", *(f"{n}: {v}" for n, v in hazard.fields)]
        if chunks is None:
            head += [] if bodyless else [f"Content-Length: {len(hazard.body)}"]
            connection.sendall("\r\n".join([*head, "", ""]).encode("latin-1") + hazard.body)
            return
        connection.sendall("\r\n".join([*head, "Transfer-Encoding: chunked", "", ""]).encode("latin-1"))
        for chunk in chunks:
            connection.sendall(b"%x\r\n%b\r\n" % (len(chunk), chunk))
        connection.sendall(b"0\r\n\r\n")

    return script


def fields_of(hazard):
    return tuple((name.encode(), value.encode("latin-1")) for name, value in hazard.fields)


def asgi_app(current):
    async def app(scope, receive, send):
        if scope["type"] != "http":
            return
        hazard = current[0]
        await send({"type": "http.response.start", "status": hazard.status, "headers": list(fields_of(hazard))})
        chunks = hazard.chunks or (hazard.body,)
        for number, chunk in enumerate(chunks):
            await send({"type": "http.response.body", "body": chunk, "more_body": number + 1 < len(chunks)})

    return app


def wsgi_app(current):
    def app(_environ, start_response):
        hazard = current[0]
        start_response(f"{hazard.status} x", [(name, value) for name, value in hazard.fields])
        return iter(hazard.chunks or (hazard.body,))

    return app


@contextmanager
def uvicorn_serving(app):
    config = uvicorn.Config(app, host="127.0.0.1", port=0, log_level="critical", lifespan="off", loop="asyncio", http="h11", ws="none")
    server = uvicorn.Server(config)
    server.install_signal_handlers = lambda: None
    thread = threading.Thread(target=lambda: asyncio.run(server.serve()), daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    try:
        yield Address(host="127.0.0.1", port=server.servers[0].sockets[0].getsockname()[1])
    finally:
        server.should_exit = True
        thread.join(10)


@contextmanager
def waitress_serving(app):
    server = waitress.server.create_server(app, host="127.0.0.1", port=0, threads=2)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        yield Address(host="127.0.0.1", port=int(server.effective_port))
    finally:
        server.close()
        server.task_dispatcher.shutdown()
        thread.join(10)


@contextmanager
def embedded(current, engine):
    with running(origin_script(current), RULES, engine=engine) as gateway:
        yield gateway.address


@contextmanager
def in_asgi(current):
    with uvicorn_serving(asgi.StanchMiddleware(asgi_app(current), policy(RULES))) as address:
        yield address


@contextmanager
def in_wsgi(current):
    with waitress_serving(wsgi.StanchMiddleware(wsgi_app(current), policy(RULES))) as address:
        yield address


PLANES = {
    "embedded": lambda current: embedded(current, "auto"),
    "embedded-reference": lambda current: embedded(current, "reference"),
    "asgi": in_asgi,
    "wsgi": in_wsgi,
}


@pytest.fixture(scope="module", params=PLANES)
def plane(request):
    current = [HAZARDS[0]]
    with PLANES[request.param](current) as address:
        yield current, address


def raw_request(hazard: Hazard):
    fields = list(hazard.asked)
    if hazard.request_body:
        fields.append(("Content-Length", str(len(hazard.request_body))))
    return get(hazard.target, method=hazard.method, fields=fields, body=hazard.request_body)


def test_there_are_many_hazards_and_each_has_a_name_of_its_own():
    assert len({hazard.name for hazard in HAZARDS}) == len(HAZARDS) >= 80


@pytest.mark.parametrize("hazard", HAZARDS, ids=lambda h: h.name)
def test_no_hazard_leaks_and_nothing_else_changes(plane, hazard):
    current, address = plane
    current[0] = hazard
    raw = ask(address, raw_request(hazard))
    assert not leaks(raw)
    found = Answer(raw)
    if hazard.want is CLEAN:
        return
    if hazard.want is WITHHELD:
        assert found.status == 502
        return
    assert found.status == hazard.status
    assert found.body == hazard.want
    for name in hazard.gone:
        assert found.value(name) is None
    for pair in hazard.has:
        assert pair in found.fields


def test_what_is_no_route_of_the_policy_is_not_touched(plane):
    current, address = plane
    current[0] = HAZARDS[0]
    assert leaks(ask(address, get("/api/articles")))


def test_the_origin_is_never_asked_for_a_part_or_for_news():
    seen = []

    def script(request: Request, connection: socket.socket):
        seen.append(request)
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")

    with running(script, RULES) as gateway:
        ask(
            gateway.address,
            get(HAZARDS[0].target, fields=[("Range", "bytes=0-1"), ("If-None-Match", '"1"'), ("Accept-Encoding", "br"), ("TE", "trailers")]),
        )
    names = {name for name, _ in seen[0].fields}
    assert not names & {"range", "if-none-match", "te"}
    assert seen[0].value("accept-encoding") == "identity"
