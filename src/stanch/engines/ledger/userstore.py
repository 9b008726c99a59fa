"""The customer's own user store, read once from end to end: CSV, an SQL query, or JSON over HTTP from allowed hosts.

Nothing is asked about single people. Asking for one person after another would tell the store's logs who was affected; reading all tells nothing.
"""

import csv
import ipaddress
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Protocol
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

import msgspec

from stanch.errors import InputError, OutsideError
from stanch.ledger.addressee import Row

TIMEOUT_S = 30
MAX_LINE_BYTES = 1 << 20


class UserStore(Protocol):
    """Gives every user once."""

    def rows(self) -> Iterator[Row]: ...


class Cursor(Protocol):
    """What is needed of a DB-API cursor. Source: PEP 249."""

    @property
    def description(self) -> Iterable[tuple[object, ...]] | None: ...

    def execute(self, query: str, /) -> object: ...

    def __iter__(self) -> Iterator[tuple[object, ...]]: ...


class CsvStore:
    """A CSV file with a header line."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def rows(self) -> Iterator[Row]:
        if not self.path.is_file():
            raise InputError("there is no such file", where=str(self.path))
        try:
            with self.path.open(newline="", encoding="utf-8-sig") as stream:
                for number, row in enumerate(csv.DictReader(stream), 2):
                    if None in row or None in row.values():
                        raise InputError("the line has more or fewer cells than the header", where=f"{self.path}:{number}")
                    yield row
        except (OSError, UnicodeDecodeError, csv.Error) as error:
            raise InputError(
                f"the user store can't be read: {type(error).__name__}", where=str(self.path), hint="is it CSV in UTF-8 with a header line?"
            ) from None


class SqlStore:
    """A query through a DB-API cursor; a column that is NULL is left out."""

    def __init__(self, cursor: Cursor, query: str) -> None:
        self.cursor = cursor
        self.query = query

    def rows(self) -> Iterator[Row]:
        self.cursor.execute(self.query)
        names = [str(column[0]) for column in self.cursor.description or ()]
        for cells in self.cursor:
            yield {name: str(cell) for name, cell in zip(names, cells, strict=True) if cell is not None}


class SqliteStore:
    """A query on an SQLite file, opened so that it can't be written."""

    def __init__(self, path: Path, query: str) -> None:
        self.path = path
        self.query = query

    def rows(self) -> Iterator[Row]:
        if not self.path.is_file():
            raise InputError("there is no such database", where=str(self.path))
        try:
            with closing(sqlite3.connect(f"{self.path.resolve().as_uri()}?mode=ro", uri=True)) as connection:
                yield from SqlStore(connection.cursor(), self.query).rows()
        except sqlite3.Error as error:
            raise InputError(f"the query failed: {type(error).__name__}", where=str(self.path), hint="give a SELECT with --query") from None


class Stay(HTTPRedirectHandler):
    """Follows no redirect: the allowed host must answer itself."""

    def redirect_request(self, *args: object) -> None:
        """Refuse."""


class HttpStore:
    """JSON lines from a loopback address, or from a host that was allowed by name."""

    def __init__(self, url: str, *, allowed: Iterable[str] = (), headers: dict[str, str] | None = None) -> None:
        host = urlsplit(url).hostname or ""
        if urlsplit(url).scheme not in {"http", "https"} or not (is_loopback(host) or (host in set(allowed) and url.startswith("https:"))):
            raise InputError(
                "user stores are asked on loopback, or over https on a host that is allowed by name",
                where="--users",
                hint="allow the host with --allow-host",
            )
        self.url = url
        self.headers = headers or {}

    def rows(self) -> Iterator[Row]:
        request = Request(self.url, headers={"Accept": "application/x-ndjson", **self.headers})  # noqa: S310 -- the scheme was checked
        try:
            with build_opener(Stay).open(request, timeout=TIMEOUT_S) as answer:
                number = 0
                while line := answer.readline(MAX_LINE_BYTES):
                    number += 1
                    if line.strip():
                        yield user_of(line, number)
        except HTTPError as error:
            error.close()
            raise OutsideError(f"the user store answered {error.code}", where="--users", permanent=400 <= error.code < 500) from None
        except (URLError, TimeoutError, ConnectionError) as error:
            raise OutsideError(f"the user store can't be reached: {type(error).__name__}", where="--users") from None


def user_of(line: bytes, number: int) -> Row:
    try:
        found = msgspec.json.decode(line, type=dict[str, str | int | None])
    except msgspec.DecodeError:
        raise InputError("the line is no flat JSON object", where=f"--users line {number}") from None
    return {name: str(value) for name, value in found.items() if value is not None}


def is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
