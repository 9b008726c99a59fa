import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stanch.traffic.body.limits import Limits
from stanch.traffic.body.nested import Nested, expand, may_hold_nested
from stanch.traffic.document import Pairs


def b64(text):
    return base64.b64encode(text.encode()).decode()


def b64url(text):
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def jwt(claims):
    return ".".join([b64url(json.dumps({"alg": "HS256"})), b64url(json.dumps(claims)), "c2lnbmF0dXJl"])


@pytest.mark.parametrize(
    ("leaf", "kind", "tree"),
    [
        ('{"email":"ann@example.org"}', "json", {"email": "ann@example.org"}),
        ('[1, {"a": 2}] \n', "json", [1, {"a": 2}]),
        (b64("ann@example.org, bob@example.org"), "base64", "ann@example.org, bob@example.org"),
        (b64("user=ann&plan=free"), "base64", "user=ann&plan=free"),
        (b64url("Zoë <zoe@example.org>??>>"), "base64", "Zoë <zoe@example.org>??>>"),
        (jwt({"email": "ann@example.org"}), "jwt", {"email": "ann@example.org"}),
    ],
)
def test_a_value_within_a_value_is_found(leaf, kind, tree):
    found = expand({"x": [leaf]}, Limits())["x"][0]
    assert isinstance(found, Nested)
    assert (found.text, found.kind, found.tree) == (leaf, kind, tree)


@pytest.mark.parametrize(
    "leaf",
    [
        "",
        "{",
        "{}}",
        "{not json}",
        "[link](https://example.org)",
        "123e4567-e89b-12d3-a456-426614174000",
        "d41d8cd98f00b204e9800998ecf8427e",
        "1234567890123456",
        "internationalization",
        "an-article-about-bees-and-trees1",
        "AKIAIOSFODNN7EXAMPLE",
        "eyJ.eyJ.x",
        "2024-01-01T00:00:00Z",
        "ann@example.org",
    ],
)
def test_other_strings_stay_as_they_are(leaf):
    tree = {"x": [leaf]}
    assert expand(tree, Limits()) is tree


def test_two_layers_are_undone_and_no_third():
    inner = json.dumps({"email": "ann@example.org"})
    two = expand(b64(inner), Limits())
    assert two.kind == "base64"
    assert two.tree.kind == "json"
    assert two.tree.tree == {"email": "ann@example.org"}
    three = expand(json.dumps({"x": b64(inner)}), Limits())
    assert three.tree["x"].tree == inner


def test_the_tree_given_is_not_changed():
    tree = {"a": ['{"b":1}', 2], "p": Pairs([("q", "[1]")])}
    grown = expand(tree, Limits())
    assert tree == {"a": ['{"b":1}', 2], "p": Pairs([("q", "[1]")])}
    assert grown["a"][0].tree == {"b": 1}
    assert isinstance(grown["p"], Pairs)
    assert grown["p"][0][1].tree == [1]


def test_a_nested_value_does_not_show_itself():
    assert repr(expand('{"email":"ann@example.org"}', Limits())) == "Nested(json)"


leaves = (
    st.none()
    | st.integers()
    | st.text()
    | st.sampled_from(['{"a":1}', "[]", " [1]", b64("a=1&b=2&c=3"), b64('{"email":"x"}'), jwt({"a": 1}), "deadbeefdeadbeefdeadbeef"])
)
trees = st.recursive(leaves, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=20)


@given(trees)
def test_the_cheap_look_never_misses_what_expansion_finds(tree):
    for text in (json.dumps(tree), json.dumps(tree, ensure_ascii=False, indent=1)):
        if not may_hold_nested(text.encode("utf-8", "replace"), Limits()):
            assert expand(tree, Limits()) is tree
