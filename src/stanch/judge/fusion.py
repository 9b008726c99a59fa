"""Fuse the signals of one field into a verdict: additive in log-odds.

Missing signals are listed and weigh nothing. The thresholds leave a band in which the verdict is an honest ``unknown``.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import exp

from stanch.judge.evidence import Context, Evidence
from stanch.judge.reason import Missing, Outcome, Reason, Verdict
from stanch.judge.signals import SIGNALS, Signal

BASE = -1.5
"""Log-odds of excessive for a field of personal data before anything else is known."""
EXCESSIVE_FROM = 0.6
NEEDED_UNTIL = 0.4
"""Probabilities of excessive that bound the band of ``unknown``."""
MAX_CONFIDENCE = 0.99
"""No evidence from traffic makes certain; the labelled captures are too few to measure more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    evidence: Evidence
    verdict: Verdict


def judge(evidence: Iterable[Evidence], context: Context, *, signals: Sequence[Signal] = SIGNALS) -> list[Judged]:
    """Judge every field of a response body or header; requests are the caller's own words."""
    return [Judged(evidence=item, verdict=fuse(item, context, signals)) for item in evidence if item.picture.where.startswith("response")]


def fuse(evidence: Evidence, context: Context, signals: Sequence[Signal] = SIGNALS) -> Verdict:
    """Add up what the signals say of one field."""
    said = [answer for signal in signals if (answer := signal(evidence, context)) is not None]
    reasons = [answer for answer in said if isinstance(answer, Reason)]
    score = BASE + sum(reason.weight for reason in reasons)
    return verdict(score, reasons, [answer for answer in said if isinstance(answer, Missing)])


def verdict(score: float, reasons: list[Reason], missing: list[Missing]) -> Verdict:
    probability = 1 / (1 + exp(-max(-50.0, min(50.0, score))))
    outcome = Outcome.EXCESSIVE if probability >= EXCESSIVE_FROM else Outcome.NEEDED if probability <= NEEDED_UNTIL else Outcome.UNKNOWN
    confidence = min(MAX_CONFIDENCE, 1 - probability if outcome is Outcome.NEEDED else probability)
    ordered = tuple(sorted(reasons, key=lambda r: (-abs(r.weight), r.signal)))
    return Verdict(outcome=outcome, confidence=round(confidence, 3), score=round(score, 3), reasons=ordered, missing=tuple(missing))
