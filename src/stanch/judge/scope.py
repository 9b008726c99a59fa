"""Whether what goes out is kept to those it concerns: values, and the things they hang on, that only ever one person receives.

Decides nothing about excess; says how many values were given more than once, and of how many of these all went to one person.
A value given once says nothing.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from stanch.identity.person import ENVELOPES, OWN_UIDS, snake
from stanch.identity.resolve import FieldPicture
from stanch.judge.lattice import Lattice

Receivers = Counter[str]
MIN_REPEATED = 3


@dataclass(frozen=True, slots=True)
class Scope:
    n_repeated: int = 0
    """Values, or things, given more than once."""
    n_exclusive: int = 0
    """Of these, given to one person only."""

    @property
    def share(self) -> float:
        return self.n_exclusive / self.n_repeated if self.n_repeated else 0.0

    @property
    def is_kept(self) -> bool:
        return self.n_repeated >= MIN_REPEATED and self.share >= 0.9


def scope_of(received: Iterable[Receivers]) -> Scope:
    repeated = [who for who in received if who.total() > 1]
    return Scope(len(repeated), sum(len(who) == 1 for who in repeated))


@dataclass(slots=True)
class Scopes:
    """The things of an API by their ids, and who received them anywhere."""

    things: dict[tuple[str, str, int], Receivers] = field(default_factory=lambda: defaultdict(Counter))
    """(host, noun, id) to who received it."""
    at: dict[tuple[str, str, str], list[tuple[str, str, int]]] = field(default_factory=dict)
    """(host, endpoint key, path of the object) to the things that stood there."""

    def of_thing(self, item: FieldPicture) -> Scope:
        """Judge the nearest thing around a field that has an id."""
        for path in enclosing(item.path):
            found = self.at.get((item.endpoint.host, item.endpoint.key, path))
            if found:
                return scope_of(self.things[thing] for thing in found)
        return Scope()


def gather_scopes(fields: Iterable[FieldPicture], lattice: Lattice) -> Scopes:
    scopes = Scopes()
    for item in fields:
        if item.where != "response.body" or item.status >= 400 or snake(item.name) not in OWN_UIDS[:6]:
            continue
        path = item.path.rsplit(".", 1)[0]
        projection = lattice.projections.get((item.endpoint.key, item.status, path))
        if projection is not None and projection.is_person:
            continue
        name = noun(item)
        for value, receivers in item.receivers.items():
            thing = (item.endpoint.host, name, value)
            scopes.things[thing].update(receivers)
            scopes.at.setdefault((item.endpoint.host, item.endpoint.key, path), []).append(thing)
    return scopes


def noun(item: FieldPicture) -> str:
    """Name the kind of thing that an object is: by the member that holds it, else by the path; singular, so that lists and single things meet."""
    named = next((snake(p) for p in reversed(item.parents) if snake(p) not in ENVELOPES), "")
    literals = [part for part in item.endpoint.template.split("/") if part and "{" not in part]
    word = named or snake(literals[-1] if literals else "")
    return word.removesuffix("s")


def enclosing(path: str) -> Iterable[str]:
    """List the paths of the objects around a field, the nearest first."""
    while "." in path:
        path = path.rsplit(".", 1)[0]
        yield path
