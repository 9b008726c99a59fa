"""Small questions to a syntax tree."""

import ast
import re
from collections.abc import Iterator

Function = ast.FunctionDef | ast.AsyncFunctionDef
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
RELATIONS = {"relationship", "relation", "ForeignKey", "OneToOneField", "ManyToManyField", "Relationship", "ForeignKeyField", "ReferenceField", "dynamic_loader", "Link", "BackLink", "ParentalKey", "TreeForeignKey"}  # fmt: skip
"""Calls by which models declare that they point at others."""


def dotted(node: ast.expr | None) -> str:
    """Give ``a.b.c`` for a chain of names; calls along it are left out, anything else gives nothing."""
    parts: list[str] = []
    while node is not None:
        if isinstance(node, ast.Attribute):
            parts.append(node.attr)
            node = node.value
        elif isinstance(node, ast.Call):
            node = node.func
        elif isinstance(node, ast.Name):
            return ".".join([node.id, *reversed(parts)])
        else:
            return ""
    return ""


def text_of(node: ast.expr | None) -> str | None:
    """Read a string that the code spells out; parts that it does not are ``{?}``, and ``None`` is no string at all."""
    match node:
        case ast.Constant(value=str() as text):
            return text
        case ast.JoinedStr(values=values):
            return "".join(part.value if isinstance(part, ast.Constant) and isinstance(part.value, str) else "{?}" for part in values)
        case ast.BinOp(op=ast.Add(), left=left, right=right):
            a, b = text_of(left), text_of(right)
            return None if a is None and b is None else f"{'{?}' if a is None else a}{'{?}' if b is None else b}"
    return None


def keyword(call: ast.Call, *names: str) -> ast.expr | None:
    return next((k.value for k in call.keywords if k.arg in names), None)


def argument(call: ast.Call, index: int, *names: str) -> ast.expr | None:
    if index < len(call.args) and not any(isinstance(a, ast.Starred) for a in call.args[: index + 1]):
        return call.args[index]
    return keyword(call, *names)


def texts_of(node: ast.expr | None) -> tuple[str, ...]:
    """Read a list, tuple or set of strings; what is not spelt out is left out."""
    if isinstance(node, (ast.List, ast.Tuple, ast.Set)):
        return tuple(t for t in map(text_of, node.elts) if t is not None)
    one = text_of(node)
    return (one,) if one is not None else ()


def last(name: str) -> str:
    return name.rsplit(".", 1)[-1]


def own_statements(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Walk statements in order, blocks included, but not into functions and classes defined on the way."""
    for statement in body:
        yield statement
        if not isinstance(statement, (*FUNCTIONS, ast.ClassDef)):
            for block in blocks(statement):
                yield from own_statements(block)


def blocks(statement: ast.stmt) -> Iterator[list[ast.stmt]]:
    for name in ("body", "orelse", "finalbody"):
        block = getattr(statement, name, None)
        if isinstance(block, list):
            yield block
    for handler in getattr(statement, "handlers", ()):
        yield handler.body
    for case in getattr(statement, "cases", ()):
        yield case.body


def normal(name: str) -> str:
    """Fold the spellings of a member's name: camelCase, snake_case, kebab-case."""
    return re.sub(r"[^a-z0-9]", "", name.lower())
