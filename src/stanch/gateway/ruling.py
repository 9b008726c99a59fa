"""The policy in force in one worker, with what has to be remembered for it: limits used up, canaries tripped, routes looked up.

A new policy is a new ruling, put in place by one assignment; what was used up of a limit carries over.
"""

import re
import time
from collections.abc import Iterable

from stanch.contain.compile import Compiled, compile_policy
from stanch.contain.decide import GO, Decision, decide
from stanch.contain.graphql import may_be
from stanch.contain.limit import Bucket, is_full, take
from stanch.contain.plan_for import Maskers
from stanch.contain.policy import Policy, Rule
from stanch.contain.request import Request
from stanch.gateway.head import RequestHead

_ODD = re.compile(
    rb"\n(?:x-(?:http-method|method-|original-|rewrite-|forwarded-host|host)|forwarded:|content-type:[ \t]*(?:application/x-www-form|multipart/form))"
)
"""Fields that may change what a request means; without them, method, target and host say it all."""
MAX_KNOWN = 8192
MAX_BUCKETS = 100_000
Buckets = dict[tuple[str, str], Bucket]


class Ruling:
    """A policy, compiled and ready."""

    def __init__(self, policy: Policy | None, maskers: Maskers, *, buckets: Buckets | None = None, other_hosts: Iterable[str] = ()) -> None:
        self.policy = policy
        self.compiled: Compiled | None = compile_policy(policy, other_hosts=other_hosts) if policy else None
        self.maskers = maskers
        self.tripped: frozenset[str] = frozenset()
        self.buckets: Buckets = {} if buckets is None else buckets
        self._expires_s = policy.expires.timestamp() if policy and policy.expires else None
        self._known: dict[tuple[bytes, bytes, bytes], tuple[Rule, ...]] = {}

    @property
    def expired(self) -> bool:
        return self._expires_s is not None and time.time() >= self._expires_s

    @property
    def needs_body(self) -> bool:
        return self.compiled is not None and self.compiled.needs_body

    def decide(self, head: RequestHead, target: bytes, host: bytes, client_ip: str, body: bytes | None = None) -> Decision:
        """Decide on a request; the body is looked at only where a rule is about GraphQL."""
        compiled = self.compiled
        if compiled is None or self.expired:
            return GO
        known = self._rules(compiled, head, target, host, client_ip)
        if not known and not compiled.denials:
            return GO
        asked = request_of(head, target, host, client_ip, body)
        return decide(compiled, asked, take=self.take, tripped=self.tripped, rules=known)

    def decide_whole(self, request: Request) -> Decision:
        """Decide on a request that is all there, as middlewares have it."""
        if self.compiled is None or self.expired:
            return GO
        return decide(self.compiled, request, take=self.take, tripped=self.tripped)

    def _rules(self, compiled: Compiled, head: RequestHead, target: bytes, host: bytes, client_ip: str) -> tuple[Rule, ...]:
        if _ODD.search(head.low):
            return compiled.rules_for(request_of(head, target, host, client_ip, None))
        key = (head.method, target, host)
        found = self._known.get(key)
        if found is None:
            found = compiled.rules_for(request_of(head, target, host, client_ip, None))
            if len(self._known) >= MAX_KNOWN:
                self._known.clear()
            self._known[key] = found
        return found

    def may_need_body(self, head: RequestHead, target: bytes, host: bytes, client_ip: str) -> bool:
        """Tell whether the decision has to wait for the request's body."""
        if self.compiled is None or not self.needs_body or head.method in {b"GET", b"HEAD"}:
            return False
        return any(rule.match and may_be(rule.match) for rule in self._rules(self.compiled, head, target, host, client_ip))

    def take(self, rule: Rule, who: str) -> float:
        """Take a token; give the seconds to wait."""
        if rule.limit is None:
            return 0.0
        now_s = time.monotonic()
        taken = take(self.buckets.get((rule.id, who)), rule.limit, now_s)
        if len(self.buckets) >= MAX_BUCKETS:
            self._forget(rule, now_s)
        self.buckets[rule.id, who] = taken.bucket
        return 0.0 if taken.allowed else taken.retry_after_s

    def _forget(self, rule: Rule, now_s: float) -> None:
        """Drop full buckets, which changes nothing; when there are none, the oldest half, which is a little lenient."""
        limits = {r.id: r.limit for r in self.compiled.rules if r.limit} if self.compiled else {rule.id: rule.limit}
        full = [key for key, bucket in self.buckets.items() if (limit := limits.get(key[0])) is None or is_full(bucket, limit, now_s)]
        for key in full or sorted(self.buckets, key=lambda k: self.buckets[k].at_s)[: MAX_BUCKETS // 2]:
            del self.buckets[key]


def request_of(head: RequestHead, target: bytes, host: bytes, client_ip: str, body: bytes | None) -> Request:
    return Request(
        method=head.method.decode("latin-1"),
        target=target.decode("latin-1"),
        host=host.decode("latin-1"),
        headers=head.pairs(),
        client_ip=client_ip,
        body=body,
    )
