"""Starlette and aiohttp: ``Route`` and ``Mount`` objects in lists."""

import ast
from collections.abc import Iterator

from stanch.trace.gather import Gathered
from stanch.trace.summary import Mount, RawRoute
from stanch.trace.syntax import argument, dotted, keyword, last, text_of, texts_of


def collect(found: Gathered) -> Iterator[RawRoute | Mount]:
    for item in found.called:
        if last(dotted(item.call.func)) in {"Route", "Mount"}:
            yield from entry(item.call, item.target or "routes", "")
        for inner in keyword(item.call, "routes"), *item.call.args[:1]:
            if isinstance(inner, (ast.List, ast.Tuple)) and last(dotted(item.call.func)) != "Mount":
                for one in inner.elts:
                    if isinstance(one, ast.Call) and last(dotted(one.func)) in {"Route", "Mount"}:
                        yield from entry(one, item.target or "routes", "")


def entry(call: ast.Call, owner: str, above: str) -> Iterator[RawRoute | Mount]:
    path = text_of(argument(call, 0, "path"))
    if path is None:
        return
    here = above.rstrip("/") + path
    if last(dotted(call.func)) == "Route":
        handler = dotted(argument(call, 1, "endpoint"))
        methods = tuple(m.upper() for m in texts_of(keyword(call, "methods")))
        if handler:
            yield RawRoute(methods=methods or ("GET",), path=here, owner=owner, handler=handler, line=call.lineno, framework="Starlette")
        return
    routes = keyword(call, "routes") or argument(call, 1, "app")
    if isinstance(routes, (ast.List, ast.Tuple)):
        for one in routes.elts:
            if isinstance(one, ast.Call):
                yield from entry(one, owner, here)
    elif name := dotted(routes):
        yield Mount(owner=owner, child=name, prefix=here, line=call.lineno)
