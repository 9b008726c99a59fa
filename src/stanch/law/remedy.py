"""Remedies as offers: what to do first for the kinds of data that leaked, and what a law really requires.

Monitoring is offered where a law that applies requires it; where none does, that is said.
A code for a service passes through the states of ``CODE_MOVES``.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType
from typing import Literal

from stanch.errors import InputError
from stanch.law.element import ELEMENTS, elements_of
from stanch.law.fact import Fact, Query
from stanch.law.matrix import Matrix, Row

NONE_REQUIRED = "No law that applies, or may apply, to these kinds of data requires monitoring or identity protection."


@dataclass(frozen=True, slots=True, kw_only=True)
class First:
    """A remedy that works at the source, before anything is offered."""

    do: str
    why: str


_FIRST: tuple[tuple[tuple[str, ...], First], ...] = (
    (
        ("credential.token", "credential.refresh_token", "credential.session", "credential.api_key"),
        First(do="revoke every leaked session, token and key at once", why="they open accounts as they are"),
    ),
    (
        ("credential.password", "credential.password_hash", "credential.password_salt", "credential.pin"),
        First(do="end all sessions and force new passwords at the next sign-in", why="a password or its hash leaked; hashes can be tried offline"),
    ),
    (
        ("credential.reset_token", "credential.otp", "credential.otp_secret", "credential.recovery_code", "credential.security_answer"),
        First(do="void reset links, second factors and security answers, and enrol them anew", why="they get around a password"),
    ),
    (("finance.card",), First(do="tell the card schemes or the acquirer", why="cards can be watched or replaced by the issuer")),
    (
        ("contact.email", "contact.phone"),
        First(do="warn of messages and calls that cite this leak", why="contact details with true facts make false messages credible"),
    ),
    (("contact.address", "location"), First(do="offer help to people at risk who become findable", why="an address can endanger a person")),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A service that a law requires to be offered."""

    kind: str
    months: int | None
    rule_id: str
    certain: bool
    """Whether the rule surely applies."""
    n_people: int
    elements: tuple[str, ...]
    says: str


def first_remedies(datatypes: Iterable[str]) -> tuple[First, ...]:
    """Give what to do first for these kinds of data, most urgent first."""
    known = tuple(datatypes)
    return tuple(first for names, first in _FIRST if any(d == n or d.startswith(f"{n}.") for d in known for n in names))


def required_offers(matrix: Matrix) -> tuple[Offer, ...]:
    """Give the services that rules which apply or may apply require for what leaked; none, usually, for a profile leak."""
    rows = (row for outcome in ("applies", "unknown") for row in matrix.rows if row.outcome == outcome and row.n_most)
    return tuple(offer for row in rows for offer in _offers(row, elements_of(matrix.case.datatypes)))


def _offers(row: Row, elements: frozenset[str]) -> Iterable[Offer]:
    for remedy in row.rule.remedies:
        met = tuple(element for element in remedy.elements if element in elements)
        if met:
            certain = row.outcome == "applies"
            yield Offer(
                kind=remedy.kind, months=remedy.months, rule_id=row.rule.id, certain=certain, n_people=row.n_most, elements=met, says=remedy.says
            )


def remedies_text(matrix: Matrix) -> tuple[str, ...]:
    """Say the remedies in plain lines: what comes first, what a law requires, or that none does."""
    lines = [f"First: {first.do} ({first.why})." for first in first_remedies(matrix.case.datatypes)]
    offers = required_offers(matrix)
    if not offers:
        return (*lines, NONE_REQUIRED)
    for offer in offers:
        doubt = "requires" if offer.certain else "may require"
        kinds = ", ".join(ELEMENTS[element] for element in offer.elements)
        lines.append(f"{offer.rule_id} {doubt} {offer.kind.replace('_', ' ')} for {kinds}: {offer.says}")
    return tuple(lines)


def remedy_facts(matrix: Matrix) -> Iterable[Fact]:
    """Say on the fact sheet whether any law requires monitoring."""
    query = Query(what="remedies that rules require for these kinds of data", source="rules pack")
    yield Fact(key="monitoring_not_required", kind="flag", value=not required_offers(matrix), source=query, confidence="exact")


CodeState = Literal["in_stock", "assigned", "delivered", "redeemed", "expired", "replaced"]
CodeEvent = Literal["assign", "deliver", "redeem", "expire", "replace"]
CODE_MOVES: Mapping[tuple[CodeState, CodeEvent], CodeState] = MappingProxyType(
    {
        ("in_stock", "assign"): "assigned",
        ("in_stock", "expire"): "expired",
        ("assigned", "deliver"): "delivered",
        ("assigned", "expire"): "expired",
        ("assigned", "replace"): "replaced",
        ("delivered", "redeem"): "redeemed",
        ("delivered", "expire"): "expired",
        ("delivered", "replace"): "replaced",
        ("expired", "replace"): "replaced",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """One activation code of a vendor's product."""

    code_key: str
    """Keyed hash of the code; the code itself stays with the letter."""
    vendor: str
    product: str
    months: int
    enrol_by: date
    for_minors: bool = False
    state: CodeState = "in_stock"
    subject_key: str = ""
    """Keyed pseudonym of whom it is assigned to."""


def advance(code: Code, event: CodeEvent, *, today: date, subject_key: str = "", minor: bool = False) -> Code:
    """Move a code on.

    Raises: InputError for a move that the table has not, for a code past its day, and for a code of the wrong product for a minor.
    """
    to = CODE_MOVES.get((code.state, event))
    if to is None:
        raise InputError(f"a code that is {code.state} can't {event}", where="remedy code")
    if event in {"assign", "deliver", "redeem"} and today > code.enrol_by:
        raise InputError(f"its enrolment ended on {code.enrol_by}", where="remedy code", hint="replace it")
    if event == "assign" and (not subject_key or minor != code.for_minors):
        raise InputError("a code is assigned to one person, and minors need the product for minors", where="remedy code")
    return replace(code, state=to, subject_key=subject_key or code.subject_key)
