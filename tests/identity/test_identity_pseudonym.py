import pickle

from hypothesis import given
from hypothesis import strategies as st

from stanch.identity.pseudonym import KeyedDigest


def test_case_and_blanks_do_not_change_a_pseudonym():
    digest = KeyedDigest(b"k")
    assert digest("email", " Ann@Example.org ") == digest("email", "ann@example.org")


def test_kind_and_key_change_a_pseudonym():
    assert KeyedDigest(b"k")("email", "ann") != KeyedDigest(b"k")("username", "ann")
    assert KeyedDigest(b"k")("email", "ann") != KeyedDigest(b"other")("email", "ann")


@given(st.text())
def test_any_text_has_a_pseudonym_that_survives_the_way_to_a_worker(text):
    digest = KeyedDigest(b"k")
    assert pickle.loads(pickle.dumps(digest))("value", text) == digest("value", text) < 2**64
