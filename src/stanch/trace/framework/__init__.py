"""How each framework declares its routes. One file a framework; each reads what ``gather`` kept and gives facts."""

from collections.abc import Callable, Iterator

from stanch.trace.framework import django, drf, fastapi, flask, litestar, ninja, restful, starlette, table
from stanch.trace.gather import Gathered
from stanch.trace.summary import Container, Mount, RawRoute

Fact = RawRoute | Mount | Container
COLLECTORS: tuple[Callable[[Gathered], Iterator[Fact]], ...] = (
    flask.collect,
    fastapi.collect,
    restful.collect,
    django.collect,
    drf.collect,
    ninja.collect,
    litestar.collect,
    starlette.collect,
    table.collect,
)
