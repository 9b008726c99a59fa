"""HAR, as browsers and proxies write it. Source: HAR 1.2 (W3C draft 2012) and the dialects seen in the wild.

Streams: one entry is in memory at a time. A broken entry is named and the rest is still read.
"""

import json
import re
from base64 import b64decode
from binascii import Error as Base64Error
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from urllib.parse import urlencode

import msgspec

from stanch.errors import InputError
from stanch.traffic.exchange import Exchange, Headers, Unreadable, method_of
from stanch.traffic.reader.cut import CutError, Cutter
from stanch.traffic.reader.stream import Stream

HINT = "stanch reads HAR, mitmproxy flows, Burp XML, NDJSON and Parquet of exchanges"
BOM = b"\xef\xbb\xbf"
_NEXT_ENTRY = re.compile(
    rb"\}()\s*,\s*\{\s*\"(?:startedDateTime|time|request|response|cache|timings|serverIPAddress|connection|comment|pageref|_\w{1,40})\"\s*:"
)
"""Where an entry may end and the next begin: no quote inside a string stands bare, so bodies can't look like it."""


class _Header(msgspec.Struct, gc=False):
    name: str
    value: str = ""


class _PostData(msgspec.Struct, gc=False):
    text: str | None = None
    encoding: str | None = None
    params: list[dict[str, object]] | None = None


class _Request(msgspec.Struct, gc=False):
    method: str
    url: str
    headers: list[_Header] = []
    postData: _PostData | None = None  # noqa: N815 -- as HAR names it


class _Content(msgspec.Struct, gc=False):
    text: str | None = None
    encoding: str | None = None
    size: float | None = None


class _Response(msgspec.Struct, gc=False):
    status: int
    headers: list[_Header] = []
    content: _Content | None = None


class _Entry(msgspec.Struct, gc=False):
    """What most dialects have in common: read without building the rest. Anything else takes the patient way."""

    request: _Request
    response: _Response
    startedDateTime: str | None = None  # noqa: N815
    webSocketMessages: list[dict[str, object]] | None = msgspec.field(default=None, name="_webSocketMessages")  # noqa: N815


_DECODE = msgspec.json.Decoder(_Entry)


def read_har(stream: Stream, name: str) -> Iterator[Exchange | Unreadable]:
    """Give the entries of a HAR file in order."""
    if stream.peek(3) == BOM:
        stream.read(3)
    number = -1
    last = _Last()
    cutter = Cutter(stream, (b"log", b"entries"), _NEXT_ENTRY, last.is_whole)
    try:
        for number, raw in enumerate(cutter.elements()):
            yield from last.exchanges(raw, f"{name}#entries[{number}]")
    except CutError:
        if not cutter.found and cutter.ended:
            raise InputError("this JSON is no HAR: it has no log with entries", where=name, hint=HINT) from None
        if number < 0:
            raise InputError("no entry can be read: the file is damaged or cut short", where=name, hint="export the HAR once more") from None
        yield Unreadable(where=f"{name}#entries[{number + 1}]", reason="the file ends in the middle of an entry")


class _Last:
    """Decodes entries; keeps the one that was decoded to see whether it is whole."""

    def __init__(self) -> None:
        self.raw = b""
        self.entry: _Entry | None = None

    def is_whole(self, raw: bytes) -> bool:
        self.raw = raw
        try:
            self.entry = _DECODE.decode(raw)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            self.entry = None
        return self.entry is not None

    def exchanges(self, raw: bytes, where: str) -> Iterator[Exchange | Unreadable]:
        if raw is not self.raw:
            self.is_whole(raw)
        return entry_exchanges(patient(raw), where) if self.entry is None else common_exchanges(self.entry, where)


def patient(raw: bytes) -> object:
    """Parse an entry that is odd, lone surrogates and bare control characters included; nothing where it is no JSON."""
    try:
        return json.loads(raw.decode("utf-8", "replace"), strict=False)
    except (ValueError, RecursionError):
        return None


def common_exchanges(entry: _Entry, where: str) -> Iterator[Exchange | Unreadable]:
    request, response, data = entry.request, entry.response, entry.request.postData
    problems: list[str] = []
    try:
        body = b"" if data is None else decoded(data.text, data.encoding) if data.text else form(data.params)
        content = received(response.content, problems)
    except ValueError:
        yield Unreadable(where=where, reason="the entry has no usable request and response")
        return
    exchange = Exchange(
        where=where, method=method_of(request.method), url=request.url, request_headers=tuple((h.name, h.value) for h in request.headers),
        request_body=body, status=response.status, response_headers=tuple((h.name, h.value) for h in response.headers), response_body=content,
        decoded=True, started_at=moment(entry.startedDateTime), problems=tuple(problems),
    )  # fmt: skip
    yield exchange
    yield from websocket_messages(entry.webSocketMessages, exchange)


def received(content: _Content | None, problems: list[str]) -> bytes:
    if content is None:
        return b""
    if content.text is None:
        if content.size and content.size > 0:
            problems.append("the response body was not recorded")
        return b""
    return decoded(content.text, content.encoding)


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
        where=where, method=method_of(str(request["method"])), url=str(request["url"]), request_headers=headers(request.get("headers")),
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
    return form(data.get("params"))


def form(params: object) -> bytes:
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
