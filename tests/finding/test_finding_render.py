import json
import re
from pathlib import Path

import jsonschema
import pytest
from rich.console import Console
from sarif_pydantic import Sarif

import stanch.finding
from stanch.errors import InputError
from stanch.finding.render.html import policy, render_html
from stanch.finding.render.json import parse_report, render_json
from stanch.finding.render.markdown import render_markdown
from stanch.finding.render.sarif import render_sarif
from stanch.finding.render.table import render_table
from stanch.finding.report import CaptureRow, Finding, Reason, Report, Undecodable

SCHEMA = json.loads((Path(stanch.finding.__file__).parent / "report.schema.json").read_text())
HOSTILE = "<script>alert(1)</script>|`'\"&"


def finding(**changes) -> Finding:
    given = {
        "fingerprint": "0123456789abcdef",
        "endpoint": "GET /api/comments/{id}",
        "path": "$.comment.author.email",
        "where": "response.body",
        "status": 200,
        "datatype": "contact.email",
        "verdict": "excessive",
        "confidence": 0.97,
        "severity": "high",
        "title": "E-mail address of the author goes to other users",
        "reasons": (Reason(signal="not_the_callers_own", weight=2.1, says="37 of 40 values belong to someone other than the caller"),),
        "n_subjects": 12,
        "n_recipients": 3,
        "references": ("OWASP API3:2023", "CWE-213"),
        "first_where": "traffic.har#entries[3]",
    }
    return Finding(**given | changes)


def report(*findings, undecodable=()) -> Report:
    rows = tuple(Undecodable(where=w, reason=r) for w, r in undecodable)
    return Report(capture=CaptureRow(n_exchanges=40, n_bytes=1, n_undecodable=len(rows), undecodable=rows), findings=findings)


def test_the_json_report_keeps_to_its_published_schema(leaky_report):
    jsonschema.validate(json.loads(render_json(leaky_report)), SCHEMA, cls=jsonschema.Draft202012Validator)


def test_the_schema_refuses_what_a_report_must_not_hold(leaky_report):
    document = json.loads(render_json(leaky_report))
    document["findings"][0]["example_value"] = "x"
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(document, SCHEMA)


def test_a_report_read_back_is_the_same_report(leaky_report):
    assert parse_report(render_json(leaky_report), name="r.json") == leaky_report


@pytest.mark.parametrize("data", [b"", b"[]", b"{}", b'{"schema": "stanch.report/1"}', b'{"schema": "other"}', b"\xff"])
def test_what_is_no_report_is_refused_in_one_line(data):
    with pytest.raises(InputError, match="report") as caught:
        parse_report(data, name="r.json")
    assert "\n" not in str(caught.value)


def test_sarif_is_valid_and_points_at_the_capture(leaky_report):
    data = json.loads(render_sarif(leaky_report))
    (run,) = Sarif.model_validate(data).runs
    assert len(run.results) == len(leaky_report.findings)
    assert {r.rule_id for r in run.results} == {rule.id for rule in run.tool.driver.rules}
    for raw in data["runs"][0]["results"]:
        assert data["runs"][0]["tool"]["driver"]["rules"][raw["ruleIndex"]]["id"] == raw["ruleId"]
        assert raw["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "leaky.har"


def test_a_report_without_findings_is_a_report_in_every_form():
    empty = report()
    assert Sarif.model_validate(json.loads(render_sarif(empty))).runs[0].results == []
    assert "Nothing excessive found in 40 exchanges" in render_html(empty)
    assert render_markdown(empty).startswith("# What the API gives away")


def test_the_page_loads_nothing_and_names_its_own_style_and_script(leaky_report):
    page = render_html(leaky_report)
    assert not re.search(r"(?:src|href|url\()\s*=?\s*['\"]?(?:https?:)?//", page)
    assert "default-src 'none'" in policy()
    assert policy().count("sha256-") == 2


@pytest.mark.parametrize("member", ["endpoint", "path", "title", "where", "first_where"])
def test_hostile_names_stay_text(member):
    hostile = report(finding(**{member: HOSTILE}), undecodable=[(HOSTILE, HOSTILE)])
    assert "<script>alert" not in render_html(hostile)
    assert "<script>alert(1)</script>|" not in render_markdown(hostile)


def test_a_card_says_once_what_most_of_its_fields_share():
    other = finding(path="$.comment.author.phone", fingerprint="1123456789abcdef", datatype="contact.phone")
    own = Reason(signal="client", weight=0.5, says="the client's code never names 'phone'")
    page = render_html(report(finding(), finding(path="$.x", reasons=(*other.reasons, own)), other))
    shared = re.search(r"<ul class=why>(.*?)</ul>", page)[1]
    assert shared.index("37 of 40 values") < shared.index("never names")
    assert shared.count("37 of 40") == 1


@pytest.mark.parametrize(("n", "words"), [(1, "1 person · 1 receiver"), (1200, "1,200 people · 1,200 receivers")])
def test_numbers_of_people_read_well(n, words):
    assert words in render_html(report(finding(n_subjects=n, n_recipients=n)))


@pytest.mark.parametrize("width", [60, 80, 100, 160])
def test_the_table_fits_every_terminal_and_keeps_the_paths_readable(leaky_report, width):
    console = Console(width=width, record=True, no_color=True, file=open("/dev/null", "w"))  # noqa: PTH123, SIM115
    with console.file:
        render_table(leaky_report, console)
    lines = console.export_text().splitlines()
    table = [line for line in lines if " critical " in line]
    assert max(map(len, table)) <= width
    assert all("$.comment" in line for line in table)
    assert width < 80 or sum("author.password_hash" in line for line in table) >= 2


def test_markdown_rows_have_as_many_cells_as_the_head(leaky_report):
    rows = [line for line in render_markdown(leaky_report).splitlines() if line.startswith("|")]
    assert {len(re.findall(r"(?<!\\)\|", row)) for row in rows} == {9}
