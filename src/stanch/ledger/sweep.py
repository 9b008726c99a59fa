"""Who walked through an endpoint: sessions stitched over credentials and addresses, and the signs of enumeration and scraping.

Says what was measured and beside what it stands out; whether it was an attack is for people to decide.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from statistics import median

from stanch.ledger.answer import Sweep

SHARED_BY = 3
"""Recipients who may share an address before it is taken for a network's and joins nobody any more."""
MIN_STEPS = 5
STEP_SHARE = 0.5
"""Steps to the next number, of all numbers asked for, from which a sequence is one."""
BUSY_MINUTE = 30
"""Responses in a minute that no reader makes by hand."""
BROAD_FACTOR = 5
MIN_BROAD = 10
"""People reached before breadth means anything."""
MANY_FACES = 3

Meeting = tuple[int, int | None, int | None]
"""Recipient, credential, address."""


def stitched(meetings: Iterable[Meeting]) -> dict[int, int]:
    """Give each recipient its session: recipients who came with one credential or from one address are one, unless many share it."""
    every = list(meetings)
    shared: dict[tuple[str, int], set[int]] = defaultdict(set)
    for recipient, credential, address in every:
        for kind, face in (("credential", credential), ("address", address)):
            if face is not None:
                shared[kind, face].add(recipient)
    parent: dict[int, int] = {recipient: recipient for recipient, _, _ in every}

    def find(item: int) -> int:
        while parent[item] != item:
            parent[item] = parent[parent[item]]
            item = parent[item]
        return item

    for recipients in shared.values():
        if 1 < len(recipients) <= SHARED_BY:
            roots = sorted({find(recipient) for recipient in recipients})
            for root in roots[1:]:
                parent[root] = roots[0]
    return {recipient: find(recipient) for recipient in parent}


def judged(sweeps: Sequence[Sweep]) -> tuple[Sweep, ...]:
    """Keep the sessions that show signs, the broadest first; each is measured beside the others on its endpoint."""
    breadth: dict[str, list[int]] = defaultdict(list)
    for sweep in sweeps:
        breadth[sweep.endpoint].append(sweep.n_people)
    signed = [replace(sweep, signs=tuple(signs(sweep, breadth[sweep.endpoint]))) for sweep in sweeps]
    return tuple(sorted((s for s in signed if s.signs), key=lambda s: (-len(s.signs), -s.n_people, s.session, s.endpoint)))


def signs(sweep: Sweep, breadth: list[int]) -> Iterable[str]:
    """Say in words what stands out. Many credentials or addresses alone are none: people have several devices."""
    found = []
    if sweep.n_steps >= MIN_STEPS and sweep.n_steps >= STEP_SHARE * (sweep.n_places - 1):
        found.append(f"asked for the next number {sweep.n_steps:,} times in {sweep.n_places:,} numbers")
    usual = median(breadth)
    if sweep.n_people >= max(MIN_BROAD, BROAD_FACTOR * usual):
        found.append(f"reached {sweep.n_people:,} people, where half of the {len(breadth):,} sessions reach {usual:g} at most")
    if sweep.per_minute_peak >= BUSY_MINUTE:
        found.append(f"up to {sweep.per_minute_peak:,} responses in a minute")
    if found and max(sweep.n_credentials, sweep.n_addresses) >= MANY_FACES:
        found.append(f"with {sweep.n_credentials:,} credentials from {sweep.n_addresses:,} addresses")
    return found
