"""One worker: a listening socket, its connections, and the policy that they run under."""

import asyncio
import socket
import time

from stanch.contain.plan_for import Maskers
from stanch.contain.policy import Policy
from stanch.errors import OutsideError
from stanch.gateway.accesslog import AccessLog, RouteNames, Write
from stanch.gateway.config import Address, Settings
from stanch.gateway.context import Context, Tap
from stanch.gateway.downstream import Downstream
from stanch.gateway.metrics import Metrics
from stanch.gateway.ruling import Ruling
from stanch.gateway.upstream import Pool

TICK_S = 0.5


class Worker:
    """Accepts, serves, and drains. All methods belong to the loop's thread."""

    def __init__(self, settings: Settings, *, log: Write | None = None, tap: Tap | None = None) -> None:
        self.settings = settings
        self._maskers = Maskers(key=settings.key, engine=settings.engine)
        self.context = Context(
            settings=settings,
            ruling=Ruling(None, self._maskers),
            metrics=Metrics(),
            log=AccessLog(log),
            pool=Pool(settings),
            names=RouteNames(settings.routes),
            tap=tap,
        )
        self._server: asyncio.Server | None = None
        self._open: set[Downstream] = set()
        self._ticking: asyncio.TimerHandle | None = None
        self.started_s = time.time()

    def opened(self, connection: Downstream) -> None:
        self._open.add(connection)

    def closed(self, connection: Downstream) -> None:
        self._open.discard(connection)

    @property
    def n_open(self) -> int:
        return len(self._open)

    async def start(self, listen: Address, *, reuse_port: bool = False) -> Address:
        """Listen; give the address, whose port is the real one.

        Raises: OutsideError where the address can't be had.
        """
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(self._on_fault)
        try:
            self._server = await loop.create_server(
                lambda: Downstream(self.context, self), listen.host, listen.port, ssl=self.settings.tls, reuse_port=reuse_port or None, backlog=1024
            )
        except OSError as error:
            raise OutsideError(f"can't listen: {error.strerror}", where=str(listen), hint="is the port taken?") from None
        for sock in self._server.sockets:
            if sock.family in {socket.AF_INET, socket.AF_INET6}:
                sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._tick()
        return Address(host=listen.host, port=self._server.sockets[0].getsockname()[1])

    def _on_fault(self, _loop: asyncio.AbstractEventLoop, context: dict[str, object]) -> None:
        """Count a fault by its kind; its text could hold a value."""
        kind = type(context.get("exception")).__name__
        if kind not in {"ConnectionResetError", "BrokenPipeError", "SSLError"}:
            self.context.metrics.add("stanch_faults_total", kind=kind)

    def put_in_force(self, policy: Policy | None) -> None:
        """Make a policy hold from the next decision on, and for responses that have not begun to leave."""
        old = self.context.ruling
        ruling = Ruling(policy, self._maskers, buckets=old.buckets, other_hosts=self.settings.other_hosts)
        if policy and old.policy and policy.name == old.policy.name:
            ruling.tripped = old.tripped if policy.rev == old.policy.rev else frozenset()
        self.context.ruling = ruling
        if policy is not None and self._open:
            asyncio.get_running_loop().call_later(self.settings.timeouts.grace_s, self._enforce)

    def _enforce(self) -> None:
        """Cut off what has gone on leaving since before the policy came."""
        for connection in list(self._open):
            connection.enforce()

    def _tick(self) -> None:
        self._ticking = asyncio.get_running_loop().call_later(TICK_S, self._tick)
        self._flush()
        now_s = time.monotonic()
        for connection in list(self._open):
            connection.tick(now_s)

    async def drain(self) -> bool:
        """Stop accepting, let what is under way end, close the rest; tell whether everything ended by itself."""
        self.context.draining = True
        if self._server is not None:
            self._server.close()
        for connection in list(self._open):
            connection.close_if_idle()
        until_s = time.monotonic() + self.settings.timeouts.drain_s
        while self._open and time.monotonic() < until_s:  # noqa: ASYNC110 -- connections end in callbacks; a stop is no hot path
            await asyncio.sleep(0.02)
        clean = not self._open
        self.stop()
        return clean

    def stop(self) -> None:
        """Close everything now."""
        if self._ticking is not None:
            self._ticking.cancel()
        if self._server is not None:
            self._server.close()
        for connection in list(self._open):
            connection.abort()
        self.context.pool.close()
        self._flush()

    def _flush(self) -> None:
        self.context.log.flush()
        if self.context.tap is not None:
            self.context.tap.flush()

    def gauges(self) -> dict[str, float]:
        ruling = self.context.ruling
        policy = ruling.policy
        return {
            "stanch_connections_open": self.n_open,
            "stanch_upstream_connections_idle": self.context.pool.n_idle,
            "stanch_policy_rev": policy.rev if policy else 0,
            "stanch_policy_rules": len(policy.rules) if policy and not ruling.expired else 0,
            "stanch_policy_expires_in_seconds": policy.expires.timestamp() - time.time() if policy and policy.expires else float("inf"),
            "stanch_canaries_tripped": len(ruling.tripped),
            "stanch_uptime_seconds": time.time() - self.started_s,
        }


def new_loop() -> asyncio.AbstractEventLoop:
    """Make the fastest loop there is."""
    try:
        import uvloop  # noqa: PLC0415 -- an extra: without it asyncio's own loop serves
    except ImportError:
        return asyncio.new_event_loop()
    loop: asyncio.AbstractEventLoop = uvloop.new_event_loop()
    return loop
