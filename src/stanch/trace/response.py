"""What a route answers: what its decorators declare, what its framework serves by itself, what its handler returns."""

import ast

from stanch.trace.call import serializer_of
from stanch.trace.interpreter import Interpreter
from stanch.trace.link import Linked
from stanch.trace.scope import EMPTY as EMPTY_LOCALS
from stanch.trace.scope import Scope
from stanch.trace.syntax import FUNCTIONS, dotted, keyword, last
from stanch.trace.typing import annotation, instance
from stanch.trace.value import NOTHING, Cls, Entity, Fn, Member, Obj, Text, Value, alternatives, many

DECLARING = {"marshal_with", "marshal_list_with", "output", "response", "serialize", "marshal", "returns", "dump_with", "validate"}
"""Decorators by which Flask's extensions name the schema of a response."""
GENERIC_ACTIONS = {"list", "retrieve", "create", "update", "partial_update", "get", "post", "put", "patch"}


def response_of(ev: Interpreter, route: Linked) -> Value:
    node = ev.project.node(route.handler)
    receiver = Entity(route.cls, {"__action__": Text(route.action), "__method__": Text(route.method)}) if route.cls else None
    if not isinstance(node, FUNCTIONS):
        return many(serializer_of(ev, receiver, (), {})) if receiver else NOTHING
    scope = Scope(route.handler.module, route.handler.qualname, EMPTY_LOCALS, {}, ev.module_scope(route.handler.module), receiver)
    declared = many([declared_by(ev, d, scope) for d in (*node.decorator_list, *class_decorators(ev, route))])
    if has_entity(declared):
        return declared
    returned = annotation(ev, node.returns, scope) if route.framework in {"FastAPI", "django-ninja", "Litestar", "Starlette"} else NOTHING
    if has_entity(returned) and not is_response_class(returned, ev):
        options = [narrowing(ev, d, scope) for d in node.decorator_list if isinstance(d, ast.Call)]
        return many(with_options(one, {k: v for found in options for k, v in found.items()}) for one in alternatives(returned))
    return many([declared, ev.call(Fn(route.handler, receiver), (), {})])


def has_entity(value: Value) -> bool:
    return any(isinstance(one, (Entity, Obj)) for one in alternatives(value))


def is_response_class(value: Value, ev: Interpreter) -> bool:
    return any(
        isinstance(one, Entity) and last(one.cls.qualname).endswith("Response") and ev.project.node(one.cls) is None for one in alternatives(value)
    )


def class_decorators(ev: Interpreter, route: Linked) -> list[ast.expr]:
    """Give what decorates all methods of a resource class: flask-restful's ``method_decorators``, decorators on the class."""
    node = ev.project.node(route.cls) if route.cls else None
    return list(node.decorator_list) if isinstance(node, ast.ClassDef) else []


def declared_by(ev: Interpreter, decorator: ast.expr, scope: Scope) -> Value:
    if not isinstance(decorator, ast.Call):
        return NOTHING
    model = keyword(decorator, "response_model", "response", "response_schema", "return_dto")
    if model is not None:
        narrowed = {
            k.arg.removeprefix("response_model_"): ev.value(k.value, scope)
            for k in decorator.keywords
            if k.arg in {"response_model_exclude", "response_model_include"}
        }
        return many(with_options(one, narrowed) for one in alternatives(schema(ev, model, scope)))
    if last(dotted(decorator)) in DECLARING and decorator.args:
        candidates = decorator.args[:2] if last(dotted(decorator)) == "response" else decorator.args[:1]
        return many(schema(ev, one, scope) for one in candidates)
    return NOTHING


def narrowing(ev: Interpreter, decorator: ast.Call, scope: Scope) -> dict[str, Value]:
    """Read what a FastAPI decorator leaves of the model."""
    names = {"response_model_exclude", "response_model_include"}
    return {k.arg.removeprefix("response_model_"): ev.value(k.value, scope) for k in decorator.keywords if k.arg in names}


def with_options(value: Value, options: dict[str, Value]) -> Value:
    return Entity(value.cls, value.options | options, value.arguments, value.source) if isinstance(value, Entity) and options else value


def schema(ev: Interpreter, node: ast.expr, scope: Scope) -> Value:
    """Read a schema given to a decorator: a class, an instance, a type, a table by status, a dict of fields."""
    if isinstance(node, ast.Dict) and not all(isinstance(k, ast.Constant) and isinstance(k.value, str) for k in node.keys):
        return many(schema(ev, v, scope) for v in node.values)
    found = ev.value(node, scope)
    if any(isinstance(one, (Cls, Entity, Obj)) for one in alternatives(found)):
        return many(one if isinstance(one, (Entity, Obj)) else instance(one) for one in alternatives(found))
    return annotation(ev, node, scope)


__all__ = ["Member", "response_of"]
