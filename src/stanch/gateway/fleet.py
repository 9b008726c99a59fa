"""The workers of one gateway: one in this process, or several in processes of their own that share the port.

The parent never touches traffic: it hands policies down, gathers acknowledgements and counts, and starts anew what dies, under the policy that holds.
"""

import asyncio
import signal
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any

import orjson

from stanch.contain.parse import parse_policy
from stanch.contain.policy import Policy, to_dict
from stanch.gateway.admin import Applied
from stanch.gateway.config import Address
from stanch.gateway.metrics import Metrics, merged
from stanch.gateway.worker import Worker, new_loop

ACK_TIMEOUT_S = 5.0
LOOK_EVERY_S = 0.5
MakeWorker = Callable[[int], Worker]
"""Makes the worker of a number; called in the worker's own process, so it has to be importable."""


class Single:
    """One worker in this process and loop."""

    def __init__(self, worker: Worker) -> None:
        self._worker = worker

    @property
    def policy(self) -> Policy | None:
        return self._worker.context.ruling.policy

    async def apply(self, policy: Policy | None) -> Applied:
        started_s = time.perf_counter()
        self._worker.put_in_force(policy)
        return applied(policy, 1, 1, started_s)

    async def metrics(self) -> tuple[Metrics, dict[str, float]]:
        return self._worker.context.metrics, self._worker.gauges()

    def facts(self) -> dict[str, object]:
        return {"n_workers": 1, "n_open": self._worker.n_open, "tripped": sorted(self._worker.context.ruling.tripped)}


def applied(policy: Policy | None, n_workers: int, n_acknowledged: int, started_s: float) -> Applied:
    return Applied(
        rev=policy.rev if policy else 0,
        digest=policy.digest if policy else "",
        enforced_at=datetime.now(UTC),
        n_workers=n_workers,
        n_acknowledged=n_acknowledged,
        took_ms=(time.perf_counter() - started_s) * 1000,
    )


@dataclass(slots=True)
class Child:
    number: int
    process: BaseProcess
    pipe: Connection
    waiting: dict[int, asyncio.Future[Any]] = field(default_factory=dict)


class Processes:
    """Several workers, each in its own process."""

    def __init__(self, make: MakeWorker, n_workers: int) -> None:
        self._make = make
        self._n_workers = n_workers
        self._children: list[Child] = []
        self._policy: Policy | None = None
        self._next = 0
        self._address = Address(host="127.0.0.1", port=0)
        self._reserved: socket.socket | None = None
        self._watching: asyncio.Task[None] | None = None
        self.n_restarts = 0

    @property
    def policy(self) -> Policy | None:
        return self._policy

    async def start(self, listen: Address) -> Address:
        """Take the port, then start every worker on it."""
        self._reserved = socket.socket(socket.AF_INET6 if ":" in listen.host else socket.AF_INET)
        self._reserved.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._reserved.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        self._reserved.bind((listen.host, listen.port))
        self._address = Address(host=listen.host, port=self._reserved.getsockname()[1])
        self._children = [self._spawn(number) for number in range(self._n_workers)]
        await asyncio.gather(*(self._ask(child, "ready", None, timeout_s=60) for child in self._children))
        self._watching = asyncio.get_running_loop().create_task(self._watch())
        return self._address

    def _spawn(self, number: int) -> Child:
        context = get_context("spawn")
        ours, theirs = context.Pipe()
        process = context.Process(target=serve_worker, args=(self._make, number, self._address, theirs), daemon=True)
        process.start()
        theirs.close()
        child = Child(number, process, ours)
        asyncio.get_running_loop().add_reader(ours.fileno(), self._heard, child)
        return child

    def _heard(self, child: Child) -> None:
        try:
            number, value = child.pipe.recv()
        except (EOFError, OSError):
            asyncio.get_running_loop().remove_reader(child.pipe.fileno())
            for future in child.waiting.values():
                if not future.done():
                    future.set_result(None)
            return
        future_or_none = child.waiting.pop(number, None)
        if future_or_none is not None and not future_or_none.done():
            future_or_none.set_result(value)

    async def _ask(self, child: Child, what: str, value: object, *, timeout_s: float = ACK_TIMEOUT_S) -> object:
        """Send a worker a message; give its answer, or ``None`` where it gives none in time."""
        self._next += 1
        number = self._next
        future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        child.waiting[number] = future
        try:
            child.pipe.send((number, what, value))
            return await asyncio.wait_for(future, timeout_s)
        except (TimeoutError, OSError):
            return None
        finally:
            child.waiting.pop(number, None)

    async def apply(self, policy: Policy | None) -> Applied:
        started_s = time.perf_counter()
        self._policy = policy
        text = orjson.dumps(to_dict(policy)) if policy else None
        answers = await asyncio.gather(*(self._ask(child, "policy", text) for child in self._children))
        return applied(policy, len(self._children), sum(answer is True for answer in answers), started_s)

    async def metrics(self) -> tuple[Metrics, dict[str, float]]:
        answers = await asyncio.gather(*(self._ask(child, "metrics", None) for child in self._children))
        told = [answer for answer in answers if isinstance(answer, tuple)]
        gauges: dict[str, float] = {"stanch_workers": len(told), "stanch_worker_restarts": self.n_restarts}
        for _, its in told:
            for name, value in its.items():
                summed = name.startswith(("stanch_connections", "stanch_upstream"))
                gauges[name] = gauges.get(name, 0) + value if summed else value
        return merged(snapshot for snapshot, _ in told), gauges

    def facts(self) -> dict[str, object]:
        return {"n_workers": len(self._children), "n_restarts": self.n_restarts}

    async def _watch(self) -> None:
        """Replace workers that died; a new one gets the policy before it listens."""
        while True:
            await asyncio.sleep(LOOK_EVERY_S)
            for at, child in enumerate(self._children):
                if not child.process.is_alive():
                    self.n_restarts += 1
                    self._children[at] = fresh = self._spawn(child.number)
                    text = orjson.dumps(to_dict(self._policy)) if self._policy else None
                    await self._ask(fresh, "policy", text, timeout_s=60)

    async def drain(self) -> None:
        if self._watching is not None:
            self._watching.cancel()
        await asyncio.gather(*(self._ask(child, "drain", None, timeout_s=60) for child in self._children))
        self.close()

    def close(self) -> None:
        if self._watching is not None:
            self._watching.cancel()
        for child in self._children:
            child.process.terminate()
            child.process.join(5)
        if self._reserved is not None:
            self._reserved.close()


def serve_worker(make: MakeWorker, number: int, listen: Address, pipe: Connection) -> None:
    """Run one worker until its parent goes or says so. The entry point of a worker's process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    loop = new_loop()
    asyncio.set_event_loop(loop)
    worker = make(number)
    hearing = _Hearing(worker, listen, pipe, loop)
    loop.add_reader(pipe.fileno(), hearing.heard)
    loop.run_forever()
    worker.stop()
    loop.close()


class _Hearing:
    """The worker's end of the pipe. The worker listens only once it has been told a policy, or that there is none."""

    def __init__(self, worker: Worker, listen: Address, pipe: Connection, loop: asyncio.AbstractEventLoop) -> None:
        self._worker = worker
        self._listen = listen
        self._pipe = pipe
        self._loop = loop
        self._listening = False
        self._tasks: set[asyncio.Task[None]] = set()

    def heard(self) -> None:
        try:
            number, what, value = self._pipe.recv()
        except (EOFError, OSError):
            self._loop.stop()
            return
        task = self._loop.create_task(self._do(number, what, value))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _do(self, number: int, what: str, value: object) -> None:
        if what == "policy":
            self._worker.put_in_force(parse_policy(value, name="policy") if isinstance(value, bytes) else None)
            await self._listen_now()
            self._pipe.send((number, True))
        elif what == "ready":
            self._pipe.send((number, True))
        elif what == "metrics":
            self._pipe.send((number, (self._worker.context.metrics.snapshot(), self._worker.gauges())))
        elif what == "drain":
            self._pipe.send((number, await self._worker.drain()))
            self._loop.stop()

    async def _listen_now(self) -> None:
        if not self._listening:
            self._listening = True
            await self._worker.start(self._listen, reuse_port=True)
