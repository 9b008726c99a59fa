"""What traffic showed below one host: a tree of segments, with what each path answered.

Order-free, mergeable and bounded: too many words at one place become one branch, whatever order they came in.
"""

from collections import Counter
from dataclasses import dataclass, field

from stanch.inventory.segment import affixed
from stanch.inventory.vocabulary import is_reserved

MAX_SIBLINGS = 1000
"""More different words at one place are values: they are kept as one."""
MAX_SHAPES = 24
"""Shapes kept per method and class of status: the numerically least, so that order does not matter."""

Answer = tuple[str, int]
"""A method and a class of status: 2 for 200 to 299."""


@dataclass(slots=True)
class Branch:
    """A node of the tree: what was answered here, and the segments below."""

    children: dict[str, "Branch"] = field(default_factory=dict)
    answers: dict[Answer, Counter[int]] = field(default_factory=dict)
    """Shapes with their counts; 0 stands for an answer without a document."""
    n_words: Counter[str] = field(default_factory=Counter)
    """By what they would become: the number of children that may be values."""

    def child(self, part: str) -> "Branch":
        """Give the branch for a segment, folding the words here into one where there are too many."""
        found = self.children.get(part)
        if found is not None:
            return found
        whole = "" if "{" in part and "{word}" not in part else folded_mark(part)
        if whole and whole != part and whole in self.children:
            return self.children[whole]
        found = self.children.setdefault(part, Branch())
        if whole:
            self.n_words[whole] += 1
            if part == whole or self.n_words[whole] > MAX_SIBLINGS:
                return self.collapse(whole)
        return found

    def collapse(self, whole: str) -> "Branch":
        """Fold all words that become ``whole``; the result depends on the set of words only."""
        into = self.children.setdefault(whole, Branch())
        for part in [part for part in self.children if part != whole and folded_mark(part) == whole]:
            into.merge(self.children.pop(part))
        return into

    def count(self, answer: Answer, shapes: Counter[int]) -> None:
        mine = self.answers.setdefault(answer, Counter())
        mine.update(shapes)
        for shape in sorted(mine)[MAX_SHAPES:]:
            del mine[shape]

    def merge(self, other: "Branch") -> None:
        for answer, shapes in other.answers.items():
            self.count(answer, shapes)
        for part, branch in other.children.items():
            self.child(part).merge(branch)


def folded_mark(part: str) -> str:
    """Name what a word becomes where there are too many: ``{word}`` with the route's own affixes; empty for what stays."""
    if "{word}" in part:
        return part
    if "{" in part or part == "/" or is_reserved(part):
        return ""
    pre, _, post = affixed(part)
    return f"{pre}{{word}}{post}"
