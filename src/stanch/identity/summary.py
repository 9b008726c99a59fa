"""The one reducer: what a set of exchanges showed, as a mergeable summary.

``add`` takes exchanges in any order and ``merge`` any two summaries, so one file, several workers, a cluster and a live
gateway give the same result. Fields are kept under *provisional* endpoints (values such as numbers already replaced);
``resolve`` folds them together once all templates are known. Keeps pseudonyms and counts, never a value.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from stanch.classify.column import FieldSummary
from stanch.classify.leaf import Leaf, walk
from stanch.identity.caller import ANONYMOUS, Caller, caller_of
from stanch.identity.people import Node
from stanch.identity.pseudonym import Digest
from stanch.identity.reading import (
    SIGN_IN,
    SIGN_OUT,
    Persons,
    issued_cookies,
    issues_credential,
    may_be_personal,
    noun_in,
    persons_in,
    typed_identity,
    values_of,
)
from stanch.identity.sightings import Sighting, Sightings
from stanch.inventory.path import PathInventory
from stanch.inventory.segment import provisional
from stanch.inventory.shape import signature
from stanch.inventory.value import identifying_values
from stanch.traffic.decode import Decoded, decode
from stanch.traffic.document import Document
from stanch.traffic.exchange import Exchange, Unreadable

__all__ = ["FieldKey", "Node", "Place", "PlaceSummary", "Sighting", "TrafficSummary"]


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


class Position(NamedTuple):
    """Where documents of one kind stand."""

    place: Place
    status: int
    where: str

    def key(self, leaf: Leaf) -> FieldKey:
        return FieldKey(self.place, self.status, self.where, leaf.path, leaf.name, leaf.parents)


Said = Iterable[tuple[int, tuple[Node, ...]]]
"""The pseudonyms of what a leaf says, each with the person that it names by itself."""


class DocumentReader(Protocol):
    """What reads the leaves of documents: the reference, or the native kernel."""

    def leaves(self, document: Document) -> list[Leaf]:
        """Give a document's leaves in order."""

    def count(self, into: "TrafficSummary", position: Position, leaves: list[Leaf]) -> Iterable[tuple[Leaf, Said]]:
        """Count a document's leaves into their columns; give those that may be personal, with what they say."""

    def settle(self, into: "TrafficSummary") -> None:
        """Hand over what is not in the summary's own columns yet."""


class Reference:
    """The reference: one leaf after the other, in Python."""

    __slots__ = ()

    def leaves(self, document: Document) -> list[Leaf]:
        return list(walk(document))

    def count(self, into: "TrafficSummary", position: Position, leaves: list[Leaf]) -> Iterator[tuple[Leaf, Said]]:
        for leaf in leaves:
            said = list(values_of(leaf, into.digest))
            into.fields.setdefault(position.key(leaf), FieldSummary()).add(leaf.value, said[0][0])
            if leaf.value not in (None, "", b"") and may_be_personal(leaf):
                yield leaf, said

    def settle(self, into: "TrafficSummary") -> None:
        """Hold nothing back."""


@dataclass(slots=True)
class PlaceSummary:
    n_exchanges: int = 0
    callers: Counter[int] = field(default_factory=Counter)
    refused: Counter[int] = field(default_factory=Counter)
    """Callers who were told that they may not."""
    n_typed: int = 0
    """Requests in which the caller typed who they are: sign-in and registration."""
    statuses: Counter[int] = field(default_factory=Counter)
    example: str = ""
    """Where the first of its exchanges stands, by name order."""

    def merge(self, other: "PlaceSummary") -> None:
        self.n_exchanges += other.n_exchanges
        self.n_typed += other.n_typed
        self.callers.update(other.callers)
        self.refused.update(other.refused)
        self.statuses.update(other.statuses)
        self.example = min(filter(None, (self.example, other.example)), default="", key=natural)


@dataclass(slots=True)
class TrafficSummary:
    digest: Digest
    reader: DocumentReader = field(default_factory=Reference)
    n_exchanges: int = 0
    n_bytes: int = 0
    undecodable: list[Unreadable] = field(default_factory=list)
    n_opaque: int = 0
    paths: PathInventory = field(default_factory=PathInventory)
    places: dict[Place, PlaceSummary] = field(default_factory=dict)
    fields: dict[FieldKey, FieldSummary] = field(default_factory=dict)
    sightings: Sightings[FieldKey] = field(default_factory=Sightings)
    """Of values that may be personal: in responses, and in requests where they stand in a person's own object."""
    objects: dict[tuple[Place, str], Counter[frozenset[str]]] = field(default_factory=dict)
    """Per place and path of an object in a response: the sets of members it came with."""
    links: Counter[tuple[Node, ...]] = field(default_factory=Counter)
    """Identifiers that stood together in one person's object."""
    holders: dict[int, set[Node]] = field(default_factory=lambda: defaultdict(set))
    """Caller to the identifiers that its credential, or the sign-in that issued it, states."""
    admins: set[int] = field(default_factory=set)
    """Callers whose credential claims an administrator's role."""
    admin_nodes: set[Node] = field(default_factory=set)
    """Identifiers of persons whose own object says that they are administrators."""
    unclaimed: set[int] = field(default_factory=set)
    """Sessions that were handed to someone who had not said who they are."""
    successions: set[tuple[int, int]] = field(default_factory=set)
    """(session, the session that replaced it)."""

    def add(self, item: Exchange | Unreadable) -> None:
        """Take one exchange, or the note that an entry could not be read."""
        if isinstance(item, Unreadable):
            self.undecodable.append(item)
            return
        _Reading(self, item, decode(item)).take()

    def settle(self) -> None:
        """Take over what the reader still holds; a summary is complete, and fit to travel, only then."""
        self.reader.settle(self)
        self.reader = Reference()

    def merge(self, other: "TrafficSummary") -> None:
        """Fold another summary in; the order of merging does not matter."""
        self.n_exchanges += other.n_exchanges
        self.n_bytes += other.n_bytes
        self.n_opaque += other.n_opaque
        self.undecodable += other.undecodable
        self.paths.merge(other.paths)
        for place, theirs in other.places.items():
            self.places.setdefault(place, PlaceSummary()).merge(theirs)
        for key, summary in other.fields.items():
            self.fields.setdefault(key, FieldSummary()).merge(summary)
        self.sightings.merge(other.sightings)
        for spot, shapes in other.objects.items():
            self.objects.setdefault(spot, Counter()).update(shapes)
        self.links.update(other.links)
        for caller, nodes in other.holders.items():
            self.holders[caller] |= nodes
        self.admins |= other.admins
        self.admin_nodes |= other.admin_nodes
        self.unclaimed |= other.unclaimed
        self.successions |= other.successions


def natural(where: str) -> tuple[int, str]:
    return len(where), where


class _Reading:
    """One exchange on its way into the summary."""

    def __init__(self, summary: TrafficSummary, exchange: Exchange, decoded: Decoded) -> None:
        self.into = summary
        self.exchange = exchange
        self.decoded = decoded
        self.digest = summary.digest
        self.documents = [(document, summary.reader.leaves(document)) for document in decoded.documents]
        self.caller = caller_of(exchange, self.digest)
        self.typed = self.identity_typed()
        self.key = self.caller.key or (self.digest("typed", f"{self.typed[0]}") if self.typed else ANONYMOUS)

    def identity_typed(self) -> tuple[Node, ...]:
        """Take what is typed beside a password for the caller's own, unless a credential or the path speaks against it."""
        if self.exchange.status >= 400 or self.caller.scheme not in {"", "cookie", "key"}:
            return ()
        if self.caller.scheme and not SIGN_IN.search(self.exchange.path):
            return ()
        return typed_identity(self.documents, self.digest)

    def take(self) -> None:
        into, decoded = self.into, self.decoded
        into.n_exchanges += 1
        into.n_bytes += decoded.n_bytes
        into.n_opaque += decoded.n_opaque
        into.undecodable += decoded.undecodable
        body = next((d for d in decoded.documents if d.where == "response.body"), None)
        place = Place(self.exchange.host, self.exchange.method, provisional(self.exchange.path), body.operation if body else "")
        into.paths.add(place.host, place.method, place.path, self.exchange.status, signature(body.tree) if body is not None else None)
        if body is not None and self.exchange.status < 400:
            into.paths.add_values(identifying_values(body.tree))
        self.take_caller(place, self.caller)
        noun = noun_in(place.path)
        told: set[Node] = set(self.typed)
        issued: list[tuple[int, tuple[Node, ...]]] = []
        for document, leaves in self.documents:
            persons = persons_in(leaves, self.digest, noun)
            if document.where == "response.body":
                told.update(persons.single)
                issued += [(self.digest("credential", str(leaf.value)), persons.of(leaf)) for leaf in leaves if issues_credential(leaf)]
            self.take_document(place, document, leaves, persons)
        self.take_issued(told, issued)

    def take_caller(self, place: Place, caller: Caller) -> None:
        if self.key:
            self.into.holders[self.key].update(caller.claims or self.typed)
        if caller.admin:
            self.into.admins.add(self.key)
        summary = self.into.places.setdefault(place, PlaceSummary())
        summary.n_exchanges += 1
        summary.callers[self.key] += 1
        summary.refused[self.key] += self.exchange.status in {401, 403}
        summary.n_typed += bool(self.typed)
        summary.statuses[self.exchange.status] += 1
        summary.example = min(filter(None, (summary.example, self.exchange.where)), key=natural)

    def take_issued(self, told: set[Node], issued: list[tuple[int, tuple[Node, ...]]]) -> None:
        """Learn whose the credentials are that this response hands out, and which sessions take the place of which."""
        for credential, subject in issued:
            self.into.holders[credential].update(subject or told)
        for credential in issued_cookies(self.exchange, self.digest):
            if self.typed:
                self.into.holders[credential].update(told)
            elif self.key == ANONYMOUS:
                self.into.unclaimed.add(credential)
            elif not SIGN_OUT.search(self.exchange.path) and credential != self.key:
                self.into.successions.add((self.key, credential))

    def take_document(self, place: Place, document: Document, leaves: list[Leaf], persons: Persons) -> None:
        into, is_response = self.into, document.where.startswith("response")
        if is_response:
            for owner_path, members in shapes_in(leaves):
                into.objects.setdefault((place, owner_path), Counter())[members] += 1
            into.admin_nodes |= persons.admins
        for nodes in set(persons.described):
            into.links[nodes] += 1
        where = Position(place, self.exchange.status if is_response else 0, document.where)
        for leaf, said in into.reader.count(into, where, leaves):
            subject = persons.of(leaf)
            if is_response or subject:
                for value, named in said:
                    into.sightings.add(where.key(leaf), Sighting(self.key, value, named or subject))


def shapes_in(leaves: list[Leaf]) -> list[tuple[str, frozenset[str]]]:
    """List the objects of a document as (path, members); only members that hold plain values count."""
    groups: dict[tuple[int, str], set[str]] = defaultdict(set)
    for leaf in leaves:
        if leaf.objects:
            groups[leaf.objects[-1], leaf.owner_path].add(leaf.name)
    return [(path, frozenset(names)) for (_, path), names in groups.items()]
