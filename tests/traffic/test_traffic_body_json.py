import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stanch.traffic.body.json_text import is_too_deep, looks_like_json_lines, read_json, read_json_lines
from stanch.traffic.body.limits import BodyError, Limits, Notes
from stanch.traffic.document import Pairs

LIMITS = Limits()


def parsed(data, charset=None):
    return read_json(data, charset, LIMITS, Notes())


@pytest.mark.parametrize(
    ("body", "tree"),
    [
        (b'{"name":"Ann"}', {"name": "Ann"}),
        (b'\xef\xbb\xbf{"name": "Ann"}', {"name": "Ann"}),
        (b")]}',\n[1]", [1]),
        (b")]}'\n[1]", [1]),
        (b'while(1);{"a":1}', {"a": 1}),
        (b"for(;;);[]", []),
        (b"{}&&[1]", [1]),
        (b'/**/cb({"a":1});', {"a": 1}),
        (b'jQuery.x_1([{"a":1}])\n', [{"a": 1}]),
        (b'{"a":1,"a":2}', Pairs([("a", 1), ("a", 2)])),
        (b'{"o": {"a": 1, "b": {"c": 3}, "a": 2}}', {"o": Pairs([("a", 1), ("b", {"c": 3}), ("a", 2)])}),
        (b'{"a":":","a":1}', Pairs([("a", ":"), ("a", 1)])),
        (b'{"\\u003a":1,"a":2,"a":3}', Pairs([(":", 1), ("a", 2), ("a", 3)])),
        (b"123456789012345678901234567890", 123456789012345678901234567890),
        (b'{"n": 18446744073709551617}', {"n": 18446744073709551617}),
        (b'["x\ty"]', ["x\ty"]),
        (b'["\\ud800"]', ["\ufffd"]),
        (b'["\\ud83d\\ude00"]', ["\U0001f600"]),
        ('{"name":"Zoë"}'.encode("utf-16"), {"name": "Zoë"}),
        ('{"name":"Zoë"}'.encode("utf-16-le"), {"name": "Zoë"}),
        ('{"name":"Zoë"}'.encode("utf-16-be"), {"name": "Zoë"}),
    ],
)
def test_json_is_read_as_servers_send_it(body, tree):
    found = parsed(body).tree
    assert found == tree
    assert type(found) is type(tree)


def test_the_declared_charset_of_json_counts():
    assert parsed('{"name":"Zoë"}'.encode("latin-1"), "ISO-8859-1").tree == {"name": "Zoë"}


def test_a_charset_that_was_only_a_default_is_not_believed():
    assert parsed('{"name":"Zoë"}'.encode(), "ISO-8859-1").tree == {"name": "Zoë"}


def test_not_a_number_and_infinity_are_accepted_but_give_no_raw_text():
    found = parsed(b'{"a":NaN,"b":-Infinity}')
    assert found.tree["a"] != found.tree["a"]
    assert found.tree["b"] == float("-inf")
    assert found.raw is None


def test_an_integer_that_python_refuses_to_convert_stays_text():
    digits = "9" * 5000
    assert parsed(f"[{digits}]".encode()).tree == [digits]


def test_the_raw_text_is_the_body_after_its_prefix():
    assert parsed(b'\xef\xbb\xbf{"a": 1} ').raw == b'{"a": 1} '
    assert parsed(b")]}',\n[1]").raw == b"[1]"
    assert parsed(b'{"a":1,"a":2}').raw == b'{"a":1,"a":2}'


def test_invalid_utf8_is_replaced_and_counted():
    notes = Notes()
    found = read_json(b'{"a":"\xff\xfe"}', None, LIMITS, notes)
    assert found.tree == {"a": "\ufffd\ufffd"}
    assert found.raw is None
    assert notes.n_replaced == 2


@pytest.mark.parametrize("depth", [257, 300, 1000, 100_000])
def test_nesting_beyond_the_limit_is_refused(depth):
    with pytest.raises(BodyError, match="nested too deeply"):
        parsed(b"[" * depth + b"]" * depth)


@pytest.mark.parametrize("depth", [1, 253, 254, 255, 256])
def test_nesting_within_the_limit_is_read(depth):
    assert parsed(b"[" * depth + b"]" * depth).raw is not None


def test_a_smaller_depth_limit_holds_on_the_fast_way_too():
    with pytest.raises(BodyError, match="nested too deeply"):
        read_json(b"[[[1]]]", None, Limits(max_depth=2), Notes())


def test_brackets_in_strings_are_not_depth():
    assert not is_too_deep('["' + "[" * 500 + '"]', 2)
    assert is_too_deep('[[["a\\"]]]"', 2)


@pytest.mark.parametrize("body", [b'{"a":', b'{"a" 1}', b"", b"nope", b'["a', b"[1]]"])
def test_broken_json_gives_a_position_and_no_content(body):
    with pytest.raises(BodyError, match=r"^JSON is cut short or malformed at character \d+$"):
        parsed(body)


def test_a_broken_line_is_noted_and_the_rest_still_read():
    notes = Notes()
    found = read_json_lines(b'{"a":1}\n\n{"a":\n\x1e{"a":3}', None, LIMITS, notes)
    assert found.tree == [{"a": 1}, {"a": 3}]
    assert notes.problems == ["line 3: JSON is cut short or malformed at character 5"]


def test_json_lines_are_told_from_json():
    assert looks_like_json_lines(b'{"a":1}\n{"a":2}\n')
    assert not looks_like_json_lines(b'{\n"a":1}\n')
    assert not looks_like_json_lines(b'[\n{"a":1},\n{"a":2}]')


leaves = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text()
trees = st.recursive(leaves, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=30)


@given(trees, st.sampled_from([None, 2]), st.booleans())
def test_what_was_written_is_read_back(tree, indent, ascii_only):
    import json

    text = json.dumps(tree, indent=indent, ensure_ascii=ascii_only)
    assert parsed(text.encode("utf-8", "replace")).tree == json.loads(text.encode("utf-8", "replace"))


@given(st.lists(st.tuples(st.sampled_from("ab:"), st.integers(0, 9) | st.sampled_from([":", "{", '":'])), max_size=6))
def test_no_member_is_ever_lost(pairs):
    body = b"{" + b",".join(orjson.dumps(key) + b":" + orjson.dumps(value) for key, value in pairs) + b"}"
    found = parsed(body).tree
    assert list(found.items() if isinstance(found, dict) else found) == pairs
