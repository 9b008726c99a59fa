"""DuckDB over a ledger's files: embedded, in memory, and shut in.

It may read the ledger's folder and nothing else, loads no extension and asks no network; what does not fit in memory fails rather than being spilled in the clear.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from stanch.engines.ledger.extra import load
from stanch.engines.ledger.seal import key_text
from stanch.engines.ledger.store import Store
from stanch.errors import OutsideError
from stanch.ledger.batch import TABLES, FileEntry, Table
from stanch.ledger.group import Combo
from stanch.ledger.statement import union_of

Connection = Any
"""A DuckDB connection; duckdb is an extra."""
MEMORY_LIMIT = "1500MB"
NO_PUSHDOWN = "SET disabled_optimizers = 'filter_pushdown,join_filter_pushdown,statistics_propagation'"
"""DuckDB 2.0 reads the dictionary of an encrypted column out of turn when a filter reaches the scan, and then can't decrypt it."""
COLUMNS: dict[Table, str] = {
    "disclosures": "seen_at TIMESTAMPTZ, response BIGINT, subject BIGINT, recipient BIGINT, kind TINYINT, relation TINYINT, shape BIGINT, mask BIGINT, n INTEGER, "
    "authenticated BOOLEAN, staff BOOLEAN, credential BIGINT, address BIGINT, place BIGINT",
    "links": "root BIGINT, member BIGINT, kind VARCHAR",
    "homes": "subject BIGINT, source VARCHAR, country VARCHAR, state VARCHAR, confidence TINYINT",
}


@contextmanager
def opened(store: Store, *, memory_limit: str = MEMORY_LIMIT) -> Iterator[Connection]:
    """Open a ledger for questions; the view ``disclosed`` has every row that counts."""
    duckdb = load("duckdb")
    settings = {"autoinstall_known_extensions": "false", "autoload_known_extensions": "false", "memory_limit": memory_limit, "temp_directory": ""}
    connection = duckdb.connect(":memory:", config=settings)
    try:
        connection.execute("SET TimeZone = 'UTC'")
        connection.execute(NO_PUSHDOWN)
        attach(connection, store)
        connection.execute(f"SET allowed_directories = [{quoted(str(store.root.resolve()))}]")
        connection.execute("SET enable_external_access = false")
        connection.execute("SET lock_configuration = true")
        join_people(connection)
        yield connection
    finally:
        connection.close()


def attach(connection: Connection, store: Store) -> None:
    files = store.files()
    keys = store.day_keys
    for part in sorted({file.part for file in files}):
        connection.execute(f"PRAGMA add_parquet_key({quoted(part)}, {quoted(key_text(keys.get(part)))})")
    for table in TABLES:
        see(connection, table, [f for f in files if f.table == table], store.root)


def see(connection: Connection, table: Table, files: list[FileEntry], root: Path) -> None:
    """Let a table's view show these files. Views made on top of it follow."""
    connection.execute(f"CREATE OR REPLACE VIEW {table} AS {reading(table, files, root)}")


def reading(table: Table, files: list[FileEntry], root: Path) -> str:
    if not files:
        columns = ", ".join(f"NULL::{kind} AS {name}" for name, _, kind in (part.partition(" ") for part in COLUMNS[table].split(", ")))
        return f"SELECT {columns} WHERE false"
    parts: dict[str, list[str]] = {}
    for file in files:
        parts.setdefault(file.part, []).append(quoted(str((root / file.name).resolve())))
    return union_of([(f"[{', '.join(names)}]", part) for part, names in sorted(parts.items())])


def quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def join_people(connection: Connection) -> None:
    """Find pseudonyms that batches made apart hold for one person, and see every row through them."""
    rows = connection.execute(
        "SELECT member, any_value(kind), list(DISTINCT root) FROM links GROUP BY member HAVING count(DISTINCT root) > 1"
    ).fetchall()
    connection.execute(
        "CREATE TABLE known AS SELECT root AS person, min(kind) AS kind FROM links WHERE root = member AND kind <> 'credential' GROUP BY root"
    )
    kinds = dict(connection.execute("SELECT person, kind FROM known").fetchall()) if rows else {}
    alias = aliases([(member, kind, roots) for member, kind, roots in rows], kinds)
    fill(connection, "alias", {"member": "BIGINT", "person": "BIGINT"}, sorted(alias.items()))
    if not alias:
        connection.execute("CREATE VIEW disclosed AS SELECT * FROM disclosures")
        connection.execute("CREATE VIEW home AS SELECT * FROM homes")
    else:
        connection.execute(ALIASED_ROWS)
        connection.execute(
            "CREATE VIEW home AS SELECT h.* REPLACE (coalesce(a.person, subject) AS subject) FROM homes h LEFT JOIN alias a ON subject = a.member"
        )
    connection.execute(RESIDENCES)


ALIASED_ROWS = """
CREATE VIEW disclosed AS SELECT d.* REPLACE (
  coalesce(s.person, subject) AS subject,
  coalesce(r.person, recipient) AS recipient,
  CASE WHEN d.kind = 1 AND r.person IS NOT NULL THEN 0 ELSE d.kind END AS kind,
  CASE WHEN coalesce(s.person, subject) = coalesce(r.person, recipient) THEN 0 WHEN relation = 2 AND whom.kind = who.kind THEN 1 ELSE relation END AS relation)
FROM disclosures d LEFT JOIN alias s ON d.subject = s.member LEFT JOIN alias r ON d.recipient = r.member
LEFT JOIN known whom ON coalesce(s.person, subject) = whom.person LEFT JOIN known who ON r.person = who.person
"""
"""Persons joined; whoever turns out to be the recipient is told own from other where both are known by the same kind of identifier."""
RESIDENCES = """
CREATE VIEW residence AS SELECT subject, country, state, source, confidence FROM home
QUALIFY row_number() OVER (PARTITION BY subject ORDER BY confidence DESC, state <> '' DESC, country, state, source) = 1
"""


def aliases(shared: Sequence[tuple[int, str, list[int]]], kinds: Mapping[int, str]) -> Mapping[int, int]:
    """Join the persons that share a pseudonym; the joined person goes by an identifier rather than by a credential, else by the least.

    A number that stands under several people who are told apart by more than a number is no proof: it is left out.
    """
    parent: dict[int, int] = {}

    def find(item: int) -> int:
        parent.setdefault(item, item)
        while parent[item] != item:
            parent[item] = parent[parent[item]]
            item = parent[item]
        return item

    for member, kind, roots in shared:
        if kind == "uid" and sum(kinds.get(root, "") in STRONG for root in roots) > 1:
            continue
        ends = sorted({find(item) for item in (member, *roots)}, key=lambda item: (kinds.get(item, "") not in STRONG, item not in kinds, item))
        for end in ends[1:]:
            parent[end] = ends[0]
    return {item: root for item in list(parent) if (root := find(item)) != item}


STRONG = frozenset({"email", "username", "phone"})


def fill(connection: Connection, table: str, columns: Mapping[str, str], rows: Sequence[Sequence[Any]]) -> None:
    """Make a table of our own rows."""
    pa = load("pyarrow")
    types = {"BIGINT": pa.int64(), "VARCHAR": pa.string()}
    data = {name: pa.array([row[i] for row in rows], types[kind]) for i, (name, kind) in enumerate(columns.items())}
    connection.register("incoming", pa.table(data))
    picked = ", ".join(f"{name}::{kind} AS {name}" for name, kind in columns.items())
    connection.execute(f"CREATE OR REPLACE TABLE {table} AS SELECT {picked} FROM incoming")
    connection.unregister("incoming")


def combos(connection: Connection) -> list[Combo]:
    """Give the pairs of shape and mask that occur."""
    return [Combo(*row) for row in connection.execute("SELECT DISTINCT shape, mask FROM disclosures").fetchall()]


def rows_of(connection: Connection, sql: str, parameters: Mapping[str, object]) -> list[tuple[Any, ...]]:
    """Put a question.

    Raises: OutsideError where the memory does not suffice, or where files changed under the question.
    """
    duckdb = load("duckdb")
    try:
        found: list[tuple[Any, ...]] = connection.execute(sql, dict(parameters)).fetchall()
    except duckdb.OutOfMemoryException:
        raise OutsideError("the question needs more memory than the ledger may use", hint="narrow it with --since and --until") from None
    except duckdb.IOException:
        raise OutsideError("the ledger was rewritten while it was read", hint="ask again") from None
    return found
