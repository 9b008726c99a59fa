"""Make a policy matchable: a tree of templates, and for each rule what it needs at hand.

Decides which rules a request meets. Refuses to act on them.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

from stanch.contain.graphql import may_be
from stanch.contain.policy import DenyClients, Match, Policy, Rule
from stanch.contain.request import Request, hashed, tokens, users
from stanch.contain.route import Branch, Segments, hosts, methods, paths, tree


@dataclass(frozen=True, slots=True, kw_only=True)
class Compiled:
    policy: Policy
    rules: tuple[Rule, ...]
    """Those with a match, in the policy's order."""
    templates: Branch
    exceptions: tuple[Branch, ...]
    """One tree for each rule of ``rules``."""
    known_hosts: frozenset[str]
    """Hosts that rules name. Any other name may be an alias of theirs, so a rule's host keeps out only these."""
    denials: tuple["Denial", ...]

    @property
    def needs_body(self) -> bool:
        """Whether some decision depends on what a request's body says."""
        return any(rule.match and may_be(rule.match) for rule in self.rules)

    def rules_for(self, request: Request) -> tuple[Rule, ...]:
        """Give the rules that hold for a request under any reading of it."""
        if not self.rules:
            return ()
        forms = paths(request)
        found = sorted({number for form in forms for number in self.templates.find(form)})
        return tuple(self.rules[n] for n in found if self.holds(n, forms, request)) if found else ()

    def holds(self, number: int, forms: frozenset[Segments], request: Request) -> bool:
        match = self.rules[number].match
        if match is None or (match.besides and all(self.exceptions[number].find(form) for form in forms)):
            return False
        return self.method_fits(match, request) and self.host_fits(match, request)

    def method_fits(self, match: Match, request: Request) -> bool:
        if not match.methods:
            return True
        possible = methods(request)
        return not possible or not possible.isdisjoint(match.methods)

    def host_fits(self, match: Match, request: Request) -> bool:
        if match.host is None:
            return True
        named = hosts(request)
        return match.host in named or not named or not named <= self.known_hosts

    def denied(self, request: Request) -> Rule | None:
        """Give the rule by which this client is shut out, everywhere or on a route that the rule names."""
        return next((d.rule for d in self.denials if d.covers(request) and (d.rule.match is None or d.rule in self.rules_for(request))), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Denial:
    rule: Rule
    tokens: frozenset[str]
    users: frozenset[str]
    networks: tuple[IPv4Network | IPv6Network, ...]

    def covers(self, request: Request) -> bool:
        if self.tokens and any(hashed(token) in self.tokens for token in tokens(request)):
            return True
        if self.users and any(hashed(user) in self.users for user in users(request)):
            return True
        return bool(self.networks) and within(request.client_ip, self.networks)


def within(address: str, networks: tuple[IPv4Network | IPv6Network, ...]) -> bool:
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    mapped = getattr(found, "ipv4_mapped", None)
    return any((mapped or found) in network for network in networks)


def compile_policy(policy: Policy, *, other_hosts: Iterable[str] = ()) -> Compiled:
    """Make a policy matchable; ``other_hosts`` are names known to be someone else's, which a rule's host keeps out."""
    rules = tuple(rule for rule in policy.rules if rule.match is not None)
    return Compiled(
        policy=policy,
        rules=rules,
        templates=tree(rule.match.template for rule in rules if rule.match),
        exceptions=tuple(tree(rule.match.besides) for rule in rules if rule.match),
        known_hosts=frozenset(rule.match.host for rule in rules if rule.match and rule.match.host).union(other_hosts),
        denials=tuple(denials(policy)),
    )


def denials(policy: Policy) -> Iterator[Denial]:
    for rule in policy.rules:
        if rule.deny_clients is not None:
            yield denial(rule, rule.deny_clients)


def denial(rule: Rule, clients: DenyClients) -> Denial:
    return Denial(
        rule=rule,
        tokens=frozenset(clients.token_sha256),
        users=frozenset(clients.user_sha256),
        networks=tuple(ip_network(text) for text in clients.ip),
    )
