import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stanch.traffic.reader import cut
from stanch.traffic.reader.cut import CutError, Cutter
from stanch.traffic.reader.stream import Stream

NEXT = re.compile(rb'\}()\s*,\s*\{\s*"a"\s*:')
NEVER = re.compile(rb"(?!)()")


def is_json(raw: bytes) -> bool:
    try:
        json.loads(raw)
    except ValueError:
        return False
    return True


def elements(data: bytes, *, step=7, pattern=NEXT, path=(b"log", b"entries")):
    return list(Cutter(Stream([data[i : i + step] for i in range(0, len(data), step)]), path, pattern, is_json).elements())


SCALARS = st.one_of(st.none(), st.booleans(), st.integers(), st.text(alphabet='a"\\{}[],: é\n', max_size=12))
VALUES = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from('ab"{'), inner, max_size=3), max_leaves=8)
ENTRIES = st.lists(
    st.one_of(st.dictionaries(st.sampled_from(["a", "b", "entries", '"']), VALUES, max_size=4), SCALARS, st.lists(SCALARS)), max_size=6
)


@given(ENTRIES, st.integers(1, 40), st.sampled_from([None, 1]), st.sampled_from([NEXT, NEVER]), st.booleans())
def test_the_elements_are_those_that_a_parser_sees(entries, step, indent, pattern, ascii_only):
    before = {"creator": {"entries": [1], "name": "x"}, "pages": [{"entries": []}]}
    data = json.dumps({"version": "]", "log": {**before, "entries": entries, "comment": "{"}}, indent=indent, ensure_ascii=ascii_only).encode()
    assert [json.loads(raw) for raw in elements(data, step=step, pattern=pattern)] == entries


def test_guessing_and_counting_agree_across_small_chunks(monkeypatch):
    monkeypatch.setattr(cut, "CHUNK_BYTES", 5)
    data = json.dumps({"log": {"entries": [{"a": {"a": [{"a": 1}, {"a": "},{"}]}}, {"a": '"'}]}}).encode()
    assert elements(data, pattern=NEXT) == elements(data, pattern=NEVER)


@pytest.mark.parametrize("data", [b"", b"{}", b"[]", b'{"log": {}}', b'{"entries": []}', b'{"log": [{"entries": []}]}', b'{"log": {"entries": {}}}'])
def test_a_text_without_the_array_is_told(data):
    with pytest.raises(CutError):
        elements(data)


def test_what_was_whole_comes_before_the_cut():
    found = iter(Cutter(Stream([b'{"log": {"entries": [{"a": 1}, {"a": 2}, {"a": ']), (b"log", b"entries"), NEXT, is_json).elements())
    assert [next(found), next(found)] == [b'{"a": 1}', b'{"a": 2}']
    with pytest.raises(CutError):
        next(found)


def test_depth_costs_nothing():
    deep = b'{"a": ' + b"[" * 500_000 + b"]" * 500_000 + b"}"
    (raw,) = elements(b'{"log": {"entries": [' + deep + b"]}}", step=1 << 16, pattern=NEVER)
    assert raw == deep
