"""flask-restful, flask-restx, flask-smorest: resources as classes."""

import ast
from collections.abc import Iterator

from stanch.trace.gather import Gathered
from stanch.trace.summary import Mount, RawRoute
from stanch.trace.syntax import argument, dotted, text_of


def collect(found: Gathered) -> Iterator[RawRoute | Mount]:
    for item in found.called:
        call = item.call
        if not isinstance(call.func, ast.Attribute):
            continue
        owner = dotted(call.func.value)
        if call.func.attr in {"add_resource", "register_resource"} and call.args:
            handler = dotted(call.args[0])
            for path in filter(None, map(text_of, call.args[1:])):
                yield RawRoute(methods=(), path=path, owner=owner, handler=handler, line=call.lineno, framework="flask-restful")
        elif call.func.attr == "add_namespace":
            prefix = text_of(argument(call, 1, "path"))
            yield Mount(owner=owner, child=dotted(argument(call, 0, "ns")), prefix=prefix or "", line=call.lineno, replaces=prefix is not None)
        elif call.func.attr == "init_app" and call.args and owner:
            yield Mount(owner=dotted(call.args[0]), child=owner, prefix="", line=call.lineno)
    for item in found.called:
        if item.target and dotted(item.call.func).rsplit(".", 1)[-1] in {"Api", "RestXApi"} and item.call.args:
            yield Mount(owner=dotted(item.call.args[0]), child=item.target, prefix="", line=item.call.lineno)
