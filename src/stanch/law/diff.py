"""What changed between two rules packs, member by member: what a reviewer signs off."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

import msgspec

from stanch.law.pack import Pack
from stanch.law.rule import Rule


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    kind: Literal["added", "removed", "changed"]
    rule_id: str
    member: str = ""
    old: str = ""
    new: str = ""

    @property
    def line(self) -> str:
        if self.kind == "changed":
            return f"~ {self.rule_id} {self.member}: {self.old} -> {self.new}"
        return f"{'+' if self.kind == 'added' else '-'} {self.rule_id}"


def diff(old: Pack, new: Pack) -> tuple[Change, ...]:
    """Give every rule added, removed or changed, by id."""
    changes: list[Change] = []
    for rule_id in sorted({*old.by_id, *new.by_id}):
        before, after = old.by_id.get(rule_id), new.by_id.get(rule_id)
        if before is None or after is None:
            changes.append(Change(kind="added" if before is None else "removed", rule_id=rule_id))
        else:
            changes += _changed(before, after)
    return tuple(changes)


def _changed(before: Rule, after: Rule) -> Iterable[Change]:
    old, new = _flat(msgspec.to_builtins(before)), _flat(msgspec.to_builtins(after))
    for member in sorted({*old, *new}):
        if old.get(member) != new.get(member):
            yield Change(kind="changed", rule_id=before.id, member=member, old=_show(old.get(member)), new=_show(new.get(member)))


def _flat(value: Any, path: str = "") -> dict[str, Any]:  # noqa: ANN401 -- a tree of plain data
    if isinstance(value, dict):
        return {key: leaf for name, inner in value.items() for key, leaf in _flat(inner, f"{path}.{name}".lstrip(".")).items()}
    return {path: value}


def _show(value: Any) -> str:  # noqa: ANN401 -- a leaf of plain data
    return "nothing" if value in (None, [], "") else msgspec.json.encode(value).decode()
