"""Comparing answers before and after a fix."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stanch.trace.replayed import Comparison, differences, leak_patterns

HERE = "GET /notes/{id}"


def compare(before, after, leaks=("$.author.email",)):
    found = Comparison(leaking=leak_patterns({HERE: list(leaks)}))
    found.add(HERE, (200, before), (200, after))
    return found


def kinds(found):
    return [(d.kind, d.path) for d in found.differences]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ({"author": {"name": "Ann", "email": "a"}}, {"author": {"name": "Ann"}}, [("gone", "$.author.email")]),
        (
            {"author": {"name": "Ann", "email": "a"}},
            {"author": {"name": "Ann", "email": ""}},
            [("left", "$.author.email"), ("changed", "$.author.email")],
        ),
        ({"author": {"name": "Ann", "email": "a"}}, {"author": {}}, [("removed", "$.author.name"), ("gone", "$.author.email")]),
        ({"a": 1}, {"a": 1, "b": 2}, [("added", "$.b")]),
        ({"a": 1}, {"a": "1"}, [("retyped", "$.a")]),
        ({"a": 1}, {"a": True}, [("retyped", "$.a")]),
        ({"a": 1}, {"a": 1.0}, []),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}, []),
        ({"a": [1, 2]}, {"a": [1]}, [("changed", "$.a[*]")]),
        ({"at": "2026-03-02T09:00:00Z"}, {"at": "2026-03-03T10:00:00Z"}, []),
        ({"id": "3f2504e0-4f89-41d3-9a0c-0305e82c3301"}, {"id": "7d444840-9dc0-11d1-b245-5ffdce74fad2"}, []),
        ({"a": "2026-03-02T09:00:00Z"}, {"a": "never"}, [("changed", "$.a")]),
    ],
)
def test_leaks_must_be_gone_and_all_else_the_same(before, after, expected):
    assert kinds(compare(before, after)) == expected


def test_a_leak_in_every_element_of_a_list_is_counted_once_each():
    found = compare({"l": [{"e": 1}, {"e": 2}]}, {"l": [{}, {}]}, leaks=["$.l[*].e"])
    assert [(d.kind, d.n) for d in found.differences] == [("gone", 2)]
    assert found.is_mended


def test_a_map_keyed_by_data_matches_any_key():
    assert compare({"ann": {"e": 1}, "bob": {"e": 1}}, {"ann": {}, "bob": {}}, leaks=["$[~].e"]).is_mended


def test_a_member_below_a_leaking_one_is_gone_with_it():
    assert compare({"address": {"street": 1}}, {"address": {}}, leaks=["$.address"]).counts["gone", HERE, "$.address.street"] == 1


def test_another_status_or_no_answer_is_not_mended():
    found = Comparison()
    found.add(HERE, (200, {}), (500, {}))
    found.add(HERE, (200, {}), None)
    assert [d.kind for d in found.differences] == ["status", "unanswered"]
    assert not found.is_mended


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text("ab", max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=8,
)


@given(JSON)
def test_a_document_never_differs_from_itself(value):
    assert list(differences(value, value, "$")) == []


@given(JSON, JSON)
def test_missing_one_way_is_new_the_other(a, b):
    there = {p for kind, p in differences(a, b, "$") if kind == "removed"}
    back = {p for kind, p in differences(b, a, "$") if kind == "added"}
    assert there == back


@given(st.lists(st.tuples(JSON, JSON), max_size=4), st.integers(0, 4))
def test_merging_parts_gives_the_whole(pairs, cut):
    def of(rows):
        found = Comparison()
        for before, after in rows:
            found.add(HERE, (200, before), (200, after))
        return found

    parts = of(pairs[:cut])
    parts.merge(of(pairs[cut:]))
    assert parts.differences == of(pairs).differences
