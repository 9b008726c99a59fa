"""The questions as SQL text. Names and numbers of our own only: whatever comes from outside is a parameter.

``disclosed`` is the view of all rows with persons joined across batches; ``combos`` the table of shapes and masks with their groups.
"""

from collections.abc import Sequence

SELF, OTHER = 0, 1
PERSON, CREDENTIAL, ADDRESS, NOBODY = range(4)
IN_WINDOW = "($since IS NULL OR seen_at >= $since) AND ($until IS NULL OR seen_at < $until)"
"""A row without a time is in no window but the unbounded one."""
JOINED = f"FROM disclosed JOIN combos USING (shape, mask) WHERE {IN_WINDOW}"
NOT_OWN = f"{JOINED} AND relation <> {SELF}"


def ors(condition: str, name: str, n_blocks: int) -> str:
    return ", ".join(f"bit_or(CASE WHEN {condition} THEN g{block} ELSE 0 END) AS {name}{block}" for block in range(n_blocks))


def names(name: str, n_blocks: int) -> str:
    return ", ".join(f"{name}{block}" for block in range(n_blocks))


def people_patterns(n_blocks: int, *, by_residence: bool) -> str:
    """Count people by the groups that they are in, and by residence where asked for."""
    inner = f"SELECT subject, {ors(f'relation = {OTHER}', 'sure', n_blocks)}, {ors('true', 'possible', n_blocks)} {NOT_OWN} AND subject IS NOT NULL GROUP BY subject"
    masks = f"{names('sure', n_blocks)}, {names('possible', n_blocks)}"
    if not by_residence:
        return f"SELECT {masks}, count(*) FROM ({inner}) GROUP BY ALL"
    return f"SELECT {masks}, count(*), coalesce(country, ''), coalesce(state, '') FROM ({inner}) LEFT JOIN residence USING (subject) GROUP BY ALL"


def recipient_patterns(n_blocks: int) -> str:
    """Count recipients by the groups that they received; a person for certain is one who is known."""
    known = f"kind = {PERSON} AND relation = {OTHER}"
    return (
        f"SELECT {names('sure', n_blocks)}, {names('possible', n_blocks)}, count(*) FROM (SELECT recipient, {ors(known, 'sure', n_blocks)}, "
        f"{ors('true', 'possible', n_blocks)} {NOT_OWN} AND recipient IS NOT NULL GROUP BY recipient) GROUP BY ALL"
    )


def totals(n_blocks: int) -> str:
    """Sum up by the groups of a row: rows, values without a person, rows without a recipient, first and last time."""
    groups = names("g", n_blocks)
    return (
        f"SELECT {groups}, count(*), coalesce(sum(n) FILTER (subject IS NULL), 0), count(DISTINCT response) FILTER (recipient IS NULL), "
        f"epoch_ms(min(seen_at)), epoch_ms(max(seen_at)), count(*) FILTER (relation <> {OTHER}), count(*) FILTER (seen_at IS NULL), "
        f"count(*) FILTER (kind IN ({CREDENTIAL}, {ADDRESS})) {NOT_OWN} GROUP BY {groups}"
    )


def ranking(key: str, other: str) -> str:
    """Rank recipients by people, or people by recipients: each pair is counted once before it is ranked."""
    return (
        f"WITH pairs AS (SELECT {key}, {other}, min(kind) AS kind, bool_or(relation = {OTHER}) AS sure, count(*) AS n_rows, "
        f"sum(n) FILTER (subject IS NULL) AS loose, min(seen_at) AS first, max(seen_at) AS last, bool_or(staff) AS staff {NOT_OWN} GROUP BY {key}, {other}) "
        f"SELECT {key}, min(kind), count({other}) FILTER (sure), count({other}), coalesce(sum(loose), 0), sum(n_rows), epoch_ms(min(first)), "
        f"epoch_ms(max(last)), bool_or(staff), count(*) FILTER ({other} IS NULL), count(*) FILTER (sure AND kind = {PERSON}) FROM pairs GROUP BY {key} "
        f"ORDER BY 4 DESC, 6 DESC, 1 NULLS LAST"
    )


def timeline(step: str) -> str:
    """Count by hour or day."""
    if step not in {"hour", "day"}:
        raise ValueError(step)
    return (
        f"SELECT epoch_ms(date_trunc('{step}', seen_at::TIMESTAMP)) AS start, count(DISTINCT subject) FILTER (relation = {OTHER}), count(DISTINCT recipient), count(*) "
        f"{NOT_OWN} AND seen_at IS NOT NULL GROUP BY 1 ORDER BY 1"
    )


def union_of(parts: Sequence[tuple[str, str]]) -> str:
    """Read files under their keys: (list of files, key name) each."""
    return " UNION ALL ".join(f"SELECT * FROM read_parquet({files}, encryption_config = {{footer_key: '{key}'}})" for files, key in parts)
