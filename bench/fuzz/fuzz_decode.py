"""Throw bytes at ``decode`` for a bounded time: with atheris where it is installed, else with a seeded random loop.

    python bench/fuzz/fuzz_decode.py [seconds] [seed]

Ends with exit code 1 and the offending input in hexadecimal if anything escapes.
"""

from loop import run

from stanch.traffic.decode import decode
from stanch.traffic.exchange import Exchange

TYPES = (
    "", "application/json", "application/x-ndjson", "text/event-stream", "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=b", "multipart/mixed; boundary=b", "application/xml", "text/html",
    "text/plain; charset=utf-16", "text/csv", "application/msgpack", "application/x-protobuf", "application/grpc",
    "application/grpc-web-text", "application/graphql", "application/http", "application/octet-stream",
)  # fmt: skip
CODINGS = ("", "gzip", "br", "zstd", "deflate", "gzip, br")
SEEDS = (
    b'{"email":"ann@example.org","n":[1,2.5e3,null,true,"\\ud83d"]}', b'{"a":1}\n{"a":2}\n',
    b"data: {}\n\ndata: x\n\n", b"a=1&b=%40",
    b'--b\r\nContent-Disposition: form-data; name="a"; filename="x"\r\n\r\n{}\r\n--b--', b"<a b='1'><c>&lt;</c></a>",
    b'<!doctype html><script type="application/json">{"a":1}</script>', b"a;b\n1;2\n",
    b"\x82\xa1a\x01\xa1b\x92\xc0\xd4\x05a", b"\x08\x96\x01\x12\x03Ann\x1a\x02\x08\x01", b"\0\0\0\0\x05\x12\x03Ann",
    b"AAAAAAUSA0Fubg==", b'{"query":"query A{a:b{...F}} fragment F on X{c:d}","operationName":"A"}',
    b"5\r\nhello\r\n0\r\n\r\n", b'["eyJhbGciOiJIUzI1NiJ9.eyJhIjoxfQ.c2ln","{\\"a\\":\\"[1]\\"}"]',
    b"\x1f\x8b\x08\0\0\0\0\0\0\x03\xcb\0\0",
)  # fmt: skip


def one_input(data: bytes) -> None:
    """Let the first bytes choose the type, the coding and the flags."""
    choice = (data + b"\0\0\0")[:3]
    body = data[3:]
    headers = (
        ("Content-Type", TYPES[choice[0] % len(TYPES)]),
        ("Content-Encoding", CODINGS[choice[1] % len(CODINGS)]),
        ("Transfer-Encoding", "chunked" if choice[2] & 1 else ""),
    )
    found = decode(
        Exchange(
            where="fuzz",
            method="POST",
            url="https://api.example.org/" + body[:40].decode("latin-1"),
            request_headers=headers[:1],
            request_body=body,
            response_headers=headers,
            response_body=body,
            decoded=bool(choice[2] & 2),
        )
    )
    repr(found)


if __name__ == "__main__":
    run(one_input, SEEDS)
