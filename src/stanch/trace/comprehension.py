"""Objects spelt out, and objects made in a loop: which names they get, or that nobody chose them."""

import ast
from functools import partial

from stanch.trace.interpreter import Interpreter
from stanch.trace.scope import Scope
from stanch.trace.syntax import dotted, last, text_of, texts_of
from stanch.trace.value import NOTHING, Columns, Doubt, Dump, Entity, Member, Obj, Text, Thunk, Value, alternatives, many, texts


def dictionary(ev: Interpreter, node: ast.Dict, scope: Scope) -> Value:
    """Read a literal: its members by name, what is spread into it, and values under keys that are data."""
    members: list[Member] = []
    spreads: list[Thunk] = []
    by_data: list[Value] = []
    for key, value in zip(node.keys, node.values, strict=True):
        if key is None:
            spreads.append(partial(ev.value, value, scope))
            continue
        names = [text] if (text := text_of(key)) is not None and "{?}" not in text else sorted(texts(ev.value(key, scope)))
        members += [Member(name, ev.place(key, scope), "dict-key", partial(ev.value, value, scope)) for name in names]
        if not names:
            by_data.append(ev.value(value, scope))
    if by_data and not members and not spreads:
        return many(by_data)
    return Obj(members, spreads + [partial(same, v) for v in by_data], place=ev.place(node, scope))


def same(value: Value) -> Value:
    return value


def store(ev: Interpreter, key: ast.expr, value: ast.expr, scope: Scope, members: list[Member], others: list[Value]) -> None:
    """Add what ``name[key] = value`` does: a member, members of a listed loop, or all attributes of something."""
    name = text_of(key)
    if name is not None and "{?}" not in name:
        members.append(Member(name, ev.place(key, scope), "dict-key", partial(ev.value, value, scope)))
        return
    listed = sorted(texts(ev.value(key, scope)))
    for one in listed:
        inner = scope.inner({key.id: Text(one)}) if isinstance(key, ast.Name) else scope
        members.append(Member(one, ev.place(key, scope), "dict-key", partial(ev.value, value, inner)))
    if not listed:
        found = any_attribute(ev, value, scope)
        others.append(found if found is not None else ev.value(value, scope))


def any_attribute(ev: Interpreter, value: ast.expr, scope: Scope) -> Dump | None:
    """Tell whether an expression reads an attribute whose name is computed: ``getattr(self, column.name)``, ``self.__dict__[k]``."""
    for node in ast.walk(value):
        if isinstance(node, ast.Call) and last(dotted(node.func)) in {"getattr", "attrgetter", "value_from_object"} and node.args:
            if len(node.args) > 1 and text_of(node.args[1]) is not None:
                continue
            return Dump(entity_in(ev.value(node.args[0], scope)), ev.place(value, scope))
    return None


def entity_in(value: Value) -> Entity | None:
    for one in alternatives(value):
        match one:
            case Entity():
                return one
            case Doubt(value=inner):
                return entity_in(inner)
            case Columns(entity=entity) | Dump(entity=entity):
                return entity
    return None


def bound(ev: Interpreter, generators: list[ast.comprehension], scope: Scope) -> Scope:
    names: dict[str, Value] = {}
    inner = scope.inner(names)
    for generator in generators:
        value = ev.value(generator.iter, inner)
        for target in ast.walk(generator.target):
            if isinstance(target, ast.Name):
                names[target.id] = value
    return inner


def list_comp(ev: Interpreter, node: ast.ListComp | ast.SetComp | ast.GeneratorExp, scope: Scope) -> Value:
    return ev.value(node.elt, bound(ev, node.generators, scope))


def dict_comp(ev: Interpreter, node: ast.DictComp, scope: Scope) -> Value:
    inner = bound(ev, node.generators, scope)
    first = node.generators[0]
    over = ev.value(first.iter, scope)
    listed = texts(over) if not isinstance(over, Dump) else frozenset()
    if listed and isinstance(first.target, ast.Name):
        return Obj([listed_member(ev, node, first.target.id, name, scope) for name in sorted(listed)], place=ev.place(node, scope))
    without, only = conditions(ev, node.generators, inner)
    found = any_attribute(ev, node.value, inner)
    if found is not None:
        return Dump(found.entity or entity_in(over), ev.place(node, scope), without=without, only=only)
    return filtered(over, without, only, ev, node, scope) or ev.value(node.value, inner)


def filtered(over: Value, without: frozenset[str], only: frozenset[str], ev: Interpreter, node: ast.DictComp, scope: Scope) -> Value | None:
    """Read ``{k: v for k, v in all_of_it.items() if ...}``."""
    if not isinstance(node.generators[0].target, ast.Tuple):
        return None
    kept: list[Value] = []
    for one in alternatives(over):
        if isinstance(one, Dump):
            kept.append(Dump(one.entity, one.place, one.kind, one.without | without, only or one.only))
        elif isinstance(one, Columns):
            kept.append(Dump(one.entity, ev.place(node, scope), without=without, only=only))
        elif isinstance(one, Obj):
            kept.append(Obj([m for m in one.members if not only or m.name in only], one.spreads, one.without | without, one.place, one.kind))
    return many(kept) if kept else None


def listed_member(ev: Interpreter, node: ast.DictComp, target: str, name: str, scope: Scope) -> Member:
    inner = scope.inner({target: Text(name)})
    shown = next(iter(texts(ev.value(node.key, inner))), name)
    return Member(shown, ev.place(node.generators[0].iter, scope), "dict-key", partial(ev.value, node.value, inner))


def conditions(ev: Interpreter, generators: list[ast.comprehension], scope: Scope) -> tuple[frozenset[str], frozenset[str]]:
    """Read which names a comprehension's conditions leave out, or keep."""
    without: set[str] = set()
    only: set[str] = set()
    for test in (t for generator in generators for t in generator.ifs):
        for compare in (n for n in ast.walk(test) if isinstance(n, ast.Compare)):
            named = texts(ev.value(compare.comparators[0], scope)) | frozenset(texts_of(compare.comparators[0]))
            if isinstance(compare.ops[0], (ast.NotIn, ast.NotEq)):
                without |= named
            elif isinstance(compare.ops[0], (ast.In, ast.Eq)):
                only |= named
    return frozenset(without), frozenset(only)


__all__ = ["NOTHING", "dict_comp", "dictionary", "list_comp", "store"]
