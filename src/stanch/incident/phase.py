"""The phases of an incident and the ways between them, as tables.

Source: NIST SP 800-61r3 (2025), which follows the functions of the Cybersecurity Framework 2.0.
"""

from dataclasses import dataclass
from typing import Literal, get_args

Phase = Literal["preparation", "detection", "analysis", "containment", "eradication", "recovery", "review", "closed"]
PHASES: tuple[Phase, ...] = get_args(Phase)

CSF: dict[Phase, str] = {
    "preparation": "GV, ID, PR",
    "detection": "DE",
    "analysis": "RS.AN",
    "containment": "RS.MI-01",
    "eradication": "RS.MI-02",
    "recovery": "RC",
    "review": "ID.IM",
    "closed": "ID.IM",
}
"""Function or category of CSF 2.0 that each phase serves."""

Guard = Literal["contained", "no_open_eradication", "no_open_required", "false_alarm_said"]

GUARD_SAYS: dict[Guard, str] = {
    "contained": "containment has not been measured or set as a fact",
    "no_open_eradication": "required tasks of eradication are open",
    "no_open_required": "required tasks are open",
    "false_alarm_said": "the reason does not say that it was a false alarm",
}


@dataclass(frozen=True, slots=True)
class Way:
    source: Phase
    target: Phase
    needs: tuple[Guard, ...] = ()
    """What must hold; a recorded override by two people goes past it."""


WAYS: tuple[Way, ...] = (
    Way("preparation", "detection"),
    Way("detection", "analysis"),
    Way("detection", "containment"),
    Way("detection", "closed", ("false_alarm_said",)),
    Way("analysis", "containment"),
    Way("analysis", "closed", ("false_alarm_said",)),
    Way("containment", "analysis"),
    Way("containment", "eradication", ("contained",)),
    Way("eradication", "containment"),
    Way("eradication", "recovery", ("no_open_eradication",)),
    Way("recovery", "containment"),
    Way("recovery", "eradication"),
    Way("recovery", "review", ("contained",)),
    Way("review", "recovery"),
    Way("review", "closed", ("no_open_required",)),
    Way("closed", "analysis"),
)


def way(source: Phase, target: Phase) -> Way | None:
    return next((item for item in WAYS if item.source == source and item.target == target), None)


def next_phases(source: Phase) -> tuple[Phase, ...]:
    return tuple(item.target for item in WAYS if item.source == source)
