"""What both middlewares and the mitmproxy addon do with a response on a contained route."""

import random

from stanch.contain.decide import Contain, Refuse
from stanch.contain.formats import EventMasker, Framer, LineMasker, is_event_stream
from stanch.contain.header import mask_headers
from stanch.contain.plan_for import actions_of, fits, header_actions_of
from stanch.contain.request import Headers
from stanch.contain.respond import Outcome, Response, following_removed, refusal, respond
from stanch.gateway.ruling import Ruling
from stanch.traffic.body.coding import coding_names


def settle(ruling: Ruling, plan: Contain, response: Response, *, method: str) -> Outcome:
    """Contain one response; a fault of ours withholds it. Stops canaries that tripped."""
    share = max((rule.tripwire for rule in plan.rules), default=0.0)
    sampled = share >= 1 or random.random() < share  # noqa: S311 -- a sample, not a secret
    try:
        outcome = respond(plan, response, method=method, maskers=ruling.maskers, sampled=sampled)
    except Exception:  # noqa: BLE001 -- a shell's outermost place: on a contained route a fault of ours lets nothing out
        return Outcome(response=refusal(502, "response withheld"), withheld="a fault of stanch")
    ruling.tripped |= frozenset(outcome.tripped)
    return outcome


def refused(decision: Refuse) -> Response:
    return refusal(decision.status, decision.message, retry_after_s=decision.retry_after_s)


def framer(ruling: Ruling, plan: Contain, status: int, headers: Headers) -> tuple[Framer, Headers] | None:
    """Give the masker and head for a response that flows frame by frame; ``None`` where it has to be seen whole."""
    given = dict(reversed(headers))
    content_type = given.get("content-type", "")
    rules = tuple(rule for rule in plan.rules if fits(rule, status, content_type))
    whole = plan.unsure or plan.released_by or plan.on_error == "pass" or any(rule.tripwire for rule in rules) or status == 206
    if not rules or whole or coding_names(given.get("content-encoding")):
        return None
    masker = ruling.maskers.get(actions_of(rules, plan.operations))
    fields, _ = mask_headers(following_removed(headers), header_actions_of(rules), ruling.maskers.key)
    if is_event_stream(content_type, b""):
        return EventMasker(masker), fields
    return (LineMasker(masker), fields) if "ndjson" in content_type.lower() else None
