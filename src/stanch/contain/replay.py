"""Send a capture through a policy: what it would touch, and the proof that nothing targeted survives and nothing else changes.

Every captured response goes through the very function that the gateway runs; ``prove`` then looks at before and after with other code.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from stanch.contain.compile import compile_policy
from stanch.contain.decide import Contain, Refuse, decide
from stanch.contain.plan_for import Maskers, actions_of, fits
from stanch.contain.policy import Policy
from stanch.contain.prove import Proof, prove
from stanch.contain.request import Headers, Request, hashed, identity
from stanch.contain.respond import Response, plain, respond
from stanch.traffic.body.limits import BodyError
from stanch.traffic.exchange import Exchange, Unreadable

MAX_SHOWN = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """Something that the proof found, with its place in the capture."""

    where: str
    what: str


@dataclass(slots=True, kw_only=True)
class Replay:
    """What a policy does to a capture."""

    n_exchanges: int = 0
    n_responses: int = 0
    n_contained: int = 0
    n_changed: int = 0
    """Contained responses that had something to take out."""
    n_refused: int = 0
    n_targets: int = 0
    n_by_place_only: int = 0
    members: Counter[str] = field(default_factory=Counter)
    """By rule: members masked or dropped."""
    rules: Counter[str] = field(default_factory=Counter)
    """By rule: responses met."""
    clients: set[str] = field(default_factory=set)
    """Hashes of all clients."""
    clients_hit: set[str] = field(default_factory=set)
    withheld: list[Fault] = field(default_factory=list)
    survivals: list[Fault] = field(default_factory=list)
    changes: list[Fault] = field(default_factory=list)
    unreadable: list[Fault] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        """Whether no targeted value survives and nothing else changed."""
        return not self.survivals and not self.changes

    @property
    def share_of_responses(self) -> float:
        return (self.n_contained + self.n_refused) / self.n_responses if self.n_responses else 0.0

    @property
    def share_of_clients(self) -> float:
        return len(self.clients_hit) / len(self.clients) if self.clients else 0.0

    @property
    def idle_rules(self) -> frozenset[str]:
        return frozenset(rule for rule, n in self.rules.items() if n == 0)


def replay(policy: Policy, exchanges: Iterable[Exchange | Unreadable], *, key: bytes, prove_all: bool = True) -> Replay:
    """Run every exchange through the policy; limits and canaries are left out, since they depend on more than one exchange.

    Cost: with proof, a few times that of scanning the responses that rules meet.
    """
    compiled = compile_policy(policy)
    stopped = frozenset(rule.id for rule in policy.rules if rule.canary)
    maskers = Maskers(key=key)
    found = Replay(rules=Counter({rule.id: 0 for rule in policy.rules if rule.match and not rule.canary and not rule.limit}))
    for exchange in exchanges:
        if isinstance(exchange, Unreadable):
            found.unreadable.append(Fault(where=exchange.where, what=exchange.reason))
            continue
        request = request_of(exchange)
        client = client_of(request)
        found.n_exchanges += 1
        found.n_responses += exchange.status > 0
        found.clients.add(client)
        decision = decide(compiled, request, tripped=stopped)
        if isinstance(decision, Refuse):
            found.n_refused += 1
            found.rules[decision.rule_id] += 1
            found.clients_hit.add(client)
        elif isinstance(decision, Contain) and exchange.status:
            contained(found, decision, exchange, maskers, client, prove_all=prove_all)
    return found


def contained(found: Replay, plan: Contain, exchange: Exchange, maskers: Maskers, client: str, *, prove_all: bool) -> None:
    before = response_of(exchange)
    rules = tuple(rule for rule in plan.rules if fits(rule, before.status, before.value("content-type")))
    if not rules:
        return
    outcome = respond(plan, before, method=exchange.method, maskers=maskers, sampled=False)
    found.n_contained += 1
    found.clients_hit.add(client)
    found.rules.update(rule.id for rule in rules)
    n_members = outcome.n_masked + outcome.n_dropped
    found.n_changed += n_members > 0
    found.members[",".join(outcome.rule_ids)] += n_members
    if outcome.withheld:
        found.withheld.append(Fault(where=exchange.where, what=outcome.withheld))
    elif prove_all:
        note_proof(found, exchange.where, proof_of(plan, before, outcome.response))


def proof_of(plan: Contain, before: Response, after: Response) -> Proof:
    rules = tuple(rule for rule in plan.rules if fits(rule, before.status, before.value("content-type")))
    try:
        body = plain(before)
    except BodyError:
        return Proof(changed="the captured body can't be decoded")
    return prove(body, after.body, content_type=before.value("content-type"), headers=after.headers, actions=actions_of(rules, plan.operations))


def note_proof(found: Replay, where: str, proof: Proof) -> None:
    found.n_targets += proof.n_targets
    found.n_by_place_only += proof.n_by_place_only
    found.survivals += [Fault(where=where, what=f"a targeted value still stands in {s.place}, {s.form}") for s in proof.survivals]
    if proof.changed:
        found.changes.append(Fault(where=where, what=proof.changed))


def request_of(exchange: Exchange) -> Request:
    parts = urlsplit(exchange.url)
    return Request(
        method=exchange.method,
        target=(parts.path or "/") + (f"?{parts.query}" if parts.query else ""),
        host=parts.netloc,
        headers=lowered(exchange.request_headers),
        client_ip=exchange.client_ip or "",
        body=exchange.request_body,
    )


def response_of(exchange: Exchange) -> Response:
    """Give the captured response as it came; a recorder that decoded the body leaves a coding that no longer holds."""
    gone = {"content-encoding"} if exchange.decoded else set()
    headers = tuple((name, value) for name, value in lowered(exchange.response_headers) if name not in gone)
    return Response(status=exchange.status, headers=headers, body=exchange.response_body)


def lowered(headers: Headers) -> Headers:
    return tuple((name.lower(), value) for name, value in headers)


def client_of(request: Request) -> str:
    """Name a client by a hash: its token, else its address, else nobody in particular."""
    return hashed(identity(request, "token") or request.client_ip or "nobody")
