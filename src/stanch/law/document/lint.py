"""Whether a document may go out: contents required and forbidden by its rules, facts, phrases, reading level, length.

Decides from the document and the rules alone; an error stops approval, a warning is for a person to weigh.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from stanch.law.content import CONTENTS
from stanch.law.document.model import Document, Span
from stanch.law.document.readable import grade, n_words
from stanch.law.document.template import Words
from stanch.law.key import KEYS
from stanch.law.rule import Rule

_COUNT_FACTS = ("n_people", "n_residents.")
_TELLS_NUMBER = frozenset({"n_subjects", "n_residents"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Complaint:
    level: Literal["error", "warning"]
    what: str
    """``required``, ``forbidden``, ``fact``, ``number``, ``phrase``, ``reading``, ``length``, ``language``."""
    says: str


def lint(document: Document, rules: Sequence[Rule], words: Words) -> tuple[Complaint, ...]:
    """Give all that speaks against sending a document as it is, errors first."""
    found = [*_contents(document, rules), *_facts(document), *_numbers(document), *_phrases(document, words), *_form(document)]
    return tuple(sorted(found, key=lambda c: (c.level, c.what, c.says)))


def sendable(complaints: Iterable[Complaint]) -> bool:
    return not any(complaint.level == "error" for complaint in complaints)


def _contents(document: Document, rules: Sequence[Rule]) -> Iterable[Complaint]:
    for rule in rules:
        for content in rule.contents:
            if content not in document.provides:
                yield Complaint(level="error", what="required", says=f"{rule.id} requires {CONTENTS[content]}")
        for content in rule.must_not:
            if content in document.provides:
                yield Complaint(level="error", what="forbidden", says=f"{rule.id} forbids {CONTENTS[content]}")
        if _TELLS_NUMBER & set(rule.must_not):
            yield from (Complaint(level="error", what="forbidden", says=f"{rule.id} forbids the fact '{key}'") for key in _shown_counts(document))


def _shown_counts(document: Document) -> Iterable[str]:
    return sorted({span.fact for span in _spans(document) if span.fact.startswith(_COUNT_FACTS)})


def _facts(document: Document) -> Iterable[Complaint]:
    for key in sorted(document.missing):
        yield Complaint(level="warning" if document.phased else "error", what="fact", says=f"the fact '{key}' is not known{_described(key)}")
    for key in sorted(document.foreign):
        yield Complaint(level="warning", what="language", says=f"the text '{key}' was not stated in '{document.language}'")


def _described(key: str) -> str:
    return f": {KEYS[key][1]}" if key in KEYS else ""


def _numbers(document: Document) -> Iterable[Complaint]:
    """Every number must be a fact or a field merged for a person."""
    typed = [span for span in _spans(document) if not span.fact and not span.merge and any(c.isdigit() for c in span.text)]
    if typed or any(character.isdigit() for block in document.blocks for character in block.label):
        yield Complaint(level="error", what="number", says="a number stands in the text that is no fact")


def _phrases(document: Document, words: Words) -> Iterable[Complaint]:
    text = " ".join(document.text.lower().split())
    for phrase in words.banned:
        if phrase.lower() in text:
            yield Complaint(level="error", what="phrase", says=f"'{phrase}' says nothing that can be shown")


def _form(document: Document) -> Iterable[Complaint]:
    text = document.text
    if document.max_words is not None and n_words(text) > document.max_words:
        yield Complaint(level="error", what="length", says=f"{n_words(text)} words, more than {document.max_words}")
    if document.max_grade is not None:
        found = grade(readable_part(document), document.language)
        if found > document.max_grade:
            yield Complaint(level="warning", what="reading", says=f"reading level {found:.1f}, harder than {document.max_grade:.1f}")


def readable_part(document: Document) -> str:
    """Give the sentences of a document as a reader meets them: values of facts and contact lines are not its style."""
    texts = ("".join(span.text if not span.fact else "x" for span in block.spans) for block in document.blocks if block.kind in {"paragraph", "item"})
    return "\n".join(text for text in texts if any(character.islower() for character in text))


def _spans(document: Document) -> Iterable[Span]:
    return (span for block in document.blocks for span in block.spans)
