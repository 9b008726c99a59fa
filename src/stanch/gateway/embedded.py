"""A gateway inside this process, on a thread of its own: for the demo, the console and tests, and for whoever wants one line."""

import asyncio
import secrets
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from types import TracebackType
from typing import Any, Self, TypeVar

from stanch.contain.policy import Policy
from stanch.errors import OutsideError
from stanch.gateway.accesslog import Write
from stanch.gateway.config import Address, Settings
from stanch.gateway.context import Tap
from stanch.gateway.worker import Worker, new_loop

T = TypeVar("T")
CALL_TIMEOUT_S = 40.0


class Embedded:
    """A worker and its loop; use it as a context."""

    def __init__(self, settings: Settings, *, listen: Address | None = None, log: Write | None = None, tap: Tap | None = None) -> None:
        self._listen = listen or Address(host="127.0.0.1", port=0)
        self.worker = Worker(settings, log=log, tap=tap)
        self._loop = new_loop()
        self._thread = threading.Thread(target=self._run, name="stanch-gateway", daemon=True)
        self.address = self._listen

    @property
    def url(self) -> str:
        return f"{'https' if self.worker.settings.tls else 'http'}://{self.address}"

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_forever()
        self._loop.close()

    def _await(self, work: Coroutine[Any, Any, T]) -> T:
        future: Future[T] = asyncio.run_coroutine_threadsafe(work, self._loop)
        return future.result(CALL_TIMEOUT_S)

    def start(self) -> Self:
        """Listen.

        Raises: OutsideError where the address can't be had.
        """
        self._thread.start()
        try:
            self.address = self._await(self.worker.start(self._listen))
        except OutsideError:
            self._end()
            raise
        return self

    def apply(self, policy: Policy | None) -> None:
        """Put a policy in force, or none; returns once it is."""
        self._await(self._call(lambda: self.worker.put_in_force(policy)))

    async def _call(self, work: Callable[[], T]) -> T:
        return work()

    def metrics(self) -> dict[str, object]:
        return self._await(self._call(self.worker.context.metrics.snapshot))

    def drain(self) -> bool:
        """Stop accepting and wait for what is under way."""
        return self._await(self.worker.drain())

    def close(self) -> None:
        self._await(self._call(self.worker.stop))
        self._end()

    def _end(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(CALL_TIMEOUT_S)

    def __enter__(self) -> Self:
        """Start listening."""
        return self.start()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Stop at once."""
        self.close()


def new_key() -> bytes:
    """Make a key for hashes, good for this process."""
    return secrets.token_bytes(32)
