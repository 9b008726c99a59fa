"""Replaying over real HTTP on loopback."""

import importlib.util
import json
import shutil
import subprocess
import sys
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from click.testing import CliRunner

from stanch.cli.replay import command
from stanch.cli.scan import command as scan_command
from stanch.cli.trace import command as trace_command
from stanch.errors import InputError, OutsideError

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "leaky-articles"
CANARY = "canary-person@example.org"
OLD, NEW = "old-token-0000000001", "new-token-0000000002"


def entry(method, path, status, answer, *, token=None, asked=None, cookies=()):
    headers = [{"name": "Authorization", "value": f"Bearer {token}"}] if token else []
    request = {"method": method, "url": f"https://api.example.org{path}", "headers": headers}
    if asked is not None:
        request["postData"] = {"mimeType": "application/json", "text": json.dumps(asked)}
    told = [{"name": "Content-Type", "value": "application/json"}, *({"name": "Set-Cookie", "value": c} for c in cookies)]
    response = {"status": status, "headers": told, "content": {"mimeType": "application/json", "text": json.dumps(answer)}}
    return {"startedDateTime": "2026-03-02T09:00:00Z", "request": request, "response": response}


@pytest.fixture
def capture(tmp_path):
    entries = [
        entry("POST", "/login", 200, {"token": OLD}, asked={"name": "ann"}),
        entry("GET", "/me", 200, {"name": "Ann", "email": CANARY}, token=OLD),
    ]
    file = tmp_path / "traffic.har"
    file.write_text(json.dumps({"log": {"version": "1.2", "entries": entries}}))
    return str(file)


@contextmanager
def service(answers):
    """Serve fixed answers; record what came."""
    seen = []

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self):
            seen.append((self.command, self.path, self.headers.get("Authorization")))
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            allowed = self.path == "/login" or self.headers.get("Authorization") == f"Bearer {NEW}"
            body = json.dumps(answers[self.path] if allowed else {}).encode()
            self.send_response(200 if allowed else 401)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_POST = do_GET  # noqa: N815 -- the library's name

        def log_message(self, *args):
            pass

    server = HTTPServer(("127.0.0.1", 0), Answer)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", seen
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def run(*arguments):
    result = CliRunner().invoke(command, list(arguments))
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def test_a_stale_token_is_replaced_by_the_one_that_the_service_hands_out(capture):
    with service({"/login": {"token": NEW}, "/me": {"name": "Ann", "email": CANARY}}) as (url, seen):
        result = run(capture, "--against", url, "--format", "json")
    assert seen[1] == ("GET", "/me", f"Bearer {NEW}")
    assert json.loads(result.output)["n_exchanges"] == 2


def test_a_member_that_is_missing_fails_and_no_value_is_shown(capture):
    with service({"/login": {"token": NEW}, "/me": {"name": "Ann"}}) as (url, _):
        result = run(capture, "--against", url)
    assert result.exit_code == 1
    assert "missing now: GET /me $.email" in result.output
    for secret in (CANARY, OLD, NEW, "Ann"):
        assert secret not in result.output


def test_a_given_header_is_sent_in_place_of_the_captured_one(capture):
    with service({"/login": {"token": "x"}, "/me": {"name": "Ann", "email": CANARY}}) as (url, seen):
        run(capture, "--against", url, "--header", f"Authorization: Bearer {NEW}")
    assert seen[1][2] == f"Bearer {NEW}"


def test_requests_that_change_data_are_not_sent_to_other_machines(capture):
    from stanch.engines.replay import target_of

    assert target_of("https://api.example.org", (), unsafe_methods=False).only_safe
    assert not target_of("https://api.example.org", (), unsafe_methods=True).only_safe
    assert not target_of("http://127.0.0.1:1", (), unsafe_methods=False).only_safe


@pytest.mark.parametrize("url", ["127.0.0.1:80", "ftp://x", "http://"])
def test_an_address_that_is_none_is_the_callers_mistake(capture, url):
    with pytest.raises(InputError, match="no http"):
        run(capture, "--against", url)


def test_a_service_that_is_not_running_is_an_outside_failure(capture):
    with pytest.raises(OutsideError, match="does not accept"):
        run(capture, "--against", "http://127.0.0.1:1")


@contextmanager
def backend(folder):
    process = subprocess.Popen([sys.executable, "serve.py", "--app", "leaky"], cwd=folder, stdout=subprocess.PIPE, text=True)
    try:
        yield process.stdout.readline().strip()
    finally:
        process.terminate()
        process.wait(10)
        process.stdout.close()


def recorded(folder):
    spec = importlib.util.spec_from_file_location("leaky_articles_record_for_replay", EXAMPLE / "record.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    file = folder / "leaky.har"
    file.write_bytes(module.record("leaky", 7))
    return file


def scanned(capture, report):
    extras = ["--contract", str(EXAMPLE / "openapi.yaml"), "--client", str(EXAMPLE / "mobile")]
    CliRunner().invoke(scan_command, [str(capture), *extras, "--format", "json", "-o", str(report), "--quiet"])


def test_the_proposed_fix_takes_the_sample_backends_leak_away_and_changes_nothing_else(tmp_path):
    capture = recorded(tmp_path)
    report = tmp_path / "report.json"
    scanned(capture, report)
    copy = tmp_path / "backend"
    shutil.copytree(EXAMPLE, copy, ignore=shutil.ignore_patterns("__pycache__"))
    with backend(copy) as url:
        before = run(str(capture), "--against", url, "--report", str(report))
    assert before.exit_code == 1
    assert "still there" in before.output
    for arguments in (["init", "-q"], ["add", "-A"], ["-c", "user.name=Ann", "-c", "user.email=ann@example.org", "commit", "-qm", "x"]):
        subprocess.run(["git", *arguments], cwd=copy, check=True)
    CliRunner().invoke(trace_command, [str(copy), "--report", str(report), "--apply", "--cache", str(tmp_path / "cache")])
    with backend(copy) as url:
        after = run(str(capture), "--against", url, "--report", str(report))
    assert "nothing else differs" in after.output
    assert after.exit_code == 0
