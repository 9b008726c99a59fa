"""Entries are bytes with one spelling; heads are signed; a change of any byte anywhere is found."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from hypothesis import given
from hypothesis import strategies as st

from stanch.errors import InputError
from stanch.incident.checkpoint import Head, Key, open_head, parse_key, sign_head
from stanch.incident.journal import Entry, entry_bytes, parse_entry
from stanch.incident.tree import EMPTY, leaf_hash, root_of
from stanch.incident.verify import verify

PRIVATE = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
KEY = Key(name="stanch.example.org", public=PRIVATE.public_key().public_bytes_raw())
ORIGIN = "stanch.example.org/INC-1"
T0 = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)


def check(message, signature):
    try:
        Ed25519PublicKey.from_public_bytes(KEY.public).verify(signature, message)
    except InvalidSignature:
        return False
    return True


def written(n):
    return [
        entry_bytes(Entry(stream="INC-1", n=i, at=T0 + timedelta(seconds=i), by="person:dan", tag="person:note:add", body={"text": f"note {i}"}))
        for i in range(n)
    ]


def note_for(leaves, origin=ORIGIN):
    return sign_head(Head(origin=origin, size=len(leaves), root=root_of([leaf_hash(leaf) for leaf in leaves])), KEY, PRIVATE.sign)


def verdict(leaves, notes):
    return verify(ORIGIN, "INC-1", leaves, notes, KEY, check)


def test_an_entry_is_written_in_one_way():
    entry = Entry(stream="INC-1", n=3, at=T0, by="person:dan", tag="person:note:add", body={"text": "é", "a": 1}, key="k")
    assert (
        entry_bytes(entry)
        == (
            '{"at":"2026-11-25T09:00:00.000000Z","body":{"a":1,"text":"é"},"by":"person:dan","key":"k","n":3,"stream":"INC-1",'
            '"tag":"person:note:add","v":1}'
        ).encode()
    )
    assert parse_entry(entry_bytes(entry)) == entry
    assert entry.kind == "note:add"


def test_a_zone_changes_nothing_in_what_is_written():
    there = replace(parse_entry(written(1)[0]), at=T0.astimezone(timezone(timedelta(hours=5, minutes=45))))
    assert entry_bytes(there) == written(1)[0]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{}",
        b"[1]",
        b"\xff",
        b'{"v":1}',
        written(1)[0] + b" ",
        written(1)[0].replace(b":0,", b": 0,"),
        written(1)[0].replace(b'"v":1', b'"v":2'),
    ],
)
def test_bytes_that_stanch_does_not_write_are_refused(data):
    with pytest.raises(InputError):
        parse_entry(data)


def test_a_head_is_text_that_others_can_check():
    head = Head(origin=ORIGIN, size=0, root=EMPTY)
    note = sign_head(head, KEY, PRIVATE.sign)
    assert note.startswith("stanch.example.org/INC-1\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n\n— stanch.example.org ")
    assert open_head(note, KEY, check) == head
    assert parse_key(KEY.text()) == KEY


@pytest.mark.parametrize("text", ["", "name", "name+00000000+AAAA", "name+zz+!!", KEY.text()[:-4] + "AAA="])
def test_what_is_no_key_is_refused(text):
    with pytest.raises(InputError):
        parse_key(text)


def test_a_head_signed_by_another_key_is_refused():
    other = Key(name=KEY.name, public=Ed25519PrivateKey.from_private_bytes(bytes(32)).public_key().public_bytes_raw())
    with pytest.raises(InputError, match="another key"):
        open_head(note_for([]), other, check)


def test_a_whole_journal_is_whole():
    leaves = written(9)
    found = verdict(leaves, [note_for(leaves[:4]), note_for(leaves)])
    assert (found.whole, found.n_entries, found.n_heads) == (True, 9, 2)


STORED = written(6)
NOTES = [note_for(STORED[:3]), note_for(STORED)]


@given(st.integers(0, sum(map(len, STORED)) - 1), st.integers(1, 255))
def test_a_change_of_any_byte_of_any_entry_is_found(place, flip):
    leaves = [bytearray(leaf) for leaf in STORED]
    n = 0
    while place >= len(leaves[n]):
        place -= len(leaves[n])
        n += 1
    leaves[n][place] ^= flip
    assert not verdict([bytes(leaf) for leaf in leaves], NOTES).whole


@given(st.integers(0, 10_000), st.characters(codec="utf-8"))
def test_a_change_of_any_character_of_a_head_is_found(place, other):
    note = NOTES[1]
    place %= len(note)
    if note[place] != other:
        assert not verdict(STORED, [NOTES[0], note[:place] + other + note[place + 1 :]]).whole


@pytest.mark.parametrize(
    ("leaves", "notes", "says"),
    [
        (STORED[:5], NOTES, "covers 6 entries, but there are 5"),
        ([*STORED[:2], *STORED[3:]], NOTES, "entry 2: it says that it is entry 3"),
        ([STORED[1], STORED[0], *STORED[2:]], NOTES, "entry 0"),
        (STORED, NOTES[:1], "entries from 3 on are not covered"),
        (STORED, [], "no valid signed head"),
        (STORED, [*NOTES, note_for(STORED, "stanch.example.org/INC-2")], "of another journal"),
        ([*STORED, STORED[-1]], NOTES, "entry 6"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(leaves, notes, says):
    assert any(says in problem for problem in verdict(leaves, notes).problems)


def test_a_rewritten_journal_with_a_head_of_its_own_is_caught_by_a_head_that_was_kept_elsewhere():
    rewritten = [leaf.replace(b"note 1", b"note X") for leaf in STORED]
    assert verdict(rewritten, [note_for(rewritten)]).whole
    found = verdict(rewritten, [note_for(rewritten), NOTES[0]])
    assert found.problems == ("the first 3 entries are not those that were signed",)


def test_a_problem_never_quotes_an_entry():
    leaf = STORED[0].replace(b"note 0", b"ann@example.org")
    assert "ann@" not in " ".join(verdict([leaf, *STORED[1:]], NOTES).problems)
