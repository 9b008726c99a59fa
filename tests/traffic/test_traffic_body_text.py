import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stanch.traffic.body.form import read_query, read_url
from stanch.traffic.body.head import read_headers
from stanch.traffic.body.limits import BodyError, Limits, Notes
from stanch.traffic.body.media import parse_media
from stanch.traffic.body.packed import read_msgpack
from stanch.traffic.body.sse import read_sse
from stanch.traffic.body.tabular import read_csv
from stanch.traffic.body.text import decode_text, known_charset
from stanch.traffic.document import Pairs


@pytest.mark.parametrize(
    ("data", "charset", "text"),
    [
        ("Zoë".encode(), None, "Zoë"),
        ("Zoë".encode("latin-1"), None, "Zoë"),
        ("Zoë".encode("cp1252"), "windows-1252", "Zoë"),
        ("Zoë".encode(), "us-ascii", "Zoë"),
        ("日本".encode("shift_jis"), "Shift_JIS", "日本"),
        (codecs.BOM_UTF8 + "Zoë".encode(), "latin-1", "Zoë"),
        ("Zoë Ann".encode("utf-16-le"), None, "Zoë Ann"),
        ("Zoë Ann".encode("utf-16-be"), None, "Zoë Ann"),
        ("Zoë".encode("utf-32"), None, "Zoë"),
        (b"Ann", "hex", "Ann"),
        (b"Ann", "no such", "Ann"),
        (b"Ann", "undefined", "Ann"),
    ],
)
def test_the_charset_is_found(data, charset, text):
    assert decode_text(data, charset, Notes()) == text


def test_what_is_invalid_is_counted():
    notes = Notes()
    assert decode_text(b"A\xffB", "utf-8", notes) == "A\ufffdB"
    assert notes.n_replaced == 1


@given(st.binary(), st.none() | st.text(max_size=20))
def test_any_bytes_in_any_charset_are_text(data, charset):
    assert isinstance(decode_text(data, charset, Notes()), str)
    assert known_charset(charset) is None or known_charset(charset).isascii()


@pytest.mark.parametrize(
    ("header", "format_", "params"),
    [
        ("application/json; charset=UTF-8", "json", {"charset": "UTF-8"}),
        ("Application/VND.api+JSON", "json", {}),
        ('multipart/form-data; boundary="a;b"', "multipart", {"boundary": "a;b"}),
        ("application/soap+xml", "xml", {}),
        ("image/svg+xml", "opaque", {}),
        ("application/grpc+proto", "grpc", {}),
        ("", "unknown", {}),
        (None, "unknown", {}),
        (";;;=", "unknown", {}),
    ],
)
def test_the_declared_type_is_read(header, format_, params):
    media = parse_media(header)
    assert (media.format, media.params) == (format_, params)


def test_a_query_keeps_duplicates_and_blanks():
    assert read_query("a=1&a=2&b") == Pairs([("a", "1"), ("a", "2"), ("b", "")])


def test_a_url_is_taken_apart():
    assert read_url("https://ann:pw%21@api.example.org/users/Zo%C3%AB//x/?q=%40#/home") == {
        "path": ["users", "Zoë", "x"],
        "query": {"q": "@"},
        "userinfo": "ann:pw!",
        "fragment": "/home",
    }


def test_a_malformed_url_is_refused_without_its_content():
    with pytest.raises(BodyError, match=r"^malformed URL$"):
        read_url("https://[ann@example.org")


def test_transport_headers_say_nothing_about_a_person():
    headers = ((":path", "/"), ("Content-Length", "3"), ("Date", "now"), ("X-User", "ann"), ("x-user", "bob"))
    assert read_headers(headers) == Pairs([("x-user", "ann"), ("x-user", "bob")])


def test_cookies_of_several_lines_are_one_object():
    headers = (("Cookie", 'a=1; b="x=y"; junk'), ("cookie", "a=2"), ("Set-Cookie", "s=1; Path=/\nt=2"))
    assert read_headers(headers) == Pairs([("cookie", Pairs([("a", "1"), ("b", "x=y"), ("a", "2")])), ("set-cookie", {"s": "1", "t": "2"})])


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("name,email\nAnn,ann@example.org\n", [{"name": "Ann", "email": "ann@example.org"}]),
        ("name\temail\r\nAnn\tx\r\n", [{"name": "Ann", "email": "x"}]),
        ('name,note\n"Ann, B","two\nlines"\n', [{"name": "Ann, B", "note": "two\nlines"}]),
        ("a,a\n1,2\n", [Pairs([("a", "1"), ("a", "2")])]),
        ("a\n1,2\n", [{"a": "1", "#2": "2"}]),
        ("Ann\n", [["Ann"]]),
        ("\n", []),
    ],
)
def test_rows_are_objects_by_the_header(text, tree):
    assert read_csv(text.encode(), None, Limits(), Notes()).tree == tree


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("data: 1\n\ndata: Ann\n\n", [1, "Ann"]),
        (": hi\nevent: e\nid: 1\ndata: {\ndata: }\n\n", [{}]),
        ("data: last", ["last"]),
        ("data:a\r\n\r\ndata:b\r\r", ["a", "b"]),
        ("data: [DONE]\n\n", ["[DONE]"]),
    ],
)
def test_events_are_their_data(text, tree):
    assert read_sse(text.encode(), None, Limits(), Notes()).tree == tree


@pytest.mark.parametrize(
    ("data", "tree"),
    [
        (b"\x81\xa1a\x01", {"a": 1}),
        (b"\x81\x01\x02", {"1": 2}),
        (b"\x91\xc4\x01\xff", [b"\xff"]),
        (b"\x91\xd4\x05a", [b"a"]),
        (b"\xd6\xff\0\0\0\0", "1970-01-01T00:00:00+00:00"),
    ],
)
def test_packed_values_are_plain_trees(data, tree):
    assert read_msgpack(data, None, Limits(), Notes()).tree == tree
