"""The command, end to end on the sample backend."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner

from stanch.cli.trace import command
from stanch.errors import InputError

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "leaky-articles"


def report_file(folder, rows):
    findings = [
        {
            "fingerprint": f"f{number}", "endpoint": endpoint, "path": path, "where": "response.body", "status": 200, "datatype": "contact.email",
            "verdict": "excessive", "confidence": 0.9, "severity": "high", "title": "t", "reasons": [],
        }
        for number, (endpoint, path) in enumerate(rows)
    ]  # fmt: skip
    file = folder / "report.json"
    file.write_text(json.dumps({"schema": "stanch.report/1", "capture": {"n_exchanges": 1, "n_bytes": 1}, "findings": findings}))
    return str(file)


LEAKS = [
    ("GET /api/articles/{slug}/comments/{id}", "$.comment.author.email"),
    ("GET /api/articles/{slug}/comments", "$.comments[*].author.password_hash"),
    ("POST /api/articles/{slug}/comments", "$.comment.author.phone"),
]


@pytest.fixture
def run(tmp_path):
    def call(*arguments, rows=LEAKS, source=EXAMPLE):
        result = CliRunner().invoke(command, [str(source), "--report", report_file(tmp_path, rows), "--cache", str(tmp_path / "cache"), *arguments])
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    return call


def test_the_sample_backends_leak_is_one_cause(run):
    found = json.loads(run("--format", "json").output)
    (cause,) = found["causes"]
    assert (cause["file"], cause["symbol"], cause["fields"]) == (
        "articles_api/models.py",
        "SerializerMixin.to_dict",
        ["email", "password_hash", "phone"],
    )
    line = (EXAMPLE / cause["file"]).read_text().splitlines()[cause["line"] - 1]
    assert "__table__.columns" in line
    assert found["findings"][0]["route"]["handler"]["symbol"] == "create_app.one_comment"


def test_a_second_run_on_a_cached_index_says_the_same(run, tmp_path):
    first = run("--format", "json").output
    assert list((tmp_path / "cache").iterdir())
    assert run("--format", "json").output == first


def test_the_cache_holds_no_text_of_the_source(run, tmp_path):
    source = tmp_path / "src"
    source.mkdir()
    (source / "app.py").write_text(
        'from flask import Flask\napp = Flask(__name__)\nKEY = "canary-7f3"\n@app.get("/x")\ndef x():\n    return {"a": "canary-value"}\n'
    )
    run("--format", "json", source=source, rows=[("GET /x", "$.a")])
    stored = b"".join(p.read_bytes() for p in (tmp_path / "cache").iterdir())
    assert b"canary" not in stored
    assert b"/x" in stored


@pytest.mark.parametrize("fmt", ["table", "md", "sarif"])
def test_every_form_names_the_cause(run, fmt):
    assert "articles_api/models.py" in run("--format", fmt).output


def test_sarif_puts_the_result_at_the_line_with_its_way(run):
    (result,) = json.loads(run("--format", "sarif").output)["runs"][0]["results"]
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "articles_api/models.py"
    flow = result["codeFlows"][0]["threadFlows"][0]["locations"]
    assert [s["location"]["message"]["text"].split(":")[0] for s in flow] == [
        "route",
        "handler",
        "dict-key",
        "dict-key",
        "generic-serialiser",
        "model-attribute",
    ]


def test_what_cannot_be_followed_is_said(run):
    found = json.loads(run("--format", "json", rows=[("GET /api/unknown/{id}", "$.email")]).output)
    assert found["causes"] == []
    assert "no route" in found["findings"][0]["abstained"]


def test_a_folder_that_is_not_there_is_the_callers_mistake(run, tmp_path):
    with pytest.raises(InputError, match="no such folder"):
        run(source=tmp_path / "nowhere")


def test_a_folder_without_sources_is_the_callers_mistake(run, tmp_path):
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match="no source files"):
        run(source=tmp_path / "empty")


def git(folder, *arguments):
    subprocess.run(["git", "-c", "user.name=Ann", "-c", "user.email=ann@example.org", *arguments], cwd=folder, check=True, capture_output=True)


@pytest.fixture
def copy(tmp_path):
    """A copy of the sample backend under git."""
    folder = tmp_path / "backend"
    shutil.copytree(EXAMPLE, folder, ignore=shutil.ignore_patterns("__pycache__"))
    git(folder, "init", "-q")
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "as it was")
    return folder


def test_the_safe_fix_is_written_onto_a_clean_tree_and_mends_it(run, copy):
    run("--apply", source=copy)
    found = json.loads(run("--format", "json", source=copy).output)
    assert found["causes"] == []
    assert "to_public()" in (copy / "articles_api" / "comment_view.py").read_text()


def test_nothing_is_written_onto_a_tree_with_changes(run, copy):
    (copy / "articles_api" / "seed.py").write_text("# changed\n")
    with pytest.raises(InputError, match="not committed"):
        run("--apply", source=copy)
    assert "to_public" not in (copy / "articles_api" / "comment_view.py").read_text()


def test_the_diff_is_one_that_git_takes(run, copy, tmp_path):
    (cause,) = json.loads(run("--format", "json", source=copy).output)["causes"]
    (tmp_path / "fix.diff").write_text(cause["fix"]["diff"])
    git(copy, "apply", "--check", str(tmp_path / "fix.diff"))
    assert cause["fix"]["safe"] is True


def test_without_a_report_a_risk_can_fail_a_build(tmp_path):
    arguments = [str(EXAMPLE), "--cache", str(tmp_path / "cache"), "--format", "json"]
    result = CliRunner().invoke(command, [*arguments, "--fail-on", "high"])
    assert result.exit_code == 1
    assert [r["rule"] for r in json.loads(result.output)["risks"]] == ["dump-with-secrets"]
    assert CliRunner().invoke(command, arguments).exit_code == 0


def test_a_cause_in_another_language_is_named_without_a_fix(run, tmp_path):
    source = tmp_path / "shop"
    source.mkdir()
    (source / "app.js").write_text("app.get('/users/:id', (req, res) => {\n  res.json({ name: u.name, email: u.email })\n})\n")
    (source / "tool.py").write_text("x = 1\n")
    (cause,) = json.loads(run("--format", "json", source=source, rows=[("GET /users/{id}", "$.email")]).output)["causes"]
    assert (cause["file"], cause["line"], cause["fix"]) == ("app.js", 2, None)
