import json
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from itertools import permutations
from pathlib import Path

import pytest

from stanch.engines.ledger.ask import open_ledger
from stanch.engines.ledger.build import build_ledger
from stanch.engines.ledger.keys import default_key_path, load_keyring, make_keyring
from stanch.engines.ledger.retain import Rule, destroy, plan, plan_day
from stanch.engines.ledger.rewrite import compact, merge, rotate
from stanch.engines.ledger.store import create_store, open_store
from stanch.engines.ledger.verify import verify
from stanch.engines.local import sources
from stanch.errors import InputError, OutsideError
from stanch.ledger.answer import Question
from stanch.ledger.batch import TABLES

DAYS = ("2026-03-20", "2026-03-21", "2026-03-22")


@pytest.fixture(scope="module")
def captures(leaky_har, tmp_path_factory):
    """Three captures of one day each, made of the first minutes of the recording."""
    folder, whole = tmp_path_factory.mktemp("days"), json.loads(leaky_har)
    entries = whole["log"]["entries"][:105]
    share = len(entries) // 3 + 1
    for number, day in enumerate(DAYS):
        part = [
            {**entry, "startedDateTime": entry["startedDateTime"].replace("2026-03-20", day)}
            for entry in entries[number * share : (number + 1) * share]
        ]
        (folder / f"{day}.har").write_text(json.dumps({"log": {**whole["log"], "entries": part}}))
    return [folder / f"{day}.har" for day in DAYS]


@pytest.fixture
def book(captures, ledger_of, tmp_path):
    return ledger_of(tmp_path / "book", *captures)


def answers(root, key=None):
    """Everything that must not change when files are rewritten; recipients and people by their numbers, as pseudonyms may change."""
    with open_ledger(root, key) as ledger:
        found = [ledger.affected(by, Question(scope=scope)) for by in ("field", "jurisdiction", "endpoint") for scope in ("excessive", "all")]
        ranks = [
            [(g.people, g.recipients, g.n_disclosures, g.first_at) for g in ledger.affected(by, Question()).groups] for by in ("recipient", "subject")
        ]
        return found, [sorted(rank, key=repr) for rank in ranks]


def test_compaction_changes_no_answer_and_leaves_one_file_a_day(book):
    before = answers(book.root)
    done = compact(book)
    assert (done.n_before, done.n_after) == (3, 1)
    assert answers(book.root) == before
    assert sorted(file.day for file in book.files() if file.table == "disclosures") == list(DAYS)
    assert verify(book).problems == ()


def test_a_compacted_ledger_still_knows_its_captures(book, captures):
    compact(book)
    assert build_ledger(book, sources([str(c) for c in captures])).n_known == 3


def test_merging_in_any_order_and_grouping_gives_the_same(captures, tmp_path):
    key = tmp_path / "org.key"
    ring = make_keyring(key)
    parts = []
    for number, capture in enumerate(captures):
        part = create_store(tmp_path / f"part{number}", ring)
        build_ledger(part, sources([str(capture)]))
        parts.append(part)
    found = []
    for number, order in enumerate(permutations(parts)):
        whole = create_store(tmp_path / f"whole{number}", ring)
        for part in order:
            merge(whole, part)
        found.append(answers(whole.root, key))
    pair = create_store(tmp_path / "pair", ring)
    merge(pair, parts[2])
    merge(pair, parts[0])
    compact(pair)
    merge(pair, parts[1])
    assert all(item == found[0] for item in [*found, answers(pair.root, key)])


def test_merging_twice_counts_once_and_a_larger_batch_takes_the_place_of_its_parts(captures, tmp_path):
    key = tmp_path / "org.key"
    ring = make_keyring(key)
    small, large = create_store(tmp_path / "small", ring), create_store(tmp_path / "large", ring)
    build_ledger(small, sources([str(captures[0])]))
    build_ledger(large, sources([str(captures[0])]))
    build_ledger(large, sources([str(captures[1])]))
    compact(large)
    assert merge(large, small).n_known == 1
    assert merge(small, large).n_taken == 1
    assert answers(small.root, key) == answers(large.root, key)


def test_batches_that_overlap_by_half_are_refused(captures, tmp_path):
    ring = make_keyring(tmp_path / "org.key")
    left, right = create_store(tmp_path / "left", ring), create_store(tmp_path / "right", ring)
    for store, mine in ((left, captures[:2]), (right, captures[1:])):
        for capture in mine:
            build_ledger(store, sources([str(capture)]))
        compact(store)
    with pytest.raises(InputError, match="overlaps"):
        merge(left, right)


def test_ledgers_of_two_organisations_are_not_joined(captures, ledger_of, tmp_path):
    with pytest.raises(InputError, match="different key files"):
        merge(ledger_of(tmp_path / "one", captures[0]), ledger_of(tmp_path / "two", captures[1]))


def test_rotation_keeps_the_answers_and_changes_every_pseudonym(book):
    key = default_key_path(book.root)
    before, old_ring = answers(book.root), load_keyring(key)
    old_names = names(book.root)
    rotated = rotate(book, key)
    assert answers(book.root) == before
    assert not names(book.root) & old_names
    assert verify(rotated).problems == ()
    with pytest.raises(InputError, match="sealed with a key that the key file does not hold"):
        open_store(book.root, old_ring).seal()
    with pytest.raises(InputError, match="wrapped by another key"):
        open_store(book.root, old_ring).day_keys.get(book.files()[0].part)


def names(root):
    with open_ledger(root) as ledger:
        return {group.name for by in ("recipient", "subject") for group in ledger.affected(by, Question()).groups} - {"unknown"}


def test_what_is_older_than_its_class_may_be_kept_is_destroyed_with_proof(book):
    planned = plan(book.files(), Rule(days={"disclosures": 30, "homes": 10}), date(2026, 4, 20))
    assert {item.part for item in planned} == {
        "disclosures.2026-03-20",
        *(f"homes.{day}" for day in DAYS if any(f.part == f"homes.{day}" for f in book.files())),
    }
    old = [file for file in book.files() if file.part == "disclosures.2026-03-20"]
    destroy(book, planned, datetime(2026, 4, 20, tzinfo=UTC))
    assert not any((book.root / file.name).exists() for file in old)
    assert not book.day_keys.path("disclosures.2026-03-20").exists()
    found = verify(book)
    assert found.problems == ()
    assert found.n_deletions == len(planned)


def test_a_destroyed_day_is_a_gap_in_every_answer_and_never_no_evidence(book):
    destroy(book, plan_day(book.files(), "2026-03-21", "asked for by Ann"), datetime(2026, 4, 20, tzinfo=UTC))
    with open_ledger(book.root) as ledger:
        answer = ledger.affected("field", Question())
    assert any(gap.reason == "deleted on 2026-04-20: asked for by Ann" for gap in answer.gaps)


def test_a_copy_of_a_destroyed_file_can_not_be_read_any_more(book):
    file = next(file for file in book.files() if file.part == "disclosures.2026-03-20")
    copy = (book.root / file.name).read_bytes()
    destroy(book, plan_day(book.files(), "2026-03-20", "test"), datetime(2026, 4, 20, tzinfo=UTC))
    (book.root / file.name).write_bytes(copy)
    with pytest.raises(InputError, match="the day's key is gone"):
        book.day_keys.get(file.part)
    assert any("was to be destroyed and is still there" in problem for problem in verify(book).problems)


def test_a_changed_proof_of_deletion_is_found(book):
    for day in DAYS[:2]:
        destroy(book, plan_day(book.files(), day, "test"), datetime(2026, 4, 20, tzinfo=UTC))
    first = min((book.root / "deletions").glob("*.json"))
    first.write_bytes(first.read_bytes().replace(b'"reason":"test"', b'"reason":"lost"'))
    problems = verify(book).problems
    assert any("signature is not this organisation's" in problem for problem in problems)
    assert any("missing or was changed" in problem for problem in problems)


def test_late_traffic_of_a_destroyed_day_gets_a_key_of_its_own(book, captures, leaky_file):
    destroy(book, plan_day(book.files(), "2026-03-20", "test"), datetime(2026, 4, 20, tzinfo=UTC))
    build_ledger(book, sources([str(leaky_file)]))
    assert verify(book).problems == ()
    assert any(file.part == "disclosures.2026-03-20" for file in book.files())


@pytest.mark.parametrize(("harm", "what"), [("cut", "was changed"), ("remove", "is missing")])
def test_harm_to_a_file_is_found(book, harm, what):
    path = book.root / book.files()[0].name
    path.write_bytes(path.read_bytes()[:-9]) if harm == "cut" else path.unlink()
    assert any(what in problem for problem in verify(book).problems)


def test_two_writers_do_not_meet(book, captures):
    with book.writing(), pytest.raises(OutsideError, match="another process is writing"):
        compact(book)


def test_a_damaged_entry_is_named(book):
    entry = next((book.root / "batches").glob("*.json"))
    entry.write_bytes(b"{")
    with pytest.raises(InputError, match="a batch's entry is damaged"):
        book.entries()


def test_exchanges_without_a_time_have_a_partition_and_a_note(leaky_har, ledger_of, tmp_path):
    whole = json.loads(leaky_har)
    for entry in whole["log"]["entries"]:
        entry["startedDateTime"] = ""
    (tmp_path / "timeless.har").write_text(json.dumps(whole))
    store = ledger_of(tmp_path / "book", tmp_path / "timeless.har")
    assert {file.day for file in store.files()} == {"unknown"}
    with open_ledger(store.root) as ledger:
        answer = ledger.affected("field", Question())
        none = ledger.affected("field", Question(since=datetime(2026, 1, 1, tzinfo=UTC), until=datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=1)))
    assert answer.people.at_least == 9
    assert any("have no time" in note for note in answer.notes)
    assert none.people.at_most == 0


STEPS = (3, 25, 47, 68, 90, 111, 133, 166, 199, 100_000)
"""Where the writer is killed; bench/ledger tries every step."""


def test_a_writer_killed_anywhere_loses_nothing_counts_nothing_twice_and_is_mended_by_the_next(captures, tmp_path):
    command = [sys.executable, str(Path(__file__).parent / "crash.py"), str(tmp_path), ",".join(map(str, STEPS)), *map(str, captures)]
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    crashes = [json.loads(line) for line in run.stdout.splitlines()]
    assert len(crashes) == len(STEPS)
    assert not crashes[-1]["killed"]
    assert all(crash["killed"] for crash in crashes[:-3])
    before = [crash for crash in crashes if crash["deletions"] == 0]
    rows = {crash["sources"]: crash["rows"] for crash in before}
    for crash in crashes:
        acknowledged = sum(line.startswith("took") for line in crash["said"])
        assert crash["problems"] == []
        assert crash["sources"] in {acknowledged, acknowledged + 1}, "a commit may have been made and not yet told"
    assert all(crash["rows"] == rows[crash["sources"]] for crash in before)
    assert {crash["rows_after"] for crash in before if "rows_after" in crash} == {max(rows.values())}


def test_every_table_has_keys_of_its_own(book):
    assert {part.partition(".")[0] for part in book.day_keys.parts()} <= set(TABLES)
    assert len({book.day_keys.get(part) for part in book.day_keys.parts()}) == len(book.day_keys.parts())
