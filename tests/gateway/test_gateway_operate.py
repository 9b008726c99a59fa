"""A change from the command line to the wire and back: applied, verified, shown, rolled back, lifted, and half-done."""

import asyncio
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request

import pytest
from hazards import MASKED, PLAIN, ROUTE, leaks
from stack import HEAD, Answer, Origin, answer, ask, get, policy, running

from stanch.contain.text import to_yaml
from stanch.errors import InputError, OutsideError
from stanch.gateway import operate
from stanch.gateway.admin import Admin
from stanch.gateway.config import Address, Timeouts
from stanch.gateway.fleet import Single
from stanch.gateway.journal import Journal, Step, half_done
from stanch.gateway.metrics import Metrics, exposition, merged
from stanch.gateway.targets import parse_target
from stanch.gateway.targets.file import FileTarget
from stanch.gateway.targets.interface import Enforced, Shortfall
from stanch.gateway.verify import probe_of, probes, site, verify
from stanch.traffic.exchange import Exchange

RULE = '  - id: m\n    match: {template: "/api/articles/{slug}/comments/{id}"}\n    mask: [$.author.email]\n'
TOKEN = "t" * 32


def plain(_request, connection):
    connection.sendall(answer(PLAIN))


@pytest.fixture
def controlled():
    """A running gateway with its control port."""
    with running(plain) as gateway:
        admin = Admin(Single(gateway.worker), TOKEN)
        gateway.control = asyncio.run_coroutine_threadsafe(admin.start(Address(host="127.0.0.1", port=0)), gateway._loop).result(5)
        gateway.target = parse_target(f"gateway=http://{gateway.control}", token=TOKEN)
        yield gateway
        gateway._loop.call_soon_threadsafe(admin.close)


@pytest.fixture
def journal(tmp_path):
    return Journal(tmp_path / "state", by="Dan", why="drill")


def revision(n, rules=RULE):
    return policy(rules, HEAD.replace("rev: 1", f"rev: {n}"))


def test_a_policy_is_applied_verified_rolled_back_and_lifted(controlled, journal):
    origin = f"http://127.0.0.1:{controlled.origin.port}"
    request = probe_of(f"{controlled.url}{ROUTE}")
    check = lambda: verify(revision(1), through=site(controlled.url), direct=site(origin), requests=[request])  # noqa: E731
    done = operate.apply(revision(1), [controlled.target], journal, check=check)
    assert done.whole
    assert (done.verified.n_members, done.verified.faults) == (1, ())
    assert not leaks(ask(controlled.address, get(ROUTE)))
    two = revision(2, RULE.replace("$.author.email", "$.author.name"))
    assert operate.apply(two, [controlled.target], journal).whole
    assert leaks(ask(controlled.address, get(ROUTE)))
    assert operate.rollback([controlled.target], journal).whole
    assert controlled.target.running() == revision(1)
    assert operate.lift([controlled.target], journal).whole
    assert controlled.target.running() is None
    standings, half, entries = operate.status([controlled.target], journal)
    assert (standings[0].policy, half) == (None, None)
    assert [e.verb for e in entries if e.phase == "end"] == ["apply", "apply", "rollback", "lift"]
    assert {(e.by, e.why) for e in entries} == {("Dan", "drill")}


def test_a_mask_that_does_not_hold_is_not_verified(controlled, journal):
    origin = f"http://127.0.0.1:{controlled.origin.port}"
    claimed = revision(1, RULE.replace("mask: [$.author.email]", "mask: [$.author.email, $.author.name]"))
    operate.apply(revision(1), [controlled.target], journal)
    found = verify(claimed, through=site(controlled.url), direct=site(origin), requests=[probe_of(f"{controlled.url}{ROUTE}")])
    assert not found.holds
    assert "ann" not in found.says.lower().replace("answer", "")


def test_probes_that_prove_nothing_are_no_proof(controlled):
    origin = f"http://127.0.0.1:{controlled.origin.port}"
    wide = revision(1, RULE.replace("$.author.email", "$.no.such"))
    controlled.apply(wide)
    found = verify(wide, through=site(controlled.url), direct=site(origin), requests=[probe_of(f"{controlled.url}{ROUTE}")])
    assert "nothing is proved" in found.says
    assert not verify(wide, through=site(controlled.url), direct=site(origin), requests=[]).holds


def test_probes_are_safe_requests_on_contained_routes_those_without_credential_first():
    def exchange(method, url, *headers, status=200):
        return Exchange(where="c", method=method, url=url, status=status, request_headers=headers)

    base = "http://api.example.org"
    chosen = probes(
        revision(1),
        [
            exchange("GET", base + ROUTE, ("Authorization", "Bearer x")),
            exchange("POST", base + ROUTE),
            exchange("GET", base + "/other"),
            exchange("GET", base + ROUTE, status=404),
            exchange("GET", base + ROUTE + "?anonymous"),
        ],
    )
    assert [request.target for request in chosen] == [ROUTE + "?anonymous", ROUTE]


class Failing:
    name = "failing=x"

    def __init__(self, *, short=False):
        self.short = short

    def shortfalls(self, _policy):
        return (Shortfall(rule_id="m", what="it can't mask", instead="steer the route to the embedded gateway"),) if self.short else ()

    def running(self):
        return None

    def put(self, _policy, *, rollback=False):
        raise OutsideError("can't be reached", where=self.name)


def test_a_change_that_fails_half_way_is_seen_until_it_is_resumed(controlled, journal):
    done = operate.apply(revision(1), [controlled.target, Failing()], journal)
    assert not done.whole
    assert [result.problem for result in done.results] == ["", "failing=x: can't be reached"]
    _, half, _ = operate.status([controlled.target], journal)
    assert half.verb == "apply"
    assert operate.apply(revision(1), [controlled.target], journal).whole
    assert operate.status([controlled.target], journal)[1] is None


def test_a_target_that_can_not_enforce_a_rule_is_refused_before_anything_changes(controlled, journal):
    with pytest.raises(InputError, match=r"can't enforce rule m: it can't mask \(steer"):
        operate.apply(revision(1), [controlled.target, Failing(short=True)], journal)
    assert controlled.target.running() is None
    assert journal.entries() == []


def test_a_partial_acknowledgement_is_a_failure():
    assert not Enforced(rev=1, digest="", at="", n_nodes=3, n_acknowledged=2, took_ms=1).everywhere


def test_an_older_revision_and_a_wrong_token_are_refused(controlled, journal):
    controlled.target.put(revision(5))
    with pytest.raises(OutsideError, match="revision 5 holds already"):
        controlled.target.put(revision(4))
    controlled.target.put(revision(4), rollback=True)
    with pytest.raises(OutsideError, match="token"):
        parse_target(f"gateway=http://{controlled.control}", token="wrong").running()
    with pytest.raises(OutsideError, match="can't be reached"):
        parse_target("gateway=http://127.0.0.1:1", token=TOKEN).running()


@pytest.mark.parametrize("text", ["gateway", "gateway=ftp://x", "nginx=1", "file="])
def test_what_is_no_target_is_refused(text):
    with pytest.raises(InputError):
        parse_target(text, token="")


def test_the_control_port_refuses_nonsense_and_tells_counts_without_a_token(controlled):
    def at(method, path, body=b""):
        fields = [("Content-Length", str(len(body))), ("Authorization", f"Bearer {TOKEN}")]
        return Answer(ask(controlled.control, get(path, method=method, fields=fields, body=body)))

    assert at("PUT", "/policy", b"rules: [").status == 422
    assert at("GET", "/nothing").status == 404
    assert at("PUT", "/policy", to_yaml(revision(1)).encode()).status == 200
    told = json.loads(at("GET", "/status").body)
    assert (told["policy"]["name"], told["policy"]["rev"], told["n_workers"]) == ("p", 1, 1)
    ask(controlled.address, get(ROUTE))
    text = Answer(ask(controlled.control, get("/metrics"))).body.decode()
    assert 'stanch_fields_masked_total{rule="m"} 1' in text
    assert Answer(ask(controlled.control, get("/healthz"))).body == b"ok\n"
    assert Answer(ask(controlled.control, get("/status"))).status == 403
    assert Answer(ask(controlled.control, b"nonsense\r\n\r\n")).status == 400


def test_a_control_port_beyond_loopback_is_refused():
    with pytest.raises(InputError, match="loopback"):
        asyncio.run(Admin(Single(None), TOKEN).start(Address(host="0.0.0.0", port=0)))


def test_a_file_is_a_target_too(tmp_path):
    target = FileTarget(str(tmp_path / "policy.yaml"))
    assert target.running() is None
    target.put(revision(3))
    assert target.running() == revision(3)
    target.put(None)
    assert target.running() is None


def test_a_journal_shows_what_was_changed_and_survives_a_torn_line(journal):
    journal.write(Step(verb="apply", phase="begin", policy="p"))
    with journal.path.open("ab") as file:
        file.write(b'{"number":2,"at":')
    journal.write(Step(verb="apply", phase="end", policy="p"))
    assert [entry.phase for entry in journal.entries()] == ["begin", "end"]
    assert half_done(journal.entries()) is None
    lines = journal.path.read_bytes().split(b"\n")
    journal.path.write_bytes(b"\n".join([lines[0].replace(b"Dan", b"Eve"), *lines[1:]]))
    with pytest.raises(InputError, match="line 2"):
        journal.entries()
    journal.path.write_bytes(b"\n".join(lines[1:]))
    with pytest.raises(InputError, match="line 1"):
        journal.entries()


def test_counts_of_several_workers_are_added_up():
    one = Metrics()
    one.add("stanch_requests_total", 2, did="passed", status="2xx")
    one.took(0.002)
    both = merged([one.snapshot(), json.loads(json.dumps(one.snapshot()))])
    text = exposition(both, {"stanch_policy_rev": 3, "stanch_policy_expires_in_seconds": float("inf")})
    assert 'stanch_requests_total{did="passed",status="2xx"} 4' in text
    assert "stanch_request_duration_seconds_count 2" in text
    assert "inf" not in text.lower().replace('le="+inf"', "")


ENVIRONMENT = {**os.environ, "PYTHONUNBUFFERED": "1"}


def started(folder, origin, *more):
    """Start ``stanch gateway`` as a process; give it and its two addresses."""
    command = [sys.executable, "-m", "stanch", "gateway", "--upstream", f"http://127.0.0.1:{origin.port}", "--listen", "127.0.0.1:0", *more]
    process = subprocess.Popen(command, cwd=folder, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=ENVIRONMENT)
    lines = [process.stderr.readline() for _ in range(3)]
    found = re.findall(r"http://127\.0\.0\.1:(\d+)", "".join(lines[:2]))
    assert len(found) == 3, lines
    return process, Address(host="127.0.0.1", port=int(found[0])), int(found[2]), lines


def stopped(process):
    process.send_signal(signal.SIGTERM)
    out, errors = process.communicate(timeout=20)
    assert process.returncode == 0, errors
    return out, errors


def until(condition):
    limit = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < limit
        time.sleep(0.02)


def test_the_command_watches_its_policy_file_and_logs_no_personal_data(tmp_path):
    origin = Origin(plain)
    (tmp_path / "policy.yaml").write_text(to_yaml(revision(1)))
    (tmp_path / "routes.txt").write_text("/api/articles/{slug}/comments/{id}\n")
    process, address, _, lines = started(
        tmp_path, origin, "--policy", "policy.yaml", "--routes", "routes.txt", "--access-log", "access.log", "--tap", "tap"
    )
    assert "policy    p revision 1, 1 rules, from policy.yaml" in lines[2]
    assert not leaks(ask(address, get(ROUTE)))
    (tmp_path / "policy.yaml").write_text("rules: [")
    assert "not taken" in process.stderr.readline()
    assert not leaks(ask(address, get(ROUTE + "?who=ann.7731")))
    (tmp_path / "policy.yaml").write_text(to_yaml(revision(2, RULE.replace("$.author.email", "$.author.name"))))
    assert "revision 2 holds on 1 of 1 workers" in process.stderr.readline()
    assert leaks(ask(address, get(ROUTE)))
    out, errors = stopped(process)
    log = (tmp_path / "access.log").read_text()
    assert log.count('"route":"/api/articles/{slug}/comments/{id}"') == 3
    assert "7731" not in log + out + errors
    assert b"7731" not in (tmp_path / "tap").read_bytes()
    origin.close()


def test_several_workers_share_the_port_take_the_policy_and_are_replaced_when_they_die(tmp_path):
    origin = Origin(plain)
    process, address, control, _ = started(tmp_path, origin, "--workers", "2")
    target = parse_target(f"gateway=http://127.0.0.1:{control}", token=(tmp_path / ".stanch/gateway/admin.token").read_text())
    done = target.put(revision(1))
    assert (done.n_nodes, done.n_acknowledged) == (2, 2)
    for _ in range(8):
        assert Answer(ask(address, get(ROUTE))).body == MASKED
    children = subprocess.run(["pgrep", "-P", str(process.pid), "-f", "spawn_main"], capture_output=True, text=True, check=False).stdout.split()
    if children:
        os.kill(int(children[0]), signal.SIGKILL)
        until(lambda: b"stanch_worker_restarts 1" in urllib.request.urlopen(f"http://127.0.0.1:{control}/metrics").read())
        for _ in range(8):
            assert not leaks(ask(address, get(ROUTE)))
    stopped(process)
    # what was applied last holds again, before the first connection
    process, address, _, lines = started(tmp_path, origin)
    assert "p revision 1, 1 rules, from" in lines[2]
    assert not leaks(ask(address, get(ROUTE)))
    stopped(process)
    origin.close()


def test_a_gateway_does_not_start_without_the_policy_it_was_told_to_run(tmp_path):
    command = [sys.executable, "-m", "stanch", "gateway", "--upstream", "http://127.0.0.1:9", "--listen", "127.0.0.1:0", "--policy", "missing.yaml"]
    found = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, env=ENVIRONMENT)
    assert (found.returncode, found.stderr.count("\n")) == (2, 1)
    assert "missing.yaml" in found.stderr


def test_a_limit_holds_over_real_connections():
    rules = "  - id: slow\n    match: {template: /a}\n    limit: {per: token, rate: 3/hour}\n"
    with running(plain, rules) as gateway:
        ann = [Answer(ask(gateway.address, get(fields=[("Authorization", "Bearer ann")]))).status for _ in range(5)]
        bob = Answer(ask(gateway.address, get(fields=[("Authorization", "Bearer bob")])))
        last = Answer(ask(gateway.address, get(fields=[("Authorization", "Bearer ann")])))
    assert ann == [200, 200, 200, 429, 429]
    assert bob.status == 200
    assert int(last.value("retry-after")) > 600


def test_a_canary_stops_for_everyone_as_soon_as_it_leaks():
    rules = RULE + '  - id: back\n    match: {template: "/api/articles/{slug}/comments/{id}"}\n    canary: {release: 100%, watch: $.author.email}\n'
    mended = threading.Event()

    def script(_request, connection):
        connection.sendall(answer(MASKED if mended.is_set() else PLAIN, fields=(("Content-Type", "application/json"), ("ETag", '"1"'))))

    bob = get(ROUTE, fields=[("Authorization", "Bearer bob")])
    with running(script, rules) as gateway:
        mended.set()
        assert Answer(ask(gateway.address, bob)).value("etag") == '"1"'
        mended.clear()
        assert not leaks(ask(gateway.address, bob))
        assert gateway.worker.context.ruling.tripped == {"back"}
        mended.set()
        assert Answer(ask(gateway.address, bob)).value("etag") is None


def test_a_fault_of_ours_on_a_contained_route_lets_nothing_out(monkeypatch):
    def broken(*_args, **_more):
        raise RuntimeError("ann.7731@example.org")

    with running(plain, RULE) as gateway:
        monkeypatch.setattr("stanch.gateway.exchange.respond", broken)
        raw = ask(gateway.address, get(ROUTE))
        assert not leaks(raw)
        assert Answer(raw).status == 502
        assert gateway.worker.context.metrics.total("stanch_faults_total") == 1


def test_after_its_time_nothing_of_a_policy_holds():
    over = HEAD.replace("on_error", "expires: 2020-01-01T00:00:00Z\non_error")
    with running(plain) as gateway:
        gateway.apply(policy(RULE, over))
        assert leaks(ask(gateway.address, get(ROUTE)))
        assert gateway.worker.gauges()["stanch_policy_rules"] == 0
        assert gateway.worker.gauges()["stanch_policy_expires_in_seconds"] < 0


def test_a_large_upload_to_a_contained_route_is_not_gathered_because_another_rule_is_about_graphql():
    rules = RULE.replace("mask-author", "m") + "  - id: g\n    match: {template: /graphql}\n    mask: [$.data.a]\n"
    body = b"x" * 3_000_000
    with running(plain, rules) as gateway:
        found = Answer(ask(gateway.address, get(ROUTE, method="POST", fields=[("Content-Length", str(len(body)))], body=body)))
        assert found.status == 200
        assert gateway.origin.requests[-1].body == body


def test_a_head_that_drips_in_is_given_up():
    with running(plain, timeouts=Timeouts(head_s=0.5)) as gateway:
        sock = socket.create_connection((gateway.address.host, gateway.address.port), timeout=5)
        with sock, pytest.raises((BrokenPipeError, ConnectionResetError)):
            drip(sock)


def drip(sock):
    for _ in range(100):
        sock.sendall(b"G")
        time.sleep(0.05)
