"""What all exchanges of one worker share."""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from stanch.contain.respond import Outcome
from stanch.gateway.accesslog import AccessLog, RouteNames
from stanch.gateway.config import Settings
from stanch.gateway.metrics import Metrics
from stanch.gateway.ruling import Ruling
from stanch.gateway.upstream import Pool
from stanch.traffic.exchange import Exchange


class Tap(Protocol):
    """Whoever records exchanges."""

    def __call__(self, exchange: Exchange, /) -> None: ...

    def flush(self) -> None: ...


@dataclass(slots=True)
class Context:
    settings: Settings
    ruling: Ruling
    metrics: Metrics
    log: AccessLog
    pool: Pool
    names: RouteNames
    tap: Tap | None = None
    draining: bool = False
    sample: Callable[[], float] = field(default=random.random)
    """A number from 0 to 1 by which tripwires choose their responses."""

    def sampled(self, share: float) -> bool:
        return share >= 1 or (share > 0 and self.sample() < share)

    def note_outcome(self, outcome: Outcome) -> None:
        """Count what was done to one response, and stop canaries that tripped."""
        rule = ",".join(outcome.rule_ids)
        if outcome.n_masked:
            self.metrics.add("stanch_fields_masked_total", outcome.n_masked, rule=rule)
        if outcome.n_dropped:
            self.metrics.add("stanch_fields_dropped_total", outcome.n_dropped, rule=rule)
        if outcome.withheld:
            self.metrics.add("stanch_responses_withheld_total", rule=rule)
        if outcome.alarm:
            self.metrics.add("stanch_alarms_total", rule=rule)
        if outcome.tripped:
            self.ruling.tripped |= frozenset(outcome.tripped)

    def finished(self, method: bytes, target: bytes, sent: tuple[int, int], started_s: float, did: str) -> None:
        """Count and log one finished request; ``started_s`` is by the monotonic clock."""
        took_s = time.monotonic() - started_s
        self.metrics.took(took_s)
        self.metrics.add("stanch_requests_total", did=did, status=f"{sent[0] // 100}xx")
        if self.log.wanted:
            self.log.add(time.time(), method, self.names.name(target), sent, took_s, did)
