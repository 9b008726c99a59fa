"""The scenario from one command, as ``make demo`` runs it."""

import json
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
STEPS = ("Record", "Detect", "Trace", "Contain", "Scope", "Notify", "Mend", "Run the incident")


@pytest.fixture(scope="module")
def played(tmp_path_factory):
    folder = tmp_path_factory.mktemp("demo")
    done = subprocess.run(
        [sys.executable, "-m", "stanch", "demo", "--no-serve", "--out", folder / "out"],
        capture_output=True,
        text=True,
        cwd=ROOT,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return done, folder / "out"


def test_every_step_is_played_in_order(played):
    done, _ = played
    assert re.findall(r"^(\d) ([A-Z][a-z ]+)  ", done.stderr, re.MULTILINE) == [(str(n), name) for n, name in enumerate(STEPS, 1)]


def test_all_that_is_planted_is_found_stopped_and_gone_from_the_mended_backend(played):
    done, folder = played
    truth = json.loads((folder / "leaky.truth.json").read_text())["entries"]
    assert f"{len(truth)} of {len(truth)} planted leaks found; 0 findings beside them." in done.stderr
    assert "a targeted value still stands" in done.stderr
    assert re.search(r"after: \d+ requests: \d+ members that the origin sends did not come through, and nothing else changed", done.stderr)
    assert "SerializerMixin.to_dict" in done.stdout
    assert "0 excessive fields left" in done.stderr


def test_nothing_of_the_sample_people_stands_in_what_the_demo_says_or_keeps(played):
    done, folder = played
    entries = json.loads((folder / "leaky.har").read_text())["log"]["entries"]
    asked = {entry["request"]["postData"]["text"] for entry in entries if entry["request"]["url"].endswith("/login")}
    values = {value for text in asked for value in json.loads(text).values()}
    assert len(values) > 10
    said = done.stdout + done.stderr
    kept = [path for path in folder.rglob("*") if path.is_file() and path.suffix != ".har"]
    assert len(kept) > 20
    for value in values:
        assert value not in said
        assert [path for path in kept if value.encode() in path.read_bytes()] == []


def test_the_demo_ends_with_a_console_and_a_link_that_signs_in_once(tmp_path):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    running = subprocess.Popen(
        [sys.executable, "-m", "stanch", "demo", "--out", tmp_path / "out", "--listen", f"127.0.0.1:{port}"],
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, cwd=ROOT,
    )  # fmt: skip
    try:
        said = ""
        while "Ctrl-C" not in said:
            line = running.stderr.readline()
            assert line, said[-2000:]
            said += line
        link = re.search(r"Sign in, once: +(\S+)", said)[1]
        assert link.startswith(f"http://127.0.0.1:{port}/")
        assert "stanch" in fetched(link)
    finally:
        running.send_signal(signal.SIGINT)
        running.stderr.close()
        assert running.wait(30) in {0, 130}


def fetched(url: str) -> str:
    for _ in range(100):
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:
                return answer.read().decode()
        except ConnectionError:
            time.sleep(0.1)
        except urllib.error.URLError as error:
            if not isinstance(error.reason, ConnectionError):
                raise
            time.sleep(0.1)
    raise AssertionError("the console does not answer")
