"""A method that dumps everything: the class gets a method that lists what may go out, and the leaking calls use it."""

import ast
from collections.abc import Iterator

from stanch.trace.comprehension import bound, entity_in
from stanch.trace.fix.case import Case
from stanch.trace.fix.edit import Edit, Plan, after, indent_of, quoted, span
from stanch.trace.project import Name
from stanch.trace.scope import Scope
from stanch.trace.syntax import FUNCTIONS, last
from stanch.trace.value import Fn

COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.GeneratorExp, ast.DictComp)


def plan(case: Case) -> Plan | None:
    """Plan the change; nothing where the dump is no method of a known class."""
    place = case.cause.step.place
    owner, _, method = place.symbol.rpartition(".")
    cls = case.entity()
    if cls is None or owner not in case.project.summaries[case.module].classes:
        return None
    node = case.project.node(cls)
    listed = case.allowed_columns(cls)
    if not isinstance(node, ast.ClassDef) or not listed:
        return None
    sites = list(dict.fromkeys(edit for file, symbol in places_before(case) for edit in calls(case, file, symbol, method, cls)))
    if not sites:
        return None
    name = free_name(case, cls)
    edits = [Edit(path, start, end, name) for path, start, end, _ in sites]
    addition = written(case, cls, (name, method), listed, takes=any(takes for *_, takes in sites))
    touched = {symbol for _, symbol in places_before(case)} & case.affected
    why = f"{last(cls.qualname)}.{name} lists what may go out ({', '.join(listed)}), and {len(sites)} call{'s' if len(sites) != 1 else ''} of {method} use it"
    return Plan(
        edits=(*edits, addition),
        safe=not touched,
        why=why + (f"; {', '.join(sorted(touched))} also serves other routes, which change too" if touched else ""),
    )


def places_before(case: Case) -> list[tuple[str, str]]:
    """Give file and function of the step that hands the object to the dump, for every finding."""
    found: dict[tuple[str, str], None] = {}
    for chain in case.chains():
        before = [s for s in chain.steps[: chain.steps.index(chain.cause)] if s.kind != "route"]
        if before:
            found[before[-1].place.file, before[-1].place.symbol] = None
    return list(found)


def calls(case: Case, file: str, symbol: str, method: str, cls: Name) -> Iterator[tuple[str, int, int, bool]]:
    """Find the calls of the method on the leaking class in a function: where its name stands, and whether it takes arguments."""
    name = Name(case.module_at(file), symbol)
    node = case.project.node(name)
    if not isinstance(node, FUNCTIONS):
        return
    scope = case.ev.scope_of(Fn(name), node, (), {})
    source = case.project.sources[file]
    for call, inner in calls_within(case, node, scope):
        function = call.func
        if isinstance(function, ast.Attribute) and function.attr == method:
            receiver = entity_in(case.ev.value(function.value, inner))
            unbound = isinstance(function.value, ast.Name) and function.value.id == last(cls.qualname)
            if unbound or (receiver is not None and cls in (receiver.cls, *case.project.ancestry(receiver.cls))):
                end = span(source, function)[1]
                yield file, end - len(method), end, bool(call.keywords or (call.args and not unbound))


def calls_within(case: Case, node: ast.AST, scope: Scope) -> Iterator[tuple[ast.Call, Scope]]:
    """Walk the calls of a function with the scope that each stands in."""
    for child in ast.iter_child_nodes(node):
        inner = bound(case.ev, child.generators, scope) if isinstance(child, COMPREHENSIONS) else scope
        if isinstance(child, ast.Call):
            yield child, inner
        yield from calls_within(case, child, inner)


def free_name(case: Case, cls: Name) -> str:
    methods = case.project.summaries[cls.module].classes[cls.qualname].methods
    return next(n for n in ("to_public", "to_public_members", "to_public_view") if n not in methods)


def written(case: Case, cls: Name, names: tuple[str, str], listed: list[str], *, takes: bool) -> Edit:
    """Write the method that lists what may go out, at the end of its class."""
    name, method = names
    node = case.project.node(cls)
    assert isinstance(node, ast.ClassDef)  # noqa: S101 -- the caller asked for it
    path = case.project.file(cls.module)
    source = case.project.sources[path]
    pad = indent_of(source, node)
    step = pad[node.col_offset :] or "    "
    parameters, handed = ("self, *args, **kwargs", "*args, **kwargs") if takes else ("self", "")
    lines = [
        "",
        f"{pad}def {name}({parameters}):",
        f'{pad}{step}"""Give what others may see: these members and no others."""',
        f"{pad}{step}data = self.{method}({handed})",
        f"{pad}{step}return {{name: data[name] for name in {quoted(listed)}}}",
    ]
    return after(path, source, node, "\n".join(lines) + "\n")
