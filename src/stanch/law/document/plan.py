"""Which documents a case needs: those its rules call for, and those that its people need anyway."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from stanch.law.document.template import Library
from stanch.law.matrix import Matrix, Row
from stanch.law.rule import Rule

PERSON_FACING = ("gdpr-34-letter", "holding-statement")
ALWAYS = ("board-page", "support-script", "faq", "holding-statement", "status-page", "internal-note")
_REGISTER = "gdpr-33-5-register"
_STATE_LETTER = "us-letter-general"
_STATE_DATA = "us-ag-data"


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    kind: str
    language: str
    place: str = ""
    """The state that it is for."""
    rules: tuple[Rule, ...] = ()
    certain: bool = True
    """Whether a rule that surely applies calls for it."""


def needs(matrix: Matrix, library: Library, languages: Sequence[str]) -> tuple[Need, ...]:
    """Name every document that the matrix calls for, certain ones first, and those that are always needed."""
    found: dict[tuple[str, str, str], Need] = {}
    for row in (*matrix.by("applies"), *matrix.by("unknown")):
        if not row.n_people and row.outcome == "unknown":
            continue
        for kind, place in _kinds(row, library):
            for language in _languages(kind, library, languages):
                _put(found, kind, language, place, row)
    for kind in ALWAYS:
        for language in _languages(kind, library, languages):
            found.setdefault((kind, language, ""), Need(kind=kind, language=language))
    return tuple(sorted(found.values(), key=lambda n: (not n.certain, n.kind, n.place, n.language)))


def _put(found: dict[tuple[str, str, str], Need], kind: str, language: str, place: str, row: Row) -> None:
    known = found.get((kind, language, place))
    rules = (*(known.rules if known else ()), row.rule)
    certain = row.outcome == "applies" or bool(known and known.certain)
    found[kind, language, place] = Need(kind=kind, language=language, place=place, rules=rules, certain=certain)


def _kinds(row: Row, library: Library) -> Iterable[tuple[str, str]]:
    rule = row.rule
    named = sorted({kind for (kind, _), template in library.templates.items() if rule.id in template.rules})
    if rule.jurisdiction.startswith("US-") and rule.audience == "authority":
        return [(_STATE_DATA, rule.jurisdiction)]
    if rule.jurisdiction.startswith("US-") and rule.audience == "individuals":
        special = [kind for kind in named if kind != _STATE_LETTER]
        return [(special[0] if special else _STATE_LETTER, rule.jurisdiction)]
    return [(kind, "") for kind in named] or ([(_REGISTER, "")] if rule.audience == "register" else [])


def _languages(kind: str, library: Library, languages: Sequence[str]) -> Sequence[str]:
    given = [language for language in languages if (kind, language) in library.templates]
    return given or ["en"]
