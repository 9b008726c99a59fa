"""A declared contract: OpenAPI 3.x (and Swagger 2), asked whether a response may carry a field.

Decides yes, no or open. ``open`` is where the description allows what it does not name, or says nothing.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

import yaml

from stanch.errors import InputError

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
MAX_REFS = 64
_STEP = re.compile(r"\.([^.\[\]@'\"]+)|(\[\*\])|(\[~\])|\['((?:[^'\\]|\\.)*)'\]")


class Declared(StrEnum):
    YES = "yes"
    NO = "no"
    OPEN = "open"


Schema = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Contract:
    document: Schema
    bases: tuple[str, ...]
    operations: Mapping[tuple[str, str], Schema]
    """(method, template with base path) to operation."""

    @property
    def templates(self) -> tuple[str, ...]:
        return tuple(sorted({template for _, template in self.operations}))

    def declares(self, method: str, template: str, status: int, path: str) -> Declared:
        """Tell whether the response of an operation may carry the field at a JSONPath."""
        operation = self.operations.get((method.upper(), template))
        schema = self.response_schema(operation, status) if operation else None
        steps = steps_of(path)
        if schema is None or steps is None:
            return Declared.OPEN
        return self.follow(schema, steps, MAX_REFS)

    def response_schema(self, operation: Schema, status: int) -> Schema | None:
        responses = mapping(operation.get("responses"))
        response = self.resolve(responses.get(str(status)) or responses.get(f"{status // 100}XX") or responses.get("default"))
        if not response:
            return None
        if "schema" in response:
            return mapping(response["schema"])
        media = next((mapping(value) for key, value in mapping(response.get("content")).items() if "json" in str(key)), None)
        return mapping(media["schema"]) if media and media.get("schema") else None

    def resolve(self, node: object) -> Schema:
        """Follow local references; a cycle or a foreign one gives nothing."""
        current = mapping(node)
        for _ in range(MAX_REFS):
            reference = current.get("$ref")
            if not isinstance(reference, str):
                return current
            target: object = self.document
            for part in reference.removeprefix("#/").split("/"):
                target = mapping(target).get(part.replace("~1", "/").replace("~0", "~"))
            current = mapping(target)
        return {}

    def follow(self, node: Schema, steps: tuple[str, ...], budget: int) -> Declared:
        schema = self.resolve(node)
        if budget == 0 or not schema:
            return Declared.OPEN
        branches = [mapping(s) for key in ("allOf", "oneOf", "anyOf") for s in sequence(schema.get(key))]
        answers = [self.follow(branch, steps, budget - 1) for branch in branches]
        if not steps:
            return Declared.YES
        if schema.get("properties") or schema.get("items") or "additionalProperties" in schema or not branches:
            answers.append(self.one_step(schema, steps, budget))
        return next((a for a in (Declared.YES, Declared.OPEN) if a in answers), Declared.NO)

    def one_step(self, schema: Schema, steps: tuple[str, ...], budget: int) -> Declared:
        first, rest = steps[0], steps[1:]
        if first == "[*]":
            return self.follow(mapping(schema["items"]), rest, budget - 1) if schema.get("items") else Declared.OPEN
        properties = mapping(schema.get("properties"))
        if first in properties:
            return self.follow(mapping(properties[first]), rest, budget - 1) if rest else Declared.YES
        extra = schema.get("additionalProperties")
        if isinstance(extra, dict) and extra:
            return self.follow(extra, rest, budget - 1) if rest else Declared.YES
        return Declared.OPEN if extra is True or not properties else Declared.NO


def load_contract(text: bytes, *, name: str) -> Contract:
    """Read an OpenAPI description.

    Raises: InputError with the position where it is no YAML or JSON, or no OpenAPI.
    """
    try:
        document = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 -- both are safe loaders
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        spot = f"{name}, line {mark.line + 1}" if mark else name
        raise InputError("this is neither YAML nor JSON", where=spot, hint="give an OpenAPI description") from None
    except RecursionError:
        raise InputError("nested too deeply", where=name) from None
    if not isinstance(document, dict) or not isinstance(document.get("paths"), dict) or not ("openapi" in document or "swagger" in document):
        raise InputError("this is no OpenAPI description", where=name, hint="it needs 'openapi' (or 'swagger') and 'paths'")
    bases = base_paths(document)
    operations = {
        (method.upper(), base + template): mapping(item[method])
        for template, item in document["paths"].items() if isinstance(item, dict) and isinstance(template, str)
        for method in METHODS if method in item
        for base in bases
    }  # fmt: skip
    return Contract(document, bases, operations)


def base_paths(document: Schema) -> tuple[str, ...]:
    urls = [str(mapping(server).get("url", "")) for server in sequence(document.get("servers"))] or [str(document.get("basePath", ""))]
    return tuple(sorted({urlsplit(url).path.rstrip("/") for url in urls}))


def steps_of(path: str) -> tuple[str, ...] | None:
    """Split a JSONPath; ``None`` where it goes into a string or a header."""
    steps: list[str] = []
    position = 1
    while position < len(path):
        match = _STEP.match(path, position)
        if match is None:
            return None
        steps.append(next(group for group in match.groups() if group))
        position = match.end()
    return tuple(steps)


def mapping(value: object) -> Schema:
    return value if isinstance(value, dict) else {}


def sequence(value: object) -> list[object]:
    return value if isinstance(value, list) else []
