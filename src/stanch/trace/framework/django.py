"""Django: URL lists, ``include``, regular expressions as paths."""

import ast
import re
from collections.abc import Iterator

from stanch.trace.gather import Called, Gathered
from stanch.trace.summary import Mount, RawRoute
from stanch.trace.syntax import argument, dotted, last, text_of

NAMED_GROUP = re.compile(r"\(\?P<(\w+)>(?:[^()\\]|\\.|\((?:[^()\\]|\\.)*\))*\)")
GROUP = re.compile(r"\((?!\?)(?:[^()\\]|\\.)*\)")
OPTIONAL = re.compile(r"\(\?:([^()]*)\)\??")


def collect(found: Gathered) -> Iterator[RawRoute | Mount]:
    if found.uses("django"):
        for item in found.called:
            if last(dotted(item.call.func)) in {"path", "re_path", "url"}:
                yield from entry(item.call, owner_of(item), "")


def owner_of(item: Called) -> str:
    return item.target or "urlpatterns"


def entry(call: ast.Call, owner: str, above: str) -> Iterator[RawRoute | Mount]:
    raw = text_of(argument(call, 0, "route", "regex"))
    view = argument(call, 1, "view")
    if raw is None or view is None:
        return
    here = above + (raw if last(dotted(call.func)) == "path" else plain(raw))
    if isinstance(view, ast.Call) and last(dotted(view.func)) == "include":
        yield from included(view, owner, here, call.lineno)
        return
    if isinstance(view, ast.Attribute) and view.attr == "urls":
        yield Mount(owner=owner, child=dotted(view.value), prefix=here, line=call.lineno)
        return
    handler = viewed(view)
    if handler:
        yield RawRoute(methods=verbs(view), path=here, owner=owner, handler=handler, line=call.lineno, framework="Django")


def included(call: ast.Call, owner: str, here: str, line: int) -> Iterator[RawRoute | Mount]:
    what = argument(call, 0, "arg")
    if isinstance(what, ast.Tuple) and what.elts:
        what = what.elts[0]
    if isinstance(what, ast.List):
        for item in what.elts:
            if isinstance(item, ast.Call):
                yield from entry(item, owner, here)
        return
    module = text_of(what)
    if module is not None:
        yield Mount(owner=owner, child=module, prefix=here, line=line, is_module=True)
    elif name := dotted(what).removesuffix(".urls"):
        yield Mount(owner=owner, child=name, prefix=here, line=line)


def viewed(view: ast.expr) -> str:
    """Name the view: ``X.as_view(...)`` gives X, and wrappers such as ``csrf_exempt(view)`` give what they wrap."""
    if isinstance(view, ast.Call) and isinstance(view.func, ast.Attribute) and view.func.attr == "as_view":
        return dotted(view.func.value)
    if isinstance(view, ast.Call) and len(view.args) == 1:
        return viewed(view.args[0])
    if isinstance(view, ast.Call) and isinstance(view.func, ast.Call) and view.args:
        return viewed(view.args[0])
    return dotted(view)


def verbs(view: ast.expr) -> tuple[str, ...]:
    """Read ``as_view({"get": "list"})`` as ``GET:list``."""
    if isinstance(view, ast.Call) and view.args and isinstance(view.args[0], ast.Dict):
        table = view.args[0]
        pairs = [(text_of(k), text_of(v)) for k, v in zip(table.keys, table.values, strict=True)]
        return tuple(f"{k.upper()}:{v}" for k, v in pairs if k and v)
    return ()


def plain(pattern: str) -> str:
    """Make a path of a regular expression, its groups parameters."""
    text = NAMED_GROUP.sub(lambda m: "{" + m[1] + "}", pattern)
    text = OPTIONAL.sub(r"\1", text)
    text = GROUP.sub("{group}", text)
    return re.sub(r"\\([./-])", r"\1", text.replace("^", "").replace("$", "").replace("\\Z", "").replace("/?", "/"))
