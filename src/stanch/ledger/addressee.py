"""One affected person on the way to a letter: what the law and the letter need to know, and how to reach them.

Contacts are wrapped: they don't print, log or serialise themselves. They exist for the length of one mail-merge step and are not kept.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from stanch.personal import Personal

Row = Mapping[str, str]
"""One user as the customer's own store gives them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Addressee:
    subject: str
    """Pseudonym, as in the answers."""
    contact: Personal[Row]
    datatypes: tuple[str, ...]
    """What of theirs was given away."""
    certain: bool
    """All of these surely went to someone else."""
    country: str
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolved:
    """How far the customer's store knew the people affected."""

    n_affected: int
    n_reached: int
    n_twice: int = 0
    """Further rows of the store that name a person who was reached already."""

    @property
    def n_unknown(self) -> int:
        """People affected whom the store does not know."""
        return self.n_affected - self.n_reached
