"""HAR, as browsers and proxies write it. Source: HAR 1.2 (W3C draft 2012) and the dialects seen in the wild.

Streams: one entry is in memory at a time. A broken entry is named and the rest is still read.
"""

from base64 import b64decode
from binascii import Error as Base64Error
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from urllib.parse import urlencode

import ijson

from stanch.errors import InputError
from stanch.traffic.exchange import Exchange, Headers, Unreadable
from stanch.traffic.reader.stream import Stream

BOM = b"\xef\xbb\xbf"


def read_har(stream: Stream, name: str) -> Iterator[Exchange | Unreadable]:
    """Give the entries of a HAR file in order."""
    if stream.peek(3) == BOM:
        stream.read(3)
    number = 0
    try:
        for number, entry in enumerate(ijson.items(stream, "log.entries.item", use_float=True), 1):
            yield from entry_exchanges(entry, f"{name}#entries[{number - 1}]")
    except (ijson.JSONError, UnicodeDecodeError, ValueError, RecursionError) as error:
        if number == 0:
            raise InputError("no entry can be read: the file is damaged or cut short", where=name, hint="export the HAR once more") from None
        reason = "the file ends in the middle of an entry" if isinstance(error, ijson.IncompleteJSONError) else "the file is damaged from here on"
        yield Unreadable(where=f"{name}#entries[{number}]", reason=reason)


def entry_exchanges(entry: object, where: str) -> Iterator[Exchange | Unreadable]:
    try:
        exchange = entry_exchange(entry, where)
    except (KeyError, TypeError, ValueError, AttributeError):
        yield Unreadable(where=where, reason="the entry has no usable request and response")
        return
    yield exchange
    if isinstance(entry, Mapping):
        yield from websocket_messages(entry.get("_webSocketMessages"), exchange)


def entry_exchange(entry: object, where: str) -> Exchange:
    if not isinstance(entry, Mapping):
        raise TypeError
    request, response = entry["request"], entry.get("response") or {}
    problems: list[str] = []
    return Exchange(
        where=where, method=str(request["method"]).upper(), url=str(request["url"]), request_headers=headers(request.get("headers")),
        request_body=post_data(request.get("postData")), status=int(response.get("status") or 0), response_headers=headers(response.get("headers")),
        response_body=content(response.get("content"), problems), decoded=True, started_at=moment(entry.get("startedDateTime")),
        client_ip=None, problems=tuple(problems),
    )  # fmt: skip


def headers(pairs: object) -> Headers:
    """Read headers as a list of name and value, or as an object (some proxies)."""
    if isinstance(pairs, Mapping):
        return tuple((str(k), str(v)) for k, v in pairs.items())
    if not isinstance(pairs, list):
        return ()
    return tuple((str(p["name"]), str(p.get("value", ""))) for p in pairs if isinstance(p, Mapping) and "name" in p)


def post_data(data: object) -> bytes:
    if not isinstance(data, Mapping):
        return b""
    if text := data.get("text"):
        return decoded(str(text), data.get("encoding"))
    params = data.get("params")
    if not isinstance(params, list):
        return b""
    return urlencode([(str(p.get("name", "")), str(p.get("value", ""))) for p in params if isinstance(p, Mapping)]).encode()


def content(data: object, problems: list[str]) -> bytes:
    if not isinstance(data, Mapping):
        return b""
    text = data.get("text")
    if text is None:
        if isinstance(data.get("size"), int) and data["size"] > 0:
            problems.append("the response body was not recorded")
        return b""
    return decoded(str(text), data.get("encoding"))


def decoded(text: str, encoding: object) -> bytes:
    if str(encoding or "").lower() == "base64":
        try:
            return b64decode(text)
        except (Base64Error, ValueError):
            raise ValueError("base64") from None
    return text.encode("utf-8", "surrogatepass")


def moment(text: object) -> datetime | None:
    """Read an ISO 8601 time; one without a zone is taken as UTC."""
    try:
        when = datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return when.astimezone(UTC) if when.tzinfo else when.replace(tzinfo=UTC)


def websocket_messages(messages: object, opened: Exchange) -> Iterator[Exchange]:
    if not isinstance(messages, list):
        return
    for number, message in enumerate(messages):
        if isinstance(message, Mapping) and isinstance(message.get("data"), str):
            sent = message.get("type") == "send"
            data = message["data"].encode("utf-8", "surrogatepass")
            yield Exchange(
                where=f"{opened.where}.messages[{number}]", method="WEBSOCKET", url=opened.url, request_headers=opened.request_headers,
                request_body=data if sent else b"", status=101, response_body=b"" if sent else data, decoded=True, started_at=opened.started_at,
            )  # fmt: skip
