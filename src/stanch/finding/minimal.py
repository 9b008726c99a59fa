"""The least that every response needs: what was seen, less what was judged excessive, as schemas that allow nothing else.

Decides on shapes alone; keeps types, never a value. What was never filled in the traffic is not in the contract.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from stanch.identity.resolve import EndpointPicture, FieldPicture
from stanch.inventory.contract import steps_of
from stanch.judge.fusion import Judged
from stanch.judge.reason import Outcome

Schema = dict[str, object]
JSON_TYPES = {"str": "string", "int": "integer", "float": "number", "bool": "boolean", "bytes": "string"}
DIALECT = "https://json-schema.org/draft/2020-12/schema"


@dataclass(slots=True)
class Shape:
    """What may stand at one place of a document."""

    types: set[str] = field(default_factory=set)
    members: dict[str, "Shape"] = field(default_factory=dict)
    items: "Shape | None" = None
    values: "Shape | None" = None
    """Of a map whose keys are data."""

    def at(self, step: str) -> "Shape":
        """Give the shape one step below, making room for it."""
        if step == "[*]":
            self.items = self.items or Shape()
            return self.items
        if step == "[~]":
            self.values = self.values or Shape()
            return self.values
        return self.members.setdefault(step, Shape())

    def schema(self) -> Schema:
        """Write the shape as JSON Schema; an object allows the members that it names and no others."""
        kinds = set(self.types)
        written: Schema = {}
        if self.members or self.values is not None:
            kinds.add("object")
            written |= {"properties": {name: shape.schema() for name, shape in sorted(self.members.items())}} if self.members else {}
            written["additionalProperties"] = self.values.schema() if self.values is not None else False
        if self.items is not None:
            kinds.add("array")
            written["items"] = self.items.schema()
        if kinds == {"integer", "number"}:
            kinds = {"number"}
        return {**({"type": only(kinds)} if kinds else {}), **written}


@dataclass(frozen=True, slots=True, kw_only=True)
class Minimal:
    """The least response of one endpoint and status."""

    endpoint: EndpointPicture
    status: int
    shape: Shape
    withheld: tuple[str, ...]
    """Paths that were seen and are left out because they are excessive."""


def minimal(fields: Iterable[FieldPicture], judged: Iterable[Judged]) -> list[Minimal]:
    """Derive the least responses of all endpoints from what was seen and judged.

    Cost: linear in the number of fields.
    """
    excessive = {id(item.evidence.picture) for item in judged if item.verdict.outcome is Outcome.EXCESSIVE}
    grouped: dict[tuple[str, str, int], tuple[EndpointPicture, Shape, set[str]]] = {}
    for item in fields:
        steps = steps_of(item.path) if item.where == "response.body" and 200 <= item.status < 300 else None
        if steps is None or item.path.endswith("~"):
            continue
        spot = item.endpoint.host, item.endpoint.key, item.status
        _, shape, withheld = grouped.setdefault(spot, (item.endpoint, Shape(), set()))
        if id(item) in excessive:
            withheld.add(item.path)
            continue
        for step in steps:
            shape = shape.at(step)
        shape.types |= types_of(item)
    return [
        Minimal(endpoint=endpoint, status=status, shape=shape, withheld=tuple(sorted(withheld)))
        for (_, _, status), (endpoint, shape, withheld) in sorted(grouped.items(), key=lambda pair: pair[0])
    ]


def types_of(item: FieldPicture) -> set[str]:
    found = {JSON_TYPES[name] for name in item.summary.types if name in JSON_TYPES}
    found |= {"string"} if item.summary.n_empty else set()
    return found | ({"null"} if item.summary.n_null else set())


def only(kinds: set[str]) -> str | list[str]:
    names = sorted(kinds)
    return names[0] if len(names) == 1 else names


def openapi(found: Iterable[Minimal], *, title: str = "Minimal responses") -> Schema:
    """Write an OpenAPI 3.1 description whose responses allow what is needed and nothing else."""
    paths: dict[str, dict[str, dict[str, object]]] = {}
    for item in found:
        operation = paths.setdefault(item.endpoint.template, {}).setdefault(item.endpoint.method.lower(), {"responses": {}})
        add_response(operation, item)
    return {"openapi": "3.1.0", "info": {"title": title, "version": "1"}, "paths": {path: paths[path] for path in sorted(paths)}}


def add_response(operation: dict[str, object], item: Minimal) -> None:
    responses = operation["responses"]
    if not isinstance(responses, dict):
        raise TypeError("an operation's responses are a mapping")
    response = responses.setdefault(str(item.status), {"description": "What is needed.", "content": {"application/json": {"schema": None}}})
    media = response["content"]["application/json"]
    media["schema"] = item.shape.schema() if media["schema"] is None else {"anyOf": [*alternatives(media["schema"]), item.shape.schema()]}
    if item.withheld:
        response["x-stanch-withheld"] = sorted({*response.get("x-stanch-withheld", ()), *item.withheld})


def alternatives(schema: Mapping[str, object]) -> list[object]:
    """List what a schema allows: GraphQL operations share one path."""
    inner = schema.get("anyOf")
    return inner if isinstance(inner, list) else [schema]


def overlay(found: Iterable[Minimal]) -> Schema:
    """Write an OpenAPI overlay that puts the least responses in place of an existing description's. Source: OpenAPI Overlay Specification 1.0.0."""
    actions: list[Schema] = []
    for path, operations in mapping(openapi(found)["paths"]).items():
        for method, operation in mapping(operations).items():
            for status, response in mapping(mapping(operation)["responses"]).items():
                schema = mapping(mapping(mapping(mapping(response)["content"])["application/json"]))["schema"]
                target = f"$.paths['{quoted(path)}'].{method}.responses['{status}'].content['application/json']"
                actions += [{"target": f"{target}.schema", "remove": True}, {"target": target, "update": {"schema": schema}}]
    return {"overlay": "1.0.0", "info": {"title": "Minimal responses", "version": "1"}, "actions": actions}


def json_schemas(found: Iterable[Minimal]) -> Schema:
    """Write one JSON Schema for each endpoint and status."""
    schemas: dict[str, dict[str, Schema]] = {}
    for item in found:
        schemas.setdefault(item.endpoint.key, {})[str(item.status)] = {"$schema": DIALECT, **item.shape.schema()}
    return {"schema": "stanch.responses/1", "responses": schemas}


def mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, dict) else {}


def quoted(path: str) -> str:
    return path.replace("\\", "\\\\").replace("'", "\\'")
