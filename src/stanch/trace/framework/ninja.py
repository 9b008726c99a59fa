"""django-ninja: routers hung below the API. Its decorators are read with Flask's."""

import ast
from collections.abc import Iterator

from stanch.trace.gather import Gathered
from stanch.trace.summary import Mount, RawRoute
from stanch.trace.syntax import argument, dotted, last, text_of

VERBS = {"http_get": "GET", "http_post": "POST", "http_put": "PUT", "http_patch": "PATCH", "http_delete": "DELETE"}


def collect(found: Gathered) -> Iterator[RawRoute | Mount]:
    for item in found.called:
        call = item.call
        if not isinstance(call.func, ast.Attribute) or call.func.attr != "add_router":
            continue
        child = argument(call, 1, "router")
        name = text_of(child)
        target = name.rsplit(".", 1)[0] if name else dotted(child)
        if target:
            yield Mount(owner=dotted(call.func.value), child=name or target, prefix=text_of(argument(call, 0, "prefix")) or "", line=call.lineno)
    for decorated in found.decorated:
        one = decorated.decorator
        if isinstance(one, ast.Call) and last(dotted(one.func)) in VERBS and "." in decorated.qualname:
            path = text_of(argument(one, 0, "path")) or ""
            owner = f"viewset:{decorated.qualname.rsplit('.', 1)[0]}"
            yield RawRoute(methods=(VERBS[last(dotted(one.func))],), path=path, owner=owner, handler=decorated.qualname, line=decorated.node.lineno, framework="django-ninja")  # fmt: skip
        elif isinstance(one, ast.Call) and last(dotted(one.func)) == "api_controller":
            yield RawRoute(methods=("CONTROLLER",), path=text_of(argument(one, 0, "prefix_or_class")) or "", owner="", handler=decorated.qualname, line=decorated.node.lineno, framework="django-ninja")  # fmt: skip
