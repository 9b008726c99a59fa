"""What hostile traffic must not do: raise, depend on order, or cost more than its length."""

import json
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stanch.classify.column import SKETCH_SIZE, FieldSummary
from stanch.classify.decide import decide
from stanch.classify.leaf import walk
from stanch.classify.lexicon import key_candidates, words_of
from stanch.finding.build import build
from stanch.finding.render.json import render_json
from stanch.identity.pseudonym import SCAN_KEY, KeyedDigest
from stanch.identity.summary import TrafficSummary
from stanch.traffic.document import Document, Pairs
from stanch.traffic.exchange import Exchange

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=40)
    | st.sampled_from(["ann@example.org", "+12025550143", "4111111111111111", "2024-01-02", "\ud800x@example.org", "\x00", b"\xff"])
    | st.builds(lambda sign: sign * 10**5000, st.sampled_from([1, -1]))
)
KEYS = st.text(max_size=12) | st.sampled_from(["email", "phone", "users", "17", "ann@example.org", "\ud800", "", "~", "a.b", "password"])
TREES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=9) | st.lists(st.tuples(KEYS, inner), max_size=4).map(Pairs),
    max_leaves=30,
)


def columns(trees) -> dict[tuple, FieldSummary]:
    digest = KeyedDigest(SCAN_KEY)
    found: dict[tuple, FieldSummary] = {}
    for tree in trees:
        for leaf in walk(Document(where="response.body", tree=tree)):
            value = digest("value", repr(leaf.value) if not isinstance(leaf.value, int) else hex(leaf.value))
            found.setdefault((leaf.path, leaf.name, leaf.parents), FieldSummary()).add(leaf.value, value)
    return found


@given(st.lists(TREES, max_size=6))
def test_any_tree_is_walked_summarised_and_decided(trees):
    for (path, name, parents), summary in columns(trees).items():
        label = decide(path, name, parents, summary)
        assert label is None or 0 < label.confidence <= 1
        assert decide(path, name, parents, summary, person=True) is None or label is None or label.confidence <= 1


@given(st.lists(TREES, max_size=6), st.integers(0, 5), st.randoms(use_true_random=False))
def test_order_and_sharding_do_not_matter(trees, cut, random):
    whole = columns(trees)
    shuffled = trees[:]
    random.shuffle(shuffled)
    left, right = columns(shuffled[:cut]), columns(shuffled[cut:])
    for key, summary in right.items():
        left.setdefault(key, FieldSummary()).merge(summary)
    assert left == whole


def test_one_number_written_in_two_ways_is_tried_in_both_whatever_comes_first():
    one, other = FieldSummary(), FieldSummary()
    for summary, texts in ((one, ("123.456.789-09", "123456789-09")), (other, ("123456789-09", "123.456.789-09"))):
        for text in texts:
            summary.add(text, 17)
    assert one.checked == other.checked
    assert len(one.checked) == 2


def test_what_a_column_keeps_is_bounded():
    summary, random = FieldSummary(), Random(1)
    for _ in range(6000):
        summary.add(str(random.randrange(10**9, 10**11)), random.getrandbits(64))
    assert len(summary.smallest) <= 2 * SKETCH_SIZE
    assert len(summary.checked) <= 64
    assert len(summary.candidates) < 20
    assert all(isinstance(item, int) for kept in (summary.smallest, summary.checked) for item in kept)


BODIES = (
    b'{"id": ' + b"9" * 6000 + b', "email": "ann@example.org"}',
    b'{"phone": ' + b"1" * 5000 + b"}",
    b'[NaN, Infinity, {"score": NaN, "email": "ann@example.org"}]',
    b'{"name": "\\ud800", "\\udfff": "ann@example.org", "email": "\\ud83d@example.org"}',
    b'{"email": "ann@example.org", "email": "bob@example.org", "": {"": {"": 1}}}',
    b'{"users": {"ann@example.org": {"password": "x"}, "\\u0000": 1}}',
    b'{"a": "' + b"a" * 200_000 + b'@", "b": "' + b"+1" * 50_000 + b'", "c": "' + b"1 " * 50_000 + b'"}',
    b"[" * 900 + b'"ann@example.org"' + b"]" * 900,
    b'{"' + b"k" * 100_000 + b'": "ann@example.org"}',
)


@pytest.mark.parametrize("body", BODIES, ids=range(len(BODIES)))
def test_a_hostile_body_ends_in_a_report(body):
    summary = TrafficSummary(digest=KeyedDigest(SCAN_KEY))
    headers = (("content-type", "application/json"),)
    for number in range(3):
        url = f"https://api.example.org/users/{number}"
        summary.add(Exchange(where=f"t#{number}", method="GET", url=url, status=200, response_headers=headers, response_body=body))
    report = json.loads(render_json(build(summary)))
    assert report["capture"]["n_exchanges"] == 3


@given(KEYS, st.lists(KEYS, max_size=4).map(tuple), st.booleans())
def test_any_name_is_read(name, parents, person):
    assert all(0 < meaning.weight <= 1 for meaning in key_candidates(name, parents, person=person))


@settings(max_examples=20)
@given(st.sampled_from(["e_", "phone_", "a", "E", "aA", "user", "_", "numero_de_", "é", "credit_card_number_", "0"]), st.integers(100, 50_000))
def test_of_a_long_name_only_the_beginning_is_read(unit, n):
    assert sum(map(len, words_of(unit * n))) <= 256
