"""marshmallow: declared fields, automatic schemas, ``only`` and ``exclude``, what ``post_dump`` does to the result."""

import ast
from collections.abc import Iterator
from functools import partial

from stanch.trace.attribute import named_class
from stanch.trace.classes import Declared, declared, meta_value, method
from stanch.trace.interpreter import Interpreter
from stanch.trace.model import Place
from stanch.trace.project import Name
from stanch.trace.scope import Scope
from stanch.trace.shape.orm import columns
from stanch.trace.syntax import FUNCTIONS, Function, dotted, keyword, last, text_of
from stanch.trace.value import NOTHING, Cls, Dump, Entity, Fn, Leaf, Member, Obj, Value, alternatives, many, texts

NESTED = {"Nested", "Pluck", "RelatedNested"}


def shape(ev: Interpreter, entity: Entity) -> Value:
    raw = declared_shape(ev, entity)
    if "__declared__" in entity.options:
        return raw
    single, listed = hooks(ev, entity.cls)
    one = many(applied(ev, single, raw, entity) or [raw])
    return many([one, *applied(ev, listed, one, entity)])


def applied(ev: Interpreter, functions: list[Name], data: Value, entity: Entity) -> list[Value]:
    return [found for f in functions if type(found := ev.call(Fn(f, entity), (data,), {})) is not Value]


def hooks(ev: Interpreter, cls: Name) -> tuple[list[Name], list[Name]]:
    """Find the ``post_dump`` functions: those for one object, and those for the whole list."""
    single: dict[str, Name] = {}
    listed: dict[str, Name] = {}
    for one in ev.project.ancestry(cls):
        if isinstance(one, Name):
            for f, decorator in decorated(ev.project.node(one)):
                if last(dotted(decorator)) == "post_dump" and f.name not in single and f.name not in listed:
                    whole = isinstance(decorator, ast.Call) and keyword(decorator, "pass_many", "pass_collection") is not None
                    (listed if whole else single)[f.name] = Name(one.module, f"{one.qualname}.{f.name}")
    return list(single.values()), list(listed.values())


def decorated(node: ast.AST | None) -> Iterator[tuple[Function, ast.expr]]:
    for f in node.body if isinstance(node, ast.ClassDef) else ():
        if isinstance(f, FUNCTIONS):
            yield from ((f, decorator) for decorator in f.decorator_list)


def declared_shape(ev: Interpreter, entity: Entity) -> Value:
    fields = [d for d in declared(ev.project, entity.cls) if is_field(d)]
    excluded = frozenset().union(texts(entity.options.get("exclude", NOTHING)), listed(ev, entity.cls, "exclude"))
    only = texts(entity.options.get("only", NOTHING))
    members = [m for d in fields if (m := member(ev, d, entity))]
    members += automatic(ev, entity, {m.name for m in members})
    chosen = listed(ev, entity.cls, "fields") - {"__all__"}
    kept = [
        m for m in members if m.name not in excluded and (not chosen or m.name in chosen) and (not only or m.name in {o.split(".")[0] for o in only})
    ]
    spreads = [partial(same, d) for d in of_model(ev, entity, excluded, only)]
    node = ev.project.node(entity.cls)
    place = Place(file=ev.project.file(entity.cls.module), line=getattr(node, "lineno", 1), symbol=entity.cls.qualname)
    return Obj(kept, list(spreads), frozenset(excluded), place, "schema-field")


def same(value: Value) -> Value:
    return value


def is_field(d: Declared) -> bool:
    return isinstance(d.value, ast.Call) and bool(d.call) and (d.call[0].isupper() or d.call == "auto_field") and d.call != "Meta"


def is_true(call: ast.Call, name: str) -> bool:
    found = keyword(call, name)
    return isinstance(found, ast.Constant) and found.value is True


def listed(ev: Interpreter, cls: Name, name: str) -> frozenset[str]:
    found = meta_value(ev.project, cls, name)
    return texts(ev.value(found.value, ev.class_scope(found.owner))) if found else frozenset()


def member(ev: Interpreter, d: Declared, entity: Entity) -> Member | None:
    call = d.value
    if not isinstance(call, ast.Call) or is_true(call, "load_only"):
        return None
    name = text_of(keyword(call, "data_key", "dump_to")) or d.name
    return Member(name, d.place(ev.project), "schema-field", partial(field_value, ev, d, call, entity))


def field_value(ev: Interpreter, d: Declared, call: ast.Call, entity: Entity) -> Value:
    scope = ev.class_scope(d.owner)
    if d.call in NESTED and call.args:
        return nested(ev, call, entity, scope)
    if d.call in {"List", "Tuple"} and call.args and isinstance(call.args[0], ast.Call) and last(dotted(call.args[0])) in NESTED:
        return nested(ev, call.args[0], entity, scope)
    if d.call == "Method" and call.args and (name := text_of(call.args[0])):
        found = method(ev.project, entity.cls, name)
        return ev.call(Fn(found, entity), (), {}) if found else NOTHING
    if d.call == "Function" and call.args:
        function = ev.value(call.args[0], scope)
        return ev.call(function, (), {}) if isinstance(function, Fn) else NOTHING
    return model_attribute(ev, entity.cls, text_of(keyword(call, "attribute")) or d.name)


def nested(ev: Interpreter, call: ast.Call, entity: Entity, scope: Scope) -> Value:
    target = call.args[0]
    name = text_of(target)
    options = {k.arg: ev.value(k.value, scope) for k in call.keywords if k.arg in {"only", "exclude"}}
    if name is not None:
        cls = entity.cls if name == "self" else named_class(ev, last(name), entity.cls.module)
        return Entity(cls, options) if cls else NOTHING
    value = ev.value(target, scope)
    if isinstance(value, Fn):
        value = ev.call(value, (), {})
    return many(Entity(one.cls, options) if isinstance(one, Cls) else one for one in alternatives(value))


def automatic(ev: Interpreter, entity: Entity, taken: set[str]) -> list[Member]:
    """Read ``Meta.fields`` and ``Meta.additional``: names without a declaration."""
    found: list[Member] = []
    for name in ("fields", "additional"):
        at = meta_value(ev.project, entity.cls, name)
        if at is not None:
            names = sorted(listed(ev, entity.cls, name) - taken - {"__all__"})
            found += [Member(one, at.place(ev.project), "schema-field", partial(model_attribute, ev, entity.cls, one)) for one in names]
    return found


def of_model(ev: Interpreter, entity: Entity, excluded: frozenset[str], only: frozenset[str]) -> list[Value]:
    """Read an automatic schema: every column of ``Meta.model``, unless ``Meta.fields`` lists some."""
    at = meta_value(ev.project, entity.cls, "model")
    if at is None or listed(ev, entity.cls, "fields") - {"__all__"}:
        return []
    model = ev.value(at.value, ev.class_scope(at.owner))
    hidden = frozenset(d.name for d in declared(ev.project, entity.cls) if isinstance(d.value, ast.Call) and is_true(d.value, "load_only"))
    return [Dump(Entity(model.cls), at.place(ev.project), without=excluded | hidden, only=only)] if isinstance(model, Cls) else []


def model_attribute(ev: Interpreter, schema: Name, name: str) -> Value:
    """Find the attribute that a field of a schema reads, by the model that the schema names or is named after."""
    at = meta_value(ev.project, schema, "model")
    model = ev.value(at.value, ev.class_scope(at.owner)) if at else NOTHING
    cls = model.cls if isinstance(model, Cls) else named_after(ev, schema)
    if cls is None:
        return NOTHING
    first = name.partition(".")[0]
    for one in columns(ev, cls):
        if one.name == first:
            return Leaf(one.place)
    found = method(ev.project, cls, first)
    return (
        Leaf(Place(file=ev.project.file(found.module), line=ev.project.summaries[found.module].functions[found.qualname], symbol=found.qualname))
        if found
        else NOTHING
    )


def named_after(ev: Interpreter, schema: Name) -> Name | None:
    stem = last(schema.qualname)
    for ending in ("Schema", "Serializer", "Schemas"):
        stem = stem.removesuffix(ending)
    for candidate in (stem, f"User{stem}"):
        found = named_class(ev, candidate, schema.module) if candidate and candidate != schema.qualname else None
        if found is not None and found != schema:
            return found
    return None
