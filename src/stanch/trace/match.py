"""Which route answered an observed endpoint: from the right, so that a mount point nobody knows costs a little and no more."""

from dataclasses import dataclass

from stanch.trace.link import Linked, segments

MAX_EXTRA = 3
"""Leading segments that one side may have and the other not: mount points, gateways."""
EXTRA = 0.06
LITERAL_ON_PARAMETER = 0.12
ANY_METHOD = 0.02


@dataclass(frozen=True, slots=True)
class Candidate:
    route: Linked
    score: float


def candidates(routes: tuple[Linked, ...], method: str, template: str) -> tuple[Candidate, ...]:
    """Rank the routes that fit, best first. Templates of GraphQL operations (``path#operation``) match by their path."""
    seen = segments(template.split("#", 1)[0].split("?", 1)[0])
    found = [Candidate(route, score) for route in routes if (score := fit(route, method.upper(), seen)) > 0]
    return tuple(sorted(found, key=lambda c: (-c.score, c.route.template, c.route.handler.module, c.route.handler.qualname)))


def fit(route: Linked, method: str, seen: tuple[str, ...]) -> float:
    if route.method not in {method, "*"} and (route.method, method) != ("GET", "HEAD"):
        return 0.0
    score = 1.0 - (ANY_METHOD if route.method == "*" else 0)
    ours = route.segments
    if ours and ours[-1] == "{*}":
        return wild(ours, seen, score)
    extra = abs(len(ours) - len(seen))
    if extra > MAX_EXTRA or not ours or (extra and min(len(ours), len(seen)) < 1):
        return score if not ours and not seen else 0.0
    pairs = list(zip(reversed(ours), reversed(seen), strict=False))
    leading = ours[: len(ours) - len(pairs)] or seen[: len(seen) - len(pairs)]
    if "{}" in leading or (extra and not any(mine == theirs != "{}" for mine, theirs in pairs)):
        return 0.0
    for mine, theirs in pairs:
        score -= against(mine, theirs)
    return max(score - EXTRA * extra, 0.0)


def against(mine: str, theirs: str) -> float:
    if mine == theirs:
        return 0.0
    return LITERAL_ON_PARAMETER if mine in {"{}", "{*}"} else 1.0


def wild(ours: tuple[str, ...], seen: tuple[str, ...], score: float) -> float:
    head = ours[:-1]
    if not head or len(seen) < len(ours):
        return 0.0
    return max(score - 0.2 - sum(against(m, s) for m, s in zip(head, seen, strict=False)), 0.0)
