"""Which segments are parameters: siblings are weighed by form, likeness of answers, number, place, and as values seen.

Every piece of evidence has a weight in ``W``; a segment is a parameter when its own weight and its group's exceed nought.
Decides from the tree alone, from the root down; the order in which the tree was filled does not matter.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from math import log2

from stanch.inventory.profile import Profile, compare, generic_shapes, profile, union
from stanch.inventory.route import PEOPLE, Parameter, RouteNode, is_plural, mark_of
from stanch.inventory.segment import affixed, segment_kind
from stanch.inventory.tree import Branch
from stanch.inventory.value import digest
from stanch.inventory.vocabulary import VERBS, commonness, is_action, is_lower_camel, is_reserved


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """Set on the tuning half of ``bench/endpoints``."""

    bias: float = -3.4
    per_doubling: float = 1.3
    """For each doubling of the number of alike siblings."""
    with_sure: float = 3.0
    """Answers like the siblings that surely are values."""
    seen: float = 3.8
    """A response named something by it."""
    group_seen: float = 1.5
    slug: float = 2.2
    mixed: float = 1.5
    digits: float = 0.7
    common: float = -4.5
    """A word that APIs use for themselves."""
    after_plural: float = 1.0
    after_people: float = 2.0
    """After a noun for people: what follows is seldom a word of the API that the vocabulary does not know."""
    after_selector: float = 2.0
    after_scaffold: float = -3.0
    """After ``api``, a version or the root."""
    after_parameter: float = -1.0
    bare: float = -2.2
    """Nothing came back by which to tell."""
    generic: float = -0.6
    answered: float = 0.4
    """The path before answers, as collections do."""
    unanswered: float = -0.8
    after_action: float = -1.0
    unseen_group: float = -1.0
    """No response named anything by any of several."""
    plural: float = -2.0
    lower_camel: float = -1.5
    bare_sure: float = -1.0
    unseen: float = -1.5
    """No response named anything by it, though by most of the others."""
    sub_noun: float = -2.0
    """It also stands after a parameter, as the names of sub-resources do."""
    action: float = -5.0
    """The name of a procedure."""
    elsewhere: float = 2.0
    """A value of a parameter at another place of this API."""
    noun_elsewhere: float = 1.5
    """After a noun that parameters follow at another place."""
    stranger: float = 1.2
    """Beside a parameter, with nothing that speaks against being one of its values."""


ROUNDS = 2
"""How often the parameters found are taken as evidence for others."""


W = Weights()
SELECTORS = frozenset(
    """
    alias by code codes country handle id ids key lang locale name names slug slugs symbol tag tags type username usernames
    """.split()  # noqa: SIM905 -- a table of words reads best as text
)
MAX_GROUPS = 60
"""Different kinds of answers compared at one place; what comes after stays literal."""


MAX_SUB_NOUNS = 12


@dataclass(slots=True)
class Group:
    """Siblings that answer alike."""

    parts: list[str] = field(default_factory=list)
    seen: Profile = field(default_factory=dict)
    weak: bool = True
    """No two agreed by a shape of a document."""
    generic: bool = True


def fold(root: Branch, values: frozenset[int]) -> RouteNode:
    """Decide the parameters of one host's tree."""
    generic = generic_shapes(root)
    subs = sub_nouns(root)
    known: set[str] = set()
    nouns: set[str] = set()
    for _ in range(ROUNDS):
        folding = _Folding(generic, values, frozenset(known), frozenset(nouns), subs)
        folding.node([root], ())
        known, nouns = folding.found_values, folding.found_nouns
    return _Folding(generic, values, frozenset(known), frozenset(nouns), subs).node([root], ())


@dataclass(slots=True)
class _Folding:
    generic: frozenset[int]
    values: frozenset[int]
    known: frozenset[str]
    """Words that were values in the round before."""
    nouns: frozenset[str]
    """Words after which there was a parameter in the round before."""
    sub_nouns: frozenset[str] = frozenset()
    """Plain words that follow a sure value somewhere."""
    found_values: set[str] = field(default_factory=set)
    found_nouns: set[str] = field(default_factory=set)

    def node(self, branches: list[Branch], above: tuple[str, ...]) -> RouteNode:
        children: dict[str, list[Branch]] = defaultdict(list)
        for branch in branches:
            for part, child in branch.children.items():
                children[part].append(child)
        route = RouteNode(answered=any(branch.answers for branch in branches))
        for group in self.parameters(children, above, W.answered if route.answered else W.unanswered):
            merged = [branch for part in group for branch in children.pop(part)]
            self.learn(group, above)
            pre, mark, post = mark_of(group)
            kinds = frozenset(segment_kind(affixed(part).stem) if "{" not in part else part.split("{", 1)[1].split("}", 1)[0] for part in group)
            route.parameters.append(Parameter(pre, post, mark, kinds, self.node(merged, (*above, f"{pre}{{{mark}}}{post}"))))
        for part, found in sorted(children.items()):
            route.literals[part] = self.node(found, (*above, part))
        return route

    def learn(self, group: list[str], above: tuple[str, ...]) -> None:
        self.found_values.update(part for part in group if "{" not in part)
        if above and "{" not in above[-1]:
            self.found_nouns.add(above[-1])

    def parameters(self, children: dict[str, list[Branch]], above: tuple[str, ...], place: float) -> list[list[str]]:
        """Find the sets of siblings that are one parameter each."""
        by_affix: dict[tuple[str, str], list[str]] = defaultdict(list)
        for part in sorted(children):
            if part != "/" and not is_reserved(part):
                pre, _, post = ends(part)
                by_affix[pre, post].append(part)
        return [group for parts in by_affix.values() for group in self.among(parts, children, above, place + place_weight(above))]

    def among(self, parts: list[str], children: dict[str, list[Branch]], above: tuple[str, ...], place: float) -> list[list[str]]:
        profiles = {part: profile(children[part]) for part in parts}
        marks = [part for part in parts if "{" in part]
        groups = self.gather(marks, profiles, lenient=True)
        n_sure = len(groups)
        groups = self.gather([part for part in parts if "{" not in part], profiles, lenient=False, groups=groups)
        taken = [self.accepted(group, above, place, sure=number < n_sure) for number, group in enumerate(groups)]
        found = [group for group in taken if group]
        if found:
            self.add_strangers(found, [p for p in parts if not any(p in group for group in found)], profiles, above, place)
        return found

    def add_strangers(self, found: list[list[str]], rest: list[str], profiles: dict[str, Profile], above: tuple[str, ...], place: float) -> None:
        """Give the greatest parameter what stands beside it, where the form speaks for that and no answer against it."""
        greatest = max(found, key=lambda group: (len(group), group))
        seen: Profile = {}
        for part in greatest:
            seen = union(seen, profiles[part])
        for part in rest:
            if not compare(seen, profiles[part], self.generic).n_disagree and W.bias + W.stranger + place + self.own_weight(part, above) > 0:
                greatest.append(part)
        greatest.sort()

    def gather(self, parts: list[str], profiles: dict[str, Profile], *, lenient: bool, groups: list[Group] | None = None) -> list[Group]:
        """Put every sibling to the first group whose answers its own are like."""
        groups = groups if groups is not None else []
        # the best known first: they have most to compare by
        for part in sorted(parts, key=lambda p: (-len(profiles[p]), p)):
            found = next((group for group in groups if self.joins(group, profiles[part], lenient=lenient)), None)
            if found is None:
                if len(groups) >= MAX_GROUPS:
                    continue
                found = Group()
                groups.append(found)
            found.parts.append(part)
            found.seen = union(found.seen, profiles[part])
        return groups

    def joins(self, group: Group, its: Profile, *, lenient: bool) -> bool:
        likeness = compare(group.seen, its, self.generic)
        if likeness.fits:
            group.weak = False
            group.generic = group.generic and not likeness.n_agree
            return True
        return (lenient and not likeness.n_disagree) or likeness.weakly

    def accepted(self, group: Group, above: tuple[str, ...], place: float, *, sure: bool) -> list[str]:
        """Keep the members of a group that are values."""
        words = [part for part in group.parts if "{" not in part]
        marks = [part for part in group.parts if "{" in part]
        weight = self.group_weight(group, words, place, sure=sure)
        unseen = W.unseen if len(words) >= 4 and 2 * sum(map(self.is_seen, words)) > len(words) else 0.0
        own = {part: self.own_weight(part, above) + (0 if self.is_seen(part) else unseen) for part in words}
        return sorted(marks + [part for part in words if weight + own[part] > 0])

    def group_weight(self, group: Group, words: list[str], place: float, *, sure: bool) -> float:
        n_like = sum(1 - 0.75 * commonness(part) for part in words)
        weight = W.bias + W.per_doubling * log2(max(n_like, 1)) + place
        if sure:
            weight += W.with_sure + (W.bare_sure if group.weak else 0)
        elif group.weak:
            weight += W.bare
        if group.generic and not group.weak:
            weight += W.generic
        n_seen = sum(self.is_seen(part) for part in words)
        if self.values and not n_seen and len(words) >= 4 and not group.weak:
            weight += W.unseen_group
        return weight + (W.group_seen if n_seen >= max(2, len(words) / 4) else 0)

    def own_weight(self, part: str, above: tuple[str, ...]) -> float:
        stem = affixed(part).stem
        kind = segment_kind(stem)
        weight = W.slug if kind == "slug" else W.mixed if kind == "mixed" else 0.0
        weight += W.plural * (kind == "word" and is_plural(stem)) + W.lower_camel * is_lower_camel(stem)
        weight += W.digits * any(c.isdigit() for c in stem)
        strange = 1 - commonness(stem)
        weight += W.action * is_action(stem) + W.elsewhere * strange * (part in self.known) + W.seen * self.is_seen(part)
        weight += W.sub_noun * (part in self.sub_nouns)
        return weight + W.common * (1 - strange) + W.noun_elsewhere * strange * bool(above and above[-1] in self.nouns)

    def is_seen(self, part: str) -> bool:
        return digest(affixed(part).stem) in self.values


def sub_nouns(root: Branch) -> frozenset[str]:
    """Find the few plain words that follow sure values."""
    found: set[str] = set()
    stack = [root]
    while stack:
        node = stack.pop()
        stack += node.children.values()
        for part, child in node.children.items():
            words = [word for word in child.children if segment_kind(word) == "word"] if "{" in part else []
            if len(words) <= MAX_SUB_NOUNS:
                found.update(words)
    return frozenset(found)


def ends(part: str) -> tuple[str, str, str]:
    if "{" not in part:
        return affixed(part)
    pre, rest = part.split("{", 1)
    stem, post = rest.split("}", 1)
    return pre, stem, post


def place_weight(above: tuple[str, ...]) -> float:
    """Say how likely a parameter is after what stands before."""
    before = above[-1] if above else ""
    if "{" in before:
        return W.after_parameter
    if not before or is_reserved(before):
        return W.after_scaffold
    if before.lower() in VERBS:
        return W.after_action
    if before.lower() in SELECTORS:
        return W.after_selector
    if before.lower() in PEOPLE:
        return W.after_people
    return W.after_plural if is_plural(before) else 0.0
