"""The policy inside an ASGI application: FastAPI, Starlette, Django, Litestar, Quart.

``app = StanchMiddleware(app, policy="policy.yaml")``, outermost: outside compression and caching. Plain ASGI, so that what is not contained
streams as it did. Any doubt on a contained route answers 502.
"""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from stanch.contain.decide import Contain, Refuse
from stanch.contain.formats import Framer
from stanch.contain.mask import MaskError
from stanch.contain.request import Headers, Request
from stanch.contain.respond import Response, asked, refusal
from stanch.gateway.contained import framer, refused, settle
from stanch.gateway.ruling import Ruling
from stanch.gateway.source import Given, PolicySource
from stanch.kernel import Engine

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]
MAX_REQUEST_BYTES = 1024 * 1024
MAX_RESPONSE_BYTES = 64 * 1024 * 1024


class StanchMiddleware:
    """Contain an application's responses."""

    def __init__(self, app: App, policy: Given = None, *, key: bytes | None = None, engine: Engine = "auto") -> None:
        self._app = app
        self.source = PolicySource(policy, key=key, engine=engine)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        ruling = self.source.ruling
        if ruling.compiled is None or scope["type"] not in {"http", "websocket"}:
            await self._app(scope, receive, send)
            return
        body, receive = await gathered(receive) if ruling.needs_body and scope["type"] == "http" else (None, receive)
        decision = ruling.decide_whole(request_of(scope, body))
        if scope["type"] == "websocket":
            await self._socket(decision, scope, receive, send)
        elif isinstance(decision, Refuse):
            await answer(send, refused(decision))
        elif isinstance(decision, Contain):
            await self._contained(ruling, decision, scope, receive, send)
        else:
            await self._app(scope, receive, send)

    async def _socket(self, decision: object, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a WebSocket be only where nothing is contained: its frames can't be masked."""
        if isinstance(decision, Contain | Refuse):
            await send({"type": "websocket.close", "code": 1008})
            return
        await self._app(scope, receive, send)

    async def _contained(self, ruling: Ruling, plan: Contain, scope: Scope, receive: Receive, send: Send) -> None:
        headers = asked(pairs(scope["headers"]))
        inner = {**scope, "headers": [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers]}
        # file and trailer extensions would let bytes go around us
        inner["extensions"] = {}
        outgoing = _Outgoing(ruling, plan, scope["method"], send)
        await self._app(inner, receive, outgoing)
        await outgoing.end()


class _Outgoing:
    """What the application sends, held until it is contained."""

    def __init__(self, ruling: Ruling, plan: Contain, method: str, send: Send) -> None:
        self._ruling = ruling
        self._plan = plan
        self._method = method
        self._send = send
        self._status = 0
        self._headers: Headers = ()
        self._body: list[bytes] = []
        self._n_bytes = 0
        self._framer: Framer | None = None
        self._done = False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._status, self._headers = message["status"], pairs(message.get("headers", ()))
            await self._begin()
        elif message["type"] == "http.response.body" and not self._done:
            await self._take(message.get("body", b""), more=message.get("more_body", False))

    async def _begin(self) -> None:
        found = framer(self._ruling, self._plan, self._status, self._headers) if self._method != "HEAD" else None
        if found is not None:
            self._framer, fields = found
            await self._send({"type": "http.response.start", "status": self._status, "headers": raw(without_length(fields))})

    async def _take(self, body: bytes, *, more: bool) -> None:
        if self._framer is not None:
            await self._flow(self._framer, body, more=more)
            return
        self._body.append(body)
        self._n_bytes += len(body)
        if self._n_bytes > MAX_RESPONSE_BYTES:
            self._done = True
            await answer(self._send, refusal(502, "response withheld"))
        elif not more:
            await self.end()

    async def _flow(self, stream: Framer, body: bytes, *, more: bool) -> None:
        """Mask frame by frame.

        Raises: MaskError, upon which the server cuts the connection: a part has left already.
        """
        out = stream.feed(body).body
        if not more:
            out += stream.finish().body
            self._done = True
        await self._send({"type": "http.response.body", "body": out, "more_body": more})

    async def end(self) -> None:
        """Contain what was gathered, once; an application that ended early gets what it sent contained all the same."""
        if self._done or self._status == 0:
            return
        self._done = True
        if self._framer is not None:
            raise MaskError("a stream ended early", 0)
        response = Response(status=self._status, headers=self._headers, body=b"".join(self._body))
        outcome = settle(self._ruling, self._plan, response, method=self._method)
        await answer(self._send, outcome.response, bodyless=self._method == "HEAD")


async def answer(send: Send, response: Response, *, bodyless: bool = False) -> None:
    fields = without_length(response.headers)
    if not bodyless and response.status not in {204, 304}:
        fields = (*fields, ("content-length", str(len(response.body))))
    await send({"type": "http.response.start", "status": response.status, "headers": raw(fields)})
    await send({"type": "http.response.body", "body": b"" if bodyless else response.body})


def without_length(headers: Headers) -> Headers:
    return tuple((name, value) for name, value in headers if name not in {"content-length", "transfer-encoding"})


def pairs(headers: Any) -> Headers:  # noqa: ANN401 -- the server's own list of byte pairs
    return tuple((name.decode("latin-1").lower(), value.decode("latin-1")) for name, value in headers)


def raw(headers: Headers) -> list[tuple[bytes, bytes]]:
    return [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers]


def request_of(scope: Scope, body: bytes | None) -> Request:
    headers = pairs(scope["headers"])
    query = scope.get("query_string", b"").decode("latin-1")
    path = scope.get("raw_path") or scope["path"].encode()
    target = path.decode("latin-1") + (f"?{query}" if query else "")
    client = scope.get("client")
    return Request(
        method=scope.get("method", "GET"),
        target=target,
        host=next((value for name, value in headers if name == "host"), ""),
        # what the server decoded is one more way in which the path is read
        headers=(*headers, ("x-original-url", scope["path"])),
        client_ip=client[0] if client else "",
        body=body,
    )


async def gathered(receive: Receive) -> tuple[bytes, Receive]:
    """Read a request's body ahead, and give a ``receive`` that plays it back."""
    messages: list[Message] = []
    n_bytes, more = 0, True
    while more and n_bytes <= MAX_REQUEST_BYTES:
        message = await receive()
        messages.append(message)
        n_bytes += len(message.get("body", b""))
        more = message["type"] == "http.request" and message.get("more_body", False)
    left = iter(messages)

    async def replay() -> Message:
        return next(left, None) or await receive()

    return b"".join(message.get("body", b"") for message in messages), replay
