"""How much memory judging takes as traffic grows.

    python bench/judge/scale.py [--exchanges 1000000] [--endpoints 5000] [--people 20000]

Plays exchanges over so many endpoints (three in four with a nested person, one in four a list of ten), from so many signed-in people and without
ever holding them, into one summary; prints peak memory on the way, then resolves and judges, and prints the peak again. Checks first that
what was kept stays exact below the limit.
"""

import argparse
import resource
from random import Random
from time import perf_counter

import orjson

from stanch.finding.build import build
from stanch.identity.pseudonym import SCAN_KEY, KeyedDigest
from stanch.identity.summary import TrafficSummary
from stanch.traffic.exchange import Exchange

WORDS = "orders posts rides rooms notes files teams shops plans deals tasks games books songs trips cards units parts sites forms".split()


def person(number):
    return {
        "id": number,
        "username": f"user{number}",
        "email": f"user{number}@example.org",
        "phone": f"+1202{number:07}",
        "avatar": "https://cdn.example.org/a.png",
    }


def exchange(number, rng, n_endpoints, n_people):
    caller, endpoint = rng.randrange(n_people), rng.randrange(n_endpoints)
    path = f"/api/{WORDS[endpoint % len(WORDS)]}/area{endpoint // len(WORDS)}/items"
    if endpoint % 4:
        path += f"/{rng.randrange(100_000)}"
        answer = {"id": number, "title": "a title", "body": "some text " * 8, "author": person(rng.randrange(n_people))}
    else:
        answer = [{"id": number * 10 + n, "title": "a title", "author": person(rng.randrange(n_people))} for n in range(10)]
    return Exchange(
        where=f"s#{number}", method="GET", url=f"https://api.example.org{path}", status=200, decoded=True,
        request_headers=(("Authorization", f"Bearer token-of-{caller}"),), response_headers=(("Content-Type", "application/json"),), response_body=orjson.dumps(answer),
    )  # fmt: skip


def peak_mb():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--exchanges", type=int, default=1_000_000)
    parser.add_argument("--endpoints", type=int, default=5_000)
    parser.add_argument("--people", type=int, default=20_000)
    options = parser.parse_args()
    rng, summary, started = Random(1), TrafficSummary(digest=KeyedDigest(SCAN_KEY)), perf_counter()
    print("| exchanges | peak MB | sightings kept a field at most | per second |\n|---:|---:|---:|---:|")
    for number in range(1, options.exchanges + 1):
        summary.add(exchange(number, rng, options.endpoints, options.people))
        if number % max(1, options.exchanges // 10) == 0:
            rate = number / (perf_counter() - started)
            print(f"| {number} | {peak_mb():.0f} | {summary.sightings.width} | {rate:.0f} |", flush=True)
    began = perf_counter()
    report = build(summary)
    n_excessive = sum(f.verdict == "excessive" for f in report.findings)
    print(
        f"judged {len(report.endpoints)} endpoints, {len(report.fields)} fields, {n_excessive} excessive, in {perf_counter() - began:.0f} s; peak {peak_mb():.0f} MB"
    )


main()
