"""Everything that a route's response may show: the places that let something out, for siblings and for risks."""

from dataclasses import dataclass, field, replace

from stanch.trace.interpreter import Interpreter
from stanch.trace.model import Place
from stanch.trace.project import Name
from stanch.trace.shape.orm import columns
from stanch.trace.value import Doubt, Dump, Entity, Many, Member, Obj, Value

MAX_NODES = 1500
MAX_DEPTH = 10
SURE = 0.8
"""What was merely guessed by its name is no ground for a risk."""
Key = tuple[str, int, str]


@dataclass(slots=True)
class Reached:
    dumps: dict[tuple[Key, Name | None], Dump] = field(default_factory=dict)
    members: dict[Key, Member] = field(default_factory=dict)
    n_nodes: int = 0
    _seen: set[object] = field(default_factory=set)
    _kept: list[Value] = field(default_factory=list)
    """Keeps values alive, so that identities stay theirs."""

    def visit(self, ev: Interpreter, value: Value, depth: int = 0, hidden: frozenset[str] = frozenset()) -> None:
        """Note what a value lets out; ``hidden`` names members that something around it takes away."""
        self.n_nodes += 1
        if depth > MAX_DEPTH or self.n_nodes > MAX_NODES or self.known(value):
            return
        match value:
            case Many(values=values):
                for one in values:
                    self.visit(ev, one, depth, hidden)
            case Doubt(value=inner, factor=factor):
                if factor >= SURE:
                    self.visit(ev, inner, depth, hidden)
            case Entity():
                self.visit(ev, ev.shape(value), depth, hidden)
            case Dump():
                self.visit_dump(ev, replace(value, without=value.without | hidden), depth)
            case Obj():
                self.visit_object(ev, value, depth, hidden | value.without)

    def known(self, value: Value) -> bool:
        plain = isinstance(value, Entity) and not value.options and not value.arguments
        mark: object = ("entity", value.cls) if isinstance(value, Entity) and plain else id(value)
        if mark in self._seen:
            return True
        self._seen.add(mark)
        self._kept.append(value)
        return False

    def visit_dump(self, ev: Interpreter, value: Dump, depth: int) -> None:
        mark = (key_of(value.place), value.entity.cls if value.entity else None)
        if mark in self.dumps:
            return
        self.dumps[mark] = value
        if value.kind == "raw-entity" and value.entity is not None:
            return
        for column in columns(ev, value.entity.cls) if value.entity else ():
            inner = column.value()
            if isinstance(inner, (Obj, Dump)):
                self.visit(ev, inner, depth + 1)

    def visit_object(self, ev: Interpreter, value: Obj, depth: int, hidden: frozenset[str]) -> None:
        for member in value.members:
            if member.name not in hidden:
                self.members.setdefault(key_of(member.place), member)
                self.visit(ev, member.value(), depth + 1)
        for spread in value.spreads:
            self.visit(ev, spread(), depth + 1, hidden)

    def shows(self, key: Key) -> bool:
        return key in self.members or any(place == key for place, _ in self.dumps)


def key_of(place: Place) -> Key:
    return (place.file, place.line, place.symbol)
