"""Record what passes, for ``stanch scan``: one exchange a line, bounded, sealed unless someone chose otherwise.

Never in the way: when the bound is reached, recording stops and says how much it left out.
"""

import os
from base64 import b64encode
from pathlib import Path
from typing import BinaryIO

import orjson

from stanch.engines.tapfile import MAGIC, make_key, seal
from stanch.errors import InputError
from stanch.traffic.exchange import Exchange

MAX_BODY_BYTES = 1024 * 1024


class Tap:
    """Writes exchanges to a file."""

    def __init__(self, path: Path, *, sealed: bool = True, max_bytes: int = 1024 * 1024 * 1024) -> None:
        self._max_bytes = max_bytes
        self.n_left_out = 0
        self._key = make_key(path) if sealed else b""
        try:
            self._file: BinaryIO = os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab")
        except OSError as error:
            raise InputError(f"can't be written: {error.strerror}", where=str(path)) from None
        self._n_bytes = self._file.tell()
        if sealed and self._n_bytes == 0:
            self._n_bytes += self._file.write(MAGIC)

    def __call__(self, exchange: Exchange) -> None:
        """Record one exchange."""
        line = orjson.dumps(row(exchange))
        out = seal(self._key, line + b"\n") if self._key else line + b"\n"
        if self._n_bytes + len(out) > self._max_bytes:
            self.n_left_out += 1
            return
        try:
            self._n_bytes += self._file.write(out)
        except OSError:
            self.n_left_out += 1

    def flush(self) -> None:
        self._file.flush()

    def close(self) -> None:
        self._file.close()


def row(exchange: Exchange) -> dict[str, object]:
    """Write an exchange as ``docs/ndjson.md`` has it, bodies as they came over the wire."""
    return {
        "method": exchange.method,
        "url": exchange.url,
        "request_headers": list(exchange.request_headers),
        "request_body_base64": b64encode(exchange.request_body).decode(),
        "status": exchange.status,
        "response_headers": list(exchange.response_headers),
        "response_body_base64": b64encode(exchange.response_body).decode(),
        "decoded": False,
        "started_at": exchange.started_at.isoformat() if exchange.started_at else None,
        "client_ip": exchange.client_ip,
    }
