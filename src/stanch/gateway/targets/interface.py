"""What a target has to offer. A target says what it can't express; it never enforces less in silence."""

from dataclasses import dataclass
from typing import Protocol

from stanch.contain.policy import Policy


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortfall:
    """A rule that a target can't enforce, and what to do instead."""

    rule_id: str
    what: str
    instead: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Enforced:
    """What a target acknowledged."""

    rev: int
    digest: str
    at: str
    """When it held, as the target says; ISO 8601."""
    n_nodes: int
    n_acknowledged: int
    took_ms: float

    @property
    def everywhere(self) -> bool:
        return self.n_nodes == self.n_acknowledged > 0


class Target(Protocol):
    """One place where policy runs."""

    name: str

    def shortfalls(self, policy: Policy) -> tuple[Shortfall, ...]:
        """Say what of a policy this target can't enforce."""

    def running(self) -> Policy | None:
        """Give what holds now.

        Raises: OutsideError where the target can't be asked.
        """

    def put(self, policy: Policy | None, *, rollback: bool = False) -> Enforced:
        """Put a policy in force, or none.

        Raises: OutsideError where it was not taken.
        """
