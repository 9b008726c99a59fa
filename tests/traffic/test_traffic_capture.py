import gzip
import json
from base64 import b64encode
from datetime import UTC, datetime

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stanch.errors import InputError
from stanch.traffic.capture import read_capture
from stanch.traffic.exchange import Exchange, Unreadable


def entry(**changes):
    request = {"method": "get", "url": "https://api.example.org/users/1?x=1", "headers": [{"name": "Accept", "value": "*/*"}]}
    response = {"status": 200, "headers": [{"name": "Content-Type", "value": "application/json"}], "content": {"text": '{"id":1}', "size": 8}}
    return {"startedDateTime": "2026-03-01T10:00:00+02:00", "request": request, "response": response} | changes


def har(*entries) -> bytes:
    return json.dumps({"log": {"version": "1.2", "entries": list(entries)}}).encode()


def read(data: bytes):
    return list(read_capture([data[i : i + 7] for i in range(0, len(data), 7)], name="t.har"))


def test_a_har_entry_becomes_an_exchange():
    (exchange,) = read(har(entry()))
    assert (exchange.method, exchange.host, exchange.path, exchange.query, exchange.status) == ("GET", "api.example.org", "/users/1", "x=1", 200)
    assert exchange.response_body == b'{"id":1}'
    assert exchange.started_at == datetime(2026, 3, 1, 8, tzinfo=UTC)
    assert exchange.where == "t.har#entries[0]"


def test_base64_bodies_and_headers_as_an_object_are_read():
    response = {"status": 200, "headers": {"X-A": "b"}, "content": {"text": b64encode(b"\x00\x01").decode(), "encoding": "base64"}}
    (exchange,) = read(har(entry(response=response)))
    assert exchange.response_body == b"\x00\x01"
    assert exchange.response_header("x-a") == "b"


def test_form_parameters_without_text_are_written_as_a_form():
    request = {"method": "POST", "url": "https://api.example.org/", "postData": {"params": [{"name": "a", "value": "1 2"}]}}
    (exchange,) = read(har(entry(request=request)))
    assert exchange.request_body == b"a=1+2"


@pytest.mark.parametrize("wrap", [lambda d: b"\xef\xbb\xbf" + d, gzip.compress, lambda d: gzip.compress(gzip.compress(d)), lambda d: b"  \n" + d])
def test_byte_order_marks_blanks_and_gzip_do_not_matter(wrap):
    assert len(read(wrap(har(entry(), entry())))) == 2


def test_a_broken_entry_is_named_and_the_rest_is_read():
    first, broken, last = read(har(entry(), {"request": None}, entry()))
    assert isinstance(first, Exchange)
    assert broken == Unreadable(where="t.har#entries[1]", reason="the entry has no usable request and response")
    assert last.where == "t.har#entries[2]"


def test_a_har_that_is_cut_short_gives_what_was_whole():
    data = har(entry(), entry(), entry())
    items = read(data[: len(data) - 100])
    assert [type(item) for item in items] == [Exchange, Exchange, Unreadable]
    assert "middle of an entry" in items[-1].reason


def test_websocket_messages_are_exchanges_of_their_own():
    sent, received = {"type": "send", "data": "hello"}, {"type": "receive", "data": '{"a":1}'}
    _, first, second = read(har(entry(_webSocketMessages=[sent, received])))
    assert (first.method, first.request_body, second.response_body) == ("WEBSOCKET", b"hello", b'{"a":1}')


def test_a_body_that_the_browser_did_not_record_is_noted():
    (exchange,) = read(har(entry(response={"status": 200, "content": {"size": 12}})))
    assert exchange.problems == ("the response body was not recorded",)


def test_ndjson_lines_are_exchanges():
    rows = [
        {"method": "GET", "url": "https://api.example.org/a", "status": 200, "response_body": {"a": 1}, "response_headers": [["X-A", "b"]]},
        {"method": "GET"},
    ]
    good, bad, broken = read(b"\n".join(orjson.dumps(row) for row in rows) + b"\nnot json\n")
    assert good.response_body == b'{"a":1}'
    assert good.response_header("X-A") == "b"
    assert bad == Unreadable(where="t.har#line 2", reason="the line has no 'method' and 'url'")
    assert broken.where == "t.har#line 3"


def test_burp_items_are_exchanges():
    request = b64encode(b"POST /a HTTP/1.1\r\nHost: api.example.org\r\n\r\nx=1").decode()
    response = b64encode(b"HTTP/1.1 201 Created\r\nContent-Type: text/plain\r\n\r\nok").decode()
    item = f'<item><url>https://api.example.org/a</url><request base64="true">{request}</request><response base64="true">{response}</response></item>'
    (exchange,) = read(f'<?xml version="1.0"?><items burpVersion="2026">{item}</items>'.encode())
    assert (exchange.method, exchange.status, exchange.request_body, exchange.response_body) == ("POST", 201, b"x=1", b"ok")


def test_burp_entities_are_not_expanded():
    bomb = '<?xml version="1.0"?><!DOCTYPE items [<!ENTITY a "aaaa">]><items><item><url>&a;</url></item></items>'
    with pytest.raises(InputError):
        read(bomb.encode())


def tnet(value) -> bytes:
    match value:
        case None:
            payload, tag = b"", b"~"
        case bool():
            payload, tag = str(value).lower().encode(), b"!"
        case int():
            payload, tag = str(value).encode(), b"#"
        case float():
            payload, tag = str(value).encode(), b"^"
        case bytes():
            payload, tag = value, b","
        case str():
            payload, tag = value.encode(), b";"
        case dict():
            payload, tag = b"".join(tnet(k) + tnet(v) for k, v in value.items()), b"}"
        case _:
            payload, tag = b"".join(map(tnet, value)), b"]"
    return str(len(payload)).encode() + b":" + payload + tag


@pytest.mark.parametrize("version", [7, 12, 18, 21])
def test_mitmproxy_flows_are_exchanges(version):
    request = {
        "method": b"GET",
        "scheme": b"https",
        "host": b"10.0.0.1",
        "port": 443,
        "path": b"/a",
        "headers": [[b"Host", b"api.example.org"]],
        "content": b"",
        "timestamp_start": 1.5,
    }
    response = {"status_code": 200, "headers": [[b"Content-Type", b"application/json"]], "content": b"{}"}
    socket = {"messages": [[1, True, b"hi", 2.0, False, False], [1, False, b"yo", 2.0, False, False]]}
    flow = {
        "type": "http",
        "version": version,
        "request": request,
        "response": response,
        "websocket": socket,
        "client_conn": {"peername": ["203.0.113.9", 1]},
    }
    first, sent, received = read(tnet(flow))
    assert (first.url, first.status, first.response_body, first.client_ip) == ("https://api.example.org/a", 200, b"{}", "203.0.113.9")
    assert (sent.request_body, received.response_body) == (b"hi", b"yo")


def test_a_flow_file_that_is_cut_short_gives_what_was_whole():
    flow = tnet(
        {"type": "http", "request": {"method": b"GET", "host": b"api.example.org", "port": 80, "path": b"/", "headers": []}, "response": None}
    )
    items = read(flow + flow[:-20])
    assert [type(item) for item in items] == [Exchange, Unreadable]


def test_parquet_rows_are_exchanges(tmp_path):
    pa = pytest.importorskip("pyarrow")
    from pyarrow import parquet

    parquet.write_table(
        pa.table({"method": ["GET"], "url": ["https://api.example.org/a"], "status": [200], "response_body": [b"{}"]}), tmp_path / "t.parquet"
    )
    (exchange,) = read((tmp_path / "t.parquet").read_bytes())
    assert (exchange.status, exchange.response_body, exchange.where) == (200, b"{}", "t.har#row[0]")


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"", "empty"),
        (b"  \n", "empty"),
        (b"<!doctype html><html></html>", "HTML"),
        (b"<other/>", "no Burp export"),
        (b"hello", "no capture"),
        (b'{"log": {"entries": [', "no entry can be read"),
        (b'{"log": nonsense', "no entry can be read"),
        (b"\x1f\x8bgarbage", "gzip"),
        (gzip.compress(b"x" * 1000)[:-10], "ends too early"),
        (gzip.compress(b"\0" * 200_000_000, 9), "grows without end"),
        (b"PAR1garbage", "damaged"),
        (b"12:abc", "no flow can be read"),
    ],
)
def test_what_is_no_capture_is_refused_in_one_line(data, word):
    with pytest.raises(InputError, match=word) as caught:
        read(data)
    assert "\n" not in str(caught.value)
    assert str(caught.value).startswith("t.har")


@given(st.binary(max_size=300), st.sampled_from([b"", b'{"log":{"entries":[', b"<items>", b"10:", b'{"method":"GET","url":"', b"PAR1", b"\x1f\x8b"]))
def test_arbitrary_bytes_give_exchanges_or_typed_errors(data, prefix):
    try:
        items = list(read_capture([prefix + data], name="t"))
    except InputError:
        return
    assert all(isinstance(item, (Exchange, Unreadable)) for item in items)


def test_an_exchange_does_not_show_itself():
    (exchange,) = read(har(entry()))
    assert "users" not in f"{exchange!r}"


def response(**changes):
    return {"status": 200, "headers": [], "content": {"mimeType": "application/json", "text": "{}"}} | changes


DIALECTS = {
    "Chrome": entry(_initiator={"type": "script"}, _priority="High", _resourceType="fetch", connection="12", pageref="page_1"),
    "Chrome with an early extra": {"_connectionId": "7", **entry()},
    "Firefox": entry(pageref="page_1", response=response(content={"mimeType": "application/json", "size": 2, "text": "{}", "comment": ""})),
    "Firefox without a reply": entry(response=response(status=0, content={"mimeType": "", "size": 0})),
    "Safari": entry(response=response(content={"size": 2.0, "compression": -3, "mimeType": "application/json", "text": "{}"}, _transferSize=120)),
    "Charles": entry(response=response(content={"size": 2, "text": "e30=", "encoding": "base64"}), time=3, cache={}),
    "Proxyman": entry(response=response(content={"size": 2, "text": "{}", "encoding": None}), comment="", serverIPAddress="203.0.113.5"),
    "Insomnia": entry(request={"method": "GET", "url": "https://api.example.org/users/1", "headers": [], "postData": None, "queryString": []}),
    "headers as an object": entry(request={"method": "GET", "url": "https://api.example.org/users/1", "headers": {"Accept": "*/*"}}),
    "status as text": entry(response=response(status="200")),
    "header without a value": entry(response=response(headers=[{"name": "X-Empty"}])),
    "no response": {"startedDateTime": "2026-03-01T10:00:00Z", "request": {"method": "GET", "url": "https://api.example.org/users/1"}},
}


@pytest.mark.parametrize("dialect", DIALECTS)
def test_every_dialect_of_har_is_read(dialect):
    items = read(har(entry(), DIALECTS[dialect], entry()))
    assert [type(item) for item in items] == [Exchange] * 3
    assert items[1].path == "/users/1"
    assert items[1].response_body in {b"{}", b"", b'{"id":1}'}


def test_an_entry_with_a_lone_surrogate_or_a_bare_control_character_is_read():
    raw = har(entry(response=response(content={"text": "X"}))).replace(b'"X"', b'"{\\"a\\":\\"\\ud83d\\"}\t"')
    (exchange,) = read(raw)
    assert exchange.response_body.startswith(b'{"a":"')


def test_an_entry_that_is_no_json_is_named_and_the_rest_is_read():
    raw = har(entry(), entry(comment="MARK"), entry()).replace(b'"MARK"', b"nonsense")
    first, broken, last = read(raw)
    assert isinstance(broken, Unreadable)
    assert (first.where, broken.where, last.where) == ("t.har#entries[0]", "t.har#entries[1]", "t.har#entries[2]")


def test_an_entry_nested_without_end_is_named_and_the_rest_is_read():
    raw = har(entry(), entry(comment="MARK"), entry()).replace(b'"MARK"', b"[" * 100_000 + b"]" * 100_000)
    assert [type(item) for item in read(raw)] == [Exchange, Unreadable, Exchange]


def test_json_that_is_no_har_is_called_so():
    with pytest.raises(InputError, match="this JSON is no HAR"):
        read(b'{"name": "package", "log": {"level": "debug"}}')
