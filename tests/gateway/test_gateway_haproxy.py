"""HAProxy, started for real where it is installed: native denials, steering, and no failed request as policies come and go."""

import os
import shutil
import socket
import subprocess
import threading
import time
from pathlib import Path

import pytest
from hazards import DODGES, PLAIN, ROUTE, RULES, Hazard, leaks
from stack import HEAD, Answer, answer, ask, get, policy, running

from stanch.errors import OutsideError
from stanch.gateway import operate
from stanch.gateway.config import Address
from stanch.gateway.journal import Journal
from stanch.gateway.targets import parse_target
from stanch.gateway.targets.haproxy import ADDRESS, DENY, MAPS, STEER, SWITCH, escaped, fragment, native, pattern, rows

HAPROXY = shutil.which("haproxy", path=os.environ.get("PATH", "") + ":/usr/sbin:" + os.environ.get("STANCH_BENCH_PATH", ""))
needs_haproxy = pytest.mark.skipif(HAPROXY is None, reason="haproxy is not installed (scripts/system-packages does that where it can)")
MORE = RULES + "  - id: stop\n    match: {template: /export}\n    deny: true\n  - id: out\n    deny_clients: {ip: [203.0.113.0/24]}\n"


def test_a_template_becomes_an_expression_over_a_lower_case_path():
    assert pattern("/API/{id}/a.b/v{n}") == r"^/api/[^/]+/a\.b/v[^/]+([.][a-z]+)?/?$"


def test_a_policy_becomes_rows_and_what_haproxy_can_not_do_is_steered():
    found = rows(policy(MORE))
    assert [rule for _, rule in found[STEER]] == ["mask-author", "mask-graphql"]
    assert found[DENY] == [("^/export([.][a-z]+)?/?$", "stop")]
    assert found[ADDRESS] == [("203.0.113.0/24", "out")]
    assert found[SWITCH] == [("odd", "1"), ("digest", policy(MORE).digest)]
    assert all(found == [] for found in rows(None).values())


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("match: {template: /x}\n    deny: true", True),
        ("match: {template: /x, method: GET}\n    deny: true", False),
        ("match: {template: /x, host: a.example.org}\n    deny: true", False),
        ("match: {template: '/{x}', except: [/y]}\n    deny: true", False),
        ("match: {template: /x}\n    deny: {status: 410}", False),
        ("match: {template: /x}\n    limit: {per: token, rate: 1/s}", False),
    ],
)
def test_only_what_holds_to_the_letter_is_left_to_haproxy(rule, expected):
    assert native(policy(f"  - id: r\n    {rule}\n").rules[0]) is expected


def test_denied_tokens_steer_everything_since_they_can_stand_anywhere():
    assert rows(policy(f"  - id: out\n    deny_clients: {{token_sha256: [{'a' * 64}]}}\n"))[STEER] == [("^/", "out")]


def test_words_of_the_runtime_api_are_escaped():
    assert escaped(r"^/a\.b c;d") == r"^/a\\.b\ c\;d"


def test_the_fragment_names_every_map():
    text = fragment("/etc/haproxy")
    assert all(f"/etc/haproxy/{name}" in text for name in MAPS)


CONFIG = """
global
    stats socket {folder}/haproxy.sock mode 600 level admin
    maxconn 200
defaults
    mode http
    timeout connect 2s
    timeout client 10s
    timeout server 10s
frontend api
    bind 127.0.0.1:{port}
{fragment}
    default_backend origin
backend origin
    server origin 127.0.0.1:{origin}
backend {name}
    server gateway 127.0.0.1:{gateway}
"""


def plain(request, connection):
    via = (("X-Via", "gateway" if request.value("x-forwarded-for") else "direct"), ("Content-Type", "application/json"))
    connection.sendall(answer(PLAIN, fields=via))


class Haproxy:
    def __init__(self, folder: Path, gateway, name="stanch"):
        self.folder = folder
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.address = Address(host="127.0.0.1", port=free.getsockname()[1])
        for file in MAPS:
            (folder / file).touch()
        lines = fragment(str(folder)) if name == "stanch" else without_backend(folder)
        ports = {"port": self.address.port, "origin": gateway.origin.port, "gateway": gateway.address.port}
        text = CONFIG.format(folder=folder, fragment=lines, name=name, **ports)
        (folder / "haproxy.cfg").write_text(text)
        self.start()

    def start(self):
        self.process = subprocess.Popen([HAPROXY, "-f", str(self.folder / "haproxy.cfg"), "-db"], stderr=subprocess.PIPE, stdout=subprocess.PIPE)
        for _ in range(200):
            try:
                socket.create_connection((self.address.host, self.address.port), timeout=1).close()
            except OSError:
                assert self.process.poll() is None, self.process.stderr.read()
                time.sleep(0.02)
            else:
                break
        self.target = parse_target(f"haproxy={self.folder}/haproxy.sock", token="")

    def stop(self):
        self.process.terminate()
        self.process.communicate(timeout=10)


def without_backend(folder):
    lines = [line for line in fragment(str(folder)).splitlines() if "use_backend" not in line]
    return "\n".join([*lines, f"    acl unused path,map_reg({folder}/{STEER}) -m found"])


@pytest.fixture
def front(tmp_path):
    with running(plain) as gateway:
        gateway.apply(policy(MORE))
        haproxy = Haproxy(tmp_path, gateway)
        haproxy.gateway = gateway
        yield haproxy
        haproxy.stop()


@needs_haproxy
def test_contained_routes_are_steered_others_go_their_own_way_and_lifting_ends_it(front, tmp_path):
    journal = Journal(tmp_path / "state", by="Dan", why="drill")
    assert leaks(ask(front.address, get(ROUTE)))
    assert front.target.running() is None
    assert operate.apply(policy(MORE), [front.target], journal).whole
    assert front.target.running() == policy(MORE)
    assert not leaks(ask(front.address, get(ROUTE)))
    assert Answer(ask(front.address, get("/other"))).value("x-via") == "direct"
    assert Answer(ask(front.address, get("/export"))).status == 503
    assert Answer(ask(front.address, get("/Export/"))).status == 503
    assert operate.lift([front.target], journal).whole
    assert leaks(ask(front.address, get(ROUTE)))
    assert Answer(ask(front.address, get("/export"))).status == 200


@needs_haproxy
def test_no_spelling_dodges_the_rule_through_haproxy(front):
    front.target.put(policy(MORE))
    for name, change in DODGES:
        hazard = Hazard(name=name, **change)
        assert not leaks(ask(front.address, get(hazard.target, method=hazard.method, fields=hazard.asked))), name


@needs_haproxy
def test_a_restart_keeps_what_holds(front):
    front.target.put(policy(MORE))
    front.stop()
    front.start()
    assert front.target.running() == policy(MORE)
    assert not leaks(ask(front.address, get(ROUTE)))


@needs_haproxy
def test_without_the_embedded_gateway_contained_routes_are_closed(front):
    front.target.put(policy(MORE))
    front.gateway._await(front.gateway._call(front.gateway.worker.stop))
    raw = ask(front.address, get(ROUTE))
    assert not leaks(raw)
    assert Answer(raw).status == 503
    assert Answer(ask(front.address, get("/other"))).status == 200


@needs_haproxy
def test_policies_come_and_go_without_a_failed_request_and_hold_at_once(front):
    stop, problems = threading.Event(), []

    def client():
        with socket.create_connection((front.address.host, front.address.port), timeout=10) as sock:
            while not stop.is_set():
                sock.sendall(b"GET " + ROUTE.encode() + b" HTTP/1.1\r\nHost: a\r\n\r\n")
                raw = b""
                while b"\r\n\r\n" not in raw or not Answer(raw).complete:
                    piece = sock.recv(65536)
                    if not piece:
                        problems.append("closed")
                        return
                    raw += piece
                if Answer(raw).status != 200:
                    problems.append("failed")

    threads = [threading.Thread(target=client) for _ in range(2)]
    for thread in threads:
        thread.start()
    for _ in range(8):
        front.target.put(policy(MORE))
        assert not leaks(ask(front.address, get(ROUTE)))
        front.target.put(None)
    stop.set()
    for thread in threads:
        thread.join()
    assert problems == []


@needs_haproxy
def test_without_a_backend_to_steer_to_masking_is_refused_by_name(tmp_path):
    with running(plain) as gateway:
        haproxy = Haproxy(tmp_path, gateway, name="other")
        try:
            lacking = haproxy.target.shortfalls(policy(MORE))
            assert [shortfall.rule_id for shortfall in lacking] == ["mask-author", "mask-graphql"]
            assert haproxy.target.shortfalls(policy("  - id: stop\n    match: {template: /export}\n    deny: true\n", HEAD)) == ()
        finally:
            haproxy.stop()


def test_a_socket_that_is_not_there_is_said_so():
    with pytest.raises(OutsideError, match="can't be reached"):
        parse_target("haproxy=/nowhere/haproxy.sock", token="").running()


def test_the_documented_lines_are_those_that_the_maps_are_made_for():
    documented = (Path(__file__).resolve().parents[2] / "docs" / "haproxy.md").read_text()
    assert fragment("/etc/haproxy") in documented
