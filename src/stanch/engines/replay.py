"""Send a capture's requests to a service and compare what it answers with what was captured.

Credentials of the capture are stale: where a captured response handed one out that later requests carry,
the replayed response gives the fresh one at the same place.
Requests that change data are only sent to this machine, unless the caller says otherwise.
"""

import http.client
import ssl
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from urllib.parse import SplitResult, urlsplit

from stanch.errors import InputError, OutsideError
from stanch.inventory.router import Router
from stanch.trace.replayed import Comparison, members
from stanch.traffic.decode import decode
from stanch.traffic.exchange import Exchange, Headers, header_values

HOP_BY_HOP = frozenset(
    """
    host content-length connection keep-alive transfer-encoding te upgrade proxy-authorization accept-encoding if-none-match if-modified-since
    """.split()  # noqa: SIM905 -- a list of words reads best as text
)
SAFE = {"GET", "HEAD", "OPTIONS"}
LOCAL = {"127.0.0.1", "::1", "localhost"}
MIN_TOKEN_CHARACTERS = 12
TIMEOUT_S = 30
MAX_BODY_BYTES = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    url: SplitResult
    headers: tuple[tuple[str, str], ...] = ()
    """Set on every request in place of the captured ones."""
    only_safe: bool = False


def target_of(url: str, headers: Iterable[str], *, unsafe_methods: bool) -> Target:
    """Read the service's address and the caller's header lines.

    Raises: InputError where either can't be used.
    """
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise InputError("this is no http or https URL", where=url, hint="give the patched service's address, such as http://127.0.0.1:8000")
    pairs = [line.partition(":") for line in headers]
    if any(not sep for _, sep, _ in pairs):
        raise InputError("a header has the form 'Name: value'", where="--header")
    local = parts.hostname in LOCAL
    return Target(url=parts, headers=tuple((n.strip(), v.strip()) for n, _, v in pairs), only_safe=not (local or unsafe_methods))


@dataclass(slots=True)
class Replay:
    target: Target
    router: Router
    comparison: Comparison
    fresh: dict[str, str] = field(default_factory=dict)
    """Captured credential to the fresh one; personal, never shown."""
    n_skipped: int = 0

    def run(self, exchanges: Iterable[Exchange], progress: Callable[[], None] = lambda: None) -> Comparison:
        """Replay in the capture's order.

        Raises: OutsideError where the service can't be reached at all.
        """
        kept = list(exchanges)
        carried = credentials(kept)
        for exchange in kept:
            if exchange.status == 0 or (self.target.only_safe and exchange.method not in SAFE):
                self.n_skipped += 1
                continue
            answer = self.send(exchange)
            self.learn(exchange, answer, carried)
            self.comparison.add(self.endpoint(exchange), (exchange.status, body(exchange)), (answer.status, body(answer)) if answer else None)
            progress()
        return self.comparison

    def endpoint(self, exchange: Exchange) -> str:
        return f"{exchange.method} {self.router.match(exchange.host, exchange.method, exchange.path)}"

    def send(self, exchange: Exchange) -> Exchange | None:
        connection = connect(self.target.url)
        asked = urlsplit(exchange.url)
        path = f"{self.target.url.path.rstrip('/')}{asked.path or '/'}{f'?{asked.query}' if asked.query else ''}"
        try:
            connection.request(exchange.method, self.replaced(path), self.payload(exchange), dict(self.headers(exchange)))
            response = connection.getresponse()
            content = response.read(MAX_BODY_BYTES)
            return Exchange(
                where=exchange.where,
                method=exchange.method,
                url=exchange.url,
                status=response.status,
                response_headers=tuple(response.getheaders()),
                response_body=content,
            )
        except ConnectionRefusedError as error:
            raise OutsideError("the service does not accept connections", where=self.target.url.netloc, hint="is it running?") from error
        except (OSError, http.client.HTTPException):
            return None
        finally:
            connection.close()

    def payload(self, exchange: Exchange) -> bytes | None:
        if not exchange.request_body:
            return None
        data = exchange.request_body
        for old, new in self.fresh.items():
            data = data.replace(old.encode(), new.encode())
        return data

    def headers(self, exchange: Exchange) -> Iterator[tuple[str, str]]:
        own = {name.lower() for name, _ in self.target.headers}
        for name, value in exchange.request_headers:
            if name.lower() not in HOP_BY_HOP | own and not name.startswith(":"):
                yield name, self.replaced(value)
        yield "Accept-Encoding", "identity"
        yield from self.target.headers

    def replaced(self, text: str) -> str:
        for old, new in self.fresh.items():
            text = text.replace(old, new)
        return text

    def learn(self, before: Exchange, after: Exchange | None, carried: frozenset[str]) -> None:
        """Pair the credentials that both responses hand out at the same place."""
        if after is None:
            return
        theirs = dict(leaves(body(after), "$")) | dict(cookies(after.response_headers))
        for path, value in (*leaves(body(before), "$"), *cookies(before.response_headers)):
            if value in carried and path in theirs and theirs[path] != value:
                self.fresh[value] = theirs[path]


def connect(url: SplitResult) -> http.client.HTTPConnection:
    host = url.hostname or ""
    if url.scheme == "https":
        return http.client.HTTPSConnection(host, url.port, timeout=TIMEOUT_S, context=ssl.create_default_context())
    return http.client.HTTPConnection(host, url.port, timeout=TIMEOUT_S)


def body(exchange: Exchange | None) -> object:
    if exchange is None:
        return None
    return next((d.tree for d in decode(exchange).documents if d.where == "response.body"), None)


def credentials(exchanges: Iterable[Exchange]) -> frozenset[str]:
    """Collect what requests carry as credentials, to be known again where responses hand them out."""
    found: set[str] = set()
    for exchange in exchanges:
        for name, value in exchange.request_headers:
            if name.lower() == "cookie":
                found |= {pair.partition("=")[2].strip() for pair in value.split(";")}
            elif name.lower() in {"authorization", "x-api-key", "x-auth-token", "x-csrf-token", "x-csrftoken", "token"}:
                found |= {value, value.rpartition(" ")[2]}
    return frozenset(v for v in found if len(v) >= MIN_TOKEN_CHARACTERS)


def cookies(headers: Headers) -> Iterator[tuple[str, str]]:
    for value in header_values(headers, "set-cookie"):
        name, _, rest = value.partition("=")
        yield f"cookie {name.strip()}", rest.partition(";")[0].strip()


def leaves(value: object, path: str) -> Iterator[tuple[str, str]]:
    inner = members(value)
    if inner is not None:
        for key, one in inner.items():
            yield from leaves(one, f"{path}.{key}")
    elif isinstance(value, list):
        for index, one in enumerate(value):
            yield from leaves(one, f"{path}[{index}]")
    elif isinstance(value, str):
        yield path, value
