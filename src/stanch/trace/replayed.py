"""Compare what a service answered before with what it answers now: leaking fields gone, everything else the same.

Compares meaning, not bytes: members in any order, numbers by value; what time or chance makes (stamps, random ids, fresh tokens) may differ.
Holds paths and counts; no value leaves it.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from stanch.traffic.document import Pairs

VOLATILE = re.compile(
    r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d.*|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|[0-9a-f]{16,}|[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}",
    re.IGNORECASE,
)
"""Stamps, UUIDs, long hexadecimal strings, JSON web tokens."""
CLOSE = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    kind: str
    """``gone``, ``left``, ``removed``, ``added``, ``retyped``, ``changed``, ``status``, ``unanswered``."""
    endpoint: str
    path: str
    n: int


@dataclass(slots=True)
class Comparison:
    """Mergeable: counts of differences by kind, endpoint and path."""

    leaking: Mapping[str, tuple[re.Pattern[str], ...]] = field(default_factory=dict)
    """Endpoint to the paths that must be gone."""
    n_exchanges: int = 0
    n_same: int = 0
    counts: Counter[tuple[str, str, str]] = field(default_factory=Counter)

    def add(self, endpoint: str, before: tuple[int, object], after: tuple[int, object] | None) -> None:
        """Compare one exchange; ``None`` where the service gave no answer."""
        self.n_exchanges += 1
        if after is None:
            self.counts["unanswered", endpoint, ""] += 1
            return
        found = [("status", "")] if before[0] != after[0] else list(self.judged(endpoint, before[1], after[1]))
        self.n_same += not any(kind != "gone" for kind, _ in found)
        for kind, path in found:
            self.counts[kind, endpoint, path] += 1

    def judged(self, endpoint: str, before: object, after: object) -> Iterator[tuple[str, str]]:
        patterns = self.leaking.get(endpoint, ())
        for kind, path in differences(before, after, "$"):
            leaks = any(p.fullmatch(path) or p.match(f"{path}.") for p in patterns)
            yield ("gone" if leaks and kind == "removed" else kind), path
        yield from (("left", path) for path in sorted(set(paths(after, "$"))) if any(p.fullmatch(path) for p in patterns))

    def merge(self, other: "Comparison") -> None:
        self.n_exchanges += other.n_exchanges
        self.n_same += other.n_same
        self.counts.update(other.counts)

    @property
    def differences(self) -> tuple[Difference, ...]:
        rows = (Difference(kind=k, endpoint=e, path=p, n=n) for (k, e, p), n in self.counts.items())
        return tuple(sorted(rows, key=lambda d: (ORDER.index(d.kind), d.endpoint, d.path)))

    @property
    def is_mended(self) -> bool:
        """Tell whether what leaks is gone and nothing else differs."""
        return not any(kind != "gone" for kind, _, _ in self.counts)


ORDER = ("left", "status", "unanswered", "removed", "added", "retyped", "changed", "gone")


def leak_patterns(findings: Mapping[str, list[str]]) -> dict[str, tuple[re.Pattern[str], ...]]:
    return {endpoint: tuple(map(pattern, listed)) for endpoint, listed in findings.items()}


def pattern(path: str) -> re.Pattern[str]:
    """Compile a finding's path; ``[~]`` stands for any member."""
    text = re.escape(path).replace(re.escape("[~]"), r"(?:\.[^.\[\]]+|\[\*\])")
    return re.compile(text)


def members(value: object) -> dict[str, object] | None:
    if isinstance(value, Pairs):
        return dict(value)
    return value if isinstance(value, dict) else None


def differences(before: object, after: object, path: str) -> Iterator[tuple[str, str]]:
    """Give the differences of two trees by path; array elements are compared in order, under ``[*]``."""
    a, b = members(before), members(after)
    if a is not None and b is not None:
        yield from (("removed", f"{path}.{k}") for k in a if k not in b)
        yield from (("added", f"{path}.{k}") for k in b if k not in a)
        for key in a:
            if key in b:
                yield from differences(a[key], b[key], f"{path}.{key}")
    elif isinstance(before, list) and isinstance(after, list):
        if len(before) != len(after):
            yield "changed", f"{path}[*]"
        for x, y in zip(before, after, strict=False):
            yield from differences(x, y, f"{path}[*]")
    elif kind_of(before) != kind_of(after):
        yield "retyped", path
    elif not same(before, after):
        yield "changed", path


def kind_of(value: object) -> str:
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, (int, float)):
        return "number"
    return "object" if members(value) is not None else type(value).__name__


def same(before: object, after: object) -> bool:
    if isinstance(before, float) or isinstance(after, float):
        return isinstance(before, (int, float)) and isinstance(after, (int, float)) and abs(before - after) <= CLOSE * max(abs(before), abs(after), 1)
    if isinstance(before, str) and isinstance(after, str) and VOLATILE.fullmatch(before) and VOLATILE.fullmatch(after):
        return True
    return before == after


def paths(value: object, path: str) -> Iterator[str]:
    inner = members(value)
    if inner is not None:
        for key, one in inner.items():
            yield f"{path}.{key}"
            yield from paths(one, f"{path}.{key}")
    elif isinstance(value, list):
        for one in value:
            yield from paths(one, f"{path}[*]")
