"""Read one module once: imports, declarations, and the calls and decorators in which frameworks declare routes."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field

from stanch.trace.summary import ClassFact
from stanch.trace.syntax import FUNCTIONS, RELATIONS, Function, argument, blocks, dotted, keyword, last, text_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Decorated:
    decorator: ast.expr
    node: Function | ast.ClassDef
    qualname: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Called:
    call: ast.Call
    target: str
    """Name that the statement assigns to, or nothing."""
    scope: str
    """Qualified name of the enclosing function or class."""


@dataclass(slots=True)
class Gathered:
    module: str
    is_package: bool
    imports: dict[str, str] = field(default_factory=dict)
    stars: list[str] = field(default_factory=list)
    classes: dict[str, ClassFact] = field(default_factory=dict)
    functions: dict[str, int] = field(default_factory=dict)
    assigned: dict[str, str] = field(default_factory=dict)
    decorated: list[Decorated] = field(default_factory=list)
    called: list[Called] = field(default_factory=list)
    relations: list[tuple[str, str, tuple[str, ...]]] = field(default_factory=list)
    """Class, target as written, names on the far side."""
    conditions: list[tuple[str, int, str]] = field(default_factory=list)
    """Names that stand alone as conditions, with the line and the enclosing function."""
    lists: list[tuple[str, ast.expr]] = field(default_factory=list)
    """Literal lists, tuples and dicts of any module-level or function-level assignment, with the name."""

    def uses(self, *packages: str) -> bool:
        return any(origin.split(".", 1)[0] in packages for origin in (*self.imports.values(), *self.stars))


def gather(tree: ast.Module, *, module: str, is_package: bool) -> Gathered:
    found = Gathered(module, is_package)
    visit(tree.body, "", found)
    return found


def visit(body: list[ast.stmt], scope: str, found: Gathered) -> None:
    for statement in body:
        if isinstance(statement, FUNCTIONS):
            declare_function(statement, scope, found)
        elif isinstance(statement, ast.ClassDef):
            declare_class(statement, scope, found)
        elif isinstance(statement, (ast.Import, ast.ImportFrom)):
            remember_import(statement, found)
        else:
            look_at(statement, scope, found)
            relate(statement, scope, found)
            if not scope:
                assign(statement, found)
            if isinstance(statement, (ast.If, ast.While)):
                found.conditions += [(name, statement.lineno, scope) for name in bare(statement.test)]
            for block in blocks(statement):
                visit(block, scope, found)


def assign(statement: ast.stmt, found: Gathered) -> None:
    """Note the names that a module-level statement assigns."""
    if not isinstance(statement, (ast.Assign, ast.AnnAssign)):
        return
    value = statement.value
    alias = dotted(value) if isinstance(value, (ast.Name, ast.Attribute)) else ""
    plain = alias if value is not None and not any(isinstance(n, ast.Call) for n in ast.walk(value)) else ""
    for target in statement.targets if isinstance(statement, ast.Assign) else [statement.target]:
        if isinstance(target, ast.Name):
            found.assigned[target.id] = plain


def relate(statement: ast.stmt, scope: str, found: Gathered) -> None:
    """Note a model's relation, with the names under which the other model sees it."""
    call = getattr(statement, "value", None)
    if scope not in found.classes or not isinstance(call, ast.Call) or last(dotted(call)) not in RELATIONS:
        return
    target = argument(call, 0, "to", "argument", "model") or getattr(statement, "annotation", None)
    if isinstance(target, ast.Subscript):
        target = target.slice.slice if isinstance(target.slice, ast.Subscript) else target.slice
    given = keyword(call, "related_name", "backref")
    inner = given.args[0] if isinstance(given, ast.Call) and given.args else given
    names = tuple(n for n in (text_of(inner), f"{last(scope).lower()}_set") if n)
    found.relations.append((scope, text_of(target) or dotted(target), names))


def bare(test: ast.expr) -> Iterator[str]:
    """Give the names that a condition takes for true or false as they are."""
    match test:
        case ast.Name() | ast.Attribute():
            name = dotted(test)
            if name and not name.startswith(("self.", "cls.")) and not any(isinstance(n, ast.Call) for n in ast.walk(test)):
                yield name
        case ast.BoolOp(values=values):
            for value in values:
                yield from bare(value)
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            yield from bare(operand)


def declare_function(node: Function, scope: str, found: Gathered) -> None:
    qualname = f"{scope}.{node.name}" if scope else node.name
    found.functions.setdefault(qualname, node.lineno)
    found.decorated += [Decorated(decorator=d, node=node, qualname=qualname) for d in node.decorator_list]
    visit(node.body, qualname, found)


def declare_class(node: ast.ClassDef, scope: str, found: Gathered) -> None:
    qualname = f"{scope}.{node.name}" if scope else node.name
    bases = tuple(b for b in (dotted(base.value if isinstance(base, ast.Subscript) else base) for base in node.bases) if b)
    methods = tuple(s.name for s in node.body if isinstance(s, FUNCTIONS))
    found.classes[qualname] = ClassFact(line=node.lineno, bases=bases, methods=methods)
    found.decorated += [Decorated(decorator=d, node=node, qualname=qualname) for d in node.decorator_list]
    visit(node.body, qualname, found)


def remember_import(node: ast.Import | ast.ImportFrom, found: Gathered) -> None:
    if isinstance(node, ast.Import):
        for alias in node.names:
            found.imports[alias.asname or alias.name.split(".", 1)[0]] = alias.name if alias.asname else alias.name.split(".", 1)[0]
        return
    origin = absolute(node, found)
    for alias in node.names:
        if alias.name == "*":
            found.stars.append(origin)
        else:
            found.imports[alias.asname or alias.name] = f"{origin}.{alias.name}" if origin else alias.name


def absolute(node: ast.ImportFrom, found: Gathered) -> str:
    if not node.level:
        return node.module or ""
    parts = found.module.split(".") if found.module else []
    keep = len(parts) - node.level + (1 if found.is_package else 0)
    base = parts[: max(keep, 0)]
    return ".".join([*base, node.module] if node.module else base)


def look_at(statement: ast.stmt, scope: str, found: Gathered) -> None:
    """Keep the calls of a statement; those inside literal lists too, where route tables stand."""
    value = getattr(statement, "value", None)
    if not isinstance(value, ast.expr):
        return
    target = target_of(statement)
    if isinstance(value, (ast.List, ast.Tuple, ast.Dict, ast.BinOp)):
        found.lists.append((target, value))
    for call in calls_in(value):
        found.called.append(Called(call=call, target=target, scope=scope))


def target_of(statement: ast.stmt) -> str:
    match statement:
        case ast.Assign(targets=[target, *_]) | ast.AnnAssign(target=target) | ast.AugAssign(target=target):
            return dotted(target)
        case ast.Expr(value=ast.Call(func=ast.Attribute(value=value, attr="append" | "extend" | "insert"))):
            return dotted(value)
    return ""


def calls_in(node: ast.expr) -> Iterator[ast.Call]:  # noqa: C901 -- one case a kind of expression
    """Give the calls that the statement makes at its top, through lists, tuples, sums and the calls' own lists; not those in deep arguments."""
    match node:
        case ast.Call():
            yield node
            if isinstance(node.func, ast.Attribute):
                yield from calls_in(node.func.value)
            if isinstance(node.func, ast.Attribute) and node.func.attr in {"append", "extend", "insert"}:
                for item in node.args:
                    yield from calls_in(item)
            elif isinstance(node.func, ast.Name):
                for item in (*node.args, *(k.value for k in node.keywords)):
                    if isinstance(item, (ast.List, ast.Tuple)):
                        yield from calls_in(item)
        case ast.List(elts=items) | ast.Tuple(elts=items):
            for item in items:
                yield from calls_in(item)
        case ast.BinOp(left=left, right=right):
            yield from calls_in(left)
            yield from calls_in(right)
        case ast.Await(value=value) | ast.Starred(value=value):
            yield from calls_in(value)
        case ast.IfExp(body=body, orelse=orelse):
            yield from calls_in(body)
            yield from calls_in(orelse)
