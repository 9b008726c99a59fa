"""GraphQL operations.

Decides which operation a request runs and which real field each aliased member of the response is, fragments resolved.
Refuses to know the schema, so it can't tell lists from single values: member paths have no ``[*]``, and a consumer
drops ``[*]`` from its own paths before looking one up.

Source: GraphQL specification (October 2021) §2; GraphQL over HTTP (persisted queries, batches).
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

import orjson
from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
    parse,
)

from stanch.traffic.body.json_text import is_too_deep
from stanch.traffic.body.limits import BodyError, Limits
from stanch.traffic.body.members import member

_TOKEN = re.compile(r'"""|"(?:[^"\\\n]|\\.)*"|\w+|[^\s\w,]')
_START = re.compile(r"(?:\s|#[^\n]*\n|,|\ufeff)*(?:\{|(?:query|mutation|subscription|fragment)\b)")
_HASH = re.compile(r"[0-9A-Fa-f]{12,128}")
_NAME = re.compile(r"[_A-Za-z]\w{0,199}")
Fragments = dict[str, FragmentDefinitionNode]


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    name: str
    """The operation's name, or ``#`` and the first root field, or ``#`` and the start of a persisted query's hash."""
    names: Mapping[str, str] = field(default_factory=dict)
    """Path of an aliased member of the response, such as ``$.data.author.mail``, to its real field name."""
    aliased: tuple[tuple[str, str], ...] = ()
    """All pairs of path and real field name that differ: fragments on several types may put several fields into one member."""


def body_operations(tree: object, limits: Limits) -> tuple[Operation, ...]:
    """Give the operations of a JSON request body, one for each member of a batch; none if it isn't GraphQL.

    An upload form carries them in its field ``operations``.

    Raises: BodyError where a query is over the limits.
    """
    uploaded = member(tree, "operations") if member(tree, "map") is not None else None
    tree = tree if uploaded is None else uploaded
    requests = tree if isinstance(tree, list) else [tree]
    if not requests or len(requests) > limits.max_parts:
        return ()
    found = [_request(request, limits) for request in requests]
    return tuple(operation for operation in found if operation) if all(found) else ()


def query_operations(query: object, limits: Limits) -> tuple[Operation, ...]:
    """Give the operation of a GET request's query members, whose ``extensions`` are JSON text.

    Raises: BodyError where a query is over the limits.
    """
    extensions = member(query, "extensions")
    plain = _loads(extensions) if isinstance(extensions, str) else None
    operation = _operation(member(query, "query"), member(query, "operationName"), plain, limits)
    return (operation,) if operation else ()


def text_operations(text: str, limits: Limits) -> tuple[Operation, ...]:
    """Give the operation of an ``application/graphql`` body.

    Raises: BodyError where it is over the limits.
    """
    operation = _operation(text, None, None, limits)
    return (operation,) if operation else ()


def _loads(text: str) -> object:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        return None


def _request(request: object, limits: Limits) -> Operation | None:
    query, name = member(request, "query"), member(request, "operationName")
    return _operation(query, name, member(request, "extensions"), limits)


def _operation(query: object, name: object, extensions: object, limits: Limits) -> Operation | None:
    wanted = name if isinstance(name, str) and _NAME.fullmatch(name) else None
    if isinstance(query, str) and _START.match(query):
        _refuse_huge(query, limits)
        return _resolve(query, wanted, limits.max_query_tokens)
    return _persisted(wanted, extensions)


def _persisted(name: str | None, extensions: object) -> Operation | None:
    """Name an operation whose text the server already has."""
    persisted = member(extensions, "persistedQuery")
    digest = member(persisted, "sha256Hash")
    if persisted is None:
        return None
    if name:
        return Operation(name=name)
    return Operation(name=f"#{digest[:12]}") if isinstance(digest, str) and _HASH.fullmatch(digest) else None


def _refuse_huge(query: str, limits: Limits) -> None:
    if len(query) > limits.max_query_chars:
        raise BodyError(f"GraphQL document has more than {limits.max_query_chars} characters")
    n_tokens = sum(1 for _ in _TOKEN.finditer(query))
    if n_tokens > limits.max_query_tokens:
        raise BodyError(f"GraphQL document has more than {limits.max_query_tokens} tokens")
    if is_too_deep(query, limits.max_query_depth):
        raise BodyError("GraphQL document is nested too deeply")


@lru_cache(maxsize=256)
def _resolve(query: str, wanted: str | None, max_selections: int) -> Operation | None:
    """Resolve one operation; apps send the same few documents again and again."""
    try:
        document = parse(query, no_location=True)
    except (GraphQLError, RecursionError):
        return None
    operation = _choose(document, wanted)
    if operation is None:
        return None
    fragments = {node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)}
    members = list(_Walk(fragments, max_selections).selections(operation.selection_set, "$.data", ()))
    name = operation.name.value if operation.name else wanted or _first_field(members)
    return Operation(name=name, names=_aliases(members), aliased=_renamed(members))


def _choose(document: DocumentNode, wanted: str | None) -> OperationDefinitionNode | None:
    operations = [node for node in document.definitions if isinstance(node, OperationDefinitionNode)]
    named = (node for node in operations if node.name and node.name.value == wanted)
    return next(named, operations[0] if operations else None)


def _first_field(members: list[tuple[str, str]]) -> str:
    return f"#{members[0][1]}" if members else "#"


def _renamed(members: list[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    return tuple(dict.fromkeys((path, name) for path, name in members if not path.endswith(f".{name}")))


def _aliases(members: list[tuple[str, str]]) -> dict[str, str]:
    """Keep the members whose name is not their field's; of two fields merged into one member the first counts."""
    found: dict[str, str] = {}
    for path, name in members:
        if not path.endswith(f".{name}"):
            found.setdefault(path, name)
    return found


class _Walk:
    """Go through selections with a budget, since fragments within fragments multiply."""

    def __init__(self, fragments: Fragments, budget: int) -> None:
        self._fragments = fragments
        self._budget = budget

    def selections(self, selected: SelectionSetNode | None, path: str, within: tuple[str, ...]) -> Iterator[tuple[str, str]]:
        """Give path and field name of every member; ``within`` holds the fragments being expanded."""
        for node in selected.selections if selected else ():
            self._budget -= 1
            if self._budget < 0 or len(within) > 64:
                raise BodyError("GraphQL fragments expand beyond the limit")
            if isinstance(node, FieldNode):
                member_path = f"{path}.{(node.alias or node.name).value}"
                yield member_path, node.name.value
                yield from self.selections(node.selection_set, member_path, within)
            elif isinstance(node, InlineFragmentNode):
                yield from self.selections(node.selection_set, path, within)
            elif isinstance(node, FragmentSpreadNode):
                yield from self._spread(node.name.value, path, within)

    def _spread(self, name: str, path: str, within: tuple[str, ...]) -> Iterator[tuple[str, str]]:
        fragment = self._fragments.get(name)
        if fragment is not None and name not in within:
            yield from self.selections(fragment.selection_set, path, (*within, name))
