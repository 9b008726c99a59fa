"""Match a path to its template: given ones first, then those that traffic showed, then the path's own provisional form."""

import re
from dataclasses import dataclass, field

from stanch.inventory.route import RouteNode, named, taken_apart
from stanch.inventory.segment import kind_or_text, provisional

_PARAMETER = re.compile(r"\{[^{}]*\}")


@dataclass(slots=True)
class Router:
    given: tuple[str, ...] = ()
    """Templates from a contract or from the user; literal segments win over parameters."""
    learned: dict[str, RouteNode] = field(default_factory=dict)
    """By host."""
    _given: dict[int, list[tuple[str, tuple[re.Pattern[str], ...]]]] = field(default_factory=dict)
    _known: dict[tuple[str, str], str] = field(default_factory=dict)
    """Answers given before, up to ``MAX_KNOWN``."""

    def __post_init__(self) -> None:
        for template in sorted(set(self.given), key=lambda t: (t.count("{"), t)):
            parts = split(template)
            self._given.setdefault(len(parts), []).append((template, tuple(map(segment_pattern, parts))))

    def match(self, host: str, method: str, path: str) -> str:
        """Give the template of a path, provisional or not.

        All methods of a path share its template. A path never seen follows the routes known as far as they lead.
        """
        del method
        form = path if "{" in path else provisional(path)
        found = self._known.get((host, form))
        if found is None:
            found = self.find(host, form)
            if len(self._known) < MAX_KNOWN:
                self._known[host, form] = found
        return found

    def find(self, host: str, form: str) -> str:
        parts = split(form)
        for template, patterns in self._given.get(len(parts), ()):
            if all(p.fullmatch(part) for p, part in zip(patterns, parts, strict=True)):
                return template
        root = self.learned.get(host)
        return named((walk(root, parts) if root else None) or parts)


MAX_KNOWN = 1 << 16


def walk(node: RouteNode, parts: tuple[str, ...]) -> tuple[str, ...] | None:
    """Follow a path down the routes: literals before parameters, with a way back; ``None`` where no route leads."""
    if not parts:
        return () if node.answered else None
    first, rest = parts[0], parts[1:]
    if first in node.literals and (found := walk(node.literals[first], rest)) is not None:
        return (first, *found)
    if first == "/":
        return None
    pre, kind, post = taken_apart(first)
    for parameter in node.parameters_for(pre, kind, post):
        if (found := walk(parameter.below, rest)) is not None:
            return (f"{pre}{{{parameter.kind}}}{post}", *found)
    return None


def segment_pattern(part: str) -> re.Pattern[str]:
    """Compile a segment of a given template, which may have text around its parameter."""
    literals = [re.escape(text) for text in _PARAMETER.split(part)]
    pattern = ".+".join(literals)
    whole = kind_or_text(part) if "{" not in part else ""
    return re.compile(f"{pattern}|{re.escape(whole)}" if whole and whole != part else pattern)


def split(path: str) -> tuple[str, ...]:
    """Split a path into its segments; a trailing slash is a segment of its own."""
    parts = tuple(part for part in path.split("/") if part)
    return (*parts, "/") if parts and path.endswith("/") else parts
