"""Connections to the origin: kept alive, the most recently used first, each serving one exchange at a time."""

import asyncio
from typing import Protocol, cast

from stanch.gateway.config import Settings


class Listener(Protocol):
    """Whoever waits for the origin's answer."""

    def upstream_data(self, data: bytes) -> None: ...

    def upstream_lost(self) -> None: ...

    def upstream_paused(self, *, paused: bool) -> None: ...


class Upstream(asyncio.Protocol):
    """One connection to the origin."""

    def __init__(self, pool: "Pool") -> None:
        self._pool = pool
        self.transport: asyncio.Transport | None = None
        self.listener: Listener | None = None
        self.n_served = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        if self.listener is None:
            # nobody asked: whatever this is, the next exchange must not take it for its answer
            self.abort()
        else:
            self.listener.upstream_data(data)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 -- asyncio's signature
        self.transport = None
        self._pool.forget(self)
        listener, self.listener = self.listener, None
        if listener is not None:
            listener.upstream_lost()

    def pause_writing(self) -> None:
        if self.listener is not None:
            self.listener.upstream_paused(paused=True)

    def resume_writing(self) -> None:
        if self.listener is not None:
            self.listener.upstream_paused(paused=False)

    def write(self, data: bytes) -> None:
        if self.transport is not None:
            self.transport.write(data)

    def abort(self) -> None:
        self.listener = None
        if self.transport is not None:
            self.transport.abort()


class Pool:
    """Idle connections, and new ones."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._idle: list[Upstream] = []
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def n_idle(self) -> int:
        return len(self._idle)

    def take(self) -> Upstream | None:
        """Give an idle connection that is still open."""
        while self._idle:
            found = self._idle.pop()
            if found.transport is not None and not found.transport.is_closing():
                return found
        return None

    def give_back(self, upstream: Upstream) -> None:
        upstream.listener = None
        upstream.n_served += 1
        if len(self._idle) >= self._settings.max_idle_upstream or upstream.transport is None:
            upstream.abort()
        else:
            upstream.transport.resume_reading()
            self._idle.append(upstream)

    def forget(self, upstream: Upstream) -> None:
        if upstream in self._idle:
            self._idle.remove(upstream)

    def connect(self, on_open: "Opened") -> None:
        """Open a connection; ``on_open`` gets it, or ``None`` where the origin can't be reached."""
        task = asyncio.get_running_loop().create_task(self._connect(on_open))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _connect(self, on_open: "Opened") -> None:
        settings = self._settings
        try:
            async with asyncio.timeout(settings.timeouts.connect_s):
                _, protocol = await asyncio.get_running_loop().create_connection(
                    lambda: Upstream(self),
                    settings.upstream.host,
                    settings.upstream.port,
                    ssl=settings.upstream_tls,
                    server_hostname=(settings.upstream_name or settings.upstream.host) if settings.upstream_tls else None,
                )
        except (OSError, TimeoutError):
            on_open(None)
        else:
            on_open(protocol)

    def close(self) -> None:
        for upstream in list(self._idle):
            upstream.abort()
        self._idle.clear()


class Opened(Protocol):
    """What is called once a connection is there."""

    def __call__(self, upstream: Upstream | None, /) -> None: ...
