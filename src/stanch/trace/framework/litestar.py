"""Litestar: handlers decorated by verb, controllers with a path, routers with a list of handlers."""

import ast
from collections.abc import Iterator

from stanch.trace.gather import Called, Gathered
from stanch.trace.summary import Mount, RawRoute
from stanch.trace.syntax import argument, dotted, keyword, last, text_of, texts_of

VERBS = {"get": "GET", "post": "POST", "put": "PUT", "patch": "PATCH", "delete": "DELETE"}


def collect(found: Gathered) -> Iterator[RawRoute | Mount]:
    if not found.uses("litestar", "starlite"):
        return
    for item in found.decorated:
        call = item.decorator
        name = dotted(call)
        if name not in VERBS and name != "route":
            continue
        paths = texts_of(argument(call, 0, "path")) if isinstance(call, ast.Call) else ()
        methods = (
            (VERBS[name],)
            if name in VERBS
            else tuple(m.upper() for m in texts_of(keyword(call, "http_method")))
            if isinstance(call, ast.Call)
            else ()
        )
        owner = f"viewset:{item.qualname.rsplit('.', 1)[0]}" if "." in item.qualname else ""
        for path in paths or ("",):
            yield RawRoute(methods=methods, path=path, owner=owner, handler=item.qualname, line=item.node.lineno, framework="Litestar")
    for name in controllers(found):
        yield RawRoute(methods=("CONTROLLER",), path="{class}", owner="", handler=name, line=found.classes[name].line, framework="Litestar")
    for called in found.called:
        yield from router(called)


def controllers(found: Gathered) -> Iterator[str]:
    return (name for name, fact in found.classes.items() if any(last(base) == "Controller" for base in fact.bases))


def router(item: Called) -> Iterator[Mount]:
    if last(dotted(item.call.func)) in {"Router", "Litestar", "Starlite"} and item.target:
        handlers = argument(item.call, 1, "route_handlers") or (item.call.args[0] if item.call.args else None)
        prefix = text_of(keyword(item.call, "path")) or ""
        for child in handlers.elts if isinstance(handlers, (ast.List, ast.Tuple)) else ():
            yield Mount(owner=item.target, child=dotted(child), prefix=prefix, line=item.call.lineno)
