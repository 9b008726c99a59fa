import gzip
import json

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from stanch.traffic.body.nested import Nested
from stanch.traffic.decode import Decoded, Limits, decode
from stanch.traffic.document import Pairs
from stanch.traffic.exchange import Exchange

URL = "https://api.example.org/users/7?email=ann%40example.org"
JSON = (("Content-Type", "application/json"),)


def exchange(**changes):
    return Exchange(**{"where": "t.har#entries[0]", "method": "GET", "url": URL} | changes)


def tree_at(decoded, where):
    return next(document.tree for document in decoded.documents if document.where == where)


def body(content, content_type=None, **changes):
    headers = (("Content-Type", content_type),) if content_type else ()
    return decode(exchange(response_body=content, response_headers=headers, **changes))


def test_every_position_is_a_document():
    found = decode(
        exchange(
            request_headers=(("Accept", "*/*"), ("Authorization", "Bearer x"), ("Cookie", "a=1; b=Ann%20B")),
            request_body=b"name=Bob",
            response_headers=(*JSON, ("Set-Cookie", "sid=7; Path=/"), ("set-cookie", "who=ann; HttpOnly")),
            response_body=b'{"id":1}',
        )
    )
    assert [document.where for document in found.documents] == [
        "request.url",
        "request.header",
        "request.body",
        "response.header",
        "response.body",
    ]
    assert tree_at(found, "request.url") == {"path": ["users", "7"], "query": {"email": "ann@example.org"}}
    assert tree_at(found, "request.header") == Pairs([("authorization", "Bearer x"), ("cookie", {"a": "1", "b": "Ann B"})])
    assert tree_at(found, "request.body") == {"name": "Bob"}
    assert tree_at(found, "response.header") == Pairs([("set-cookie", {"sid": "7", "who": "ann"})])
    assert tree_at(found, "response.body") == {"id": 1}
    assert found.documents[-1].raw == b'{"id":1}'
    assert found.n_bytes == 16
    assert found.undecodable == ()


def test_a_coded_body_is_undone_and_counted_in_its_plain_size():
    headers = (*JSON, ("Content-Encoding", "gzip"))
    found = decode(exchange(response_body=gzip.compress(b'{"id":1}'), response_headers=headers))
    assert tree_at(found, "response.body") == {"id": 1}
    assert found.n_bytes == 8


def test_a_coding_that_the_recorder_undid_is_not_undone_again():
    headers = (*JSON, ("Content-Encoding", "br"))
    found = decode(exchange(response_body=b'{"id":1}', response_headers=headers, decoded=True))
    assert tree_at(found, "response.body") == {"id": 1}


def test_a_recorder_that_only_says_that_it_undid_the_coding_is_not_believed():
    headers = (*JSON, ("Content-Encoding", "gzip"))
    found = decode(exchange(response_body=gzip.compress(b"[1]"), response_headers=headers, decoded=True))
    assert tree_at(found, "response.body") == [1]


def test_a_cut_body_is_a_value_with_a_reason():
    headers = (*JSON, ("Content-Encoding", "gzip"))
    found = decode(exchange(response_body=gzip.compress(b'{"id":1}')[:-12], response_headers=headers))
    (entry,) = found.undecodable
    assert entry.where == "t.har#entries[0].response.body"
    assert entry.reason == "gzip body is cut short or damaged"


def test_a_bomb_is_a_value_with_a_reason():
    bomb = gzip.compress(b"0" * 5_000_000)
    headers = (*JSON, ("Content-Encoding", "gzip"))
    found = decode(exchange(response_body=bomb, response_headers=headers), limits=Limits(max_body_bytes=1_000_000))
    assert found.undecodable[0].reason == "body expands beyond the cap of 1000000 bytes"


def test_chunk_framing_left_in_is_taken_away():
    headers = (*JSON, ("Transfer-Encoding", "chunked"))
    found = decode(exchange(response_body=b'8\r\n{"id":1}\r\n0\r\n\r\n', response_headers=headers))
    assert tree_at(found, "response.body") == {"id": 1}


@pytest.mark.parametrize(
    ("content_type", "content", "tree"),
    [
        (None, b'{"a":1}', {"a": 1}),
        ("text/plain", b'{"a":1}', {"a": 1}),
        ("text/html; charset=utf-8", b'[{"a":1}]', [{"a": 1}]),
        ("application/.json", b'{"a":1}', {"a": 1}),
        ("application/problem+json", b'{"a":1}', {"a": 1}),
        ("image/png", b'{"a":1}', {"a": 1}),
        ("application/javascript", b'{"a":1}', {"a": 1}),
        ("application/octet-stream", b'{"a":1}\n{"a":2}\n', [{"a": 1}, {"a": 2}]),
        ("application/json", b'{"a":1}\n{"a":2}\n', [{"a": 1}, {"a": 2}]),
        ("application/x-ndjson", b'{"a":1}\n{"a":2}\n', [{"a": 1}, {"a": 2}]),
        ("application/json", b'["' + b"x" * 70_000 + b'"]\n[2]\n', [["x" * 70_000], [2]]),
        ("application/json", b"Not Found", "Not Found"),
        ("application/json", b'"Ann"', "Ann"),
        ("application/json", b"<html><body>no</body></html>", "<html><body>no</body></html>"),
        ("text/xml", b'{"a":1}', {"a": 1}),
        ("application/x-www-form-urlencoded", b'{"a":1}', {"a": 1}),
        ("application/x-www-form-urlencoded", b"a=1&a=2&b=%40", Pairs([("a", "1"), ("a", "2"), ("b", "@")])),
        (None, b"a=1&b=Ann+B", {"a": "1", "b": "Ann B"}),
        ("text/plain", b"a=1", "a=1"),
        ("text/plain; charset=latin-1", b"Zo\xeb", "Zoë"),
        ("text/plain", b"Zo\xeb", "Zoë"),
        ("text/event-stream", b'data: {"a":1}\n\ndata: x\ndata: y\n\n', [{"a": 1}, "x\ny"]),
        ("text/csv", b"name;email\nAnn;ann@example.org\n", [{"name": "Ann", "email": "ann@example.org"}]),
        ("application/xml", b'<u id="7"><n>Ann</n></u>', {"u": {"@id": "7", "n": "Ann"}}),
        ("application/msgpack", b"\x81\xa4name\xa3Ann", {"name": "Ann"}),
        (None, b"\x81\xa4name\xa3Ann", {"name": "Ann"}),
        ("application/x-protobuf", b"\x08\x07\x12\x03Ann", {"1": 7, "2": "Ann"}),
        ("application/grpc", b"\0\0\0\0\x05\x12\x03Ann", [{"2": "Ann"}]),
        ("application/grpc-web-text", b"AAAAAAUSA0Fubg==", [{"2": "Ann"}]),
    ],
)
def test_content_wins_over_a_missing_or_lying_type(content_type, content, tree):
    found = body(content, content_type)
    assert found.undecodable == ()
    assert tree_at(found, "response.body") == tree


@pytest.mark.parametrize(
    ("content_type", "content"),
    [
        ("image/png", b"\x89PNG\r\n\x1a\n\0\0"),
        ("application/json", b"\x89PNG\r\n\x1a\n\0\0"),
        ("text/javascript", b"alert(1)"),
        ("text/css", b"p{}"),
        ("application/octet-stream", bytes(range(32)) * 9),
        ("application/pdf", b"%PDF-1.7 \0"),
    ],
)
def test_what_has_nothing_to_decode_is_counted_and_no_fault(content_type, content):
    found = body(content, content_type)
    assert found.undecodable == ()
    assert found.n_opaque == 1
    assert all(document.where != "response.body" for document in found.documents)


@pytest.mark.parametrize(
    ("content_type", "content", "reason"),
    [
        ("application/json", b'{"a":', "JSON is cut short or malformed at character 5"),
        (None, b'{"a":', "JSON is cut short or malformed at character 5"),
        ("application/json", b"[" * 999 + b"]" * 999, "nested too deeply"),
        ("application/xml", b"<a><b>", "XML is cut short or malformed at line 1"),
        ("application/msgpack", b"\xdd\xff\xff\xff\xff", "MessagePack is cut short or malformed"),
        ("application/x-protobuf", b"\x12\x7f\x00", "protobuf is cut short at byte 2"),
        ("application/grpc", b"\0\0\0\0\x05\x12", "gRPC frame is cut short or malformed at byte 0"),
        ("multipart/form-data", b"\0x", "multipart body without its boundary"),
        ("text/plain", bytes(range(32)) * 9, "declared as text but binary"),
    ],
)
def test_what_cannot_be_decoded_is_never_silent(content_type, content, reason):
    found = body(content, content_type)
    assert [entry.reason for entry in found.undecodable] == [reason]


def test_a_broken_line_is_named_beside_the_document():
    found = body(b'{"a":1}\n{"a":\n{"a":3}\n', "application/x-ndjson")
    assert tree_at(found, "response.body") == [{"a": 1}, {"a": 3}]
    assert found.undecodable[0].reason == "line 2: JSON is cut short or malformed at character 5"


def test_a_value_within_a_value_stands_in_the_tree():
    found = body(json.dumps({"blob": '{"email":"ann@example.org"}'}).encode(), "application/json")
    leaf = tree_at(found, "response.body")["blob"]
    assert isinstance(leaf, Nested)
    assert leaf.tree == {"email": "ann@example.org"}


def test_authorization_is_kept_as_it_stood():
    found = decode(exchange(request_headers=(("Authorization", "Basic YW5uOnBhc3M9d29yZEBleGFtcGxl"),)))
    assert tree_at(found, "request.header")[0][1] == "Basic YW5uOnBhc3M9d29yZEBleGFtcGxl"


def test_a_redirect_shows_what_its_query_holds():
    found = decode(exchange(response_headers=(("Location", "/hi?email=ann%40example.org#token=x"),)))
    assert dict(tree_at(found, "response.header")) == {
        "location": {"path": ["hi"], "query": {"email": "ann@example.org"}, "fragment": {"token": "x"}}
    }


def test_a_malformed_url_is_a_value_with_a_reason():
    found = decode(exchange(url="http://[::1"))
    assert [entry.reason for entry in found.undecodable] == ["malformed URL"]


def graphql(request, response=b'{"data":{"a":{"m":"x"}}}'):
    return decode(
        exchange(
            method="POST",
            request_headers=JSON,
            request_body=json.dumps(request).encode(),
            response_headers=JSON,
            response_body=response,
        )
    )


def test_a_graphql_answer_knows_its_operation_and_real_names():
    found = graphql({"query": "query Who { a: user { m: email id } }", "operationName": "Who"})
    answer = found.documents[-1]
    assert answer.operation == "Who"
    assert answer.names == {"$.data.a": "user", "$.data.a.m": "email"}
    assert found.operations[0].name == "Who"


def test_a_batch_has_a_document_for_each_operation():
    found = graphql([{"query": "{ me { id } }"}, {"query": "query B { x: you }"}], b'[{"data":1},{"data":2}]')
    answers = [document for document in found.documents if document.where == "response.body"]
    assert [(answer.operation, answer.tree) for answer in answers] == [("#me", [{"data": 1}]), ("B", [{"data": 2}])]
    assert answers[1].names == {"$.data.x": "you"}


def test_an_ordinary_search_is_not_graphql():
    assert graphql({"query": "Ann"}).operations == ()


def test_a_graphql_query_in_the_url_counts():
    found = decode(exchange(url="https://api.example.org/graphql?query=%7Bme%7Bid%7D%7D", response_body=b"{}"))
    assert [operation.name for operation in found.operations] == ["#me"]


def test_a_huge_graphql_query_is_named():
    found = graphql({"query": "{" + "a " * 30_000 + "}"})
    assert found.undecodable[0].reason == "GraphQL document has more than 20000 tokens"
    assert tree_at(found, "response.body") == {"data": {"a": {"m": "x"}}}


def test_nothing_shows_a_value():
    found = body(b'{"email":"ann@example.org"}', "application/json")
    assert "example" not in repr(found) + repr(found.documents)


TYPES = [
    None, "", ";", "application/json", "application/json; charset=utf-16", "application/x-ndjson",
    "text/event-stream", "application/x-www-form-urlencoded; charset=idna", "multipart/form-data; boundary=b",
    "multipart/mixed", "application/xml", "image/svg+xml", "text/html", 'text/plain; charset="x', "text/csv",
    "application/msgpack", "application/x-protobuf", "application/grpc", "application/grpc-web-text",
    "application/graphql", "application/http", "application/octet-stream", "text/javascript", "video/mp4",
    "a/b; charset=hex", "text/plain; charset=undefined",
]  # fmt: skip
PIECES = [
    b'{"a":', b"}", b"[", b"]", b'"', b"\\u", b"\\ud800", b":", b",", b"<a", b">", b"</a>", b"<!DOCTYPE html>",
    b"<?xml ", b'<script type="application/json">', b"</script>", b"--b", b"--b--", b"\r\n", b"\n", b"\r\n\r\n",
    b"data:", b"=", b"&", b"%", b"Content-Disposition: form-data; name=a", b"Content-Type: multipart/mixed",
    b"\0\0\0\0\x05", b"\x0a", b"\x81", b"\x91", b"\xd6\xff", b"\xc7", b"\x1f\x8b\x08", b"\xef\xbb\xbf", b"\xff\xfe",
    b"\xfe\xff", b"eyJ", b"query", b"{a}", b"...F", b"5\r\n", b"HTTP/1.1 200\r\n", b"<!ENTITY a 'b'>", b"&a;",
    b'"query":"{a{b}}"', b"NaN", b"1e999", b"9" * 30,
]  # fmt: skip
bodies = st.binary(max_size=200) | st.lists(st.sampled_from(PIECES) | st.binary(max_size=4), max_size=12).map(b"".join)
CODINGS = st.sampled_from([(), (("Content-Encoding", "gzip"),), (("Content-Encoding", "br, zstd"),)])
CHUNKED = st.sampled_from([(), (("Transfer-Encoding", "chunked"),)])


def headers_of(content_type, *more):
    return ((("Content-Type", content_type),) if content_type is not None else ()) + sum(more, ())


@settings(max_examples=400, deadline=None)
@given(bodies, bodies, st.sampled_from(TYPES), st.tuples(CODINGS, CHUNKED), st.booleans())
@example(b"", b"\x91" * 5000, "application/msgpack", ((), ()), False)
@example(b"", b"\x0b" * 5000, "application/x-protobuf", ((), ()), False)
@example(b"", b"<a>" * 5000 + b"</a>" * 5000, "application/xml", ((), ()), False)
@example(b"", b'{"a":' * 5000, None, ((), ()), False)
def test_any_bytes_of_any_type_are_decoded_or_named(asked, told, content_type, framing, decoded):
    found = decode(
        exchange(
            request_headers=headers_of(content_type),
            request_body=asked,
            response_headers=headers_of(content_type, *framing),
            response_body=told,
            decoded=decoded,
        )
    )
    assert isinstance(found, Decoded)
    positions = {document.where for document in found.documents}
    named = any(entry.where.endswith(".response.body") for entry in found.undecodable)
    assert "response.body" in positions or named or found.n_opaque or not told.strip() or any(framing)


@settings(deadline=None)
@given(st.text(), st.lists(st.tuples(st.sampled_from(["Cookie", "Set-Cookie", "Location", "X", ":path"]), st.text())))
def test_any_head_is_decoded_or_named(url, headers):
    found = decode(exchange(url=url, request_headers=tuple(headers), response_headers=tuple(headers)))
    assert isinstance(found, Decoded)


CANARY = "canary7f3a"
HOLDERS = [
    f'{{"a":"{CANARY}"',
    f'{{"{CANARY}":1}}\n{{"{CANARY}"\n',
    f"<a><{CANARY}></a>",
    f'<!DOCTYPE a [<!ENTITY {CANARY} "{CANARY}">]><a>&{CANARY};</a>',
    f'--{CANARY}\r\nContent-Disposition: form-data; name="{CANARY}"\r\n\r\n{{"{CANARY}\r\n',
    f"\x81{CANARY}",
    f'{{"query":"{{{CANARY} {{{"a " * 21_000}"}}',
]


@pytest.mark.parametrize("holder", HOLDERS)
@pytest.mark.parametrize("content_type", [kind for kind in TYPES if kind])
def test_no_value_stands_in_a_reason_or_a_picture_of_the_result(holder, content_type):
    headers = (("Content-Type", content_type), ("Content-Encoding", CANARY), ("X", CANARY))
    for decoded in (True, False):
        found = decode(
            exchange(
                url=f"https://[{CANARY}?{CANARY}",
                request_headers=headers,
                request_body=holder.encode("latin-1"),
                response_headers=headers,
                response_body=b"\xff\0" + holder.encode("latin-1"),
                decoded=decoded,
            )
        )
        assert found.undecodable
        shown = repr(found) + repr(found.documents) + repr(found.undecodable)
        assert CANARY not in shown
