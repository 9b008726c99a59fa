"""Before anything runs: what would change against what runs now, how far it reaches, and whether that is too far."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from stanch.contain.policy import Policy, Rule, rule_dict
from stanch.contain.replay import Replay
from stanch.inventory.contract import Contract, mapping, resolve, sequence, steps_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    kind: Literal["+", "-", "~"]
    rule_id: str
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """A member that a contract requires and a rule drops."""

    rule_id: str
    path: str
    status: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    policy: Policy
    changes: tuple[Change, ...]
    impact: Replay | None
    """``None`` where no capture was given."""
    missing: tuple[Missing, ...]
    refusals: tuple[str, ...]
    """Why the plan needs ``--force``; each names the limit."""


def make_plan(policy: Policy, *, current: Policy | None, impact: Replay | None, contract: Contract | None) -> Plan:
    missing = tuple(required_members(policy, contract)) if contract else ()
    return Plan(
        policy=policy, changes=tuple(diff(current, policy)), impact=impact, missing=missing, refusals=tuple(refusals(policy, impact, missing))
    )


def diff(current: Policy | None, proposed: Policy | None) -> Iterator[Change]:
    """Compare by rule."""
    before = {rule.id: rule for rule in current.rules} if current else {}
    after = {rule.id: rule for rule in proposed.rules} if proposed else {}
    for rule_id, rule in after.items():
        if rule_id not in before:
            yield Change(kind="+", rule_id=rule_id, what=describe(rule))
        elif before[rule_id] != rule:
            yield Change(kind="~", rule_id=rule_id, what=f"{describe(before[rule_id])} becomes {describe(rule)}")
    for rule_id, rule in before.items():
        if rule_id not in after:
            yield Change(kind="-", rule_id=rule_id, what=describe(rule))


def describe(rule: Rule) -> str:
    """Say in a line what a rule does and where."""
    document = rule_dict(rule)
    what = [f"masks {len(rule.masks)}" if rule.masks else "", f"drops {len(rule.drops)}" if rule.drops else ""]
    what += [name.replace("_", " ") for name in ("deny", "limit", "deny_clients", "canary") if name in document]
    place = f"{'/'.join(rule.match.methods) or 'any method'} {rule.match.template}" if rule.match else "everywhere"
    return f"{', '.join(filter(None, what))} on {place}"


def refusals(policy: Policy, impact: Replay | None, missing: tuple[Missing, ...]) -> Iterator[str]:
    guard = policy.guard
    n_fields = sum(len(rule.masks) + len(rule.drops) for rule in policy.rules)
    if len(policy.rules) > guard.max_rules:
        yield f"{len(policy.rules)} rules, and max_rules is {guard.max_rules}"
    if n_fields > guard.max_fields:
        yield f"{n_fields} members, and max_fields is {guard.max_fields}"
    if missing:
        yield f"{len(missing)} members go that the API description requires"
    if impact is None:
        return
    if impact.share_of_responses > guard.max_share_of_responses:
        yield f"{impact.share_of_responses:.0%} of the responses, and max_share_of_responses is {guard.max_share_of_responses:.0%}"
    if impact.share_of_clients > guard.max_share_of_clients:
        yield f"{impact.share_of_clients:.0%} of the clients, and max_share_of_clients is {guard.max_share_of_clients:.0%}"
    if impact.withheld:
        yield f"{len(impact.withheld)} captured responses can't be masked and would be withheld, the first at {impact.withheld[0].where}"
    if not impact.holds:
        yield "the replay found values that survive or other changes: see stanch contain check"


def required_members(policy: Policy, contract: Contract) -> Iterator[Missing]:
    """Find dropped members that the contract requires; typed masks keep them."""
    for rule in policy.rules:
        for drop in rule.drops:
            for status in required_at(rule, drop.path, contract):
                yield Missing(rule_id=rule.id, path=drop.path, status=status)


def required_at(rule: Rule, path: str, contract: Contract) -> Iterator[int]:
    if rule.match is None:
        return
    for method in rule.match.methods or ("GET", "POST", "PUT", "PATCH", "DELETE"):
        template = contract.route(method, rule.match.template)
        operation = contract.operations.get((method, template)) if template else None
        for code in mapping(operation.get("responses") if operation else None):
            status = int(code) if str(code).isdecimal() else 200
            schema = contract.response_schema(operation or {}, status)
            steps = steps_of(path)
            if schema and steps and requires(contract, schema, steps):
                yield status


def requires(contract: Contract, schema: object, steps: tuple[str, ...], budget: int = 32) -> bool:
    """Tell whether a schema, or a part of what it is made of, requires the member at the end of the steps."""
    node = resolve(contract.document, schema)
    if budget == 0 or not node:
        return False
    parts = [part for key in ("allOf", "oneOf", "anyOf") for part in sequence(node.get(key))]
    if any(requires(contract, part, steps, budget - 1) for part in parts):
        return True
    first, rest = steps[0], steps[1:]
    if first == "[*]":
        return bool(rest) and requires(contract, node.get("items"), rest, budget - 1)
    if not rest:
        return first in sequence(node.get("required"))
    return requires(contract, mapping(node.get("properties")).get(first), rest, budget - 1)
