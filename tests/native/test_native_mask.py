"""The kernel masks byte for byte as the reference does, and refuses at the same byte for the same reason."""

import json
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stanch.contain.mask import MAX_DEPTH, Masked, MaskError
from stanch.contain.masker import masker
from stanch.contain.path import compile_paths

PATHS = [
    "$", "$.email", "$.a", "$.a.email", "$[*]", "$[*].email", "$[*][*]", "$.a[*]", "$.a[*].b", "$[~]", "$.b[~].email", "$[~].a", "$.é", "$['odd \"name\"']",
    "$['\U0001f600']", "$.a@json", "$.a@json.email", "$.a@json[*].b", "$@json.a@json.email", "$.b.a@json[~]", "$.email@json", "$['']",
]  # fmt: skip
NAMES = ["a", "b", "email", "é", 'odd "name"', "\U0001f600", "", "\ud83d", "A", "emai", "email ", "\x7f"]
ACTIONS = st.dictionaries(st.sampled_from(PATHS), st.sampled_from(["typed", "null", "text", "partial", "hash", "drop"]), min_size=1, max_size=5)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8) | st.sampled_from(NAMES)


def nested(inner):
    in_text = inner.map(lambda tree: json.dumps(tree)) | inner.map(lambda tree: json.dumps(tree, ensure_ascii=False))
    return st.lists(inner, max_size=4) | st.lists(st.tuples(st.sampled_from(NAMES), inner), max_size=5).map(Members) | in_text


class Members(list):
    """An object as pairs, so that names may stand twice."""


TREES = st.recursive(SCALARS, nested, max_leaves=25)
SPACES = st.sampled_from(["", "", "", " ", "\n", "\t\r\n  ", " " * 40])


@st.composite
def odd_json(draw, trees=TREES):
    """Valid JSON as few libraries write it: odd spacing, odd escapes, names twice, numbers of any form."""
    return (draw(st.sampled_from(["", "", "", "\ufeff"])) + written(draw, draw(trees))).encode("utf-8", "surrogatepass")


def written(draw, tree):
    space = draw(SPACES)
    match tree:
        case Members():
            items = [f"{draw(SPACES)}{quoted(draw, name)}{space}:{written(draw, value)}" for name, value in tree]
            return f"{space}{{{','.join(items) or space}}}{space}"
        case list():
            return f"{space}[{','.join(written(draw, value) for value in tree) or space}]{space}"
        case str():
            return f"{space}{quoted(draw, tree)}{space}"
        case int() | float() if not isinstance(tree, bool):
            return draw(st.sampled_from([json.dumps(tree), "-0", "0.0", "1E400", "12345678901234567890123", "-1.5e-7", "4.10"]))
        case _:
            return f"{space}{json.dumps(tree)}{space}"


def quoted(draw, text):
    style = draw(st.integers(0, 3))
    if style == 0 and not any(0xD800 <= ord(c) < 0xE000 for c in text):
        return json.dumps(text, ensure_ascii=False)
    if style == 1:
        return '"' + "".join(f"\\u{ord(c):04X}" if ord(c) < 0x10000 else json.dumps(c)[1:-1] for c in text) + '"'
    return json.dumps(text).replace("/", "\\/")


@st.composite
def mutated_json(draw):
    """Almost JSON: bytes changed, removed, repeated, cut."""
    body = bytearray(draw(odd_json()))
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.integers(0, len(body)))
        match draw(st.integers(0, 3)):
            case 0:
                body[at : at + 1] = bytes([draw(st.sampled_from(list(b'"\\{}[]:,0-+.eEtfn \x00\x1f\x7f\x80\xc3\xed\xf0\xff')))])
            case 1:
                del body[at : at + draw(st.integers(1, 4))]
            case 2:
                body[at:at] = body[at : at + draw(st.integers(1, 6))]
            case _:
                del body[at:]
    return bytes(body)


def outcome(work):
    try:
        done = work()
    except MaskError as error:
        return str(error), error.at
    return (done.body, done.n_masked, done.n_dropped)


def both(actions):
    root = compile_paths(actions)
    return masker(root, b"key", engine="native"), masker(root, b"key", engine="reference")


def streamed(native, body, cuts):
    stream = native.stream()
    edges = [0, *sorted(cut % (len(body) + 1) for cut in cuts), len(body)]
    out = b"".join(stream.feed(body[start:end]) for start, end in pairwise(edges))
    rest = stream.finish()
    return Masked(body=out + rest.body, n_masked=rest.n_masked, n_dropped=rest.n_dropped)


def assert_same(body, actions, cuts=()):
    native, reference = both(actions)
    expected = outcome(lambda: reference.mask(body))
    assert outcome(lambda: native.mask(body)) == expected
    flowed = outcome(lambda: streamed(native, body, cuts))
    assert flowed == expected or (isinstance(expected[0], str) and isinstance(flowed[0], str))


CUTS = st.lists(st.integers(0, 1 << 20), max_size=6)


@given(odd_json(), ACTIONS, CUTS)
def test_odd_json_is_masked_alike(body, actions, cuts):
    assert_same(body, actions, cuts)


@given(mutated_json(), ACTIONS, CUTS)
@settings(max_examples=300)
def test_almost_json_is_masked_or_refused_alike(body, actions, cuts):
    assert_same(body, actions, cuts)


@given(st.binary(max_size=60) | st.text(alphabet='{}[]",:\\u0d8e+-. \n\ud800', max_size=40).map(lambda t: t.encode("utf-8", "surrogatepass")), ACTIONS, CUTS)
@settings(max_examples=300)
def test_what_is_no_json_is_refused_alike(body, actions, cuts):
    assert_same(body, actions, cuts)


@pytest.mark.parametrize("cut", [b"", b"1", b'"x"', b"{}", b"nul", b"}"])
@pytest.mark.parametrize("depth", [1, MAX_DEPTH, MAX_DEPTH + 1, MAX_DEPTH + 2])
@pytest.mark.parametrize("opening", [b"[", b'{"a":'])
def test_nesting_is_bounded_alike(opening, depth, cut):
    closing = b"]" if opening == b"[" else b"}"
    for body in (opening * depth + cut + closing * depth, opening * depth + cut):
        assert_same(body, {"$.b": "typed"})


@pytest.mark.parametrize(
    "body",
    [
        b'{"a":"{\\"\\ud83d\\\\ude00\\":1}"}',
        b'{"a":"{\\"\\\\ud83d\\":1,\\"\\ud83d\\\\u0041\\":2}"}',
        b'{"a":"\\"\\ud83d\\\\ude00\\""}',
        b'{"a":"\\ufeff{}"}',
        b'{"a":"{\\u0022email\\u0022:\\u0022x\\u0022,\\u0022k\\u0022:1}"}',
        b'{"a":"[\\"\\\\\\\\\\"]"}',
        b'{"a":""}',
        b'{"a":" "}',
        b'{"email":"\\u0041nn"}',
        b'{"email":"\\""}',
        b'{"email":"\xc3\xa9"}',
    ],
)
def test_escapes_are_read_alike(body):
    for path in ("$.a@json['\U0001f600']", "$.a@json['\ud83d']", "$.a@json['\ud83dA']", "$.a@json.email", "$.email", "$.a@json"):
        for action in ("drop", "typed", "partial", "hash", "text"):
            assert_same(body, {path: action}, range(len(body)))


def test_a_body_without_a_hit_comes_back_as_the_same_object():
    native, _ = both({"$.no_such_member": "typed"})
    body = b'{"a":[1,2,3]}'
    assert native.mask(body).body is body


def test_many_names_under_one_object_are_found():
    names = [f"name_{n}" for n in range(50)]
    body = json.dumps({name: "x" for name in [*names, "other"]}).encode()
    assert_same(body, {f"$.{name}": "drop" if n % 2 else "typed" for n, name in enumerate(names)}, range(0, len(body), 7))


def test_a_stream_refuses_what_it_would_have_to_hold_without_end():
    native, _ = both({"$.email": "typed"})
    stream = native.stream()
    stream.feed(b'{"')
    with pytest.raises(MaskError, match="held back"):
        for _ in range(40):
            stream.feed(b"a" * (1 << 16))
    with pytest.raises(MaskError):
        stream.finish()


def test_an_error_never_carries_content():
    native, _ = both({"$.email": "typed"})
    for cut in range(1, 27):
        caught = outcome(lambda cut=cut: native.mask(b'{"email":"ann@example.org"'[:cut]))
        assert "ann" not in caught[0]


def test_a_tree_that_is_none_is_refused():
    from stanch.kernel import KERNEL

    for nodes in ([], [(None, [(b"a", 7)], None, None, None)], [(None, [], 0, None, None)], [("no such mask", [], None, None, None)]):
        with pytest.raises(ValueError, match="tree|mask"):
            KERNEL.Policy(nodes, b"", MaskError)
