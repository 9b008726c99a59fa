"""What the signals look at: one labelled field and the whole picture around it.

Gathers; does not weigh.
"""

from collections import Counter
from dataclasses import dataclass, field
from itertools import pairwise

from stanch.classify.decide import Label
from stanch.classify.taxonomy import TAXONOMY, Datatype
from stanch.identity.person import ENVELOPES, POINTERS, is_person, is_person_noun, snake
from stanch.identity.resolve import SELF_WORDS, EndpointPicture, FieldPicture, Picture
from stanch.identity.whose import ALWAYS_SELF, words_of
from stanch.inventory.contract import Contract
from stanch.judge.client import Client
from stanch.judge.lattice import Lattice, Projection, Spot, members_of
from stanch.judge.scope import Scope, Scopes, gather_scopes, scope_of
from stanch.judge.words import ADMIN, DEBUG, RECORDS, SIGN_IN, VERSIONS, WORKPLACE


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    picture: FieldPicture
    label: Label
    datatype: Datatype
    literals: tuple[str, ...]
    """The path's fixed segments."""
    owner: str
    """Name of the member that holds the enclosing object; empty at the root."""
    siblings: frozenset[str]
    """All members seen beside the field, snake case."""
    around: frozenset[str] = frozenset()
    """Members of the object that encloses the enclosing one."""

    @property
    def n_values(self) -> int:
        relation = self.picture.relation
        return relation.own + relation.other + relation.unknown

    @property
    def spot(self) -> Spot:
        return self.picture.endpoint.key, self.picture.status, owner_path(self.picture.path)

    @property
    def is_self_endpoint(self) -> bool:
        return is_self(self.picture.endpoint)

    @property
    def is_sign_in(self) -> bool:
        endpoint = self.picture.endpoint
        operation = endpoint.key.rpartition("#")[2] if "#" in endpoint.key else ""
        return endpoint.n_typed > 0 or bool(SIGN_IN.search(endpoint.template) or SIGN_IN.search(f"/{snake(operation)}"))

    @property
    def is_admin(self) -> bool:
        return bool(ADMIN.search(self.picture.endpoint.template))

    @property
    def is_debug(self) -> bool:
        return bool(DEBUG.search(self.picture.endpoint.template))

    @property
    def noun(self) -> str:
        """The resource that the endpoint is about: its last fixed segment that is no verb or version."""
        return noun_of(self.picture.endpoint)

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the members around the field, outermost first, without envelopes."""
        return tuple(name for name in map(snake, self.picture.parents) if name not in ENVELOPES)

    @property
    def is_person(self) -> bool:
        """The enclosing object describes a person."""
        return is_person(self.owner or self.noun, self.siblings)

    @property
    def is_nested_person(self) -> bool:
        is_wrapper = len(self.names) == 1 and self.holder == self.names[0] and not self.around
        return bool(self.holder) and not is_person_noun(self.noun) and not is_wrapper

    @property
    def holder(self) -> str:
        """Name of the nested person that the field belongs to: of the enclosing object, or of the one around it; else empty."""
        name = snake(self.picture.name)
        if name in POINTERS and self.label.datatype.startswith("contact."):
            return name
        return next((name for name in self.names[:-3:-1] if is_person_noun(name)), "")

    @property
    def in_list(self) -> bool:
        return "[*]" in self.picture.path or "[~]" in self.picture.path

    @property
    def scope(self) -> Scope:
        """How far the values are kept to one person each."""
        return scope_of(self.picture.receivers.values())

    @property
    def receivers_per_value(self) -> float:
        received = self.picture.receivers
        return sum(len(who) for who in received.values()) / len(received) if received else 0.0

    @property
    def is_about_accounts(self) -> bool:
        """More than a stray one of the subjects is a caller: one telephone number in common makes no account holder."""
        return len(self.picture.others_with_account) > STRAY * len(self.picture.subjects)

    @property
    def others_at_least(self) -> int:
        """Subjects that can't all be the caller, whoever that is: every caller is one person."""
        return sum(len(subjects) - 1 for subjects in self.picture.received.values() if len(subjects) > 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    contract: Contract | None = None
    client: Client | None = None
    """What the client's code mentions; ``None`` where no client was given."""
    workplace: bool = False
    """The API is an organisation's tool whose members see each other."""
    n_callers: int = 0
    """Different persons who called, visitors counting as one."""
    n_account_holders: int = 0
    has_admins_and_others: bool = False
    record_nouns: frozenset[str] = frozenset()
    """Nouns of paths under which several people are kept, none of whom signs in."""
    lattice: Lattice = field(default_factory=Lattice)
    scopes: Scopes = field(default_factory=Scopes)


def gather(picture: Picture, *, contract: Contract | None = None, client: Client | None = None) -> tuple[list[Evidence], Context]:
    """Collect the evidence on every labelled field of a response, and what holds for all of them."""
    evidence = [evidence_of(item, item.label) for item in picture.fields if item.label is not None]
    persons = [e for e in evidence if e.picture.where == "response.body" and e.picture.status < 400]
    literals = {part for endpoint in picture.endpoints.values() for part in literal_segments(endpoint.template)}
    open_to_anyone = any(e.picture.n_to_anonymous and e.picture.others_with_account and not e.is_debug for e in persons)
    lattice = lattice_of(persons)
    recipients = {who for e in persons for who in e.picture.received}
    to_admins = [e.picture.n_to_admins for e in persons if e.picture.n_to_admins]
    context = Context(
        contract=contract,
        client=client,
        workplace=not open_to_anyone and any(WORKPLACE.match(part) for part in literals),
        n_callers=len(recipients),
        n_account_holders=len(picture.whose.account_holders),
        has_admins_and_others=bool(to_admins) and sum(to_admins) < sum(e.n_values for e in persons),
        record_nouns=kept_records(persons) if len(picture.whose.account_holders) >= 2 else frozenset(),
        lattice=lattice,
        scopes=gather_scopes(picture.fields, lattice),
    )
    return evidence, context


def kept_records(persons: list[Evidence]) -> frozenset[str]:
    """Find the nouns of paths that are about people none of whom ever signs in."""
    subjects: dict[str, set[str]] = {}
    signing_in: set[str] = set()
    for item in persons:
        for part in (part for part in item.literals if RECORDS.match(part)):
            subjects.setdefault(part, set()).update(item.picture.subjects)
            if item.is_about_accounts or item.picture.relation.own or item.picture.n_to_anonymous:
                signing_in.add(part)
    return frozenset(part for part, who in subjects.items() if len(who) >= MIN_RECORDS and part not in signing_in)


def lattice_of(persons: list[Evidence]) -> Lattice:
    lattice = Lattice()
    for item in persons:
        found = lattice.projections.setdefault(item.spot, Projection(item.siblings))
        found.persons |= item.picture.subjects
        found.others_with_account |= item.picture.others_with_account
        found.is_person |= item.is_person
        found.is_own |= (item.is_self_endpoint or item.is_sign_in) and not item.in_list and item.picture.relation.own >= item.picture.relation.other
        found.is_reserved |= item.is_admin
    return lattice.finish()


def evidence_of(item: FieldPicture, label: Label) -> Evidence:
    path = owner_path(item.path)
    outer = owner_path(path) if "." in path else ""
    return Evidence(
        picture=item,
        label=label,
        datatype=TAXONOMY[label.datatype],
        literals=literal_segments(item.endpoint.template),
        owner=next((name for name in reversed(item.parents) if name and snake(name) not in ENVELOPES), ""),
        siblings=members_of(item.endpoint.objects.get(path, Counter())),
        around=members_of(item.endpoint.objects.get(outer, Counter())) if outer else frozenset(),
    )


def owner_path(path: str) -> str:
    """Give the path of the object that a member stands in."""
    return path.rsplit(".", 1)[0] if "." in path else "$"


MIN_RECORDS = 3
STRAY = 0.1
OWN_BRANCHES = frozenset(["account", "profile", "konto", "compte", "cuenta", "perfil", "conta"])
"""Words below which an API keeps what is the caller's own, unless a parameter follows."""


def is_self(endpoint: EndpointPicture) -> bool:
    """Tell whether an endpoint answers with what is the caller's own."""
    words = words_of(endpoint.template)
    operation = snake(endpoint.key.rpartition("#")[2]) if "#" in endpoint.key else ""
    mine = words[-1] in SELF_WORDS or bool({*words, operation} & ALWAYS_SELF)
    return mine or any(word in OWN_BRANCHES and not after.startswith("{") for word, after in pairwise(words))


def noun_of(endpoint: EndpointPicture) -> str:
    nouns = [part for part in literal_segments(endpoint.template) if not VERSIONS.fullmatch(part.lower())]
    return nouns[-1] if nouns else ""


def literal_segments(template: str) -> tuple[str, ...]:
    return tuple(part for part in template.strip("/").split("/") if part and not part.startswith("{"))
