"""Pydantic, SQLModel, msgspec, dataclasses, attrs, TypedDict, django-ninja schemas: what is annotated is written."""

import ast
from functools import partial

from stanch.trace.classes import Declared, declared, kind_of, meta_value, method
from stanch.trace.interpreter import Interpreter
from stanch.trace.model import Place
from stanch.trace.project import Name
from stanch.trace.shape.orm import columns
from stanch.trace.syntax import dotted, keyword, last, text_of, texts_of
from stanch.trace.typing import annotation, type_variables
from stanch.trace.value import NOTHING, Dump, Entity, Fn, Member, Obj, Thunk, Value, alternatives, many, texts

WRITERS = {"field_serializer", "computed_field", "model_serializer"}


def shape(ev: Interpreter, entity: Entity) -> Value:
    without, only = whole(entity.options.get("exclude", NOTHING)), texts(entity.options.get("include", NOTHING))
    members = [member(ev, d, entity) for d in declared(ev.project, entity.cls) if is_field(d)]
    members += [m for m in computed(ev, entity) if m.name not in {x.name for x in members}]
    spreads: list[Thunk] = [partial(same, v) for v in of_model(ev, entity)]
    kept = [narrowed(m, entity) for m in members if m.name not in without and (not only or m.name in only)]
    if not members and not spreads and kind_of(ev.project, entity.cls) == "plain":
        return plain(ev, entity)
    node = ev.project.node(entity.cls)
    place = Place(file=ev.project.file(entity.cls.module), line=getattr(node, "lineno", 1), symbol=entity.cls.qualname)
    return Obj(kept, spreads, without, place, "schema-field")


def whole(option: Value) -> frozenset[str]:
    """Give the names that an ``exclude`` leaves out altogether."""
    members = option.members if isinstance(option, Obj) else []
    return texts(option) - {m.name for m in members if texts(m.value())}


def narrowed(member: Member, entity: Entity) -> Member:
    """Hand a nested ``include`` or ``exclude`` on to the member that it is for."""
    options: dict[str, Value] = {}
    for name in ("include", "exclude"):
        inner = under(entity.options.get(name, NOTHING), member.name)
        inner = under(inner, "__all__") if "__all__" in texts(inner) else inner
        if texts(inner):
            options[name] = inner
    return Member(member.name, member.place, member.kind, partial(with_options, member.thunk, options)) if options else member


def under(option: Value, name: str) -> Value:
    members = option.members if isinstance(option, Obj) else []
    return next((m.value() for m in members if m.name == name), NOTHING)


def with_options(thunk: Thunk, options: dict[str, Value]) -> Value:
    return many(Entity(v.cls, v.options | options, v.arguments, v.source) if isinstance(v, Entity) else v for v in alternatives(thunk()))


def plain(ev: Interpreter, entity: Entity) -> Value:
    """Give what an encoder makes of an ordinary object: its attributes, where a method does not say."""
    for name in ("to_dict", "as_dict", "to_json", "__json__", "serialize", "json"):
        found = method(ev.project, entity.cls, name)
        if found is not None:
            return ev.call(Fn(found, entity), (), {})
    members = [
        Member(k, Place(file=ev.project.file(entity.cls.module), line=1, symbol=entity.cls.qualname), "schema-field", partial(same, v))
        for k, v in entity.options.items()
    ]
    return Obj(members, [partial(same, entity.source)] if entity.source is not None else [])


def same(value: Value) -> Value:
    return value


def is_field(d: Declared) -> bool:
    if d.annotation is None or d.name.startswith("_") or d.name in {"model_config", "Config"}:
        return isinstance(d.value, ast.Call) and d.call in {"ib", "field", "attrib"}
    if "ClassVar" in ast.dump(d.annotation)[:60] or d.call == "PrivateAttr":
        return False
    excluded = keyword(d.value, "exclude") if isinstance(d.value, ast.Call) else None
    return not (isinstance(excluded, ast.Constant) and excluded.value is True)


def member(ev: Interpreter, d: Declared, entity: Entity) -> Member:
    alias = text_of(keyword(d.value, "serialization_alias", "alias", "rename")) if isinstance(d.value, ast.Call) else None
    return Member(alias or d.name, d.place(ev.project), "schema-field", partial(typed, ev, d, entity))


def typed(ev: Interpreter, d: Declared, entity: Entity) -> Value:
    scope = ev.class_scope(d.owner)
    variables = type_variables(ev, d.owner, entity.arguments)
    inner = scope.inner(variables) if variables else scope
    resolver = method(ev.project, entity.cls, f"resolve_{d.name}")
    found = annotation(ev, d.annotation, inner)
    if type(found) is Value and resolver:
        return ev.call(Fn(resolver, entity), (), {})
    return found


def computed(ev: Interpreter, entity: Entity) -> list[Member]:
    """Give properties that the schema writes besides its fields."""
    found: list[Member] = []
    for one in ev.project.ancestry(entity.cls):
        if not isinstance(one, Name):
            continue
        node = ev.project.node(one)
        for f in node.body if isinstance(node, ast.ClassDef) else ():
            if isinstance(f, ast.FunctionDef) and any(last(dotted(x)) == "computed_field" for x in f.decorator_list):
                place = Place(file=ev.project.file(one.module), line=f.lineno, symbol=f"{one.qualname}.{f.name}")
                found.append(
                    Member(f.name, place, "schema-field", partial(ev.call, Fn(Name(one.module, f"{one.qualname}.{f.name}"), entity), (), {}))
                )
    return found


def of_model(ev: Interpreter, entity: Entity) -> list[Value]:
    """Read a ninja ``ModelSchema``: fields taken from a model by name, or all of them."""
    named = meta_value(ev.project, entity.cls, "model") or config_value(ev, entity.cls, "model")
    if named is None:
        return []
    model = many(ev.attribute(ev.value(named.value, ev.class_scope(named.owner)), "objects", named.place(ev.project)) for _ in (0,))
    if not isinstance(model, Entity):
        return []
    fields = next((f for n in ("fields", "model_fields") if (f := meta_value(ev.project, entity.cls, n) or config_value(ev, entity.cls, n))), None)
    listed = texts_of(fields.value) if fields else ()
    place = (fields or named).place(ev.project)
    if listed and "__all__" not in listed:
        known = {m.name: m for m in columns(ev, model.cls)}
        return [Obj([Member(n, place, "schema-field", partial(leaf, known.get(n))) for n in listed])]
    excluded = next(
        (f for n in ("exclude", "model_exclude") if (f := meta_value(ev.project, entity.cls, n) or config_value(ev, entity.cls, n))), None
    )
    return [Dump(model, place, without=frozenset(texts_of(excluded.value)) if excluded else frozenset())]


def config_value(ev: Interpreter, cls: Name, name: str) -> Declared | None:
    for one in ev.project.ancestry(cls):
        if isinstance(one, Name) and f"{one.qualname}.Config" in ev.project.summaries[one.module].classes:
            return next((d for d in declared(ev.project, Name(one.module, f"{one.qualname}.Config")) if d.name == name), None)
    return None


def leaf(found: Member | None) -> Value:
    return found.value() if found else NOTHING
