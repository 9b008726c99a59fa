"""The options that describe a case, shared by the commands of ``stanch law`` that need one."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypeVar, get_args
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import click

from stanch.cli.scan import read_bytes
from stanch.engines.law import rules_pack
from stanch.engines.law_case import Leak, groups_of, leak_of, leak_of_ledger
from stanch.engines.ledger.ask import open_ledger
from stanch.errors import InputError
from stanch.finding.render.json import parse_report
from stanch.law.calendar import known_calendar
from stanch.law.case import Case
from stanch.law.clock import Entity
from stanch.law.matrix import Matrix, decide
from stanch.law.pack import Pack
from stanch.law.question import SECTORS
from stanch.law.rule import Anchor
from stanch.law.wall import Tick, wall

_NO_CODES = {"UK": "GB", "EL": "GR", "EU": "the country, DE", "EN": "GB"}
F = TypeVar("F", bound=Callable[..., Any])
_HARM = click.Choice(["none", "risk", "serious", "high", "unknown"])
_ROLE = click.Choice(["controller", "processor", "both", "unknown"])
_ENCRYPTED = click.Choice(["yes", "no", "key_too", "unknown"])
RULES = click.option(
    "--rules", "own", multiple=True, metavar="FILE", help="Your own rules file or folder on top: contract clocks, overrides with a reason."
)
_OPTIONS = (
    click.option(
        "--residents", multiple=True, metavar="PLACE=N", help="How many of the people live where: DE=5, US-WA=3. The rest counts as not known."
    ),
    click.option("--people", type=click.IntRange(min=1), metavar="N", help="People affected, where more are known than the report shows."),
    click.option("--at", "anchors", multiple=True, metavar="EVENT=TIME", help="When an event was: aware=2026-11-24T16:20+01:00. May be given again."),
    click.option("--role", type=_ROLE, default="controller", show_default=True, help="Yours for this data."),
    click.option("--harm", type=_HARM, default="unknown", show_default=True, help="The assessed harm to people."),
    click.option("--encrypted", type=_ENCRYPTED, default="no", show_default=True, help="Whether receivers got it unreadable."),
    click.option("--is", "facts", multiple=True, metavar="FACT=yes|no", help="What you are, or an answer that a rule asks for: hipaa_covered=no."),
    click.option("--zone", default="", metavar="ZONE", help="Time zone of your seat: Europe/Berlin."),
    click.option("--calendar", default="none", metavar="CODE", help="Whose public holidays your seat keeps: DE, US-IA."),
    click.option(
        "--kind", "kinds", multiple=True, metavar="KIND", help="Kind of entity that a rule counts differently for: small_agent, dora_noon_entity."
    ),
    click.option("--now", metavar="TIME", help="As of when (default: now)."),
    RULES,
)


def case_options(function: F) -> F:
    """Give a command the options that describe a case."""
    for option in reversed(_OPTIONS):
        function = option(function)
    return function


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """Evidence held against the rules."""

    name: str
    leak: Leak
    matrix: Matrix
    ticks: tuple[Tick, ...]
    now: datetime


def told(path: str, options: Mapping[str, Any]) -> Told:
    """Read the evidence, build the case, decide.

    Raises: InputError for evidence without a leak and for options that don't fit.
    """
    leak = read_leak(path)
    if not leak.datatypes:
        raise InputError("shows no excessive data that anyone received", where=path, hint="nothing to notify from this evidence")
    now = instant("--now", options["now"]) if options["now"] else datetime.now(UTC)
    pack = rules_pack(options["own"])
    matrix = decide(pack, case_of(replace(leak, n_people=options["people"] or leak.n_people), options, pack, now))
    return Told(name=path, leak=leak, matrix=matrix, ticks=wall(matrix, now=now), now=now)


def read_leak(path: str) -> Leak:
    """Read what leaked from a ledger's folder or from a JSON report."""
    name = Path(path).name or path
    if Path(path).is_dir():
        with open_ledger(Path(path)) as ledger:
            return leak_of_ledger(ledger, name)
    data = read_bytes(path)
    return leak_of(parse_report(data, name=path), data, name)


def case_of(leak: Leak, options: Mapping[str, Any], pack: Pack, now: datetime) -> Case:
    facts = {_asked(key, pack): _yes("--is", value) for key, value in _pairs("--is", options["facts"]).items()}
    return Case(
        groups=groups_of(leak, {_place(place): _number("--residents", n) for place, n in _pairs("--residents", options["residents"]).items()}),
        as_of=now,
        anchors={_anchor(name): instant("--at", at) for name, at in _pairs("--at", options["anchors"]).items()},
        role=options["role"],
        harm=options["harm"],
        encrypted=options["encrypted"],
        sectors=facts,
        answers=facts,
        entity=Entity(zone=_zone(options["zone"]), calendar=_calendar(options["calendar"]), kinds=_kinds(options["kinds"], pack)),
    )


def _place(code: str) -> str:
    if not re.fullmatch(r"[A-Z]{2}(-[A-Z0-9]{1,4})?", code) or code in _NO_CODES:
        hint = f"write {_NO_CODES[code]}" if code in _NO_CODES else "write DE, US-CA, CA-QC"
        raise InputError(f"'{code}' is no code of a country or state", where="--residents", hint=hint)
    return code


def _asked(key: str, pack: Pack) -> str:
    known = {*SECTORS, *(rule.sector for rule in pack.rules), *(rule.trigger.asks for rule in pack.rules), "hash_permits_access"} - {"", "general"}
    if key not in known:
        raise InputError(f"no rule asks for '{key}'", where="--is", hint=_near(key, known))
    return key


def _kinds(kinds: tuple[str, ...], pack: Pack) -> tuple[str, ...]:
    known = {kind for rule in pack.rules for reading in rule.clock.readings for kind in reading.target_for} | {"credit_institution"}
    for kind in kinds:
        if kind not in known:
            raise InputError(f"no rule counts differently for '{kind}'", where="--kind", hint=f"there are {', '.join(sorted(known))}")
    return kinds


def _near(key: str, known: set[str]) -> str:
    near = get_close_matches(key, sorted(known), n=1)
    return f"did you mean {near[0]}?" if near else "stanch law simulate lists what is asked for"


def _pairs(option: str, given: tuple[str, ...]) -> dict[str, str]:
    pairs = [text.partition("=") for text in given]
    if not all(name and value for name, _, value in pairs):
        raise InputError("must be NAME=VALUE", where=option)
    return {name.strip(): value.strip() for name, _, value in pairs}


def _number(option: str, text: str) -> int:
    if not text.isdecimal():
        raise InputError("the number of people must be a whole number", where=option)
    return int(text)


def _yes(option: str, text: str) -> bool:
    if text not in {"yes", "no"}:
        raise InputError("must be yes or no", where=option)
    return text == "yes"


def _anchor(name: str) -> Anchor:
    if name not in get_args(Anchor):
        raise InputError(f"no event is called '{name}'", where="--at", hint=f"one of {', '.join(get_args(Anchor))}")
    return name  # type: ignore[return-value]


def instant(option: str, text: str) -> datetime:
    try:
        instant = datetime.fromisoformat(text)
    except ValueError as error:
        raise InputError("is not a time", where=option, hint="write 2026-11-24T16:20+01:00") from error
    if instant.tzinfo is None:
        raise InputError("needs a time zone", where=option, hint="write 2026-11-24T16:20+01:00, or Z for UTC")
    return instant


def _zone(name: str) -> str:
    try:
        ZoneInfo(name or "UTC")
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise InputError("no such time zone", where="--zone", hint="write Europe/Berlin") from error
    return name


def _calendar(code: str) -> str:
    if not known_calendar(code):
        raise InputError("no such calendar", where="--calendar", hint="write DE or US-IA")
    return code
