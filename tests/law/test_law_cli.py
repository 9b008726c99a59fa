"""``stanch law``: what its user types and reads."""

import json

import pytest
from click.testing import CliRunner

from stanch.cli.law import command
from stanch.engines.law_case import groups_of, leak_of
from stanch.errors import InputError
from stanch.finding.render.json import render_json
from stanch.finding.report import CaptureRow, FieldRow, Finding, Relation, Report

ENDPOINT = "GET /api/articles/{slug}/comments/{id}"
NOW = "2026-11-25T12:00+00:00"


def finding(name, datatype, **more):
    given = {"verdict": "excessive", "n_subjects": 9, "n_recipients": 4, **more}
    return Finding(
        fingerprint=name, endpoint=ENDPOINT, path=f"$.comment.author.{name}", where="response.body", status=200, datatype=datatype, confidence=0.9,
        severity="high", title=name, reasons=(), **given,
    )  # fmt: skip


def field(path, datatype):
    relation = Relation(other=9)
    return FieldRow(
        endpoint=ENDPOINT,
        status=200,
        where="response.body",
        path=path,
        datatype=datatype,
        confidence=0.9,
        n_values=9,
        n_distinct=9,
        relation=relation,
    )


REPORT = Report(
    capture=CaptureRow(n_exchanges=1, n_bytes=1, n_undecodable=0),
    fields=(field("$.comment.author.name", "person.name.full"), field("$.comment.body.name", "person.name.last")),
    findings=(
        finding("birth_date", "person.birth_date"),
        finding("email", "contact.email", n_subjects=7),
        finding("hash", "credential.password_hash", n_subjects=12, n_recipients=0),
        finding("bio", "person.bio", verdict="unknown"),
    ),
)


@pytest.fixture
def report(tmp_path):
    path = tmp_path / "report.json"
    path.write_bytes(render_json(REPORT))
    return str(path)


def run(*arguments):
    return CliRunner().invoke(command, arguments)


def refused(*arguments):
    result = run(*arguments)
    assert isinstance(result.exception, InputError), result.output
    return str(result.exception)


def test_what_nobody_received_and_what_is_undecided_is_not_lost_and_the_name_beside_counts():
    leak = leak_of(REPORT)
    assert leak.datatypes == {"person.birth_date", "contact.email", "person.name.full"}
    assert (leak.n_people, leak.n_recipients) == (9, 4)


def test_people_of_no_known_residence_stay_in_the_count():
    assert [(g.residence, g.n_people) for g in groups_of(leak_of(REPORT), {"DE": 4, "US-WA": 2})] == [("DE", 4), ("US-WA", 2), ("", 3)]


def test_simulate_prints_clocks_what_applies_what_is_open_and_why(report):
    result = run("simulate", report, "--residents", "DE=7", "--residents", "US-WA=2", "--at", "aware=2026-11-24T16:20+01:00",
                 "--at", "discovered=2026-11-24T16:20+01:00", "--zone", "Europe/Berlin", "--calendar", "DE", "--now", NOW)  # fmt: skip
    text = " ".join(result.output.split())
    assert result.exit_code == 0
    assert "Fri 2026-11-27 16:20 CET 2 d 3 h EU" in text
    assert "Thu 2026-12-24 23:59 PST" in text
    assert "2 of 2 people: birth date, name (" not in text
    assert "2 of 2 people: birth date, name;" in text
    assert text.count("not legal advice") == 1
    assert "harm How much harm to the people is likely" in text


def test_all_formats_go_to_a_file(report, tmp_path):
    for fmt, start in (("json", "{"), ("md", "# Who must be told"), ("ics", "BEGIN:VCALENDAR"), ("table", "9 people at least")):
        target = tmp_path / f"out.{fmt}"
        result = run("simulate", report, "--residents", "DE=9", "--at", "aware=2026-11-24T16:20Z", "--now", NOW, "--format", fmt, "-o", str(target))
        assert result.exit_code == 0, result.exception
        assert target.read_text().startswith(start)
        assert result.output == ""
    assert json.loads((tmp_path / "out.json").read_text())["n_people"] == 9


def test_the_same_question_gives_the_same_answer_byte_for_byte(report):
    call = ("simulate", report, "--residents", "DE=9", "--at", "aware=2026-11-24T16:20Z", "--now", NOW, "--format", "json")
    assert run(*call).output == run(*call).output


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--residents", "DE"], "--residents: must be NAME=VALUE"),
        (["--residents", "DE=x"], "--residents: the number of people must be a whole number"),
        (
            ["--residents", "DE=10"],
            "--residents: 10 residents are given, but the report shows 9 people (give --people N if more are known to be affected)",
        ),
        (["--at", "aware=yesterday"], "--at: is not a time (write 2026-11-24T16:20+01:00)"),
        (["--at", "aware=2026-11-24T16:20"], "--at: needs a time zone (write 2026-11-24T16:20+01:00, or Z for UTC)"),
        (["--at", "noticed=2026-11-24T16:20Z"], "--at: no event is called 'noticed'"),
        (["--zone", "Europe/Bonn"], "--zone: no such time zone (write Europe/Berlin)"),
        (["--calendar", "ZZ"], "--calendar: no such calendar (write DE or US-IA)"),
        (["--is", "nis2_entity=perhaps"], "--is: must be yes or no"),
        (["--is", "hipaa_coverd=no"], "--is: no rule asks for 'hipaa_coverd' (did you mean hipaa_covered?)"),
        (["--residents", "UK=1"], "--residents: 'UK' is no code of a country or state (write GB)"),
        (["--residents", "de=1"], "--residents: 'de' is no code of a country or state (write DE, US-CA, CA-QC)"),
        (["--kind", "bank"], "--kind: no rule counts differently for 'bank'"),
        (["--rules", "nowhere.yaml"], "nowhere.yaml: can't be read"),
    ],
)
def test_a_mistake_in_the_call_is_one_clear_line(report, options, says):
    assert refused("simulate", report, *options).startswith(says)


def test_a_report_without_a_leak_has_nothing_to_notify(tmp_path):
    path = tmp_path / "report.json"
    path.write_bytes(render_json(Report(capture=CaptureRow(n_exchanges=1, n_bytes=1, n_undecodable=0))))
    assert "shows no excessive data that anyone received" in refused("simulate", str(path))


def test_lint_passes_on_the_packaged_rules_and_fails_when_a_review_is_overdue():
    assert run("lint", "--today", "2026-11-25").exit_code == 0
    late = run("lint", "--today", "2028-01-01")
    assert late.exit_code == 1
    assert "error: eu-gdpr-33-authority was to be reviewed by" in late.output


def test_show_lists_by_place_or_shows_one_in_full():
    assert "us-ca-individuals" in run("show", "--place", "US-CA").output
    shown = run("show", "us-ma-individuals").output
    assert "must not  nature, cause, n_residents, n_subjects" in shown
    assert "nowhere: no rule has this id" in refused("show", "nowhere")
    assert "XX: no rules for this place" in refused("show", "--place", "XX")


def test_diff_compares_files_with_the_packaged_rules(tmp_path):
    text = "schema: stanch.rules/1\njurisdiction: XX\nname: Nowhere\nzone: UTC\n"
    (tmp_path / "old.yaml").write_text(text)
    result = run("diff", str(tmp_path))
    assert "+ eu-gdpr-33-authority" in result.output
    assert run("diff", str(tmp_path), str(tmp_path)).stdout == ""


STATEMENTS = """
schema: stanch.statements/1
by: Carol
at: 2026-11-25T09:00:00+01:00
zone: Europe/Berlin
statements:
  - {key: organisation, value: Example Ltd}
  - {key: feature, value: comment page}
  - {key: measures, value: [We took the data out of the responses.]}
"""


def drafted(report, tmp_path, *more):
    (tmp_path / "s.yaml").write_text(STATEMENTS)
    out = tmp_path / "notices"
    result = run("draft", report, "--statements", str(tmp_path / "s.yaml"), "--residents", "DE=9", "--at", "aware=2026-11-24T16:20+01:00",
                 "--zone", "Europe/Berlin", "--now", NOW, "--out", str(out), *more)  # fmt: skip
    assert result.exit_code == 0, result.exception
    return result.output, out


def test_draft_writes_every_document_the_fact_sheet_and_an_index_and_says_what_is_missing(report, tmp_path):
    output, out = drafted(report, tmp_path, "--harm", "high", "--format", "pdf", "--format", "docx", "--language", "de")
    names = {path.name for path in out.iterdir()}
    assert {"facts.json", "index.md", "gdpr-33-en.md", "gdpr-33-en.pdf", "gdpr-33-en.docx", "gdpr-34-letter-de.md", "board-page-en.md"} <= names
    assert "error: the fact 'contact_phone' is not known: contact's telephone number" in output
    assert "No law that applies, or may apply" in output
    assert output.count("not legal advice") == 1
    assert "**Number of data subjects:** at least 9" in (out / "gdpr-33-en.md").read_text()
    assert "**Type of notification:** initial, further facts to come" in (out / "gdpr-33-en.md").read_text()
    assert all(f"({path.name})" in (out / "index.md").read_text() for path in out.glob("*-en.md"))


def test_drafts_are_for_their_owner_only_and_the_same_facts_give_the_same_texts(report, tmp_path):
    _, out = drafted(report, tmp_path)
    first = {path.name: path.read_bytes() for path in out.iterdir()}
    assert "to-state.yaml" in first
    assert all(path.stat().st_mode & 0o077 == 0 for path in (out, *out.iterdir()))
    _, out = drafted(report, tmp_path)
    assert {path.name: path.read_bytes() for path in out.iterdir()} == first


def test_a_statement_that_no_document_knows_is_one_clear_line(report, tmp_path):
    (tmp_path / "bad.yaml").write_text(STATEMENTS + "  - {key: mood, value: fine}\n")
    assert "bad.yaml: no fact is called 'mood'" in refused("draft", report, "--statements", str(tmp_path / "bad.yaml"), "--out", str(tmp_path / "x"))


def test_people_of_whose_law_the_pack_knows_nothing_are_not_passed_over(report):
    for fmt in ("table", "md", "json"):
        result = run("simulate", report, "--residents", "US-GA=2", "--residents", "DE=1", "--residents", "CA-ON=1", "--now", NOW, "--format", fmt)
        text = " ".join(result.output.split())
        assert ("no rule for people who live in US-GA (2)." in text) if fmt != "json" else json.loads(result.output)["uncovered"] == {"US-GA": 2}


def test_what_is_missing_comes_as_a_file_to_fill_in_and_once_filled_nothing_is(report, tmp_path):
    _, out = drafted(report, tmp_path)
    lines = (out / "to-state.yaml").read_text().replace("  # - ", "  - ").replace("by: ''", "by: Carol").replace("value: ''", "value: Stated")
    filled = tmp_path / "filled.yaml"
    filled.write_text(lines.replace("value: ['']", "value: [Stated.]"))
    output, out = drafted(report, tmp_path / "", "--statements", str(filled))
    assert "is not known" not in output
    assert "to mend" not in output


def test_a_language_without_words_is_one_clear_line(report, tmp_path):
    assert (
        refused("draft", report, "--language", "xx", "--out", str(tmp_path / "x")) == "--language: no words for 'xx' (there are de, en, es, fr, pt)"
    )
