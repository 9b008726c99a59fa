"""Fuse the signals of one field into a verdict: additive in log-odds.

Missing signals are listed and weigh nothing. The thresholds leave a band in which the verdict is an honest ``unknown``.
A second pass looks at fields that only their owner received: where the same member of the same nested person is excessive at other
endpoints, the serialiser is the same, and so is the verdict.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import exp

from stanch.identity.person import is_person_noun, snake
from stanch.judge.evidence import Context, Evidence
from stanch.judge.reason import Missing, Outcome, Reason, Said, Verdict
from stanch.judge.signals import SIGNALS, Signal
from stanch.judge.weights import BASE, WEIGHTS

EXCESSIVE_FROM = 0.6
NEEDED_UNTIL = 0.4
"""Probabilities of excessive that bound the band of ``unknown``."""
MAX_CONFIDENCE = 0.99
"""No evidence from traffic makes certain; the labelled captures are too few to measure more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    evidence: Evidence
    verdict: Verdict


Answers = tuple[Said | Missing, ...]


def judge(
    evidence: Iterable[Evidence], context: Context, *, signals: Sequence[Signal] = SIGNALS, weights: Mapping[str, float] = WEIGHTS, base: float = BASE
) -> list[Judged]:
    """Judge every field of a response body or header; requests are the caller's own words."""
    heard = listen(evidence, context, signals)
    first = [Judged(evidence=item, verdict=fuse(answers, weights, base)) for item, answers in heard]
    given_away = leaks(first)
    return [
        Judged(evidence=item, verdict=fuse((*answers, said), weights, base)) if (said := siblings_leak(item, given_away)) else judged
        for (item, answers), judged in zip(heard, first, strict=True)
    ]


def listen(evidence: Iterable[Evidence], context: Context, signals: Sequence[Signal] = SIGNALS) -> list[tuple[Evidence, Answers]]:
    """Hear every signal on every field of a response."""
    fields = [item for item in evidence if item.picture.where.startswith("response")]
    return [(item, tuple(answer for signal in signals if (answer := signal(item, context)) is not None)) for item in fields]


def fuse(answers: Answers, weights: Mapping[str, float] = WEIGHTS, base: float = BASE) -> Verdict:
    """Add up what the signals say of one field."""
    reasons = [weighed(answer, weights) for answer in answers if isinstance(answer, Said)]
    return verdict(base + sum(reason.weight for reason in reasons), reasons, [answer for answer in answers if isinstance(answer, Missing)])


def weighed(said: Said, weights: Mapping[str, float]) -> Reason:
    return Reason(signal=said.signal, weight=round(weights[said.signal] * said.strength, 2), says=said.says, strength=said.strength)


def verdict(score: float, reasons: list[Reason], missing: list[Missing]) -> Verdict:
    probability = 1 / (1 + exp(-max(-50.0, min(50.0, score))))
    outcome = Outcome.EXCESSIVE if probability >= EXCESSIVE_FROM else Outcome.NEEDED if probability <= NEEDED_UNTIL else Outcome.UNKNOWN
    confidence = min(MAX_CONFIDENCE, 1 - probability if outcome is Outcome.NEEDED else probability)
    ordered = tuple(sorted(reasons, key=lambda r: (-abs(r.weight), r.signal)))
    return Verdict(outcome=outcome, confidence=round(confidence, 3), score=round(score, 3), reasons=ordered, missing=tuple(missing))


Member = tuple[str, str, str]
"""The nested person's name, the member's name, the datatype."""


Leaks = Mapping[Member, Mapping[str, frozenset[str]]]
"""By member, the endpoints where it is excessive, each with what stands beside it there."""
SAME_SERIALISER = 0.7
"""Share of members in common, from which two objects of one name are taken to be written by the same code."""


def leaks(judged: Iterable[Judged]) -> Leaks:
    """Collect the members of nested persons that are excessive somewhere."""
    found: dict[Member, dict[str, frozenset[str]]] = {}
    for item in judged:
        if item.verdict.outcome is Outcome.EXCESSIVE and item.evidence.picture.relation.other:
            found.setdefault(member_of(item.evidence), {})[item.evidence.picture.endpoint.key] = item.evidence.siblings
    return found


def member_of(evidence: Evidence) -> Member:
    return (evidence.holder or snake(evidence.noun)).removesuffix("s"), snake(evidence.picture.name), evidence.label.datatype


def siblings_leak(evidence: Evidence, given_away: Leaks) -> Said | None:
    """Say where a field goes to others from the same nested person elsewhere: decisive for what its owner alone received here."""
    if not evidence.n_values or is_person_noun(evidence.noun) or evidence.is_self_endpoint or evidence.is_sign_in or evidence.is_admin:
        return None
    there = given_away.get(member_of(evidence), {})
    where = sorted(key for key, members in there.items() if key != evidence.picture.endpoint.key and alike(evidence.siblings, members))
    if not where:
        return None
    name, holder = evidence.picture.name, evidence.holder or evidence.noun
    elsewhere = where[0] if len(where) == 1 else f"{len(where)} other endpoints, {where[0]} among them"
    says = f"'{holder}' gives '{name}' to others at {elsewhere}: the same serialiser"
    return Said(signal="siblings_leak", strength=0.3 if evidence.picture.relation.other else 1.0, says=says)


def alike(one: frozenset[str], other: frozenset[str]) -> bool:
    return len(one & other) >= SAME_SERIALISER * len(one | other)
