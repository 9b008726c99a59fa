"""Flask, Quart and those that decorate like them (Sanic, Bottle, aiohttp, FastAPI, django-ninja): decorators, blueprints, ``add_url_rule``."""

import ast
from collections.abc import Iterator

from stanch.trace.gather import Called, Decorated, Gathered
from stanch.trace.summary import Container, Mount, RawRoute
from stanch.trace.syntax import argument, dotted, keyword, last, text_of, texts_of

METHODS = ("get", "post", "put", "patch", "delete", "head", "options")
ROUTERS = {"route", "api_route", "api_operation", "operation", "http_route"}
BLUEPRINTS = {"Blueprint", "APIBlueprint", "OpenAPI", "APIRouter", "Router", "Namespace", "NinjaAPI", "FastAPI", "Api", "NinjaExtraAPI"}


def collect(found: Gathered) -> Iterator[RawRoute | Mount | Container]:
    for item in found.decorated:
        yield from of_decorator(item, found)
    for called in found.called:
        yield from of_call(called)


def of_decorator(item: Decorated, found: Gathered) -> Iterator[RawRoute]:
    call = item.decorator
    if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Attribute):
        return
    verb, owner = call.func.attr, dotted(call.func.value)
    if not owner or (verb not in METHODS and verb not in ROUTERS):
        return
    path_node = argument(call, 1 if verb in {"api_operation", "operation"} else 0, "path", "rule", "uri")
    path = text_of(path_node)
    if path is None:
        path = "{?}" if isinstance(path_node, (ast.Name, ast.Attribute)) else ""
    if not path and path_node is None and verb not in METHODS:
        return
    for one in (path, *more_paths(call)):
        yield RawRoute(methods=methods_of(call, verb), path=one, owner=owner, handler=item.qualname, line=item.node.lineno, framework=name_of(found))


def more_paths(call: ast.Call) -> tuple[str, ...]:
    """Read the further paths of a flask-restx ``route("/a", "/b")``."""
    return tuple(t for t in map(text_of, call.args[1:]) if t and t.startswith("/"))


def methods_of(call: ast.Call, verb: str) -> tuple[str, ...]:
    if verb in METHODS:
        return (verb.upper(),)
    if verb in {"api_operation", "operation"}:
        return tuple(m.upper() for m in texts_of(call.args[0] if call.args else None))
    return tuple(m.upper() for m in texts_of(keyword(call, "methods", "method")))


def name_of(found: Gathered) -> str:
    for package, name in (("fastapi", "FastAPI"), ("ninja", "django-ninja"), ("sanic", "Sanic"), ("aiohttp", "aiohttp"), ("flask", "Flask"), ("starlette", "Starlette")):  # fmt: skip
        if found.uses(package):
            return name
    return "Flask"


def of_call(item: Called) -> Iterator[RawRoute | Mount | Container]:
    call = item.call
    verb = last(dotted(call.func))
    if verb in BLUEPRINTS and item.target:
        prefix = text_of(keyword(call, "url_prefix", "prefix", "path"))
        if prefix is None and verb == "Namespace":
            name = text_of(argument(call, 0, "name"))
            prefix = f"/{name}" if name else ""
        yield Container(name=item.target, prefix=prefix or "", line=call.lineno)
    elif verb in {"register_blueprint", "register_api"} and isinstance(call.func, ast.Attribute):
        prefix = text_of(argument(call, 2, "url_prefix"))
        child = dotted(argument(call, 0, "blueprint"))
        yield Mount(owner=dotted(call.func.value), child=child, prefix=prefix or "", line=call.lineno, replaces=prefix is not None)
    elif verb == "add_url_rule" and isinstance(call.func, ast.Attribute):
        yield from rule(call)


def rule(call: ast.Call) -> Iterator[RawRoute]:
    path, view = text_of(argument(call, 0, "rule")), dotted(argument(call, 2, "view_func"))
    if path is not None and view and isinstance(call.func, ast.Attribute):
        methods = tuple(m.upper() for m in texts_of(keyword(call, "methods")))
        yield RawRoute(
            methods=methods, path=path, owner=dotted(call.func.value), handler=view.removesuffix(".as_view"), line=call.lineno, framework="Flask"
        )
