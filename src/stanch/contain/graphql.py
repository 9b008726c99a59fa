"""Follow a policy's paths through the aliases of a GraphQL query: whoever asks for ``x: email`` still asks for ``email``."""

from collections.abc import Iterable, Mapping

import orjson

from stanch.contain.path import parse_path
from stanch.contain.policy import Match
from stanch.contain.request import Request
from stanch.traffic.body.graphql import Operation
from stanch.traffic.decode import decode
from stanch.traffic.exchange import Exchange


def may_be(match: Match) -> bool:
    """Tell whether requests that a rule is about carry GraphQL."""
    return bool(match.operations) or "graphql" in match.template.casefold()


def operations(request: Request) -> tuple[Operation, ...]:
    """Give the operations of a request; empty where it has none or they can't be read."""
    exchange = Exchange(
        where="request", method=request.method, url=f"http://{request.host or 'localhost'}{request.target}",
        request_headers=request.headers, request_body=request.body or b"",
    )  # fmt: skip
    return decode(exchange).operations


def meets(wanted: tuple[str, ...], found: tuple[Operation, ...]) -> bool:
    """Tell whether a rule for named operations holds; what has no name could be any.

    A name is the client's own choice, so a rule that must not be dodged names none.
    """
    if not found:
        return True
    return any(one.name in wanted or one.name.startswith("#") for one in found)


def all_known(request: Request, found: tuple[Operation, ...]) -> bool:
    """Tell whether every operation's text was read: of a persisted one nobody but the origin knows the aliases."""
    if not found:
        return False
    body = (request.body or b"").strip()
    if body[:1] not in {b"{", b"["}:
        # a query in the URL, as text, or in an upload form
        return b"query" in body or b"{" in body or "query=" in request.target
    try:
        asked = orjson.loads(body)
    except orjson.JSONDecodeError:
        return False
    items = asked if isinstance(asked, list) else [asked]
    return len(items) == len(found) and all(isinstance(item, dict) and str(item.get("query") or "").strip() for item in items)


def followed(actions: Mapping[str, str], found: Iterable[Operation]) -> dict[str, str]:
    """Add to each path those by which the same fields are reached under other names."""
    widened = dict(actions)
    for operation in found:
        if operation.aliased:
            for path, action in actions.items():
                widened |= dict.fromkeys(aliases(parse_path(path), operation.aliased), action)
    return widened


def aliases(steps: tuple[str, ...], aliased: Iterable[tuple[str, str]]) -> list[str]:
    """Give all paths in the response that stand for a path of real field names.

    Shape: ``aliased`` has member paths without ``[*]`` and real names; what it does not hold has its own name.
    """
    pairs = tuple(aliased)
    reached = [("$", "$")]
    for step in steps:
        if step.startswith("\0"):
            reached = [(plain, path + step[1:]) for plain, path in reached]
            continue
        reached = [(f"{plain}.{key}", path + member(key)) for plain, path in reached for key in keys(plain, step, pairs)]
    return [path for _, path in reached]


def keys(parent: str, field_name: str, aliased: tuple[tuple[str, str], ...]) -> list[str]:
    prefix = f"{parent}."
    renamed = [path[len(prefix) :] for path, real in aliased if real == field_name and path.startswith(prefix)]
    return [field_name, *(key for key in renamed if "." not in key and key != field_name)]


def member(key: str) -> str:
    return f".{key}" if not set(key) & set(".[]@'\"") else "['" + orjson.dumps(key).decode()[1:-1].replace("'", "\\'") + "']"
