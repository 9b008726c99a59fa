"""Put routes together: the prefixes under which containers hang, the methods that classes answer, the view sets' actions."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from stanch.trace.framework import connexion
from stanch.trace.model import Place, Route
from stanch.trace.project import MAX_HOPS, ModuleName, Name, Outside, Project, Resolved
from stanch.trace.summary import ClassFact, Mount, RawRoute
from stanch.trace.syntax import last

HTTP = ("get", "post", "put", "patch", "delete", "head", "options")
GENERICS = {
    "ListAPIView": ("get",), "RetrieveAPIView": ("get",), "CreateAPIView": ("post",), "UpdateAPIView": ("put", "patch"), "DestroyAPIView": ("delete",),
    "ListCreateAPIView": ("get", "post"), "RetrieveUpdateAPIView": ("get", "put", "patch"), "RetrieveDestroyAPIView": ("get", "delete"),
    "RetrieveUpdateDestroyAPIView": ("get", "put", "patch", "delete"),
    "DetailView": ("get",), "ListView": ("get",), "TemplateView": ("get",),
}  # fmt: skip
"""Methods that Django's and DRF's generic views answer."""
ACTIONS = {
    "list": ("GET", ""), "create": ("POST", ""), "retrieve": ("GET", "{pk}"), "update": ("PUT", "{pk}"), "partial_update": ("PATCH", "{pk}"), "destroy": ("DELETE", "{pk}"),
}  # fmt: skip
MIXINS = {
    "ModelViewSet": tuple(ACTIONS), "ReadOnlyModelViewSet": ("list", "retrieve"), "ListModelMixin": ("list",), "RetrieveModelMixin": ("retrieve",),
    "CreateModelMixin": ("create",), "UpdateModelMixin": ("update", "partial_update"), "DestroyModelMixin": ("destroy",),
}  # fmt: skip
TESTS = re.compile(r"(^|\.)(tests?|migrations|conftest|testing)(\.|$)|(^|\.)test_\w+$|_tests?$")
MAX_PREFIXES = 8
"""Places that one container may hang at before the rest is left out."""


@dataclass(frozen=True, slots=True)
class Linked:
    method: str
    segments: tuple[str, ...]
    """Literals in lower case; a parameter is ``{}``, and one that swallows slashes is ``{*}``."""
    template: str
    handler: Name
    cls: Name | None
    """The class that serves the request, which may inherit the handler; ``None`` for functions."""
    action: str
    """Method of the class, or the generic action that the framework serves without one."""
    framework: str

    def shown(self, project: Project) -> Route:
        return Route(method=self.method, template=self.template, framework=self.framework, handler=self.place(project))

    def place(self, project: Project) -> Place:
        there = project.summaries[self.handler.module]
        fact = there.classes.get(self.handler.qualname)
        line = there.functions.get(self.handler.qualname) or (fact.line if fact else 1)
        return Place(file=there.path, line=line, symbol=self.handler.qualname)


def link(project: Project) -> tuple[Linked, ...]:
    """Give every route of the project, tests left out."""
    tree = Prefixes(project)
    out: dict[Linked, None] = {}
    for module, summary in project.summaries.items():
        if TESTS.search(module):
            continue
        for raw in summary.routes:
            for one in linked(project, tree, module, raw):
                out[one] = None
    out |= dict.fromkeys(described(project))
    return tuple(out)


def described(project: Project) -> Iterator[Linked]:
    """Link what OpenAPI documents route by ``operationId``."""
    for method, template, dotted in connexion.operations(project.sources):
        found = project.origin(dotted, "", MAX_HOPS)
        if isinstance(found, Name) and project.node(found) is not None:
            yield Linked(method, segments(template), template, found, None, "", "connexion")


class Prefixes:
    """Where each container of routes hangs."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.own: dict[str, str] = {}
        self.parents: dict[str, list[tuple[str, Mount]]] = {}
        for module, summary in project.summaries.items():
            for container in summary.containers:
                self.own[f"{module}:{container.name}"] = container.prefix
            for mount in summary.mounts:
                child = self.child(module, mount)
                if child:
                    self.parents.setdefault(child, []).append((self.key(module, mount.owner), mount))

    def child(self, module: str, mount: Mount) -> str | None:
        if mount.is_module:
            found = self.project.module(mount.child, module)
            return f"{found}:urlpatterns" if found else None
        resolved = self.project.resolve(module, mount.child)
        if isinstance(resolved, ModuleName):
            return self.inside(resolved.module)
        return self.key(module, mount.child)

    def inside(self, module: str) -> str:
        """Choose the container of a module that is named as a whole: its URL list, or its only router."""
        containers = self.project.summaries[module].containers
        return f"{module}:{containers[0].name}" if len(containers) == 1 else f"{module}:urlpatterns"

    def key(self, module: str, name: str) -> str:
        resolved = self.project.resolve(module, name) if name and not name.startswith(("viewset:", "table:")) else Outside(name)
        return f"{resolved.module}:{resolved.qualname}" if isinstance(resolved, Name) else f"{module}:{name}"

    def of(self, key: str, seen: frozenset[str] = frozenset()) -> tuple[str, ...]:
        """Give the full prefixes of a container."""
        own = self.own.get(key, "")
        parents = self.parents.get(key, ())
        if not parents or key in seen:
            return (own,)
        found = [
            joined(joined(above, mount.prefix), "" if mount.replaces else own) for parent, mount in parents for above in self.of(parent, seen | {key})
        ]
        return tuple(dict.fromkeys(found))[:MAX_PREFIXES]


def joined(a: str, b: str) -> str:
    if not a or not b:
        return a or b
    return f"{a.rstrip('/')}/{b.lstrip('/')}"


def linked(project: Project, tree: Prefixes, module: str, raw: RawRoute) -> Iterator[Linked]:
    handler = handler_of(project, module, raw.handler)
    if handler is None or raw.methods == ("CONTROLLER",):
        return
    if raw.owner.startswith("viewset:"):
        yield from below_a_class(project, tree, module, raw, handler)
        return
    for prefix in tree.of(tree.key(module, raw.owner)):
        yield from at(project, joined(prefix, raw.path), raw, handler)


def handler_of(project: Project, module: str, dotted: str) -> Name | None:
    summary = project.summaries[module]
    if dotted in summary.functions or dotted in summary.classes:
        return Name(module, dotted)
    found: Resolved = project.resolve(module, dotted)
    if not isinstance(found, Name):
        return None
    there = project.summaries[found.module]
    return found if found.qualname in there.functions or found.qualname in there.classes or found.qualname in there.assigned else None


def at(project: Project, template: str, raw: RawRoute, handler: Name) -> Iterator[Linked]:
    fact = project.summaries[handler.module].classes.get(handler.qualname)
    if fact is None:
        for method in raw.methods or default_methods(raw):
            yield make(method, template, handler, None, "", raw)
    elif raw.methods == ("VIEWSET",):
        for action in actions(project, handler):
            method, tail = ACTIONS[action]
            yield make(method, joined(template, tail), method_place(project, handler, action), handler, action, raw)
    elif raw.methods and ":" in raw.methods[0]:
        for method, action in (pair.split(":", 1) for pair in raw.methods):
            yield make(method, template, method_place(project, handler, action), handler, action, raw)
    else:
        yield from of_class(project, template, raw, handler, fact)


def of_class(project: Project, template: str, raw: RawRoute, handler: Name, fact: ClassFact) -> Iterator[Linked]:
    del fact
    for verb in verbs(project, handler):
        if not raw.methods or verb.upper() in raw.methods:
            yield make(verb.upper(), template, method_place(project, handler, verb), handler, verb, raw)


def default_methods(raw: RawRoute) -> tuple[str, ...]:
    return ("GET",) if raw.framework in {"Flask", "FastAPI"} else ("*",)


def verbs(project: Project, cls: Name) -> tuple[str, ...]:
    """Give the methods that a class-based view answers: its own, its bases', those of the framework's generic views."""
    found: dict[str, None] = {}
    for one in project.ancestry(cls):
        if isinstance(one, Name):
            methods = project.summaries[one.module].classes[one.qualname].methods if one.qualname in project.summaries[one.module].classes else ()
            found |= dict.fromkeys(m for m in methods if m in HTTP)
        elif isinstance(one, Outside):
            found |= dict.fromkeys(GENERICS.get(last(one.dotted), ()))
    return tuple(found)


def actions(project: Project, cls: Name) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for one in project.ancestry(cls):
        if isinstance(one, Name) and one.qualname in project.summaries[one.module].classes:
            found |= dict.fromkeys(m for m in project.summaries[one.module].classes[one.qualname].methods if m in ACTIONS)
        elif isinstance(one, Outside):
            found |= dict.fromkeys(MIXINS.get(last(one.dotted), ()))
    return tuple(found)


def method_place(project: Project, cls: Name, method: str) -> Name:
    """Find where the ancestry defines a method; the class itself where only a framework does."""
    for one in project.ancestry(cls):
        if isinstance(one, Name) and f"{one.qualname}.{method}" in project.summaries[one.module].functions:
            return Name(one.module, f"{one.qualname}.{method}")
    return cls


def below_a_class(project: Project, tree: Prefixes, module: str, raw: RawRoute, handler: Name) -> Iterator[Linked]:
    """Link routes declared on methods: below every place where their class, or one that inherits it, is registered."""
    owner = Name(module, raw.owner.removeprefix("viewset:"))
    method = last(raw.handler)
    for other, summary in project.summaries.items():
        for parent in summary.routes:
            if parent.methods not in {("VIEWSET",), ("CONTROLLER",)}:
                continue
            cls = handler_of(project, other, parent.handler)
            if cls is None or owner not in project.ancestry(cls):
                continue
            path = class_path(project, cls) if parent.path == "{class}" else parent.path
            above = tree.of(tree.key(other, parent.owner or parent.handler))
            for prefix in above:
                for verb in raw.methods or ("*",):
                    yield make(verb, joined(joined(prefix, path), raw.path), handler, cls, method, raw)


def class_path(project: Project, cls: Name) -> str:
    """Read the ``path`` attribute of a controller."""
    node = project.node(cls)
    for statement in node.body if isinstance(node, ast.ClassDef) else ():
        if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name) and statement.targets[0].id == "path":
            value = statement.value
            return value.value if isinstance(value, ast.Constant) and isinstance(value.value, str) else ""
    return ""


def make(method: str, template: str, handler: Name, cls: Name | None, action: str, raw: RawRoute) -> Linked:
    shown = "/" + template.lstrip("/")
    return Linked(method.upper(), segments(shown), shown, handler, cls, action, raw.framework)


PARAMETER = re.compile(r"<[^<>]*>|\{[^{}]*\}|:[A-Za-z_]\w*|\(.*\)")
WILD = re.compile(r"<path:[^<>]*>|\{[^{}]*:path\}|\*")


def segments(template: str) -> tuple[str, ...]:
    return tuple(segment(part) for part in template.split("/") if part)


def segment(part: str) -> str:
    if WILD.search(part):
        return "{*}"
    return "{}" if PARAMETER.search(part) else part.lower()
