"""Heads of HTTP/1.1 messages: read in one call, refused where two readers could take them for two messages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stanch.kernel import KERNEL


def request(*lines, first="GET /a?b=c HTTP/1.1", body=b""):
    return KERNEL.request_head("\r\n".join([first, *lines, "", ""]).encode("latin-1") + body)


def response(*lines, first="HTTP/1.1 200 OK"):
    return KERNEL.response_head("\r\n".join([first, *lines, "", ""]).encode("latin-1"))


def test_a_request_is_read_with_names_in_lower_case_and_values_as_they_stand():
    head = request("Host: example.org", "X-Odd:  caf\xe9 \t", "x-odd: 2", body=b"rest")
    assert (head.method, head.target, head.minor, head.status) == ("GET", "/a?b=c", 1, 0)
    assert head.headers == (("host", "example.org"), ("x-odd", "caf\xe9"), ("x-odd", "2"))
    assert head.n_bytes == len("GET /a?b=c HTTP/1.1\r\nHost: example.org\r\nX-Odd:  caf\xe9 \t\r\nx-odd: 2\r\n\r\n")
    assert (head.content_length, head.chunked, head.keep_alive) == (None, False, True)


def test_a_response_is_read_with_its_reason():
    head = response("Content-Length: 12", first="HTTP/1.0 404 Not Found")
    assert (head.method, head.target, head.status, head.minor) == ("", "Not Found", 404, 0)
    assert (head.content_length, head.keep_alive) == (12, False)


@pytest.mark.parametrize(
    ("lines", "framing"),
    [
        ([], (None, False)),
        (["Content-Length: 0"], (0, False)),
        (["Content-Length: 5, 5"], (5, False)),
        (["Content-Length: 5", "content-length: 5"], (5, False)),
        (["Transfer-Encoding: chunked"], (None, True)),
        (["transfer-encoding: Chunked "], (None, True)),
    ],
)
def test_a_body_is_framed_by_what_the_head_says(lines, framing):
    for head in (request(*lines), response(*lines)):
        assert (head.content_length, head.chunked) == framing


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        (["Content-Length: 5", "Content-Length: 6"], "two lengths"),
        (["Content-Length: 5, 6"], "two lengths"),
        (["Content-Length: +5"], "length can't be read"),
        (["Content-Length: 0x5"], "length can't be read"),
        (["Content-Length: -1"], "length can't be read"),
        (["Content-Length:"], "length can't be read"),
        (["Content-Length: 5 5"], "length can't be read"),
        (["Content-Length: 99999999999999999999"], "length can't be read"),
        (["Content-Length: 5", "Transfer-Encoding: chunked"], "both"),
        (["Transfer-Encoding: gzip, chunked"], "not supported"),
        (["Transfer-Encoding: chunked", "Transfer-Encoding: chunked"], "not supported"),
        (["Transfer-Encoding: xchunked"], "not supported"),
        (["Transfer-Encoding:"], "length can't be read"),
        (["Transfer-Encoding : chunked"], "name can't be read"),
        ([" folded: 1"], "name can't be read"),
        (["a: 1", " folded"], "name can't be read|value can't be read"),
        (["a\x00b: 1"], "name can't be read"),
        (["a: b\x00c"], "value can't be read"),
        (["a: 1\nb: 2"], "line feed alone"),
        (["a: 1"] * 200, "too many"),
        (["a: " + "x" * 70000], "too long"),
    ],
)
def test_what_could_be_two_messages_is_refused(lines, says):
    for read in (request, response):
        with pytest.raises(ValueError, match=says):
            read(*lines)


@pytest.mark.parametrize("first", ["GET  / HTTP/1.1", "GET / HTTP/2.0", "GET /\x01 HTTP/1.1", "G\x00T / HTTP/1.1", "GET /", " GET / HTTP/1.1", "GET / HTTP/1.1 x"])
def test_an_odd_first_line_is_refused(first):
    with pytest.raises(ValueError, match="can't be read"):
        request(first=first)


@pytest.mark.parametrize(
    ("lines", "first", "keep"),
    [
        ([], "HTTP/1.1 200 OK", True),
        (["Connection: x, Close"], "HTTP/1.1 200 OK", False),
        ([], "HTTP/1.0 200 OK", False),
        (["Connection: Keep-Alive"], "HTTP/1.0 200 OK", True),
        (["Connection: keep-alive", "Connection: close"], "HTTP/1.1 200", False),
    ],
)
def test_a_head_says_whether_its_connection_stays(lines, first, keep):
    assert response(*lines, first=first).keep_alive is keep


def test_a_head_that_is_not_there_in_full_is_waited_for():
    whole = b"GET / HTTP/1.1\r\nHost: example.org\r\n\r\n"
    assert all(KERNEL.request_head(whole[:cut]) is None for cut in range(len(whole)))
    assert KERNEL.request_head(whole).n_bytes == len(whole)


def test_an_endless_head_is_refused():
    with pytest.raises(ValueError, match="too long"):
        KERNEL.request_head(b"GET / HTTP/1.1\r\na: " + b"x" * 70000)


@given(st.binary(max_size=200) | st.text(alphabet="GET /HTP1.\r\n:a ", max_size=60).map(str.encode))
def test_anything_is_read_waited_for_or_refused_without_its_content(data):
    for read in (KERNEL.request_head, KERNEL.response_head):
        try:
            head = read(data)
        except ValueError as error:
            assert str(error).isascii()
            assert len(str(error)) < 60
        else:
            assert head is None or head.n_bytes <= len(data)
