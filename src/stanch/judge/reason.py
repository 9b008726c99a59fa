"""What a signal says of a field, and what the judge concludes."""

from dataclasses import dataclass
from enum import StrEnum


class Outcome(StrEnum):
    NEEDED = "needed"
    EXCESSIVE = "excessive"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What one signal found, before it is weighed."""

    signal: str
    says: str
    """One sentence for a person, with counts and names of members, never a value."""
    strength: float = 1.0
    """Share of the signal's full weight; usually 0 to 1, negative where the signal can speak both ways."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    signal: str
    weight: float
    """Natural log of the likelihood ratio: positive speaks for excessive, negative against."""
    says: str
    strength: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """A signal that had nothing to go on; never counted as evidence of innocence."""

    signal: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    outcome: Outcome
    confidence: float
    """Probability of the outcome that is named; for ``unknown``, of excessive."""
    score: float
    """Log-odds of excessive."""
    reasons: tuple[Reason, ...]
    """Strongest first, for and against."""
    missing: tuple[Missing, ...]
