"""Follow a JSON path through the value that a route answers, to the line that lets the field out."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from stanch.trace.interpreter import Interpreter
from stanch.trace.model import Place, Step
from stanch.trace.shape.orm import columns
from stanch.trace.syntax import normal
from stanch.trace.value import Dead, Doubt, Dump, Entity, Leaf, Many, Member, Obj, Value

MAX_DEPTH = 40
UNKNOWN_OBJECT = 0.55
UNKNOWN_COLUMN = 0.5
RELATED = 0.7
"""A dump of an object seldom dumps what it points at too."""
ENVELOPE = 0.85
PART = re.compile(r"\['((?:[^'\\]|\\.)*)'\]|\.([^.\[\]]+)|\[[*~0-9]*\]")


@dataclass(frozen=True, slots=True)
class Trail:
    steps: tuple[Step, ...]
    confidence: float
    ends: str = ""


@dataclass(slots=True)
class Walker:
    ev: Interpreter
    n_deepest: int = 0
    deepest: Place | None = None
    """How far any trail came, for saying where it ends."""
    n_keys: int = 0
    seen: set[tuple[int, int]] = field(default_factory=set)

    def follow(self, value: Value, path: str) -> list[Trail]:
        """Give every way to the path's member, most likely first; envelopes that the code does not show may be stepped over."""
        keys = keys_of(path)
        self.n_keys = len(keys)
        for skipped in range(min(len(keys), 3)):
            found = list(self.walk(value, keys[skipped:], (), ENVELOPE**skipped, 0))
            if found:
                return distinct(found)
        return []

    def walk(self, value: Value, keys: tuple[str, ...], steps: tuple[Step, ...], confidence: float, depth: int) -> Iterator[Trail]:
        if not keys or depth > MAX_DEPTH:
            return
        match value:
            case Many(values=values):
                for one in values:
                    yield from self.walk(one, keys, steps, confidence, depth + 1)
            case Doubt(value=inner, factor=factor):
                yield from self.walk(inner, keys, steps, confidence * factor, depth + 1)
            case Obj():
                yield from self.through_object(value, keys, steps, confidence, depth)
            case Entity():
                yield from self.walk(self.ev.shape(value), keys, steps, confidence, depth + 1)
            case Dump():
                yield from self.through_dump(value, keys, steps, confidence, depth)
            case Leaf(place=place) if steps:
                yield Trail(steps, confidence * 0.6, f"the rest of the path lies within one stored value ({place.symbol})")
            case Dead(place=place):
                self.note(keys, place)

    def note(self, keys: tuple[str, ...], place: Place | None) -> None:
        n = self.n_keys - len(keys)
        if place is not None and (n > self.n_deepest or self.deepest is None):
            self.n_deepest, self.deepest = n, place

    def through_object(self, value: Obj, keys: tuple[str, ...], steps: tuple[Step, ...], confidence: float, depth: int) -> Iterator[Trail]:
        self.note(keys, value.place)
        wanted = normal(keys[0])
        if wanted in {normal(name) for name in value.without}:
            return
        found = False
        for member in value.members:
            if normal(member.name) == wanted:
                found = found or value.place is not None
                for trail in self.through_member(member, keys, steps, confidence, depth):
                    found = True
                    yield trail
        if not found:
            for spread in value.spreads:
                yield from self.walk(spread(), keys, steps, confidence, depth + 1)

    def through_member(self, member: Member, keys: tuple[str, ...], steps: tuple[Step, ...], confidence: float, depth: int) -> Iterator[Trail]:
        nested = len(keys) > 1
        step = Step(kind="nested-schema" if nested and member.kind == "schema-field" else member.kind, place=member.place, how=HOW[member.kind])
        self.note(keys[1:], member.place)
        if nested:
            yield from self.walk(member.value(), keys[1:], (*steps, step), confidence, depth + 1)
            return
        leaf = member.value()
        tail = (attribute_step(leaf.place),) if isinstance(leaf, Leaf) and leaf.place != member.place else ()
        yield Trail((*steps, step, *tail), confidence)

    def through_dump(self, value: Dump, keys: tuple[str, ...], steps: tuple[Step, ...], confidence: float, depth: int) -> Iterator[Trail]:
        self.note(keys, value.place)
        wanted = normal(keys[0])
        if wanted in {normal(n) for n in value.without} or (value.only and wanted not in {normal(n) for n in value.only}):
            return
        step = Step(kind=value.kind, place=value.place, how=HOW[value.kind])
        if value.entity is None:
            yield Trail((*steps, step), confidence * UNKNOWN_OBJECT, "the class of the object is not known")
            return
        known = columns(self.ev, value.entity.cls)
        for column in known:
            if normal(column.name) == wanted:
                if len(keys) > 1:
                    yield from self.walk(column.value(), keys[1:], (*steps, step), confidence * RELATED, depth + 1)
                    return
                yield Trail((*steps, step, attribute_step(column.place)), confidence)
                return
        if len(keys) == 1 and not known:
            yield Trail((*steps, step), confidence * UNKNOWN_COLUMN, f"{value.entity.cls.qualname} declares no such attribute here")


HOW = {
    "schema-field": "declared in the schema",
    "dict-key": "written by name",
    "json-text": "spelt out in a string of JSON",
    "query": "selected by a query",
    "generic-serialiser": "writes whatever attributes the object has",
    "raw-entity": "the object itself is returned and encoded with all its attributes",
    "model-attribute": "declared in the model",
}


def attribute_step(place: Place) -> Step:
    return Step(kind="model-attribute", place=place, how=HOW["model-attribute"])


def keys_of(path: str) -> tuple[str, ...]:
    """Give the names along a JSON path; arrays and maps keyed by data are transparent."""
    return tuple(quoted or plain for quoted, plain in PART.findall(path) if quoted or plain)


def distinct(trails: list[Trail]) -> list[Trail]:
    """Keep one trail per cause, the surest; most likely first."""
    best: dict[tuple[str, int, str], Trail] = {}
    for trail in trails:
        place = cause_of(trail.steps).place
        key = (place.file, place.line, place.symbol)
        if key not in best or best[key].confidence < trail.confidence:
            best[key] = trail
    return sorted(best.values(), key=lambda t: -t.confidence)


def cause_of(steps: tuple[Step, ...]) -> Step:
    """Choose the step to change: the last that decides what goes out, which the stored attribute does not."""
    return next((s for s in reversed(steps) if s.kind != "model-attribute"), steps[-1])
