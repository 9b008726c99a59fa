"""The one reducer: what a set of exchanges showed, as a mergeable summary.

``add`` takes exchanges in any order and ``merge`` any two summaries, so one file, several workers, a cluster and a live
gateway give the same result. Fields are kept under *provisional* endpoints (values such as numbers already replaced);
``resolve`` folds them together once all templates are known. Keeps pseudonyms and counts, never a value.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import NamedTuple

from stanch.classify.column import FieldSummary
from stanch.classify.leaf import Leaf, walk
from stanch.identity.caller import ANONYMOUS, SESSION_COOKIE, caller_of
from stanch.identity.person import identifier_kind, is_person, snake
from stanch.identity.pseudonym import Digest
from stanch.inventory.path import PathInventory
from stanch.inventory.segment import provisional
from stanch.inventory.shape import signature
from stanch.traffic.decode import decode
from stanch.traffic.document import Document
from stanch.traffic.exchange import Exchange, Unreadable, header_values

Node = tuple[str, int]
"""An identifier of a person: its kind and its pseudonym."""


class Place(NamedTuple):
    """An endpoint before its template is known."""

    host: str
    method: str
    path: str
    """Provisional path."""
    operation: str
    """GraphQL operation, else empty."""


class FieldKey(NamedTuple):
    place: Place
    status: int
    where: str
    path: str
    name: str
    parents: tuple[str, ...]


class Sighting(NamedTuple):
    """One value that one caller received about one subject."""

    caller: int
    value: int
    subject: tuple[Node, ...]


@dataclass(slots=True)
class PlaceSummary:
    n_exchanges: int = 0
    callers: Counter[int] = field(default_factory=Counter)
    n_typed: int = 0
    """Requests in which the caller typed who they are: sign-in and registration."""
    statuses: Counter[int] = field(default_factory=Counter)
    example: str = ""
    """Where the first of its exchanges stands, by name order."""


@dataclass(slots=True)
class TrafficSummary:
    digest: Digest
    n_exchanges: int = 0
    n_bytes: int = 0
    undecodable: list[Unreadable] = field(default_factory=list)
    n_opaque: int = 0
    paths: PathInventory = field(default_factory=PathInventory)
    places: dict[Place, PlaceSummary] = field(default_factory=dict)
    fields: dict[FieldKey, FieldSummary] = field(default_factory=dict)
    sightings: dict[FieldKey, Counter[Sighting]] = field(default_factory=dict)
    objects: dict[tuple[Place, str], Counter[frozenset[str]]] = field(default_factory=dict)
    """Per place and path of an object: the sets of members it came with."""
    links: Counter[tuple[Node, ...]] = field(default_factory=Counter)
    """Identifiers that stood together in one person's object."""
    holders: dict[int, set[Node]] = field(default_factory=lambda: defaultdict(set))
    """Caller to the identifiers that its credential, or the sign-in that issued it, states."""
    admins: set[int] = field(default_factory=set)

    def add(self, item: Exchange | Unreadable) -> None:
        """Take one exchange, or the note that an entry could not be read."""
        if isinstance(item, Unreadable):
            self.undecodable.append(item)
            return
        _Reading(self, item).take()

    def merge(self, other: "TrafficSummary") -> None:
        """Fold another summary in; the order of merging does not matter."""
        self.n_exchanges += other.n_exchanges
        self.n_bytes += other.n_bytes
        self.n_opaque += other.n_opaque
        self.undecodable += other.undecodable
        self.paths.merge(other.paths)
        for place, theirs in other.places.items():
            ours = self.places.setdefault(place, PlaceSummary())
            ours.n_exchanges += theirs.n_exchanges
            ours.n_typed += theirs.n_typed
            ours.callers += theirs.callers
            ours.statuses += theirs.statuses
            ours.example = min(filter(None, (ours.example, theirs.example)), default="", key=_natural)
        for key, summary in other.fields.items():
            self.fields.setdefault(key, FieldSummary()).merge(summary)
        for key, sightings in other.sightings.items():
            self.sightings.setdefault(key, Counter()).update(sightings)
        for spot, shapes in other.objects.items():
            self.objects.setdefault(spot, Counter()).update(shapes)
        self.links.update(other.links)
        for caller, nodes in other.holders.items():
            self.holders[caller] |= nodes
        self.admins |= other.admins


def _natural(where: str) -> tuple[int, str]:
    return len(where), where


class _Reading:
    """One exchange on its way into the summary."""

    def __init__(self, summary: TrafficSummary, exchange: Exchange) -> None:
        self.into = summary
        self.exchange = exchange
        self.digest = summary.digest

    def take(self) -> None:
        into, exchange = self.into, self.exchange
        decoded = decode(exchange)
        into.n_exchanges += 1
        into.n_bytes += decoded.n_bytes
        into.n_opaque += decoded.n_opaque
        into.undecodable += decoded.undecodable
        caller = caller_of(exchange, self.digest)
        typed = self.typed_identity(decoded.documents) if caller.key == ANONYMOUS else ()
        key = caller.key or (self.digest("typed", f"{typed[0]}") if typed else ANONYMOUS)
        if caller.key or typed:
            into.holders[key].update(caller.claims or typed)
        if caller.admin:
            into.admins.add(key)
        body = next((d for d in decoded.documents if d.where == "response.body"), None)
        place = Place(exchange.host, exchange.method, provisional(exchange.path), body.operation if body else "")
        shape = signature(body.tree) if body is not None else None
        into.paths.add(place.host, place.method, place.path, exchange.status, shape)
        self.count_place(place, key, typed=bool(typed))
        issued: list[int] = self.issued_cookies()
        seen: set[Node] = set(typed)
        for document in decoded.documents:
            self.take_document(place, document, key, issued, seen)
        for credential in issued:
            into.holders[credential].update(seen)

    def count_place(self, place: Place, caller: int, *, typed: bool) -> None:
        summary = self.into.places.setdefault(place, PlaceSummary())
        summary.n_exchanges += 1
        summary.callers[caller] += 1
        summary.n_typed += typed
        summary.statuses[self.exchange.status] += 1
        summary.example = min(filter(None, (summary.example, self.exchange.where)), key=_natural)

    def typed_identity(self, documents: tuple[Document, ...]) -> tuple[Node, ...]:
        """Who the caller says they are when they sign in or register: an identifier beside a password."""
        for document in documents:
            if document.where != "request.body":
                continue
            leaves = list(walk(document))
            if any("pass" in leaf.name.lower() or leaf.name.lower() in {"pin", "otp", "code"} for leaf in leaves):
                found = [(kind, leaf.value) for leaf in leaves if (kind := identifier_kind(leaf.name, leaf.value)) and kind != "uid"]
                return tuple(sorted((kind, self.digest(kind, str(value))) for kind, value in found))
        return ()

    def issued_cookies(self) -> list[int]:
        values = header_values(self.exchange.response_headers, "set-cookie")
        pairs = (value.split(";", 1)[0].strip().partition("=") for value in values)
        return [self.digest("credential", value) for name, _, value in pairs if value and SESSION_COOKIE.search(name)]

    def take_document(self, place: Place, document: Document, caller: int, issued: list[int], seen: set[Node]) -> None:
        leaves = list(walk(document))
        people = people_in(leaves, self.digest)
        is_response = document.where.startswith("response")
        if is_response:
            for owner_path, members in shapes_in(leaves):
                self.into.objects.setdefault((place, owner_path), Counter())[members] += 1
        for nodes in set(people.values()):
            if len(nodes) > 1:
                self.into.links[nodes] += 1
        if document.where == "response.body" and len(set(people.values())) == 1:
            seen.update(next(iter(people.values())))
        for leaf in leaves:
            self.take_leaf(place, document, leaf, caller, people)
            if is_response and isinstance(leaf.value, str) and len(leaf.value) >= 16 and "token" in snake(leaf.name):
                issued.append(self.digest("credential", leaf.value))

    def take_leaf(self, place: Place, document: Document, leaf: Leaf, caller: int, people: dict[int, tuple[Node, ...]]) -> None:
        key = FieldKey(
            place,
            self.exchange.status if document.where.startswith("response") else 0,
            document.where,
            leaf.path,
            leaf.name,
            leaf.parents,
        )
        kind = identifier_kind(leaf.name, leaf.value) or "value"
        value = self.digest(kind, leaf_text(leaf.value))
        self.into.fields.setdefault(key, FieldSummary()).add(leaf.value, value)
        if leaf.value is None or leaf.value == "" or not document.where.startswith("response"):
            return
        subject = next((people[i] for i in reversed(leaf.objects) if i in people), ())
        self.into.sightings.setdefault(key, Counter())[Sighting(caller, value, subject)] += 1


def leaf_text(value: object) -> str:
    return value.hex() if isinstance(value, bytes) else str(value)


def people_in(leaves: list[Leaf], digest: Digest) -> dict[int, tuple[Node, ...]]:
    """Find the objects that describe a person, with the identifiers each one carries."""
    members: dict[int, list[Leaf]] = defaultdict(list)
    for leaf in leaves:
        if leaf.objects:
            members[leaf.objects[-1]].append(leaf)
    found: dict[int, tuple[Node, ...]] = {}
    for number, group in members.items():
        noun = next((p for p in reversed(group[0].parents) if p), "")
        person = is_person(noun, frozenset(snake(leaf.name) for leaf in group))
        nodes = {
            (kind, digest(kind, str(leaf.value))) for leaf in group if (kind := identifier_kind(leaf.name, leaf.value)) and (person or kind != "uid")
        }
        if nodes:
            found[number] = tuple(sorted(nodes))
    return found


def shapes_in(leaves: list[Leaf]) -> list[tuple[str, frozenset[str]]]:
    """List the objects of a document as (path, members); only members that hold plain values count."""
    groups: dict[tuple[int, str], set[str]] = defaultdict(set)
    for leaf in leaves:
        if leaf.objects:
            groups[leaf.objects[-1], leaf.owner_path].add(leaf.name)
    return [(path, frozenset(names)) for (_, path), names in groups.items()]
