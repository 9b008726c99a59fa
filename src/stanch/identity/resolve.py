"""From a finished summary to a picture: endpoints with templates, fields with labels, and for each value whose it is to whom.

Decides nothing about persons (``whose`` does) and does not judge.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from stanch.classify.column import FieldSummary
from stanch.classify.decide import Label, decide
from stanch.classify.lexicon import holder
from stanch.identity.people import Node, People
from stanch.identity.person import is_person, kind_of_name, snake
from stanch.identity.sightings import Sighting
from stanch.identity.summary import FieldKey, Place, PlaceSummary, TrafficSummary
from stanch.identity.whose import SELF_WORDS, Whose, whose
from stanch.inventory.contract import Contract
from stanch.inventory.router import Router
from stanch.traffic.exchange import Unreadable

__all__ = ["SELF_WORDS", "EndpointPicture", "FieldPicture", "People", "Picture", "Relation", "Whose", "resolve", "whose"]


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
    refused: Counter[int] = field(default_factory=Counter)
    """Callers who were told that they may not."""
    n_typed: int = 0
    n_anonymous: int = 0
    """Exchanges whose caller had not said who they are."""
    statuses: Counter[int] = field(default_factory=Counter)
    example: str = ""
    objects: dict[str, Counter[frozenset[str]]] = field(default_factory=dict)


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
    n_to_admins: int = 0
    is_estimate: bool = False
    """Counts are scaled up from a sample: too much was seen to keep every sighting."""
    subjects: set[str] = field(default_factory=set)
    others: set[str] = field(default_factory=set)
    """Subjects other than the caller."""
    recipients: set[str] = field(default_factory=set)
    """Callers who received a value that is not, or not provably, their own."""
    others_with_account: set[str] = field(default_factory=set)
    """Subjects other than the caller who are themselves callers of this API."""
    receivers: dict[int, Counter[str]] = field(default_factory=dict)
    """Value to the persons who received it, with how often."""
    received: dict[str, set[str]] = field(default_factory=dict)
    """Person to the subjects whose values they received."""


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
    route: Router
    """Which template a path belongs to."""
    whose: Whose
    """Who is who: for those who go through the exchanges once more."""


def resolve(summary: TrafficSummary, *, contract: Contract | None = None, overrides: Sequence[str] = ()) -> Picture:
    """Fold provisional endpoints into templates, then tell whose every value is.

    Cost: linear in the number of fields and sightings kept.
    """
    route = summary.paths.templates([*overrides, *(contract.templates if contract else ())])
    keys = {place: endpoint_key(place, route) for place in summary.places}
    summary.sightings.finish()
    answer = whose(summary, {place: route.match(place.host, place.method, place.path) for place in summary.places})
    endpoints = fold_endpoints(summary, keys, route)
    for endpoint in endpoints.values():
        endpoint.n_anonymous = sum(n for caller, n in endpoint.callers.items() if answer.is_anonymous(caller))
    folded, seen = fold_fields(summary, keys)
    pictures = [picture(key, field_summary, endpoints[key[0]]) for key, field_summary in folded.items()]
    for item in pictures:
        for sightings, scale in seen.get(folded_key(item), ()):
            relate(item, sightings, scale, answer)
    pictures.sort(key=lambda p: (p.endpoint.key, p.endpoint.host, p.status, p.where, p.path))
    return Picture(
        n_exchanges=summary.n_exchanges, n_bytes=summary.n_bytes, n_opaque=summary.n_opaque,
        undecodable=sorted(set(summary.undecodable), key=lambda u: (len(u.where), u.where, u.reason)),
        endpoints=dict(sorted(endpoints.items())), fields=pictures, n_persons=answer.people.n_persons(), route=route, whose=answer,
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
    endpoint.refused.update(stats.refused)
    endpoint.n_typed += stats.n_typed
    endpoint.statuses.update(stats.statuses)
    endpoint.example = min(filter(None, (endpoint.example, stats.example)), key=lambda w: (len(w), w))


Seen = tuple[Counter[Sighting], float]
"""Sightings, and the factor by which their counts stand for all."""


def fold_fields(summary: TrafficSummary, keys: dict[Place, str]) -> tuple[dict[FoldedKey, FieldSummary], dict[FoldedKey, list[Seen]]]:
    folded: dict[FoldedKey, FieldSummary] = {}
    seen: dict[FoldedKey, list[Seen]] = {}
    for key, field_summary in summary.fields.items():
        target = fold_key(key, keys)
        folded.setdefault(target, FieldSummary()).merge(field_summary)
        if key in summary.sightings:
            seen.setdefault(target, []).append((summary.sightings[key], summary.sightings.scale(key)))
    return folded, seen


def fold_key(key: FieldKey, keys: dict[Place, str]) -> FoldedKey:
    return keys[key.place], key.status, key.where, key.path, key.name, key.parents


def folded_key(item: FieldPicture) -> FoldedKey:
    return f"{item.endpoint.host} {item.endpoint.key}", item.status, item.where, item.path, item.name, item.parents


def picture(key: FoldedKey, field_summary: FieldSummary, endpoint: EndpointPicture) -> FieldPicture:
    _, status, where, path, name, parents = key
    label = decide(path, name, parents, field_summary, person=of_person(endpoint, path, parents))
    return FieldPicture(endpoint, status, where, path, name, parents, field_summary, label)


def of_person(endpoint: EndpointPicture, path: str, parents: tuple[str, ...]) -> bool:
    """Tell whether the object that a field stands in describes a person, by its members or by what the endpoint is about."""
    owner = next((path[:end] for end in reversed([at for at, sign in enumerate(path) if sign in ".["]) if path[:end] in endpoint.objects), "")
    members = frozenset(snake(name) for shape in endpoint.objects.get(owner, ()) for name in shape)
    noun = holder(parents) or next((part for part in reversed(endpoint.template.split("/")) if part and "{" not in part), "")
    return is_person(noun, members)


def relate(item: FieldPicture, sightings: Counter[Sighting], scale: float, answer: Whose) -> None:
    """Count whose the values of a field are to those who received them."""
    item.is_estimate |= scale > 1
    totals: Counter[str] = Counter()
    kind = kind_of_name(item.name)
    for sighting, n in sightings.items():
        subject = answer.subject(sighting, kind)
        relation = answer.relation(sighting.caller, subject)
        totals[relation] += n
        totals["anonymous"] += n * answer.is_anonymous(sighting.caller)
        totals["admins"] += n * (sighting.caller in answer.admins)
        note_persons(item, sighting, n, subject, relation, answer)
    item.relation.own += round(totals["self"] * scale)
    item.relation.other += round(totals["other"] * scale)
    item.relation.unknown += round(totals["unknown"] * scale)
    item.n_to_anonymous += round(totals["anonymous"] * scale)
    item.n_to_admins += round(totals["admins"] * scale)


def note_persons(item: FieldPicture, sighting: Sighting, n: int, subject: set[Node], relation: str, answer: Whose) -> None:
    who = f"{min(subject)}" if subject else f"{('value', sighting.value)}"
    recipient = answer.recipient(sighting.caller)
    item.subjects.add(who)
    item.receivers.setdefault(sighting.value, Counter())[recipient] += n
    item.received.setdefault(recipient, set()).add(who)
    if relation != "self":
        item.recipients.add(recipient)
        item.others.add(who)
        if subject & answer.account_holders:
            item.others_with_account.add(who)
