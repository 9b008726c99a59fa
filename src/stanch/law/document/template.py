"""Templates and words as data: one file per kind and language, read strictly.

A template may hold words and names of facts; a digit in it is a mistake, because a number is a fact.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, TypeVar

import msgspec
import yaml

from stanch.errors import InputError
from stanch.law.content import CONTENTS
from stanch.law.key import kind_of

T = TypeVar("T")
PLACEHOLDER = re.compile(r"\{\{(?P<merge>\w+)\}\}|\{(?P<fact>[\w.\-]+)\}")
MERGE_FIELDS = frozenset({"name", "reference", "data_types", "salutation", "address"})
PLACE_NAME = "place_name"
PLACE = "n_residents.place"
"""In a template: residents of the place that the document is for."""


class Line(msgspec.Struct, forbid_unknown_fields=True, kw_only=True, frozen=True):
    text: str = ""
    item: str = ""
    field: str = ""
    value: str = ""
    list: str = ""
    """Key of a fact whose members become bullets."""
    guidance: Literal["", "consequences", "steps"] = ""
    """Bullets by the kinds of data that leaked."""
    when: str = ""
    unless: str = ""
    provides: tuple[str, ...] = ()


class Section(msgspec.Struct, forbid_unknown_fields=True, kw_only=True, frozen=True):
    heading: str = ""
    provides: tuple[str, ...] = ()
    when: str = ""
    unless: str = ""
    body: tuple[str | Line, ...]


class Template(msgspec.Struct, forbid_unknown_fields=True, kw_only=True, frozen=True):
    kind: str
    language: str
    audience: str
    rules: tuple[str, ...] = ()
    title: str
    phased: bool = False
    max_grade: float | None = None
    max_words: int | None = None
    sections: tuple[Section, ...]


class Guidance(msgspec.Struct, forbid_unknown_fields=True, kw_only=True, frozen=True):
    consequence: str = ""
    step: str = ""


class Words(msgspec.Struct, forbid_unknown_fields=True, kw_only=True, frozen=True):
    """How one language says dates, numbers, kinds of data and advice."""

    language: str
    months: tuple[str, ...]
    date: str
    time: str
    thousands: str
    at_least: str
    at_most: str
    about: str
    last_and: str
    unknown: str
    exercise: str
    affirmed: str
    denied: str
    greeting: str
    datatypes: dict[str, str]
    """By datatype or family: the longest that fits."""
    guidance: dict[str, Guidance]
    """By datatype or family, most valuable advice first."""
    banned: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Library:
    templates: Mapping[tuple[str, str], Template]
    words: Mapping[str, Words]

    def template(self, kind: str, language: str) -> Template:
        """Give a template.

        Raises: InputError where there is none in this language.
        """
        if (kind, language) not in self.templates:
            known = sorted({lang for name, lang in self.templates if name == kind})
            hint = f"there is one in {', '.join(known)}" if known else f"kinds: {', '.join(sorted({name for name, _ in self.templates}))}"
            raise InputError(f"no template '{kind}' in '{language}'", hint=hint)
        return self.templates[kind, language]


def load_library(sources: Iterable[tuple[str, bytes]]) -> Library:
    """Read template and words files.

    Raises: InputError that names the file and what is wrong in it.
    """
    templates: dict[tuple[str, str], Template] = {}
    words: dict[str, Words] = {}
    for name, data in sources:
        value = _plain(name, data)
        if "months" in value:
            read = _convert(name, value, Words)
            _check_words(name, read)
            words[read.language] = read
        else:
            template = _convert(name, value, Template)
            _check(name, template)
            templates[template.kind, template.language] = template
    return Library(templates=templates, words=words)


def _plain(name: str, data: bytes) -> dict[str, object]:
    try:
        value = yaml.load(data, Loader=yaml.CSafeLoader)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise InputError("is not YAML", where=name) from error
    if not isinstance(value, dict):
        raise InputError("is not a template", where=name)
    return value


def _convert(name: str, value: object, kind: type[T]) -> T:
    try:
        return msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        raise InputError(str(error), where=name) from error


def _check(name: str, template: Template) -> None:
    for text in texts(template):
        if any(character.isdigit() for character in PLACEHOLDER.sub("", text)):
            raise InputError("a template may not hold a number: make it a fact", where=name)
        for match in PLACEHOLDER.finditer(text):
            if match["fact"] and kind_of(match["fact"]) is None:
                raise InputError(f"no fact is called '{match['fact']}'", where=name)
            if match["merge"] and match["merge"] not in MERGE_FIELDS:
                raise InputError(f"no merge field is called '{match['merge']}'", where=name)
    for key in conditions(template):
        if key and kind_of(key) is None:
            raise InputError(f"no fact is called '{key}'", where=name)
    for content in {c for section in template.sections for c in (*section.provides, *(c for line in lines(section) for c in line.provides))}:
        if content not in CONTENTS:
            raise InputError(f"no content is called '{content}'", where=name)


def _check_words(name: str, words: Words) -> None:
    advice = (text for each in words.guidance.values() for text in (each.consequence, each.step))
    if any(character.isdigit() for text in (*advice, *words.datatypes.values()) for character in text):
        raise InputError("words may not hold a number: make it a fact", where=name)
    if len(words.months) != 12:
        raise InputError("a year has twelve months", where=name)


def lines(section: Section) -> Iterable[Line]:
    return (Line(text=line) if isinstance(line, str) else line for line in section.body)


def texts(template: Template) -> Iterable[str]:
    """Give every piece of wording in a template."""
    yield template.title
    for section in template.sections:
        yield section.heading
        for line in lines(section):
            yield from (line.text, line.item, line.field, line.value)


def conditions(template: Template) -> Iterable[str]:
    """Give every fact that decides what a template shows."""
    for section in template.sections:
        yield from (section.when, section.unless)
        for line in lines(section):
            yield from (line.when, line.unless, line.list)
