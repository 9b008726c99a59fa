"""Reading rules files: YAML bytes to checked rules, every complaint with file and line.

Decides whether files form a pack; doesn't know where they came from or what day it is.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec
import yaml

from stanch.classify.taxonomy import TAXONOMY
from stanch.errors import InputError
from stanch.law.calendar import known_calendar
from stanch.law.content import CONTENTS
from stanch.law.element import ELEMENTS
from stanch.law.rule import SCHEMA, Override, Rule, RuleFile

MAX_FILE_BYTES = 2_000_000
MAX_MEMBERS = 200_000
MAX_DEPTH = 40


@dataclass(frozen=True, kw_only=True)
class Pack:
    rules: tuple[Rule, ...]
    names: Mapping[str, str] = field(default_factory=dict)
    """Jurisdiction code to its name."""
    overrides: tuple[Override, ...] = ()

    @cached_property
    def by_id(self) -> Mapping[str, Rule]:
        return {rule.id: rule for rule in self.rules}

    def override_of(self, rule_id: str) -> Override | None:
        return next((o for o in self.overrides if o.rule == rule_id), None)

    def rule(self, rule_id: str) -> Rule:
        """Give a rule by its id.

        Raises: InputError where the pack has none.
        """
        if rule_id not in self.by_id:
            raise InputError("no rule has this id", where=rule_id, hint="stanch law show lists them")
        return self.by_id[rule_id]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Spot:
    """Where things stand in one file."""

    name: str
    lines: Mapping[str, int]

    def at(self, path: str) -> str:
        while path and path not in self.lines:
            path = path[: max(path.rfind("."), path.rfind("["), 0)]
        line = self.lines.get(path, 1)
        return f"{self.name}:{line}"


def load_pack(sources: Iterable[tuple[str, bytes]]) -> Pack:
    """Read rules files into one pack.

    Raises: InputError with file and line of the first offence.
    """
    parsed = [_parse(name, data) for name, data in sorted(sources)]
    pack = Pack(
        rules=tuple(rule for file, _ in parsed for rule in file.rules),
        names={file.jurisdiction: file.name for file, _ in parsed},
        overrides=tuple(override for file, _ in parsed for override in file.overrides),
    )
    seen: dict[str, str] = {}
    for file, spot in parsed:
        _check_file(file, spot, pack, seen)
    return pack


def merged(pack: Pack, more: Pack) -> Pack:
    """Add an organisation's own rules and decisions to a pack."""
    return replace(pack, rules=pack.rules + more.rules, names={**pack.names, **more.names}, overrides=pack.overrides + more.overrides)


def load_own(pack: Pack, sources: Iterable[tuple[str, bytes]]) -> Pack:
    """Read an organisation's files on top of a pack: contract clocks, insurer clocks, overrides with a reason."""
    parsed = [_parse(name, data) for name, data in sorted(sources)]
    own = Pack(
        rules=tuple(rule for file, _ in parsed for rule in file.rules),
        names={file.jurisdiction: file.name for file, _ in parsed if file.jurisdiction not in pack.names},
        overrides=tuple(override for file, _ in parsed for override in file.overrides),
    )
    both = merged(pack, own)
    seen = dict.fromkeys(pack.by_id, "the packaged rules")
    for file, spot in parsed:
        _check_file(file, spot, both, seen)
    return both


def _parse(name: str, data: bytes) -> tuple[RuleFile, _Spot]:
    if len(data) > MAX_FILE_BYTES:
        raise InputError(f"is larger than {MAX_FILE_BYTES} bytes", where=name, hint="split it by jurisdiction")
    value, lines = _yaml(name, data)
    spot = _Spot(name=name, lines=lines)
    if not isinstance(value, dict) or value.get("schema") != SCHEMA:
        raise InputError(f"is not a rules file: 'schema' must be {SCHEMA}", where=spot.at("$.schema"))
    try:
        file = msgspec.convert(value, RuleFile)
    except msgspec.ValidationError as error:
        says, _, place = str(error).partition(" - at ")
        path = place[place.find("$") :].rstrip("`") if "$" in place else "$"
        raise InputError(says[:1].lower() + says[1:], where=spot.at(path), hint="docs/law.md describes rules files") from error
    rules = tuple(_placed(rule, file) for rule in file.rules)
    return msgspec.structs.replace(file, rules=rules), spot


def _placed(rule: Rule, file: RuleFile) -> Rule:
    return msgspec.structs.replace(rule, jurisdiction=rule.jurisdiction or file.jurisdiction, zone=rule.zone or file.zone)


def _yaml(name: str, data: bytes) -> tuple[Any, dict[str, int]]:
    lines: dict[str, int] = {}
    try:
        loader = yaml.CSafeLoader(data)
        node = loader.get_single_node()
        if node is not None:
            _mark_lines(node, "$", lines)
        value = loader.construct_document(node) if node is not None else None
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f"{name}:{mark.line + 1}" if mark else name
        raise InputError("is not YAML", where=where, hint="check indentation and quotes there") from error
    return value, lines


def _mark_lines(node: yaml.Node, path: str, lines: dict[str, int]) -> None:
    """Note where each member stands.

    Raises: ValueError where aliases make the tree endless or blow it up.
    """
    if len(lines) > MAX_MEMBERS or path.count(".") + path.count("[") > MAX_DEPTH:
        raise ValueError("too many or too deep")
    lines[path] = node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            _mark_lines(value, f"{path}.{key.value}", lines)
            lines[f"{path}.{key.value}"] = key.start_mark.line + 1
    elif isinstance(node, yaml.SequenceNode):
        for index, value in enumerate(node.value):
            _mark_lines(value, f"{path}[{index}]", lines)


def _check_file(file: RuleFile, spot: _Spot, pack: Pack, seen: dict[str, str]) -> None:
    for index, rule in enumerate(file.rules):
        path = f"$.rules[{index}]"
        if rule.id in seen:
            raise InputError(f"the id '{rule.id}' is already in {seen[rule.id]}", where=spot.at(f"{path}.id"))
        seen[rule.id] = spot.name
        for says, part in _problems(rule, pack):
            raise InputError(f"{says} in rule '{rule.id}'", where=spot.at(f"{path}.{part}"))
    for index, override in enumerate(file.overrides):
        if override.rule not in pack.by_id:
            raise InputError(f"no rule '{override.rule}' to override", where=spot.at(f"$.overrides[{index}].rule"))


def _problems(rule: Rule, pack: Pack) -> Iterable[tuple[str, str]]:
    yield from _unknown_words(rule)
    for order in rule.order:
        if order.rule not in pack.by_id:
            yield f"'{order.rule}' names no rule", "order"
    for calendar in {rule.clock.calendar, *(r.calendar for r in rule.clock.readings if r.calendar)}:
        if not known_calendar(calendar):
            yield f"no calendar '{calendar}' is known", "clock"
    if not _known_zone(rule.zone):
        yield f"no time zone '{rule.zone}' is known", "zone"
    if rule.clock.n is None and not rule.clock.words:
        yield "the clock has neither a number nor words", "clock"
    if rule.clock.n is not None and rule.clock.n <= 0:
        yield "a period must be positive", "clock"


def _unknown_words(rule: Rule) -> Iterable[tuple[str, str]]:
    elements = {*rule.trigger.elements, *(e for combo in rule.trigger.combos for e in combo), *rule.threshold.or_elements}
    elements |= {e for remedy in rule.remedies for e in remedy.elements}
    for element in sorted(elements):
        if element not in ELEMENTS and element not in TAXONOMY:
            yield f"no kind of data is called '{element}'", "trigger"
    for content in (*rule.contents, *rule.must_not):
        if content not in CONTENTS:
            yield f"no content is called '{content}'", "contents"
    both = set(rule.contents) & set(rule.must_not)
    if both:
        yield f"'{min(both)}' is both required and forbidden", "must_not"


def _known_zone(zone: str) -> bool:
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True
