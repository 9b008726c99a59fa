import contextlib
import gzip
import random
import zlib

import brotli
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from stanch.traffic.body.coding import coding_names, join_chunks, undo_codings
from stanch.traffic.body.limits import BodyError, Limits


def raw_deflate(data):
    stream = zlib.compressobj(wbits=-15)
    return stream.compress(data) + stream.flush()


def streamed_zstd(data):
    stream = zstandard.ZstdCompressor().compressobj()
    return stream.compress(data) + stream.flush()


CODERS = [
    ("gzip", gzip.compress),
    ("deflate", zlib.compress),
    ("deflate", raw_deflate),
    ("br", brotli.compress),
    ("zstd", zstandard.ZstdCompressor().compress),
    ("zstd", streamed_zstd),
]


@pytest.mark.parametrize(("name", "code"), CODERS)
@given(data=st.binary())
def test_every_coding_is_undone(name, code, data):
    assert undo_codings(code(data), [name], Limits()) == data


def test_stacked_codings_are_undone_last_first():
    data = b'{"name":"Ann"}'
    assert undo_codings(brotli.compress(gzip.compress(data)), ["gzip", "br"], Limits()) == data


def test_several_gzip_members_are_one_body():
    assert undo_codings(gzip.compress(b"a") + gzip.compress(b"b") + b"\0" * 9, ["gzip"], Limits()) == b"ab"


@pytest.mark.parametrize(("name", "code"), CODERS)
def test_a_bomb_is_refused(name, code):
    bomb = code(b"\0" * 3_000_000)
    with pytest.raises(BodyError, match="expands beyond the cap of 1000000 bytes"):
        undo_codings(bomb, [name], Limits(max_body_bytes=1_000_000))


@pytest.mark.parametrize(("name", "code"), CODERS)
def test_a_ratio_beyond_the_cap_is_refused(name, code):
    bomb = code(b"\0" * 3_000_000)
    with pytest.raises(BodyError, match="expands beyond"):
        undo_codings(bomb, [name], Limits(max_ratio=50))


@pytest.mark.parametrize(("name", "code"), CODERS)
def test_a_body_as_large_as_the_cap_is_read(name, code):
    assert len(undo_codings(code(b"\0" * 70_000), [name], Limits(max_body_bytes=70_000))) == 70_000


@pytest.mark.parametrize(("name", "code"), [coder for coder in CODERS if coder[1] is not raw_deflate])
def test_a_cut_body_is_named(name, code):
    whole = code(random.Random(1).randbytes(500_000))
    with pytest.raises(BodyError, match=f"^{name} body is cut short or damaged$"):
        undo_codings(whole[: len(whole) // 2], [name], Limits())


@pytest.mark.parametrize("name", ["gzip", "br", "deflate", "zstd", "compress"])
def test_a_body_whose_recorder_already_undid_the_coding_is_kept(name):
    assert undo_codings(b'{"name": "Ann"}', [name], Limits()) == b'{"name": "Ann"}'


def test_an_unknown_coding_is_named_without_its_name():
    with pytest.raises(BodyError, match=r"^unknown content coding$"):
        undo_codings(b"\x01\x02\x03", ["ann@example.org"], Limits())


def test_too_many_codings_are_refused():
    with pytest.raises(BodyError, match="stacked"):
        undo_codings(b"x", ["gzip"] * 6, Limits())


@pytest.mark.parametrize(
    ("header", "names"),
    [(None, []), ("identity", []), ("GZip, br", ["gzip", "br"]), ("x-gzip", ["gzip"]), (" , ", [])],
)
def test_the_header_is_split(header, names):
    assert coding_names(header) == names


@pytest.mark.parametrize(
    ("body", "plain"),
    [
        (b"3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\n", b"abcde"),
        (b"3\r\nabc\r\n", b"abc"),
        (b"0\r\n\r\n", b""),
        (b'{"a":1}', b'{"a":1}'),
        (b"12", b"12"),
        (b"12\r\nabc", b"12\r\nabc"),
    ],
)
def test_chunk_framing_is_taken_away_where_it_is(body, plain):
    assert join_chunks(body) == plain


def test_chunk_framing_that_breaks_off_is_named():
    with pytest.raises(BodyError, match="cut short"):
        join_chunks(b"3\r\nabc\r\n9\r\nab")


@given(st.binary(), st.lists(st.sampled_from(["gzip", "br", "deflate", "zstd", "x"]), max_size=3))
def test_any_bytes_are_undone_or_refused(data, names):
    with contextlib.suppress(BodyError):
        assert isinstance(undo_codings(data, names, Limits(max_body_bytes=1 << 20)), bytes)
    with contextlib.suppress(BodyError):
        assert isinstance(join_chunks(data), bytes)
