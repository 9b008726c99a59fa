import csv
import io
import json
import sys

import pyarrow.parquet as pq
import pytest

from stanch.cli import main


@pytest.fixture
def stanch(capsysbinary, monkeypatch):
    """Run the command line in this process: give exit code, output and what was said."""

    def run(*args):
        monkeypatch.setattr(sys, "argv", ["stanch", *map(str, args)])
        code = 0
        try:
            main()
        except SystemExit as done:
            code = done.code or 0
        out, said = capsysbinary.readouterr()
        return code, out.decode(), said.decode()

    return run


def test_building_and_asking_from_the_command_line(stanch, leaky_file, tmp_path):
    code, out, said = stanch("ledger", "build", leaky_file, "--into", tmp_path / "book")
    assert (code, out) == (0, "")
    assert "made the key file" in said
    assert "1 captures taken" in said
    code, out, _ = stanch("affected", tmp_path / "book")
    assert code == 0
    assert out.startswith("9 people had too much of their data sent to someone else")


def test_a_capture_is_not_taken_twice(stanch, leaky_file, tmp_path):
    stanch("ledger", "build", leaky_file, "--into", tmp_path / "book")
    _, _, said = stanch("ledger", "build", leaky_file, "--into", tmp_path / "book")
    assert "0 captures taken" in said
    assert "1 were in the ledger already" in said


def test_the_forms_of_an_answer_agree(stanch, leaky_ledger, tmp_path):
    as_json = json.loads(stanch("affected", leaky_ledger, "--by", "endpoint", "--format", "json")[1])
    as_csv = list(csv.DictReader(io.StringIO(stanch("affected", leaky_ledger, "--by", "endpoint", "--format", "csv")[1])))
    stanch("affected", leaky_ledger, "--by", "endpoint", "--format", "parquet", "-o", tmp_path / "answer.parquet")
    as_parquet = pq.read_table(tmp_path / "answer.parquet").to_pylist()
    assert [group["name"] for group in as_json["groups"]] == [row["name"] for row in as_csv] == [row["name"] for row in as_parquet]
    assert [group["people"]["at_least"] for group in as_json["groups"]] == [row["people_at_least"] for row in as_parquet]
    assert as_json["schema"] == "stanch.affected/1"


def test_a_report_gives_bounds_and_says_so(stanch, leaky_file, tmp_path):
    stanch("scan", leaky_file, "--format", "json", "-o", tmp_path / "report.json", "--quiet")
    found = json.loads(stanch("affected", tmp_path / "report.json", "--by", "datatype", "--format", "json")[1])
    assert found["people"]["at_least"] <= 9 <= found["people"]["at_most"]
    assert not found["people"]["exact"]
    assert "from a report only" in found["notes"][0]


@pytest.mark.parametrize(
    ("args", "what"),
    [
        (["--by", "recipient"], "a report does not hold who"),
        (["--by", "jurisdiction"], "a report does not hold who"),
        (["--since", "2026-03-20"], "a report does not hold times"),
        (["--scope", "all"], "counts people for its findings only"),
    ],
)
def test_what_a_report_cannot_answer_is_refused_with_a_way_out(stanch, leaky_file, tmp_path, args, what):
    stanch("scan", leaky_file, "--format", "json", "-o", tmp_path / "report.json", "--quiet")
    code, _, said = stanch("affected", tmp_path / "report.json", *args)
    assert code == 2
    assert what in said
    assert "stanch ledger build" in said


@pytest.mark.parametrize(
    ("args", "what"),
    [
        (["affected", "{ledger}", "--since", "yesterday"], "--since: this is no time"),
        (["affected", "{ledger}", "--key", "nowhere.key"], "there is no key file"),
        (["affected", "{tmp}"], "there is no key file"),
        (["ledger", "build", "-", "--into", "{tmp}/book"], "standard input can be read once"),
        (["affected", "{ledger}", "--by", "subject", "--fewer-than", "10"], "every line is about one person"),
    ],
)
def test_mistakes_are_one_line_and_exit_2(stanch, leaky_ledger, tmp_path, args, what):
    code, out, said = stanch(*[arg.format(ledger=leaky_ledger, tmp=tmp_path) for arg in args])
    assert code == 2
    assert out == ""
    assert what in said
    assert len(said.strip().splitlines()) <= 2


def test_a_key_file_that_others_may_read_is_refused(stanch, leaky_file, tmp_path):
    stanch("ledger", "build", leaky_file, "--into", tmp_path / "book")
    (tmp_path / "book.key").chmod(0o644)
    code, _, said = stanch("affected", tmp_path / "book")
    assert code == 2
    assert "others may read the key file" in said


def test_another_organisations_key_opens_nothing(stanch, leaky_file, tmp_path):
    stanch("ledger", "build", leaky_file, "--into", tmp_path / "one")
    stanch("ledger", "build", leaky_file, "--into", tmp_path / "two")
    code, _, said = stanch("affected", tmp_path / "one", "--key", tmp_path / "two.key")
    assert code == 2
    assert "belongs to another ledger" in said


def test_small_groups_are_hidden_from_those_without_the_right(stanch, leaky_ledger):
    found = json.loads(stanch("affected", leaky_ledger, "--by", "field", "--fewer-than", "20", "--format", "json")[1])
    assert found["people"]["exact"] is False
    assert all(group["people"] == {"at_least": 0, "at_most": 20, "exact": False} for group in found["groups"])
