"""FastAPI: routers hung below each other, and routes added by call. Its decorators are read with Flask's."""

import ast
from collections.abc import Iterator

from stanch.trace.gather import Gathered
from stanch.trace.summary import Mount, RawRoute
from stanch.trace.syntax import argument, dotted, keyword, text_of, texts_of


def collect(found: Gathered) -> Iterator[RawRoute | Mount]:
    for item in found.called:
        call = item.call
        if not isinstance(call.func, ast.Attribute):
            continue
        owner = dotted(call.func.value)
        if call.func.attr in {"include_router", "mount"} and owner:
            at = keyword(call, "prefix", "path") if call.func.attr == "include_router" else argument(call, 0, "path")
            child = dotted(argument(call, 0 if call.func.attr == "include_router" else 1, "router", "app"))
            if child:
                yield Mount(owner=owner, child=child, prefix=text_of(at) or "", line=call.lineno)
        elif call.func.attr in {"add_api_route", "add_route"} and owner:
            yield from added(call, owner)


def added(call: ast.Call, owner: str) -> Iterator[RawRoute]:
    path, handler = text_of(argument(call, 0, "path", "uri_template")), dotted(argument(call, 1, "endpoint", "resource", "route", "handler"))
    if path is not None and handler:
        methods = tuple(m.upper() for m in texts_of(keyword(call, "methods")))
        yield RawRoute(methods=methods, path=path, owner=owner, handler=handler, line=call.lineno, framework="FastAPI")
