"""An object dumped where it is used (``vars``, ``__dict__``, ``asdict``, ``values()``): narrowed to a list at that place."""

import ast

from stanch.trace.fix.case import Case
from stanch.trace.fix.edit import Edit, Plan, quoted, span
from stanch.trace.project import Name
from stanch.trace.syntax import FUNCTIONS, dotted, last

CALLS = {"vars", "asdict", "model_to_dict", "dict", "to_dict", "as_dict", "_asdict", "to_json", "to_mongo", "serialize", "model_dump"}


def plan(case: Case) -> Plan | None:
    cls = case.entity()
    node = case.project.node(Name(case.module, case.cause.step.place.symbol))
    if cls is None or not isinstance(node, FUNCTIONS):
        return None
    listed = case.allowed_columns(cls)
    target = dumped(node, case.cause.step.place.line)
    if target is None or not listed:
        return None
    path = case.cause.step.place.file
    touched = case.cause.step.place.symbol in case.affected
    why = f"only {', '.join(listed)} go out"
    return Plan(
        edits=(narrowed(path, case.source, target, listed),),
        safe=not touched,
        why=why + ("; the function serves other routes too, which change with it" if touched else ""),
    )


def dumped(node: ast.AST, line: int) -> ast.expr | None:
    """Find the outermost expression on the line that dumps an object."""
    for child in ast.walk(node):
        if getattr(child, "lineno", None) != line:
            continue
        if isinstance(child, ast.Call) and (last(dotted(child.func)) in CALLS or (last(dotted(child.func)) == "values" and not child.args)):
            return child
        if isinstance(child, ast.Attribute) and child.attr == "__dict__":
            return child
    return None


def narrowed(path: str, source: str, target: ast.expr, listed: list[str]) -> Edit:
    start, end = span(source, target)
    if isinstance(target, ast.Call) and last(dotted(target.func)) == "values":
        return Edit(path, end - 1, end - 1, ", ".join(f'"{n}"' for n in listed))
    text = source[start:end]
    return Edit(path, start, end, f"{{name: value for name, value in {text}.items() if name in {quoted(listed)}}}")
