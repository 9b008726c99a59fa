"""The least policy that stops findings and their siblings: one rule for each endpoint, naming exactly the members that leak.

A sibling is the same member of the same kind of object on another endpoint: whoever leaks ``author.email`` on one view leaks it on the list too.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from stanch.contain.path import parse_path
from stanch.contain.policy import Mask, MaskKind, Match, Policy, Rule
from stanch.contain.route import readings, tree
from stanch.errors import InputError
from stanch.finding.report import EndpointRow, Report

SEVERITIES = ("low", "medium", "high", "critical")
_MEMBER = re.compile(r"\.([^.\[\]@'\"]+)|\['((?:[^'\\]|\\.)*)'\]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A member on an endpoint that has to go."""

    endpoint: str
    path: str
    where: str
    datatype: str
    sibling: bool = False
    """Not asked for itself, but the same member as one that was."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """What a policy can't contain, and why."""

    endpoint: str
    path: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    policy: Policy
    targets: tuple[Target, ...]
    left: tuple[Left, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What someone wants contained."""

    name: str
    """Of the policy."""
    rev: int = 1
    only: tuple[str, ...] = ()
    """Findings by (shortened) fingerprint, whatever their severity; siblings come along. Empty for all excessive ones."""
    at_least: str = "low"
    kind: MaskKind = "typed"
    incident: str = ""
    expires: datetime | None = None


def propose(report: Report, wish: Wish) -> Proposal:
    """Make the least policy.

    Raises: InputError where there is nothing to contain or a fingerprint is unknown.
    """
    wanted = chosen(report, wish.only, wish.at_least)
    targets = [*wanted, *siblings(report, wanted)]
    endpoints = {row.key: row for row in report.endpoints}
    maskable = [(target, mask) for target in targets if isinstance(mask := mask_of(target, wish.kind), Mask)]
    left = [mask for target in targets if isinstance(mask := mask_of(target, wish.kind), Left)]
    rules = rules_of(maskable, endpoints)
    policy = Policy(name=wish.name, rev=wish.rev, on_error="block", rules=rules, incident=wish.incident, expires=wish.expires)
    return Proposal(policy=policy, targets=tuple(target for target, _ in maskable), left=tuple(left))


def chosen(report: Report, only: tuple[str, ...], at_least: str) -> list[Target]:
    known = [finding for finding in report.findings if finding.verdict == "excessive" or only]
    if unknown := [prefix for prefix in only if not any(f.fingerprint.startswith(prefix) for f in known)]:
        raise InputError(f"no finding begins with {unknown[0][:16]!r}", where="--finding", hint="take a fingerprint from the report")
    rank = SEVERITIES.index(at_least)
    found = [
        Target(endpoint=f.endpoint, path=f.path, where=f.where, datatype=f.datatype)
        for f in known
        if (any(f.fingerprint.startswith(prefix) for prefix in only) if only else SEVERITIES.index(f.severity) >= rank)
    ]
    if not found:
        raise InputError("the report has nothing to contain", where="report", hint="no excessive finding is at or above the severity asked for")
    return found


def siblings(report: Report, wanted: list[Target]) -> list[Target]:
    """Find the same members elsewhere; those judged needed stay."""
    kinds = {(tail(target.path), target.datatype) for target in wanted}
    taken = {(target.endpoint, target.path, target.where) for target in wanted}
    others = [(f.endpoint, f.path, f.where, f.datatype) for f in report.findings]
    others += [(f.endpoint, f.path, f.where, f.datatype) for f in report.fields if not f.needed_because and f.where.startswith("response")]
    found: dict[tuple[str, str, str], Target] = {}
    for endpoint, path, where, datatype in others:
        if (tail(path), datatype) in kinds and len(tail(path)) > 1 and (endpoint, path, where) not in taken:
            found[endpoint, path, where] = Target(endpoint=endpoint, path=path, where=where, datatype=datatype, sibling=True)
    return list(found.values())


def tail(path: str) -> tuple[str, ...]:
    """Give the last two names of a path: the kind of object and its member."""
    names = [plain or quoted for plain, quoted in _MEMBER.findall(path)]
    return tuple(singular(name) for name in names[-2:-1]) + tuple(names[-1:])


def singular(name: str) -> str:
    return name.removesuffix("s") if len(name) > 3 else name


def mask_of(target: Target, kind: MaskKind) -> Mask | Left:
    if target.where == "response.header":
        return Mask(path=target.path, kind=kind, where="response.header")
    if target.where != "response.body":
        return Left(
            endpoint=target.endpoint,
            path=target.path,
            why=f"it stands in the {target.where.replace('.', ' ')}, which only a denied route keeps from being used",
        )
    path = re.split(r"@(?!json)", target.path)[0]
    if path.endswith("~"):
        return Left(
            endpoint=target.endpoint,
            path=target.path,
            why="the member's name itself is personal data: mask the object that holds it, or deny the route",
        )
    try:
        parse_path(path)
    except InputError:
        return Left(endpoint=target.endpoint, path=target.path, why="its path can't be written in a policy")
    return Mask(path=path, kind=kind)


def rules_of(maskable: list[tuple[Target, Mask]], endpoints: dict[str, EndpointRow]) -> tuple[Rule, ...]:
    grouped: dict[tuple[str, str, str], list[Mask]] = {}
    for target, mask in maskable:
        row = endpoints[target.endpoint]
        masks = grouped.setdefault((row.host, row.method, row.template.partition("#")[0]), [])
        if mask not in masks:
            masks.append(mask)
    taken: set[str] = set()
    return tuple(
        Rule(
            id=fresh_id(method, template, taken),
            match=Match(template=template, host=bare(host), methods=(method,), besides=besides(template, host, endpoints.values())),
            masks=tuple(sorted(masks, key=lambda m: (m.where, m.path))),
        )
        for (host, method, template), masks in sorted(grouped.items())
    )


def bare(host: str) -> str | None:
    return re.sub(r":[0-9]+$", "", host.lower()) or None


def fresh_id(method: str, template: str, taken: set[str]) -> str:
    words = re.findall(r"[a-z0-9]+", re.sub(r"\{[^}]*\}", "one", template.lower()))
    stem = "-".join(["mask", method.lower(), *words])[:80]
    name, number = stem, 2
    while name in taken:
        name, number = f"{stem}-{number}", number + 1
    taken.add(name)
    return name


def besides(template: str, host: str, endpoints: Iterable[EndpointRow]) -> tuple[str, ...]:
    """Find the endpoints that are spelled out where this template has a parameter: ``/users/me`` beside ``/users/{id}``."""
    own = tree([template])
    others = {row.template.partition("#")[0] for row in endpoints if row.host == host} - {template}
    plain = (other for other in others if other.count("{") < template.count("{"))
    return tuple(sorted(other for other in plain if any(own.find(form) for form in readings(re.sub(r"\{[^}]*\}", "x", other)))))
