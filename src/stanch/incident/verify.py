"""Check a whole journal: places, bytes, signed heads, and heads that others kept.

Decides whether a journal is whole. What is wrong comes back as a list with positions, never as content.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from stanch.errors import InputError
from stanch.incident.checkpoint import Check, Head, Key, open_head
from stanch.incident.journal import parse_entry
from stanch.incident.tree import leaf_hash, node_hash, root_of_peaks

MAX_PROBLEMS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    n_entries: int
    root: bytes
    n_heads: int
    """Signed heads that fit."""
    problems: tuple[str, ...] = ()

    @property
    def whole(self) -> bool:
        return not self.problems


def verify(origin: str, stream: str, leaves: Iterable[bytes], notes: Sequence[str], key: Key, check: Check) -> Verdict:
    """Check a journal's entries against its signed heads; without any signed head it is not whole.

    Cost: two hashes and one parse for each entry; 1 M entries take seconds.
    """
    problems: list[str] = []
    heads = list(opened(origin, notes, key, check, problems))
    wanted: dict[int, list[Head]] = {}
    for head in heads:
        wanted.setdefault(head.size, []).append(head)
    size, root, n_fit = walk(stream, leaves, wanted, problems)
    if not heads:
        problems.append("no valid signed head")
    problems += [f"a signed head covers {n} entries, but there are {size}" for n in sorted(wanted) if n > size]
    if heads and max(wanted) < size:
        problems.append(f"entries from {max(wanted)} on are not covered by a signed head")
    return Verdict(n_entries=size, root=root, n_heads=n_fit, problems=tuple(problems[:MAX_PROBLEMS]))


def opened(origin: str, notes: Sequence[str], key: Key, check: Check, problems: list[str]) -> Iterable[Head]:
    for place, note in enumerate(notes, 1):
        try:
            head = open_head(note, key, check)
        except InputError as error:
            problems.append(f"signed head {place}: {error.what}")
            continue
        if head.origin == origin:
            yield head
        else:
            problems.append(f"signed head {place}: it is of another journal")


def walk(stream: str, leaves: Iterable[bytes], wanted: dict[int, list[Head]], problems: list[str]) -> tuple[int, bytes, int]:
    """Hash the entries in order, comparing with every head on the way."""
    peaks: list[bytes] = []
    size = n_fit = 0
    n_fit += compare(size, peaks, wanted, problems)
    for data in leaves:
        fault = misplaced(stream, size, data)
        if fault and len(problems) < MAX_PROBLEMS:
            problems.append(f"entry {size}: {fault}")
        carry, place = leaf_hash(data), size
        while place & 1:
            carry, place = node_hash(peaks.pop(), carry), place >> 1
        peaks.append(carry)
        size += 1
        if size in wanted:
            n_fit += compare(size, peaks, wanted, problems)
    return size, root_of_peaks(peaks), n_fit


def misplaced(stream: str, place: int, data: bytes) -> str:
    try:
        entry = parse_entry(data)
    except InputError as error:
        return error.what
    if entry.n != place:
        return f"it says that it is entry {entry.n}"
    return "" if entry.stream == stream else "it belongs to another journal"


def compare(size: int, peaks: list[bytes], wanted: dict[int, list[Head]], problems: list[str]) -> int:
    heads = wanted.get(size, [])
    root = root_of_peaks(peaks) if heads else b""
    fit = sum(head.root == root for head in heads)
    if fit < len(heads):
        problems.append(f"the first {size} entries are not those that were signed")
    return fit
