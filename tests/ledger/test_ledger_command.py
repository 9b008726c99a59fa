import csv
import io
import json

import pyarrow.parquet as pq
import pytest


def test_building_and_asking_from_the_command_line(stanch, leaky_file, tmp_path):
    code, out, said = stanch("ledger", "build", leaky_file, "--into", tmp_path / "book")
    assert (code, out) == (0, "")
    assert "made the key file" in said
    assert "1 capture taken" in said
    code, out, _ = stanch("affected", tmp_path / "book")
    assert code == 0
    assert out.startswith("9 people had too much of their data sent to someone else")


def test_a_capture_is_not_taken_twice(stanch, small_file, tmp_path):
    stanch("ledger", "build", small_file, "--into", tmp_path / "book")
    _, _, said = stanch("ledger", "build", small_file, "--into", tmp_path / "book")
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
        (["affected", "{tmp}"], "this is no ledger"),
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


def test_a_key_file_that_others_may_read_is_refused(stanch, small_file, tmp_path):
    stanch("ledger", "build", small_file, "--into", tmp_path / "book")
    (tmp_path / "book.key").chmod(0o644)
    code, _, said = stanch("affected", tmp_path / "book")
    assert code == 2
    assert "others may read the key file" in said


def test_another_organisations_key_opens_nothing(stanch, small_file, tmp_path):
    stanch("ledger", "build", small_file, "--into", tmp_path / "one")
    stanch("ledger", "build", small_file, "--into", tmp_path / "two")
    code, _, said = stanch("affected", tmp_path / "one", "--key", tmp_path / "two.key")
    assert code == 2
    assert "belongs to another ledger" in said


def test_small_groups_are_hidden_from_those_without_the_right(stanch, leaky_ledger):
    found = json.loads(stanch("affected", leaky_ledger, "--by", "field", "--fewer-than", "20", "--format", "json")[1])
    assert found["people"]["exact"] is False
    assert all(group["people"] == {"at_least": 0, "at_most": 20, "exact": False} for group in found["groups"])


def test_single_questions_from_the_command_line(stanch, leaky_ledger, monkeypatch, truth):
    assert stanch("ledger", "sweeps", leaky_ledger)[2] == "No session stands out in what was read.\n"
    code, out, _ = stanch("ledger", "coverage", leaky_ledger)
    assert code == 0
    assert all("'no evidence' may be said" in line for line in out.splitlines())
    surplus = [json.loads(line) for line in stanch("ledger", "surplus", leaky_ledger)[1].splitlines()]
    assert all("$.comment.author.name" in item["needed"] or "$.comments[*].author.name" in item["needed"] for item in surplus)
    assert stanch("ledger", "compare", leaky_ledger, "--at", "2026-03-20T08:07:00Z")[1].startswith("0 people exposed before only, 9 before and after")
    person = min(truth.people)
    monkeypatch.setattr("sys.stdin", io.StringIO(f"email={person}\n"))
    code, out, _ = stanch("ledger", "person", leaky_ledger)
    record = json.loads(out)
    strangers = {item["recipient"] for item in record["received"] if "contact.email" in item["datatypes"] and "/comments" in item["endpoint"]
                 and item["relation"] == "other" and item["kind"] == "person"}  # fmt: skip
    assert len(strangers) == len({to for to, subject in truth.pairs if subject == person and to})
    assert person not in out


def test_a_person_whom_the_ledger_does_not_know_is_said_without_a_name(stanch, leaky_ledger, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO("email=nobody@example.org\n"))
    code, _, said = stanch("ledger", "person", leaky_ledger)
    assert code == 2
    assert "the ledger has nothing of this person" in said
    assert "nobody" not in said


def test_keeping_up_from_the_command_line(stanch, small_file, other_file, tmp_path):
    book, key = tmp_path / "book", tmp_path / "book.key"
    stanch("ledger", "build", small_file, other_file, "--into", book)
    assert "2 batches are 1" in stanch("ledger", "compact", book)[2]
    assert "sealed with new keys" in stanch("ledger", "rotate", book)[2]
    assert "1 batches taken" in stanch("ledger", "merge", book, "--into", tmp_path / "copy", "--key", key)[2]
    code, out, said = stanch("ledger", "verify", tmp_path / "copy", "--key", key)
    assert (code, out) == (0, "")
    code, out, said = stanch("ledger", "retain", book, "--keep", "disclosures=0", "--keep", "homes=0")
    assert "would be destroyed" in said
    assert "disclosures.2026-03-20" in out
    assert "partitions destroyed" in stanch("ledger", "retain", book, "--keep", "disclosures=0", "--yes")[2]
    assert stanch("ledger", "verify", book)[0] == 0
    answer = stanch("affected", book)[1]
    assert "0 people" in answer
    assert "deleted on" in answer
    assert "nothing in scope was found" not in answer


@pytest.mark.parametrize("keep", ["disclosures", "people=3", "homes=soon"])
def test_a_rule_that_is_none_destroys_nothing(stanch, leaky_ledger, keep):
    code, _, said = stanch("ledger", "retain", leaky_ledger, "--keep", keep, "--yes")
    assert code == 2
    assert "this is no class and number of days" in said
