"""The policy inside a WSGI application: Flask, Django, Pyramid, Bottle.

``app.wsgi_app = StanchMiddleware(app.wsgi_app, policy="policy.yaml")``, outermost: outside compression and caching.
Any doubt on a contained route answers 502.
"""

from collections.abc import Callable, Iterable, Iterator
from http.client import responses
from io import BytesIO
from itertools import chain
from typing import Any
from urllib.parse import quote

from stanch.contain.decide import Contain, Refuse
from stanch.contain.formats import Framer
from stanch.contain.request import Headers, Request
from stanch.contain.respond import Response, asked, refusal
from stanch.gateway.contained import framer, refused, settle
from stanch.gateway.ruling import Ruling
from stanch.gateway.source import Given, PolicySource
from stanch.kernel import Engine

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
App = Callable[[Environ, StartResponse], Iterable[bytes]]
MAX_REQUEST_BYTES = 1024 * 1024
MAX_RESPONSE_BYTES = 64 * 1024 * 1024


class StanchMiddleware:
    """Contain an application's responses."""

    def __init__(self, app: App, policy: Given = None, *, key: bytes | None = None, engine: Engine = "auto") -> None:
        self._app = app
        self.source = PolicySource(policy, key=key, engine=engine)

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Serve one request."""
        ruling = self.source.ruling
        if ruling.compiled is None:
            return self._app(environ, start_response)
        decision = ruling.decide_whole(request_of(environ, read_ahead(environ) if ruling.needs_body else None))
        if isinstance(decision, Refuse):
            return answer(start_response, refused(decision))
        if isinstance(decision, Contain):
            return self._contained(ruling, decision, environ, start_response)
        return self._app(environ, start_response)

    def _contained(self, ruling: Ruling, plan: Contain, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        method = environ["REQUEST_METHOD"]
        started = _Started()
        body = self._app(asked_environ(environ), started)
        parts = iter(body)
        gathered: list[bytes] = []
        try:
            for part in parts:
                # a generator calls start_response only when its first part is asked for
                gathered.append(part)
                if started.status:
                    break
        except BaseException:
            close(body)
            raise
        flowing = framer(ruling, plan, started.status, started.headers) if method != "HEAD" else None
        if flowing is not None:
            start_response(status_text(started.status), list(without_length(flowing[1])))
            return _Flow(flowing[0], [*started.written, *gathered], parts, body)
        return self._whole(ruling, plan, started, _rest(gathered, parts, body), method, start_response)

    def _whole(
        self, ruling: Ruling, plan: Contain, started: "_Started", body: bytes | None, method: str, start_response: StartResponse
    ) -> Iterable[bytes]:
        if body is None or not started.status:
            return answer(start_response, refusal(502, "response withheld"))
        response = Response(status=started.status, headers=started.headers, body=b"".join(started.written) + body)
        outcome = settle(ruling, plan, response, method=method)
        return answer(start_response, outcome.response, bodyless=method == "HEAD")


class _Started:
    """A ``start_response`` that keeps what it is told."""

    def __init__(self) -> None:
        self.status = 0
        self.headers: Headers = ()
        self.written: list[bytes] = []
        """What the application handed to the old ``write``, which goes before the body that it returns."""

    def __call__(self, status: str, headers: list[tuple[str, str]], exc_info: object = None) -> Callable[[bytes], None]:
        del exc_info  # nothing has left yet, so a second start simply replaces the first
        self.status = int(status[:3])
        self.headers = tuple((name.lower(), value) for name, value in headers)
        return self.written.append


class _Flow:
    """A response that leaves frame by frame."""

    def __init__(self, stream: Framer, first: list[bytes], parts: Iterator[bytes], body: Iterable[bytes]) -> None:
        self._stream = stream
        self._first = first
        self._parts = parts
        self._body = body

    def __iter__(self) -> Iterator[bytes]:
        """Mask as parts come; a MaskError cuts the connection, since a part has left already."""
        for part in chain(self._first, self._parts):
            yield self._stream.feed(part).body
        yield self._stream.finish().body

    def close(self) -> None:
        close(self._body)


def _rest(gathered: list[bytes], parts: Iterator[bytes], body: Iterable[bytes]) -> bytes | None:
    """Read a body to its end; ``None`` where it is larger than may be gathered."""
    n_bytes = sum(map(len, gathered))
    try:
        for part in parts:
            gathered.append(part)
            n_bytes += len(part)
            if n_bytes > MAX_RESPONSE_BYTES:
                return None
    finally:
        close(body)
    return b"".join(gathered)


def close(body: Iterable[bytes]) -> None:
    closer = getattr(body, "close", None)
    if closer is not None:
        closer()


def answer(start_response: StartResponse, response: Response, *, bodyless: bool = False) -> list[bytes]:
    fields = without_length(response.headers)
    empty = bodyless or response.status in {204, 304}
    if not empty:
        fields = (*fields, ("content-length", str(len(response.body))))
    start_response(status_text(response.status), list(fields))
    return [] if empty else [response.body]


def status_text(status: int) -> str:
    return f"{status} {responses.get(status, 'Answer')}"


def without_length(headers: Headers) -> Headers:
    return tuple((name, value) for name, value in headers if name not in {"content-length", "transfer-encoding"})


def header_name(key: str) -> str | None:
    if key in {"CONTENT_TYPE", "CONTENT_LENGTH"}:
        return key.lower().replace("_", "-")
    return key[5:].lower().replace("_", "-") if key.startswith("HTTP_") else None


def request_of(environ: Environ, body: bytes | None) -> Request:
    named = ((header_name(key), value) for key, value in environ.items() if isinstance(value, str))
    headers = tuple((name, value) for name, value in named if name)
    path = environ.get("SCRIPT_NAME", "") + environ.get("PATH_INFO", "")
    query = environ.get("QUERY_STRING", "")
    target = environ.get("REQUEST_URI") or environ.get("RAW_URI") or quote(path, encoding="latin-1") + (f"?{query}" if query else "")
    return Request(
        method=environ["REQUEST_METHOD"],
        target=target,
        host=environ.get("HTTP_HOST", ""),
        # what the server decoded is one more way in which the path is read
        headers=(*headers, ("x-original-url", path)),
        client_ip=environ.get("REMOTE_ADDR", ""),
        body=body,
    )


def asked_environ(environ: Environ) -> Environ:
    """Give the environment for a contained route: no ranges, no validators, no coding, no file that bypasses us."""
    kept = {name for name, _ in asked(tuple((name, "") for name in map(header_name, environ) if name))}
    inner = {key: value for key, value in environ.items() if (name := header_name(key)) is None or name in kept}
    inner["HTTP_ACCEPT_ENCODING"] = "identity"
    inner.pop("wsgi.file_wrapper", None)
    return inner


def read_ahead(environ: Environ) -> bytes | None:
    """Read a request's body and put it back; ``None`` where it is too large or of unknown length, which any rule then meets."""
    text = environ.get("CONTENT_LENGTH") or ""
    if not text.isascii() or not text.isdecimal() or int(text) > MAX_REQUEST_BYTES:
        return None
    body: bytes = environ["wsgi.input"].read(int(text))
    environ["wsgi.input"] = BytesIO(body)
    return body
