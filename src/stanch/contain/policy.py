"""A containment policy as values: what is masked, refused or slowed, on which endpoints, for whom, until when.

Decides nothing: ``parse`` reads it, ``compile`` makes it matchable, ``decide`` and ``respond`` act on it.
"""

from dataclasses import dataclass, field
from datetime import datetime
from hashlib import blake2b
from typing import Literal

import orjson

SCHEMA = "stanch.policy/1"
OnError = Literal["block", "pass"]
MaskKind = Literal["typed", "null", "text", "partial", "hash"]
Place = Literal["response.body", "response.header"]
Identity = Literal["client_ip", "token", "user"]
MASK_KINDS: tuple[MaskKind, ...] = ("typed", "null", "text", "partial", "hash")


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    template: str
    """Such as ``/api/users/{id}``; a parameter stands for one segment, also with text around it."""
    host: str | None = None
    methods: tuple[str, ...] = ()
    """Upper case; empty for all. ``GET`` covers ``HEAD``."""
    besides: tuple[str, ...] = ()
    """``except`` in the document: templates that this one would cover too, and which are left alone."""
    statuses: tuple[tuple[int, int], ...] = ()
    """First and last status of each range; empty for all."""
    content_types: tuple[str, ...] = ()
    """Lower case, ``type/subtype`` or ``type/*``; empty for all, which is what containing a leak needs."""
    operations: tuple[str, ...] = ()
    """GraphQL operation names; empty for all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mask:
    path: str
    kind: MaskKind = "typed"
    where: Place = "response.body"


@dataclass(frozen=True, slots=True, kw_only=True)
class Drop:
    path: str
    where: Place = "response.body"


@dataclass(frozen=True, slots=True, kw_only=True)
class Deny:
    status: int = 503
    message: str = "temporarily unavailable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    per: Identity
    n: int
    per_s: int
    """``n`` requests in this many seconds."""
    burst: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DenyClients:
    token_sha256: tuple[str, ...] = ()
    user_sha256: tuple[str, ...] = ()
    """Of the subject that a signed token names."""
    ip: tuple[str, ...] = ()
    """Addresses and ranges."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Canary:
    release: float
    """Share of identities for which the masks of the same template are lifted, 0 to 1."""
    by: Identity = "token"
    watch: tuple[str, ...] = ()
    """Paths that the mended origin no longer fills: a value there ends the release."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    id: str
    match: Match | None = None
    """``None`` only for rules about clients, which hold everywhere."""
    masks: tuple[Mask, ...] = ()
    drops: tuple[Drop, ...] = ()
    deny: Deny | None = None
    limit: Limit | None = None
    deny_clients: DenyClients | None = None
    canary: Canary | None = None
    tripwire: float = 0.0
    """Share of contained responses that are scanned again as they leave, 0 to 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Guard:
    """How far a plan may reach before it needs ``--force``."""

    max_rules: int = 50
    max_fields: int = 200
    max_share_of_responses: float = 0.5
    max_share_of_clients: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """Who decided, and why, that responses may pass unmasked on an error."""

    by: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    name: str
    rev: int
    on_error: OnError
    rules: tuple[Rule, ...]
    expires: datetime | None = None
    """Aware; from then on nothing of the policy holds."""
    incident: str = ""
    decision: Decision | None = None
    guard: Guard = field(default_factory=Guard)

    @property
    def digest(self) -> str:
        """Name the content: two policies that say the same have the same digest."""
        return blake2b(orjson.dumps(to_dict(self)), digest_size=16).hexdigest()

    def expired(self, now: datetime) -> bool:
        return self.expires is not None and now >= self.expires


def to_dict(policy: Policy) -> dict[str, object]:
    """Write a policy as its document; ``parse`` reads it back to the same value."""
    document: dict[str, object] = {"schema": SCHEMA, "policy": policy.name, "rev": policy.rev}
    if policy.incident:
        document["incident"] = policy.incident
    document["on_error"] = policy.on_error
    if policy.decision is not None:
        document["on_error_decision"] = {"by": policy.decision.by, "why": policy.decision.why}
    if policy.expires is not None:
        document["expires"] = policy.expires.isoformat()
    if policy.guard != Guard():
        document["guard"] = guard_dict(policy.guard)
    document["rules"] = [rule_dict(rule) for rule in policy.rules]
    return document


def guard_dict(guard: Guard) -> dict[str, object]:
    return {
        "max_rules": guard.max_rules,
        "max_fields": guard.max_fields,
        "max_share_of_responses": guard.max_share_of_responses,
        "max_share_of_clients": guard.max_share_of_clients,
    }


def rule_dict(rule: Rule) -> dict[str, object]:
    document: dict[str, object] = {"id": rule.id}
    if rule.match is not None:
        document["match"] = match_dict(rule.match)
    if rule.masks:
        document["mask"] = [mask_dict(mask) for mask in rule.masks]
    if rule.drops:
        document["drop"] = [drop.path if drop.where == "response.body" else {"path": drop.path, "where": drop.where} for drop in rule.drops]
    if rule.deny is not None:
        document["deny"] = {"status": rule.deny.status, "message": rule.deny.message}
    if rule.limit is not None:
        document["limit"] = {"per": rule.limit.per, "rate": f"{rule.limit.n}/{rule.limit.per_s}s", "burst": rule.limit.burst}
    if rule.deny_clients is not None:
        document["deny_clients"] = clients_dict(rule.deny_clients)
    if rule.canary is not None:
        document["canary"] = {"release": rule.canary.release, "by": rule.canary.by, "watch": list(rule.canary.watch)}
    if rule.tripwire:
        document["tripwire"] = True if rule.tripwire == 1 else rule.tripwire
    return document


def match_dict(match: Match) -> dict[str, object]:
    document: dict[str, object] = {"host": match.host} if match.host else {}
    if match.methods:
        document["method"] = match.methods[0] if len(match.methods) == 1 else list(match.methods)
    document["template"] = match.template
    several: dict[str, tuple[str, ...]] = {"except": match.besides, "content_type": match.content_types, "operation": match.operations}
    document |= {key: list(values) for key, values in several.items() if values}
    if match.statuses:
        document["status"] = [first if first == last else f"{first}-{last}" for first, last in match.statuses]
    return document


def mask_dict(mask: Mask) -> dict[str, object]:
    document: dict[str, object] = {"path": mask.path}
    if mask.kind != "typed":
        document["with"] = mask.kind
    if mask.where != "response.body":
        document["where"] = mask.where
    return document


def clients_dict(clients: DenyClients) -> dict[str, object]:
    lists = {"token_sha256": clients.token_sha256, "user_sha256": clients.user_sha256, "ip": clients.ip}
    return {key: list(values) for key, values in lists.items() if values}
