"""Read annotations as values: what a declared type says about an instance."""

import ast
from functools import partial

from stanch.trace.interpreter import Interpreter
from stanch.trace.project import Name
from stanch.trace.scope import Scope
from stanch.trace.syntax import Function, dotted, last
from stanch.trace.value import NOTHING, Cls, Entity, Ext, Fn, Leaf, Member, Obj, Value, alternatives, many

WRAPPERS = {"ClassVar", "type", "Type", "Callable", "Literal"}
"""Generic names whose arguments say nothing about an instance."""


def annotation(ev: Interpreter, node: ast.expr | None, scope: Scope) -> Value:
    match node:
        case ast.Constant(value=str() as text):
            return quoted(ev, text, scope)
        case ast.Name() | ast.Attribute():
            return instance(ev.value(node, scope))
        case ast.Subscript(value=outer, slice=inner):
            return generic(ev, outer, inner, scope)
        case ast.BinOp(left=left, op=ast.BitOr(), right=right):
            return many((annotation(ev, left, scope), annotation(ev, right, scope)))
        case ast.Tuple(elts=items) | ast.List(elts=items):
            return many(annotation(ev, item, scope) for item in items)
        case ast.Call():
            return instance(ev.value(node, scope))
    return NOTHING


def quoted(ev: Interpreter, text: str, scope: Scope) -> Value:
    try:
        return annotation(ev, ast.parse(text.strip(), mode="eval").body, scope)
    except SyntaxError:
        return NOTHING


def instance(value: Value) -> Value:
    """Give an instance of a class; a type variable bound to a value gives that value."""
    found: list[Value] = []
    for one in alternatives(value):
        match one:
            case Cls(cls=cls, arguments=arguments):
                found.append(Entity(cls, arguments=arguments))
            case Entity() | Obj() | Leaf():
                found.append(one)
            case Ext(dotted=name) if last(name) in {"User", "AbstractUser"}:
                found.append(one)
    return many(found)


def generic(ev: Interpreter, outer: ast.expr, inner: ast.expr, scope: Scope) -> Value:
    if last(dotted(outer)) in WRAPPERS:
        return NOTHING
    head = ev.value(outer, scope)
    first = inner.elts[0] if isinstance(inner, ast.Tuple) and last(dotted(outer)) == "Annotated" and inner.elts else inner
    arguments = annotation(ev, first, scope)
    if isinstance(head, Cls):
        return Entity(head.cls, arguments=alternatives(arguments))
    return arguments


def parametrised(ev: Interpreter, base: Value, key: ast.expr, scope: Scope) -> Value:
    """Read ``X[key]`` as an expression: a class gets its type arguments, a sequence gives its elements."""
    if isinstance(base, Cls):
        return Cls(base.cls, alternatives(annotation(ev, key, scope)))
    if isinstance(base, Ext) and last(base.dotted) in {
        "list",
        "List",
        "Optional",
        "Union",
        "Sequence",
        "set",
        "Set",
        "Iterable",
        "tuple",
        "Tuple",
        "Annotated",
        "dict",
        "Dict",
    }:
        inner = annotation(ev, key, scope)
        return inner if type(inner) is not Value else base
    return base


def type_variables(ev: Interpreter, cls: Name, arguments: tuple[Value, ...]) -> dict[str, Value]:
    """Bind a generic class's type variables to its arguments, in order."""
    node = ev.project.node(cls)
    if not isinstance(node, ast.ClassDef) or not arguments:
        return {}
    names = [p.name for p in getattr(node, "type_params", ())]
    for base in node.bases:
        if isinstance(base, ast.Subscript):
            items = base.slice.elts if isinstance(base.slice, ast.Tuple) else [base.slice]
            names += [item.id for item in items if isinstance(item, ast.Name) and item.id not in names]
    return {name: arguments[min(i, len(arguments) - 1)] if len(names) > 1 else many(arguments) for i, name in enumerate(names)}


def dependency(ev: Interpreter, parameter: ast.arg, node: Function, scope: Scope) -> Value:
    """Read ``x = Depends(f)``: what the dependency returns."""
    default = default_of(parameter, node)
    if isinstance(default, ast.Call) and last(dotted(default.func)) in {"Depends", "Security", "Provide"} and default.args:
        target = ev.value(default.args[0], scope)
        if isinstance(target, Fn):
            return ev.call(target, (), {})
        return instance(target)
    return NOTHING


def default_of(parameter: ast.arg, node: Function) -> ast.expr | None:
    positional = [*node.args.posonlyargs, *node.args.args]
    if parameter in positional:
        index = positional.index(parameter) - (len(positional) - len(node.args.defaults))
        return node.args.defaults[index] if index >= 0 else None
    if parameter in node.args.kwonlyargs:
        return node.args.kw_defaults[node.args.kwonlyargs.index(parameter)]
    return None


__all__ = ["Member", "annotation", "dependency", "instance", "parametrised", "partial", "type_variables"]
