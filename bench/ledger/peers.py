"""What one would do without a ledger: DuckDB over the raw exchanges, and one row a field in SQLite and in PostgreSQL."""

import json
import os
import resource
import shutil
import sqlite3
import subprocess
import time
from datetime import UTC, datetime
from pathlib import Path

from traffic import FIELDS_EACH, RESIDENCES, START_MS, datatype_of

DAY10 = START_MS + 10 * 86_400_000
LONG = "at BIGINT, subject BIGINT, recipient BIGINT, endpoint INTEGER, datatype TEXT, place TEXT"
ASKED = {
    "people by kind of data and residence": "SELECT count(*) FROM (SELECT datatype, place, count(DISTINCT subject) FROM long GROUP BY datatype, place) AS t",
    "twenty recipients with most people": "SELECT recipient, count(DISTINCT subject) FROM long GROUP BY recipient ORDER BY 2 DESC LIMIT 20",
    "all people affected": "SELECT count(DISTINCT subject) FROM long",
    "one day by endpoint": f"SELECT count(*) FROM (SELECT endpoint, count(DISTINCT subject) FROM long WHERE at >= {DAY10} AND at < {DAY10 + 86_400_000} GROUP BY endpoint) AS t",
    "one person's record": "SELECT recipient, endpoint, count(*), min(at), max(at) FROM long WHERE subject = (SELECT subject FROM long LIMIT 1) GROUP BY recipient, endpoint",
}


def signed(number):
    return number - (1 << 64) if number >> 63 else number


def long_rows(traffic):
    index = {number: position for position, number in enumerate(traffic.numbers)}
    for row in traffic.rows():
        endpoint = index[row.shape]
        place = "-".join(RESIDENCES[row.subject % len(RESIDENCES)])
        for bit in range(FIELDS_EACH):
            if row.mask >> bit & 1:
                yield row.at_ms, signed(row.subject), signed(row.recipient), endpoint, datatype_of(endpoint, bit), place


def timed(run):
    found = {}
    for name, sql in ASKED.items():
        start = time.perf_counter()
        rows = run(sql)
        answer = [row[1] for row in rows] if name.startswith("twenty") else len(rows) if name.startswith("one person") else rows[0][0]
        found[name] = {"s": time.perf_counter() - start, "answer": answer}
    return found


def sqlite(folder, traffic):
    """One row a field, in WAL mode, without indexes (they would double the size)."""
    folder.mkdir()
    connection = sqlite3.connect(folder / "long.db", isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA cache_size = -1000000")
    connection.execute(f"CREATE TABLE long ({LONG})")
    took, n, rows = 0.0, 0, long_rows(traffic)
    while portion := [row for _, row in zip(range(500_000), rows, strict=False)]:
        start = time.perf_counter()
        connection.execute("BEGIN")
        connection.executemany("INSERT INTO long VALUES (?, ?, ?, ?, ?, ?)", portion)
        connection.execute("COMMIT")
        took += time.perf_counter() - start
        n += len(portion)
    found = {"n_fields": n, "ingest_s": took, **timed(lambda sql: connection.execute(sql).fetchall())}
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    found["n_bytes"] = (folder / "long.db").stat().st_size
    shutil.rmtree(folder)
    return {**found, "max_rss_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}


def raw(folder, traffic):
    """Parquet of exchanges, as `stanch scan` reads them too; people and kinds of data are read from the bodies by each question."""
    import duckdb
    import pyarrow as pa
    import pyarrow.parquet as pq

    folder.mkdir()
    schema = pa.schema([("started_at", pa.string()), ("url", pa.string()), ("token", pa.string()), ("response_body", pa.string())])
    index = {number: position for position, number in enumerate(traffic.numbers)}
    took, n, rows = 0.0, 0, traffic.rows()
    with pq.ParquetWriter(folder / "exchanges.parquet", schema, compression="zstd") as writer:
        while portion := [row for _, row in zip(range(200_000), rows, strict=False)]:
            columns = [[], [], [], []]
            for row in portion:
                endpoint = index[row.shape]
                body = {"owner": {"id": f"{row.subject:x}", "country": "-".join(RESIDENCES[row.subject % len(RESIDENCES)])}}
                body["owner"] |= {f"f{bit}": f"value-{row.subject:x}-{bit}" for bit in range(FIELDS_EACH) if row.mask >> bit & 1}
                n += row.mask.bit_count()
                cells = (
                    datetime.fromtimestamp(row.at_ms / 1000, UTC).isoformat(),
                    f"https://api.example.org/things{endpoint}/1",
                    f"{row.recipient:x}",
                    json.dumps(body),
                )
                for column, cell in zip(columns, cells, strict=True):
                    column.append(cell)
            start = time.perf_counter()
            writer.write_table(pa.table(columns, schema=schema))
            took += time.perf_counter() - start
    connection = duckdb.connect(config={"memory_limit": "6GB"})
    path = folder / "exchanges.parquet"
    fields = " UNION ALL ".join(
        f"SELECT endpoint, (endpoint + {bit}) % 8 AS kind, place, subject FROM seen WHERE body->>'$.owner.f{bit}' IS NOT NULL"
        for bit in range(FIELDS_EACH)
    )
    connection.execute(
        f"CREATE VIEW seen AS SELECT started_at, token, response_body AS body, response_body->>'$.owner.id' AS subject, response_body->>'$.owner.country' AS place, "
        f"CAST(regexp_extract(url, 'things(\\d+)', 1) AS INTEGER) AS endpoint FROM read_parquet('{path}')"
    )
    day = (datetime.fromtimestamp(DAY10 / 1000, UTC).isoformat(), datetime.fromtimestamp(DAY10 / 1000 + 86_400, UTC).isoformat())
    asked = {
        "people by kind of data and residence": f"SELECT count(*) FROM (SELECT kind, place, count(DISTINCT subject) FROM ({fields}) GROUP BY kind, place)",
        "twenty recipients with most people": "SELECT token, count(DISTINCT subject) FROM seen GROUP BY token ORDER BY 2 DESC LIMIT 20",
        "all people affected": "SELECT count(DISTINCT subject) FROM seen",
        "one day by endpoint": f"SELECT count(*) FROM (SELECT endpoint, count(DISTINCT subject) FROM seen WHERE started_at >= '{day[0]}' AND started_at < '{day[1]}' GROUP BY endpoint)",
        "one person's record": "SELECT token, endpoint, count(*) FROM seen WHERE subject = (SELECT subject FROM seen LIMIT 1) GROUP BY token, endpoint",
    }
    found = {"n_fields": n, "ingest_s": took, "n_bytes": path.stat().st_size}
    for name, sql in asked.items():
        start = time.perf_counter()
        rows = connection.execute(sql).fetchall()
        answer = [row[1] for row in rows] if name.startswith("twenty") else len(rows) if name.startswith("one person") else rows[0][0]
        found[name] = {"s": time.perf_counter() - start, "answer": answer}
    connection.close()
    shutil.rmtree(folder)
    return {**found, "max_rss_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}


def postgres(folder, traffic):
    """One row a field, unlogged, by COPY; a server of its own on a socket in the work folder."""
    homes = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    if not homes:
        raise FileNotFoundError(2, "not installed", "initdb")
    home = homes[-1]
    folder.mkdir()
    as_user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    if as_user:
        shutil.chown(folder, "postgres")
        for parent in (folder.parent,):
            parent.chmod(0o755)
    data = folder / "data"
    subprocess.run([*as_user, home / "initdb", "-D", data, "-A", "trust"], check=True, capture_output=True)
    options = f"-c listen_addresses='' -k {folder} -c shared_buffers=512MB -c work_mem=256MB -c fsync=off -c max_wal_size=4GB"
    subprocess.run([*as_user, home / "pg_ctl", "-D", data, "-o", options, "-l", folder / "log", "-w", "start"], check=True, capture_output=True)
    psql = [*as_user, home / "psql", "-h", str(folder), "-d", "postgres", "-qAt", "-F", "\t"]

    def run(sql):
        lines = subprocess.run([*psql, "-c", sql], check=True, capture_output=True, text=True).stdout.splitlines()
        return [[int(cell) if cell.lstrip("-").isdigit() else cell for cell in line.split("\t")] for line in lines]

    try:
        run(f"CREATE UNLOGGED TABLE long ({LONG})")
        took, n, rows = 0.0, 0, long_rows(traffic)
        while portion := [row for _, row in zip(range(1_000_000), rows, strict=False)]:
            text = "\n".join("\t".join(map(str, row)) for row in portion) + "\n"
            start = time.perf_counter()
            subprocess.run([*psql, "-c", "COPY long FROM STDIN"], input=text, text=True, check=True, capture_output=True)
            took += time.perf_counter() - start
            n += len(portion)
        found = {"n_fields": n, "ingest_s": took, **timed(run)}
        found["n_bytes"] = run("SELECT pg_total_relation_size('long')")[0][0]
        return found
    finally:
        subprocess.run([*as_user, home / "pg_ctl", "-D", data, "-m", "immediate", "stop"], check=True, capture_output=True)
        shutil.rmtree(folder)


PEERS = {"raw exchanges, DuckDB": raw, "SQLite": sqlite, "PostgreSQL": postgres}
