"""The kernel scans as the reference does: same candidates, same pseudonyms, same columns, same report, byte for byte."""

import json
import string
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stanch.classify.column import FieldSummary
from stanch.classify.detect import candidates
from stanch.classify.form import FORMS
from stanch.classify.leaf import walk
from stanch.engines.local import scan, sources
from stanch.errors import InputError
from stanch.identity.kernel_bodies import Columns
from stanch.identity.kernel_reader import KernelReader
from stanch.identity.pseudonym import VALUE, KeyedDigest
from stanch.identity.summary import Place, Position, Reference, TrafficSummary
from stanch.inventory import mapkey
from stanch.kernel import ENGINES, KERNEL, kernel
from stanch.traffic.body.limits import BodyError, Limits
from stanch.traffic.body.nested import expand
from stanch.traffic.document import Document, Pairs

KEY = b"key of a test"
POSITION = Position(Place("example.org", "GET", "/a", ""), 200, "response.body")


@pytest.fixture(scope="module")
def scanner(built):
    return KernelReader(KERNEL, KEY).scanner


FORM_TEXTS = st.sampled_from(FORMS).flatmap(lambda form: st.from_regex(form.pattern.pattern, fullmatch=True)).map(lambda text: text[:300])
PIECES = st.sampled_from(
    [
        "ann@example.org", "Ann <ann@example.org>", "info@example.org", "no-reply+x@example.org", "a@@example.org", "icon@2x.png", "x@y.xn--p1ai", "é@exämple.org",
        "+1 555 010 0199", "+49 (0)30 1234567", "4111 1111 1111 1111", "4111111111111111", "DE89 3704 0044 0532 0130 00", "DE89370400440532013000",
        "https://example.org/?mail=ann@example.org", "https://ann:secret@example.org", "-----BEGIN RSA PRIVATE KEY-----", "2026-11-25", "2026-11-25T01:02:03Z", "192.0.2.7", "::1",
        "2001:db8::7", "Ann van der Berg", "Ø. Ærlig", "078-05-1120", "20261125", "1700000000", " ", "  ", "\t", "\n", "-", "/", "=", "_", ".", "..", "(", ")", "+", "x12", "ext. 5", "?", "@",
        "\u00a0", "\u2003", "\u0660\u0661\u0662", "\u0130", "ß", "\u2019", "A" * 70, "a" * 260, "1" * 20, "://",
    ]
)  # fmt: skip
TEXTS = st.one_of(
    st.text(max_size=40),
    st.text(alphabet=string.digits + " -+().x/", max_size=30),
    st.text(alphabet=string.ascii_letters + string.digits + "@.-+_ :/", max_size=40),
    st.lists(PIECES, min_size=1, max_size=5).map("".join),
    st.lists(PIECES, min_size=1, max_size=5).map(" ".join),
    FORM_TEXTS,
    st.tuples(FORM_TEXTS, PIECES).map("".join),
    st.tuples(PIECES, FORM_TEXTS).map(" ".join),
)


@given(TEXTS)
@settings(max_examples=1500)
def test_a_text_has_the_same_candidates(scanner, text):
    expected = candidates(text)
    assert scanner.candidates(text) == sorted(expected)
    assert len(set(expected)) == len(expected)


@given(st.integers() | st.integers(0, 10**20) | st.integers(4 * 10**15, 5 * 10**15) | st.integers(18_000_000, 21_000_000) | st.integers(10**33, 10**35))
def test_a_number_has_the_same_candidates(scanner, number):
    assert scanner.number_candidates(str(number)) == sorted(candidates(number))


@given(TEXTS)
@settings(max_examples=500)
def test_a_text_has_the_same_pseudonym(scanner, text):
    assert scanner.digest(text) == KeyedDigest(KEY)(VALUE, text)


def test_every_character_folds_alike(scanner):
    digest = KeyedDigest(KEY)
    every = [chr(code) for code in range(0x110000) if not 0xD800 <= code < 0xE000]
    for start in range(0, len(every), 64):
        text = "x" + "".join(every[start : start + 64])
        assert scanner.digest(text) == digest(VALUE, text)
        assert scanner.digest(text[1:]) == digest(VALUE, text[1:])


def test_nothing_beyond_the_table_folds_is_blank_or_a_digit():
    from stanch.classify.tables import LAST_WITH_CASE

    rest = [chr(code) for code in range(LAST_WITH_CASE, 0x110000)]
    assert not [c for c in rest if c.casefold() != c or c.isspace() or c.isdecimal()]


NAMES = st.sampled_from(["id", "email", "name", "phone", "author", "user", "token", "tags", "odd name", "é", "x'y", "a.b", "", "ann@example.org", "12", "2026-11-25"])
VALUES = st.none() | st.booleans() | st.integers() | st.floats() | TEXTS | st.binary(max_size=6) | st.just(10**1500)
TREES = st.recursive(
    VALUES,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(NAMES, inner, max_size=5)
        | st.lists(st.tuples(NAMES, inner), max_size=4).map(Pairs)
        | st.integers(6, 10).flatmap(lambda n: st.dictionaries(st.from_regex(r"[a-z]{1,3}", fullmatch=True), inner.map(lambda tree: {"a": tree, "b": 1}), min_size=n, max_size=n))
        | st.dictionaries(NAMES, st.none() | st.text(max_size=5), max_size=3).map(json.dumps)
    ),
    max_leaves=25,
)


def summary_of(reader, trees):
    summary = TrafficSummary(digest=KeyedDigest(KEY), reader=reader)
    said = []
    for tree in trees:
        document = Document(where="response.body", tree=tree)
        leaves = reader.leaves(document)
        assert list(leaves) == list(walk(document)) or "nan" in repr(tree)
        said += [(repr(leaf), list(pseudonyms)) for leaf, pseudonyms in reader.count(summary, POSITION, leaves)]
    summary.settle()
    for column in summary.fields.values():
        column.trim()
    return summary.fields, said


@given(st.lists(TREES, min_size=1, max_size=4))
@settings(max_examples=400)
def test_documents_give_the_same_leaves_columns_and_pseudonyms(trees):
    trees = [expand(tree, Limits()) for tree in trees]
    assert summary_of(KernelReader(KERNEL, KEY), trees) == summary_of(Reference(), trees)


def test_maps_are_told_by_the_reference():
    words = [a + b for a in string.ascii_lowercase for b in string.ascii_lowercase]
    trees = [
        {word: {"email": f"{word}@example.org", "n": 1} for word in words[:8]},
        {word: {"email": f"{word}@example.org", "n": 1} for word in words[:7]},
        Pairs([(word, {"a": 1}) for word in [*words[:8], "aa"]]),
        {word: "x" for word in words[:200]},
        {word: "x" for word in words[:199]},
        {"12": 1, "34": 2, "word": 3},
    ]
    assert summary_of(KernelReader(KERNEL, KEY), trees) == summary_of(Reference(), trees)


def test_a_long_column_keeps_the_same_sketch_and_sample():
    trees = [{"code": f"AB {number:07d}", "n": number * 7919, "mail": f"ann{number % 1500}@example.org"} for number in range(5000)]
    ours, theirs = summary_of(KernelReader(KERNEL, KEY), trees)[0], summary_of(Reference(), trees)[0]
    assert ours == theirs
    assert max(len(column.smallest) for column in ours.values()) == 1024
    assert {len(column.checked) for column in ours.values()} == {0, 64}


def test_what_the_kernel_does_not_read_is_read_by_the_reference():
    trees = [{"a": "\ud800", "b": 1}, {"a": frozenset()}, {1: "x"}, {"c": ("x", 1)}]
    assert summary_of(KernelReader(KERNEL, KEY), trees) == summary_of(Reference(), trees)


def test_deep_trees_do_not_break_the_kernel():
    tree = 1
    for _ in range(5000):
        tree = [tree]
    assert not hasattr(KernelReader(KERNEL, KEY).leaves(Document(where="response.body", tree=tree)), "record")


def test_a_column_of_the_kernel_is_a_summary_of_the_reference():
    fields, _ = summary_of(KernelReader(KERNEL, KEY), [{"a": None, "b": "", "c": "x"}])
    by_path = {key.path: column for key, column in fields.items()}
    assert (by_path["$.a"].n_null, by_path["$.b"].n_empty, by_path["$.c"].n_values) == (1, 1, 1)
    assert by_path["$.a"].min_length == FieldSummary().min_length


FLOATS = st.floats(allow_nan=False, allow_infinity=False) | st.sampled_from([0.0001, 0.00001, 1e15, 1e16, 1e22, -0.0, 5e-324, 123456789012345680.0])
PLAIN_TREES = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**20), 10**20) | FLOATS | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES | TEXTS, inner, max_size=9),
    max_leaves=25,
)


@given(st.lists(st.tuples(PLAIN_TREES, st.integers(0, 2), st.booleans()), min_size=1, max_size=5))
@settings(max_examples=400)
def test_bodies_give_the_same_columns_from_their_bytes(trees):
    bodies = [json.dumps(tree, ensure_ascii=ascii_only).encode("utf-8", "surrogatepass") for tree, _, ascii_only in trees]
    roots = [root for _, root, _ in trees]
    assert columns_of(KERNEL, bodies, roots) == columns_of(None, bodies, roots)


def columns_of(native, bodies, roots):
    columns = Columns(KEY, native)
    columns.scan(bodies, roots)
    found = columns.settle()
    for column in found.values():
        column.trim()
    return found


@pytest.mark.parametrize(
    "body",
    [
        b'{"a":"7+ann@users.NoReply.example.org","b":"x ann@no-reply.example.org","c":"ann@noreply","d":"a@b@noreply.example.org"}',
        b'{"email":{"id":null},"id":null}', b'{"a":{"a":{"a":1},"a":2},"a":3}', b'{"a":1,"a":2}', b'{"\\u0061":1,"a":2}', b'{"a":-0}', b'{"a":12345678901234567890123}', b'{"a":1e999}', b'{"a":"\\ud800"}', b'\xef\xbb\xbf{"a":1}',
        b' [ 1 , { } , [ ] ] ', b'{"ann@example.org":1,"12":2,"a":3}', b'{"a":1.0e2,"b":1E-7,"c":100000000000000000000.5}', b'{"a":"\\u00e9\\n\\"x"}',
    ],
)  # fmt: skip
def test_odd_bodies_give_the_same_columns(body):
    assert columns_of(KERNEL, [body], [0]) == columns_of(None, [body], [0])


def test_a_body_that_is_no_json_is_refused_by_both():
    for native in (KERNEL, None):
        with pytest.raises(BodyError):
            columns_of(native, [b'{"a":1}', b'{"a":'], [0, 0])


@given(NAMES | TEXTS | st.from_regex(mapkey._DATA_KEY.pattern, fullmatch=True))
@settings(max_examples=500)
def test_a_key_is_data_for_both(key):
    body = json.dumps({key: 1}).encode()
    assert columns_of(KERNEL, [body], [0]) == columns_of(None, [body], [0])


def test_columns_of_two_threads_merge_to_those_of_one():
    bodies = [json.dumps({"id": number, "email": f"ann{number}@example.org"}).encode() for number in range(2000)]
    halves = [Columns(KEY, KERNEL) for _ in range(2)]
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda at: halves[at].scan(bodies[at::2], [0] * 1000), range(2)))
    merged, other = halves[0].settle(), halves[1].settle()
    for key, column in other.items():
        merged[key].merge(column)
    assert merged == columns_of(KERNEL, bodies, [0] * 2000)


@pytest.mark.parametrize("jobs", [1, 2])
def test_both_engines_give_the_same_report(leaky_file, jobs):
    reports = [stanch("scan", leaky_file, "--format", "json", "--quiet", "--engine", engine, "--jobs", jobs).stdout for engine in ENGINES]
    assert json.loads(reports[0])["findings"]
    assert reports[0] == reports[1] == reports[2]


def test_an_engine_that_is_not_built_is_refused(leaky_file, monkeypatch):
    monkeypatch.setattr("stanch.kernel.KERNEL", None)
    assert kernel("auto") is None
    with pytest.raises(InputError, match="not built"):
        scan(sources([str(leaky_file)]), engine="native")


def stanch(*args):
    return subprocess.run([sys.executable, "-m", "stanch", *map(str, args)], capture_output=True, timeout=120, check=True)
