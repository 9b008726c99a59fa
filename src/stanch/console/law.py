"""Where the law's clocks join those of the incident: its facts become a case, and the rules that apply become clocks.

Decision support: what a rule rests on stands beside it, and a rule that may apply is shown apart from those that do.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args

from stanch.engines.law import rules_pack
from stanch.incident.anchor import AnchorName
from stanch.incident.clock import Clock
from stanch.incident.state import Incident
from stanch.law.case import Case, Group
from stanch.law.matrix import Matrix, Row, decide
from stanch.law.rule import Anchor, Harm
from stanch.law.wall import Tick, wall

_PLACE = re.compile(r"\A([A-Z]{2}(?:-[A-Z0-9]{1,3})?)(?:=(\d{1,10}))?\Z")
ANCHORS: dict[AnchorName, tuple[Anchor, ...]] = {
    "suspected": ("suspected",),
    "aware": ("aware", "discovered"),
    "determined": ("determined_breach",),
    "told_regulator": ("authority_notified",),
    "told_people": ("individuals_notified",),
}
"""Discovery is not set apart here: who is aware has discovered."""
MAX_UNCERTAIN = 12
HARMS: tuple[Harm, ...] = get_args(Harm)


@dataclass(frozen=True, slots=True, kw_only=True)
class LawView:
    """What the law asks of an incident, as pages show it."""

    clocks: tuple[Clock, ...] = ()
    """Of rules that apply, with a date."""
    words: tuple[Tick, ...] = ()
    """Of rules that apply, with words instead of a date, or waiting for an event."""
    maybe: tuple[Tick, ...] = ()
    missing: tuple[tuple[str, int], ...] = ()
    """What would tell, and how many rules wait for it."""


def law_view(incident: Incident, now: datetime) -> LawView:
    if not incident.jurisdictions or not incident.leaks:
        return LawView()
    matrix = decide(rules_pack(), case_of(incident, now))
    ticks = wall(matrix, now=now)
    sure = [tick for tick in ticks if tick.certain]
    return LawView(
        clocks=tuple(clock_of(tick.row, tick.deadline.due_at) for tick in sure if tick.deadline.due_at),
        words=tuple(tick for tick in sure if tick.deadline.due_at is None),
        maybe=tuple(tick for tick in ticks if not tick.certain)[:MAX_UNCERTAIN],
        missing=missing(matrix),
    )


def missing(matrix: Matrix) -> tuple[tuple[str, int], ...]:
    return tuple((fact.question, len(rules)) for fact, rules in list(matrix.missing.items())[:MAX_UNCERTAIN])


def law_clocks(incident: Incident, now: datetime) -> tuple[Clock, ...]:
    return law_view(incident, now).clocks


def clock_of(row: Row, due_at: datetime) -> Clock:
    rule = row.rule
    advisory = f" · to be checked: {row.why_advisory}" if row.advisory else ""
    return Clock(
        key=f"law:{rule.id}", title=rule.title, due_at=due_at, owner="privacy_officer", kind="law",
        detail=f"To {rule.recipient} · {rule.law.act}, {rule.law.section}{advisory}",
    )  # fmt: skip


def case_of(incident: Incident, now: datetime) -> Case:
    """Make the case that rules are held against: counts and kinds of data, never people."""
    datatypes = frozenset(item.datatype for leak in incident.leaks for item in leak.fields)
    most = max(leak.n_subjects for leak in incident.leaks)
    groups = tuple(Group(residence=code, datatypes=datatypes, n_people=n or most) for code, n in places(incident.jurisdictions))
    anchors = {name: at for own, names in ANCHORS.items() if (at := incident.anchor(own)) for name in names}
    harm: Harm | Literal["unknown"] = next((word for word in HARMS if word == incident.harm), "unknown")
    return Case(
        groups=groups, as_of=now, anchors=anchors, role=incident.law_role, harm=harm, sectors={name.lower(): True for name in incident.sectors}
    )  # fmt: skip


def places(texts: tuple[str, ...]) -> list[tuple[str, int]]:
    """Read ``DE=5``; without a number everybody may live there. What is no place is left out."""
    found = (_PLACE.match(text) for text in texts)
    return [(match[1], int(match[2] or 0)) for match in found if match]
