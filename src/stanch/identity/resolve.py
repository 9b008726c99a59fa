"""From a finished summary to a picture: endpoints with templates, fields with labels, and for each value whose it is to whom.

Decides who is the same person and whether a value belongs to the caller (self), to someone else (other), or can't be told
(unknown stays unknown). Does not judge.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from stanch.classify.column import FieldSummary
from stanch.classify.decide import Label, decide
from stanch.identity.caller import ANONYMOUS
from stanch.identity.person import identifier_kind, snake
from stanch.identity.summary import FieldKey, Node, Place, PlaceSummary, Sighting, TrafficSummary
from stanch.inventory.contract import Contract
from stanch.inventory.router import Router
from stanch.traffic.exchange import Unreadable

SELF_WORDS = frozenset(
    [
        "me",
        "self",
        "user",
        "profile",
        "account",
        "current",
        "whoami",
        "userinfo",
        "my",
        "myself",
        "verify_credentials",
        "session",
        "current_user",
        "currentuser",
        "own",
        "mine",
        "konto",
        "compte",
        "cuenta",
        "perfil",
        "conta",
        "profil",
    ]
)
"""Last literal words of a path that answers with the caller's own record."""


@dataclass(slots=True)
class Relation:
    own: int = 0
    other: int = 0
    unknown: int = 0


@dataclass(slots=True)
class EndpointPicture:
    key: str
    host: str
    method: str
    template: str
    n_exchanges: int = 0
    callers: Counter[int] = field(default_factory=Counter)
    n_typed: int = 0
    statuses: Counter[int] = field(default_factory=Counter)
    example: str = ""
    objects: dict[str, Counter[frozenset[str]]] = field(default_factory=dict)

    @property
    def n_anonymous(self) -> int:
        return self.callers[ANONYMOUS]


@dataclass(slots=True)
class FieldPicture:
    endpoint: EndpointPicture
    status: int
    where: str
    path: str
    name: str
    parents: tuple[str, ...]
    summary: FieldSummary
    label: Label | None
    relation: Relation = field(default_factory=Relation)
    n_to_anonymous: int = 0
    """Values that went to a caller without any credential and not signing in."""
    subjects: set[int | str] = field(default_factory=set)
    others: set[int | str] = field(default_factory=set)
    """Subjects other than the caller."""
    recipients: set[int | str] = field(default_factory=set)
    """Callers who received a value that is not, or not provably, their own."""
    n_to_admins: int = 0


@dataclass(slots=True)
class Picture:
    n_exchanges: int
    n_bytes: int
    n_opaque: int
    undecodable: list[Unreadable]
    endpoints: dict[str, EndpointPicture]
    fields: list[FieldPicture]
    """Every field with a label, and every field of a response; sorted."""
    n_persons: int


def resolve(summary: TrafficSummary, *, contract: Contract | None = None, overrides: Sequence[str] = ()) -> Picture:
    """Fold provisional endpoints into templates, then tell whose every value is.

    Cost: linear in the number of fields and sightings kept.
    """
    route = summary.paths.templates([*overrides, *(contract.templates if contract else ())])
    keys = {place: endpoint_key(place, route) for place in summary.places}
    endpoints = fold_endpoints(summary, keys, route)
    folded, seen = fold_fields(summary, keys)
    people = People(summary.links)
    holders = {caller: set(nodes) for caller, nodes in summary.holders.items()}
    for caller, node in self_evidence(folded, seen, endpoints):
        holders.setdefault(caller, set()).add(node)
    for nodes in holders.values():
        people.join(nodes)
    pictures = [picture(key, field_summary, endpoints[key[0]]) for key, field_summary in folded.items()]
    judge = Whose(people, holders, summary.admins)
    for item in pictures:
        judge.relate(item, seen.get(folded_key(item), Counter()))
    pictures.sort(key=lambda p: (p.endpoint.key, p.endpoint.host, p.status, p.where, p.path))
    return Picture(
        n_exchanges=summary.n_exchanges, n_bytes=summary.n_bytes, n_opaque=summary.n_opaque,
        undecodable=sorted(set(summary.undecodable), key=lambda u: (len(u.where), u.where, u.reason)),
        endpoints=dict(sorted(endpoints.items())), fields=pictures, n_persons=people.n_persons(),
    )  # fmt: skip


FoldedKey = tuple[str, int, str, str, str, tuple[str, ...]]
"""Endpoint id, status, where, path, name, parents."""


def endpoint_key(place: Place, route: Router) -> str:
    template = route.match(place.host, place.method, place.path)
    operation = f"#{place.operation.lstrip('#')}" if place.operation else ""
    return f"{place.host} {place.method} {template}{operation}"


def fold_endpoints(summary: TrafficSummary, keys: dict[Place, str], route: Router) -> dict[str, EndpointPicture]:
    found: dict[str, EndpointPicture] = {}
    for place, stats in summary.places.items():
        key = keys[place]
        if key not in found:
            template = route.match(place.host, place.method, place.path)
            found[key] = EndpointPicture(key.split(" ", 1)[1], place.host, place.method, template)
        add_place(found[key], stats)
    for (place, owner_path), shapes in summary.objects.items():
        found[keys[place]].objects.setdefault(owner_path, Counter()).update(shapes)
    return found


def add_place(endpoint: EndpointPicture, stats: PlaceSummary) -> None:
    endpoint.n_exchanges += stats.n_exchanges
    endpoint.callers.update(stats.callers)
    endpoint.n_typed += stats.n_typed
    endpoint.statuses.update(stats.statuses)
    endpoint.example = min(filter(None, (endpoint.example, stats.example)), key=lambda w: (len(w), w))


def fold_fields(summary: TrafficSummary, keys: dict[Place, str]) -> tuple[dict[FoldedKey, FieldSummary], dict[FoldedKey, Counter[Sighting]]]:
    folded: dict[FoldedKey, FieldSummary] = {}
    seen: dict[FoldedKey, Counter[Sighting]] = {}
    for key, field_summary in summary.fields.items():
        target = fold_key(key, keys)
        folded.setdefault(target, FieldSummary()).merge(field_summary)
        if key in summary.sightings:
            seen.setdefault(target, Counter()).update(summary.sightings[key])
    return folded, seen


def fold_key(key: FieldKey, keys: dict[Place, str]) -> FoldedKey:
    return keys[key.place], key.status, key.where, key.path, key.name, key.parents


def folded_key(item: FieldPicture) -> FoldedKey:
    return f"{item.endpoint.host} {item.endpoint.key}", item.status, item.where, item.path, item.name, item.parents


def picture(key: FoldedKey, field_summary: FieldSummary, endpoint: EndpointPicture) -> FieldPicture:
    _, status, where, path, name, parents = key
    label = decide(path, name, parents, field_summary)
    return FieldPicture(endpoint, status, where, path, name, parents, field_summary, label)


def self_evidence(
    folded: dict[FoldedKey, FieldSummary],
    seen: dict[FoldedKey, Counter[Sighting]],
    endpoints: dict[str, EndpointPicture],
) -> Iterable[tuple[int, Node]]:
    """Yield (caller, identifier) from endpoints that answer each caller with one record, differing between callers."""
    for key in folded:
        endpoint, status, where, path, name, _ = key
        kind = identifier_kind(name, "x" * 7) or identifier_kind(name, "a@b")
        if where != "response.body" or not 200 <= status < 300 or "[*]" in path or "[~]" in path or kind is None:
            continue
        template = endpoints[endpoint].template
        if "{" in template:
            continue
        by_caller: dict[int, set[tuple[int, tuple[Node, ...]]]] = defaultdict(set)
        for sighting in seen.get(key, ()):
            if sighting.caller != ANONYMOUS:
                by_caller[sighting.caller].add((sighting.value, sighting.subject))
        if answers_each_with_their_own(by_caller, template):
            for caller, values in by_caller.items():
                yield from ((caller, node) for _, subject in values for node in subject)


def answers_each_with_their_own(by_caller: dict[int, set[tuple[int, tuple[Node, ...]]]], template: str) -> bool:
    values = [{value for value, _ in pairs} for pairs in by_caller.values()]
    says_self = snake(template.strip("/").rsplit("/", 1)[-1]) in SELF_WORDS or bool(re.search(r"/(me|self|my|mine)(/|$)", template))
    if says_self:
        return True
    distinct = set().union(*values) if values else set()
    return len(by_caller) >= 2 and len(distinct) >= 2 and all(len(v) == 1 for v in values)


class People:
    """Persons as sets of identifiers that stood together (union-find)."""

    def __init__(self, links: Counter[tuple[Node, ...]]) -> None:
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


def ambiguous_ids(links: Counter[tuple[Node, ...]]) -> frozenset[Node]:
    """Find ids that stand beside several e-mails or usernames: numbers of different kinds of things."""
    beside: dict[Node, dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
    for nodes in links:
        for node in nodes:
            if node[0] == "uid":
                for kind, value in nodes:
                    beside[node][kind].add(value)
    return frozenset(node for node, kinds in beside.items() if len(kinds["email"]) > 1 or (not kinds["email"] and len(kinds["username"]) > 1))


class Whose:
    """Tells for every sighting whether the value is the caller's own."""

    def __init__(self, people: People, holders: dict[int, set[Node]], admins: set[int]) -> None:
        self.people = people
        self.callers = {caller: people.persons(nodes) for caller, nodes in holders.items()}
        self.admins = admins

    def relate(self, item: FieldPicture, sightings: Counter[Sighting]) -> None:
        kind = identifier_kind(item.name, "x" * 7) or identifier_kind(item.name, "a@b")
        for sighting, n in sightings.items():
            subject = self.subject(sighting, kind)
            relation = self.relation(sighting.caller, subject)
            who: Node = min(subject) if subject else ("value", sighting.value)
            self.count(item, sighting.caller, relation, f"{who}", n)

    def subject(self, sighting: Sighting, kind: str | None) -> set[Node]:
        """Give the persons that a value is about: the one that the value itself names, else the enclosing object's."""
        if kind not in {None, "uid"}:
            for own_kind in ("email", "username", "phone"):
                if self.people.knows((own_kind, sighting.value)):
                    return {self.people.find((own_kind, sighting.value))}
        return self.people.persons(sighting.subject)

    def relation(self, caller: int, subject: set[Node]) -> str:
        mine = self.callers.get(caller, set())
        if not subject:
            return "unknown"
        if mine & subject:
            return "self"
        if caller == ANONYMOUS:
            return "other"
        return "other" if self.people.kinds_of(mine) & self.people.kinds_of(subject) else "unknown"

    def recipient(self, caller: int) -> str:
        mine = self.callers.get(caller)
        return f"{min(mine)}" if mine else f"{caller}"

    def count(self, item: FieldPicture, caller: int, relation: str, who: str, n: int) -> None:
        counts = item.relation
        counts.own += n * (relation == "self")
        counts.other += n * (relation == "other")
        counts.unknown += n * (relation == "unknown")
        item.subjects.add(who)
        item.n_to_anonymous += n * (caller == ANONYMOUS)
        item.n_to_admins += n * (caller in self.admins)
        if relation != "self":
            item.recipients.add(self.recipient(caller))
            item.others.add(who)
