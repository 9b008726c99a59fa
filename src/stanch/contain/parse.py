"""Read ``stanch.policy/1``: every mistake is one line with its place, and nothing is guessed.

The published JSON Schema (``policy.schema.json`` beside this file) says the same to editors; a test holds the two together.
"""

import re
from datetime import UTC, datetime
from ipaddress import ip_network
from typing import cast

from stanch.contain.document import Spot, read_document
from stanch.contain.path import parse_path
from stanch.contain.policy import (
    MASK_KINDS,
    SCHEMA,
    Canary,
    Decision,
    Deny,
    DenyClients,
    Drop,
    Guard,
    Identity,
    Limit,
    Mask,
    MaskKind,
    Match,
    OnError,
    Place,
    Policy,
    Rule,
)
from stanch.errors import InputError

MAX_RULES = 2000
ACTIONS = ("mask", "drop", "deny", "limit", "deny_clients", "canary")
SECONDS = {"s": 1, "second": 1, "m": 60, "min": 60, "minute": 60, "h": 3600, "hour": 3600, "d": 86400, "day": 86400}
_RATE = re.compile(r"([1-9][0-9]{0,8})/([0-9]{0,6})\s*([a-z]+)")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_METHOD = re.compile(r"[A-Z][A-Z-]{0,30}")
_STATUS = re.compile(r"([1-5])xx|([1-5][0-9]{2})(?:-([1-5][0-9]{2}))?")
_TYPE = re.compile(r"[a-z0-9!#$&^_.+-]+/(?:\*|[a-z0-9!#$&^_.+-]+)")
_HOST = re.compile(r"[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?|\[[0-9a-f:]+\]")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_HEADER = re.compile(r"\$\.[!#$%&'*+^_`|~0-9A-Za-z-]+(?:\.[!#$%&'*+^_`|~0-9A-Za-z.-]+)?")


def parse_policy(data: bytes, *, name: str) -> Policy:
    """Read a policy.

    Raises: InputError with line, column and member of the first mistake.
    """
    found = read_document(data, name=name).members(
        required=("schema", "policy", "rev", "on_error", "rules"),
        optional=("incident", "expires", "on_error_decision", "guard"),
    )
    found["schema"].choice(SCHEMA)
    return Policy(
        name=fitting(found["policy"], _NAME, "a short name of letters, digits, '.', '_' and '-'"),
        rev=found["rev"].whole(0, 10**9),
        on_error=on_error(found),
        decision=decision(found["on_error_decision"]) if "on_error_decision" in found else None,
        expires=moment(found["expires"]) if "expires" in found else None,
        incident=found["incident"].filled() if "incident" in found else "",
        guard=guard(found["guard"]) if "guard" in found else Guard(),
        rules=rules(found["rules"]),
    )


def on_error(found: dict[str, Spot]) -> OnError:
    choice = found["on_error"].choice("block", "pass")
    if choice == "pass" and "on_error_decision" not in found:
        raise found["on_error"].wrong(
            "is 'pass', which needs a decision that someone answers for", "add on_error_decision: {by: …, why: …} or choose block"
        )
    return cast("OnError", choice)


def decision(spot: Spot) -> Decision:
    found = spot.members(required=("by", "why"))
    return Decision(by=found["by"].filled(), why=found["why"].filled(1000))


def moment(spot: Spot) -> datetime:
    try:
        value = datetime.fromisoformat(spot.text())
    except ValueError:
        raise spot.wrong("must be a date and time such as 2026-12-24T00:00:00Z") from None
    if value.tzinfo is None:
        raise spot.wrong("needs a time zone, such as Z at its end")
    return value.astimezone(UTC)


def guard(spot: Spot) -> Guard:
    plain = Guard()
    found = spot.members(optional=("max_rules", "max_fields", "max_share_of_responses", "max_share_of_clients"))
    return Guard(
        max_rules=found["max_rules"].whole(0, MAX_RULES) if "max_rules" in found else plain.max_rules,
        max_fields=found["max_fields"].whole(0, 10**6) if "max_fields" in found else plain.max_fields,
        max_share_of_responses=found["max_share_of_responses"].share() if "max_share_of_responses" in found else plain.max_share_of_responses,
        max_share_of_clients=found["max_share_of_clients"].share() if "max_share_of_clients" in found else plain.max_share_of_clients,
    )


def rules(spot: Spot) -> tuple[Rule, ...]:
    items = spot.items()
    if len(items) > MAX_RULES:
        raise spot.wrong(f"has more than {MAX_RULES} rules")
    found = [rule(item) for item in items]
    seen: set[str] = set()
    for item, one in zip(items, found, strict=True):
        if one.id in seen:
            raise item.wrong("has the id of an earlier rule")
        seen.add(one.id)
    return tuple(found)


def rule(spot: Spot) -> Rule:
    found = spot.members(required=("id",), optional=("match", "tripwire", *ACTIONS))
    if not any(action in found for action in ACTIONS):
        raise spot.wrong("does nothing", f"give it one of {', '.join(ACTIONS)}")
    if "match" not in found and any(action in found for action in ACTIONS if action != "deny_clients"):
        raise spot.wrong("needs 'match'", "only deny_clients holds everywhere")
    refuse_odd_combinations(found)
    return Rule(
        id=fitting(found["id"], _NAME, "a short name of letters, digits, '.', '_' and '-'"),
        match=match(found["match"]) if "match" in found else None,
        masks=tuple(map(mask, found["mask"].items())) if "mask" in found else (),
        drops=tuple(map(drop, found["drop"].items())) if "drop" in found else (),
        deny=deny(found["deny"]) if "deny" in found else None,
        limit=limit(found["limit"]) if "limit" in found else None,
        deny_clients=deny_clients(found["deny_clients"]) if "deny_clients" in found else None,
        canary=canary(found["canary"]) if "canary" in found else None,
        tripwire=tripwire(found["tripwire"]) if "tripwire" in found else 0.0,
    )


def refuse_odd_combinations(found: dict[str, Spot]) -> None:
    """Refuse what would read as if it did something and does not."""
    if "tripwire" in found and not {"mask", "drop"} & found.keys():
        raise found["tripwire"].wrong("watches masked responses, and the rule masks nothing")
    if "canary" in found and {"mask", "drop", "deny"} & found.keys():
        raise found["canary"].wrong("releases what other rules contain", "give it a rule of its own")
    if "match" in found and {"deny", "limit", "canary"} & found.keys():
        narrow = [key.text() for key, _ in found["match"].pairs() if key.text() in {"status", "content_type"}]
        if narrow:
            raise found["match"].wrong(f"names '{narrow[0]}', which is known only once the origin has answered", "it goes with mask and drop only")
    for key in ("mask", "drop"):
        if key in found and not found[key].items():
            raise found[key].wrong("is empty")


def match(spot: Spot) -> Match:
    found = spot.members(required=("template",), optional=("host", "method", "except", "status", "content_type", "operation"))
    return Match(
        template=template(found["template"]),
        host=fitting(found["host"], _HOST, "a host name in lower case, without port") if "host" in found else None,
        methods=tuple(fitting(s, _METHOD, "a method in capitals") for s in found["method"].one_or_more()) if "method" in found else (),
        besides=tuple(map(template, found["except"].one_or_more())) if "except" in found else (),
        statuses=tuple(map(status, found["status"].one_or_more())) if "status" in found else (),
        content_types=tuple(fitting(s, _TYPE, "a type such as application/json") for s in found["content_type"].one_or_more())
        if "content_type" in found
        else (),
        operations=tuple(s.filled() for s in found["operation"].one_or_more()) if "operation" in found else (),
    )


def template(spot: Spot) -> str:
    text = spot.filled(2000)
    outside = re.sub(r"\{[^{}/]+\}", "x", text)
    if not text.startswith("/") or re.search(r"[{}?#\s\\;]|//|%", outside):
        raise spot.wrong("must be a path such as /api/users/{id}", "no query, no %-escapes, one parameter a segment at most")
    if any(segment.count("{") > 1 or segment in {".", ".."} for segment in text.split("/")):
        raise spot.wrong("has a segment with two parameters, '.' or '..'")
    return text


def status(spot: Spot) -> tuple[int, int]:
    found = _STATUS.fullmatch(spot.text())
    if found is None:
        raise spot.wrong("must be a status such as 200, a range such as 200-299, or 2xx")
    hundred, first, last = found.groups()
    if hundred:
        return int(hundred) * 100, int(hundred) * 100 + 99
    return int(first), int(last or first)


def fitting(spot: Spot, pattern: re.Pattern[str], what: str) -> str:
    if not pattern.fullmatch(text := spot.text()):
        raise spot.wrong(f"must be {what}")
    return text


def mask(spot: Spot) -> Mask:
    if not spot.is_mapping():
        return Mask(path=body_path(spot))
    found = spot.members(required=("path",), optional=("with", "where"))
    kind = found["with"].choice(*MASK_KINDS) if "with" in found else "typed"
    where = place(found)
    return Mask(path=path(found["path"], where), kind=cast("MaskKind", kind), where=where)


def drop(spot: Spot) -> Drop:
    if not spot.is_mapping():
        return Drop(path=body_path(spot))
    found = spot.members(required=("path",), optional=("where",))
    where = place(found)
    return Drop(path=path(found["path"], where), where=where)


def place(found: dict[str, Spot]) -> Place:
    return cast("Place", found["where"].choice("response.body", "response.header")) if "where" in found else "response.body"


def path(spot: Spot, where: Place) -> str:
    if where == "response.body":
        return body_path(spot)
    if not _HEADER.fullmatch(text := spot.text()):
        raise spot.wrong("must name a header, such as $.x-user-email or $.set-cookie.email")
    return text


def body_path(spot: Spot) -> str:
    text = spot.filled(2000)
    try:
        parse_path(text)
    except InputError as error:
        raise spot.wrong(f"{error.what} ({error.where})", error.hint) from None
    return text


def deny(spot: Spot) -> Deny:
    if not spot.is_mapping():
        if not spot.flag():
            raise spot.wrong("must be true or a mapping of status and message")
        return Deny()
    found = spot.members(optional=("status", "message"))
    plain = Deny()
    return Deny(
        status=found["status"].whole(400, 599) if "status" in found else plain.status,
        message=found["message"].filled(500) if "message" in found else plain.message,
    )


def limit(spot: Spot) -> Limit:
    found = spot.members(required=("per", "rate"), optional=("burst",))
    rate = _RATE.fullmatch(found["rate"].text())
    if rate is None or rate[3] not in SECONDS or rate[2].startswith("0"):
        raise found["rate"].wrong("must be a rate such as 60/minute or 10/30s")
    n, per_s = int(rate[1]), int(rate[2] or 1) * SECONDS[rate[3]]
    return Limit(per=identity(found["per"]), n=n, per_s=per_s, burst=found["burst"].whole(1, 10**9) if "burst" in found else n)


def identity(spot: Spot) -> Identity:
    return cast("Identity", spot.choice("client_ip", "token", "user"))


def deny_clients(spot: Spot) -> DenyClients:
    found = spot.members(optional=("token_sha256", "user_sha256", "ip"))
    if not found:
        raise spot.wrong("names nobody")
    return DenyClients(
        token_sha256=hashes(found["token_sha256"]) if "token_sha256" in found else (),
        user_sha256=hashes(found["user_sha256"]) if "user_sha256" in found else (),
        ip=tuple(map(network, found["ip"].one_or_more())) if "ip" in found else (),
    )


def hashes(spot: Spot) -> tuple[str, ...]:
    return tuple(fitting(item, _SHA256, "a SHA-256 in 64 small hexadecimal digits") for item in spot.one_or_more())


def network(spot: Spot) -> str:
    try:
        return str(ip_network(spot.text(), strict=False))
    except ValueError:
        raise spot.wrong("must be an address or a range such as 203.0.113.0/24") from None


def canary(spot: Spot) -> Canary:
    found = spot.members(required=("release",), optional=("by", "watch"))
    return Canary(
        release=found["release"].share(),
        by=identity(found["by"]) if "by" in found else "token",
        watch=tuple(map(body_path, found["watch"].one_or_more())) if "watch" in found else (),
    )


def tripwire(spot: Spot) -> float:
    """Read ``true`` (every response), ``false`` or a share."""
    return spot.share() if spot.text().rstrip("%").replace(".", "", 1).isdecimal() else float(spot.flag())
