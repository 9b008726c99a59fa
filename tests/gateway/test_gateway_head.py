import pytest
from hypothesis import given
from hypothesis import strategies as st

from stanch.gateway.framing import Chunked, FramingError
from stanch.gateway.head import HeadError, end_to_end, parse_request, parse_response, request_framing


def request(fields, start=b"GET /a HTTP/1.1\r\n"):
    head, _ = parse_request(start + b"Host: a\r\n" + fields + b"\r\n")
    return head


@pytest.mark.parametrize(
    ("fields", "left"),
    [
        (b"X: 1\r\n", b"Host: a\r\nX: 1\r\n"),
        (b"Connection: keep-alive\r\nX: 1\r\n", b"Host: a\r\nX: 1\r\n"),
        (b"X: 1\r\nCONNECTION:keep-alive \r\n", b"Host: a\r\nX: 1\r\n"),
        (b"Connection: keep-alive\r\nKeep-Alive: timeout=5\r\nX: 1\r\n", b"Host: a\r\nX: 1\r\n"),
        (b"Connection: X-Secret, close\r\nX-Secret: 1\r\nX: 1\r\n", b"Host: a\r\nX: 1\r\n"),
        (b"Connection: host, authorization, cookie\r\nAuthorization: x\r\n", b"Host: a\r\nAuthorization: x\r\n"),
        (b"TE: trailers\r\nTrailer: x\r\nUpgrade: h2c\r\nProxy-Connection: x\r\nX: 1\r\n", b"Host: a\r\nX: 1\r\n"),
        (b"Connection: keep-alive\r\nConnection: x\r\nX: 1\r\n", b"Host: a\r\n"),
    ],
)
def test_fields_meant_for_one_connection_stay_on_it(fields, left):
    assert end_to_end(request(fields)) == left


@pytest.mark.parametrize(
    ("fields", "start", "closes"),
    [
        (b"", b"GET /a HTTP/1.1\r\n", False),
        (b"", b"GET /a HTTP/1.0\r\n", True),
        (b"Connection: keep-alive\r\n", b"GET /a HTTP/1.0\r\n", False),
        (b"Connection: Keep-Alive\r\nConnection: close\r\n", b"GET /a HTTP/1.1\r\n", True),
        (b"Connection: x, CLOSE\r\n", b"GET /a HTTP/1.1\r\n", True),
        (b"Connection: x\r\n", b"GET /a HTTP/1.0\r\n", True),
    ],
)
def test_who_closes_is_read_from_version_and_connection(fields, start, closes):
    assert request(fields, start).wants_close is closes


def test_values_are_found_by_name_in_any_case_and_in_order():
    head = request(b"X-A: 1\r\nx-a:\t2 \r\nX-AB: 3\r\n")
    assert head.values(b"x-a") == [b"1", b"2"]
    assert head.pairs() == (("host", "a"), ("x-a", "1"), ("x-a", "2"), ("x-ab", "3"))


@given(st.binary(max_size=120))
def test_any_bytes_are_a_head_a_beginning_or_refused(data):
    for parse in (parse_request, parse_response):
        try:
            found = parse(data)
        except HeadError:
            continue
        assert found is None or 0 < found[1] <= len(data)


@given(st.lists(st.binary(max_size=40), max_size=8), st.integers(1, 30), st.binary(max_size=10))
def test_chunks_are_put_together_however_they_arrive(pieces, step, after):
    wire = b"".join(b"%X;x=1\r\n%b\r\n" % (len(piece), piece) for piece in pieces if piece) + b"0\r\nX: y\r\n\r\n"
    body, out = Chunked(), b""
    for at in range(0, len(wire), step):
        payload, rest = body.feed(wire[at : at + step])
        out += payload
        assert rest == b""
    assert (body.done, out) == (True, b"".join(pieces))
    assert Chunked().feed(wire + after)[1] == after


@given(st.binary(max_size=60))
def test_broken_chunks_are_refused_and_nothing_else_is_raised(data):
    try:
        Chunked().feed(data)
    except FramingError as error:
        message = str(error)
        assert message


def test_a_length_is_a_plain_number():
    assert request_framing(request(b"Content-Length: 12\r\n")) == 12
    for text in (b"-1", b"+1", b"1 2", b"0x1", b"", b"9" * 30, b"1\xb2"):
        with pytest.raises(HeadError):
            request_framing(request(b"Content-Length: " + text + b"\r\n"))
