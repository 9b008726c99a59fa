"""The second pass: with people, templates and labels known, one exchange at a time becomes rows.

Reads an exchange exactly as the scan did (a summary of that one exchange), so that both passes agree on every value.
Keeps pseudonyms, counts and residences; never a value.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from stanch.classify.leaf import Leaf
from stanch.identity.caller import ANONYMOUS
from stanch.identity.people import Node
from stanch.identity.pseudonym import Digest
from stanch.identity.reading import may_be_personal, values_of
from stanch.identity.resolve import Picture, endpoint_key, fold_key
from stanch.identity.sightings import Sighting
from stanch.identity.summary import DocumentReader, Place, Position, Reference, Said, TrafficSummary
from stanch.ledger.coverage import Coverage, body_unrecorded
from stanch.ledger.disclosure import Disclosure, Link, RecipientKind, Relation, day_of, milliseconds
from stanch.ledger.person import person_key
from stanch.ledger.place import place_of
from stanch.ledger.residence import Home, HomeFinder
from stanch.ledger.shape import ShapeBook, Slot
from stanch.traffic.document import Document
from stanch.traffic.exchange import Exchange, Unreadable

RELATIONS = {"self": Relation.SELF, "other": Relation.OTHER, "unknown": Relation.UNKNOWN}
SEQUENCE_BITS = 24
"""Responses that one emitter can number; a batch is cut before."""


class Unsummed:
    """Reads documents as the scan did, with the same reader, and leaves the columns alone: pass one has summed them up."""

    def __init__(self, reader: DocumentReader) -> None:
        self.reader = reader

    def leaves(self, document: Document) -> list[Leaf]:
        return self.reader.leaves(document)

    def count(self, into: TrafficSummary, position: Position, leaves: list[Leaf]) -> Iterator[tuple[Leaf, Said]]:
        del position
        return ((leaf, list(values_of(leaf, into.digest))) for leaf in leaves if leaf.value not in (None, "", b"") and may_be_personal(leaf))

    def settle(self, into: TrafficSummary) -> None:
        """Hold nothing back."""


@dataclass(slots=True)
class Seen:
    """What one response gave one recipient about one subject."""

    relation: Relation
    mask: int = 0
    n: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    key: int | None
    kind: RecipientKind
    credential: int | None
    address: int | None
    staff: bool
    authenticated: bool
    """A visitor's session is a credential, and nobody signed in with it."""


@dataclass(slots=True, kw_only=True)
class Emitter:
    """Turns exchanges into rows under one resolved picture."""

    picture: Picture
    book: ShapeBook
    digest: Digest
    """That of the scan that the picture came from."""
    base: int
    """Number of the first response; the next ones follow."""
    reader: DocumentReader = field(default_factory=Reference)
    """That of the scan."""
    coverage: Coverage = field(default_factory=Coverage)
    links: dict[Link, set[str]] = field(default_factory=dict)
    """To the days on which the root was seen."""
    homes: dict[Home, set[str]] = field(default_factory=dict)
    members: dict[int, tuple[Link, ...]] = field(init=False)
    persons: dict[Node, int] = field(default_factory=dict)
    finder: HomeFinder = field(init=False)

    def __post_init__(self) -> None:
        self.members = members_of(self.picture, self.digest)
        self.finder = HomeFinder(self.picture, self.digest)

    def take(self, item: Exchange | Unreadable) -> list[Disclosure]:
        """Give the rows of one exchange; count what could not be read."""
        if isinstance(item, Unreadable):
            self.coverage.n_unreadable += 1
            return []
        one = TrafficSummary(digest=self.digest, reader=Unsummed(self.reader))
        one.add(item)
        place, stats = next(iter(one.places.items()))
        key = endpoint_key(place, self.picture.route)
        self.coverage.look(key, milliseconds(item.started_at), undecodable=response_lost(one), unrecorded=body_unrecorded(item))
        seen = self.gather(one, {place: key})
        if not seen:
            return []
        to = self.recipient(item, next(iter(stats.callers)))
        self.note(item, key, to, {subject for subject, _ in seen})
        return self.rows(item, to, place_of(item, key, self.digest), seen)

    def rows(self, item: Exchange, to: Recipient, place: int | None, seen: dict[tuple[int | None, int], Seen]) -> list[Disclosure]:
        at_ms, response = milliseconds(item.started_at), self.base
        self.base += 1
        return [
            Disclosure(
                at_ms, response, subject, to.key, to.kind, what.relation, shape, what.mask, what.n, to.authenticated, to.staff, to.credential,
                to.address, place,
            )
            for (subject, shape), what in sorted(seen.items(), key=repr)
        ]  # fmt: skip

    def note(self, item: Exchange, endpoint: str, to: Recipient, subjects: set[int | None]) -> None:
        """Keep what else the day has to know of these people: their other pseudonyms, and where they live."""
        day = day_of(milliseconds(item.started_at))
        for subject in subjects | ({to.key} if to.kind is RecipientKind.PERSON else set()):
            self.remember(subject, day)
        self.remember_credential(to, day)
        for home in self.finder.homes(item, endpoint):
            self.homes.setdefault(home, set()).add(day)

    def gather(self, one: TrafficSummary, keys: dict[Place, str]) -> dict[tuple[int | None, int], Seen]:
        """Fold an exchange's sightings by subject and shape."""
        found: dict[tuple[int | None, int], Seen] = {}
        for key, sightings in one.sightings.items():
            slot = self.book.slots.get(fold_key(key, keys))
            if slot is None:
                continue
            for sighting, n in sightings.items():
                subject, relation = self.whose(sighting, slot)
                seen = found.setdefault((subject, slot.shape), Seen(relation))
                seen.mask |= 1 << slot.bit
                seen.n += n
        return found

    def whose(self, sighting: Sighting, slot: Slot) -> tuple[int | None, Relation]:
        judge = self.picture.whose
        persons = judge.subject(sighting, slot.identifier)
        relation = RELATIONS[judge.relation(sighting.caller, persons)]
        return (self.person(min(persons)) if persons else None), relation

    def person(self, root: Node) -> int:
        """Give a person's pseudonym: of the kind and the pseudonym of their first identifier, as an id and a name may read alike."""
        if root not in self.persons:
            self.persons[root] = person_key(root, self.digest)
        return self.persons[root]

    def recipient(self, exchange: Exchange, caller: int) -> Recipient:
        judge = self.picture.whose
        ip = client_address(exchange)
        address = None if ip is None else self.digest("address", ip)
        staff = caller in judge.admins
        if caller == ANONYMOUS:
            kind = RecipientKind.NOBODY if address is None else RecipientKind.ADDRESS
            return Recipient(key=address, kind=kind, credential=None, address=address, staff=staff, authenticated=False)
        persons = judge.callers.get(caller)
        key, kind = (self.person(min(persons)), RecipientKind.PERSON) if persons else (caller, RecipientKind.CREDENTIAL)
        signed_in = not judge.is_anonymous(caller)
        return Recipient(key=key, kind=kind, credential=caller, address=address, staff=staff, authenticated=signed_in)

    def remember(self, person: int | None, day: str) -> None:
        """Keep which pseudonyms are this person's, so that ledgers made apart can be joined."""
        if person is not None:
            for link in self.members.get(person, ()):
                self.links.setdefault(link, set()).add(day)

    def remember_credential(self, to: Recipient, day: str) -> None:
        if to.key is not None and to.credential is not None:
            self.links.setdefault(Link(to.key, to.credential, "credential"), set()).add(day)


def members_of(picture: Picture, digest: Digest) -> dict[int, tuple[Link, ...]]:
    people = picture.whose.people
    groups: dict[Node, list[Node]] = {}
    for node in list(people.parent):
        groups.setdefault(people.find(node), []).append(node)
    keys = {root: person_key(root, digest) for root in groups}
    return {keys[root]: tuple(Link(keys[root], person_key(node, digest), node[0]) for node in sorted(nodes)) for root, nodes in groups.items()}


def response_lost(one: TrafficSummary) -> bool:
    return any(".response." in item.where for item in one.undecodable)


def client_address(exchange: Exchange) -> str | None:
    """Give the client's address as recorded, or as the first proxy named it. Source: RFC 7239, X-Forwarded-For by custom."""
    if exchange.client_ip:
        return exchange.client_ip
    named = exchange.request_header("x-forwarded-for") or exchange.request_header("x-real-ip") or ""
    return named.split(",")[0].strip() or None
