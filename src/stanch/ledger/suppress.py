"""Counts for people without the right to more: small groups are not shown, nor what would let one work them out.

A group of fewer than k people is shown as "fewer than k". Where groups add up to a shown total and only one of them is small, the next smallest
is hidden with it. Source: k-anonymity (Sweeney 2002), complementary suppression as in official statistics.
"""

from dataclasses import replace

from stanch.errors import InputError
from stanch.ledger.answer import Affected, By, Cohort, Count, Group

PARTITIONS: frozenset[By] = frozenset({"jurisdiction"})
"""Answers whose groups add up to the total."""


def suppressed(answer: Affected, k: int) -> Affected:
    """Hide what is about fewer than ``k`` people.

    Raises: InputError for an answer whose every line is one person.
    """
    if answer.by in {"subject", "recipient"}:
        raise InputError(f"by {answer.by} every line is about one person, so there is nothing to show with fewer than {k} hidden", where="--by")
    small = {number for number, group in enumerate(answer.groups) if 0 < group.people.at_most < k}
    if len(small) == 1 and answer.by in PARTITIONS and len(answer.groups) > 1:
        rest = [number for number in range(len(answer.groups)) if number not in small and answer.groups[number].people.at_most > 0]
        small |= {min(rest, key=lambda number: answer.groups[number].people.at_most)} if rest else set()
    groups = tuple(hidden(group, k) if number in small else group for number, group in enumerate(answer.groups))
    note = (f"{len(small)} groups are not shown in numbers: some are of fewer than {k} people",) if small else ()
    people = Count(0, k - 1) if 0 < answer.people.at_most < k else answer.people
    return replace(answer, groups=groups, people=people, notes=(*answer.notes, *note))


def hidden(group: Group, k: int) -> Group:
    """Keep the name; replace the numbers by what holds for any hidden group."""
    most = max(k - 1, group.people.at_most)
    return replace(
        group,
        people=Count(0, rounded_up(most, k)),
        recipients=Count(0, rounded_up(group.recipients.at_most, k)),
        n_disclosures=0,
        first_at=None,
        last_at=None,
    )


def rounded_up(n: int, k: int) -> int:
    return -(-n // k) * k


def suppressed_cohorts(cohorts: tuple[Cohort, ...], k: int) -> tuple[Cohort, ...]:
    """Leave out cohorts of fewer than ``k`` people."""
    return tuple(cohort for cohort in cohorts if cohort.people.at_most >= k)
