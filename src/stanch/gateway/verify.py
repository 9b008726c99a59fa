"""Verify what runs, from outside: send real requests through the gateway and to the origin, and prove one answer against the other.

Only safe methods are sent. What comes back is looked at by ``prove`` and forgotten.
"""

import http.client
import ssl
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from stanch.contain.compile import Compiled, compile_policy
from stanch.contain.decide import Contain, decide
from stanch.contain.plan_for import fits
from stanch.contain.policy import Policy
from stanch.contain.replay import proof_of, request_of
from stanch.contain.request import Request, tokens
from stanch.contain.respond import NOT_SENT, Response
from stanch.errors import InputError, OutsideError
from stanch.traffic.exchange import Exchange

TIMEOUT_S = 10.0
SAFE = frozenset({"GET", "HEAD"})
MAX_PER_RULE = 5
_NOT_SENT = NOT_SENT | {"host", "connection", "content-length", "transfer-encoding", "accept-encoding"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """What verification saw. Counts and words, no values."""

    n_requests: int
    n_members: int
    """Targeted members that the origin still sends and that did not come through."""
    faults: tuple[str, ...]
    took_ms: float

    @property
    def holds(self) -> bool:
        return not self.faults

    @property
    def says(self) -> str:
        if self.faults:
            return self.faults[0]
        return f"{self.n_requests} requests: {self.n_members} members that the origin sends did not come through, and nothing else changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """Where requests go."""

    host: str
    port: int
    tls: bool

    def send(self, request: Request, path_prefix: str = "") -> Response:
        """Send one request.

        Raises: OutsideError.
        """
        connection: http.client.HTTPConnection
        if self.tls:
            connection = http.client.HTTPSConnection(self.host, self.port, timeout=TIMEOUT_S, context=ssl.create_default_context())
        else:
            connection = http.client.HTTPConnection(self.host, self.port, timeout=TIMEOUT_S)
        headers = {name: value for name, value in request.headers if name not in _NOT_SENT}
        headers["Host"] = request.host or f"{self.host}:{self.port}"
        headers["Accept-Encoding"] = "identity"
        try:
            connection.request(request.method, path_prefix + request.target, headers=headers)
            answer = connection.getresponse()
            fields = tuple((name.lower(), value) for name, value in answer.getheaders())
            return Response(status=answer.status, headers=fields, body=answer.read())
        except (OSError, http.client.HTTPException) as error:
            raise OutsideError(f"a probe failed: {type(error).__name__}", where=f"{self.host}:{self.port}") from None
        finally:
            connection.close()


def site(url: str) -> Site:
    """Read a URL.

    Raises: InputError.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        parts, port = urlsplit(""), None
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise InputError("this is no address to send requests to", where="--probe, --direct", hint="such as http://127.0.0.1:8080")
    return Site(host=parts.hostname, port=port or (443 if parts.scheme == "https" else 80), tls=parts.scheme == "https")


def verify(policy: Policy, *, through: Site, direct: Site, requests: Iterable[Request]) -> Verified:
    """Send each request both ways and compare.

    Raises: OutsideError where either side can't be reached.
    """
    started_s = time.perf_counter()
    compiled = compile_policy(policy)
    n_requests = n_members = 0
    faults: list[str] = []
    for request in requests:
        seen, truth = through.send(request), direct.send(request)
        n_requests += 1
        n_found, problem = compared(compiled, request, seen, truth)
        n_members += n_found
        if problem:
            faults.append(f"{request.method} on a contained route: {problem}")
    if not n_requests:
        faults.append("no request was sent: give a capture with some on contained routes, or a URL")
    elif not n_members and not faults:
        faults.append("the origin sent no targeted member to any probe, so nothing is proved: are the capture's credentials still good?")
    return Verified(n_requests=n_requests, n_members=n_members, faults=tuple(faults), took_ms=(time.perf_counter() - started_s) * 1000)


def compared(compiled: Compiled, request: Request, seen: Response, truth: Response) -> tuple[int, str]:
    stopped = frozenset(rule.id for rule in compiled.policy.rules if rule.canary)
    decision = decide(compiled, request, tripped=stopped)
    if not isinstance(decision, Contain):
        return 0, ""
    if not any(fits(rule, truth.status, truth.value("content-type")) for rule in decision.rules):
        return 0, ""
    if seen.status == 502 and truth.status != 502:
        return 0, "the response is withheld"
    if seen.status != truth.status:
        return 0, "the status changed"
    proof = proof_of(decision, truth, seen)
    if proof.survivals:
        return proof.n_targets, f"a targeted value still stands in {proof.survivals[0].place}"
    return proof.n_targets, proof.changed


def probes(policy: Policy, exchanges: Iterable[object]) -> list[Request]:
    """Choose requests from a capture: safe ones that meet a masking rule, a few for each, those first that need no credential."""
    compiled = compile_policy(policy)
    meeting = [(request, rules) for exchange in exchanges if (request := safe_request(exchange)) is not None and (rules := met(compiled, request))]
    taken: Counter[str] = Counter()
    found: list[Request] = []
    for request, rules in sorted(meeting, key=lambda pair: any(tokens(pair[0]))):
        if any(taken[rule] < MAX_PER_RULE for rule in rules):
            found.append(request)
            taken.update(rules)
    return found


def safe_request(exchange: object) -> Request | None:
    if not isinstance(exchange, Exchange) or exchange.method not in SAFE or not 200 <= exchange.status < 300:
        return None
    return request_of(exchange)


def met(compiled: Compiled, request: Request) -> tuple[str, ...]:
    decision = decide(compiled, request)
    return tuple(rule.id for rule in decision.rules) if isinstance(decision, Contain) else ()


def probe_of(url: str) -> Request:
    """Make the request for a URL's path."""
    parts = urlsplit(url)
    return Request(
        method="GET",
        target=(parts.path or "/") + (f"?{parts.query}" if parts.query else ""),
        host=parts.netloc,
        headers=(("accept", "application/json"),),
    )
