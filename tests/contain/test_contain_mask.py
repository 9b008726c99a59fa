import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stanch.contain.mask import MaskError, mask_json, unescape
from stanch.contain.path import compile_paths
from stanch.contain.replace import masks

MASKS = masks(b"key")


def apply(body: bytes, actions: dict[str, str]) -> bytes:
    return mask_json(body, compile_paths(actions), MASKS).body


@pytest.mark.parametrize(
    ("body", "actions", "expected"),
    [
        (b'{"email":"a@example.org","n":1.0}', {"$.email": "typed"}, b'{"email":"","n":1.0}'),
        (b'{"a":{"b":12345678901234567890}}', {"$.a.b": "typed"}, b'{"a":{"b":0}}'),
        (b'{"a":[{"e":"x"},{"e":null}]}', {"$.a[*].e": "typed"}, b'{"a":[{"e":""},{"e":null}]}'),
        (b'{"u":{"k1":{"e":"x"},"k2":{"e":"y"}}}', {"$.u[~].e": "null"}, b'{"u":{"k1":{"e":null},"k2":{"e":null}}}'),
        (b'{"e":"one", "e" : "two"}', {"$.e": "typed"}, b'{"e":"", "e" : ""}'),
        (b'{"\\u0065mail":"x"}', {"$.email": "typed"}, b'{"\\u0065mail":""}'),
        (b'{"a":1,"b":2,"c":3}', {"$.b": "drop"}, b'{"a":1,"c":3}'),
        (b'{"a":1,"b":2,"c":3}', {"$.a": "drop", "$.b": "drop"}, b'{"c":3}'),
        (b'{"a":1,"b":2,"c":3}', {"$.b": "drop", "$.c": "drop"}, b'{"a":1}'),
        (b'{ "a" : 1 }', {"$.a": "drop"}, b"{  }"),
        (b"[1,2,3]", {"$[*]": "drop"}, b"[]"),
        (
            b'{"p":"{\\"e\\":\\"x\\",\\"k\\":\\"\\u00e9\\"}"}',
            {"$.p@json.e": "typed"},
            b'{"p":"{\\"e\\":\\"\\",\\"k\\":\\"\\u00e9\\"}"}',
        ),
        (b'"x"', {"$": "typed"}, b'""'),
        (b'\xef\xbb\xbf{"e":"x"}', {"$.e": "text"}, b'\xef\xbb\xbf{"e":"[removed]"}'),
        (b'{"e":"ann@example.org"}', {"$.e": "partial"}, b'{"e":"a***"}'),
        (b'{"odd name":"x"}', {"$['odd name']": "null"}, b'{"odd name":null}'),
        (b'{"e":{"deep":[1]}}', {"$.e": "typed"}, b'{"e":{}}'),
        (b'{"author":[{"e":"x"},{"e":"y"}]}', {"$.author.e": "typed"}, b'{"author":[{"e":""},{"e":""}]}'),
        (b'{"a":[[{"e":"x"}]]}', {"$.a.e": "typed"}, b'{"a":[[{"e":""}]]}'),
        (b'[{"e":"x"}]', {"$.e": "drop"}, b"[{}]"),
        (b'{"a":{"e":"x"}}', {"$.a[*].e": "typed"}, b'{"a":{"e":""}}'),
        (b'{"a":"x"}', {"$.a[*]": "typed"}, b'{"a":""}'),
        (b'{"a":["x",1]}', {"$.a[*]": "typed"}, b'{"a":["",0]}'),
        (b'{"a":["x",1]}', {"$.a": "typed"}, b'{"a":[]}'),
        (b'{"a":{"e":"x","p":"y"},"b":{"p":"z"}}', {"$.a.e": "typed", "$[~].p": "null"}, b'{"a":{"e":"","p":null},"b":{"p":null}}'),
        (b'{"a":[{"e":"x","p":"y"}]}', {"$.a[*].e": "typed", "$.a.p": "typed"}, b'{"a":[{"e":"","p":""}]}'),
        (b'{"a":{"b":{"e":"x","f":"y"}}}', {"$.a[~].e": "typed", "$.a.b": "drop"}, b'{"a":{}}'),
        (b'{"p":[{"d":"{\\"e\\":1}"}]}', {"$.p.d@json.e": "typed"}, b'{"p":[{"d":"{\\"e\\":0}"}]}'),
    ],
)
def test_only_the_named_members_change(body, actions, expected):
    assert apply(body, actions) == expected


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b'{"a":1',
        b'{"a" 1}',
        b"[1,]",
        b'{"a":1,}',
        b"nul",
        b"01",
        b"1 2",
        b'"\x01"',
        b'"\\x"',
        b"{'a':1}",
        b"NaN",
        b"-",
        b"1.",
        b'"\xff"',
        b"[" * 5000,
    ],
)
def test_what_is_not_json_is_refused(body):
    with pytest.raises(MaskError):
        apply(body, {"$.a": "typed"})


def test_an_error_tells_the_position_and_not_the_content():
    with pytest.raises(MaskError) as caught:
        apply(b'{"email":"ann@example.org"', {"$.email": "typed"})
    assert "ann" not in str(caught.value)
    assert caught.value.at == 26


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["a", "b", "email", "é"]), inner, max_size=4),
    max_leaves=20,
)
ACTIONS = st.dictionaries(
    st.sampled_from(["$.email", "$.a.email", "$[*].email", "$.a[*]", "$.b[~].email", "$.é"]),
    st.sampled_from(["typed", "null", "drop"]),
)


@given(JSON, ACTIONS, st.booleans())
def test_masking_is_idempotent_and_stays_json(document, actions, ascii_only):
    body = json.dumps(document, ensure_ascii=ascii_only).encode()
    once = apply(body, actions)
    json.loads(once)
    assert apply(once, {path: action for path, action in actions.items() if action != "drop"}) is not None
    assert apply(once, actions) == once or "drop" in actions.values()


@given(JSON)
def test_without_a_matching_path_every_byte_stays(document):
    body = json.dumps(document, indent=1).encode()
    assert apply(body, {"$.no_such_member": "typed"}) == body


@given(st.binary(max_size=200))
def test_arbitrary_bytes_are_masked_or_refused(body):
    try:
        result = apply(body, {"$.a": "typed", "$[*].b": "drop"})
    except MaskError:
        return
    json.loads(result)


@given(st.text())
def test_strings_are_unescaped_as_json_means_them(text):
    assert unescape(json.dumps(text).encode()[1:-1]) == text
