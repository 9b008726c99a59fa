"""How bad a leak is: the kind of data, how many people, who received it.

Decides a level from named points; the table is in docs/judge.md.
"""

from math import log10
from typing import Literal

from stanch.judge.evidence import Evidence

Severity = Literal["low", "medium", "high", "critical"]

LEVELS: tuple[tuple[float, Severity], ...] = ((7.0, "critical"), (4.5, "high"), (2.5, "medium"), (float("-inf"), "low"))
"""Points from which a level holds."""


def severity(evidence: Evidence) -> Severity:
    """Add points: data 0 to 5, reach 0 to 2, anonymous receivers 1.5, special legal protection 1."""
    points = severity_points(evidence)
    return next(level for floor, level in LEVELS if points >= floor)


def severity_points(evidence: Evidence) -> float:
    picture, tags = evidence.picture, set(evidence.datatype.tags)
    reach = min(2.0, 0.5 * log10(1 + len(picture.others) * max(1, len(picture.recipients))))
    points = 5.0 * evidence.datatype.sensitivity + reach
    points += 1.5 if picture.n_to_anonymous else 0.0
    points += 1.0 if tags & {"gdpr_art9", "pci", "credential", "hipaa"} else 0.0
    return points
