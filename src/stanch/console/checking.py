"""Check all journals of an installation, and what is shown against what they say."""

from collections.abc import Iterable
from dataclasses import dataclass

from stanch.console import book
from stanch.console.actions import evidence
from stanch.console.models import IncidentRow, Stream
from stanch.console.vault import checker, vault
from stanch.errors import InputError
from stanch.incident.checkpoint import open_head


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    stream: str
    n_entries: int
    n_heads: int
    root: str
    problems: tuple[str, ...]

    @property
    def whole(self) -> bool:
        return not self.problems


def check_all(outside: Iterable[str] = ()) -> list[Checked]:
    """Check every journal; heads from outside are compared with the journals that they name."""
    by_origin: dict[str, list[str]] = {}
    strange: list[str] = []
    for note in outside:
        try:
            by_origin.setdefault(open_head(note, vault().key, checker(vault().key)).origin, []).append(note)
        except InputError as error:
            strange.append(f"a given head: {error.what}")
    results = [check_stream(stream, tuple(by_origin.pop(vault().origin(stream.key), ()))) for stream in Stream.objects.order_by("pk")]
    strange += [f"a given head is of a journal that is not here any more: {origin}" for origin in by_origin]
    if strange:
        results.append(Checked(stream="(given heads)", n_entries=0, n_heads=0, root="", problems=tuple(strange)))
    return results


def check_stream(stream: Stream, outside: tuple[str, ...]) -> Checked:
    verdict = book.check(stream, outside)
    problems = list(verdict.problems)
    if verdict.n_entries != stream.size:
        problems.append(f"the journal says that it has {stream.size} entries, but there are {verdict.n_entries}")
    if verdict.whole:
        problems += shown_problems(stream)
    return Checked(stream=stream.key, n_entries=verdict.n_entries, n_heads=verdict.n_heads, root=verdict.root.hex()[:16], problems=tuple(problems))


def shown_problems(stream: Stream) -> list[str]:
    """Compare projections and sealed files with the journal."""
    row = IncidentRow.objects.filter(stream=stream).first()
    if row is None:
        return []
    if book.drift(stream):
        return ["what pages show differs from the journal (a rebuild mends that)"]
    found = []
    for piece in book.read_state(row).evidence:
        try:
            evidence.read(row.key, piece)
        except InputError as error:
            found.append(f"evidence {piece.key}: {error.what}")
    return found


def heads() -> list[str]:
    return list(Stream.objects.exclude(note="").order_by("pk").values_list("note", flat=True))


def lines(results: Iterable[Checked]) -> Iterable[str]:
    for result in results:
        state = "whole" if result.whole else "NOT WHOLE"
        yield f"{state}  {result.stream}  {result.n_entries} entries, {result.n_heads} signed heads  root {result.root}"
        for problem in result.problems:
            yield f"           {problem}"
    yield f"signed by {vault().key.text()}"
