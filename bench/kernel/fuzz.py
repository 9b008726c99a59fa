"""Throw broken and odd bodies at the kernel for a while, and compare every answer with the reference's.

    python bench/kernel/fuzz.py [--seconds 60] [--seed 1]

Starts from bodies that hit every path, then changes, removes, repeats and cuts bytes at random. Whole bodies and streams cut at random places must
give the reference's bytes and counts, or refuse as it refuses; scans must give its columns. Prints how many were tried; stops at the first difference.
"""

import argparse
import sys
from random import Random
from time import monotonic

from stanch.contain.mask import MaskError
from stanch.contain.masker import Masker, masker
from stanch.contain.path import compile_paths
from stanch.identity.kernel_bodies import Columns
from stanch.kernel import KERNEL
from stanch.traffic.body.limits import BodyError

SEEDS = (
    b'{"a":{"email":"ann@example.org","list":[{"phone":"+1 555 010 0199","n":1.0},{"phone":null}]},"b":"{\\"email\\":\\"x\\",\\"k\\":\\"\\u00e9\\"}"}',
    b'[{"email":"x","\\u0065mail":"y","email":[1,-2.5e-3,true,false,null,"",{},[]]},{"4111111111111111":4111111111111111}]',
    b'\xef\xbb\xbf { "a" : { "email" : "\xc3\xa9\xf0\x9f\x98\x80" , "list" : [ ] } }\r\n',
    b'{"a":{"card":"4111 1111 1111 1111","iban":"DE89 3704 0044 0532 0130 00","at":"2026-11-25T01:02:03Z","ip":"192.0.2.7"}}',
)
PATHS = ("$.a.email", "$.a.list[*].phone", "$.b@json.email", "$[*].email", "$.a", "$[~].list", "$.a.list[*]", "$[*][~]")
KINDS = ("typed", "null", "text", "partial", "hash", "drop")
SIGNS = b'"\\{}[]:,0123456789-+.eEtfnu \n\x00\x1f\x7f\x80\xbf\xc3\xed\xa0\xf0\xff@'


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    if KERNEL is None:
        sys.exit("the native kernel is not built")
    random, n, n_refused, end = Random(options.seed), 0, 0, monotonic() + options.seconds
    while monotonic() < end:
        actions = {path: random.choice(KINDS) for path in random.sample(PATHS, random.randrange(1, 4))}
        pair = [masker(compile_paths(actions), b"key", engine=engine) for engine in ("native", "reference")]
        for _ in range(50):
            n_refused += compare(mutated(random), pair[0], pair[1], random)
            n += 1
    print(f"{n} bodies alike, {n_refused} of them refused by both")


def mutated(random: Random) -> bytes:
    body = bytearray(random.choice(SEEDS))
    for _ in range(random.randrange(4)):
        at, n = random.randrange(len(body) + 1), random.randrange(1, 9)
        match random.randrange(4):
            case 0:
                body[at : at + 1] = bytes([random.choice(SIGNS)])
            case 1:
                del body[at : at + n]
            case 2:
                body[at:at] = body[at : at + n]
            case _:
                del body[at + random.randrange(40) :]
    return bytes(body)


def compare(body: bytes, native: Masker, reference: Masker, random: Random) -> bool:
    expected = outcome(reference, body)
    flowed = streamed(native, body, random)
    refused = isinstance(expected[0], str)
    same = outcome(native, body) == expected and (flowed == expected or (refused and isinstance(flowed[0], str)))
    if not same or columns(body, native=True) != columns(body, native=False):
        sys.exit(f"the engines differ on {body!r}")
    return refused


def outcome(one: Masker, body: bytes) -> tuple[object, ...]:
    try:
        done = one.mask(body)
    except MaskError as error:
        return str(error), error.at
    return done.body, done.n_masked, done.n_dropped


def streamed(native: Masker, body: bytes, random: Random) -> tuple[object, ...]:
    stream, out, at = native.stream(), b"", 0
    try:
        while at < len(body):
            step = random.randrange(1, 17)
            out += stream.feed(body[at : at + step])
            at += step
        rest = stream.finish()
    except MaskError as error:
        return str(error), error.at
    return out + rest.body, rest.n_masked, rest.n_dropped


def columns(body: bytes, *, native: bool) -> object:
    found: Columns[int] = Columns(b"key", None)
    if native:
        found = SHARED
        found.found = {}
    try:
        found.scan([body], [0])
    except BodyError:
        return "refused"
    return {place: column for place, column in found.settle().items() if column.n_values + column.n_null + column.n_empty}


SHARED: Columns[int] = Columns(b"key", KERNEL)
main()
