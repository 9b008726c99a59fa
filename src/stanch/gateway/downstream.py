"""A client's connection: one exchange after the other, pipelined requests waiting their turn."""

import asyncio
import time
from collections.abc import Callable
from typing import Protocol, cast

from stanch.contain.respond import Response, refusal
from stanch.gateway.context import Context
from stanch.gateway.exchange import Exchange
from stanch.gateway.framing import FramingError
from stanch.gateway.head import HeadError, parse_request, wire
from stanch.gateway.message import status_line
from stanch.gateway.upstream import Upstream

MAX_WAITING_BYTES = 256 * 1024


class Registry(Protocol):
    """Whoever keeps track of open connections."""

    def opened(self, connection: "Downstream") -> None: ...

    def closed(self, connection: "Downstream") -> None: ...


class Downstream(asyncio.Protocol):
    """One connection of a client."""

    def __init__(self, context: Context, registry: Registry) -> None:
        self._context = context
        self._registry = registry
        self._transport: asyncio.Transport | None = None
        self._buffer = b""
        self._exchange: Exchange | None = None
        self._tunnel: _Tunnel | None = None
        self._advancing = False
        self.ip = ""
        self.last_s = self._since_s = time.monotonic()
        """When anything came last, and when what waits in the buffer began to come."""

    # --- asyncio's side

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        peer = transport.get_extra_info("peername")
        self.ip = peer[0] if isinstance(peer, tuple) else ""
        self._registry.opened(self)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 -- asyncio's signature
        self._transport = None
        self._registry.closed(self)
        if self._tunnel is not None:
            self._tunnel.close()
        if self._exchange is not None:
            exchange, self._exchange = self._exchange, None
            exchange.client_lost()

    def pause_writing(self) -> None:
        if self._exchange is not None:
            self._exchange.client_paused(paused=True)
        if self._tunnel is not None:
            self._tunnel.pause(paused=True)

    def resume_writing(self) -> None:
        if self._exchange is not None:
            self._exchange.client_paused(paused=False)
        if self._tunnel is not None:
            self._tunnel.pause(paused=False)

    def data_received(self, data: bytes) -> None:
        self.last_s = time.monotonic()
        if not self._buffer:
            self._since_s = self.last_s
        if self._tunnel is not None:
            self._tunnel.upstream.write(data)
            return
        self._buffer = self._buffer + data if self._buffer else data
        self._advance()

    def _advance(self) -> None:
        """Go on with what has come in; not again from within itself, so that a row of pipelined requests is a loop."""
        if self._advancing:
            return
        self._advancing = True
        try:
            while self._buffer and self._transport is not None and self._tunnel is None and self._step():
                pass
        except HeadError as error:
            self._context.metrics.add("stanch_bad_requests_total")
            self._refuse(refusal(error.status, str(error)))
        except FramingError as error:
            self._context.metrics.add("stanch_bad_requests_total")
            self._drop_exchange()
            self._refuse(refusal(400, str(error)))
        finally:
            self._advancing = False

    def _step(self) -> bool:
        """Take one thing out of the buffer; tell whether there may be another."""
        exchange = self._exchange
        if exchange is None:
            found = parse_request(self._buffer)
            if found is None:
                return False
            head, end = found
            self._buffer = self._buffer[end:]
            self._exchange = Exchange(self._context, self, head)
            self._exchange.start()
            return True
        if not exchange.request_done:
            data, self._buffer = self._buffer, b""
            self._buffer = exchange.request_data(data)
            return True
        if len(self._buffer) > MAX_WAITING_BYTES:
            self.pause(paused=True)
        return False

    def _refuse(self, response: Response) -> None:
        """Answer what is no proper request, and close: nobody knows where the next one would begin."""
        if self._transport is not None:
            size = b"Content-Length: %d\r\nConnection: close\r\n\r\n" % len(response.body)
            self._transport.write(status_line(response.status) + wire(response.headers) + size + response.body)
            self._transport.close()
        self._buffer = b""

    def _drop_exchange(self) -> None:
        exchange, self._exchange = self._exchange, None
        if exchange is not None:
            exchange.client_lost()

    # --- the exchange's side

    def write(self, data: bytes) -> None:
        if self._transport is not None:
            self._transport.write(data)

    def pause(self, *, paused: bool) -> None:
        if self._transport is not None and not self._transport.is_closing():
            (self._transport.pause_reading if paused else self._transport.resume_reading)()

    def exchange_done(self, *, keep_alive: bool) -> None:
        self._exchange = None
        self.last_s = time.monotonic()
        if self._transport is None:
            return
        if not keep_alive:
            self._buffer = b""
            self._transport.close()
            return
        self.pause(paused=False)
        self._advance()

    def abort(self) -> None:
        self._exchange = None
        if self._transport is not None:
            self._transport.abort()

    def tunnel(self, upstream: Upstream, first: bytes, allowed: Callable[[], bool]) -> None:
        self._exchange = None
        self._tunnel = _Tunnel(self, upstream, allowed)
        upstream.listener = self._tunnel
        if first:
            self.write(first)
        waiting, self._buffer = self._buffer, b""
        if waiting:
            upstream.write(waiting)

    # --- the worker's side

    @property
    def is_idle(self) -> bool:
        return self._exchange is None and self._tunnel is None

    def close_if_idle(self) -> None:
        if self.is_idle and self._transport is not None:
            self._transport.close()

    def enforce(self) -> None:
        """Hold what is still under way to a policy that came since."""
        if self._exchange is not None:
            self._exchange.enforce()
        if self._tunnel is not None and not self._tunnel.allowed():
            self.abort()

    def tick(self, now_s: float) -> None:
        """Close what has been silent for too long."""
        timeouts = self._context.settings.timeouts
        if self._exchange is not None:
            if now_s - self._exchange.last_s > timeouts.response_s:
                self._exchange.timed_out()
        elif self._tunnel is None and (now_s - self._since_s > timeouts.head_s if self._buffer else now_s - self.last_s > timeouts.idle_s):
            self.abort()


class _Tunnel:
    """The origin's side of a WebSocket, passed on as it comes."""

    def __init__(self, client: Downstream, upstream: Upstream, allowed: Callable[[], bool]) -> None:
        self._client = client
        self.upstream = upstream
        self.allowed = allowed

    def upstream_data(self, data: bytes) -> None:
        self._client.write(data)

    def upstream_lost(self) -> None:
        self._client.abort()

    def upstream_paused(self, *, paused: bool) -> None:
        self._client.pause(paused=paused)

    def pause(self, *, paused: bool) -> None:
        transport = self.upstream.transport
        if transport is not None:
            (transport.pause_reading if paused else transport.resume_reading)()

    def close(self) -> None:
        transport = self.upstream.transport
        self.upstream.listener = None
        if transport is not None:
            transport.close()
