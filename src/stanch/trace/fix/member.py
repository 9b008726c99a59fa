"""A member written by name that should not be: it is taken out of the literal."""

import ast

from stanch.trace.fix.case import Case
from stanch.trace.fix.edit import Edit, Plan, offset, span, whole_line
from stanch.trace.project import Name
from stanch.trace.syntax import FUNCTIONS, normal, text_of


def plan(case: Case) -> Plan | None:
    place = case.cause.step.place
    node = case.project.node(Name(case.module, place.symbol))
    if not isinstance(node, FUNCTIONS):
        return None
    edit = found(node, case)
    if edit is None:
        return None
    touched = place.symbol in case.affected
    why = f"{', '.join(case.cause.fields)} is no longer written"
    return Plan(edits=(edit,), safe=not touched, why=why + (f"; {place.symbol} serves other routes too, which lose it as well" if touched else ""))


def found(node: ast.AST, case: Case) -> Edit | None:
    path, source, line = case.cause.step.place.file, case.source, case.cause.step.place.line
    for child in ast.walk(node):
        if isinstance(child, ast.Dict):
            for index, key in enumerate(child.keys):
                if key is not None and key.lineno == line and normal(text_of(key) or "") in case.leaking:
                    return without(path, source, child, index)
        if (
            isinstance(child, ast.Assign)
            and child.lineno == line
            and isinstance(child.targets[0], ast.Subscript)
            and normal(text_of(child.targets[0].slice) or "") in case.leaking
        ):
            return whole_line(path, source, child)
    return None


def without(path: str, source: str, literal: ast.Dict, index: int) -> Edit:
    """Take one member out of a literal: its line where it has one to itself, else the text up to the next member or back to the last."""
    key, value = literal.keys[index], literal.values[index]
    assert key is not None  # noqa: S101 -- the caller found it by its text
    start, end = span(source, key)[0], span(source, value)[1]
    comma = source.find(",", end)
    last_of_line = source.find("\n", end)
    alone = source[source.rfind("\n", 0, start) + 1 : start].strip() == "" and source[
        end : last_of_line if last_of_line >= 0 else len(source)
    ].strip() in {",", ""}
    if alone:
        return Edit(path, source.rfind("\n", 0, start) + 1, last_of_line + 1, "")
    if index + 1 < len(literal.keys):
        following = literal.keys[index + 1] or literal.values[index + 1]
        begin = offset(source, following.lineno, following.col_offset) - (2 if literal.keys[index + 1] is None else 0)
        return Edit(path, start, begin, "")
    before = span(source, literal.values[index - 1])[1] if index else start
    return Edit(path, before, comma + 1 if 0 <= comma < span(source, literal)[1] and not index else end, "")
