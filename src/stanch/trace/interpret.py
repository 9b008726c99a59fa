"""Read expressions as abstract values, following calls through the project.

Decides what may stand in a response; refuses to guess what a program computes.

Cost: bounded by ``MAX_STEPS`` a route; past it the trail ends, with that as its reason.
"""

import ast
import re
from collections.abc import Callable
from functools import partial

from stanch.trace import attribute as attributes
from stanch.trace import branch, comprehension, typing
from stanch.trace import call as calls
from stanch.trace.model import Place
from stanch.trace.project import MAX_HOPS, ModuleName, Name, Outside, Project, Resolved
from stanch.trace.scope import EMPTY, Locals, Scope, is_method, locals_of, parameters
from stanch.trace.shape import shape_of
from stanch.trace.syntax import FUNCTIONS, text_of
from stanch.trace.value import (
    MAX_NESTING,
    NOTHING,
    Cls,
    Dead,
    Doubt,
    Dump,
    Entity,
    Ext,
    Fn,
    Many,
    Member,
    Mod,
    Obj,
    Text,
    Thunk,
    Value,
    alternatives,
    many,
    texts,
)

MAX_STEPS = 12_000
MAX_DEPTH = 32
JSON_KEY = re.compile(r'"([A-Za-z_][\w-]*)"\s*:')


class Evaluator:
    """The interpreter of one project; see ``value.Interpreter``."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.steps = 0
        self.nesting = 0
        self.backward: dict[tuple[Name, str], Name] | None = None
        self.models: dict[str, Name] | None = None
        self.active: list[tuple[Name, object]] = []
        self.known: dict[object, tuple[Value, object]] = {}
        self.modules: dict[str, Scope] = {}
        self.pending: set[Name] = set()
        self.shapes: dict[Name, Value] = {}
        project.start(self.held)
        self.by_kind: dict[type, Callable[[ast.expr, Scope], Value]] = handlers_of(self)

    def start(self) -> None:
        """Begin a new trace: its budget is whole again."""
        self.steps = 0
        self.active.clear()

    def value(self, node: ast.expr | None, scope: Scope) -> Value:
        self.steps += 1
        if node is None or self.steps > MAX_STEPS or scope.depth > MAX_DEPTH:
            return NOTHING
        handle = self.by_kind.get(type(node))
        if handle is None or self.nesting > MAX_NESTING:
            return NOTHING
        self.nesting += 1
        try:
            return handle(node, scope)
        finally:
            self.nesting -= 1

    def place(self, node: ast.AST, scope: Scope) -> Place:
        return Place(file=self.project.file(scope.module), line=getattr(node, "lineno", 1), symbol=scope.qualname or scope.module)

    def module_scope(self, module: str) -> Scope:
        if module not in self.modules:
            self.modules[module] = Scope(module, "", EMPTY, {})
        return self.modules[module]

    def class_scope(self, cls: Name) -> Scope:
        node = self.project.node(cls)
        found = locals_of(node) if isinstance(node, ast.ClassDef) else EMPTY
        return Scope(cls.module, cls.qualname, found, {}, self.module_scope(cls.module), Cls(cls), cls)

    def name(self, node: ast.Name, scope: Scope) -> Value:
        current: Scope | None = scope
        while current is not None:
            if node.id in current.names:
                return self.given(node.id, current)
            if node.id in current.locals.bound:
                return self.local(node.id, current)
            if node.id in current.locals.functions:
                return Fn(Name(current.module, f"{current.qualname}.{node.id}"), closure=current)
            current = current.parent
        return self.resolved(scope.module, node.id)

    def given(self, name: str, scope: Scope) -> Value:
        """Give a parameter, with what the function does to it."""
        key = (id(scope), name, "given")
        if key not in self.known:
            self.known[key] = (scope.names[name], scope)
            self.known[key] = (self.with_changes(scope.names[name], name, scope), scope)
        return self.known[key][0]

    def local(self, name: str, scope: Scope) -> Value:
        key = (id(scope), name)
        if key in self.known:
            return self.known[key][0]
        self.known[key] = (NOTHING, scope)
        found = many(self.value(expression, scope) for expression in scope.locals.bound[name])
        found = self.with_changes(found, name, scope)
        self.known[key] = (found, scope)
        return found

    def with_changes(self, base: Value, name: str, scope: Scope) -> Value:
        """Apply what the function does to an object after it was made: members stored, merged, taken away."""
        here = scope.locals
        if name not in here.stored and name not in here.added and name not in here.removed:
            return base
        removed = frozenset().union(*(texts(self.value(e, scope)) for e in here.removed.get(name, ())))
        members: list[Member] = []
        others: list[Value] = []
        for key, expression in here.stored.get(name, ()):
            comprehension.store(self, key, expression, scope, members, others)
        if isinstance(base, Entity) and not members:
            return many([base, *others, *(self.value(e, scope) for e in here.added.get(name, ()))])
        merged: list[Thunk] = [partial(self.value, e, scope) for e in here.added.get(name, ())]
        return Obj(members, [partial(same, one) for one in (base, *others)] + merged, removed)

    def resolved(self, module: str, dotted: str) -> Value:
        return self.of(self.project.resolve(module, dotted))

    def named(self, dotted: str, near: str) -> Value:
        """Give what an absolute dotted path names."""
        return self.of(self.project.origin(dotted, near, MAX_HOPS))

    def of(self, found: Resolved) -> Value:
        match found:
            case ModuleName(module=module):
                return Mod(module)
            case Outside(dotted=dotted):
                return Ext(dotted)
            case Name():
                return self.declared(found)
        return NOTHING

    def held(self, name: Name) -> Resolved | None:
        """Give the class that an assigned name holds."""
        if name in self.pending:
            return None
        self.pending.add(name)
        found = self.declared(name)
        self.pending.discard(name)
        return next((one.cls for one in alternatives(found) if isinstance(one, Cls)), None)

    def declared(self, name: Name) -> Value:
        node = self.project.node(name)
        if isinstance(node, ast.ClassDef):
            return Cls(name)
        if isinstance(node, FUNCTIONS):
            return Fn(name)
        if isinstance(node, (ast.Assign, ast.AnnAssign)):
            return self.assigned(name, node)
        head, _, tail = name.qualname.rpartition(".")
        if not head:
            return NOTHING
        return self.attribute(self.declared(Name(name.module, head)), tail, Place(file=self.project.file(name.module), line=1, symbol=name.qualname))

    def assigned(self, name: Name, node: ast.Assign | ast.AnnAssign) -> Value:
        if name in self.known:
            return self.known[name][0]
        self.known[name] = (NOTHING, None)
        found = self.value(node.value, self.module_scope(name.module))
        if type(found) is Value and isinstance(node, ast.AnnAssign):
            found = self.annotation(node.annotation, self.module_scope(name.module))
        self.known[name] = (found, None)
        return found

    def attribute(self, value: Value, name: str, place: Place) -> Value:
        return attributes.attribute(self, value, name, place)

    def annotation(self, node: ast.expr | None, scope: Scope) -> Value:
        return typing.annotation(self, node, scope)

    def shape(self, entity: Entity) -> Value:
        plain = not entity.options and not entity.arguments
        if plain and entity.cls in self.shapes:
            return self.shapes[entity.cls]
        found = shape_of(self, entity)
        if plain:
            self.shapes[entity.cls] = found
        return found

    def call(self, fn: Fn, args: tuple[Value, ...], keywords: dict[str, Value]) -> Value:
        """Call a function of the project: what it may return."""
        if fn.expression is not None and isinstance(fn.closure, Scope):
            names = dict(zip((p.arg for p in parameters(fn.expression)), args, strict=False))
            return self.value(fn.expression.body, fn.closure.inner(names))
        node = self.project.node(fn.name)
        if not isinstance(node, FUNCTIONS):
            return NOTHING
        key = (fn.name, signature(fn.receiver), tuple(map(signature, args)), tuple((k, signature(v)) for k, v in keywords.items()))
        if key in self.known:
            return self.known[key][0]
        mark = (fn.name, signature(fn.receiver))
        if mark in self.active or len(self.active) > MAX_DEPTH:
            return NOTHING
        self.active.append(mark)
        found = self.body(fn, node, args, keywords)
        self.active.pop()
        self.known[key] = (found, (fn, args, keywords))
        return found

    def body(self, fn: Fn, node: ast.FunctionDef | ast.AsyncFunctionDef, args: tuple[Value, ...], keywords: dict[str, Value]) -> Value:
        scope = self.scope_of(fn, node, args, keywords)
        declared = self.annotation(node.returns, scope) if node.returns is not None else NOTHING
        if any(isinstance(one, Entity) for one in alternatives(declared)):
            return declared
        reachable = branch.returned(node, facts_of(fn.receiver))
        returned = many(self.value(expression, scope) for expression in reachable)
        if type(returned) is Value:
            return declared
        return returned

    def scope_of(self, fn: Fn, node: ast.FunctionDef | ast.AsyncFunctionDef, args: tuple[Value, ...], keywords: dict[str, Value]) -> Scope:
        owner = owner_of(self.project, fn.name)
        parent = fn.closure if isinstance(fn.closure, Scope) else self.enclosing(fn.name)
        found: Locals = locals_of(node)
        scope = Scope(fn.name.module, fn.name.qualname, found, {}, parent, fn.receiver, owner, len(self.active))
        wanted = parameters(node)
        if is_method(node, owner) and wanted and fn.receiver is not None:
            scope.names[wanted[0].arg] = fn.receiver
            wanted = wanted[1:]
        for index, parameter in enumerate(wanted):
            given = args[index] if index < len(args) else keywords.get(parameter.arg, NOTHING)
            scope.names[parameter.arg] = given if type(given) is not Value else self.parameter(parameter, node, scope)
        if node.args.vararg:
            scope.names[node.args.vararg.arg] = many(args[len(wanted) :])
        if node.args.kwarg:
            rest = {k: v for k, v in keywords.items() if k not in scope.names}
            scope.names[node.args.kwarg.arg] = rest_of(rest, self.place(node, scope))
        return scope

    def enclosing(self, name: Name) -> Scope:
        """Give the scope around a nested function, so that names of the function that made it are known."""
        head = name.qualname.rpartition(".")[0]
        node = self.project.node(Name(name.module, head)) if head else None
        if isinstance(node, FUNCTIONS):
            return self.scope_of(Fn(Name(name.module, head)), node, (), {})
        return self.module_scope(name.module)

    def parameter(self, parameter: ast.arg, node: ast.FunctionDef | ast.AsyncFunctionDef, scope: Scope) -> Value:
        """Say what a parameter may be that no call gave: by annotation, by dependency, by name."""
        found = self.annotation(parameter.annotation, scope) if parameter.annotation is not None else NOTHING
        if type(found) is Value:
            found = typing.dependency(self, parameter, node, scope)
        return found if type(found) is not Value else attributes.guessed(self, parameter.arg)


def same(value: Value) -> Value:
    return value


def facts_of(receiver: Value | None) -> dict[str, str]:
    """Give what is known of the request that a view serves."""
    if not isinstance(receiver, Entity):
        return {}
    return {name: value.text for name in ("action", "method") if isinstance(value := receiver.options.get(f"__{name}__"), Text)}


def owner_of(project: Project, name: Name) -> Name | None:
    head = name.qualname.rpartition(".")[0]
    return Name(name.module, head) if head and head in project.summaries[name.module].classes else None


def rest_of(rest: dict[str, Value], place: Place) -> Value:
    return Obj([Member(k, place, "dict-key", partial(same, v)) for k, v in rest.items()]) if rest else NOTHING


def signature(value: object) -> object:
    """Give what makes two calls the same: classes and texts by what they are, anything else by identity."""
    match value:
        case None:
            return None
        case Entity(cls=cls, options=options, arguments=arguments) if not options and not arguments:
            return ("entity", cls)
        case Cls(cls=cls):
            return ("class", cls)
        case Text(text=text):
            return ("text", text)
        case Ext(dotted=dotted):
            return ("outside", dotted)
        case Many(values=values):
            return tuple(map(signature, values))
        case Doubt(value=inner):
            return ("doubt", signature(inner))
    return id(value) if type(value) is not Value else "nothing"


def handlers_of(ev: Evaluator) -> dict[type, Callable[..., Value]]:  # noqa: C901 -- one short function a kind of expression
    """Give the reading of each kind of expression."""

    def constant(node: ast.Constant, scope: Scope) -> Value:
        return text_value(ev, node, scope)

    def attribute(node: ast.Attribute, scope: Scope) -> Value:
        return ev.attribute(ev.value(node.value, scope), node.attr, ev.place(node, scope))

    def call(node: ast.Call, scope: Scope) -> Value:
        return calls.call(ev, node, scope)

    def inner(node: ast.Await | ast.Starred | ast.NamedExpr, scope: Scope) -> Value:
        return ev.value(node.value, scope)

    def items(node: ast.List | ast.Tuple | ast.Set, scope: Scope) -> Value:
        return many(ev.value(item, scope) for item in node.elts)

    def either(node: ast.IfExp, scope: Scope) -> Value:
        return many((ev.value(node.body, scope), ev.value(node.orelse, scope)))

    def any_of(node: ast.BoolOp, scope: Scope) -> Value:
        return many(ev.value(item, scope) for item in node.values)

    def function(node: ast.Lambda, scope: Scope) -> Value:
        return Fn(Name(scope.module, scope.qualname), closure=scope, expression=node)

    def subscript(node: ast.Subscript, scope: Scope) -> Value:
        base = ev.value(node.value, scope)
        key = text_of(node.slice)
        if key is None:
            return typing.parametrised(ev, base, node.slice, scope)
        return attributes.item(ev, base, key, ev.place(node, scope))

    def dictionary(node: ast.Dict, scope: Scope) -> Value:
        return comprehension.dictionary(ev, node, scope)

    def dict_comp(node: ast.DictComp, scope: Scope) -> Value:
        return comprehension.dict_comp(ev, node, scope)

    def list_comp(node: ast.ListComp | ast.SetComp | ast.GeneratorExp, scope: Scope) -> Value:
        return comprehension.list_comp(ev, node, scope)

    def formatted(node: ast.JoinedStr, scope: Scope) -> Value:
        return text_value(ev, node, scope)

    def operation(node: ast.BinOp, scope: Scope) -> Value:
        if isinstance(node.op, ast.BitOr):
            return Obj([], [lambda: ev.value(node.left, scope), lambda: ev.value(node.right, scope)])
        if isinstance(node.op, ast.Mod):
            return ev.value(node.left, scope)
        text = text_of(node)
        return Text(text) if text is not None and not JSON_KEY.search(text) else text_value(ev, node, scope) if text else many((ev.value(node.left, scope), ev.value(node.right, scope)))  # fmt: skip

    return {
        ast.Constant: constant, ast.Name: ev.name, ast.Attribute: attribute, ast.Call: call, ast.Await: inner, ast.Starred: inner, ast.NamedExpr: inner,
        ast.List: items, ast.Tuple: items, ast.Set: items, ast.IfExp: either, ast.BoolOp: any_of, ast.Lambda: function, ast.Subscript: subscript,
        ast.Dict: dictionary, ast.DictComp: dict_comp, ast.ListComp: list_comp, ast.SetComp: list_comp, ast.GeneratorExp: list_comp,
        ast.JoinedStr: formatted, ast.BinOp: operation,
    }  # fmt: skip


def text_value(ev: Evaluator, node: ast.expr, scope: Scope) -> Value:
    """Read a string; one that spells JSON is the object it spells."""
    text = text_of(node)
    if text is None:
        return NOTHING
    keys = JSON_KEY.findall(text)
    if not keys:
        return Text(text)
    place = ev.place(node, scope)
    return Obj([Member(key, place, "json-text", lambda: NOTHING) for key in dict.fromkeys(keys)], place=place, kind="json-text")


__all__ = ["Dead", "Dump", "Evaluator"]
