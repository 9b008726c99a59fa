"""Throw bytes at ``decode`` for a bounded time: with atheris where it is installed, else with a seeded random loop.

    python bench/fuzz/fuzz_decode.py [seconds] [seed]

Ends with exit code 1 and the offending input in hexadecimal if anything escapes.
"""

import random
import sys
import time

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


def mutated(rng: random.Random) -> bytes:
    data = bytearray(rng.choice(SEEDS))
    for _ in range(rng.randrange(8)):
        at = rng.randrange(len(data) + 1)
        match rng.randrange(4):
            case 0:
                data[at:at] = rng.randbytes(rng.randrange(1, 5))
            case 1:
                del data[at : at + rng.randrange(1, 6)]
            case 2:
                data[at:at] = rng.choice(SEEDS)[: rng.randrange(1, 30)]
            case _:
                data[at : at + 1] = bytes([rng.randrange(256)])
    return rng.randbytes(3) + bytes(data)


def random_loop(seconds: float, seed: int) -> int:
    rng = random.Random(seed)
    end = time.monotonic() + seconds
    n_inputs = 0
    while time.monotonic() < end:
        data = mutated(rng)
        try:
            one_input(data)
        except BaseException:
            print(data.hex(), file=sys.stderr)
            raise
        n_inputs += 1
    return n_inputs


def main() -> None:
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 20.0
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    try:
        import atheris
    except ImportError:
        print(f"{random_loop(seconds, seed)} inputs, nothing escaped")
        return
    atheris.instrument_all()
    atheris.Setup([sys.argv[0], f"-max_total_time={int(seconds)}", f"-seed={seed}"], one_input)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
