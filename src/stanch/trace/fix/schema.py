"""A schema that lists too much: the member leaves it, or where others need it, a narrower schema stands where the leak is."""

import ast

from stanch.trace.classes import kind_of, meta_value
from stanch.trace.fix.case import Case
from stanch.trace.fix.edit import Edit, Plan, after, indent_of, quoted, replaced, span
from stanch.trace.project import Name
from stanch.trace.shape import shape_of
from stanch.trace.syntax import keyword, last, normal, text_of
from stanch.trace.value import Entity, Obj, alternatives, texts


def plan(case: Case) -> Plan | None:
    cls = schema_class(case)
    if cls is None:
        return None
    kind = kind_of(case.project, cls)
    if kind not in {"marshmallow", "drf"}:
        return None
    return apart(case, cls) if case.others() else in_place(case, cls)


def schema_class(case: Case) -> Name | None:
    owner = case.cause.step.place.symbol
    for _ in range(2):
        owner = owner.rpartition(".")[0]
        if owner in case.project.summaries[case.module].classes and not owner.endswith(".Meta"):
            return Name(case.module, owner)
    return None


def names_of(case: Case, cls: Name) -> list[str]:
    """Give what the schema may still write."""
    found: dict[str, None] = {}
    for one in alternatives(shape_of(case.ev, Entity(cls, {"__declared__": Entity(cls)}))):
        if isinstance(one, Obj):
            found |= dict.fromkeys(m.name for m in one.members)
    entity = case.entity()
    if not found or case.cause.step.kind == "generic-serialiser":
        found |= dict.fromkeys(case.allowed_columns(entity)) if entity else {}
    return case.allowed(found, person=False)


def in_place(case: Case, cls: Name) -> Plan | None:
    """Take the members out of the schema itself: every route that uses it leaks."""
    at = meta_value(case.project, cls, "fields")
    place = case.cause.step.place
    if ".Meta." in place.symbol:
        declared = at or meta_value(case.project, cls, "exclude") or meta_value(case.project, cls, "model")
        if declared is None or declared.value is None:
            return None
        listed = names_of(case, cls)
        if declared.name == "model":
            owner = case.project.node(declared.owner)
            pad = indent_of(case.source, owner) if isinstance(owner, ast.ClassDef) else "        "
            edit = after(place.file, case.source, owner.body[-1], f"{pad}fields = {quoted(listed)}\n") if isinstance(owner, ast.ClassDef) else None
        elif declared.name == "exclude":
            statement = next((s for s in getattr(case.project.node(declared.owner), "body", ()) if s.lineno == declared.line), None)
            edit = Edit(place.file, *span(case.source, statement), f"fields = {quoted(listed)}") if statement is not None else None
        else:
            edit = listed_without(case, declared.value, listed)
        return Plan(edits=(edit,), safe=True, why=f"{last(cls.qualname)} lists {', '.join(listed)} and no more") if edit else None
    return read_only(case, cls)


def listed_without(case: Case, value: ast.expr, listed: list[str]) -> Edit:
    """Rewrite a list of fields; one that is spelt out loses the leaking names and keeps its form."""
    path, source = case.cause.step.place.file, case.source
    if isinstance(value, (ast.Tuple, ast.List)) and all(text_of(e) is not None for e in value.elts):
        kept = [e for e in value.elts if normal(text_of(e) or "") not in case.leaking]
        multi = value.lineno != (value.end_lineno or value.lineno)
        gone = [e for e in value.elts if e not in kept]
        if multi and len(gone) == 1 and source.splitlines()[gone[0].lineno - 1].strip().rstrip(",").strip("'\"") == text_of(gone[0]):
            start = sum(len(x) for x in source.splitlines(keepends=True)[: gone[0].lineno - 1])
            return Edit(path, start, start + len(source.splitlines(keepends=True)[gone[0].lineno - 1]), "")
        names = [source[slice(*span(source, e))] for e in kept]
        opening, closing = ("[", "]") if isinstance(value, ast.List) else ("(", ")")
        tail = "," if len(names) == 1 and opening == "(" else ""
        return replaced(path, source, value, f"{opening}{', '.join(names)}{tail}{closing}")
    return replaced(path, source, value, quoted(listed))


def read_only(case: Case, cls: Name) -> Plan | None:
    """Let a declared marshmallow or DRF field be read from requests and never written."""
    line = case.cause.step.place.line
    node = case.project.node(cls)
    for statement in node.body if isinstance(node, ast.ClassDef) else ():
        call = getattr(statement, "value", None)
        if statement.lineno == line and isinstance(call, ast.Call):
            word = "load_only" if kind_of(case.project, cls) == "marshmallow" else "write_only"
            if keyword(call, word) is not None:
                return None
            end = span(case.source, call)[1] - 1
            text = f"{', ' if call.args or call.keywords else ''}{word}=True"
            return Plan(
                edits=(Edit(case.cause.step.place.file, end, end, text),),
                safe=True,
                why=f"{case.cause.step.place.symbol} is still read from requests and never written",
            )
    return None


def apart(case: Case, cls: Name) -> Plan | None:
    """Write a narrower schema beside the shared one and use it where the leak nests it."""
    node = case.project.node(cls)
    listed = names_of(case, cls)
    nests = nesting(case)
    if not isinstance(node, ast.ClassDef) or not listed:
        return None
    if not nests:
        unsafe = in_place(case, cls)
        others = ", ".join(f"{r.method} {r.template}" for r in case.others()[:3])
        return Plan(edits=unsafe.edits, safe=False, why=f"{unsafe.why}; {others} use the schema too and lose it as well") if unsafe else None
    name = f"Public{node.name}"
    base = f"({node.name}.Meta)" if f"{cls.qualname}.Meta" in case.project.summaries[cls.module].classes else ""
    path = case.project.file(cls.module)
    source = case.project.sources[path]
    text = f"\n\nclass {name}({node.name}):\n    class Meta{base}:\n        fields = {quoted(listed)}\n"
    edits = [after(path, source, node, text)]
    for file, line in nests:
        found = used(case, file, line, node.name, name)
        if not found:
            return None
        edits += found
    return Plan(
        edits=tuple(edits), safe=True, why=f"{name} lists {', '.join(listed)}; it stands where {node.name} was nested, which others still use"
    )


def nesting(case: Case) -> list[tuple[str, int]]:
    """Give the places that nest the schema, one for every finding; none where some finding has it at the top."""
    found: dict[tuple[str, int], None] = {}
    for chain in case.chains():
        before = [s for s in chain.steps[: chain.steps.index(chain.cause)] if s.kind == "nested-schema"]
        if not before:
            return []
        found[before[-1].place.file, before[-1].place.line] = None
    return list(found)


def used(case: Case, file: str, line: int, old: str, new: str) -> list[Edit]:
    """Replace the schema's name on the line that nests it, and import the new one where the old one is imported."""
    source = case.project.sources[file]
    tree = case.project.tree(case.module_at(file))
    edits: list[Edit] = []
    for node in ast.walk(tree):
        if isinstance(node, (ast.Name, ast.Attribute)) and node.lineno == line and (node.id if isinstance(node, ast.Name) else node.attr) == old:
            end = span(source, node)[1]
            edits.append(Edit(file, end - len(old), end, new))
        if isinstance(node, ast.Constant) and node.value == old and node.lineno == line:
            edits.append(replaced(file, source, node, f'"{new}"'))
    imported = next((a for n in ast.walk(tree) if isinstance(n, ast.ImportFrom) for a in n.names if (a.asname or a.name) == old), None)
    if edits and imported is not None:
        lines = source.splitlines(keepends=True)
        end = sum(map(len, lines[: imported.lineno - 1])) + (imported.end_col_offset or 0)
        edits.append(Edit(file, end, end, f", {new}"))
    return edits


__all__ = ["plan", "texts"]
