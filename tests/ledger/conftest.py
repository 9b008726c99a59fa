"""A ledger of the sample backend's traffic, and its truth read from the recording by other means."""

import base64
import json
from dataclasses import dataclass

import pytest


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


@pytest.fixture(scope="session")
def ledger_of():
    """``ledger_of(folder, capture, ...)`` makes a ledger, or adds to it."""
    return make_ledger


@pytest.fixture(scope="session")
def leaky_ledger(leaky_file, tmp_path_factory):
    folder = tmp_path_factory.mktemp("ledger") / "leaky"
    make_ledger(folder, leaky_file)
    return folder
