"""From a report to the groups of a legal case: which kinds of data left together, of how many people.

A report counts people per field and does not say who lost what together; until a ledger does, everyone affected is taken to have lost all of it.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from stanch.errors import InputError
from stanch.finding.report import Report
from stanch.law.case import Group

_COMPANIONS = ("person.name", "online.username")


@dataclass(frozen=True, slots=True, kw_only=True)
class Leak:
    """What a report shows as lost."""

    datatypes: frozenset[str]
    n_people: int
    """At least: the most people that one field gives away; a sum would count people twice."""
    n_recipients: int
    endpoints: tuple[str, ...]


def leak_of(report: Report) -> Leak:
    """Gather what the excessive findings give away, with the names that stand beside it in the same object."""
    findings = [f for f in report.findings if f.verdict == "excessive" and f.n_recipients > 0]
    objects = {(f.endpoint, _parent(f.path)) for f in findings}
    beside = {f.datatype for f in report.fields if (f.endpoint, _parent(f.path)) in objects and f.datatype.startswith(_COMPANIONS)}
    return Leak(
        datatypes=frozenset({f.datatype for f in findings} | beside),
        n_people=max((f.n_subjects for f in findings), default=0),
        n_recipients=max((f.n_recipients for f in findings), default=0),
        endpoints=tuple(sorted({f.endpoint for f in findings})),
    )


def _parent(path: str) -> str:
    return path.rpartition(".")[0]


def groups_of(leak: Leak, residents: Mapping[str, int]) -> tuple[Group, ...]:
    """Spread the people over residences; whoever is left over lives in a place not known.

    Raises: InputError where more residents are given than people are affected.
    """
    n_left = leak.n_people - sum(residents.values())
    if n_left < 0:
        raise InputError(
            f"{sum(residents.values())} residents are given, but the report shows {leak.n_people} people",
            where="--residents",
            hint="give --people N if more are known to be affected",
        )
    groups = [Group(residence=place, datatypes=leak.datatypes, n_people=n) for place, n in sorted(residents.items()) if n]
    return (*groups, *([Group(residence="", datatypes=leak.datatypes, n_people=n_left)] if n_left else []))
