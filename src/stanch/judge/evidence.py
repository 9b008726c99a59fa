"""What the signals look at: one labelled field and the whole picture around it.

Gathers; does not weigh.
"""

import re
from collections import Counter
from dataclasses import dataclass, field

from stanch.classify.decide import Label
from stanch.classify.taxonomy import TAXONOMY, Datatype
from stanch.identity.person import is_person_noun, snake
from stanch.identity.resolve import SELF_WORDS, FieldPicture, Picture
from stanch.inventory.contract import Contract

ADMIN = re.compile(
    r"(^|[/_.-])(admin|administrator|backoffice|back-office|staff|superuser|manage|management|internal-admin|moderation)([/_.-]|$)",
    re.IGNORECASE,
)
DEBUG = re.compile(
    r"(^|[/_.-])(_?debug|_?internal|actuator|heapdump|dump|phpinfo|trace|_profiler|dev|test-?data)([/_.-]|$)",
    re.IGNORECASE,
)
SIGN_IN = re.compile(
    r"(^|[/_.-])(log-?in|sign-?in|sign-?up|auth|authenticate|authorize|token|tokens|oauth2?|session|sessions|register|registration|refresh|otp|verify|password)([/_.-]|$)",
    re.IGNORECASE,
)
WORKPLACE = re.compile(
    r"^(organi[sz]ations?|orgs?|workspaces?|teams?|memberships?|tenants?|compan(y|ies)|departments?|employees?|staff|projects?|tickets?|issues?|boards?)$",
    re.IGNORECASE,
)
WORKPLACE_CORE = re.compile(r"^(organi[sz]ations?|orgs?|workspaces?|teams?|memberships?|tenants?|departments?|employees?)$", re.IGNORECASE)
INTERNAL = re.compile(
    r"^(password|passwd|pwd|password_?hash|hashed_?password|salt|is_?superuser|is_?staff|is_?admin|is_?deleted|deleted_?at|__v|_sa_instance_state|failed_?logins?|login_?attempts?"
    r"|last_?login(_?ip|_?at)?|reset_?token|otp_?secret|mfa_?secret|two_?factor_?secret|encrypted_?password|remember_?token|email_?verified(_?at)?|stripe_?customer_?id|internal_?notes?|created_?by_?ip)$"
)


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

    @property
    def n_values(self) -> int:
        relation = self.picture.relation
        return relation.own + relation.other + relation.unknown

    @property
    def is_self_endpoint(self) -> bool:
        template = self.picture.endpoint.template
        last = next((part for part in reversed(template.strip("/").split("/")) if part), "")
        return snake(last) in SELF_WORDS or bool(set(self.literals) & {"me", "self", "my", "mine", "whoami"})

    @property
    def is_sign_in(self) -> bool:
        return self.picture.endpoint.n_typed > 0 or bool(SIGN_IN.search(self.picture.endpoint.template))

    @property
    def is_admin(self) -> bool:
        return bool(ADMIN.search(self.picture.endpoint.template))

    @property
    def is_debug(self) -> bool:
        return bool(DEBUG.search(self.picture.endpoint.template))

    @property
    def noun(self) -> str:
        """The resource that the endpoint is about: its last fixed segment that is no verb or version."""
        nouns = [part for part in self.literals if not re.fullmatch(r"api|v\d+|rest|public|graphql", part)]
        return nouns[-1] if nouns else ""

    @property
    def is_nested_person(self) -> bool:
        return bool(self.owner) and is_person_noun(self.owner) and not is_person_noun(self.noun)

    @property
    def in_list(self) -> bool:
        return "[*]" in self.picture.path or "[~]" in self.picture.path


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    contract: Contract | None = None
    client_fields: frozenset[str] | None = None
    """Member names that the client's code mentions; ``None`` where no client was given."""
    workplace: bool = False
    """The API is an organisation's tool whose members see each other."""
    open_to_anyone: bool = False
    """Person objects of this API go out to anonymous callers somewhere."""
    peers: dict[str, Counter[str]] = field(default_factory=dict)
    """Member name to the nouns of endpoints whose person objects carry it."""
    n_embeddings: int = 0
    """Number of places in which person objects appear, own records apart."""


def gather(picture: Picture, *, contract: Contract | None = None, client_fields: frozenset[str] | None = None) -> tuple[list[Evidence], Context]:
    """Collect the evidence on every labelled field of a response, and what holds for all of them."""
    evidence = [evidence_of(item, item.label) for item in picture.fields if item.label is not None]
    literals = {part for endpoint in picture.endpoints.values() for part in literal_segments(endpoint.template)}
    persons = [e for e in evidence if e.picture.where == "response.body" and e.picture.status < 400]
    peers, n_embeddings = consensus(persons)
    open_to_anyone = any(e.picture.n_to_anonymous and e.picture.relation.other for e in persons)
    workplace = not open_to_anyone and any(WORKPLACE_CORE.match(part) for part in literals)
    context = Context(
        contract=contract,
        client_fields=client_fields,
        workplace=workplace,
        open_to_anyone=open_to_anyone,
        peers=peers,
        n_embeddings=n_embeddings,
    )
    return evidence, context


def consensus(persons: list[Evidence]) -> tuple[dict[str, Counter[str]], int]:
    """Count, over all places where other people's objects appear, which members they carry."""
    spots: dict[tuple[str, str], set[str]] = {}
    for item in persons:
        if item.is_self_endpoint or item.is_sign_in or not item.picture.relation.other:
            continue
        spot = (item.picture.endpoint.key, item.picture.path.rsplit(".", 1)[0])
        spots.setdefault(spot, set()).add(snake(item.picture.name))
    peers: dict[str, Counter[str]] = {}
    for (endpoint, _), names in spots.items():
        for name in names:
            peers.setdefault(name, Counter())[endpoint] += 1
    return peers, len(spots)


def evidence_of(item: FieldPicture, label: Label) -> Evidence:
    owner_path = item.path.rsplit(".", 1)[0] if "." in item.path else "$"
    shapes = item.endpoint.objects.get(owner_path, Counter())
    siblings = frozenset(snake(name) for members in shapes for name in members)
    owner = next((name for name in reversed(item.parents) if name), "")
    return Evidence(
        picture=item,
        label=label,
        datatype=TAXONOMY[label.datatype],
        literals=literal_segments(item.endpoint.template),
        owner=owner,
        siblings=siblings,
    )


def literal_segments(template: str) -> tuple[str, ...]:
    return tuple(part for part in template.strip("/").split("/") if part and not part.startswith("{"))
