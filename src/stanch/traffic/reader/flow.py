"""mitmproxy flow files: a sequence of tnetstrings. Source: mitmproxy's io format, versions 7 to current; tnetstrings.org.

Reads what every version since 7 has in common: request, response, websocket messages.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from urllib.parse import quote

from stanch.errors import InputError
from stanch.traffic.exchange import Exchange, Headers, Unreadable, method_of
from stanch.traffic.reader.stream import Stream

MAX_DEPTH = 64
MAX_BYTES = 1 << 31


def read_flow(stream: Stream, name: str) -> Iterator[Exchange | Unreadable]:
    """Give the HTTP flows in order, one flow in memory at a time."""
    number = 0
    source = Reader(stream)
    while True:
        where = f"{name}#flow[{number}]"
        try:
            flow = source.next_value()
        except (ValueError, IndexError, RecursionError):
            if number == 0:
                raise InputError("no flow can be read: the file is damaged or cut short", where=name) from None
            yield Unreadable(where=where, reason="the file ends in the middle of a flow or is damaged from here on")
            return
        if flow is None:
            return
        yield from flow_exchanges(flow, where)
        number += 1


class Reader:
    """Takes one tnetstring after another off a stream."""

    def __init__(self, stream: Stream) -> None:
        self.stream = stream
        self.buffer = b""

    def next_value(self) -> object | None:
        head = self.take_until_colon()
        if head is None:
            return None
        size = int(head)
        if not head.isdigit() or size > MAX_BYTES:
            raise ValueError("length")
        data = self.take(size + 1)
        return parse(data[:-1], data[-1:], 0)

    def take_until_colon(self) -> bytes | None:
        while b":" not in self.buffer:
            piece = self.stream.read(1 << 16)
            if not piece:
                if self.buffer.strip():
                    raise ValueError("cut short")
                return None
            self.buffer += piece
            if len(self.buffer) > 20 and b":" not in self.buffer[:20]:
                raise ValueError("no length")
        head, _, self.buffer = self.buffer.partition(b":")
        return head

    def take(self, size: int) -> bytes:
        parts, n = [self.buffer], len(self.buffer)
        while n < size:
            piece = self.stream.read(1 << 18)
            if not piece:
                raise ValueError("cut short")
            parts.append(piece)
            n += len(piece)
        whole = b"".join(parts)
        self.buffer = whole[size:]
        return whole[:size]


def parse(data: bytes, tag: bytes, depth: int) -> object:
    """Read one tnetstring's payload by its tag."""
    if depth > MAX_DEPTH:
        raise ValueError("depth")
    match tag:
        case b",":
            return data
        case b";":
            return data.decode("utf-8", "surrogateescape")
        case b"#":
            return int(data)
        case b"^":
            return float(data)
        case b"!":
            return data == b"true"
        case b"~":
            return None
        case b"]":
            return list(values(data, depth + 1))
        case b"}":
            items = list(values(data, depth + 1))
            return {text(key): value for key, value in zip(items[::2], items[1::2], strict=True)}
        case _:
            raise ValueError("tag")


def values(data: bytes, depth: int) -> Iterator[object]:
    position = 0
    while position < len(data):
        colon = data.index(b":", position, position + 20)
        end = colon + 1 + int(data[position:colon])
        if end >= len(data) + 0 and end + 1 > len(data):
            raise ValueError("length")
        yield parse(data[colon + 1 : end], data[end : end + 1], depth)
        position = end + 1


def flow_exchanges(flow: object, where: str) -> Iterator[Exchange | Unreadable]:
    if not isinstance(flow, Mapping) or flow.get("type") not in {"http", "websocket", b"http"}:
        return
    try:
        exchange = flow_exchange(flow, where)
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError):
        yield Unreadable(where=where, reason="the flow has no usable request")
        return
    yield exchange
    socket = flow.get("websocket")
    messages = socket.get("messages") if isinstance(socket, Mapping) else None
    yield from websocket_messages(messages, exchange)


def flow_exchange(flow: Mapping[object, object], where: str) -> Exchange:
    request, response = flow["request"], flow.get("response") or {}
    if not isinstance(request, Mapping) or not isinstance(response, Mapping):
        raise TypeError
    started = request.get("timestamp_start")
    return Exchange(
        where=where, method=method_of(text(request["method"])), url=url_of(request), request_headers=headers(request.get("headers")),
        request_body=as_bytes(request.get("content")), status=int(str(response.get("status_code") or 0)), response_headers=headers(response.get("headers")),
        response_body=as_bytes(response.get("content")), started_at=datetime.fromtimestamp(started, UTC) if isinstance(started, (int, float)) else None,
        client_ip=client_ip(flow.get("client_conn")), problems=() if "content" in response else ("no response was recorded",),
    )  # fmt: skip


def url_of(request: Mapping[object, object]) -> str:
    scheme, port = text(request.get("scheme") or "http"), int(str(request.get("port") or 0))
    host_header = next((v for k, v in headers(request.get("headers")) if k.lower() in {"host", ":authority"}), "")
    host = text(request.get("authority") or "") or host_header or text(request["host"])
    if ":" not in host and port not in {0, 80, 443}:
        host = f"{host}:{port}"
    path = quote(text(request.get("path") or "/"), safe="/?&=%:;,+@!$'()*~#[]-._")
    return f"{scheme}://{host}{path}"


def headers(pairs: object) -> Headers:
    if not isinstance(pairs, list):
        return ()
    return tuple((text(p[0]), text(p[1])) for p in pairs if isinstance(p, list) and len(p) == 2)


def as_bytes(value: object) -> bytes:
    return value if isinstance(value, bytes) else value.encode("utf-8", "surrogatepass") if isinstance(value, str) else b""


def text(value: object) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


def client_ip(connection: object) -> str | None:
    if not isinstance(connection, Mapping):
        return None
    peer = connection.get("peername") or connection.get("address")
    return text(peer[0]) if isinstance(peer, list) and peer else None


def websocket_messages(messages: object, opened: Exchange) -> Iterator[Exchange]:
    if not isinstance(messages, list):
        return
    for number, message in enumerate(messages):
        if isinstance(message, list) and len(message) >= 3:
            sent, data = bool(message[1]), as_bytes(message[2])
            yield Exchange(
                where=f"{opened.where}.messages[{number}]", method="WEBSOCKET", url=opened.url, request_headers=opened.request_headers,
                request_body=data if sent else b"", status=101, response_body=b"" if sent else data, decoded=True, started_at=opened.started_at,
            )  # fmt: skip
