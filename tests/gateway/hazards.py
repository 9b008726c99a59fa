# ruff: noqa: E501 -- a table, one hazard a line
"""What real gateways got wrong, as data: what the origin sends, what is asked, and what alone may come out.

``want`` is the exact body, ``WITHHELD`` (an error and nothing else) or ``CLEAN`` (anything without the secret). Every plane runs the same table.
"""

import gzip
import json
import zlib
from dataclasses import dataclass, field

import brotli
import zstandard

SECRET = "ann.7731@example.org"
NEEDLE = b"7731"
WITHHELD = object()
CLEAN = object()
ROUTE = "/api/articles/trains/comments/7"
RULES = """
  - id: mask-author
    match: {template: "/api/articles/{slug}/comments/{id}"}
    mask: [$.author.email, "$.replies[*].author.email", "$.payload@json.author.email"]
    drop: [$.author.phone]
  - id: mask-graphql
    match: {template: /graphql}
    mask: [$.data.author.email]
"""
PLAIN = b'{"id":1,"author":{"email":"ann.7731@example.org","name":"Ann"},"n":12345678901234567890}'
MASKED = b'{"id":1,"author":{"email":"","name":"Ann"},"n":12345678901234567890}'
JSON = (("Content-Type", "application/json"),)


@dataclass(frozen=True, kw_only=True)
class Hazard:
    name: str
    body: bytes = PLAIN
    want: object = MASKED
    fields: tuple = JSON
    status: int = 200
    chunks: tuple | None = None
    """How the body is cut; whole where not said."""
    method: str = "GET"
    target: str = ROUTE
    asked: tuple = ()
    request_body: bytes = b""
    gone: tuple = ()
    """Response fields that must not be there."""
    has: tuple = field(default=())
    """Response fields that must be there, as (name, value)."""


def cut(body, at):
    return (body[:at], body[at:])


def doc(**members):
    return json.dumps(members, separators=(",", ":")).encode()


KEY_AT = PLAIN.index(b"email") + 2
VALUE_AT = PLAIN.index(b"7731") + 2
BIG = b'{"items":[' + b",".join([b'{"s":"%b"}' % (b"x" * 1000)] * 3000) + b'],"author":{"email":"ann.7731@example.org"}}'
EXACT = b'{"a":4.10,"b":1E400,"c":-0.0,"d":"\\/","e":"\\ud800","f":{},"g":[],"h":null , "author":{"email":"%s"}}'
SSE = (("Content-Type", "text/event-stream"),)
LINES = (("Content-Type", "application/x-ndjson"),)


def coded(name, body, coding, want=MASKED):
    return Hazard(name=name, body=body, fields=(*JSON, ("Content-Encoding", coding)), want=want, gone=("content-encoding",))


HAZARDS = [
    Hazard(name="a plain body"),
    Hazard(name="a body cut within the key", chunks=cut(PLAIN, KEY_AT)),
    Hazard(name="a body cut within the value", chunks=cut(PLAIN, VALUE_AT)),
    Hazard(name="a body byte by byte", chunks=tuple(PLAIN[n : n + 1] for n in range(len(PLAIN)))),
    coded("gzip though identity was asked for", gzip.compress(PLAIN), "gzip"),
    coded("x-gzip", gzip.compress(PLAIN), "x-gzip"),
    coded("deflate with zlib frame", zlib.compress(PLAIN), "deflate"),
    coded("deflate without frame", zlib.compress(PLAIN, wbits=-15), "deflate"),
    coded("brotli", brotli.compress(PLAIN), "br"),
    coded("zstandard", zstandard.compress(PLAIN), "zstd"),
    coded("two codings stacked", brotli.compress(gzip.compress(PLAIN)), "gzip, br"),
    coded("a coding in capitals", gzip.compress(PLAIN), "GZIP"),
    coded("two gzip members", gzip.compress(PLAIN[:30]) + gzip.compress(PLAIN[30:]), "gzip"),
    coded("a coding that the body does not have", PLAIN, "gzip"),
    coded("an unknown coding", b"\x1f\x9d\x90\x00" + PLAIN, "compress", WITHHELD),
    coded("a truncated gzip", gzip.compress(PLAIN)[:-9], "gzip", WITHHELD),
    coded("a damaged gzip", gzip.compress(PLAIN)[:20] + b"\0\0\0\0" + gzip.compress(PLAIN)[24:], "gzip", WITHHELD),
    coded("a decompression bomb", gzip.compress(b" " * 40_000_000 + PLAIN), "gzip", WITHHELD),
    coded("more codings than anyone needs", PLAIN, "gzip, gzip, gzip, gzip, gzip, gzip", WITHHELD),
    Hazard(name="gzip without saying so", body=gzip.compress(PLAIN), want=WITHHELD),
    Hazard(name="an escaped key", body=PLAIN.replace(b"email", b"\\u0065mail"), want=MASKED.replace(b"email", b"\\u0065mail")),
    Hazard(name="an escaped value", body=PLAIN.replace(b"ann.7731", b"\\u0061nn.\\u0037731")),
    Hazard(
        name="a doubled key",
        body=b'{"author":{"email":"x","email":"ann.7731@example.org"}}',
        want=b'{"author":{"email":"","email":""}}',
    ),
    Hazard(
        name="a doubled parent",
        body=b'{"author":{"email":"ann.7731@example.org"},"author":{"email":"ann.7731@example.org"}}',
        want=b'{"author":{"email":""},"author":{"email":""}}',
    ),
    Hazard(name="application/vnd.api+json", fields=(("Content-Type", "application/vnd.api+json"),)),
    Hazard(name="Application/JSON in odd case", fields=(("Content-Type", "Application/JSON; Charset=UTF-8"),)),
    Hazard(name="JSON called text/plain", fields=(("Content-Type", "text/plain"),)),
    Hazard(name="JSON called text/html", fields=(("Content-Type", "text/html"),)),
    Hazard(name="JSON called an image", fields=(("Content-Type", "image/png"),)),
    Hazard(name="JSON called a download", fields=(("Content-Type", "application/octet-stream"), ("Content-Disposition", "attachment"))),
    Hazard(name="no content type at all", fields=(("X-Nothing", "1"),)),
    Hazard(name="truncated JSON", body=PLAIN[:-10], want=WITHHELD),
    Hazard(name="single quotes", body=PLAIN.replace(b'"', b"'"), want=WITHHELD),
    Hazard(name="keys without quotes", body=b"{author:{email:'ann.7731@example.org'}}", want=WITHHELD),
    Hazard(name="a trailing comma", body=b'{"author":{"email":"ann.7731@example.org",}}', want=WITHHELD),
    Hazard(name="NaN", body=b'{"n":NaN,"author":{"email":"ann.7731@example.org"}}', want=WITHHELD),
    Hazard(name="a comment", body=b'/* x */{"author":{"email":"ann.7731@example.org"}}', want=WITHHELD),
    Hazard(name="UTF-16 with mark", body=PLAIN.decode().encode("utf-16"), want=WITHHELD),
    Hazard(name="UTF-16 without mark", body=PLAIN.decode().encode("utf-16-be"), want=WITHHELD),
    Hazard(name="UTF-32", body=PLAIN.decode().encode("utf-32"), want=WITHHELD),
    Hazard(name="UTF-7", body=b"+AHsAIgBhACIAOg-7731", want=WITHHELD),
    Hazard(name="a byte order mark", body=b"\xef\xbb\xbf" + PLAIN, want=b"\xef\xbb\xbf" + MASKED),
    Hazard(name="a prefix against inclusion", body=b")]}',\n" + PLAIN, want=b")]}',\n" + MASKED),
    Hazard(name="while(1)", body=b"while(1);" + PLAIN, want=b"while(1);" + MASKED),
    Hazard(name="for(;;)", body=b"for(;;);" + PLAIN, want=b"for(;;);" + MASKED),
    Hazard(name="a callback", body=b"cb(" + PLAIN + b");", want=b"cb(" + MASKED + b");", fields=(("Content-Type", "text/javascript"),)),
    Hazard(name="a callback that does not end", body=b"cb(" + PLAIN, want=WITHHELD),
    Hazard(name="lines of JSON", body=PLAIN + b"\n" + PLAIN + b"\n", want=MASKED + b"\n" + MASKED + b"\n", fields=LINES),
    Hazard(name="lines of JSON called application/json", body=PLAIN + b"\n" + PLAIN, want=MASKED + b"\n" + MASKED),
    Hazard(name="a JSON sequence", body=b"\x1e" + PLAIN + b"\n\x1e" + PLAIN + b"\n", want=b"\x1e" + MASKED + b"\n\x1e" + MASKED + b"\n"),
    Hazard(name="a broken second line", body=PLAIN + b"\n" + PLAIN[:-3], want=CLEAN, fields=LINES),
    Hazard(name="events", body=b"data: " + PLAIN + b"\n\n", want=b"data: " + MASKED + b"\n\n", fields=SSE),
    Hazard(name="events cut anywhere", body=b"", chunks=(b"da", b"ta: " + PLAIN[:40], PLAIN[40:] + b"\n", b"\n"), want=b"data: " + MASKED + b"\n\n", fields=SSE),
    Hazard(name="an event over two lines", body=b'data: {"author":\ndata: {"email":"ann.7731@example.org"}}\n\n', want=b'data: {"author":\ndata: {"email":""}}\n\n', fields=SSE),
    Hazard(name="events with other fields", body=b"event: x\r\nid: 4\r\ndata:" + PLAIN + b"\r\n\r\n", want=b"event: x\r\nid: 4\r\ndata:" + MASKED + b"\r\n\r\n", fields=SSE),
    Hazard(name="an event without an end", body=b"data: " + PLAIN, want=b"data: " + MASKED, fields=SSE),
    Hazard(name="an event that is not JSON", body=b"data: ann.7731@example.org\n\n", want=CLEAN, fields=SSE),
    Hazard(name="events called application/json", body=b"data: " + PLAIN + b"\n\n", want=b"data: " + MASKED + b"\n\n"),
    Hazard(name="HEAD", method="HEAD", body=b"", want=b"", fields=(*JSON, ("ETag", '"1"')), gone=("etag",)),
    Hazard(name="304", status=304, body=b"", want=b"", fields=(("ETag", '"1"'),), gone=("etag",), asked=(("If-None-Match", '"1"'),)),
    Hazard(name="204", status=204, body=b"", want=b"", fields=()),
    Hazard(name="206 from the middle", status=206, body=PLAIN[20:60], fields=(*JSON, ("Content-Range", "bytes 20-59/90")), asked=(("Range", "bytes=20-59"),), want=WITHHELD),
    Hazard(name="200 with Content-Range", body=PLAIN, fields=(*JSON, ("Content-Range", "bytes 0-89/90")), want=WITHHELD),
    Hazard(
        name="validators and digests",
        fields=(*JSON, ("ETag", '"1"'), ("Last-Modified", "Mon, 02 Mar 2026 10:00:00 GMT"), ("Digest", "sha-256=x"), ("Content-MD5", "x"), ("Repr-Digest", "x"),
                ("Signature", "x"), ("Accept-Ranges", "bytes"), ("Cache-Control", "public, max-age=600"), ("Age", "4")),
        gone=("etag", "last-modified", "digest", "content-md5", "repr-digest", "signature", "accept-ranges", "age"),
        has=(("cache-control", "no-store"),),
    ),
    Hazard(name="400 with the leak", status=400),
    Hazard(name="404 with the leak", status=404),
    Hazard(name="500 with the leak", status=500),
    Hazard(name="500 with a page", status=500, body=b"<html>ann.7731@example.org</html>", fields=(("Content-Type", "text/html"),), want=WITHHELD),
    Hazard(name="an array at the root", body=b"[" + PLAIN + b"," + PLAIN + b"]", want=b"[" + MASKED + b"," + MASKED + b"]"),
    Hazard(name="an array in place of the object", body=b'{"author":[{"email":"ann.7731@example.org"},{"email":"b7731"}]}', want=b'{"author":[{"email":""},{"email":""}]}'),
    Hazard(name="an object in place of the array", body=b'{"replies":{"author":{"email":"ann.7731@example.org"}}}', want=b'{"replies":{"author":{"email":""}}}'),
    Hazard(name="arrays within arrays", body=b'{"replies":[[{"author":{"email":"ann.7731@example.org"}}]]}', want=b'{"replies":[[{"author":{"email":""}}]]}'),
    Hazard(name="null in place of the object", body=b'{"author":null}', want=b'{"author":null}'),
    Hazard(name="empty object and array", body=b'{"author":{},"replies":[]}', want=b'{"author":{},"replies":[]}'),
    Hazard(name="an object in place of the value", body=b'{"author":{"email":{"v":"ann.7731@example.org"}}}', want=b'{"author":{"email":{}}}'),
    Hazard(name="a number in place of the value", body=b'{"author":{"email":7731}}', want=b'{"author":{"email":0}}'),
    Hazard(name="a dropped member", body=b'{"author":{"phone":"+1 202 555 7731","name":"Ann"}}', want=b'{"author":{"name":"Ann"}}'),
    Hazard(name="a dropped last member", body=b'{"author":{"name":"Ann","phone":"+1 202 555 7731"}}', want=b'{"author":{"name":"Ann"}}'),
    Hazard(name="numbers and escapes to the byte", body=EXACT % SECRET.encode(), want=EXACT % b""),
    Hazard(name="invalid UTF-8 elsewhere", body=b'{"x":"\xff","author":{"email":"ann.7731@example.org"}}', want=WITHHELD),
    Hazard(name="a control character in a string", body=b'{"x":"\x01","author":{"email":"ann.7731@example.org"}}', want=WITHHELD),
    Hazard(name="deep nesting", body=b'{"a":' * 3000 + PLAIN + b"}" * 3000, want=WITHHELD),
    Hazard(name="deep nesting that is allowed", body=b'{"a":' * 200 + b"1" + b"}" * 200, want=b'{"a":' * 200 + b"1" + b"}" * 200),
    Hazard(name="the secret at the end of much", body=BIG, want=BIG.replace(SECRET.encode(), b"")),
    Hazard(name="an empty 200", body=b"", want=b""),
    Hazard(name="white space only", body=b" \r\n", want=b" \r\n"),
    Hazard(name="a key of 20 KB", body=doc(**{"k" * 20_000: 1, "author": {"email": SECRET}}), want=doc(**{"k" * 20_000: 1, "author": {"email": ""}})),
    Hazard(name="JSON in a string", body=doc(payload=json.dumps({"author": {"email": SECRET}})), want=doc(payload=json.dumps({"author": {"email": ""}}))),
    Hazard(name="no JSON in the string that should hold it", body=doc(payload="ann 7731"), want=WITHHELD),
    Hazard(name="text after the document", body=PLAIN + b"7731", want=WITHHELD),
    Hazard(name="XML", body=b"<author><email>ann.7731@example.org</email></author>", want=WITHHELD),
    Hazard(name="a form", body=b"email=ann.7731%40example.org", want=WITHHELD),
    Hazard(name="msgpack", body=b"\x81\xa5email\xb4ann.7731@example.org", want=WITHHELD),
    Hazard(name="protobuf", body=b"\x0a\x14ann.7731@example.org", want=WITHHELD),
    Hazard(name="multipart", body=b"--b\r\nContent-Type: application/json\r\n\r\n" + PLAIN + b"\r\n--b--", fields=(("Content-Type", "multipart/mixed; boundary=b"),), want=WITHHELD),
    Hazard(name="several cookies stay", fields=(*JSON, ("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")), has=(("set-cookie", "a=1"), ("set-cookie", "b=2"))),
    Hazard(
        name="a GraphQL alias", target="/graphql", method="POST", asked=(("Content-Type", "application/json"),),
        request_body=b'{"query":"{w: author {x: email}}"}', body=b'{"data":{"w":{"x":"ann.7731@example.org"}}}', want=b'{"data":{"w":{"x":""}}}',
    ),
    Hazard(
        name="a GraphQL alias shared by fragments", target="/graphql", method="POST", asked=(("Content-Type", "application/json"),),
        request_body=b'{"query":"{author {... on Bot {x: id} ... on User {x: email}}}"}', body=b'{"data":{"author":{"x":"ann.7731@example.org"}}}',
        want=b'{"data":{"author":{"x":""}}}',
    ),
    Hazard(
        name="a persisted GraphQL query", target="/graphql", method="POST", asked=(("Content-Type", "application/json"),),
        request_body=b'{"operationName":"Read","extensions":{"persistedQuery":{"version":1,"sha256Hash":"' + b"a" * 64 + b'"}}}',
        body=b'{"data":{"w":{"x":"ann.7731@example.org"}}}', want=WITHHELD,
    ),
    Hazard(
        name="a GraphQL query beyond all measure", target="/graphql", method="POST", asked=(("Content-Type", "application/json"),),
        request_body=b'{"query":"{w: author {x: email}}","pad":"' + b"p" * 1_200_000 + b'"}', body=b'{"data":{"w":{"x":"ann.7731@example.org"}}}', want=CLEAN,
    ),
    Hazard(
        name="a GraphQL batch", target="/graphql", method="POST", asked=(("Content-Type", "application/json"),),
        request_body=b'[{"query":"{author {email}}"},{"query":"{w: author {x: email}}"}]',
        body=b'[{"data":{"author":{"email":"ann.7731@example.org"}}},{"data":{"w":{"x":"ann.7731@example.org"}}}]',
        want=b'[{"data":{"author":{"email":""}}},{"data":{"w":{"x":""}}}]',
    ),
]  # fmt: skip

DODGES = [
    ("a doubled slash", {"target": "/api//articles/trains/comments/7"}),
    ("a leading doubled slash", {"target": "//api/articles/trains/comments/7"}),
    ("an encoded slash", {"target": "/api/articles/trains%2Fcomments/7"}),
    ("an encoded letter", {"target": "/api/articles/trains/%63omments/7"}),
    ("a doubly encoded letter", {"target": "/api/articles/trains/%2563omments/7"}),
    ("a path parameter", {"target": "/api/articles/trains/comments;x=1/7"}),
    ("a session in the path", {"target": "/api/articles/trains/comments/7;jsessionid=A"}),
    ("capitals", {"target": "/API/ARTICLES/trains/COMMENTS/7"}),
    ("a trailing slash", {"target": "/api/articles/trains/comments/7/"}),
    ("a format at the end", {"target": "/api/articles/trains/comments/7.json"}),
    ("dots", {"target": "/api/./articles/x/../trains/comments/7"}),
    ("encoded dots", {"target": "/api/articles/x/%2e%2e/trains/comments/7"}),
    ("a query", {"target": ROUTE + "?fields=all"}),
    ("an overriding method", {"method": "POST", "asked": (("X-HTTP-Method-Override", "GET"), ("Content-Length", "0"))}),
    ("another host name", {"asked": (("X-Forwarded-Host", "other.example.org"),)}),
]
HAZARDS += [Hazard(name=f"dodging by {name}", **change) for name, change in DODGES]


def leaks(raw):
    """Tell whether the secret can be read out of what a client got, in any form it could come in."""
    forms = [raw, raw.replace(b"\0", b"")]
    for undo in (gzip.decompress, zlib.decompress, brotli.decompress, zstandard.decompress):
        try:
            forms.append(undo(raw))
        except Exception:  # noqa: BLE001 -- whatever it is, it is not that
            continue
    return any(NEEDLE in form or b"\\u0037731" in form for form in forms)
