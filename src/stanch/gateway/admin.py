"""The gateway's control: a port of its own on loopback, where whoever has the token may read and change the policy.

``GET /status`` · ``GET|PUT|DELETE /policy`` · ``GET /metrics`` and ``GET /healthz`` (no token: counts and a word, nothing personal).
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from hmac import compare_digest
from typing import Protocol

import orjson

from stanch.contain.document import MAX_BYTES
from stanch.contain.parse import parse_policy
from stanch.contain.policy import Policy
from stanch.contain.text import to_yaml
from stanch.errors import InputError, OutsideError
from stanch.gateway.config import Address
from stanch.gateway.head import HeadError, RequestHead, length, parse_request
from stanch.gateway.message import status_line
from stanch.gateway.metrics import Metrics, exposition

REQUEST_TIMEOUT_S = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """How a change went: on how many workers it holds, and since when."""

    rev: int
    digest: str
    enforced_at: datetime
    n_workers: int
    n_acknowledged: int
    took_ms: float


class Fleet(Protocol):
    """The workers behind one admin port."""

    @property
    def policy(self) -> Policy | None:
        """What holds now."""

    async def apply(self, policy: Policy | None) -> Applied: ...

    async def metrics(self) -> tuple[Metrics, dict[str, float]]: ...

    def facts(self) -> dict[str, object]:
        """What ``GET /status`` says beside the policy."""


@dataclass(frozen=True, slots=True)
class Reply:
    status: int
    body: bytes
    content_type: str = "application/json"


class Admin:
    """Serves the control port."""

    def __init__(self, fleet: Fleet, token: str, *, remember: Callable[[str | None], None] = lambda _text: None) -> None:
        self._fleet = fleet
        self._token = token.encode()
        self._remember = remember
        """Keeps the text of what was applied for the next start."""
        self._server: asyncio.Server | None = None

    async def start(self, listen: Address) -> Address:
        """Listen.

        Raises: InputError for an address beyond loopback; OutsideError where it can't be had.
        """
        if listen.host not in {"127.0.0.1", "::1", "localhost"}:
            raise InputError("the control port stays on loopback", where="--admin", hint="such as 127.0.0.1:9901")
        try:
            self._server = await asyncio.start_server(self._serve, listen.host, listen.port)
        except OSError as error:
            raise OutsideError(f"can't listen: {error.strerror}", where=str(listen), hint="is the port taken?") from None
        return Address(host=listen.host, port=self._server.sockets[0].getsockname()[1])

    def close(self) -> None:
        if self._server is not None:
            self._server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            async with asyncio.timeout(REQUEST_TIMEOUT_S):
                reply = await self._reply(reader)
        except (TimeoutError, asyncio.IncompleteReadError, ConnectionError):
            writer.close()
            return
        except (HeadError, asyncio.LimitOverrunError):
            reply = problem(400, "malformed request")
        head = f"Content-Type: {reply.content_type}\r\nContent-Length: {len(reply.body)}\r\nCache-Control: no-store\r\nConnection: close\r\n\r\n"
        writer.write(status_line(reply.status) + head.encode() + reply.body)
        with suppress(ConnectionError):
            await writer.drain()
        writer.close()

    async def _reply(self, reader: asyncio.StreamReader) -> Reply:
        found = parse_request(await reader.readuntil(b"\r\n\r\n"))
        if found is None:
            return problem(400, "malformed request")
        head, _ = found
        n_bytes = length(head) or 0
        if n_bytes > MAX_BYTES:
            return problem(413, "too large for a policy")
        body = await reader.readexactly(n_bytes)
        return await self._route(head, body)

    async def _route(self, head: RequestHead, body: bytes) -> Reply:
        what = (head.method.decode("latin-1"), head.target.partition(b"?")[0].decode("latin-1"))
        if what == ("GET", "/healthz"):
            return Reply(200, b"ok\n", "text/plain")
        if what == ("GET", "/metrics"):
            return Reply(200, exposition(*await self._fleet.metrics()).encode(), "text/plain; version=0.0.4")
        given = next(iter(head.values(b"authorization")), b"").partition(b" ")[2].strip()
        if not compare_digest(given, self._token):
            return problem(403, "the token is missing or wrong")
        routes: dict[tuple[str, str], Callable[[RequestHead, bytes], Awaitable[Reply]]] = {
            ("GET", "/status"): self._status, ("GET", "/policy"): self._policy, ("PUT", "/policy"): self._put, ("DELETE", "/policy"): self._delete,
        }  # fmt: skip
        route = routes.get(what)
        return await route(head, body) if route else problem(404, "there is nothing here")

    async def _status(self, _head: RequestHead, _body: bytes) -> Reply:
        policy = self._fleet.policy
        facts = {**self._fleet.facts(), "policy": None}
        if policy is not None:
            facts["policy"] = policy_facts(policy, datetime.now(UTC))
        return Reply(200, orjson.dumps(facts))

    async def _policy(self, _head: RequestHead, _body: bytes) -> Reply:
        policy = self._fleet.policy
        return Reply(200, to_yaml(policy).encode(), "application/yaml") if policy else problem(404, "no policy holds")

    async def _put(self, head: RequestHead, body: bytes) -> Reply:
        try:
            policy = parse_policy(body, name="policy")
        except InputError as error:
            return problem(422, str(error))
        current = self._fleet.policy
        older = current is not None and current.name == policy.name and policy.rev < current.rev
        if current is not None and older and head.target.partition(b"?")[2] != b"rollback":
            return problem(409, f"revision {current.rev} holds already; an older one is put over it only by ?rollback")
        reply = applied(await self._fleet.apply(policy))
        self._remember(to_yaml(policy))
        return reply

    async def _delete(self, _head: RequestHead, _body: bytes) -> Reply:
        reply = applied(await self._fleet.apply(None))
        self._remember(None)
        return reply


def policy_facts(policy: Policy, now: datetime) -> dict[str, object]:
    return {
        "name": policy.name,
        "rev": policy.rev,
        "digest": policy.digest,
        "on_error": policy.on_error,
        "n_rules": len(policy.rules),
        "incident": policy.incident,
        "expires": policy.expires.isoformat() if policy.expires else None,
        "expired": policy.expired(now),
    }


def applied(done: Applied) -> Reply:
    body = {
        "rev": done.rev, "digest": done.digest, "enforced_at": done.enforced_at.isoformat(), "n_workers": done.n_workers,
        "n_acknowledged": done.n_acknowledged, "took_ms": round(done.took_ms, 3),
    }  # fmt: skip
    return Reply(200 if done.n_acknowledged == done.n_workers else 500, orjson.dumps(body))


def problem(status: int, what: str) -> Reply:
    return Reply(status, orjson.dumps({"error": what}))
