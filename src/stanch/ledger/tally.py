"""Sums of one group of an answer, and why its bounds differ."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from stanch.ledger.answer import Count, Question


@dataclass(frozen=True, slots=True)
class Tally:
    """Sums of one group."""

    n_rows: int = 0
    n_loose: int = 0
    """Values whose person can't be told."""
    n_to_nobody: int = 0
    """Responses whose recipient can't be told from others."""
    first_ms: int | None = None
    last_ms: int | None = None
    n_unsure: int = 0
    n_timeless: int = 0
    n_unnamed: int = 0
    """Rows whose recipient is a credential or an address, not a known person."""

    def __add__(self, other: "Tally") -> "Tally":
        """Join two tallies."""
        return Tally(
            n_rows=self.n_rows + other.n_rows, n_loose=self.n_loose + other.n_loose, n_to_nobody=self.n_to_nobody + other.n_to_nobody,
            first_ms=chosen(self.first_ms, other.first_ms, min), last_ms=chosen(self.last_ms, other.last_ms, max),
            n_unsure=self.n_unsure + other.n_unsure, n_timeless=self.n_timeless + other.n_timeless, n_unnamed=self.n_unnamed + other.n_unnamed,
        )  # fmt: skip


def chosen(a: int | None, b: int | None, choose: Callable[[int, int], int]) -> int | None:
    return b if a is None else a if b is None else choose(a, b)


def notes(tally: Tally, people: Count, recipients: Count, question: Question) -> Iterator[str]:
    """Say why bounds differ."""
    if tally.n_loose:
        yield f"{tally.n_loose:,} values belong to people that the traffic does not name; each may be one more person"
    if not people.exact and tally.n_unsure > 0:
        yield "for some rows it can't be told whether the recipient is the person; they count only in the upper bound"
    if tally.n_unnamed and not recipients.exact:
        yield "recipients known by a credential or an address only may be the same person, or one who is named elsewhere"
    if tally.n_to_nobody:
        yield f"{tally.n_to_nobody:,} responses went to callers without credential or address; each may be another recipient"
    if tally.n_timeless:
        yield f"{tally.n_timeless:,} disclosures have no time" + (
            "" if question.since is None and question.until is None else " and are in no window"
        )
