"""What happens to a request: refused, let through, or let through with its response contained.

Pure: the moment and the state of the limits come in as arguments. Refusals come first: denied clients, denied routes, limits.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from stanch.contain import graphql
from stanch.contain.canary import released
from stanch.contain.compile import Compiled
from stanch.contain.policy import OnError, Rule
from stanch.contain.request import Request, hashed, identity, tokens
from stanch.traffic.body.graphql import Operation

Take = Callable[[Rule, str], float]
"""Takes a token for (rule, who); gives the seconds to wait, nought where the request may go on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Go:
    """Nothing of the policy concerns this request."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refuse:
    rule_id: str
    why: Literal["denied client", "denied route", "over the limit"]
    status: int
    message: str
    retry_after_s: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Contain:
    """Let the request through and mask its response."""

    rules: tuple[Rule, ...]
    """Those that mask or drop; status and content type still have to fit."""
    on_error: OnError
    released_by: tuple[Rule, ...] = ()
    """Canary rules by which this identity gets the response as it is, as long as nothing watched is in it."""
    operations: tuple[Operation, ...] = field(default=(), repr=False)
    """GraphQL: with the aliases under which members may stand."""
    unsure: str = ""
    """Why no mask can be certain for this request, whatever the response says; it is withheld then."""


Decision = Go | Refuse | Contain
GO = Go()


def no_limits(_rule: Rule, _who: str) -> float:
    return 0.0


def decide(
    compiled: Compiled, request: Request, *, take: Take = no_limits, tripped: frozenset[str] = frozenset(), rules: tuple[Rule, ...] | None = None
) -> Decision:
    """Decide on one request; ``tripped`` names the canary rules that have been stopped, ``rules`` those it meets where that is known already."""
    if compiled.denials and (rule := compiled.denied(request)) is not None:
        return Refuse(rule_id=rule.id, why="denied client", status=403, message="not allowed")
    rules = compiled.rules_for(request) if rules is None else rules
    if not rules:
        return GO
    found = graphql.operations(request) if any(r.match and graphql.may_be(r.match) for r in rules) else ()
    rules = tuple(r for r in rules if r.match and (not r.match.operations or graphql.meets(r.match.operations, found)))
    return refusal(rules, request, take) or containment(compiled, rules, request, found, tripped)


def refusal(rules: tuple[Rule, ...], request: Request, take: Take) -> Refuse | None:
    for rule in rules:
        if rule.deny is not None:
            return Refuse(rule_id=rule.id, why="denied route", status=rule.deny.status, message=rule.deny.message)
    for rule in rules:
        if rule.limit is not None:
            who = identity(request, rule.limit.per) or f"ip {request.client_ip}"
            if (wait_s := take(rule, hashed(who))) > 0:
                return Refuse(rule_id=rule.id, why="over the limit", status=429, message="too many requests", retry_after_s=wait_s)
    return None


def containment(compiled: Compiled, rules: tuple[Rule, ...], request: Request, found: tuple[Operation, ...], tripped: frozenset[str]) -> Decision:
    masking = tuple(rule for rule in rules if rule.masks or rule.drops)
    if not masking:
        return GO
    canaries = tuple(rule for rule in rules if rule.canary is not None and rule.id not in tripped and covers(compiled, rule, request))
    hidden = any(rule.match and graphql.may_be(rule.match) for rule in masking) and not graphql.all_known(request, found)
    return Contain(
        rules=masking,
        on_error=compiled.policy.on_error,
        released_by=canaries,
        operations=found,
        unsure="the GraphQL operation's text is not known" if hidden else "",
    )


def covers(compiled: Compiled, rule: Rule, request: Request) -> bool:
    """Tell whether a canary rule releases this request's identity, by every credential that it brings."""
    if rule.canary is None:
        return False
    salt = f"{compiled.policy.name}/{rule.id}"
    if rule.canary.by == "token":
        found = list(tokens(request))
        return bool(found) and all(released(salt, token, rule.canary.release) for token in found)
    return released(salt, identity(request, rule.canary.by), rule.canary.release)
