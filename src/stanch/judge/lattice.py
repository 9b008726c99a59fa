"""The same kind of person in many places: which members every place shows of them, and how that compares.

A *projection* is the set of members with which persons appear at one spot (endpoint and path). All projections of one entity form a
lattice by inclusion; its top is the person's own account. What a spot shows beyond its peers, and how near it comes to the top, are
evidence of a generic serialiser. Decides which spots show account holders: by shared identifiers, else by shared members.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from stanch.identity.person import snake

Spot = tuple[str, int, str]
"""Endpoint key, status, path of the object."""
SHAPED_ALIKE = 0.75
"""Share of a spot's members that the account has too, from which its persons count as account holders by shape."""
MIN_MEMBERS = 5
"""An account record with fewer members says nothing about dumping."""


@dataclass(slots=True)
class Projection:
    members: frozenset[str]
    """Snake case."""
    persons: set[str] = field(default_factory=set)
    others_with_account: set[str] = field(default_factory=set)
    is_own: bool = False
    """The caller's own record: a self endpoint or a sign-in."""
    is_reserved: bool = False
    """For administrators."""
    is_person: bool = False


@dataclass(slots=True)
class Lattice:
    projections: dict[Spot, Projection] = field(default_factory=dict)
    account: frozenset[str] = frozenset()
    """Members of the account itself, credentials apart: the top."""

    def finish(self) -> "Lattice":
        own = [p.members for p in self.projections.values() if p.is_own and p.is_person]
        self.account = frozenset().union(*own) if own else frozenset()
        return self

    def shows_accounts(self, spot: Spot) -> bool | None:
        """Tell whether the persons at a spot are people who sign in to this API; ``None`` where that can't be told."""
        found = self.projections.get(spot)
        if found is None:
            return None
        if found.others_with_account:
            return True
        if not self.account:
            return None
        return len(found.members) >= 2 and len(found.members & self.account) >= SHAPED_ALIKE * len(found.members)

    def completeness(self, spot: Spot) -> float:
        """Give the share of the account's members that a spot shows of others; 0 where the account is not known."""
        found = self.projections.get(spot)
        if found is None or len(self.account) < MIN_MEMBERS:
            return 0.0
        return len(found.members & self.account) / len(self.account)

    def peers(self, spot: Spot) -> list[Projection]:
        """List the other spots that show the same kind of person to others."""
        return [p for s, p in self.projections.items() if s != spot and s[0] != spot[0] and p.is_person and not p.is_own and not p.is_reserved]

    def consensus(self, spot: Spot, name: str) -> tuple[int, int]:
        """Count the peers that do without a member, and all peers."""
        peers = self.peers(spot)
        return sum(snake(name) not in p.members for p in peers), len(peers)


def members_of(shapes: Iterable[frozenset[str]]) -> frozenset[str]:
    return frozenset(snake(name) for members in shapes for name in members)
