"""The ledger must not be a honeypot: nothing in it, or in what it says, is anyone's."""

import base64
import json

import pytest

from stanch.classify.column import FieldSummary
from stanch.classify.decide import decide
from stanch.classify.detect import candidates
from stanch.engines.ledger.ask import open_ledger
from stanch.engines.ledger.export import render_parquet
from stanch.engines.ledger.files import read_table
from stanch.engines.ledger.keys import default_key_path, load_keyring
from stanch.engines.ledger.store import open_store
from stanch.ledger.answer import Question
from stanch.ledger.render import render_csv, render_json

PERSONAL = {"email", "phone", "birth_date", "address", "password_hash", "name", "username", "bio", "token", "avatar"}


@pytest.fixture(scope="module")
def values(leaky_har):
    """Everything personal in the recording, as it stands there and as base64."""
    found = set()

    def walk(node):
        for key, value in node.items() if isinstance(node, dict) else enumerate(node):
            if isinstance(value, (dict, list)):
                walk(value)
            elif key in PERSONAL and isinstance(value, str) and len(value) >= 5:
                found.add(value)

    for entry in json.loads(leaky_har)["log"]["entries"]:
        content = entry["response"]["content"]
        walk(json.loads(base64.b64decode(content["text"]) if content.get("encoding") else content["text"]))
    assert len(found) > 60
    return {v.encode() for v in found} | {base64.b64encode(v.encode()).rstrip(b"=")[:-1] for v in found}


def test_no_planted_value_is_in_any_file_of_the_store_or_beside_it(leaky_ledger, values):
    files = [path for path in [*leaky_ledger.rglob("*"), default_key_path(leaky_ledger)] if path.is_file()]
    assert len(files) > 5
    assert [path.name for path in files if any(value in path.read_bytes() for value in values)] == []


def test_no_planted_value_is_in_the_decrypted_rows(leaky_ledger, values):
    store = open_store(leaky_ledger, load_keyring(default_key_path(leaky_ledger)))
    for file in store.files():
        text = repr(read_table(leaky_ledger / file.name, store.day_keys.get(file.part)).to_pydict()).encode()
        assert not any(value in text for value in values)


def test_a_scan_of_the_decrypted_rows_labels_nothing_but_the_residence(leaky_ledger):
    store = open_store(leaky_ledger, load_keyring(default_key_path(leaky_ledger)))
    labels = {}
    for file in store.files():
        for name, cells in read_table(leaky_ledger / file.name, store.day_keys.get(file.part)).to_pydict().items():
            summary = FieldSummary()
            for number, cell in enumerate(cells):
                summary.add(cell, number)
            labels[name] = decide(f"$.{name}", name, (), summary) if summary.n_values else None
    assert len(labels) > 15
    assert {name for name, label in labels.items() if label} <= {"country", "state"}


def test_no_detector_finds_anything_in_the_entries_of_batches(leaky_ledger):
    cells = {text for path in (leaky_ledger / "batches").glob("*.json") for text in strings(json.loads(path.read_bytes()))}
    assert {cell: found for cell in cells if (found := [c for c in candidates(cell) if not c.startswith("shape.")])} == {}


def strings(node):
    if isinstance(node, str):
        yield node
    elif isinstance(node, dict):
        for key, value in node.items():
            yield key
            yield from strings(value)
    elif isinstance(node, list):
        for value in node:
            yield from strings(value)


def test_no_planted_value_is_in_any_answer(leaky_ledger, values):
    with open_ledger(leaky_ledger) as ledger:
        answers = [
            ledger.affected(by, Question(scope="all"))
            for by in ("field", "datatype", "endpoint", "sensitivity", "jurisdiction", "recipient", "subject")
        ]
    said = b"".join(render(answer) for answer in answers for render in (render_json, render_csv, render_parquet)) + repr(answers).encode()
    assert [value for value in values if value in said] == []


def test_the_files_are_for_their_owner_alone(leaky_ledger):
    assert leaky_ledger.stat().st_mode & 0o077 == 0
    assert default_key_path(leaky_ledger).stat().st_mode & 0o077 == 0
    assert all(path.stat().st_mode & 0o077 == 0 for path in leaky_ledger.rglob("*.parquet"))


def test_the_keyring_shows_nothing_of_itself(leaky_ledger):
    ring = load_keyring(default_key_path(leaky_ledger))
    assert repr(ring) == f"Keyring({ring.name})"
    assert "b'" not in repr(ring.seal)


def test_two_organisations_give_one_person_two_pseudonyms(small_file, ledger_of, tmp_path):
    seen = []
    for name in ("one", "two"):
        ledger_of(tmp_path / name, small_file)
        with open_ledger(tmp_path / name) as ledger:
            seen.append({group.name for group in ledger.affected("subject", Question()).groups})
    assert not seen[0] & seen[1]


def test_the_stored_place_of_a_thing_is_not_its_number(leaky_ledger, leaky_har):
    store = open_store(leaky_ledger, load_keyring(default_key_path(leaky_ledger)))
    places = [
        p
        for f in store.files()
        if f.table == "disclosures"
        for p in read_table(leaky_ledger / f.name, store.day_keys.get(f.part)).column("place").to_pylist()
        if p
    ]
    assert places
    assert min(places) > 100_000
