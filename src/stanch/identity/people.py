"""Persons, as sets of identifiers that stood together.

Decides which identifiers are one person's. Short ids count within one kind of thing (``uid.user``, ``uid.driver``); two kinds are one where
the same numbers stand beside the same names and addresses. A number that stands beside several e-mail addresses identifies nobody.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable

Node = tuple[str, int]
"""An identifier of a person: its kind and its pseudonym."""

NAME = "name"
"""Kind of a node that is no identifier: it only tells whether two objects of one number are one person's."""


class People:
    """Union-find over identifiers; the root of a person is its least identifier, whatever the order of joining."""

    def __init__(self, links: Iterable[tuple[Node, ...]]) -> None:
        links = list(links)
        self.parent: dict[Node, Node] = {}
        self.kinds: dict[Node, set[str]] = {}
        self.same = same_kinds(links)
        told = [tuple(self.canon(node) for node in nodes if node[0] != NAME) for nodes in links]
        self.ambiguous = ambiguous_ids(told)
        for nodes in told:
            self.join(nodes)

    def canon(self, node: Node) -> Node:
        """Write an id in the kind under which its numbers are counted."""
        kind = self.same.get(node[0])
        if kind is None:
            return ("uid.user", node[1]) if node[0].startswith("uid.@") else node
        return kind, node[1]

    def join(self, nodes: Iterable[Node]) -> None:
        roots = sorted({self.find(node) for node in nodes if self.canon(node) not in self.ambiguous})
        for root in roots[1:]:
            self.parent[root] = roots[0]
            self.kinds[roots[0]] |= self.kinds.pop(root)

    def find(self, node: Node) -> Node:
        node = self.canon(node)
        if node not in self.parent:
            self.parent[node] = node
            self.kinds[node] = {node[0]}
        while self.parent[node] != node:
            self.parent[node] = self.parent[self.parent[node]]
            node = self.parent[node]
        return node

    def knows(self, node: Node) -> bool:
        node = self.canon(node)
        return node in self.parent and node not in self.ambiguous

    def persons(self, nodes: Iterable[Node]) -> set[Node]:
        return {self.find(node) for node in nodes if self.canon(node) not in self.ambiguous}

    def kinds_of(self, roots: Iterable[Node]) -> set[str]:
        return set().union(*(self.kinds[root] for root in roots))

    def n_persons(self) -> int:
        return len({self.find(node) for node in list(self.parent)})


def same_kinds(links: Iterable[tuple[Node, ...]]) -> dict[str, str]:
    """Find the kinds of ids that count the same things: their numbers stand beside the same names and addresses, and not beside different ones."""
    links = list(links)
    roles = parts_played({kind for nodes in links for kind, _ in nodes})
    beside: dict[int, dict[str, set[Node]]] = defaultdict(lambda: defaultdict(set))
    for nodes in links:
        for kind, value in nodes:
            if kind.startswith("uid."):
                beside[value][roles.get(kind, kind)].update(node for node in nodes if not node[0].startswith("uid"))
    agree: Counter[tuple[str, str]] = Counter()
    for by_kind in beside.values():
        kinds = sorted(by_kind)
        for number, one in enumerate(kinds):
            for other in kinds[number + 1 :]:
                agree[one, other] += compare(by_kind[one], by_kind[other])
    same = representatives([pair for pair, n in agree.items() if n > 0])
    return {**same, **{kind: same.get(of, of) for kind, of in roles.items()}}


def parts_played(kinds: set[str]) -> dict[str, str]:
    """Say whom each word that points at someone means: the members of the collection of that name, else the users."""
    pointing = [kind for kind in kinds if kind.startswith("uid.@")]
    return {kind: collection if (collection := f"uid.{kind[5:]}") in kinds else "uid.user" for kind in sorted(pointing)}


def compare(one: set[Node], other: set[Node]) -> int:
    """Say whether what stands beside one number in two places speaks for one person (1), two (-1), or neither (0)."""
    if one & other:
        return 1
    return -1 if {kind for kind, _ in one} & {kind for kind, _ in other} else 0


def representatives(pairs: list[tuple[str, str]]) -> dict[str, str]:
    """Give every kind the least of those that it is the same as."""
    same: dict[str, str] = {}
    for one, other in sorted(pairs):
        least = min(same.get(one, one), same.get(other, other))
        merged = {one, other} | {kind for kind, root in same.items() if root in {same.get(one, one), same.get(other, other)}}
        same.update(dict.fromkeys(merged, least))
    return same


def ambiguous_ids(links: Iterable[tuple[Node, ...]]) -> frozenset[Node]:
    """Find identifiers that stand beside several people's: numbers of different kinds of things, a ``sub`` that is the same for all."""
    beside: dict[Node, dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
    for nodes in links:
        for node in nodes:
            for kind, value in nodes:
                if (kind, value) != node:
                    beside[node][kind].add(value)
    return frozenset(node for node, kinds in beside.items() if identifies_nobody(node[0], kinds))


def identifies_nobody(kind: str, beside: dict[str, set[int]]) -> bool:
    """Judge an identifier by what it stood beside: an address or a name may change, but two people differ in both."""
    emails, names = len(beside["email"]), len(beside["username"])
    if kind == "email":
        return names > 2
    if kind.startswith("uid") and emails:
        return emails > 2 or (emails > 1 and names != 1)
    return emails > 2 or names > 1
