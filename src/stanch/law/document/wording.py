"""Facts in words: dates, numbers with how sure they are, kinds of data, advice, in one language."""

from collections.abc import Iterable
from datetime import date, datetime
from zoneinfo import ZoneInfo

from stanch.classify.taxonomy import TAXONOMY
from stanch.law.document.template import Guidance, Words
from stanch.law.fact import Fact


def say(fact: Fact, words: Words) -> str:
    """Say a fact as a reader of this language expects it."""
    value = fact.value
    if isinstance(value, bool):
        return words.affirmed if value else words.denied
    if isinstance(value, int):
        return _sure(number(value, words), fact, words)
    if isinstance(value, datetime):
        return _instant(value, fact.zone or "UTC", words)
    if isinstance(value, date):
        return _day(value, words)
    if isinstance(value, tuple):
        return joined(members(fact, words), words)
    return value


def members(fact: Fact, words: Words) -> tuple[str, ...]:
    """Give the members of a list in words, each once."""
    values = fact.value if isinstance(fact.value, tuple) else (str(fact.value),)
    said = (datatype(value, words) for value in values) if fact.kind == "datatypes" else iter(values)
    return tuple(dict.fromkeys(said))


def number(value: int, words: Words) -> str:
    return f"{value:,}".replace(",", words.thousands)


def _sure(said: str, fact: Fact, words: Words) -> str:
    forms = {"at_least": words.at_least, "at_most": words.at_most, "estimate": words.about}
    return forms.get(fact.confidence, "{n}").replace("{n}", said)


def _instant(value: datetime, zone: str, words: Words) -> str:
    local = value.astimezone(ZoneInfo(zone))
    return words.time.format(date=_day(local.date(), words), time=f"{local:%H:%M}", zone=f"{local:%Z}")


def _day(value: date, words: Words) -> str:
    return words.date.format(day=value.day, month=words.months[value.month - 1], year=value.year)


def joined(parts: Iterable[str], words: Words) -> str:
    every = list(parts)
    if len(every) < 2:
        return "".join(every)
    return f"{', '.join(every[:-1])}{words.last_and}{every[-1]}"


def datatype(name: str, words: Words) -> str:
    """Name a kind of data: by itself, else by the nearest family that the language has a word for."""
    part = name
    while part:
        if part in words.datatypes:
            return words.datatypes[part]
        part = part.rpartition(".")[0]
    return TAXONOMY[name].title.lower() if name in TAXONOMY else name


def guidance(datatypes: Iterable[str], words: Words) -> tuple[Guidance, ...]:
    """Give the advice that fits these kinds of data, in the order of its worth."""
    known = tuple(datatypes)
    return tuple(advice for key, advice in words.guidance.items() if any(name == key or name.startswith(f"{key}.") for name in known))
