"""What a call gives: functions of the project are followed, those of well-known libraries are known by what they do to data."""

import ast
import re
from functools import partial

from stanch.trace.attribute import guessed, item, user_model
from stanch.trace.classes import kind_of, method, outside_bases
from stanch.trace.comprehension import entity_in
from stanch.trace.interpreter import Interpreter
from stanch.trace.model import Place
from stanch.trace.project import Name
from stanch.trace.scope import Scope
from stanch.trace.syntax import dotted, last, text_of
from stanch.trace.value import (
    NOTHING,
    Cls,
    Columns,
    Doubt,
    Dump,
    Entity,
    Ext,
    Fn,
    Leaf,
    Many,
    Member,
    Mod,
    Obj,
    Super,
    Text,
    Value,
    alternatives,
    doubtful,
    many,
    texts,
)

DUMPERS = {
    "vars",
    "asdict",
    "model_to_dict",
    "to_dict",
    "as_dict",
    "_asdict",
    "to_json",
    "to_mongo",
    "serialize",
    "__json__",
    "as_json",
    "dict",
    "model_dump",
    "json",
    "to_son",
}
"""Methods and functions that, where the project does not define them, give all attributes of an object."""
PYDANTIC_DUMPS = {
    "dict",
    "model_dump",
    "json",
    "model_dump_json",
    "copy",
    "model_copy",
    "from_orm",
    "model_validate",
    "parse_obj",
    "validate",
    "construct",
    "model_construct",
    "refresh_from_db",
}
SCHEMA_DUMPS = {"dump", "dumps", "jsonify", "serialize", "to_representation", "bind", "get_data"}
FIRST = {"jsonify", "make_response", "Response", "JSONResponse", "ORJSONResponse", "UJSONResponse", "HttpResponse", "JsonResponse", "dumps", "loads", "jsonable_encoder", "to_jsonable_python", "cast", "json_response"}  # fmt: skip
LOOKUPS = {"get_object_or_404", "get_list_or_404", "aget_object_or_404", "aget_list_or_404", "get_or_404", "select", "query"}
SILENT = {
    "len",
    "str.join",
    "int",
    "float",
    "bool",
    "print",
    "isinstance",
    "hasattr",
    "url_for",
    "reverse",
    "redirect",
    "abort",
    "open",
    "range",
    "type",
    "sum",
    "min",
    "max",
    "render",
    "render_template",
}
SELECT = re.compile(r"\bselect\b\s+(?:distinct\s+)?(.+?)\s+\bfrom\b\s+[\"`\[]?(\w+)", re.IGNORECASE | re.DOTALL)
PASSED_ON = 0.92
"""Confidence left after a call whose code is not here, taken to hand on what it is given."""


def call(ev: Interpreter, node: ast.Call, scope: Scope) -> Value:
    name = dotted(node.func)
    short = last(name)
    if isinstance(node.func, ast.Name):
        special = builtin(ev, short, node, scope)
        if special is not None:
            return special
    if isinstance(node.func, ast.Attribute):
        base = ev.value(node.func.value, scope)
        return many(method_call(ev, one, node.func.attr, node, scope) for one in alternatives(base))
    return applied(ev, ev.value(node.func, scope), node, scope)


def arguments(ev: Interpreter, node: ast.Call, scope: Scope) -> tuple[tuple[Value, ...], dict[str, Value]]:
    keywords = {k.arg: ev.value(k.value, scope) for k in node.keywords if k.arg}
    for k in node.keywords:
        if k.arg is None:
            for one in alternatives(ev.value(k.value, scope)):
                if isinstance(one, Obj):
                    keywords |= {m.name: m.value() for m in one.members if m.name not in keywords}
    return tuple(ev.value(a, scope) for a in node.args), keywords


def builtin(ev: Interpreter, name: str, node: ast.Call, scope: Scope) -> Value | None:
    """Read calls that mean something by their bare name."""
    if name == "super" and scope.owner is not None:
        return Super(receiver_of(scope), scope.owner)
    if name == "getattr" and len(node.args) > 1:
        return got(ev, node, scope)
    if name in {"import_module", "__import__"} and node.args:
        modules = (ev.project.module(text, scope.module) for text in sorted(texts(ev.value(node.args[0], scope))))
        return many(Mod(m) for m in modules if m)
    if name in {"str", "repr"} and node.args:
        return shown(ev, ev.value(node.args[0], scope))
    if name == "map" and len(node.args) > 1:
        return many(applied_to(ev, one, (ev.value(node.args[1], scope),), {}, node, scope) for one in alternatives(ev.value(node.args[0], scope)))
    if name == "vars" and node.args:
        return Dump(entity_in(ev.value(node.args[0], scope)), ev.place(node, scope))
    if name == "filter" and len(node.args) > 1:
        return ev.value(node.args[1], scope)
    if name == "dict" and (node.args or node.keywords):
        return as_object(ev, node, scope)
    return NOTHING if name in SILENT else None


def receiver_of(scope: Scope) -> Value:
    current: Scope | None = scope
    while current is not None:
        if current.receiver is not None:
            return current.receiver
        current = current.parent
    return Entity(scope.owner) if scope.owner else NOTHING


def got(ev: Interpreter, node: ast.Call, scope: Scope) -> Value:
    base = ev.value(node.args[0], scope)
    names = texts(ev.value(node.args[1], scope))
    if names:
        return many(ev.attribute(base, name, ev.place(node, scope)) for name in sorted(names))
    return Dump(entity_in(base), ev.place(node, scope))


def shown(ev: Interpreter, value: Value) -> Value:
    """Give what ``str`` makes of an object: its own text, where the project writes one."""
    found: list[Value] = []
    for one in alternatives(value):
        own = next((m for n in ("__str__", "__repr__") if (m := method(ev.project, one.cls, n))), None) if isinstance(one, Entity) else None
        found.append(ev.call(Fn(own, one), (), {}) if own else one)
    return many(found)


def as_object(ev: Interpreter, node: ast.Call, scope: Scope) -> Value:
    members = [Member(k.arg, ev.place(k.value, scope), "dict-key", partial(ev.value, k.value, scope)) for k in node.keywords if k.arg]
    spreads = [partial(rows, ev, a, scope) for a in (*node.args, *(k.value for k in node.keywords if k.arg is None))]
    return Obj(members, list(spreads), place=ev.place(node, scope))


def rows(ev: Interpreter, node: ast.expr, scope: Scope) -> Value:
    """Read ``dict(row)``: every column of an entity; anything else is itself."""
    value = ev.value(node, scope)
    return many(
        Dump(one, ev.place(node, scope)) if isinstance(one, Entity) and kind_of(ev.project, one.cls) == "model" else one
        for one in alternatives(value)
    )


def applied(ev: Interpreter, callee: Value, node: ast.Call, scope: Scope) -> Value:
    args, keywords = arguments(ev, node, scope)
    return many(applied_to(ev, one, args, keywords, node, scope) for one in alternatives(callee))


def applied_to(ev: Interpreter, callee: Value, args: tuple[Value, ...], keywords: dict[str, Value], node: ast.Call, scope: Scope) -> Value:
    match callee:
        case Fn():
            return called(ev, callee, args, keywords)
        case Cls():
            return made(ev, callee, args, keywords, node, scope)
        case Ext(dotted=name):
            found = outside(ev, name, args, keywords, node, scope)
            return found if type(found) is not Value else Ext(name)
        case Entity() if own := method(ev.project, callee.cls, "__call__"):
            return ev.call(Fn(own, callee), args, keywords)
        case Entity():
            return callee
        case Doubt(value=inner, factor=factor, why=why):
            return doubtful(applied_to(ev, inner, args, keywords, node, scope), factor, why)
    return handed_on(ev, args, keywords, 0.6)


def called(ev: Interpreter, fn: Fn, args: tuple[Value, ...], keywords: dict[str, Value]) -> Value:
    """Call a function of the project; one whose body says nothing may still load what a text names, or hand on what it is given."""
    found = ev.call(fn, args, keywords)
    told = many(one for one in alternatives(found) if not isinstance(one, (Text, Ext, Fn)))
    if type(told) is not Value:
        return told
    named = loaded(ev, args, fn.name.module)
    if type(named) is not Value:
        return named
    return handed_on(ev, args, keywords, 0.6) if type(found) is Value and is_wrapper(fn) else found


def loaded(ev: Interpreter, args: tuple[Value, ...], near: str) -> Value:
    """Find the class or function that a text names by its dotted path, as settings do."""
    found = (ev.named(text, near) for text in sorted(texts(many(args))) if "." in text and text.replace(".", "").isidentifier())
    return many(one for one in found if isinstance(one, (Cls, Fn)))


def is_wrapper(fn: Fn) -> bool:
    return any(word in last(fn.name.qualname).lower() for word in ("respon", "success", "json", "ok", "pagin", "wrap", "result"))


def made(ev: Interpreter, callee: Cls, args: tuple[Value, ...], keywords: dict[str, Value], node: ast.Call, scope: Scope) -> Value:
    """Make an instance; a response class of the project hands on what it is given."""
    if any(last(base).endswith("Response") for base in outside_bases(ev.project, callee.cls)):
        return handed_on(ev, args, keywords, 1.0)
    kind = kind_of(ev.project, callee.cls)
    if kind == "plain" and any(last(base) in {"dict", "OrderedDict", "UserDict"} for base in outside_bases(ev.project, callee.cls)):
        return as_object(ev, node, scope)
    return Entity(callee.cls, keywords if kind != "model" else {}, callee.arguments, next((a for a in args if type(a) is not Value), None))


def handed_on(ev: Interpreter, args: tuple[Value, ...], keywords: dict[str, Value], factor: float) -> Value:
    given = many(instance(ev, one) for value in (*args, *keywords.values()) for one in alternatives(value))
    if type(given) is Value or factor == 1.0:
        return given
    return doubtful(given, factor, "taken to be handed on by a call whose code is not here")


def instance(ev: Interpreter, value: Value) -> Value:
    match value:
        case Cls(cls=cls):
            return Entity(cls) if kind_of(ev.project, cls) in {"model", "pydantic"} else NOTHING
        case Text() | Ext() | Fn() | Mod() | Leaf():
            return NOTHING
    return value


def outside(ev: Interpreter, name: str, args: tuple[Value, ...], keywords: dict[str, Value], node: ast.Call, scope: Scope) -> Value:
    """Call something from a library."""
    short = last(name)
    place = ev.place(node, scope)
    if short in SILENT:
        return NOTHING
    if short == "get_user_model":
        found = user_model(ev)
        return Cls(found.cls) if isinstance(found, Entity) else found
    if short == "jsonify" and keywords and not args:
        return Obj([Member(k, place, "dict-key", partial(same, v)) for k, v in keywords.items()], place=place)
    dumped = dumped_by(name, args)
    if dumped is not None:
        return Dump(entity_in(dumped), place, without=texts(keywords.get("exclude", NOTHING)), only=texts(keywords.get("fields", NOTHING)))
    if short in FIRST:
        return handed_on(ev, args[:2], {k: v for k, v in keywords.items() if k in {"content", "data", "response", "body"}}, 1.0)
    if short in {"text", "execute", "fetch_all", "fetch_one", "raw"} or (args and isinstance(args[0], Text) and SELECT.search(args[0].text)):
        found_query = selected(ev, args, place)
        if found_query is not None:
            return found_query
    if type(named := loaded(ev, args, scope.module)) is not Value:
        return named
    if short == "partial" or short in LOOKUPS:
        return args[0] if short == "partial" and args else handed_on(ev, args, {}, 1.0)
    return handed_on(ev, args, keywords, PASSED_ON)


def dumped_by(name: str, args: tuple[Value, ...]) -> Value | None:
    """Give what a library's function writes with all its attributes; nothing where it is no such function."""
    if last(name) in {"asdict", "model_to_dict", "astuple"} and args:
        return args[0]
    return args[1] if last(name) == "serialize" and len(args) > 1 and name.startswith("django") else None


def same(value: Value) -> Value:
    return value


def selected(ev: Interpreter, args: tuple[Value, ...], place: Place) -> Value | None:
    """Read SQL: the columns that it names are members, and a star is all of a table."""
    for text in sorted(texts(many(args))):
        match = SELECT.search(text)
        if match is None:
            continue
        table = guessed(ev, match[2])
        columns = [part.strip() for part in match[1].split(",")]
        if any(c == "*" or c.endswith(".*") for c in columns):
            return Dump(entity_in(table), place, kind="query")
        names = [re.split(r"\s+as\s+|\s+", c, flags=re.IGNORECASE)[-1].rsplit(".", 1)[-1].strip("\"'`[]") for c in columns]
        return Obj([Member(n, place, "query", partial(same, NOTHING)) for n in names if n.isidentifier()], place=place, kind="query")
    return None


def method_call(ev: Interpreter, base: Value, name: str, node: ast.Call, scope: Scope) -> Value:  # noqa: C901 -- one case a kind of value
    place = ev.place(node, scope)
    match base:
        case Doubt(value=inner, factor=factor, why=why):
            return doubtful(many(method_call(ev, one, name, node, scope) for one in alternatives(inner)), factor, why)
        case Entity():
            return on_entity(ev, base, name, node, scope, place)
        case Cls():
            return on_class(ev, base, name, node, scope, place)
        case Obj() | Dump():
            return on_mapping(ev, base, name, node, place)
        case Super():
            return on_super(ev, base, name, node, scope)
        case Columns():
            return base
        case Mod(module=module):
            return applied(ev, ev.resolved(module, name), node, scope)
        case Ext(dotted=dotted_name):
            return on_outside(ev, f"{dotted_name}.{name}", name, node, scope)
        case Text():
            return base if name in {"format", "strip", "replace", "lower"} else NOTHING
        case Leaf():
            return base
    return on_outside(ev, name, name, node, scope)


def on_entity(ev: Interpreter, base: Entity, name: str, node: ast.Call, scope: Scope, place: Place) -> Value:
    args, keywords = arguments(ev, node, scope)
    kind = kind_of(ev.project, base.cls)
    if method(ev.project, base.cls, name) or name in base.options:
        found = applied(ev, ev.attribute(base, name, place), node, scope)
        if type(found) is not Value:
            return found
    view = of_view(ev, base, name, args, keywords)
    if view is not None:
        return view
    if kind == "marshmallow" and name in SCHEMA_DUMPS:
        return Entity(base.cls, base.options | keywords, base.arguments, args[0] if args else base.source)
    if kind in {"pydantic", "dataclass"} and (name in PYDANTIC_DUMPS or name in DUMPERS):
        return Entity(base.cls, base.options | {k: v for k, v in keywords.items() if k in {"exclude", "include"}}, base.arguments)
    if name in {"values", "only_fields", "values_list"} and kind == "model":
        return values(ev, base, args, keywords, place)
    if name in DUMPERS and kind in {"model", "plain"}:
        return Dump(base, place, without=texts(keywords.get("exclude", NOTHING)), only=texts(keywords.get("only", keywords.get("include", NOTHING))))
    if kind == "plain" and method(ev.project, base.cls, name) is None:
        return handed_on(ev, args, keywords, PASSED_ON)
    return base if kind in {"model", "pydantic"} and not method(ev.project, base.cls, name) else NOTHING


def values(ev: Interpreter, base: Entity, args: tuple[Value, ...], keywords: dict[str, Value], place: Place) -> Value:
    """Read ``.values()``: all columns, or those named."""
    names = sorted(texts(many(args)))
    if not names and not keywords:
        return Dump(base, place)
    return Obj(
        [Member(n, place, "query", partial(ev.attribute, base, n.split("__")[0], place)) for n in (*names, *keywords)], place=place, kind="query"
    )


def of_view(ev: Interpreter, base: Entity, name: str, args: tuple[Value, ...], keywords: dict[str, Value]) -> Value | None:
    """Read what DRF's generic views give: their serializer, their queryset."""
    if name == "get_serializer":
        return many(serializer_of(ev, base, args, keywords))
    if name in {"get_object", "get_queryset", "filter_queryset"}:
        return args[0] if args and type(args[0]) is not Value else ev.attribute(base, "queryset", Place(file="", line=0, symbol=""))
    if name in {"get_paginated_response", "paginate_queryset", "finalize_response", "success_response"}:
        return handed_on(ev, args, keywords, 1.0)
    return None


def serializer_of(ev: Interpreter, view: Entity, args: tuple[Value, ...], keywords: dict[str, Value]) -> list[Value]:
    chooser = method(ev.project, view.cls, "get_serializer_class")
    found = ev.call(Fn(chooser, view), (), {}) if chooser else NOTHING
    nowhere = Place(file="", line=0, symbol="")
    chosen = [*alternatives(found), *alternatives(ev.attribute(view, "serializer_class", nowhere))]
    source = args[0] if args else None
    return [Entity(one.cls, keywords, one.arguments, source) for one in dict.fromkeys(c for c in chosen if isinstance(c, Cls))]


def on_class(ev: Interpreter, base: Cls, name: str, node: ast.Call, scope: Scope, place: Place) -> Value:
    found = method(ev.project, base.cls, name)
    if found is not None:
        return unbound(ev, found, base, node, scope)
    args, keywords = arguments(ev, node, scope)
    kind = kind_of(ev.project, base.cls)
    if kind in {"pydantic", "marshmallow", "drf"}:
        return Entity(base.cls, {k: v for k, v in keywords.items() if k in {"exclude", "include", "only"}}, base.arguments, args[0] if args else None)
    attr = ev.attribute(base, name, place)
    if isinstance(attr, (Fn, Cls)):
        return applied(ev, attr, node, scope)
    return Entity(base.cls) if kind in {"model", "plain", "dataclass"} else NOTHING


def unbound(ev: Interpreter, found: Name, base: Cls, node: ast.Call, scope: Scope) -> Value:
    """Call ``Class.method(x)``: a plain method takes its receiver from the arguments."""
    args, keywords = arguments(ev, node, scope)
    decorators = {dotted(d) for d in getattr(ev.project.node(found), "decorator_list", ())}
    if "classmethod" in decorators or "staticmethod" in decorators:
        result = ev.call(Fn(found, base), args, keywords)
    else:
        receiver = entity_in(args[0]) if args else None
        result = ev.call(Fn(found, receiver or Entity(base.cls)), args[1:], keywords)
    if type(result) is Value and kind_of(ev.project, base.cls) in {"model", "pydantic"}:
        return Entity(base.cls)
    return result


def on_super(ev: Interpreter, base: Super, name: str, node: ast.Call, scope: Scope) -> Value:
    args, keywords = arguments(ev, node, scope)
    cls = next((one.cls for one in alternatives(base.receiver) if isinstance(one, (Entity, Cls))), None)
    found = method(ev.project, cls, name, after=base.after) if cls else None
    if found is not None:
        return ev.call(Fn(found, base.receiver), args, keywords)
    entity = next((one for one in alternatives(base.receiver) if isinstance(one, Entity)), None)
    if entity is None:
        return NOTHING
    if name in {"list", "retrieve", "create", "update", "partial_update", "get", "post", "put", "patch"}:
        return many(serializer_of(ev, entity, args, {}))
    if name in {"get_queryset", "get_object", "get_serializer"}:
        return of_view(ev, entity, name, args, keywords) or NOTHING
    if kind_of(ev.project, entity.cls) in {"drf", "marshmallow", "pydantic", "dataclass"}:
        return declared_shape(ev, entity)
    return Dump(entity, ev.place(node, scope)) if name in DUMPERS else NOTHING


def declared_shape(ev: Interpreter, entity: Entity) -> Value:
    """Give what a serialiser declares, without its own overriding of how it is written."""
    return ev.shape(Entity(entity.cls, entity.options | {"__declared__": Text("1")}, entity.arguments, entity.source))


def on_mapping(ev: Interpreter, base: Obj | Dump, name: str, node: ast.Call, place: Place) -> Value:
    key = text_of(node.args[0]) if node.args else None
    if name in {"get", "pop"} and key is not None:
        return item(ev, base, key, place)
    return base


def on_outside(ev: Interpreter, name: str, short: str, node: ast.Call, scope: Scope) -> Value:
    args, keywords = arguments(ev, node, scope)
    found = outside(ev, name, args, keywords, node, scope)
    if type(found) is not Value:
        return found
    ducked = duck(ev, short, node, scope)
    return ducked if type(ducked) is not Value else guessed(ev, short, Ext(name)) if short not in {"get", "all", "first"} else Ext(name)


def duck(ev: Interpreter, name: str, node: ast.Call, scope: Scope) -> Value:
    """Call a method on something unknown: where the project has few classes with a method of that name, it is theirs."""
    if name not in DUMPERS and not any(word in name for word in ("json", "dict", "serial", "dump", "present", "payload", "public")):
        return NOTHING
    owners = [
        Name(m, q.rsplit(".", 1)[0])
        for m, s in ev.project.summaries.items()
        for q in s.functions
        if last(q) == name and q.rsplit(".", 1)[0] in s.classes
    ]
    args, keywords = arguments(ev, node, scope)
    if not owners or len(owners) > 4:
        return Dump(None, ev.place(node, scope)) if name in DUMPERS - {"dict", "json"} else NOTHING
    found = many(ev.call(Fn(Name(o.module, f"{o.qualname}.{name}"), Entity(o)), args, keywords) for o in owners)
    return doubtful(found, 0.9 if len(owners) == 1 else 0.7, f"the only classes with a method {name}") if type(found) is not Value else NOTHING


__all__ = ["Many", "call"]
