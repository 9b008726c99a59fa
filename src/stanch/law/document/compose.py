"""Composing a document: a template and a fact sheet become blocks; what is not known says so."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from stanch.law.document.model import Block, Document, Span
from stanch.law.document.template import PLACE, PLACE_NAME, PLACEHOLDER, Line, Section, Template, Words, lines
from stanch.law.document.wording import guidance, members, say
from stanch.law.fact import FactSheet
from stanch.law.key import kind_of

COMPUTED = frozenset({"monitoring_not_required", "no_parent_company", "exercise"})
"""Flags whose absence says nothing that a document would claim."""


@dataclass(slots=True, kw_only=True)
class _Work:
    """What composing collects on its way."""

    sheet: FactSheet
    words: Words
    place: str
    used: set[str] = field(default_factory=set)
    missing: set[str] = field(default_factory=set)
    foreign: set[str] = field(default_factory=set)
    provides: set[str] = field(default_factory=set)

    def holds(self, key: str) -> bool:
        self.used.add(key)
        return self.sheet.holds(key)

    def shown(self, part: Section | Line) -> bool:
        """Follow a part's conditions; a yes or no that nobody has said is missing and shows neither."""
        for key in (part.when, part.unless):
            if key and kind_of(key) == "flag" and self.sheet.get(key) is None and key not in COMPUTED:
                self.used.add(key)
                self.missing.add(key)
                return False
        return (not part.when or self.holds(part.when)) and not (part.unless and self.holds(part.unless))

    def spans(self, text: str) -> tuple[Span, ...]:
        found, at = [], 0
        for match in PLACEHOLDER.finditer(text):
            found += [Span(text=text[at : match.start()])] if match.start() > at else []
            found.append(_merge(match["merge"]) if match["merge"] else self.fact(match["fact"]))
            at = match.end()
        return (*found, *([Span(text=text[at:])] if at < len(text) else []))

    def fact(self, key: str) -> Span:
        if key == PLACE_NAME and self.place:
            return Span(text=self.place, fact=key)
        key = f"n_residents.{self.place}" if key == PLACE else key
        self.used.add(key)
        fact = self.sheet.get(key, self.words.language)
        if fact is None:
            self.missing.add(key)
            return Span(text=self.words.unknown, fact=key, missing=True)
        if fact.language not in {"", self.words.language}:
            self.foreign.add(key)
        return Span(text=say(fact, self.words), fact=key)

    def listed(self, key: str) -> tuple[Block, ...]:
        first = self.fact(key)
        fact = self.sheet.get(key, self.words.language)
        if fact is None:
            return (Block(kind="paragraph", spans=(first,)),)
        return tuple(Block(kind="item", spans=(Span(text=member, fact=key),)) for member in members(fact, self.words))

    def advice(self, what: str) -> tuple[Block, ...]:
        self.used.add("data_types")
        fact = self.sheet.get("data_types")
        leaked = fact.value if fact is not None and isinstance(fact.value, tuple) else ()
        said = [each.consequence if what == "consequences" else each.step for each in guidance(leaked, self.words)]
        return tuple(Block(kind="item", spans=self.spans(text)) for text in dict.fromkeys(said) if text)


def _merge(name: str) -> Span:
    return Span(text=f"{{{{{name}}}}}", merge=name)


def compose(template: Template, sheet: FactSheet, words: Words, *, place: str = "") -> Document:
    """Fill a template from a fact sheet; ``place`` is the state that a state's document is for."""
    work = _Work(sheet=sheet, words=words, place=place)
    exercise = work.holds("exercise")
    mark = (Block(kind="paragraph", spans=(Span(text=words.exercise),)),) if exercise else ()
    blocks = (
        *mark,
        Block(kind="title", spans=work.spans(template.title)),
        *(block for section in template.sections for block in _section(section, work)),
    )
    return Document(
        kind=template.kind,
        language=template.language,
        audience=template.audience,
        rules=template.rules,
        blocks=blocks,
        provides=frozenset(work.provides),
        used=frozenset(work.used),
        missing=frozenset(work.missing),
        foreign=frozenset(work.foreign),
        phased=template.phased,
        max_grade=template.max_grade,
        max_words=template.max_words,
        exercise=exercise,
    )


def _section(section: Section, work: _Work) -> Iterable[Block]:
    if not work.shown(section):
        return
    body = [block for line in lines(section) if work.shown(line) for block in _line(line, work)]
    if not body:
        return
    work.provides |= set(section.provides)
    if section.heading:
        yield Block(kind="heading", spans=work.spans(section.heading))
    yield from body


def _line(line: Line, work: _Work) -> tuple[Block, ...]:
    work.provides |= set(line.provides)
    if line.list:
        return work.listed(line.list)
    if line.guidance:
        return work.advice(line.guidance)
    if line.field:
        return (Block(kind="field", label=line.field, spans=work.spans(line.value)),)
    if line.item:
        return (Block(kind="item", spans=work.spans(line.item)),)
    return (Block(kind="paragraph", spans=work.spans(line.text)),)
