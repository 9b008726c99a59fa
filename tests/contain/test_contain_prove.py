import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stanch.contain.mask import MaskError
from stanch.contain.masker import masker
from stanch.contain.path import compile_paths
from stanch.contain.prove import prove, what_else_changed

EMAIL = "ann@example.org"


def proof(before, after, actions, headers=()):
    return prove(before, after, content_type="application/json", headers=headers, actions=actions)


@pytest.mark.parametrize(
    ("before", "after", "actions", "changed"),
    [
        (b'{"e":"x","n":1.0}', b'{"e":"","n":1.0}', {"$.e": "typed"}, False),
        (b'{"e":"x","n":1.0}', b'{"e":"","n":1}', {"$.e": "typed"}, True),
        (b'{"e":"x","n":1}', b'{"n":1}', {"$.e": "drop"}, False),
        (b'{"e":"x","n":1,"m":2}', b'{"n":1}', {"$.e": "drop"}, True),
        (b'{"e":"x", "n":1}', b'{"e":"","n":1}', {"$.e": "typed"}, True),
        (b'{"a":1,"b":2}', b'{"b":2,"a":1}', {"$.e": "typed"}, True),
        (b'{"a":1,"a":1}', b'{"a":1}', {"$.e": "typed"}, True),
        (b'{"a":"\\/"}', b'{"a":"/"}', {"$.e": "typed"}, True),
        (b'[{"e":[1,{"f":2}]}]', b'[{"e":[]}]', {"$[*].e": "typed"}, False),
        (b'{"p":"{\\"e\\":1,\\"f\\":2}"}', b'{"p":"{\\"e\\":0,\\"f\\":2}"}', {"$.p@json.e": "typed"}, False),
        (b'{"p":"{\\"e\\":1,\\"f\\":2}"}', b'{"p":"{\\"e\\":0,\\"f\\":3}"}', {"$.p@json.e": "typed"}, True),
    ],
)
def test_a_change_outside_the_targets_is_seen(before, after, actions, changed):
    assert bool(what_else_changed(before, after, actions)) == changed


@pytest.mark.parametrize(
    ("after", "headers", "place"),
    [
        (b'{"author":{"email":""},"note":"ann@example.org"}', (), "response.body $.note"),
        (b'{"author":{"email":""},"note":"\\u0061nn@example.org"}', (), "response.body $.note"),
        (b'{"author":{"email":"","email":"ann@example.org"}}', (), "response.body $.author.email"),
        (b'{"author":{"email":""}}', (("x-by", EMAIL),), "response.header x-by"),
        (b'{"author":{"email":""},"a":"ann@exam","b":"ple.org"}', (), "response.body, across members"),
        (b'{"author":{"email":""},"d":"{\\"x\\":\\"\\\\u0061nn@example.org\\"}"}', (), "response.body $.d@json.x"),
    ],
)
def test_a_value_that_survives_is_found_whatever_its_form(after, headers, place):
    found = proof(b'{"author":{"email":"ann@example.org"}}', after, {"$.author.email": "typed"}, headers)
    assert place in {s.place for s in found.survivals}
    assert EMAIL not in repr(found)


def test_values_too_short_to_tell_are_counted_as_proved_by_place():
    found = proof(b'{"a":true,"b":7,"c":"m"}', b'{"a":false,"b":0,"c":""}', {"$.a": "typed", "$.b": "typed", "$.c": "typed"})
    assert (found.n_targets, found.n_by_place_only, found.holds) == (3, 3, True)


@pytest.mark.parametrize("value", [b'"Ann"', b"7", b"true", b'"f"', b"[1]"])
def test_a_short_value_that_stays_where_it_was_is_found(value):
    body = b'{"a":' + value + b',"b":2}'
    assert not proof(body, body, {"$.a": "typed"}).holds


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8)
    | st.just('{"email":"x y z w"}'),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["a", "b", "email", "é"]), inner, max_size=4),
    max_leaves=20,
)
ACTIONS = st.dictionaries(
    st.sampled_from(["$.email", "$.a.email", "$[*].email", "$.a[*]", "$.b[~].email", "$.é", "$.a", "$[~].b", "$.b@json.email", "$.a[*][*].email"]),
    st.sampled_from(["typed", "null", "drop"]), min_size=1,
)  # fmt: skip


@given(JSON, ACTIONS, st.sampled_from([None, 1]), st.booleans())
def test_the_masker_and_the_proof_agree_though_they_share_no_code(document, actions, indent, ascii_only):
    body = json.dumps(document, indent=indent, ensure_ascii=ascii_only).encode()
    try:
        masked = masker(compile_paths(actions), b"key").mask(body)
    except MaskError:
        return
    assert what_else_changed(body, masked.body, actions) == ""
