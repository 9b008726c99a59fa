"""Filling the fact sheet: what people state, what a matrix and its clocks say, and a sheet as plain data.

Statements come from a file that names who said it and when; a key that no document knows is refused.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from typing import Any, Literal

import msgspec
import yaml

from stanch.errors import InputError
from stanch.law.export import due_text
from stanch.law.fact import Confidence, Fact, FactSheet, Kind, Query, Statement, sheet_of
from stanch.law.key import KEYS, kind_of
from stanch.law.matrix import Matrix
from stanch.law.rule import Anchor
from stanch.law.wall import Tick

STATEMENTS = "stanch.statements/1"
FACTS = "stanch.facts/1"
N_CLOCKS = 5
_ANCHORS: Mapping[str, Anchor] = {"aware_at": "aware", "discovered_at": "discovered"}


class Stated(msgspec.Struct, forbid_unknown_fields=True, kw_only=True, frozen=True):
    key: str
    value: str | int | bool | list[str]
    by: str = ""
    at: datetime | None = None
    language: str = ""
    confidence: Confidence = "stated"
    zone: str = ""


class StatementFile(msgspec.Struct, forbid_unknown_fields=True, kw_only=True, frozen=True):
    schema: Literal["stanch.statements/1"]
    by: str
    """Who vouches for all that does not name someone else."""
    at: datetime
    zone: str = "UTC"
    statements: tuple[Stated, ...]


def to_state(missing: Iterable[str], *, now: datetime) -> str:
    """Write a statements file to fill in: what documents still wait for, with what is asked."""
    lines = [f"schema: {STATEMENTS}", "by: ''        # who vouches for these", f"at: {now.isoformat(timespec='seconds')}", "statements:"]
    for key in sorted(missing):
        kind, says = KEYS.get(key, (kind_of(key), ""))
        lines.append(f"  # - {{key: {key}, value: {_BLANK.get(kind or '', repr(''))}}}  # {says or kind}")
    return "\n".join([*lines, ""])


_BLANK = {"flag": "false", "count": "0", "list": "['']", "datatypes": "[]", "instant": "'2026-01-31T10:00+01:00'"}


def read_statements(name: str, data: bytes) -> tuple[Fact, ...]:
    """Read a statements file.

    Raises: InputError that names the file and the fact.
    """
    try:
        file = msgspec.convert(_plain(yaml.load(data, Loader=yaml.CSafeLoader)), StatementFile)
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        says = str(error) if isinstance(error, msgspec.ValidationError) else "is not YAML"
        raise InputError(says, where=name, hint=f"schema {STATEMENTS}, see docs/law.md") from error
    return tuple(_stated(name, file, each) for each in file.statements)


def _plain(value: Any) -> Any:  # noqa: ANN401 -- a tree of plain data
    """Write dates as text again, which YAML reads as values of their own."""
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    return value.isoformat() if isinstance(value, date) else value


def _stated(name: str, file: StatementFile, given: Stated) -> Fact:
    kind = kind_of(given.key)
    if kind is None or kind == "law":
        raise InputError(f"no fact is called '{given.key}'", where=name, hint=f"there are {', '.join(KEYS)}")
    if not (given.by or file.by).strip():
        raise InputError("nobody vouches for it", where=f"{name}, fact '{given.key}'", hint="write who states it: by: Carol")
    at = _aware(name, given.at or file.at)
    value = _value(name, given, kind)
    source = Statement(by=given.by or file.by, at=at)
    return Fact(
        key=given.key, kind=kind, value=value, source=source, confidence=given.confidence, language=given.language, zone=given.zone or file.zone
    )


def _value(name: str, given: Stated, kind: Kind) -> Any:  # noqa: ANN401 -- a value of the kind, which Fact checks
    if kind == "instant":
        return _aware(name, _parsed(given.value))
    if kind == "day":
        return _parsed(given.value).date()
    if kind in {"list", "datatypes"}:
        return tuple(given.value) if isinstance(given.value, list) else (str(given.value),)
    return given.value


def _parsed(value: object) -> datetime:
    try:
        return datetime.fromisoformat(str(value))
    except ValueError:
        return datetime.min  # noqa: DTZ901 -- naive on purpose: refused by the caller with the fact's name


def _aware(name: str, instant: datetime) -> datetime:
    if instant.tzinfo is None:
        raise InputError("a time needs its zone", where=name, hint="write '2026-11-24T16:20+01:00' in quotes")
    return instant


def matrix_facts(matrix: Matrix, *, source: str) -> Iterable[Fact]:
    """Give what a matrix knows: people, residents by place, kinds of data, events, acts and limits."""
    case = matrix.case
    query = Query(what="people affected, by residence and kinds of data", source=source)
    yield Fact(key="data_types", kind="datatypes", value=tuple(sorted(case.datatypes)), source=query, confidence="exact")
    for place, n in sorted(_places(matrix).items()):
        yield Fact(key=f"n_residents.{place}", kind="count", value=n, source=query, confidence="at_least")
    for key, anchor in _ANCHORS.items():
        if anchor in case.anchors:
            what = Query(what=f"event '{anchor}' of the case", source=source)
            yield Fact(key=key, kind="instant", value=case.anchors[anchor], source=what, confidence="exact", zone=case.entity.zone or "UTC")
    yield from _law_facts(matrix)


def _places(matrix: Matrix) -> dict[str, int]:
    counts: dict[str, int] = {}
    for group in matrix.case.groups:
        if group.residence:
            counts[group.residence] = counts.get(group.residence, 0) + group.n_people
    return counts


def _law_facts(matrix: Matrix) -> Iterable[Fact]:
    for row in matrix.rows:
        rule, pack = row.rule, Query(what=f"rule '{row.rule.id}'", source="rules pack")
        yield Fact(key=f"law.{rule.id}", kind="law", value=f"{rule.law.section} {rule.law.act}", source=pack, confidence="exact")
        if row.deadline is not None and row.deadline.due_at is not None:
            yield Fact(key=f"due.{rule.id}", kind="instant", value=row.deadline.due_at, source=pack, confidence="exact", zone=row.deadline.zone)


def sheet_dict(sheet: FactSheet) -> dict[str, Any]:
    """Give a sheet as plain data, for JSON; names of people who state, counts, kinds, texts."""
    return {"schema": FACTS, "facts": [_fact_dict(fact) for _, fact in sorted(sheet.facts.items())]}


def _fact_dict(fact: Fact) -> dict[str, Any]:
    source = fact.source
    value = fact.value.isoformat() if isinstance(fact.value, date) else list(fact.value) if isinstance(fact.value, tuple) else fact.value
    said: dict[str, Any] = {"key": fact.key, "kind": fact.kind, "value": value, "confidence": fact.confidence}
    said |= {"language": fact.language} if fact.language else {}
    said |= {"zone": fact.zone} if fact.zone else {}
    if isinstance(source, Statement):
        return said | {"stated_by": source.by, "stated_at": source.at.isoformat()}
    return said | {"query": source.what, "source": source.source}


def read_sheet(name: str, data: bytes) -> FactSheet:
    """Read a sheet back.

    Raises: InputError where it is not one.
    """
    try:
        raw = msgspec.json.decode(data)
        if raw["schema"] != FACTS:
            raise InputError(f"is not a fact sheet: 'schema' must be {FACTS}", where=name)
        return sheet_of(_read_fact(each) for each in raw["facts"])
    except (msgspec.DecodeError, KeyError, TypeError, ValueError) as error:
        raise InputError("is not a fact sheet", where=name, hint="stanch law facts writes one") from error


def _read_fact(said: Mapping[str, Any]) -> Fact:
    kind, value = kind_of(said["key"]) or said["kind"], said["value"]
    if kind == "instant":
        value = datetime.fromisoformat(value).astimezone(UTC)
    elif kind == "day":
        value = date.fromisoformat(value)
    elif isinstance(value, list):
        value = tuple(value)
    source: Query | Statement
    if "stated_by" in said:
        source = Statement(by=said["stated_by"], at=datetime.fromisoformat(said["stated_at"]))
    else:
        source = Query(what=said["query"], source=said["source"])
    more = {"language": said.get("language", ""), "zone": said.get("zone", "")}
    return Fact(key=said["key"], kind=kind, value=value, source=source, confidence=said["confidence"], **more)


def clock_facts(ticks: Iterable[Tick], *, source: str) -> Iterable[Fact]:
    """Give the clocks that run out next, for those who must decide."""
    near = [tick for tick in ticks if tick.certain and tick.deadline.due_at is not None and tick.sent_at is None][:N_CLOCKS]
    said = tuple(f"{tick.row.rule.jurisdiction}, {tick.row.rule.title}: {due_text(tick.deadline)}" for tick in near)
    if said:
        yield Fact(key="clocks", kind="list", value=said, source=Query(what="next strict targets", source=source), confidence="exact")
