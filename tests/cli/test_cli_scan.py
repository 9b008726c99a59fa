"""The command as its users call it: a process of its own, its exit code, its two streams."""

import gzip
import json
import os
import subprocess
import sys

import pytest


def stanch(*args, stdin=b"", cwd=None):
    done = subprocess.run([sys.executable, "-m", "stanch", *map(str, args)], input=stdin, capture_output=True, cwd=cwd, timeout=120, check=False)
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def har(*entries) -> str:
    return json.dumps({"log": {"version": "1.2", "entries": list(entries)}})


def entry(body: str, *, url="https://api.example.org/me", headers=()):
    response = {"status": 200, "headers": [{"name": k, "value": v} for k, v in headers], "content": {"text": body}}
    return {"startedDateTime": "2026-03-01T10:00:00Z", "request": {"method": "GET", "url": url}, "response": response}


def test_the_sample_recording_gives_findings_and_exit_0(leaky_file):
    code, out, err = stanch("scan", leaky_file, "--format", "json")
    assert code == 0
    assert json.loads(out)["findings"][0]["severity"] == "critical"
    assert "Traceback" not in err


@pytest.mark.parametrize(("level", "expected"), [("critical", 1), ("low", 1)])
def test_something_severe_gives_exit_1(leaky_file, level, expected):
    assert stanch("scan", leaky_file, "--quiet", "--fail-on", level)[0] == expected


def test_nothing_severe_gives_exit_0(fixed_file):
    assert stanch("scan", fixed_file, "--quiet", "--fail-on", "low")[0] == 0


def test_a_baseline_silences_what_it_holds(leaky_file, tmp_path):
    baseline = tmp_path / "accepted.json"
    assert stanch("scan", leaky_file, "--quiet", "--format", "json", "-o", baseline)[0] == 0
    code, out, _ = stanch("scan", leaky_file, "--quiet", "--baseline", baseline, "--fail-on", "low", "--format", "json")
    assert code == 0
    assert [f["verdict"] for f in json.loads(out)["findings"] if f["verdict"] == "excessive"] == []


def test_without_arguments_there_is_help():
    code, out, _ = stanch()
    assert code == 0
    assert "scan" in out


@pytest.mark.parametrize("command", ["scan", "explain", "demo"])
def test_every_help_has_an_example(command):
    code, out, _ = stanch(command, "--help")
    assert code == 0
    assert "Example: stanch" in out


def gzip_that_claims_10_gb() -> bytes:
    return gzip.compress(b"\0" * 300_000_000, 9)[:-4] + (10 * 1000**3 % 2**32).to_bytes(4, "little")


BAD = {
    "empty": b"",
    "truncated": b'{"log": {"entries": [{"request": {"method": "GET", "url": "https://api.exa',
    "html": b"<!doctype html><html><body>zqcanary</body></html>",
    "bomb": gzip_that_claims_10_gb(),
    "deep": b'{"log": {"entries": ' + b"[" * 200_000,
    "text": b"zqcanary is no capture",
    "binary": bytes(range(256)) * 40,
    "parquet": b"PAR1zqcanary",
    "not_a_har": b'{"name": "zqcanary"}',
    "no_entries": b'{"log": {"entries": []}}',
    "xml": b"<?xml version='1.0'?><root>zqcanary</root>",
    "flow": b"999999999999:zqcanary",
}


@pytest.mark.parametrize("name", BAD)
def test_bad_input_gets_one_clear_line_and_exit_2(name, tmp_path):
    path = tmp_path / f"{name}.har"
    path.write_bytes(BAD[name])
    code, out, err = stanch("scan", path, "--quiet", "-o", tmp_path / "report.txt")
    assert (code, out) == (2, "")
    assert err.startswith("stanch: ")
    assert err.count("\n") == 1
    assert "zqcanary" not in err
    assert name in err
    assert not (tmp_path / "report.txt").exists()


def test_a_folder_without_captures_and_a_missing_file_get_one_line(tmp_path):
    for path in (tmp_path, tmp_path / "gone.har"):
        code, _, err = stanch("scan", path)
        assert code == 2
        assert err.count("\n") == 1


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_no_permission_gets_one_line(tmp_path):
    path = tmp_path / "secret.har"
    path.write_text(har())
    path.chmod(0)
    code, _, err = stanch("scan", path, "--quiet")
    assert (code, err.count("\n")) == (2, 1)


@pytest.mark.parametrize(
    "body",
    [
        "[" * 100_000,
        '{"email": "ann@example.org", "email": "bob@example.org"}',
        '{"a": NaN, "email": "ann@example.org"}',
        '{"n": ' + "9" * 5000 + ', "email": "ann@example.org"}',
        '{"a": "\ud800", "email": "ann@example.org"}',
        '{"email": "ann@example.org"',
    ],
    ids=["deep", "duplicate keys", "NaN", "huge integer", "lone surrogate", "cut short"],
)
def test_an_odd_body_is_counted_or_read_and_the_rest_is_still_read(body, tmp_path):
    path = tmp_path / "odd.har"
    path.write_text(har(entry(body), entry('{"email": "ann@example.org"}')))
    code, out, err = stanch("scan", path, "--quiet", "--format", "json")
    report = json.loads(out)
    assert (code, err) == (0, "")
    assert report["capture"]["n_exchanges"] == 2
    assert [f["datatype"] for f in report["fields"]] == ["contact.email"]


@pytest.mark.parametrize(
    ("option", "value"), [("--contract", "gone.yaml"), ("--baseline", "gone.json"), ("--client", "gone.apk"), ("--config", "gone.toml")]
)
def test_a_missing_further_file_is_named(option, value, leaky_file):
    code, _, err = stanch("scan", leaky_file, option, value, "--quiet")
    assert code == 2
    assert value in err
    assert err.count("\n") == 1


def test_a_result_that_cannot_be_written_is_a_clear_line(leaky_file, tmp_path):
    code, _, err = stanch("scan", leaky_file, "--quiet", "-o", tmp_path / "no" / "such" / "report.json")
    assert code == 2
    assert "can't be written" in err


def test_a_broken_pipe_is_no_fault(leaky_file):
    reader = subprocess.Popen(
        [sys.executable, "-m", "stanch", "scan", leaky_file, "--quiet", "--format", "json"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    reader.stdout.close()
    err = reader.stderr.read()
    reader.stderr.close()
    assert reader.wait(60) in {0, 141}
    assert b"Traceback" not in err


def test_colour_is_left_out_when_asked(leaky_file, monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[" not in stanch("scan", leaky_file)[1]


@pytest.mark.parametrize("fmt", ["table", "json", "sarif", "html", "md"])
def test_every_form_of_report_is_written_whole(leaky_file, tmp_path, fmt):
    path = tmp_path / "report"
    code, out, _ = stanch("scan", leaky_file, "--quiet", "--format", fmt, "-o", path)
    assert (code, out) == (0, "")
    assert path.stat().st_mode & 0o777 == 0o600
    assert "password_hash" in path.read_text()


PAGES = "".join(
    json.dumps({"method": "GET", "url": f"https://api.example.org/wiki/{page}", "status": 200, "response_body": {"a": 1}}) + "\n"
    for page in ("home", "start")
)


def templates(*args, cwd=None) -> set[str]:
    code, out, err = stanch("scan", "-", "--quiet", "--format", "json", *args, stdin=PAGES.encode(), cwd=cwd)
    assert code == 0, err
    return {endpoint["template"] for endpoint in json.loads(out)["endpoints"]}


def test_a_template_given_on_the_command_line_or_in_the_configuration_wins_over_traffic(tmp_path):
    assert templates() == {"/wiki/home", "/wiki/start"}
    assert templates("--endpoint", "/wiki/{page}") == {"/wiki/{page}"}
    (tmp_path / "stanch.toml").write_text('[endpoints]\ntemplates = ["/wiki/{page}"]\n')
    assert templates(cwd=tmp_path) == {"/wiki/{page}"}


def test_what_is_no_template_is_refused_in_one_line():
    code, out, err = stanch("scan", "-", "--quiet", "--endpoint", "wiki/{page", stdin=PAGES.encode())
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert "--endpoint" in err
    assert "Traceback" not in err
