"""Models of an ORM: their columns, and what comes of one that is returned as it is."""

import ast
from functools import partial

from stanch.trace.attribute import of_declared
from stanch.trace.classes import ABSTRACT, Declared, declared, outside_bases
from stanch.trace.interpreter import Interpreter
from stanch.trace.model import Place
from stanch.trace.project import Name
from stanch.trace.syntax import RELATIONS, last
from stanch.trace.value import NOTHING, Dump, Entity, Leaf, Member, Value

NO_COLUMNS = {"Manager", "UniqueConstraint", "Index", "Table", "declarative_base", "QuerySet", "UserManager", "FieldTracker", "TextChoices"}


def raw(ev: Interpreter, entity: Entity) -> Value:
    """Give what an encoder makes of a model instance: whatever attributes it has."""
    node = ev.project.node(entity.cls)
    place = Place(file=ev.project.file(entity.cls.module), line=getattr(node, "lineno", 1), symbol=entity.cls.qualname)
    return Dump(entity, place, kind="raw-entity")


def columns(ev: Interpreter, cls: Name) -> list[Member]:
    """List the attributes that are stored, those of well-known bases among them."""
    found = [Member(d.name, d.place(ev.project), "model-attribute", partial(of_declared, ev, d)) for d in declared(ev.project, cls) if is_column(d)]
    names = {m.name for m in found}
    place = Place(file=ev.project.file(cls.module), line=getattr(ev.project.node(cls), "lineno", 1), symbol=cls.qualname)
    for base in outside_bases(ev.project, cls):
        for name in ABSTRACT.get(last(base), ()):
            if name not in names:
                at = Place(file=place.file, line=place.line, symbol=f"{cls.qualname}.{name}")
                found.append(Member(name, at, "model-attribute", partial(stored, at)))
    return found


def stored(place: Place) -> Value:
    return Leaf(place) if place.line else NOTHING


def is_column(d: Declared) -> bool:
    if d.name.startswith("_") or d.name in {"objects", "query", "metadata", "registry"}:
        return False
    if d.call in RELATIONS:
        return True
    if isinstance(d.value, ast.Call):
        return d.call not in NO_COLUMNS and bool(d.call)
    return d.annotation is not None
