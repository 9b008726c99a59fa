"""Django REST framework: routers and ``@action`` routes on view sets."""

import ast
from collections.abc import Iterator

from stanch.trace.gather import Decorated, Gathered
from stanch.trace.summary import RawRoute
from stanch.trace.syntax import argument, dotted, keyword, last, text_of, texts_of


def collect(found: Gathered) -> Iterator[RawRoute]:
    for item in found.called:
        call = item.call
        if not isinstance(call.func, ast.Attribute) or call.func.attr != "register" or len(call.args) < 2:
            continue
        prefix, handler = text_of(call.args[0]), dotted(call.args[1])
        if prefix is not None and handler and not dotted(call.func.value).startswith("admin"):
            yield RawRoute(methods=("VIEWSET",), path=prefix, owner=dotted(call.func.value), handler=handler, line=call.lineno, framework="DRF")
    for decorated in found.decorated:
        yield from extra(decorated)


def extra(item: Decorated) -> Iterator[RawRoute]:
    """Read ``@action(detail=True, url_path="x")``; its path hangs below the view set's."""
    call = item.decorator
    if not isinstance(call, ast.Call) or last(dotted(call.func)) not in {"action", "detail_route", "list_route"} or "." not in item.qualname:
        return
    if keyword(call, "detail") is None and last(dotted(call.func)) == "action":
        return
    detail = argument(call, 1, "detail")
    is_detail = last(dotted(call.func)) == "detail_route" or (isinstance(detail, ast.Constant) and detail.value is True)
    path = text_of(keyword(call, "url_path")) or item.node.name
    methods = tuple(m.upper() for m in texts_of(argument(call, 0, "methods"))) or ("GET",)
    owner = item.qualname.rsplit(".", 1)[0]
    yield RawRoute(
        methods=methods,
        path=("{pk}/" if is_detail else "") + path,
        owner=f"viewset:{owner}",
        handler=item.qualname,
        line=item.node.lineno,
        framework="DRF",
    )
