"""Approvals: by role, by two people, bound to bytes; a changed fact voids them and says which documents.

``Source``: the four-eyes principle; who drafts does not approve alone.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from stanch.law.document.markdown import digest
from stanch.law.document.model import Document
from stanch.law.fact import FactSheet, changed

ROLES: Mapping[str, frozenset[str]] = {
    "individuals": frozenset({"privacy_officer", "counsel"}),
    "authority": frozenset({"privacy_officer", "counsel"}),
    "public": frozenset({"executive", "counsel"}),
    "controller": frozenset({"privacy_officer", "counsel"}),
    "register": frozenset({"privacy_officer", "counsel"}),
}
OTHERS = frozenset({"lead", "privacy_officer", "counsel", "executive"})
N_APPROVERS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    sha256: str
    """Of the exact text."""
    by: str
    role: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    approved: bool
    why_not: tuple[str, ...] = ()
    n_void: int = 0
    """Approvals given to another text."""


def standing(document: Document, approvals: Iterable[Approval], *, drafted_by: str) -> Standing:
    """Say whether a document as it stands is approved by two people of the right roles, neither of whom wrote it."""
    given = list(approvals)
    sha256, roles = digest(document), ROLES.get(document.audience, OTHERS)
    fitting = [a for a in given if a.sha256 == sha256]
    people = {a.by for a in fitting if a.role in OTHERS and a.by != drafted_by}
    problems = []
    if len(people) < N_APPROVERS:
        problems.append(f"{len(people)} of {N_APPROVERS} people have approved this text")
    if not any(a.role in roles and a.by != drafted_by for a in fitting):
        problems.append(f"needs one of: {', '.join(sorted(roles))}")
    return Standing(approved=not problems, why_not=tuple(problems), n_void=len(given) - len(fitting))


@dataclass(frozen=True, slots=True, kw_only=True)
class Voided:
    kind: str
    language: str
    facts: tuple[str, ...]
    """The facts that changed under it."""


def voided(documents: Iterable[Document], old: FactSheet, new: FactSheet) -> tuple[Voided, ...]:
    """Name the documents whose approvals a change of facts voids, and by which facts."""
    keys = changed(old, new)
    hit = ((document, tuple(sorted(keys & document.used))) for document in documents)
    return tuple(Voided(kind=document.kind, language=document.language, facts=facts) for document, facts in hit if facts)
