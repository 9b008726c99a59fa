"""From evidence to the groups of a legal case: which kinds of data left together, of how many people, living where.

A ledger knows. A report counts people per field and does not say who lost what together: everyone is taken to have lost all of it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from stanch.engines.law_facts import ledger_facts, report_facts
from stanch.engines.ledger.ask import Ledger
from stanch.errors import InputError
from stanch.finding.report import Report
from stanch.law.case import Group
from stanch.law.fact import Fact
from stanch.ledger.answer import NO_BOUND, Cohort, Question

_COMPANIONS = ("person.name", "online.username")


@dataclass(frozen=True, slots=True, kw_only=True)
class Leak:
    """What a report shows as lost."""

    datatypes: frozenset[str]
    n_people: int
    """At least: the most people that one field gives away; a sum would count people twice."""
    n_recipients: int
    groups: tuple[Group, ...] = ()
    """Who lost what together, where a ledger tells."""
    evidence: tuple[Fact, ...] = ()


def leak_of(report: Report, data: bytes = b"", name: str = "report") -> Leak:
    """Gather what the excessive findings give away, with the names that stand beside it in the same object."""
    findings = [f for f in report.findings if f.verdict == "excessive" and f.n_recipients > 0]
    objects = {(f.endpoint, _parent(f.path)) for f in findings}
    beside = {f.datatype for f in report.fields if (f.endpoint, _parent(f.path)) in objects and f.datatype.startswith(_COMPANIONS)}
    return Leak(
        datatypes=frozenset({f.datatype for f in findings} | beside),
        n_people=max((f.n_subjects for f in findings), default=0),
        n_recipients=max((f.n_recipients for f in findings), default=0),
        evidence=tuple(report_facts(report, data, name)),
    )


def leak_of_ledger(ledger: Ledger, name: str) -> Leak:
    """Ask a ledger who lost what together and where they live, with names that stood beside it, and from when to when."""
    question = Question(scope="excessive")
    answer = ledger.affected("jurisdiction", question)
    shown = {datatype for cohort in ledger.cohorts(Question(scope="all")) for datatype in cohort.datatypes}
    beside = frozenset(datatype for datatype in shown if datatype.startswith(_COMPANIONS))
    groups = tuple(group for cohort in ledger.cohorts(question) for group in _cohort_groups(cohort, beside))
    return Leak(
        datatypes=frozenset().union(*(group.datatypes for group in groups)),
        n_people=sum(group.n_people for group in groups),
        n_recipients=answer.recipients.at_least,
        groups=groups,
        evidence=tuple(ledger_facts(answer, name)),
    )


def _cohort_groups(cohort: Cohort, beside: frozenset[str]) -> Iterable[Group]:
    residence = f"{cohort.country}-{cohort.state}" if cohort.country and cohort.state else cohort.country
    more = cohort.people.at_most - cohort.people.at_least
    for n, certain in ((cohort.people.at_least, True), (more if cohort.people.at_most < NO_BOUND else 0, False)):
        if n:
            yield Group(residence=residence, datatypes=cohort.datatypes | beside, n_people=n, certain=certain)


def _parent(path: str) -> str:
    return path.rpartition(".")[0]


def groups_of(leak: Leak, residents: Mapping[str, int]) -> tuple[Group, ...]:
    """Spread the people over residences; whoever is left over lives in a place not known.

    Raises: InputError where more residents are given than people are affected.
    """
    if leak.groups:
        if residents:
            raise InputError("a ledger knows where people live", where="--residents", hint="leave it out, or give a report instead of the ledger")
        return leak.groups
    n_left = leak.n_people - sum(residents.values())
    if n_left < 0:
        raise InputError(
            f"{sum(residents.values())} residents are given, but the report shows {leak.n_people} people",
            where="--residents",
            hint="give --people N if more are known to be affected",
        )
    groups = [Group(residence=place, datatypes=leak.datatypes, n_people=n) for place, n in sorted(residents.items()) if n]
    return (*groups, *([Group(residence="", datatypes=leak.datatypes, n_people=n_left)] if n_left else []))
