"""What ``value.name`` and ``value["name"]`` give."""

import ast
from functools import partial

from stanch.identity.person import is_person_noun
from stanch.trace.classes import Declared, find, kind_of, method
from stanch.trace.interpreter import Interpreter
from stanch.trace.model import Place
from stanch.trace.project import ModuleName, Name, Outside
from stanch.trace.scope import Scope, locals_of, parameters
from stanch.trace.syntax import FUNCTIONS, RELATIONS, dotted, last, normal, text_of
from stanch.trace.value import (
    MAX_NESTING,
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
    Mod,
    Obj,
    Super,
    Text,
    Value,
    alternatives,
    doubtful,
    many,
)

PROPERTIES = {"property", "cached_property", "hybrid_property", "computed_field", "classproperty", "reify"}
MANAGERS = {"objects", "query", "session", "all_objects", "c", "columns"}
ALL_COLUMNS = {"__table__", "__mapper__", "_meta", "__dict__", "__fields__", "model_fields", "__dataclass_fields__", "__annotations__", "attrs", "column_attrs", "c", "columns", "_fields", "__slots__"}  # fmt: skip
PERSONS = ("user", "account", "person", "profile", "member", "customer")
GUESS = 0.75


def attribute(ev: Interpreter, value: Value, name: str, place: Place) -> Value:  # noqa: C901 -- one case a kind of value
    match value:
        case Many(values=values):
            return many(attribute(ev, one, name, place) for one in values)
        case Doubt(value=inner, factor=factor, why=why):
            found = attribute(ev, inner, name, place)
            return doubtful(found, factor, why) if type(found) is not Value else NOTHING
        case Mod(module=module):
            return ev.resolved(module, name)
        case Cls():
            return of_class(ev, value, name)
        case Entity():
            return of_entity(ev, value, name, place)
        case Super(receiver=receiver, after=after):
            return of_super(ev, receiver, after, name)
        case Columns():
            return value if name in ALL_COLUMNS or name not in {"name", "key", "attname", "column_name"} else NOTHING
        case Obj() | Dump():
            return NOTHING if name in {"items", "keys"} else item(ev, value, name, place)
        case Ext(dotted=base):
            return setting(ev, name) if base == "django.conf.settings" else guessed(ev, name, Ext(f"{base}.{name}"))
        case Leaf():
            return value
    return guessed(ev, name)


def setting(ev: Interpreter, name: str) -> Value:
    """Find a Django setting: a name assigned in a module of settings."""
    for module in ev.project.summaries:
        if "settings" in module or module.endswith((".config", ".conf")):
            found = Name(module, name)
            if ev.project.mentions(module, name) and ev.project.node(found) is not None:
                return ev.resolved(module, name)
    return NOTHING


def of_class(ev: Interpreter, value: Cls, name: str) -> Value:
    found = method(ev.project, value.cls, name)
    if found is not None:
        return property_or_method(ev, found, value)
    if name in ALL_COLUMNS:
        return Columns(Entity(value.cls))
    for one in ev.project.ancestry(value.cls):
        if isinstance(one, Name) and f"{one.qualname}.{name}" in ev.project.summaries[one.module].classes:
            return Cls(Name(one.module, f"{one.qualname}.{name}"))
    attr = find(ev.project, value.cls, name)
    if attr is None or name in MANAGERS:
        return Entity(value.cls) if kind_of(ev.project, value.cls) in {"model", "pydantic"} else NOTHING
    if kind_of(ev.project, value.cls) == "model" and not isinstance(attr.value, (ast.List, ast.Tuple, ast.Set, ast.Constant, ast.Dict)):
        return of_declared(ev, attr)
    return ev.value(attr.value, ev.class_scope(attr.owner))


def of_super(ev: Interpreter, receiver: Value, after: Name, name: str) -> Value:
    cls = next((one.cls for one in alternatives(receiver) if isinstance(one, (Entity, Cls))), None)
    found = method(ev.project, cls, name, after=after) if cls else None
    return Fn(found, receiver) if found else NOTHING


def of_entity(ev: Interpreter, value: Entity, name: str, place: Place) -> Value:
    if name == "__dict__":
        return Dump(value, place)
    if name in ALL_COLUMNS and name not in {"c", "columns", "attrs"}:
        return Columns(value)
    if name in {"pk", "id"}:
        return NOTHING
    found = method(ev.project, value.cls, name)
    if found is not None:
        return property_or_method(ev, found, value)
    if name in value.options:
        return value.options[name]
    attr = find(ev.project, value.cls, name)
    if attr is not None:
        return of_declared(ev, attr)
    set_later = assigned_attribute(ev, value, name)
    if type(set_later) is not Value:
        return set_later
    kind = kind_of(ev.project, value.cls)
    if kind in {"marshmallow", "drf"} and name in {"data", "validated_data"}:
        return value
    if kind == "model":
        return value if name in MANAGERS else reverse(ev, value, name)
    return guessed(ev, name)


def property_or_method(ev: Interpreter, found: Name, receiver: Value) -> Value:
    node = ev.project.node(found)
    decorators = {last(dotted(d)) for d in node.decorator_list} if isinstance(node, FUNCTIONS) else set()
    if decorators & PROPERTIES:
        inner = ev.call(Fn(found, receiver), (), {})
        return (
            inner
            if type(inner) is not Value
            else Leaf(Place(file=ev.project.file(found.module), line=getattr(node, "lineno", 1), symbol=found.qualname))
        )
    return Fn(found, receiver)


def of_declared(ev: Interpreter, attr: Declared) -> Value:
    """Read an attribute's declaration: a relation gives the other entity, anything else is a stored value."""
    scope = ev.class_scope(attr.owner)
    if attr.call in RELATIONS and isinstance(attr.value, ast.Call):
        other = related(ev, attr.value, attr, scope)
        if type(other) is not Value:
            return other
    if attr.annotation is not None:
        found = ev.annotation(attr.annotation, scope)
        if type(found) is not Value:
            return found
    if isinstance(attr.value, ast.Call) and attr.call and attr.call[0].isupper() and isinstance(made := ev.value(attr.value.func, scope), Cls):
        return Entity(attr.owner) if attr.call.endswith(("Manager", "QuerySet")) else Entity(made.cls)
    if isinstance(attr.value, (ast.List, ast.Tuple, ast.Set)):
        return ev.value(attr.value, scope)
    if isinstance(attr.value, (ast.Name, ast.Attribute)):
        found = ev.value(attr.value, scope)
        made_of = many(one for one in alternatives(found) if isinstance(one, (Cls, Entity, Fn)))
        if type(made_of) is not Value:
            return made_of
    return Leaf(attr.place(ev.project))


def related(ev: Interpreter, call: ast.Call, attr: Declared, scope: Scope) -> Value:
    target = call.args[0] if call.args else next((k.value for k in call.keywords if k.arg in {"to", "argument", "model"}), None)
    name = text_of(target)
    if name is not None:
        if name == "self":
            return Entity(attr.owner)
        found = named_class(ev, last(name), attr.owner.module)
        return Entity(found) if found else NOTHING
    if isinstance(target, ast.Attribute) and target.attr == "AUTH_USER_MODEL":
        return user_model(ev)
    value = ev.value(target, scope)
    if isinstance(target, ast.Lambda) and isinstance(value, Fn):
        value = ev.call(value, (), {})
    return many(Entity(one.cls) if isinstance(one, Cls) else one for one in alternatives(value) if isinstance(one, (Cls, Entity)))


def user_model(ev: Interpreter) -> Value:
    for module, summary in ev.project.summaries.items():
        for qualname, fact in summary.classes.items():
            if any(last(base) in {"AbstractUser", "AbstractBaseUser"} for base in fact.bases) and "test" not in module:
                return Entity(Name(module, qualname))
    return Ext("django.contrib.auth.models.User")


def named_class(ev: Interpreter, name: str, near: str = "") -> Name | None:
    """Find a class by its name alone, the one nearest to a module where several have it."""
    found = ev.project.resolve(near, name) if near else None
    if isinstance(found, Name):
        return found
    all_ = [Name(m, q) for m, s in ev.project.summaries.items() for q in s.classes if last(q) == name]
    models = [n for n in all_ if kind_of(ev.project, n) != "plain"] or all_
    return models[0] if models else None


def assigned_attribute(ev: Interpreter, value: Entity, name: str) -> Value:
    """Read ``self.name = ...`` in the constructor."""
    init = method(ev.project, value.cls, "__init__")
    node = ev.project.node(init) if init else None
    if not isinstance(node, FUNCTIONS) or init is None:
        return NOTHING
    expressions = locals_of(node).attributes.get(name, ())
    if not expressions:
        return NOTHING
    names = {p.arg: value.options.get(p.arg, NOTHING) for p in parameters(node)[1:]}
    if value.source is not None and len(names) >= 1:
        names[next(iter(names))] = value.source
    scope = ev.scope_of(Fn(init, value), node, (), {k: v for k, v in names.items() if type(v) is not Value})
    found = many(ev.value(e, scope) for e in expressions)
    return (
        found
        if type(found) is not Value
        else Leaf(Place(file=ev.project.file(init.module), line=expressions[0].lineno, symbol=f"{value.cls.qualname}.{name}"))
    )


def reverse(ev: Interpreter, value: Entity, name: str) -> Value:
    """Find what another model's relation calls this name from its side: ``related_name``, ``backref``, ``<model>_set``."""
    other = relations(ev).get((value.cls, name))
    return Entity(other) if other else guessed(ev, name, NOTHING)


def relations(ev: Interpreter) -> dict[tuple[Name, str], Name]:
    """Table every relation of the project by the class that it points at and the name that it has from there."""
    if ev.backward is None:
        ev.backward = {}
        for module, summary in ev.project.summaries.items():
            for owner, target, names in summary.relations:
                pointed = pointed_at(ev, module, owner, target)
                if pointed is not None:
                    ev.backward |= {(pointed, name): Name(module, owner) for name in names}
    return ev.backward


def pointed_at(ev: Interpreter, module: str, owner: str, target: str) -> Name | None:
    if target == "self":
        return Name(module, owner)
    if target.endswith("AUTH_USER_MODEL"):
        found = user_model(ev)
        return found.cls if isinstance(found, Entity) else None
    return named_class(ev, last(target), module) if target else None


def guessed(ev: Interpreter, name: str, otherwise: Value = NOTHING) -> Value:
    """Guess by name what nothing declares: ``author`` is the project's user, ``comment`` its Comment."""
    found = models_by_name(ev).get(normal(name).rstrip("s")) or (person_model(ev) if is_person_noun(name) else None)
    return doubtful(Entity(found), GUESS, f"guessed by the name {name}") if found else otherwise


def models_by_name(ev: Interpreter) -> dict[str, Name]:
    known = ev.models
    if known is None:
        known = {}
        for module, summary in ev.project.summaries.items():
            if "test" in module or "migrations" in module:
                continue
            for qualname in summary.classes:
                if "." not in qualname and likely_model(ev, Name(module, qualname)):
                    known.setdefault(normal(qualname).rstrip("s"), Name(module, qualname))
        ev.models = known
    return known


LIKE_MODELS = {"Model", "Base", "DeclarativeBase", "AbstractUser", "AbstractBaseUser", "SQLModel", "Document"}


def likely_model(ev: Interpreter, cls: Name) -> bool:
    """Tell a model by its bases' names, so that no body has to be read for a guess."""
    ends = {last(b.dotted if isinstance(b, Outside) else b.qualname) for b in ev.project.ancestry(cls) if not isinstance(b, ModuleName)}
    ends.discard(cls.qualname)
    return bool(ends & LIKE_MODELS) and not ends & {"BaseModel", "Schema", "Serializer", "ModelSerializer", "Form", "ModelForm"}


def person_model(ev: Interpreter) -> Name | None:
    models = models_by_name(ev)
    return next((models[noun] for noun in PERSONS if noun in models), None)


def item(ev: Interpreter, value: Value, key: str, place: Place) -> Value:
    """Give the member of a mapping."""
    if ev.nesting > MAX_NESTING:
        return NOTHING
    ev.nesting += 1
    try:
        return many(members_of(ev, value, key, place))
    finally:
        ev.nesting -= 1


def members_of(ev: Interpreter, value: Value, key: str, place: Place) -> list[Value]:
    found: list[Value] = []
    for one in alternatives(value):
        match one:
            case Obj(members=members, spreads=spreads):
                named = [m.value() for m in members if m.name == key and not m.busy]
                found += named or [item(ev, s(), key, place) for s in spreads]
            case Dump(entity=entity) if entity is not None:
                found.append(attribute(ev, entity, key, place))
            case Entity():
                found.append(of_shape(ev, one, key, place))
            case Doubt(value=inner, factor=factor, why=why):
                found.append(doubtful(item(ev, inner, key, place), factor, why))
            case Ext(dotted=base):
                found.append(guessed(ev, key, Ext(f"{base}.{key}")))
    return found


def of_shape(ev: Interpreter, entity: Entity, key: str, place: Place) -> Value:
    shape = ev.shape(entity)
    found = item(ev, shape, key, place) if isinstance(shape, (Obj, Many)) else NOTHING
    return found if type(found) is not Value else attribute(ev, entity, key, place)


__all__ = ["Text", "attribute", "guessed", "item", "partial", "user_model"]
