"""Django REST framework serializers: declared fields, ``Meta.fields`` and ``exclude``, ``depth``, ``to_representation``."""

import ast
from functools import partial

from stanch.trace.classes import Declared, declared, kind_of, meta_value, method
from stanch.trace.interpreter import Interpreter
from stanch.trace.model import Place
from stanch.trace.project import Name
from stanch.trace.scope import Scope, locals_of
from stanch.trace.shape.marshmallow import is_true, model_attribute
from stanch.trace.shape.orm import columns
from stanch.trace.syntax import FUNCTIONS, keyword, text_of
from stanch.trace.value import NOTHING, Cls, Dump, Entity, Ext, Fn, Leaf, Member, Obj, Text, Value, alternatives, many, texts


def shape(ev: Interpreter, entity: Entity) -> Value:
    writer = method(ev.project, entity.cls, "to_representation")
    if writer is not None and "__declared__" not in entity.options:
        found = ev.call(Fn(writer, entity), (model_of(ev, entity.cls) or entity.source or NOTHING,), {})
        if type(found) is not Value:
            return found
    return declared_shape(ev, entity)


def declared_shape(ev: Interpreter, entity: Entity) -> Value:
    fields = {d.name: d for d in declared(ev.project, entity.cls) if is_field(ev, d)}
    hidden = write_only(ev, entity.cls)
    at = meta_value(ev.project, entity.cls, "fields")
    names = texts(ev.value(at.value, ev.class_scope(at.owner))) if at else frozenset()
    excluded = excluded_of(ev, entity.cls) | hidden
    everything = "__all__" in names or (at is None and bool(excluded_of(ev, entity.cls)))
    members = [declared_member(ev, d, entity, at if d.name in names else None) for d in fields.values()]
    if at is not None:
        members += [listed_member(ev, name, at, entity) for name in sorted(names - fields.keys() - {"__all__"})]
        members = members if everything else [m for m in members if m.name in names]
    members += added_later(ev, entity)
    model = model_of(ev, entity.cls)
    spreads = [partial(same, Dump(model, place_of_meta(ev, entity.cls, at), without=excluded))] if everything and model else []
    return Obj([m for m in members if m.name not in excluded], list(spreads), excluded, None, "schema-field")


def added_later(ev: Interpreter, entity: Entity) -> list[Member]:
    """Read fields that the constructor adds, and those that a client may have expanded (``expandable_fields``)."""
    found: list[Member] = []
    init = method(ev.project, entity.cls, "__init__")
    node = ev.project.node(init) if init else None
    if init is not None and isinstance(node, FUNCTIONS):
        scope = ev.scope_of(Fn(init, entity), node, (), {})
        for name, values in locals_of(node).attributes.items():
            if not name.startswith("fields."):
                continue
            found += [Member(name.removeprefix("fields."), ev.place(v, scope), "schema-field", partial(ev.value, v, scope)) for v in values]
    at = meta_value(ev.project, entity.cls, "expandable_fields")
    if at is not None and isinstance(at.value, ast.Dict):
        for key, value in zip(at.value.keys, at.value.values, strict=True):
            found.append(Member(text_of(key) or "", at.place(ev.project), "schema-field", partial(expanded, ev, value, ev.class_scope(at.owner))))
    return found


def expanded(ev: Interpreter, node: ast.expr, scope: Scope) -> Value:
    value = ev.value(node, scope)
    named = (ev.named(one.text, scope.module) if isinstance(one, Text) else one for one in alternatives(value))
    return many(Entity(one.cls) for one in named if isinstance(one, Cls))


def same(value: Value) -> Value:
    return value


def place_of_meta(ev: Interpreter, cls: Name, at: Declared | None) -> Place:
    found = at or meta_value(ev.project, cls, "exclude") or meta_value(ev.project, cls, "model")
    return found.place(ev.project) if found else Place(file=ev.project.file(cls.module), line=1, symbol=cls.qualname)


def is_field(ev: Interpreter, d: Declared) -> bool:
    if not isinstance(d.value, ast.Call) or not d.call or is_true(d.value, "write_only"):
        return False
    if d.call.endswith(("Field", "Serializer", "Relation")):
        return True
    made = ev.value(d.value.func, ev.class_scope(d.owner))
    return isinstance(made, Cls) and kind_of(ev.project, made.cls) == "drf"


def write_only(ev: Interpreter, cls: Name) -> frozenset[str]:
    """Names that are read from requests and never written: by ``extra_kwargs`` or on the field."""
    found = {d.name for d in declared(ev.project, cls) if isinstance(d.value, ast.Call) and is_true(d.value, "write_only")}
    extra = meta_value(ev.project, cls, "extra_kwargs")
    if extra is not None and isinstance(extra.value, ast.Dict):
        found |= {text_of(key) or "" for key, value in zip(extra.value.keys, extra.value.values, strict=True) if says(value, "write_only")}
    listed = meta_value(ev.project, cls, "write_only_fields")
    return frozenset(found) | (texts(ev.value(listed.value, ev.class_scope(listed.owner))) if listed else frozenset())


def says(node: ast.expr, name: str) -> bool:
    """Tell whether a literal dict has a member that is true."""
    pairs = zip(node.keys, node.values, strict=True) if isinstance(node, ast.Dict) else ()
    return any(text_of(k) == name and isinstance(v, ast.Constant) and v.value is True for k, v in pairs)


def excluded_of(ev: Interpreter, cls: Name) -> frozenset[str]:
    found = meta_value(ev.project, cls, "exclude")
    return texts(ev.value(found.value, ev.class_scope(found.owner))) if found else frozenset()


def model_of(ev: Interpreter, cls: Name) -> Entity | None:
    at = meta_value(ev.project, cls, "model")
    found = ev.value(at.value, ev.class_scope(at.owner)) if at else NOTHING
    return Entity(found.cls) if isinstance(found, Cls) else None


def declared_member(ev: Interpreter, d: Declared, entity: Entity, at: Declared | None) -> Member:
    del at
    return Member(d.name, d.place(ev.project), "schema-field", partial(field_value, ev, d, entity))


def field_value(ev: Interpreter, d: Declared, entity: Entity) -> Value:
    call = d.value
    if not isinstance(call, ast.Call):
        return NOTHING
    scope = ev.class_scope(d.owner)
    if d.call == "SerializerMethodField":
        name = text_of(keyword(call, "method_name") or (call.args[0] if call.args else None)) or f"get_{d.name}"
        found = method(ev.project, entity.cls, name)
        return ev.call(Fn(found, entity), (model_of(ev, entity.cls) or NOTHING,), {}) if found else NOTHING
    made = ev.value(call, scope)
    if isinstance(made, Entity) and kind_of(ev.project, made.cls) == "drf":
        return made
    inner = keyword(call, "child")
    if inner is not None:
        return ev.value(inner, scope)
    return source_leaf(ev, entity.cls, text_of(keyword(call, "source")) or d.name, d)


def source_leaf(ev: Interpreter, cls: Name, source: str, d: Declared) -> Value:
    model = model_of(ev, cls)
    if model is None:
        return model_attribute(ev, cls, source)
    value: Value = model
    for part in source.split("."):
        value = ev.attribute(value, part, d.place(ev.project))
    return value if isinstance(value, Leaf) else NOTHING


def listed_member(ev: Interpreter, name: str, at: Declared, entity: Entity) -> Member:
    """Read a name in ``Meta.fields`` without a declaration: the model's attribute, or with ``depth`` the whole related object."""
    return Member(name, at.place(ev.project), "schema-field", partial(listed_value, ev, name, at, entity))


def listed_value(ev: Interpreter, name: str, at: Declared, entity: Entity) -> Value:
    model = model_of(ev, entity.cls)
    if model is None:
        return NOTHING
    found = ev.attribute(model, name, at.place(ev.project))
    if isinstance(found, Entity):
        depth = meta_value(ev.project, entity.cls, "depth")
        return Dump(found, (depth or at).place(ev.project)) if depth else NOTHING
    known = next((m for m in columns(ev, model.cls) if m.name == name), None)
    return Leaf(known.place) if known else found if isinstance(found, (Leaf, Ext)) else NOTHING
