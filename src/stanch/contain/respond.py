"""What becomes of a response on a contained route: masked, or withheld with a reason.

The one function that the gateway, the middlewares, the mitmproxy addon and the replay check all use. Decides by the route, never by
what the response says of itself. Refuses to let through what it could not read in full, unless the policy records that someone decided so.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

import orjson

from stanch.contain.decide import Contain
from stanch.contain.formats import mask_body
from stanch.contain.header import mask_headers
from stanch.contain.mask import MaskError
from stanch.contain.masker import Masker
from stanch.contain.plan_for import Maskers, actions_of, fits, header_actions_of
from stanch.contain.policy import Rule
from stanch.contain.request import Headers
from stanch.contain.tripwire import survivors
from stanch.traffic.body.coding import coding_names, undo_codings
from stanch.traffic.body.limits import BodyError, Limits

FOLLOWING = frozenset({
    "content-encoding", "content-length", "etag", "last-modified", "digest", "content-md5", "repr-digest", "content-digest", "signature",
    "signature-input", "accept-ranges", "content-range", "cache-control", "expires", "age", "trailer", "x-checksum", "x-content-hash",
})  # fmt: skip
"""Headers that speak of the bytes as they were, or let a cache keep them."""
NO_BODY = frozenset({204, 205, 304})
LIMITS = Limits(max_body_bytes=64 * 1024 * 1024, max_ratio=200)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Response:
    status: int
    headers: Headers
    """Names in lower case, in wire order, without those that frame the message on the wire."""
    body: bytes

    def __repr__(self) -> str:
        """Never show what it says."""
        return f"Response({self.status})"

    def value(self, name: str) -> str:
        return next((value for key, value in self.headers if key == name), "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    response: Response
    withheld: str = ""
    """Why the response was kept back, in words without values; empty where it was not."""
    n_masked: int = 0
    n_dropped: int = 0
    rule_ids: tuple[str, ...] = ()
    tripped: tuple[str, ...] = ()
    """Canary rules whose watched member was filled after all."""
    alarm: str = ""
    """What a tripwire saw."""


NOT_SENT = frozenset({
    "accept-encoding", "range", "if-range", "if-none-match", "if-modified-since", "if-match", "if-unmodified-since", "te",
    "want-digest", "want-content-digest", "want-repr-digest", "a-im",
})  # fmt: skip


def asked(headers: Headers) -> Headers:
    """Give the request headers for a contained route: the origin shall send a whole, plain body, and never say that a cache's copy is good."""
    return (*((key, value) for key, value in headers if key not in NOT_SENT), ("accept-encoding", "identity"))


def respond(plan: Contain, response: Response, *, method: str, maskers: Maskers, sampled: bool = True) -> Outcome:
    """Contain one whole response; ``sampled`` says whether tripwires look at this one.

    Never raises for what the response holds.
    """
    rules = tuple(rule for rule in plan.rules if fits(rule, response.status, response.value("content-type")))
    if not rules:
        return Outcome(response=response)
    try:
        outcome = masked(plan, rules, response, method=method, maskers=maskers)
    except (MaskError, BodyError) as error:
        return withheld(plan, response, str(error) if isinstance(error, MaskError) else error.what, rules)
    if not sampled or not any(rule.tripwire for rule in rules) or outcome.response is response:
        return outcome
    return tripwire(plan, rules, response, outcome)


def masked(plan: Contain, rules: tuple[Rule, ...], response: Response, *, method: str, maskers: Maskers) -> Outcome:
    headers, n_headers = mask_headers(following_removed(response.headers), header_actions_of(rules), maskers.key)
    ids = tuple(rule.id for rule in rules)
    if method == "HEAD" or response.status in NO_BODY or 100 <= response.status < 200:
        return Outcome(response=Response(status=response.status, headers=headers, body=b""), rule_ids=ids, n_masked=n_headers)
    if response.status == 206 or response.value("content-range"):
        raise MaskError("a part of a document can't be masked", 0)
    if plan.unsure:
        raise MaskError(plan.unsure, 0)
    body = plain(response)
    done = mask_body(body, response.value("content-type"), maskers.get(actions_of(rules, plan.operations)))
    contained = Response(status=response.status, headers=headers, body=done.body)
    if plan.released_by:
        return released(plan, response, body, masker=maskers.get(watched(plan, rules)), contained=contained)
    return Outcome(response=contained, n_masked=done.n_masked + n_headers, n_dropped=done.n_dropped, rule_ids=ids)


def plain(response: Response) -> bytes:
    """Undo the content codings.

    Raises: BodyError for an unknown, damaged or exploding one.
    """
    names = coding_names(",".join(value for key, value in response.headers if key == "content-encoding"))
    return undo_codings(response.body, names, LIMITS) if names else response.body


def following_removed(headers: Headers) -> Headers:
    """Take away what speaks of other bytes, and forbid caches to keep these."""
    kept = tuple((key, value) for key, value in headers if key not in FOLLOWING)
    return (*kept, ("cache-control", "no-store"))


def watched(plan: Contain, rules: tuple[Rule, ...]) -> dict[str, str]:
    """Give what must not be filled while a canary releases: its watched paths, or all that is masked where it names none."""
    paths = {path: "typed" for rule in plan.released_by if rule.canary for path in rule.canary.watch}
    return paths or actions_of(rules, plan.operations)


def released(plan: Contain, response: Response, body: bytes, *, masker: Masker, contained: Response) -> Outcome:
    """Let a released response go as it is, unless something watched is in it: then it is contained and the release ends."""
    seen = mask_body(body, response.value("content-type"), masker)
    ids = tuple(rule.id for rule in plan.released_by)
    if seen.body == body:
        return Outcome(response=response, rule_ids=ids)
    return Outcome(response=contained, rule_ids=ids, tripped=ids, alarm="a released response carried a watched member", n_masked=seen.n_masked)


def withheld(plan: Contain, response: Response, why: str, rules: Iterable[Rule]) -> Outcome:
    ids = tuple(rule.id for rule in rules)
    if plan.on_error == "pass":
        return Outcome(response=response, withheld="", rule_ids=ids, alarm=f"passed unmasked by decision: {why}")
    return Outcome(response=refusal(502, "response withheld"), withheld=why, rule_ids=ids)


def refusal(status: int, message: str, *, retry_after_s: float = 0.0) -> Response:
    """Make an answer of our own."""
    headers: Headers = (("content-type", "application/json"), ("cache-control", "no-store"))
    if retry_after_s > 0:
        headers = (*headers, ("retry-after", str(max(1, round(retry_after_s + 0.499)))))
    return Response(status=status, headers=headers, body=orjson.dumps({"error": message}))


def tripwire(plan: Contain, rules: tuple[Rule, ...], before: Response, outcome: Outcome) -> Outcome:
    """Withhold a masked response in which what was taken out still stands somewhere."""
    try:
        found = survivors(
            plain(before), outcome.response.body, outcome.response.headers, actions_of(rules, plan.operations), before.value("content-type")
        )
    except (MaskError, BodyError):
        found = "the masked response can't be read again"
    if not found:
        return outcome
    return replace(outcome, response=refusal(502, "response withheld"), withheld=f"tripwire: {found}", alarm=found)
