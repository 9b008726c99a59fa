"""What the routes below a segment answer: the evidence by which siblings are compared.

Two values of one parameter have the same routes below them, and the same route answers in the same shape.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from stanch.inventory.shape import alike
from stanch.inventory.tree import Branch
from stanch.inventory.vocabulary import commonness, is_reserved

MAX_LEVELS = 4
MAX_ROUTES = 200

Route = tuple[str, str]
"""The way below (literals by name, all else ``*``) and the method."""
Profile = dict[Route, frozenset[int]]
"""The shapes of good answers; empty where there was none, or none with a document."""


@dataclass(frozen=True, slots=True)
class Likeness:
    n_agree: int = 0
    n_agree_generic: int = 0
    """Agreements by a shape that the whole API uses."""
    n_disagree: int = 0
    n_bare: int = 0
    """Routes in common that tell nothing by shape."""

    @property
    def fits(self) -> bool:
        agree = self.n_agree + self.n_agree_generic
        return agree > 0 and agree >= 2 * self.n_disagree

    @property
    def weakly(self) -> bool:
        return self.n_bare > 0 and not self.n_disagree


def profile(branches: Iterable[Branch], level: int = 0, way: str = "") -> Profile:
    """List what is answered at and below some branches that count as one."""
    found: dict[Route, set[int]] = {}
    for branch in branches:
        for (method, status), shapes in branch.answers.items():
            good = found.setdefault((way, method), set())
            if status < 4:
                good.update(shape for shape in shapes if shape)
        if level < MAX_LEVELS:
            for part in sorted(branch.children)[:MAX_ROUTES]:
                for route, shapes_below in profile([branch.children[part]], level + 1, f"{way}/{wild(part)}").items():
                    found.setdefault(route, set()).update(shapes_below)
    return {route: frozenset(found[route]) for route in sorted(found)[:MAX_ROUTES]}


def wild(part: str) -> str:
    """Keep a segment that is a word of the API; all else may be a value."""
    if part == "/" or is_reserved(part) or ("{" not in part and commonness(part) == 1.0):
        return part.lower()
    return "*"


def compare(one: Profile, other: Profile, generic: frozenset[int]) -> Likeness:
    agree = agree_generic = disagree = bare = 0
    for route, shapes in one.items():
        theirs = other.get(route)
        if theirs is None:
            continue
        if not shapes or not theirs:
            bare += 1
        elif shapes - generic and not (shapes - generic).isdisjoint(theirs):
            agree += 1
        elif any(alike(a, b) for a in sorted(shapes)[:8] for b in sorted(theirs)[:8]):
            special = any(alike(a, b) for a in sorted(shapes - generic)[:8] for b in sorted(theirs - generic)[:8])
            agree, agree_generic = agree + special, agree_generic + (not special)
        else:
            disagree += 1
    return Likeness(agree, agree_generic, disagree, bare)


def union(one: Profile, other: Profile) -> Profile:
    return {route: one.get(route, frozenset()) | other.get(route, frozenset()) for route in one.keys() | other.keys()}


def generic_shapes(root: Branch) -> frozenset[int]:
    """Find the shapes that stand for nothing: those with which many different routes answer."""
    ways: dict[int, set[str]] = {}
    for (way, _), shapes in profile_deep(root).items():
        for shape in shapes:
            ways.setdefault(shape, set()).add(way)
    return frozenset(shape for shape, where in ways.items() if len(where) >= MANY_WAYS)


MANY_WAYS = 4


def profile_deep(root: Branch) -> Profile:
    found: dict[Route, set[int]] = {}
    stack: list[tuple[str, Branch]] = [("", root)]
    while stack:
        way, branch = stack.pop()
        for (method, status), shapes in branch.answers.items():
            if status < 4:
                found.setdefault((way, method), set()).update(shape for shape in shapes if shape)
        stack += [(f"{way}/{wild(part)}", child) for part, child in branch.children.items()]
    return {route: frozenset(shapes) for route, shapes in found.items()}
