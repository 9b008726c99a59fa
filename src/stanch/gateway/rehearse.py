"""From a report to an enforced, verified mask in front of a running origin, in one call: for the demo, the console and drills.

Plays what a responder does: propose, prove on the capture, look at the leak through the gateway, apply, look again.
"""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from stanch.contain.policy import Policy
from stanch.contain.propose import Proposal, Wish, propose
from stanch.contain.replay import Replay, replay
from stanch.contain.request import Request
from stanch.errors import InputError, OutsideError
from stanch.finding.report import Report
from stanch.gateway.config import Settings, parse_upstream
from stanch.gateway.embedded import Embedded, new_key
from stanch.gateway.verify import Site, Verified, probes, site, verify
from stanch.traffic.exchange import Exchange, Unreadable

ENFORCED_WITHIN_S = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearsal:
    """How it went. Counts, words and times; no value from traffic."""

    proposal: Proposal
    proof: Replay
    """Of the policy on the capture."""
    before: Verified
    """Through the gateway without a policy: it must not hold, or there was no leak to stop."""
    after: Verified
    apply_ms: float
    """Until the policy was acknowledged."""
    enforced_ms: float
    """From the same moment until a request from outside first came back masked."""

    @property
    def policy(self) -> Policy:
        return self.proposal.policy

    @property
    def stopped(self) -> bool:
        return self.proof.holds and not self.before.holds and self.after.holds


def rehearse(report: Report, upstream: str, capture: Callable[[], Iterable[Exchange | Unreadable]], wish: Wish) -> Rehearsal:
    """Contain a report's findings on an embedded gateway in front of ``upstream``; the gateway stops when it returns.

    ``capture`` gives the captured exchanges each time it is called: once for the proof, once to choose requests to try.

    Raises: InputError where there is nothing to contain or to try; OutsideError where the origin can't be reached.
    """
    proposal = propose(report, wish)
    key = new_key()
    proof = replay(proposal.policy, capture(), key=key)
    requests = probes(proposal.policy, capture())
    if not requests:
        raise InputError("no captured request can be tried again", where="capture", hint="it needs a GET on a leaking endpoint")
    address, _ = parse_upstream(upstream)
    with Embedded(Settings(upstream=address, key=key)) as gateway:
        through, direct = site(gateway.url), site(upstream)
        before = verify(proposal.policy, through=through, direct=direct, requests=requests)
        started_s = time.perf_counter()
        gateway.apply(proposal.policy)
        apply_ms = (time.perf_counter() - started_s) * 1000
        enforced_ms = until_enforced(proposal.policy, through, direct, requests[0], started_s)
        after = verify(proposal.policy, through=through, direct=direct, requests=requests)
    return Rehearsal(proposal=proposal, proof=proof, before=before, after=after, apply_ms=apply_ms, enforced_ms=enforced_ms)


def until_enforced(policy: Policy, through: Site, direct: Site, request: Request, started_s: float) -> float:
    """Ask until no targeted value comes through; give the milliseconds since ``started_s`` at which the asking that got there began."""
    while time.perf_counter() - started_s < ENFORCED_WITHIN_S:
        asked_s = time.perf_counter()
        found = verify(policy, through=through, direct=direct, requests=[request])
        if found.holds or not found.n_members:
            return (asked_s - started_s) * 1000
    raise OutsideError("the policy did not come into force", where="the embedded gateway")
