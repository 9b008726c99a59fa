"""Measure the ledger beside DuckDB on raw exchanges, SQLite and PostgreSQL: python bench/ledger/run.py [--fields N] [--peers] [--kill] [--corpora DIR]

First the answers are checked against counting by hand, then things are timed. Prints a table as Markdown and writes ledger.json beside it.
"""

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from peers import PEERS

from stanch.engines.ledger.ask import open_ledger
from stanch.engines.ledger.build import PartWriter
from stanch.engines.ledger.inquiry import Inquiry
from stanch.engines.ledger.keys import default_key_path, make_keyring
from stanch.engines.ledger.store import create_store
from stanch.ledger.answer import Question
from stanch.ledger.batch import BatchEntry
from stanch.ledger.disclosure import shown
from traffic import FIELDS_EACH, START_MS, Traffic, datatype_of

PORTION = 500_000
DAY = datetime.fromtimestamp(START_MS / 1000, UTC) + timedelta(days=10)


def ingest(folder, traffic):
    """Write rows as the scan gives them: sealing, sorting, encrypting and flushing to the disk. Drawing the rows is not timed."""
    store = create_store(folder, make_keyring(default_key_path(folder)))
    writer = PartWriter(store, store.seal(), "ab" * 16)
    took, cpu, homes, rows = 0.0, 0.0, traffic.homes(), traffic.rows()
    n_fields = 0
    while True:
        portion = [row for _, row in zip(range(PORTION), rows, strict=False)]
        if not portion:
            break
        start, start_cpu = time.perf_counter(), time.process_time()
        writer.write(portion, {}, homes)
        took += time.perf_counter() - start
        cpu += time.process_time() - start_cpu
        homes = {}
    n_fields = writer.n_fields
    start = time.perf_counter()
    store.commit(BatchEntry(batch="ab" * 16, sources=("ab" * 16,), seal=store.seal_name(), files=tuple(writer.files), shapes=tuple(traffic.shapes)))
    took += time.perf_counter() - start
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    return {"n_fields": n_fields, "n_rows": writer.n_rows, "ingest_s": took, "ingest_cpu_s": cpu, "n_bytes": size}


QUESTIONS = {
    "people by kind of data and residence": lambda ledger: len(ledger.cohorts(Question())),
    "twenty recipients with most people": lambda ledger: [g.people.at_least for g in ledger.affected("recipient", Question(), limit=20).groups],
    "all people affected": lambda ledger: ledger.affected("sensitivity", Question()).people.at_least,
    "one day by endpoint": lambda ledger: len(ledger.affected("endpoint", Question(since=DAY, until=DAY + timedelta(days=1))).groups),
    "one person's record": lambda ledger: len(Inquiry(ledger).person(some_person(ledger), Question(scope="all")).received),
}


def some_person(ledger):
    return shown(ledger.connection.execute("SELECT subject FROM disclosures LIMIT 1").fetchone()[0])


def ask(folder):
    """Put the five questions, each in full: counts, bounds, gaps. Run in a process of its own to measure its memory."""
    found = {}
    with open_ledger(Path(folder)) as ledger:
        for name, question in QUESTIONS.items():
            start, start_cpu = time.perf_counter(), time.process_time()
            answer = question(ledger)
            found[name] = {"s": time.perf_counter() - start, "cpu_s": time.process_time() - start_cpu, "answer": answer}
    found["max_rss_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps(found))


def check(folder, n_fields=200_000):
    """Compare with counting by hand, on an amount that can be."""
    traffic = Traffic(n_fields)
    ingest(folder, traffic)
    bit_of = {number: index for index, number in enumerate(traffic.numbers)}
    people, by_datatype, by_recipient = set(), defaultdict(set), defaultdict(set)
    for row in Traffic(n_fields).rows():
        people.add(row.subject)
        by_recipient[row.recipient].add(row.subject)
        for bit in range(FIELDS_EACH):
            if row.mask >> bit & 1:
                by_datatype[datatype_of(bit_of[row.shape], bit)].add(row.subject)
    with open_ledger(folder) as ledger:
        answer = ledger.affected("datatype", Question())
        assert answer.people.exact
        assert answer.people.at_least == len(people)
        assert {g.name: g.people.at_least for g in answer.groups} == {name: len(found) for name, found in by_datatype.items()}
        top = [g.people.at_least for g in ledger.affected("recipient", Question(), limit=20).groups]
        assert top == sorted((len(found) for found in by_recipient.values()), reverse=True)[:20]
        assert sum(c.people.at_least for c in ledger.cohorts(Question())) == len(people)
    shutil.rmtree(folder)


def kill(work, captures):
    """Kill a writer at every durable step there is, and look at what is left (tests/ledger/crash.py)."""
    script = Path(__file__).resolve().parents[2] / "tests" / "ledger" / "crash.py"
    whole = json.loads(subprocess.run([sys.executable, script, work, "1000000", *captures], capture_output=True, text=True, check=True).stdout)
    n_steps = int(whole["said"][-1].split()[1])
    steps = ",".join(str(n) for n in range(1, n_steps + 1))
    run = subprocess.run([sys.executable, script, work, steps, *captures], capture_output=True, text=True, check=True)
    crashes = [json.loads(line) for line in run.stdout.splitlines()]
    rows = {}
    for crash in crashes:
        acknowledged = sum(line.startswith("took") for line in crash["said"])
        assert crash["problems"] == [], crash
        assert crash["sources"] in {acknowledged, acknowledged + 1}, crash
        if crash["deletions"] == 0:
            assert rows.setdefault(crash["sources"], crash["rows"]) == crash["rows"], crash
    return {"n_kills": len(crashes), "n_killed": sum(c["killed"] for c in crashes), "lost": 0, "twice": 0}


def captures_for_kill(work):
    sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "examples" / "leaky-articles"))
    import record

    whole = json.loads(record.record("leaky", 7))["log"]
    paths = []
    for number in range(4):
        path = Path(work) / f"part{number}.har"
        path.write_text(json.dumps({"log": {**whole, "entries": whole["entries"][number * 25 : (number + 1) * 25]}}))
        paths.append(str(path))
    return paths


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--fields", type=int, default=10_000_000)
    parser.add_argument("--peers", action="store_true", help="also DuckDB on raw exchanges, SQLite and PostgreSQL (where it is installed)")
    parser.add_argument("--kill", action="store_true", help="also kill a writer at every durable step")
    parser.add_argument("--corpora", type=Path, help="also compare with the exact truth of labelled captures")
    parser.add_argument("--ask", help=argparse.SUPPRESS)
    parser.add_argument("--out", type=Path, default=Path("ledger.json"))
    args = parser.parse_args()
    if args.ask:
        ask(args.ask)
        return
    found = {}
    with tempfile.TemporaryDirectory() as work:
        check(Path(work) / "check")
        print("Answers agree with counting by hand.\n")
        traffic = Traffic(args.fields)
        found["ledger"] = ingest(Path(work) / "book", traffic)
        run = subprocess.run(
            [sys.executable, __file__, "--ask", str(Path(work) / "book")], capture_output=True, text=True, check=True, env=os.environ
        )
        found["ledger"] |= json.loads(run.stdout)
        show("ledger", found["ledger"])
        if args.peers:
            for name, peer in PEERS.items():
                try:
                    found[name] = peer(Path(work) / name, Traffic(args.fields))
                    show(name, found[name])
                except FileNotFoundError as error:
                    print(f"{name}: not on this machine ({error.filename})")
        if args.kill:
            found["kill"] = kill(work, captures_for_kill(work))
            print("\nkill -9:", found["kill"])
        if args.corpora:
            from truth import compare

            found["truth"] = compare(args.corpora)
    args.out.write_text(json.dumps(found, indent=1))


def show(name, result):
    per_field = result["n_bytes"] / result["n_fields"]
    print(
        f"| {name} | {result['n_fields']:,} fields | {result['n_fields'] / result['ingest_s'] / 1e6:.2f} M fields/s in ({result.get('ingest_cpu_s', 0):.1f} s of processors) | {per_field:.2f} bytes a field |"
    )
    for question in QUESTIONS:
        if question in result:
            cpu = f" ({result[question]['cpu_s']:.3f} s of processors)" if "cpu_s" in result[question] else ""
            print(f"| {name} | {question} | {result[question]['s']:.3f} s{cpu} | {str(result[question]['answer'])[:50]} |")
    print(f"| {name} | memory | {result.get('max_rss_mb', 0):.0f} MB | |", flush=True)


if __name__ == "__main__":
    main()
