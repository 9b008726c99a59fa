"""Abstract values: what an expression may be once the program runs, as far as that decides what a response carries.

Sequences are transparent: a list of comments is a comment.
That costs nothing when a path is followed, and makes loops, comprehensions, querysets and pages one case.
"""

import ast
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from stanch.trace.model import Place, StepKind
from stanch.trace.project import Name

Thunk = Callable[[], "Value"]
MAX_ALTERNATIVES = 16
MAX_NESTING = 70
"""Expressions within expressions, calls included: keeps well within Python's own recursion limit."""


@dataclass(eq=False, slots=True)
class Value:
    """Nothing is known; also the value of what is of no interest."""


@dataclass(eq=False, slots=True)
class Dead(Value):
    """The trail ends here."""

    place: Place
    why: str


@dataclass(eq=False, slots=True)
class Text(Value):
    text: str


@dataclass(eq=False, slots=True)
class Leaf(Value):
    """A single stored value; ``place`` is the attribute's declaration."""

    place: Place


@dataclass(eq=False, slots=True)
class Member:
    name: str
    place: Place
    kind: StepKind
    thunk: Thunk
    busy: bool = False
    """The value is being worked out: ``data["a"] = data["a"]["b"]`` means the earlier member by its right side."""

    def value(self) -> Value:
        if self.busy:
            return NOTHING
        self.busy = True
        try:
            return self.thunk()
        finally:
            self.busy = False


@dataclass(eq=False, slots=True)
class Obj(Value):
    """An object whose members are named in the code."""

    members: list[Member]
    spreads: list[Thunk] = field(default_factory=list)
    """Values whose members are merged into it."""
    without: frozenset[str] = frozenset()
    place: Place | None = None
    kind: StepKind = "dict-key"


@dataclass(eq=False, slots=True)
class Entity(Value):
    """An instance of a class of the project; ``options`` are the keywords that made it."""

    cls: Name
    options: dict[str, Value] = field(default_factory=dict)
    arguments: tuple[Value, ...] = ()
    """Type arguments of a generic class."""
    source: Value | None = None
    """What it was made of, for serialisers."""


@dataclass(eq=False, slots=True)
class Dump(Value):
    """Whatever attributes an object happens to have; ``entity`` is ``None`` where its class is not known."""

    entity: Entity | None
    place: Place
    kind: StepKind = "generic-serialiser"
    without: frozenset[str] = frozenset()
    only: frozenset[str] = frozenset()


@dataclass(eq=False, slots=True)
class Cls(Value):
    cls: Name
    arguments: tuple[Value, ...] = ()


@dataclass(eq=False, slots=True)
class Fn(Value):
    name: Name
    receiver: Value | None = None
    closure: object = None
    """Scope of the enclosing function."""
    expression: ast.Lambda | None = None


@dataclass(eq=False, slots=True)
class Mod(Value):
    module: str


@dataclass(eq=False, slots=True)
class Ext(Value):
    """Something from outside of the project, by its dotted name."""

    dotted: str


@dataclass(eq=False, slots=True)
class Columns(Value):
    """The names or columns of an entity's attributes, to be looped over."""

    entity: Entity | None


@dataclass(eq=False, slots=True)
class Super(Value):
    receiver: Value
    after: Name
    """The class that the call stands in."""


@dataclass(eq=False, slots=True)
class Many(Value):
    values: tuple[Value, ...]


@dataclass(eq=False, slots=True)
class Doubt(Value):
    """A value that was guessed."""

    value: Value
    factor: float
    why: str


NOTHING = Value()


def many(values: Iterable[Value]) -> Value:
    """Give the alternatives as one value."""
    flat: dict[int, Value] = {}
    for value in values:
        for one in value.values if isinstance(value, Many) else (value,):
            if type(one) is not Value:
                flat.setdefault(id(one), one)
    found = tuple(flat.values())[:MAX_ALTERNATIVES]
    return found[0] if len(found) == 1 else Many(found) if found else NOTHING


def doubtful(value: Value, factor: float, why: str) -> Value:
    """Mark a value as guessed; of nothing, nothing is guessed."""
    return Doubt(value, factor, why) if type(value) is not Value else NOTHING


def alternatives(value: Value) -> tuple[Value, ...]:
    return value.values if isinstance(value, Many) else (value,)


def texts(value: Value) -> frozenset[str]:
    """Give the strings that a value may be."""
    match value:
        case Text(text=text):
            return frozenset({text})
        case Many(values=values):
            return frozenset().union(*map(texts, values))
        case Obj(members=members):
            return frozenset(m.name for m in members)
    return frozenset()
