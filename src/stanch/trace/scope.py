"""What a function does to its local names, read without regard to order: every assignment counts."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from stanch.trace.project import Name
from stanch.trace.syntax import FUNCTIONS, Function, own_statements
from stanch.trace.value import Value

ADDING = {"append", "extend", "add", "insert", "appendleft", "update"}
REMOVING = {"pop", "remove", "discard"}


@dataclass(slots=True)
class Locals:
    bound: dict[str, list[ast.expr]] = field(default_factory=dict)
    stored: dict[str, list[tuple[ast.expr, ast.expr]]] = field(default_factory=dict)
    """``name[key] = value``."""
    added: dict[str, list[ast.expr]] = field(default_factory=dict)
    removed: dict[str, list[ast.expr]] = field(default_factory=dict)
    attributes: dict[str, list[ast.expr]] = field(default_factory=dict)
    """``self.name = value``."""
    functions: dict[str, Function] = field(default_factory=dict)
    imports: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Scope:
    module: str
    qualname: str
    locals: Locals
    names: dict[str, Value]
    """Parameters and comprehension variables."""
    parent: "Scope | None" = None
    receiver: Value | None = None
    owner: Name | None = None
    """Class that the function is defined in."""
    depth: int = 0

    def inner(self, names: dict[str, Value]) -> "Scope":
        return Scope(self.module, self.qualname, EMPTY, names, self, self.receiver, self.owner, self.depth)


EMPTY = Locals()


@lru_cache(maxsize=8192)
def locals_of(node: Function | ast.ClassDef) -> Locals:
    found = Locals()
    for statement in own_statements(node.body):
        read(statement, found)
    for statement in certain(node.body):
        removal(statement, found)
    return found


def certain(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Walk the statements that no condition guards."""
    for statement in body:
        yield statement
        if isinstance(statement, (ast.For, ast.AsyncFor, ast.With, ast.AsyncWith, ast.Try)):
            yield from certain(statement.body)


def removal(statement: ast.stmt, found: Locals) -> None:
    """Note what is taken out of an object for certain: what only some requests lose, others still get."""
    match statement:
        case ast.Delete(targets=targets):
            remove(targets, found)
        case ast.Expr(value=ast.Call() as call) | ast.Assign(value=ast.Call() as call):
            match call:
                case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr=verb), args=[first, *_]) if verb in REMOVING:
                    found.removed.setdefault(name, []).append(first)


def read(statement: ast.stmt, found: Locals) -> None:
    match statement:
        case ast.Assign(targets=targets, value=value):
            for target in targets:
                bind(target, value, found)
        case ast.AnnAssign(target=target, value=value) if value is not None:
            bind(target, value, found)
        case ast.AugAssign(target=ast.Name(id=name), value=value):
            found.added.setdefault(name, []).append(value)
        case ast.Expr(value=value):
            effect(value, found)
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            found.functions[statement.name] = statement
        case _:
            enter(statement, found)


def enter(statement: ast.stmt, found: Locals) -> None:
    """Note what the head of a block binds."""
    match statement:
        case ast.For(target=target, iter=value) | ast.AsyncFor(target=target, iter=value):
            bind(target, value, found)
        case ast.With(items=items) | ast.AsyncWith(items=items):
            for item in items:
                if item.optional_vars is not None:
                    bind(item.optional_vars, item.context_expr, found)
    walrus(statement, found)


def remove(targets: list[ast.expr], found: Locals) -> None:
    for target in targets:
        if isinstance(target, ast.Subscript) and isinstance(target.value, ast.Name):
            found.removed.setdefault(target.value.id, []).append(target.slice)


def walrus(statement: ast.stmt, found: Locals) -> None:
    if isinstance(statement, (ast.If, ast.While)):
        for node in ast.walk(statement.test):
            if isinstance(node, ast.NamedExpr) and isinstance(node.target, ast.Name):
                found.bound.setdefault(node.target.id, []).append(node.value)


def bind(target: ast.expr, value: ast.expr, found: Locals) -> None:
    match target:
        case ast.Name(id=name):
            found.bound.setdefault(name, []).append(value)
            if isinstance(value, ast.Call):
                effect(value, found)
        case ast.Tuple(elts=items) | ast.List(elts=items):
            spelt = value.elts if isinstance(value, ast.Tuple) and len(value.elts) == len(items) else [value] * len(items)
            for item, part in zip(items, spelt, strict=True):
                bind(item, part, found)
        case ast.Subscript(value=ast.Name(id=name), slice=key):
            found.stored.setdefault(name, []).append((key, value))
        case ast.Subscript(value=ast.Subscript(value=ast.Name(id=name), slice=key)):
            found.stored.setdefault(name, []).append((key, value))
        case ast.Subscript(value=ast.Attribute(value=ast.Name(id="self"), attr=name), slice=ast.Constant(value=str() as key)):
            found.attributes.setdefault(f"{name}.{key}", []).append(value)
        case ast.Attribute(value=ast.Name(id="self"), attr=name):
            found.attributes.setdefault(name, []).append(value)


def effect(value: ast.expr, found: Locals) -> None:
    """Note what a call does to a local name."""
    match value:
        case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr=verb), args=args, keywords=keywords):
            if verb in ADDING:
                found.added.setdefault(name, []).extend(args[-1:])
                for k in keywords:
                    if k.arg:
                        found.stored.setdefault(name, []).append((ast.copy_location(ast.Constant(k.arg), k.value), k.value))
            elif verb == "setdefault" and len(args) == 2:
                found.stored.setdefault(name, []).append((args[0], args[1]))


def is_method(node: ast.AST, owner: Name | None) -> bool:
    """Tell whether a function takes its receiver as first parameter."""
    if not isinstance(node, FUNCTIONS) or owner is None:
        return False
    return not any(isinstance(d, ast.Name) and d.id == "staticmethod" for d in node.decorator_list)


def parameters(node: Function | ast.Lambda) -> list[ast.arg]:
    return [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
