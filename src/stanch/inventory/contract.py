"""A declared contract: OpenAPI 3.x (and Swagger 2), asked whether a response may carry a field.

Decides yes, no or open. ``open`` is where the description allows what it does not name, or says nothing.
A schema that names members without a word about further ones is taken to mean those and no others: by the letter of
JSON Schema it would allow all, and no description would ever say no.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from urllib.parse import unquote, urlsplit

import orjson
import yaml

from stanch.errors import InputError
from stanch.inventory.router import Router

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
MAX_REFS = 64
"""References followed in a row, and schemas within schemas; circular ones end there or earlier."""
_STEP = re.compile(r"\.([^.\[\]@'\"]+)|(\[\*\])|(\[~\])|\['((?:[^'\\]|\\.)*)'\]")
_VARIABLE = re.compile(r"\{([^{}]*)\}")


class Declared(StrEnum):
    YES = "yes"
    NO = "no"
    OPEN = "open"


Schema = Mapping[str, object]
Steps = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Contract:
    document: Schema
    bases: tuple[str, ...]
    operations: Mapping[tuple[str, str], Schema]
    """(method, template with base path) to operation."""
    _routers: dict[str, Router] = field(default_factory=dict, compare=False, repr=False)

    @property
    def templates(self) -> tuple[str, ...]:
        return tuple(sorted({template for _, template in self.operations}))

    def route(self, method: str, path: str) -> str | None:
        """Give the template that a path has by this contract, or ``None`` where the contract has no such operation."""
        method = method.upper()
        if method not in self._routers:
            self._routers[method] = Router(given=tuple(template for its, template in self.operations if its == method))
        found = self._routers[method].match("", method, path)
        return found if (method, found) in self.operations else None

    def declares(self, method: str, template: str, status: int, path: str) -> Declared:
        """Tell whether the response of an operation may carry the field at a JSONPath."""
        operation = self.operations.get((method.upper(), template))
        schema = self.response_schema(operation, status) if operation else None
        steps = steps_of(path)
        if schema is None or steps is None:
            return Declared.OPEN
        return _Walk(self.document).follow(schema, steps, MAX_REFS)

    def response_schema(self, operation: Schema, status: int) -> Schema | None:
        responses = {str(code).upper(): response for code, response in mapping(operation.get("responses")).items()}
        codes = (str(status), f"{status // 100}XX", "DEFAULT")
        response = resolve(self.document, next((responses[code] for code in codes if code in responses), None))
        if "schema" in response:
            return mapping(response["schema"])
        media = next((mapping(value) for key, value in mapping(response.get("content")).items() if "json" in str(key) or key == "*/*"), {})
        return mapping(media.get("schema")) or None


@dataclass(slots=True)
class _Walk:
    """One way down a schema; remembers where it was, so that circular schemas cost no more than others."""

    document: Schema
    been: dict[tuple[int, Steps], Declared] = field(default_factory=dict)

    def follow(self, node: Schema, steps: Steps, budget: int) -> Declared:
        schema = resolve(self.document, node)
        if budget == 0 or not schema:
            return Declared.OPEN
        if not steps:
            return Declared.YES
        spot = id(schema), steps
        if spot not in self.been:
            # a schema that leads back to itself adds nothing to what it says elsewhere
            self.been[spot] = Declared.NO
            self.been[spot] = self.answer(schema, steps, budget)
        return self.been[spot]

    def answer(self, schema: Schema, steps: Steps, budget: int) -> Declared:
        branches = [mapping(s) for key in ("allOf", "oneOf", "anyOf") for s in sequence(schema.get(key))]
        answers = [self.follow(branch, steps, budget - 1) for branch in branches]
        if not branches or any(key in schema for key in ("properties", "items", "additionalProperties", "patternProperties")):
            answers.append(self.one_step(schema, steps, budget))
        return next((a for a in (Declared.YES, Declared.OPEN) if a in answers), Declared.NO)

    def one_step(self, schema: Schema, steps: Steps, budget: int) -> Declared:
        first, rest = steps[0], steps[1:]
        if not types(schema) & ({"array"} if first == "[*]" else {"object"}):
            return Declared.NO
        if first == "[*]":
            return self.below(schema.get("items"), rest, budget)
        properties = mapping(schema.get("properties"))
        if first in properties:
            return self.below(properties[first], rest, budget)
        patterns = mapping(schema.get("patternProperties"))
        further = [value for pattern, value in patterns.items() if first == "[~]" or matches(pattern, first)]
        extra = schema.get("additionalProperties")
        further += [extra] if isinstance(extra, dict) else []
        answers = [self.below(value, rest, budget) for value in further]
        if not answers and not properties and not patterns and extra is None:
            return Declared.OPEN
        return next((a for a in (Declared.YES, Declared.OPEN) if a in answers), Declared.OPEN if extra is True else Declared.NO)

    def below(self, node: object, rest: Steps, budget: int) -> Declared:
        if node is False:
            return Declared.NO
        schema = mapping(node)
        return self.follow(schema, rest, budget - 1) if rest or not schema else Declared.YES


def resolve(document: Schema, node: object) -> Schema:
    """Follow local references; a circular or a foreign one gives nothing."""
    current = mapping(node)
    for _ in range(MAX_REFS):
        reference = current.get("$ref")
        if not isinstance(reference, str):
            return current
        target: object = document if reference.startswith("#/") else None
        for part in reference.removeprefix("#/").split("/"):
            target = child(target, unquote(part).replace("~1", "/").replace("~0", "~"))
        current = mapping(target)
    return {}


def child(node: object, key: str) -> object:
    if isinstance(node, list):
        return node[int(key)] if key.isdecimal() and len(key) < 9 and int(key) < len(node) else None
    found = mapping(node).get(key)
    # YAML reads an unquoted 200 as a number
    return mapping(node).get(int(key)) if found is None and key.isdecimal() and len(key) < 9 else found  # type: ignore[call-overload]


def types(schema: Schema) -> set[str]:
    """List the types that a schema allows; all where it does not say."""
    kind = schema.get("type")
    said = {k for k in kind if isinstance(k, str)} if isinstance(kind, list) else {kind} if isinstance(kind, str) else set()
    return said or {"object", "array"}


def matches(pattern: str, key: str) -> bool:
    """Tell whether a key fits a pattern of names; one that can't be compiled fits nothing."""
    try:
        return re.search(pattern, key) is not None
    except (re.error, TypeError):
        return False


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """Safe, and without dates: what looks like one but isn't would be an error."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in _Loader.yaml_implicit_resolvers.items()
}


def load_contract(text: bytes, *, name: str) -> Contract:
    """Read an OpenAPI description.

    Raises: InputError with the position where it is no YAML or JSON, or no OpenAPI.
    """
    document = parse(text, name)
    paths = document.get("paths") if isinstance(document, dict) else None
    if not isinstance(document, dict) or not isinstance(paths, dict) or not ("openapi" in document or "swagger" in document):
        raise InputError("this is no OpenAPI description", where=name, hint="it needs 'openapi' (or 'swagger') and 'paths'")
    operations: dict[tuple[str, str], Schema] = {}
    for template, raw in paths.items():
        item = resolve(document, raw)
        for method in METHODS:
            if isinstance(template, str) and isinstance(item.get(method), dict):
                operation = mapping(item[method])
                for base in base_paths(operation, item, document):
                    operations[method.upper(), base + "/" + template.removeprefix("/")] = operation
    return Contract(document, base_paths(document), operations)


def parse(text: bytes, name: str) -> object:
    if text.lstrip()[:1] == b"{":
        try:
            return orjson.loads(text)
        except orjson.JSONDecodeError:
            pass  # may be YAML in flow style, which also knows the line
    try:
        return yaml.load(text, Loader=_Loader)  # noqa: S506 -- derives from the safe loader
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        spot = f"{name}, line {mark.line + 1}" if mark else name
        raise InputError("this is neither YAML nor JSON", where=spot, hint="give an OpenAPI description") from None
    except RecursionError:
        raise InputError("nested too deeply", where=name) from None
    except ValueError:
        raise InputError("a value in it can't be read", where=name, hint="give an OpenAPI description") from None


def base_paths(*places: Schema) -> tuple[str, ...]:
    """Give the base paths of the first place that names servers: operation, path or document."""
    servers = next((found for place in places if (found := sequence(place.get("servers")))), [])
    urls = [with_defaults(mapping(server)) for server in servers] or [str(places[-1].get("basePath", ""))]
    return tuple(sorted({path_of(url) for url in urls}))


def with_defaults(server: Schema) -> str:
    variables = mapping(server.get("variables"))
    return _VARIABLE.sub(lambda m: str(mapping(variables.get(m[1])).get("default", m[0])), str(server.get("url", "")))


def path_of(url: str) -> str:
    try:
        path = urlsplit(url).path.rstrip("/")
    except ValueError:
        return ""
    return path if not path or path.startswith("/") else "/" + path


def steps_of(path: str) -> Steps | None:
    """Split a JSONPath; ``None`` where it goes into a string or a header."""
    steps: list[str] = []
    position = 1
    while position < len(path):
        match = _STEP.match(path, position)
        if match is None:
            return None
        steps.append(next(group for group in match.groups() if group is not None))
        position = match.end()
    return tuple(steps)


def mapping(value: object) -> Schema:
    return value if isinstance(value, dict) else {}


def sequence(value: object) -> list[object]:
    return value if isinstance(value, list) else []
