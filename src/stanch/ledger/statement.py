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
    where = "coalesce(country, ''), coalesce(state, ''), coalesce(source, ''), coalesce(confidence, 0)"
    return f"SELECT {masks}, count(*), {where} FROM ({inner}) LEFT JOIN residence USING (subject) GROUP BY ALL"


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


def responses_to_nobody() -> str:
    """Count responses whose recipient can't be told from others, each once."""
    return f"SELECT count(DISTINCT response) {NOT_OWN} AND recipient IS NULL"


def ranking(key: str, other: str) -> str:
    """Rank recipients by people, or people by recipients; only the first ones are looked at in full. Each pair is counted once."""
    return f"""
WITH top AS (
  SELECT {key} AS key, count({other}) AS n_others, count(*) OVER () AS n_keys FROM (SELECT DISTINCT {key}, {other} {NOT_OWN}) GROUP BY {key}
  ORDER BY n_others DESC, key NULLS LAST LIMIT $most),
pairs AS (
  SELECT {key} AS key, {other} AS other, min(kind) AS kind, bool_or(relation = {OTHER}) AS sure, count(*) AS n_rows,
         sum(n) FILTER (subject IS NULL) AS loose, min(seen_at) AS first, max(seen_at) AS last, bool_or(staff) AS staff
  FROM disclosed JOIN combos USING (shape, mask) JOIN top ON {key} IS NOT DISTINCT FROM top.key
  WHERE {IN_WINDOW} AND relation <> {SELF} GROUP BY ALL)
SELECT key, min(kind), count(other) FILTER (sure), count(other) AS n_others, coalesce(sum(loose), 0), sum(n_rows) AS n_rows, epoch_ms(min(first)),
       epoch_ms(max(last)), bool_or(staff), count(*) FILTER (other IS NULL), count(*) FILTER (sure AND kind = {PERSON}), (SELECT max(n_keys) FROM top)
FROM pairs GROUP BY key ORDER BY n_others DESC, n_rows DESC, key NULLS LAST
"""


def timeline(step: str) -> str:
    """Count by minute, hour or day."""
    if step not in {"minute", "hour", "day"}:
        raise ValueError(step)
    return (
        f"SELECT epoch_ms(date_trunc('{step}', seen_at::TIMESTAMP)) AS start, count(DISTINCT subject) FILTER (relation = {OTHER}), count(DISTINCT recipient), count(*) "
        f"{NOT_OWN} AND seen_at IS NOT NULL GROUP BY 1 ORDER BY 1"
    )


def union_of(parts: Sequence[tuple[str, str]]) -> str:
    """Read files under their keys: (list of files, key name) each."""
    return " UNION ALL ".join(f"SELECT * FROM read_parquet({files}, encryption_config = {{footer_key: '{key}'}})" for files, key in parts)


def record_of_one() -> str:
    """List what each recipient got of one person, own reads included."""
    return (
        "SELECT recipient, kind, bool_or(staff), relation, shape, bit_or(mask), count(DISTINCT response), epoch_ms(min(seen_at)), epoch_ms(max(seen_at)) "
        f"FROM disclosed WHERE {IN_WINDOW} AND subject = $person GROUP BY recipient, kind, relation, shape ORDER BY 8, 1, 5"
    )


def sent_to_each() -> str:
    """List which fields of others each recipient was sent, by shape."""
    return (
        "SELECT recipient, min(kind), shape, bit_or(mask), count(DISTINCT response), count(DISTINCT subject) AS people "
        f"FROM disclosed WHERE {IN_WINDOW} AND relation <> {SELF} GROUP BY recipient, shape ORDER BY people DESC, 1 NULLS LAST, 3"
    )


def compared() -> str:
    """Count people exposed in one of two stretches, or in both."""
    before = "($since IS NULL OR seen_at >= $since) AND ($until IS NULL OR seen_at < $until)"
    after = "($since2 IS NULL OR seen_at >= $since2) AND ($until2 IS NULL OR seen_at < $until2)"
    return (
        "SELECT count(*) FILTER (b AND NOT a), count(*) FILTER (a AND b), count(*) FILTER (a AND NOT b) FROM ("
        f"SELECT bool_or({before}) AS a, bool_or({after}) AS b FROM disclosed JOIN combos USING (shape, mask) "
        f"WHERE relation = {OTHER} AND subject IS NOT NULL GROUP BY subject)"
    )


MEETINGS = f"SELECT DISTINCT recipient, credential, address {NOT_OWN} AND recipient IS NOT NULL"
"""Who came with which credential from which address."""


def sweeps() -> str:
    """Measure each session's reading of each endpoint: breadth, numbers asked for, steps to the next number, and the busiest minute."""
    return f"""
WITH seen AS (
  SELECT s.session AS session, e.endpoint AS endpoint, response, any_value(seen_at) AS seen_at, any_value(place) AS place,
         any_value(credential) AS credential, any_value(address) AS address, list(DISTINCT subject) AS people
  FROM disclosed JOIN combos USING (shape, mask) JOIN session s ON s.recipient = disclosed.recipient JOIN shape_endpoint e USING (shape)
  WHERE {IN_WINDOW} AND relation <> {SELF} GROUP BY ALL),
steps AS (
  SELECT *, abs(place - lag(place) OVER (PARTITION BY session, endpoint ORDER BY seen_at, response)) = 1 AS step,
         count(*) OVER (PARTITION BY session, endpoint, date_trunc('minute', seen_at::TIMESTAMP)) AS in_minute
  FROM seen)
SELECT session, endpoint, count(*), len(list_distinct(flatten(list(people)))) AS n_people, count(DISTINCT place), count(*) FILTER (step),
       max(in_minute) FILTER (seen_at IS NOT NULL), count(DISTINCT credential), count(DISTINCT address), epoch_ms(min(seen_at)), epoch_ms(max(seen_at))
FROM steps GROUP BY session, endpoint ORDER BY n_people DESC, 3 DESC
"""


def people_one_by_one(n_blocks: int) -> str:
    """List people with the groups that they are in, for the step that looks up where to reach them."""
    return (
        f"SELECT subject, {ors(f'relation = {OTHER}', 'sure', n_blocks)}, {ors('true', 'possible', n_blocks)} {NOT_OWN} AND subject IS NOT NULL "
        "GROUP BY subject"
    )


def names_of(people: str) -> str:
    """List the pseudonyms by which people of a table are known, alias or not."""
    return (
        "SELECT DISTINCT links.member, coalesce(alias.person, root) AS person FROM links LEFT JOIN alias ON root = alias.member "
        f"WHERE coalesce(alias.person, root) IN (SELECT person FROM {people})"
    )
