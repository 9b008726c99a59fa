"""Path templates from traffic alone: which segments are parameters.

A tree of provisional paths per host. Siblings are one parameter when what came back tells so: the same shapes of response
under enough different values. Order-free and mergeable; the tree is folded only when templates are asked for.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from stanch.inventory.router import Router, named, split
from stanch.inventory.segment import SURE, segment_kind

MIN_SIBLINGS = 3
"""Different words with one shape of response that make a parameter."""
MIN_SLUGS = 2
MANY = 40
"""So many siblings at one place are values, whatever their shapes."""

RESERVED = frozenset(
    [
        "api",
        "rest",
        "rpc",
        "v1",
        "v2",
        "v3",
        "v4",
        "public",
        "private",
        "internal",
        "admin",
        "graphql",
        "me",
        "self",
        "my",
        "search",
        "login",
        "logout",
        "signin",
        "signup",
        "signout",
        "register",
        "auth",
        "oauth",
        "oauth2",
        "token",
        "tokens",
        "refresh",
        "session",
        "sessions",
        "new",
        "create",
        "edit",
        "update",
        "delete",
        "remove",
        "list",
        "all",
        "count",
        "export",
        "import",
        "upload",
        "download",
        "feed",
        "timeline",
        "home",
        "status",
        "health",
        "healthz",
        "ping",
        "version",
        "metrics",
        "config",
        "settings",
        "preferences",
        "notifications",
        "follow",
        "unfollow",
        "followers",
        "following",
        "favorite",
        "favourite",
        "unfavorite",
        "like",
        "unlike",
        "block",
        "unblock",
        "mute",
        "unmute",
        "comments",
        "articles",
        "posts",
        "users",
        "user",
        "profile",
        "profiles",
        "account",
        "accounts",
        "password",
        "reset",
        "verify",
        "confirm",
        "activate",
        "deactivate",
        "enable",
        "disable",
        "batch",
        "bulk",
        "latest",
        "recent",
        "popular",
        "trending",
        "stats",
        "statistics",
        "summary",
        "callback",
        "webhook",
        "webhooks",
        "validate",
        "check",
        "suche",
        "buscar",
        "recherche",
        "cerca",
        "szukaj",
        "zoek",
        "mine",
        "current",
        "whoami",
        "default",
        "public_timeline",
        "bookmarks",
        "favourites",
        "lists",
        "tags",
    ]
)
"""Words that APIs use for themselves; never folded into a parameter by likeness alone."""


@dataclass(slots=True)
class PathInventory:
    """The monoid: counts of responses by (host, provisional path, method, status class, shape)."""

    seen: dict[tuple[str, str], Counter[tuple[str, int, int]]] = field(default_factory=dict)

    def add(self, host: str, method: str, provisional_path: str, status: int, shape: int | None) -> None:
        """Count one response."""
        self.seen.setdefault((host, provisional_path), Counter())[method, status // 100, shape or 0] += 1

    def merge(self, other: "PathInventory") -> None:
        for key, counts in other.seen.items():
            self.seen.setdefault(key, Counter()).update(counts)

    def templates(self, overrides: Sequence[str] = ()) -> Router:
        """Fold the trees and name the parameters.

        Cost: linear in the number of distinct provisional paths times their length.
        """
        learned: dict[tuple[str, str], str] = {}
        for host in sorted({host for host, _ in self.seen}):
            root = Branch()
            for (its_host, path), counts in sorted(self.seen.items(), key=lambda item: item[0]):
                if its_host == host:
                    root.insert(split(path), path, counts)
            for path, parts in root.fold(()):
                learned[host, path] = named(parts, path)
        return Router(given=tuple(overrides), learned=learned)


Evidence = tuple[str, int, int]


@dataclass(slots=True)
class Branch:
    """A node of the tree: what was answered here, and the segments below."""

    children: dict[str, "Branch"] = field(default_factory=dict)
    answers: Counter[Evidence] = field(default_factory=Counter)
    paths: set[str] = field(default_factory=set)
    """Provisional paths that end here."""

    def insert(self, parts: tuple[str, ...], path: str, counts: Counter[Evidence]) -> None:
        node = self
        for part in parts:
            node = node.children.setdefault(part, Branch())
        node.answers.update(counts)
        node.paths.add(path)

    def absorb(self, other: "Branch") -> None:
        self.answers.update(other.answers)
        self.paths |= other.paths
        for part, child in other.children.items():
            self.children.setdefault(part, Branch()).absorb(child)

    def fold(self, above: tuple[str, ...]) -> Iterable[tuple[str, tuple[str, ...]]]:
        """Merge siblings that are values of one parameter, then go on below; yield (path, parts of the template)."""
        for group in groups(self.children, above):
            merged = Branch()
            kinds = {segment_kind(part) for part in group if not part.startswith("{")}
            for part in group:
                merged.absorb(self.children.pop(part))
            mark = "{slug}" if kinds == {"slug"} or (kinds and "slug" in kinds) else "{word}" if kinds else "{int}"
            self.children.setdefault(mark, Branch()).absorb(merged)
        for path in self.paths:
            yield path, above
        for part, child in sorted(self.children.items()):
            yield from child.fold((*above, part))

    def features(self) -> frozenset[tuple[str, str, int]]:
        """What this subtree answers, two levels deep: (suffix, method, shape) of good responses."""
        own = {("", method, shape) for (method, status, shape) in self.answers if status in {1, 2, 3}}
        below = {
            (word if not word.startswith("{") else "{}", method, shape)
            for word, child in self.children.items() for (method, status, shape) in child.answers if status in {1, 2, 3}
        }  # fmt: skip
        return frozenset(own | below)

    def suffixes(self) -> frozenset[str]:
        return frozenset("{}" if part.startswith("{") else part for part in self.children)


def groups(children: dict[str, Branch], above: tuple[str, ...]) -> list[list[str]]:
    """Find the sets of siblings that are one parameter."""
    marks = [part for part in children if part.startswith("{") and part[1:-1] in SURE]
    words = [part for part in children if not part.startswith("{") and part.lower() not in RESERVED and segment_kind(part) != "version"]
    if not above and not marks:
        words = [part for part in words if segment_kind(part) != "word"]
    found = [sorted(marks)] if len(marks) > 1 else []
    slugs = [part for part in words if segment_kind(part) in {"slug", "mixed"}]
    if len(words) >= MANY:
        return [sorted(words) + sorted(marks)]
    alike = connected(words, children)
    for group in alike:
        n_slugs = len(set(group) & set(slugs))
        if len(group) >= MIN_SIBLINGS or n_slugs >= MIN_SLUGS or (n_slugs and marks):
            found.append(sorted(group))
    if marks and found and any(m in found[0] for m in marks):
        return found
    if marks or found:
        strangers = [
            part for part in words if not children[part].features() and segment_kind(part) != "word" and not any(part in group for group in found)
        ]
        found = [*found[:-1], sorted({*found[-1], *strangers})] if found else [sorted({*marks, *strangers})] if strangers else []
    if marks:
        found = [sorted({*group, *marks}) if shares(group, marks, children) else group for group in found]
    return found


def shares(group: list[str], marks: list[str], children: dict[str, Branch]) -> bool:
    ours = frozenset().union(*(children[part].features() for part in group))
    theirs = frozenset().union(*(children[part].features() for part in marks))
    return bool(ours & theirs)


def connected(words: list[str], children: dict[str, Branch]) -> list[list[str]]:
    """Join siblings that share what they answer (a method with a shape of response), directly or through others."""
    by_feature: dict[tuple[str, str, int], list[str]] = defaultdict(list)
    for part in words:
        for feature in children[part].features():
            if feature[2]:
                by_feature[feature].append(part)
    parent = {part: part for part in words}

    def find(part: str) -> str:
        while parent[part] != part:
            part = parent[part]
        return part

    for parts in by_feature.values():
        for part in parts[1:]:
            a, b = sorted((find(parts[0]), find(part)))
            parent[b] = a
    sets: dict[str, list[str]] = defaultdict(list)
    for part in words:
        sets[find(part)].append(part)
    return [parts for _, parts in sorted(sets.items()) if len(parts) > 1 or segment_kind(parts[0]) in {"slug", "mixed"}]
