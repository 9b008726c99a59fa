"""A ledger of the sample backend's traffic, and its truth read from the recording by other means."""

import base64
import json
import sys
from dataclasses import dataclass

import pytest

from stanch.cli import main


@dataclass(frozen=True)
class Truth:
    """Who received whose comment author's record, by e-mail address, straight from the recording."""

    pairs: frozenset
    """(recipient or None, subject); own data left out."""
    n_rows: int

    @property
    def people(self):
        return {subject for _, subject in self.pairs}

    @property
    def recipients(self):
        return {recipient for recipient, _ in self.pairs if recipient}


def truth_of(har):
    holders, seen = {}, []
    for entry in json.loads(har)["log"]["entries"]:
        content = entry["response"]["content"]
        body = json.loads(base64.b64decode(content["text"]) if content.get("encoding") else content["text"])
        if entry["request"]["url"].endswith("/login") and "user" in body:
            holders[f"Bearer {body['user']['token']}"] = body["user"]["email"]
        headers = {h["name"].lower(): h["value"] for h in entry["request"]["headers"]}
        caller = holders.get(headers.get("authorization"))
        comments = body.get("comments") or ([body["comment"]] if "comment" in body else [])
        authors = {c["author"]["email"] for c in comments if "email" in c["author"]}
        seen += [(caller, author) for author in authors if author != caller]
    return Truth(pairs=frozenset(seen), n_rows=len(seen))


@pytest.fixture(scope="session")
def truth(leaky_har):
    return truth_of(leaky_har)


def make_ledger(folder, *captures, key=None):
    from stanch.engines.ledger.build import build_ledger
    from stanch.engines.ledger.keys import default_key_path, make_keyring
    from stanch.engines.ledger.store import create_store
    from stanch.engines.local import sources

    keyring = make_keyring(key or default_key_path(folder))
    store = create_store(folder, keyring)
    build_ledger(store, sources([str(capture) for capture in captures]))
    return store


def part_of(har, start, end, path):
    whole = json.loads(har)
    path.write_text(json.dumps({"log": {**whole["log"], "entries": whole["log"]["entries"][start:end]}}))
    return path


@pytest.fixture(scope="session")
def small_file(leaky_har, tmp_path_factory):
    return part_of(leaky_har, 0, 60, tmp_path_factory.mktemp("small") / "small.har")


@pytest.fixture(scope="session")
def other_file(leaky_har, tmp_path_factory):
    return part_of(leaky_har, 60, 100, tmp_path_factory.mktemp("other") / "other.har")


@pytest.fixture(scope="session")
def ledger_of():
    """``ledger_of(folder, capture, ...)`` makes a ledger, or adds to it."""
    return make_ledger


@pytest.fixture(scope="session")
def leaky_ledger(leaky_file, tmp_path_factory):
    folder = tmp_path_factory.mktemp("ledger") / "leaky"
    make_ledger(folder, leaky_file)
    return folder


def put_rows(store, name, rows, shapes, links=None, homes=None, coverage=None):
    """Commit rows made by hand as one batch."""
    from stanch.engines.ledger.build import PartWriter
    from stanch.ledger.batch import BatchEntry
    from stanch.ledger.coverage import Coverage

    writer = PartWriter(store, store.seal(), name)
    writer.write(list(rows), links or {}, homes or {})
    entry = BatchEntry(
        batch=name, sources=(name,), seal=store.seal_name(), files=tuple(writer.files), shapes=tuple(shapes), coverage=coverage or Coverage()
    )
    store.commit(entry)


@pytest.fixture(scope="session")
def put():
    return put_rows


@pytest.fixture
def empty_store(tmp_path):
    from stanch.engines.ledger.keys import default_key_path, make_keyring
    from stanch.engines.ledger.store import create_store

    return create_store(tmp_path / "book", make_keyring(default_key_path(tmp_path / "book")))


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
