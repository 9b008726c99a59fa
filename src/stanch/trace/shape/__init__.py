"""What an instance of a serialising class writes. One file a library."""

from collections.abc import Callable

from stanch.trace.classes import Kind, kind_of
from stanch.trace.interpreter import Interpreter
from stanch.trace.shape import drf, marshmallow, orm, pydantic
from stanch.trace.value import Entity, Value

SHAPES: dict[Kind, Callable[[Interpreter, Entity], Value]] = {
    "marshmallow": marshmallow.shape,
    "drf": drf.shape,
    "pydantic": pydantic.shape,
    "dataclass": pydantic.shape,
    "model": orm.raw,
    "plain": pydantic.shape,
}


def shape_of(ev: Interpreter, entity: Entity) -> Value:
    return SHAPES[kind_of(ev.project, entity.cls)](ev, entity)
