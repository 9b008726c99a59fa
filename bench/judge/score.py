"""Compare verdicts with labels, and relations with who really asked."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from captures import EXCESSIVE, NOT_SCORED, Labelled, Pair, exchanges

from stanch.identity.pseudonym import SCAN_KEY, KeyedDigest
from stanch.identity.resolve import whose
from stanch.identity.summary import TrafficSummary

Place = tuple[str, str, str]
"""Method, template, path."""


@dataclass(slots=True)
class Tally:
    hits: int = 0
    false: int = 0
    """Findings on fields labelled legitimate."""
    unlabelled: int = 0
    """Findings on fields that nobody labelled; counted as false where precision is called strict."""
    missed: int = 0
    n_endpoints: int = 0
    errors: list[str] = field(default_factory=list)

    def add(self, other: "Tally") -> None:
        for name in ("hits", "false", "unlabelled", "missed", "n_endpoints"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.errors += other.errors

    @property
    def precision(self) -> float:
        found = self.hits + self.false + self.unlabelled
        return self.hits / found if found else 1.0

    @property
    def recall(self) -> float:
        wanted = self.hits + self.missed
        return self.hits / wanted if wanted else 1.0

    @property
    def per_50(self) -> float:
        return 50 * (self.false + self.unlabelled) / max(1, self.n_endpoints)


def tally(labelled: Labelled, found: Iterable[Place], n_endpoints: int) -> Tally:
    """Count the places found against the labels."""
    result = Tally(n_endpoints=n_endpoints)
    met: set[Pair] = set()
    for method, template, path in sorted(set(found)):
        fitting = [pair for pair in labelled.pairs if pair.fits(method, template, path)]
        wanted = [pair for pair in fitting if pair.label in EXCESSIVE]
        met.update(wanted)
        if wanted:
            continue
        if any(pair.label in NOT_SCORED for pair in fitting):
            continue
        result.false += bool(fitting)
        result.unlabelled += not fitting
        result.errors.append(f"{labelled.name}: {'false' if fitting else 'unlabelled'} {method} {template} {path}")
    wanted = [pair for pair in labelled.pairs if pair.label in EXCESSIVE]
    result.hits = len(met)
    result.missed = len(set(wanted) - met)
    result.errors += [f"{labelled.name}: missed {p.method} {p.template} {p.path}" for p in wanted if p not in met]
    return result


@dataclass(slots=True)
class Relations:
    confusion: Counter[tuple[str, str]] = field(default_factory=Counter)
    """(truth, told) to the number of values."""
    by_place: Counter[tuple[str, str, str]] = field(default_factory=Counter)

    def add(self, other: "Relations") -> None:
        self.confusion.update(other.confusion)
        self.by_place.update(other.by_place)

    @property
    def accuracy(self) -> float:
        told = sum(n for (_, said), n in self.confusion.items() if said != "unknown")
        return sum(n for (truth, said), n in self.confusion.items() if truth == said) / told if told else 1.0

    @property
    def coverage(self) -> float:
        total = sum(self.confusion.values())
        return sum(n for (_, said), n in self.confusion.items() if said != "unknown") / total if total else 1.0


def relations(labelled: Labelled, summary: TrafficSummary) -> Relations:
    """Compare, value for value, whose it is told to be with who was planted and who asked.

    A value counts where it equals a planted value of exactly one person.
    """
    result = Relations()
    if not labelled.askers or not labelled.owners:
        return result
    digest = KeyedDigest(SCAN_KEY)
    owners = {digest("value", value): owner for value, owner in labelled.owners.items()}
    answer = whose(summary)
    signs_in = sign_ins(labelled)
    for number, item in exchanges(labelled):
        asker = labelled.askers.get(number, "")
        single = TrafficSummary(digest=digest)
        single.add(item)
        for key, seen in single.sightings.items():
            if not key.where.startswith("response"):
                continue
            for sighting, n in seen.items():
                owner = owners.get(sighting.value)
                if owner is None or (asker == "anonymous" and number in signs_in):
                    continue
                truth = "self" if owner == asker else "other"
                said = answer.relation_of(sighting)
                result.confusion[truth, said] += n
                if truth != said:
                    result.by_place[f"{labelled.name} {key.place.method} {key.place.path} {key.path}", truth, said] += n
    return result


def sign_ins(labelled: Labelled) -> set[int]:
    """Exchanges in which the asker types who they are: they are anonymous by the record, and themselves by what they type."""
    words = ("login", "signin", "sign_in", "sign-in", "register", "signup", "sign-up", "password", "motdepasse", "contrasena", "senha")
    return {n for n, item in exchanges(labelled) if any(word in typed(item) for word in words)}


def typed(item) -> str:
    return item.path.lower() + item.request_body.decode("utf-8", "replace").lower().replace("_", "")
