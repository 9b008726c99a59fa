"""A pytest plugin: what the tests' own requests receive must stay within the committed contract and the accepted findings.

    pytest --stanch-contract minimal.yaml [--stanch-baseline accepted.json] [--stanch-config stanch.toml]

Watches httpx (and with it the test clients of Starlette and FastAPI), requests, and the test clients of Werkzeug (Flask) and Django while a test
runs; the fixture ``stanch_traffic`` takes exchanges from anything else. Nothing is stored: exchanges become a summary at once.
"""

import sys
from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import Any

import orjson
import pytest

from stanch.errors import InputError
from stanch.finding.baseline import Baseline, apply_baseline, load_baseline, load_justifications
from stanch.finding.build import examine
from stanch.finding.guard import Breach, breaches
from stanch.identity.pseudonym import SCAN_KEY, KeyedDigest
from stanch.identity.summary import TrafficSummary
from stanch.inventory.contract import Contract, load_contract
from stanch.traffic.exchange import Exchange

Headers = tuple[tuple[str, str], ...]


class Guard:
    """Gathers what the tests' requests receive, and judges it at the end."""

    def __init__(self, contract: Contract | None, baseline: Baseline, config: tuple[bytes, str]) -> None:
        self.contract = contract
        self.baseline = baseline
        self.config = config
        self.summary = TrafficSummary(digest=KeyedDigest(SCAN_KEY))
        self.found: tuple[Breach, ...] = ()

    def see(  # noqa: PLR0913 -- an exchange, as its client has it
        self, method: str, url: str, *, status: int, request_headers: Headers = (), request_body: bytes = b"", response_headers: Headers = (),
        response_body: bytes = b"",
    ) -> None:  # fmt: skip
        """Take one exchange; the response body as the client sees it, content codings undone."""
        self.summary.add(
            Exchange(
                where=f"tests#{self.summary.n_exchanges}", method=method.upper(), status=status, decoded=True,
                url=url if "://" in url else f"http://testserver{url}",
                request_headers=request_headers, request_body=request_body, response_headers=response_headers, response_body=response_body,
            )
        )  # fmt: skip

    def judge(self) -> tuple[Breach, ...]:
        """Hold all that was seen against contract and baseline."""
        examined = examine(self.summary, contract=self.contract)
        report = apply_baseline(examined.report, self.baseline, load_justifications(*self.config), today=datetime.now(UTC).date())
        return breaches(examined.picture.fields, report, self.contract)


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("stanch", "responses must stay within a contract")
    group.addoption("--stanch-contract", metavar="FILE", help="OpenAPI description that responses to tests must keep to (see stanch contract)")
    group.addoption("--stanch-baseline", metavar="FILE", help="findings accepted earlier: a JSON report or a stanch.baseline/1 file")
    group.addoption("--stanch-config", metavar="FILE", help="stanch.toml with justifications")


GUARD: pytest.StashKey[Guard] = pytest.StashKey()


def pytest_configure(config: pytest.Config) -> None:
    contract, baseline, justified = (config.getoption(f"--stanch-{name}") for name in ("contract", "baseline", "config"))
    if contract or baseline or justified:
        try:
            config.stash[GUARD] = Guard(
                load_contract(read(contract), name=contract) if contract else None,
                load_baseline(read(baseline), name=baseline) if baseline else Baseline(),
                (read(justified), justified) if justified else (b"", "stanch.toml"),
            )
        except (InputError, OSError) as error:
            raise pytest.UsageError(f"stanch: {error}") from None


def read(path: str) -> bytes:
    return Path(path).read_bytes()


@pytest.fixture
def stanch_traffic(request: pytest.FixtureRequest) -> Guard:
    """Take exchanges of clients that are not watched: ``stanch_traffic.see("GET", url, status=200, response_body=body)``."""
    guard = request.config.stash.get(GUARD, None)
    return guard if guard is not None else Guard(None, Baseline(), (b"", "stanch.toml"))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    guard = item.config.stash.get(GUARD, None)
    if guard is None:
        return (yield)
    with ExitStack() as watched:
        for watch in WATCHES:
            watched.enter_context(watch(guard))
        return (yield)


def pytest_sessionfinish(session: pytest.Session) -> None:
    guard = session.config.stash.get(GUARD, None)
    if guard is None or hasattr(session.config, "workerinput") or not guard.summary.n_exchanges:
        return
    guard.found = guard.judge()
    if guard.found and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:  # noqa: ANN401 -- pytest does not publish the reporter's type
    guard = config.stash.get(GUARD, None)
    if guard is None:
        return
    terminalreporter.section("stanch: responses against the contract")
    for breach in guard.found:
        terminalreporter.write_line(str(breach), red=True)
    n = len(guard.found)
    terminalreporter.write_line(f"{n} breach{'es' if n != 1 else ''} in {guard.summary.n_exchanges} exchanges")


@contextmanager
def patched(module: str, owner: str, method: str, wrap: Callable[[Callable[..., Any]], Callable[..., Any]]) -> Iterator[None]:
    """Wrap a method for the time of one test, where its package is loaded; nothing is imported for it."""
    if module.split(".", 1)[0] not in sys.modules:
        yield
        return
    try:
        holder = getattr(import_module(module), owner)
    except (ImportError, AttributeError):
        yield
        return
    original = getattr(holder, method)
    setattr(holder, method, wrap(original))
    try:
        yield
    finally:
        setattr(holder, method, original)


def pairs(headers: Any) -> Headers:  # noqa: ANN401 -- every client has its own mapping
    return tuple((str(name), str(value)) for name, value in headers.items())


def httpx_sync(guard: Guard) -> Any:  # noqa: ANN401 -- a context manager
    def wrap(send: Callable[..., Any]) -> Callable[..., Any]:
        def watched(client: Any, request: Any, **options: Any) -> Any:  # noqa: ANN401 -- httpx's own types, not a dependency
            response = send(client, request, **options)
            if not options.get("stream"):
                see_httpx(guard, response)
            return response

        return watched

    return patched("httpx", "Client", "send", wrap)


def httpx_async(guard: Guard) -> Any:  # noqa: ANN401 -- a context manager
    def wrap(send: Callable[..., Any]) -> Callable[..., Any]:
        async def watched(client: Any, request: Any, **options: Any) -> Any:  # noqa: ANN401 -- httpx's own types, not a dependency
            response = await send(client, request, **options)
            if not options.get("stream"):
                see_httpx(guard, response)
            return response

        return watched

    return patched("httpx", "AsyncClient", "send", wrap)


def see_httpx(guard: Guard, response: Any) -> None:  # noqa: ANN401 -- httpx.Response
    request = response.request
    guard.see(
        request.method, str(request.url), status=response.status_code, request_headers=pairs(request.headers), request_body=request.content,
        response_headers=pairs(response.headers), response_body=response.content,
    )  # fmt: skip


def requests_session(guard: Guard) -> Any:  # noqa: ANN401 -- a context manager
    def wrap(send: Callable[..., Any]) -> Callable[..., Any]:
        def watched(session: Any, request: Any, **options: Any) -> Any:  # noqa: ANN401 -- requests' own types, not a dependency
            response = send(session, request, **options)
            if not options.get("stream"):
                body = request.body.encode() if isinstance(request.body, str) else request.body if isinstance(request.body, bytes) else b""
                guard.see(
                    request.method, request.url, status=response.status_code, request_headers=pairs(request.headers), request_body=body,
                    response_headers=pairs(response.headers), response_body=response.content,
                )  # fmt: skip
            return response

        return watched

    return patched("requests", "Session", "send", wrap)


def werkzeug_client(guard: Guard) -> Any:  # noqa: ANN401 -- a context manager
    def wrap(opened: Callable[..., Any]) -> Callable[..., Any]:
        def watched(client: Any, *args: Any, **options: Any) -> Any:  # noqa: ANN401 -- werkzeug's own types, not a dependency
            response = opened(client, *args, **options)
            request = getattr(response, "request", None)
            if request is not None and response.content_length is not None:
                guard.see(
                    request.method, request.url, status=response.status_code, request_headers=pairs(request.headers), request_body=sent(options),
                    response_headers=pairs(response.headers), response_body=response.get_data(),
                )  # fmt: skip
            return response

        return watched

    return patched("werkzeug.test", "Client", "open", wrap)


def sent(options: dict[str, Any]) -> bytes:
    """Give the request body that a test handed to its client; the request's own stream is used up by then."""
    if "json" in options:
        return orjson.dumps(options["json"])
    data = options.get("data", b"")
    return data.encode() if isinstance(data, str) else data if isinstance(data, bytes) else b""


def django_client(guard: Guard) -> Any:  # noqa: ANN401 -- a context manager
    def wrap(requested: Callable[..., Any]) -> Callable[..., Any]:
        def watched(client: Any, **environ: Any) -> Any:  # noqa: ANN401 -- django's own types, not a dependency
            response = requested(client, **environ)
            asked = environ.get("PATH_INFO", "/") + (f"?{environ['QUERY_STRING']}" if environ.get("QUERY_STRING") else "")
            headers = [(name[5:].replace("_", "-"), str(value)) for name, value in environ.items() if name.startswith("HTTP_")]
            cookies = "; ".join(f"{morsel.key}={morsel.value}" for morsel in client.cookies.values())
            sent = (*headers, ("Content-Type", str(environ.get("CONTENT_TYPE", ""))), *((("Cookie", cookies),) if cookies else ()))
            if not response.streaming:
                guard.see(
                    str(environ.get("REQUEST_METHOD", "GET")), asked, status=response.status_code, request_headers=sent,
                    response_headers=pairs(response.headers), response_body=response.content,
                )  # fmt: skip
            return response

        return watched

    return patched("django.test.client", "Client", "request", wrap)


WATCHES: tuple[Callable[[Guard], Any], ...] = (httpx_sync, httpx_async, requests_session, werkzeug_client, django_client)
