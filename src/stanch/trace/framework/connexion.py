"""connexion and others that route by an OpenAPI document: ``operationId`` names the handler."""

import json
from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

import yaml

from stanch.trace.syntax import last

VERBS = {"get", "post", "put", "patch", "delete", "head", "options"}
MAX_CHARACTERS = 2_000_000
Operation = tuple[str, str, str]
"""Method, template, dotted handler."""


def operations(sources: Mapping[str, str]) -> Iterator[Operation]:
    """Give the operations of every description in the tree that names its handlers."""
    for path in sorted(sources):
        text = sources[path]
        if path.endswith((".yaml", ".yml", ".json")) and "operationId" in text and len(text) < MAX_CHARACTERS:
            document = parsed(text, path)
            if isinstance(document, dict) and isinstance(document.get("paths"), dict):
                yield from of_document(document)


def parsed(text: str, path: str) -> object:
    try:
        return json.loads(text) if path.endswith(".json") else yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 -- both are safe loaders
    except (ValueError, yaml.YAMLError, RecursionError):
        return None


def of_document(document: dict[str, object]) -> Iterator[Operation]:
    paths = document["paths"]
    for template, item in paths.items() if isinstance(paths, dict) else ():
        for verb, operation in item.items() if isinstance(item, dict) else ():
            if verb in VERBS and isinstance(operation, dict) and isinstance(operation.get("operationId"), str):
                controller = (
                    operation.get("x-openapi-router-controller")
                    or operation.get("x-swagger-router-controller")
                    or item.get("x-openapi-router-controller")
                )
                handler = f"{controller}.{last(operation['operationId'])}" if controller else operation["operationId"]
                if "." in handler:
                    yield verb.upper(), f"{prefix(document)}{template}", handler


def prefix(document: dict[str, object]) -> str:
    base = document.get("basePath")
    servers = document.get("servers")
    if isinstance(servers, list) and servers and isinstance(servers[0], dict):
        base = urlsplit(str(servers[0].get("url", ""))).path
    return str(base).rstrip("/") if isinstance(base, str) else ""
