"""Live pages: one watcher of the journal for everybody who looks, over server-sent events."""

import asyncio
from collections.abc import AsyncIterator

from asgiref.sync import sync_to_async
from django.db import close_old_connections
from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse

from stanch.console import selectors
from stanch.console.models import Stream
from stanch.console.shell import actor_of

EVERY_S = 0.5
BEAT_S = 20.0
MAX_S = 3_600.0
"""A stream ends after an hour; the browser asks again, and its rights are checked again."""


class Watcher:
    """Read the sizes of all watched journals once for all listeners."""

    def __init__(self) -> None:
        self._sizes: dict[str, int] = {}
        self._wanted: dict[str, int] = {}
        self._changed = asyncio.Condition()
        self._task: asyncio.Task[None] | None = None

    async def watch(self, key: str) -> AsyncIterator[int | None]:
        """Give the journal's size whenever it grows, and nothing as a heartbeat."""
        self._wanted[key] = self._wanted.get(key, 0) + 1
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._run())
        seen = self._sizes.get(key)
        try:
            while True:
                yield await self._next(key, seen)
                seen = self._sizes.get(key)
        finally:
            self._wanted[key] -= 1
            if not self._wanted[key]:
                del self._wanted[key]

    async def _next(self, key: str, seen: int | None) -> int | None:
        try:
            async with asyncio.timeout(BEAT_S), self._changed:
                await self._changed.wait_for(lambda: self._sizes.get(key) != seen)
        except TimeoutError:
            return None
        return self._sizes.get(key)

    async def _run(self) -> None:
        while self._wanted:
            sizes = await sync_to_async(read_sizes)(list(self._wanted))
            if sizes != self._sizes:
                async with self._changed:
                    self._sizes = sizes
                    self._changed.notify_all()
            await asyncio.sleep(EVERY_S)


def read_sizes(keys: list[str]) -> dict[str, int]:
    close_old_connections()
    return dict(Stream.objects.filter(key__in=keys).values_list("key", "size"))


_watchers: dict[int, Watcher] = {}


def watcher() -> Watcher:
    """Give the watcher of this event loop."""
    return _watchers.setdefault(id(asyncio.get_running_loop()), Watcher())


async def stream(request: HttpRequest, key: str) -> HttpResponseBase:
    """Say when the incident changes; the page then asks for its parts anew."""
    await sync_to_async(lambda: selectors.case(actor_of(request), key))()
    response = StreamingHttpResponse(changes(key), content_type="text/event-stream")
    response.headers["X-Accel-Buffering"] = "no"
    return response


async def changes(key: str) -> AsyncIterator[bytes]:
    yield b"retry: 2000\n\n"
    ends = asyncio.get_running_loop().time() + MAX_S
    async for size in watcher().watch(key):
        yield b": still here\n\n" if size is None else f"event: changed\ndata: {size}\n\n".encode()
        if asyncio.get_running_loop().time() > ends:
            return
