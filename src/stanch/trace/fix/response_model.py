"""A Pydantic model that says more than a FastAPI route should: the route lists what of it may go out."""

import ast
import re

from stanch.trace.classes import declared, kind_of
from stanch.trace.fix.case import Case, is_never
from stanch.trace.fix.edit import Edit, Plan, span
from stanch.trace.interpreter import Interpreter
from stanch.trace.link import Linked
from stanch.trace.model import Traced
from stanch.trace.project import Name
from stanch.trace.response import response_of
from stanch.trace.shape.pydantic import is_field
from stanch.trace.syntax import FUNCTIONS, keyword, normal
from stanch.trace.value import Doubt, Entity, Obj, Value, alternatives

TOKEN = re.compile(r"\.([^.\[\]]+)|(\[[*~]\])")
Included = dict[str, "Included | bool"]


def plan(case: Case) -> Plan | None:
    """Add ``response_model_include`` to the decorator of every leaking route."""
    edits: list[Edit] = []
    for endpoint in dict.fromkeys(t.endpoint for t in case.found):
        rows = [t for t in case.everything if t.endpoint == endpoint and t.chains]
        edit = of_route(case, rows)
        if edit is None:
            return None
        edits.append(edit)
    n = len(edits)
    return Plan(
        edits=tuple(edits), safe=True, why=f"{n} route{'s' if n != 1 else ''} list what of the model may go out; the model itself stays as it is"
    )


def of_route(case: Case, rows: list[Traced]) -> Edit | None:
    route = rows[0].route
    if route is None or route.framework != "FastAPI":
        return None
    name = Name(case.module_at(route.handler.file), route.handler.symbol)
    node = case.project.node(name)
    decorator = (
        next((d for d in node.decorator_list if isinstance(d, ast.Call) and isinstance(d.func, ast.Attribute)), None)
        if isinstance(node, FUNCTIONS)
        else None
    )
    if decorator is None or keyword(decorator, "response_model_include", "response_model_exclude") is not None:
        return None
    value = response_of(case.ev, Linked(route.method, (), route.template, name, None, "", route.framework))
    entity = next((e for e in map(model, alternatives(value)) if e is not None), None)
    if entity is None:
        return None
    included = include(case.ev, entity, [tokens(t.path) for t in rows])
    source = case.project.sources[route.handler.file]
    end = span(source, decorator)[1] - 1
    head = source[:end].rstrip()
    lead = " " if head.endswith(",") else ", "
    if "\n" in source[span(source, decorator)[0] : end] and head.endswith(","):
        pad = " " * (decorator.col_offset + 3)
        return Edit(route.handler.file, len(head), len(head), f"\n{pad}response_model_include={written(included)},")
    return Edit(route.handler.file, len(head), len(head), f"{lead}response_model_include={written(included)}")


def model(value: Value) -> Entity | None:
    if isinstance(value, Doubt):
        return model(value.value)
    return value if isinstance(value, Entity) else None


def tokens(path: str) -> list[str]:
    return [name or "[*]" for name, _ in TOKEN.findall(path)]


def include(ev: Interpreter, entity: Entity, paths: list[list[str]]) -> Included:
    """List an entity's fields, without those that leak, and within those that hold a leak the same again."""
    out: Included = {}
    for one in declared(ev.project, entity.cls):
        if not is_field(one):
            continue
        under = [p[1:] for p in paths if p and p[0] != "[*]" and normal(p[0]) in names(ev, entity, one.name)]
        if any(not rest or rest == ["[*]"] for rest in under):
            continue
        if not under and is_never(one.name, person=True):
            continue
        out[one.name] = nested(ev, entity, one.name, under) if under else True
    return out


def names(ev: Interpreter, entity: Entity, field: str) -> set[str]:
    """Give a field's name and its alias."""
    shape = ev.shape(entity)
    members = shape.members if isinstance(shape, Obj) else []
    return {normal(field)} | {normal(m.name) for m in members if m.place.symbol.rpartition(".")[2] == field}


def nested(ev: Interpreter, entity: Entity, field: str, under: list[list[str]]) -> "Included | bool":
    shape = ev.shape(entity)
    member = next((m for m in shape.members if m.place.symbol.rpartition(".")[2] == field), None) if isinstance(shape, Obj) else None
    inner = next((e for e in map(model, alternatives(member.value())) if e is not None), None) if member else None
    if inner is None or kind_of(ev.project, inner.cls) not in {"pydantic", "dataclass"}:
        return True
    listed = all(rest[:1] == ["[*]"] for rest in under)
    found = include(ev, inner, [rest[1:] if listed else rest for rest in under])
    return {"__all__": found} if listed else found


def written(included: Included) -> str:
    if all(v is True for v in included.values()):
        return "{" + ", ".join(f'"{k}"' for k in included) + "}"
    return "{" + ", ".join(f'"{k}": {written(v) if isinstance(v, dict) else v}' for k, v in included.items()) + "}"
