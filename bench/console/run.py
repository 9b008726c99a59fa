"""Measure the console: a journal of a million entries verified, pages over ten thousand incidents, and (with --kills N) kill -9 N times.

Checks that the answers are right before it says how long they took. Prints Markdown; writes JSON with --json FILE.
"""

import argparse
import json
import os
import statistics
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "console"))
T0 = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
COPIED = (
    "organisation_id", "title", "severity", "rank", "phase", "contained", "restricted", "exercise", "changed_at", "next_who", "next_what", "due_at",
    "due_what", "n_open", "n_done", "n_people",
)  # fmt: skip


def journal(n):
    """Verify a journal of n entries in memory; then change one byte and see that it is found."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    from stanch.console.vault import checker
    from stanch.incident.checkpoint import Head, Key, sign_head
    from stanch.incident.journal import Entry, entry_bytes
    from stanch.incident.tree import leaf_hash, root_of
    from stanch.incident.verify import verify

    private = Ed25519PrivateKey.from_private_bytes(bytes(32))
    key = Key(name="bench", public=private.public_key().public_bytes_raw())
    leaves = [
        entry_bytes(Entry(stream="INC-1", n=i, at=T0 + timedelta(seconds=i), by="person:dan", tag="person:note:add", body={"text": f"note {i}", "privileged": False}))
        for i in range(n)
    ]  # fmt: skip
    note = sign_head(Head(origin="bench/INC-1", size=n, root=root_of([leaf_hash(leaf) for leaf in leaves])), key, private.sign)
    begin = time.perf_counter()
    whole = verify("bench/INC-1", "INC-1", leaves, [note], key, checker(key))
    took = time.perf_counter() - begin
    assert whole.whole
    assert whole.n_entries == n
    leaves[n // 2] = leaves[n // 2].replace(b"note", b"nota")
    assert not verify("bench/INC-1", "INC-1", leaves, [note], key, checker(key)).whole
    return {"what": f"journal of {n:,} entries verified", "value": round(took, 2), "unit": "s", "goal": "<= 10 s"}


def pages(n):
    """Time pages over n incidents, each with its own journal, playbook and clocks."""
    from console_stage import report_bytes

    from stanch.console.run import Serving, prepare

    folder = tempfile.TemporaryDirectory(prefix="stanch-bench-")
    report = Path(folder.name) / "report.json"
    report.write_bytes(report_bytes())
    prepare(Serving(data=f"{folder.name}/data"), report)
    from django.db import connection
    from django.test import Client

    from stanch.console import book
    from stanch.console.models import DueRow, IncidentRow, Person, Stream

    with connection.cursor() as cursor:
        cursor.execute("PRAGMA synchronous=OFF")
    first = IncidentRow.objects.get()
    streams = Stream.objects.bulk_create(Stream(key=f"INC-{i}", organisation=first.organisation) for i in range(2, n + 1))
    rows, state = [], book.raw(first.state)
    for i, stream in enumerate(streams, 2):
        row = IncidentRow(**{name: getattr(first, name) for name in COPIED})
        row.key, row.stream, row.state = f"INC-{i}", stream, state.replace(b'"key":"INC-1"', f'"key":"INC-{i}"'.encode(), 1)
        row.is_open, row.declared_at = i % 10 == 0, first.declared_at - timedelta(minutes=i)
        rows.append(row)
    IncidentRow.objects.bulk_create(rows, batch_size=500)
    dues = list(DueRow.objects.filter(incident=first))
    DueRow.objects.bulk_create(
        (DueRow(incident_id=row.pk, clock=d.clock, title=d.title, owner=d.owner, kind=d.kind, due_at=d.due_at, told="over") for row in rows if row.is_open for d in dues),
        batch_size=2_000,
    )  # fmt: skip
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(Person.objects.get(name="Dan"))
    assert f"{n // 10 + 1:d} open incidents" in client.get("/incidents").content.decode()
    results = []
    for name, path in (("list", "/incidents"), ("last page of the list", f"/incidents?page={n // 30}"), ("front page", "/incidents/INC-1"), ("tasks", "/incidents/INC-1/tasks"), ("journal", "/incidents/INC-1/journal")):  # fmt: skip
        times = []
        for _ in range(40):
            begin = time.perf_counter()
            assert client.get(path).status_code == 200
            times.append((time.perf_counter() - begin) * 1_000)
        p95 = statistics.quantiles(times, n=20)[-1]
        results.append(
            {"what": f"{name}, {n:,} incidents: p95 (median {statistics.median(times):.0f})", "value": round(p95), "unit": "ms", "goal": "<= 150 ms"}
        )
    connection.close()
    folder.cleanup()
    return results


def kills(n, address=""):
    from console_stage import report_bytes
    from durable_stage import judge, kill_often

    with tempfile.TemporaryDirectory(prefix="stanch-kills-") as name:
        folder = Path(name)
        (folder / "report.json").write_bytes(report_bytes())
        begin = time.perf_counter()
        n_acknowledged, n_sent, n_uncertain = judge(kill_often(folder, folder / "report.json", n_kills=n, seed=3, database=address))
    where = "PostgreSQL" if address else "SQLite"
    says = f"kill -9, {n} times, on {where}: {n_acknowledged} entries acknowledged, {n_sent} jobs sent, {n_uncertain} uncertain; lost or twice"
    return {"what": says, "value": 0, "unit": f"({time.perf_counter() - begin:.0f} s)", "goal": "0"}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, default=1_000_000)
    parser.add_argument("--incidents", type=int, default=10_000)
    parser.add_argument("--kills", type=int, default=0)
    parser.add_argument("--postgres", action="store_true")
    parser.add_argument("--json", metavar="FILE")
    args = parser.parse_args()
    results = [journal(args.entries), *pages(args.incidents)] if args.entries else []
    if args.kills:
        results.append(kills(args.kills))
        if args.postgres:
            from postgres_stage import postgres

            with tempfile.TemporaryDirectory(prefix="stanch-pg-") as name, postgres(Path(name) / "server") as address:
                results.append(kills(args.kills, address))
    print("| what | measured | goal |\n|---|---|---|")
    for row in results:
        print(f"| {row['what']} | {row['value']} {row['unit']} | {row['goal']} |")
    if args.json:
        Path(args.json).write_text(json.dumps({"n_cpus": os.cpu_count(), "results": results}, indent=1))


if __name__ == "__main__":
    main()
