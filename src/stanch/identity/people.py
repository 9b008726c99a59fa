"""Persons, as sets of identifiers that stood together.

Decides which identifiers are one person's. A number that stands beside several e-mail addresses identifies nobody.
"""

from collections import defaultdict
from collections.abc import Iterable

Node = tuple[str, int]
"""An identifier of a person: its kind and its pseudonym."""


class People:
    """Union-find over identifiers; the root of a person is its least identifier, whatever the order of joining."""

    def __init__(self, links: Iterable[tuple[Node, ...]]) -> None:
        links = list(links)
        self.parent: dict[Node, Node] = {}
        self.kinds: dict[Node, set[str]] = {}
        self.ambiguous = ambiguous_ids(links)
        for nodes in links:
            self.join(nodes)

    def join(self, nodes: Iterable[Node]) -> None:
        roots = sorted({self.find(node) for node in nodes if node not in self.ambiguous})
        for root in roots[1:]:
            self.parent[root] = roots[0]
            self.kinds[roots[0]] |= self.kinds.pop(root)

    def find(self, node: Node) -> Node:
        if node not in self.parent:
            self.parent[node] = node
            self.kinds[node] = {node[0]}
        while self.parent[node] != node:
            self.parent[node] = self.parent[self.parent[node]]
            node = self.parent[node]
        return node

    def knows(self, node: Node) -> bool:
        return node in self.parent and node not in self.ambiguous

    def persons(self, nodes: Iterable[Node]) -> set[Node]:
        return {self.find(node) for node in nodes if node not in self.ambiguous}

    def kinds_of(self, roots: Iterable[Node]) -> set[str]:
        return set().union(*(self.kinds[root] for root in roots))

    def n_persons(self) -> int:
        return len({self.find(node) for node in list(self.parent)})


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
    if kind == "uid" and emails:
        return emails > 2 or (emails > 1 and names != 1)
    return emails > 2 or names > 1
