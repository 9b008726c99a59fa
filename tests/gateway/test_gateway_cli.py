"""The commands as their user meets them: what they print, what they write, and how they exit."""

import json
import re

import pytest
from click.testing import CliRunner
from hazards import PLAIN
from stack import policy, running

from stanch.cli.contain import command
from stanch.contain.parse import parse_policy
from stanch.contain.text import to_yaml
from stanch.errors import InputError
from stanch.finding.render.json import render_json

CANARY = "7731"


def run(*arguments):
    """Run ``stanch contain``; give exit code, output, and the error that the outermost loop would print."""
    result = CliRunner().invoke(command, list(map(str, arguments)), standalone_mode=False)
    if result.exception is not None and not isinstance(result.exception, SystemExit | InputError):
        raise result.exception
    return result.exit_code if not isinstance(result.exception, InputError) else 2, result.output + result.stderr, result.exception


@pytest.fixture
def report_file(leaky_report, tmp_path):
    path = tmp_path / "report.json"
    path.write_bytes(render_json(leaky_report))
    return path


def test_from_a_report_to_a_checked_policy(report_file, leaky_file, tmp_path):
    out = tmp_path / "policy.yaml"
    code, said, _ = run("plan", report_file, "--capture", leaky_file, "--incident", "INC-42", "--days", "7", "-o", out)
    assert code == 0
    assert "proved" in said
    assert re.search(r"\+ mask-get-api-articles-one-comments-one: masks \d on GET /api/articles/\{slug\}/comments/\{id\}", said)
    written = parse_policy(out.read_bytes(), name="p")
    assert (written.incident, written.on_error) == ("INC-42", "block")
    code, said, _ = run("check", out, leaky_file)
    assert (code, "none survives" in said) == (0, True)
    assert "@example.org" not in said


def test_a_plan_on_standard_output_is_a_policy(report_file):
    result = CliRunner().invoke(command, ["plan", str(report_file), "--severity", "high"], standalone_mode=False)
    assert len(parse_policy(result.stdout.encode(), name="p").rules) == 3


def test_a_plan_that_reaches_too_far_is_refused_with_its_limit_and_written_by_force(report_file, tmp_path):
    capture = tmp_path / "one.ndjson"
    row = {
        "method": "GET",
        "url": "http://api.example.org/api/articles/a/comments/1",
        "status": 200,
        "response_body": '{"comment":{"author":{"email":"ann@example.org"}}}',
    }
    capture.write_text(json.dumps(row) + "\n")
    out = tmp_path / "policy.yaml"
    code, _, error = run("plan", report_file, "--capture", capture, "-o", out)
    assert (code, out.exists()) == (2, False)
    assert "100% of the responses, and max_share_of_responses is 50%" in str(error)
    assert run("plan", report_file, "--capture", capture, "-o", out, "--force")[0] == 0
    assert out.exists()


def test_a_check_that_fails_says_where_and_exits_1(tmp_path):
    (tmp_path / "policy.yaml").write_text(to_yaml(policy("  - id: m\n    match: {template: /a}\n    mask: [$.email]\n")))
    row = {
        "method": "GET",
        "url": "http://a.example.org/a",
        "status": 200,
        "response_body": '{"email":"ann.7731@example.org","by":"ann.7731@example.org"}',
    }
    (tmp_path / "c.ndjson").write_text(json.dumps(row) + "\n")
    code, said, _ = run("check", tmp_path / "policy.yaml", tmp_path / "c.ndjson")
    assert code == 1
    assert "survives c.ndjson#line 1: a targeted value still stands in response.body $.by" in said
    assert CANARY not in said


@pytest.mark.parametrize(
    ("arguments", "what"),
    [
        (["plan", "missing.json"], "can't be read"),
        (["check", "missing.yaml", "x"], "can't be read"),
        (["apply", "policy.yaml", "--target", "nginx=x"], "no target"),
        (["apply", "policy.yaml", "--target", "gateway=http://127.0.0.1:1"], "token can't be read"),
        (["apply", "policy.yaml", "--target", "file=x.yaml", "--probe", "http://127.0.0.1:1"], "needs both"),
    ],
)
def test_a_mistake_is_one_line(arguments, what, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "policy.yaml").write_text(to_yaml(policy("  - id: m\n    match: {template: /a}\n    deny: true\n")))
    code, _, error = run(*arguments)
    assert (code, "\n" in str(error)) == (2, False)
    assert what in str(error)


def test_a_policy_file_is_applied_verified_shown_and_lifted(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    text = to_yaml(policy("  - id: m\n    match: {template: /a}\n    mask: [$.author.email]\n"))
    (tmp_path / "policy.yaml").write_text(text)

    def plain(_request, connection):
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(PLAIN) + PLAIN)

    with running(plain) as gateway:
        gateway.apply(parse_policy(text.encode(), name="p"))
        verifying = ["--probe", f"{gateway.url}/a", "--direct", f"http://127.0.0.1:{gateway.origin.port}"]
        code, said, _ = run("apply", "policy.yaml", "--target", "file=live.yaml", "--by", "Dan", "--why", "drill", *verifying)
    assert code == 0
    assert "verified  1 requests: 1 members that the origin sends did not come through, and nothing else changed" in said
    code, said, _ = run("status", "--target", "file=live.yaml")
    assert code == 0
    assert "enforced  file=live.yaml: p revision 1" in said
    assert "Dan apply verified" in said
    assert run("lift", "--target", "file=live.yaml")[0] == 0
    assert "nothing   file=live.yaml" in run("status", "--target", "file=live.yaml")[1]
    assert run("rollback", "--target", "file=live.yaml")[0] == 0
    assert "p revision 1" in run("status", "--target", "file=live.yaml")[1]
    assert CANARY not in (tmp_path / ".stanch" / "contain" / "journal.ndjson").read_text()


def test_every_command_shows_an_example():
    for name in command.commands:
        assert "Example:" in CliRunner().invoke(command, [name, "--help"]).output
