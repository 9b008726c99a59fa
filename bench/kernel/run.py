"""How fast the native kernel scans and masks, beside ``orjson.loads`` over the same bodies, in one run.

    python bench/kernel/run.py [--megabytes 10] [--seed 3] [--json FILE]

Bodies are synthetic (``bench/fields/generate.py``: 1.7 KB median, 24 KB at the 95th percentile); bodies to mask are lists of comments with their
authors. Answers are compared with the reference first: all columns and their labels on a part of the bodies, every masked body. Then process CPU
time, the rows taking turns, the least of several rounds; results are discarded, as a gateway would. Two threads against one: wall time.
"""

import argparse
import json
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random
from time import perf_counter, process_time

import orjson

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "fields"))  # its generator is a script beside this one

from generate import bodies, corpus

from stanch.classify.decide import decide
from stanch.contain.masker import Masker, masker
from stanch.contain.path import compile_paths
from stanch.identity.kernel_bodies import Columns
from stanch.identity.pseudonym import SCAN_KEY
from stanch.kernel import KERNEL

ROUNDS = 5
CHECKED_BYTES = 1_000_000
MASKS = {
    "$.comments[*].author.email": "typed", "$.comments[*].author.phone": "drop", "$.comments[*].author.birth_date": "null",
}  # fmt: skip
Row = tuple[str, float, str]
"""What, times of orjson.loads, more."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--megabytes", type=int, default=10)
    parser.add_argument("--seed", type=int, default=3)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    if KERNEL is None:
        sys.exit("the native kernel is not built")
    rows = [
        *scan_rows(options.seed, options.megabytes * 1_000_000),
        *(row for size in (2, 20, 200) for row in mask_rows(size * 1000, Random(options.seed))),
    ]
    print("| what | x time of orjson.loads | |\n|---|---:|---|")
    for what, ratio, more in rows:
        print(f"| {what} | {ratio:.2f} | {more} |")
    if options.json:
        options.json.write_text(json.dumps([dict(zip(("what", "ratio", "more"), row, strict=True)) for row in rows], indent=1) + "\n")


def take(seed: int, n_bytes: int) -> tuple[list[bytes], list[str]]:
    taken, roots, size = [], [], 0
    for endpoint, body in bodies(corpus(seed, 300), seed, 1 << 40):
        taken.append(body)
        roots.append(endpoint.template)
        size += len(body)
        if size >= n_bytes:
            break
    return taken, roots


def scan_rows(seed: int, n_bytes: int) -> list[Row]:
    taken, roots = take(seed, n_bytes)
    n_bytes = sum(map(len, taken))
    check_columns(*take(seed, CHECKED_BYTES))
    half = [(taken[at::2], roots[at::2]) for at in range(2)]

    ready = [Columns(SCAN_KEY, KERNEL) for _ in range(2)]

    def scan() -> None:
        ready[0].scan(taken, roots)

    def parse() -> None:
        for body in taken:
            orjson.loads(body)

    def threads(pool: ThreadPoolExecutor) -> None:
        list(pool.map(lambda columns, part: columns.scan(*part), ready, half))

    times = in_turn({"parse": parse, "scan": scan}, process_time)
    with ThreadPoolExecutor(2) as pool:
        wall = in_turn({"one": scan, "two": lambda: threads(pool)}, perf_counter)
    left = len(ready[0]._bodies.scan(taken, [0] * len(taken)))  # noqa: SLF001 -- counts what the kernel leaves to Python
    return [
        ("orjson.loads", 1.0, f"{n_bytes / times['parse'] / 1e6:.0f} MB/s"),
        ("scan of bodies: paths, candidates, pseudonyms, columns", times["scan"] / times["parse"], f"{n_bytes / times['scan'] / 1e6:.0f} MB/s; {left} of {len(taken)} bodies left to Python"),
        ("the same, two threads", times["scan"] / times["parse"] * wall["two"] / wall["one"], f"{wall['one'] / wall['two']:.2f} x one thread"),
    ]  # fmt: skip


def check_columns(taken: list[bytes], roots: list[str]) -> None:
    found = []
    for native in (KERNEL, None):
        columns = Columns(SCAN_KEY, native)
        columns.scan(taken, roots)
        found.append(columns.settle())
        for column in found[-1].values():
            column.trim()
    assert found[0] == found[1], "the engines differ"
    labels = [{key: decide(key[1].path, key[1].name, key[1].parents, column) for key, column in part.items()} for part in found]
    assert labels[0] == labels[1]


def comments(size: int, random: Random) -> bytes:
    def words(n: int) -> str:
        return " ".join("".join(random.choices("abcdefghijklmnopqrstuvwxyz", k=random.randrange(2, 10))) for _ in range(n))

    rows: list[dict[str, object]] = []
    while len(body := orjson.dumps({"comments": rows, "next": None})) < size:
        author = {
            "id": random.randrange(10**6), "username": words(1), "email": f"{words(1)}@example.org", "phone": f"+1 555 01{random.randrange(99):02}",
            "birth_date": "1990-01-01", "bio": words(random.randrange(3, 20)), "active": random.random() < 0.5, "score": random.random(),
        }  # fmt: skip
        rows.append({"id": random.randrange(10**9), "body": words(random.randrange(5, 40)) + random.choice(["", '\n"well"', " é"]), "author": author, "tags": [words(1) for _ in range(random.randrange(4))]})  # fmt: skip
    return body


def mask_rows(size: int, random: Random) -> list[Row]:
    taken = [comments(size, random) for _ in range(max(8, 1_500_000 // size))]
    n_bytes = sum(map(len, taken))
    root = compile_paths(MASKS)
    native, reference = (masker(root, b"key", engine=engine) for engine in ("native", "reference"))
    for body in taken[:8]:
        done, expected = native.mask(body), reference.mask(body)
        assert (done.body, done.n_masked, done.n_dropped) == (expected.body, expected.n_masked, expected.n_dropped)
    times = in_turn({"parse": over(taken, orjson.loads), "mask": over(taken, native.mask), "trip": over(taken, lambda body: orjson.dumps(orjson.loads(body))), "stream": over(taken, streaming(native))}, process_time)  # fmt: skip
    slow = timed(over(taken[:8], reference.mask), process_time) / sum(map(len, taken[:8])) * n_bytes
    more = f"{n_bytes / times['mask'] / 1e9:.2f} GB/s; {times['trip'] / times['mask']:.1f} x an orjson round trip; {slow / times['mask']:.0f} x the reference"
    return [
        (f"mask a body of {size // 1000} KB", times["mask"] / times["parse"], more),
        (f"mask a body of {size // 1000} KB in chunks of 4 KB", times["stream"] / times["parse"], f"{n_bytes / times['stream'] / 1e9:.2f} GB/s"),
    ]


def over(taken: list[bytes], work: Callable[[bytes], object]) -> Callable[[], None]:
    def every() -> None:
        for body in taken:
            work(body)

    return every


def streaming(native: Masker) -> Callable[[bytes], object]:
    def run(body: bytes) -> None:
        stream = native.stream()
        for at in range(0, len(body), 4096):
            stream.feed(body[at : at + 4096])
        stream.finish()

    return run


def in_turn(rows: dict[str, Callable[[], object]], clock: Callable[[], float]) -> dict[str, float]:
    rounds = [{name: timed(work, clock) for name, work in rows.items()} for _ in range(ROUNDS)]
    return {name: min(one[name] for one in rounds) for name in rows}


def timed(work: Callable[[], object], clock: Callable[[], float]) -> float:
    began = clock()
    work()
    return clock() - began


main()
