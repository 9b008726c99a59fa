"""The rule record: one duty of one act towards one recipient, as data.

Decides what a rules file may say; knows nothing of any incident, and nothing of where files come from.
"""

from collections.abc import Mapping
from datetime import date
from typing import Literal

import msgspec

SCHEMA = "stanch.rules/1"
Mark = Literal["T", "R", "S", "K"]
MARKS: Mapping[Mark, str] = {
    "T": "read in the text of the act",
    "R": "read on the regulator's own page",
    "S": "from a secondary source that names the section",
    "K": "general knowledge, unverified",
}
Unit = Literal["hours", "days", "weeks", "months", "business_days"]
Roll = Literal["none", "next_working", "noon_next_working"]
Harm = Literal["none", "risk", "serious", "high"]
Audience = Literal["authority", "individuals", "media", "public", "controller", "principal", "reporting_agencies", "register"]
Anchor = Literal[
    "occurred",
    "suspected",
    "aware",
    "discovered",
    "determined_breach",
    "determined_material",
    "determined_notifiable",
    "classified_major",
    "notified_by_processor",
    "individuals_notified",
    "authority_notified",
    "initial_report_submitted",
    "intermediate_report_submitted",
    "corrective_measure_available",
    "law_enforcement_hold_off",
    "payment_made",
    "assessment_started",
]


class Act(msgspec.Struct, forbid_unknown_fields=True, kw_only=True, frozen=True):
    act: str
    section: str
    url: str = ""


class Effective(msgspec.Struct, forbid_unknown_fields=True, kw_only=True, frozen=True):
    since: date | None = None
    """First day of force; absent where the source gives none."""
    until: date | None = None


class Reading(msgspec.Struct, forbid_unknown_fields=True, kw_only=True, frozen=True):
    """Another way to count the same period, shown beside the strict target and never alerting by itself."""

    id: str
    says: str
    n: int | None = None
    unit: Unit | None = None
    roll: Roll | None = None
    calendar: str | None = None
    target_for: tuple[str, ...] = ()
    """Kinds of entity for which this reading is the target: ``small_agent`` and the like."""
    guidance: bool = False
    """Expected by a regulator, not set by the act."""


class Cap(msgspec.Struct, forbid_unknown_fields=True, kw_only=True, frozen=True):
    """An outer limit from another event; it binds unless it had passed before the clock's own event."""

    anchor: Anchor
    unit: Unit
    n: int


class Clock(msgspec.Struct, forbid_unknown_fields=True, kw_only=True, frozen=True):
    anchor: Anchor
    unit: Unit = "days"
    n: int | None = None
    """Absent where the act gives words only; no number is ever made up for it."""
    words: str = ""
    """What the act says beside or instead of the number: ``without undue delay``. It binds too."""
    calendar: str = "none"
    """Whose holidays count: a country, ``US-IA``, ``NYSE``, ``entity`` (where the organisation sits), ``none`` (weekends only)."""
    roll: Roll = "none"
    start: Literal["event", "year_end"] = "event"
    cap: Cap | None = None
    periods: Literal["", "eu-1182-71"] = ""
    """The law of periods that yields alternative readings."""
    readings: tuple[Reading, ...] = ()
    mark: Mark | None = None


class Trigger(msgspec.Struct, forbid_unknown_fields=True, kw_only=True, frozen=True):
    events: tuple[Literal["access", "acquisition", "disclosure", "loss"], ...] = ("disclosure",)
    """The least that must have happened. ``access`` is less than ``acquisition``; ``disclosure`` is any of both."""
    elements: tuple[str, ...] = ()
    """Any of these kinds suffices; empty with empty ``combos`` means any personal data."""
    combos: tuple[tuple[str, ...], ...] = ()
    """Or all of one of these together, about the same person."""
    complete: bool = True
    """Whether the list is known to be whole; if not, no match means "can't be known yet" for kinds that some statute lists."""
    encryption: Literal["none", "exempts", "factor"] = "none"
    """What encryption does: nothing, exempts unless the key went too, or is weighed in the harm."""
    otherwise: str = ""
    """A condition in words that traffic can't show; the matrix asks for it by ``asks``."""
    asks: str = ""
    mark: Mark | None = None


class Threshold(msgspec.Struct, forbid_unknown_fields=True, kw_only=True, frozen=True):
    of: Literal["residents", "total", "largest_part"] = "residents"
    """Whose number counts: residents of the place, all people affected, or those of its state with most."""
    at_least: int = 1
    below: int | None = None
    harm: Harm = "none"
    presumed: bool = False
    """The duty stands unless a lower harm is shown (and recorded)."""
    or_elements: tuple[str, ...] = ()
    """These kinds make the count irrelevant."""
    mark: Mark | None = None


class Delay(msgspec.Struct, forbid_unknown_fields=True, kw_only=True, frozen=True):
    reason: Literal[
        "law_enforcement", "scope_and_restore", "national_security", "good_cause", "supervisor", "unavoidable", "disproportionate", "prevent_harm"
    ]
    days: int | None = None
    """How long the act allows, or lets pass after the hold is released."""
    says: str = ""


class Order(msgspec.Struct, forbid_unknown_fields=True, kw_only=True, frozen=True):
    when: Literal["before", "with", "after"]
    rule: str


class Remedy(msgspec.Struct, forbid_unknown_fields=True, kw_only=True, frozen=True):
    kind: Literal["credit_monitoring", "identity_theft_prevention", "mitigation_services"]
    months: int | None = None
    elements: tuple[str, ...]
    says: str = ""
    mark: Mark | None = None


class Vector(msgspec.Struct, forbid_unknown_fields=True, kw_only=True, frozen=True):
    """One worked example; local times are read in ``zone`` (else the rule's)."""

    at: dict[Anchor, str]
    due: str = ""
    missing: Anchor | None = None
    """The anchor that the clock must ask for instead of giving a date."""
    zone: str = ""
    calendar: str = ""
    entity: tuple[str, ...] = ()
    readings: dict[str, str] = {}
    says: str = ""


class Rule(msgspec.Struct, forbid_unknown_fields=True, kw_only=True, frozen=True):
    id: str
    jurisdiction: str = ""
    """Set by the file; ISO 3166 code, ``US-CA``, ``EU``, or ``X-…`` for a contract."""
    title: str
    law: Act
    mark: Mark
    review_by: date
    effective: Effective = Effective()
    audience: Audience
    recipient: str
    sector: str = "general"
    """``general``, or the kind of entity that alone has the duty (``hipaa_covered``, ``financial_entity`` …).
    A sector's duty follows the organisation: people count wherever they live."""
    roles: tuple[Literal["controller", "processor"], ...] = ("controller",)
    covers: tuple[str, ...] = ()
    """Residences that count; empty means the jurisdiction itself (and its parts)."""
    trigger: Trigger = Trigger()
    threshold: Threshold = Threshold()
    clock: Clock
    order: tuple[Order, ...] = ()
    contents: tuple[str, ...] = ()
    must_not: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    delay: tuple[Delay, ...] = ()
    remedies: tuple[Remedy, ...] = ()
    contested: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    status: Literal["in_force", "draft", "not_yet", "uncertain"] = "in_force"
    """Anything but ``in_force`` is advisory, whatever the mark."""
    zone: str = ""
    vectors: tuple[Vector, ...] = ()

    @property
    def advisory(self) -> bool:
        """Whether the rule is shown as advice to check, never enforced."""
        return self.mark in {"S", "K"} or self.status != "in_force"

    @property
    def numeric(self) -> bool:
        return self.clock.n is not None


class Override(msgspec.Struct, forbid_unknown_fields=True, kw_only=True, frozen=True):
    """An organisation's own decision about a rule, with who and why; it is shown wherever the rule is."""

    rule: str
    by: str
    why: str
    until: date
    set_aside: bool = False
    clock: Clock | None = None


class RuleFile(msgspec.Struct, forbid_unknown_fields=True, kw_only=True, frozen=True):
    schema: Literal["stanch.rules/1"]
    jurisdiction: str
    name: str
    zone: str
    """IANA zone in which the place counts its days."""
    rules: tuple[Rule, ...] = ()
    overrides: tuple[Override, ...] = ()
