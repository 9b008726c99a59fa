"""Which members go from a response, and the masker for exactly those, made once."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from stanch.contain.graphql import followed
from stanch.contain.masker import Masker, masker
from stanch.contain.path import compile_paths, stronger
from stanch.contain.policy import Rule
from stanch.kernel import Engine
from stanch.traffic.body.graphql import Operation

MAX_MASKERS = 512


@dataclass(slots=True)
class Maskers:
    """Maskers by what they do; made when first needed. One engine and one key for the process."""

    key: bytes
    """For hashes; at least 16 random bytes, kept as long as equal values should stay equal."""
    engine: Engine = "auto"
    _known: dict[tuple[tuple[str, str], ...], Masker] = field(default_factory=dict)

    def get(self, actions: dict[str, str]) -> Masker:
        key = tuple(sorted(actions.items()))
        found = self._known.get(key)
        if found is None:
            if len(self._known) >= MAX_MASKERS:
                self._known.clear()
            found = self._known[key] = masker(compile_paths(actions), self.key, engine=self.engine)
        return found


def fits(rule: Rule, status: int, content_type: str) -> bool:
    """Tell whether a rule that met the request also means this response."""
    if rule.match is None:
        return False
    if rule.match.statuses and not any(first <= status <= last for first, last in rule.match.statuses):
        return False
    return not rule.match.content_types or type_fits(rule.match.content_types, content_type)


def type_fits(wanted: tuple[str, ...], content_type: str) -> bool:
    given = content_type.partition(";")[0].strip().lower()
    family = f"{given.partition('/')[0]}/*"
    return not given or given in wanted or family in wanted


def actions_of(rules: Iterable[Rule], operations: Iterable[Operation] = ()) -> dict[str, str]:
    """Join what the rules do to the body; where two meet, dropping wins over masking."""
    found: dict[str, str] = {}
    for rule in rules:
        for mask in rule.masks:
            if mask.where == "response.body":
                found[mask.path] = stronger(found.get(mask.path), mask.kind) or mask.kind
        found |= {drop.path: "drop" for drop in rule.drops if drop.where == "response.body"}
    return followed(found, operations) if operations else found


def header_actions_of(rules: Iterable[Rule]) -> dict[str, str]:
    found: dict[str, str] = {}
    for rule in rules:
        found |= {mask.path: mask.kind for mask in rule.masks if mask.where == "response.header"}
        found |= {drop.path: "drop" for drop in rule.drops if drop.where == "response.header"}
    return found
