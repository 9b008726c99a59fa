"""NDJSON: one exchange a line, our own documented form (docs/ndjson.md)."""

from base64 import b64decode
from binascii import Error as Base64Error
from collections.abc import Iterator, Mapping

import orjson

from stanch.traffic.exchange import Exchange, Unreadable, method_of
from stanch.traffic.reader.har import headers as named_headers
from stanch.traffic.reader.har import moment
from stanch.traffic.reader.stream import Stream


def read_ndjson(stream: Stream, name: str) -> Iterator[Exchange | Unreadable]:
    """Give one exchange a line; blank lines are passed over."""
    for number, line in enumerate(stream.lines(), 1):
        text = line.strip().removeprefix(b"\xef\xbb\xbf")
        if text:
            yield line_exchange(text, f"{name}#line {number}")


def line_exchange(line: bytes, where: str) -> Exchange | Unreadable:
    try:
        row = orjson.loads(line)
    except orjson.JSONDecodeError:
        return Unreadable(where=where, reason="the line is no JSON")
    if not isinstance(row, dict) or not isinstance(row.get("method"), str) or not isinstance(row.get("url"), str):
        return Unreadable(where=where, reason="the line has no 'method' and 'url'")
    return row_exchange(row, where)


def row_exchange(row: Mapping[str, object], where: str) -> Exchange | Unreadable:
    """Make an exchange of named columns; Parquet rows have the same."""
    try:
        return Exchange(
            where=where, method=method_of(str(row["method"])), url=str(row["url"]), request_headers=pairs(row.get("request_headers")),
            request_body=body(row, "request_body"), status=int(str(row.get("status") or 0)), response_headers=pairs(row.get("response_headers")),
            response_body=body(row, "response_body"), decoded=bool(row.get("decoded", "response_body_base64" not in row)),
            started_at=moment(row.get("started_at")) if row.get("started_at") else None, client_ip=str(row["client_ip"]) if row.get("client_ip") else None,
        )  # fmt: skip
    except (ValueError, TypeError, Base64Error):
        return Unreadable(where=where, reason="a column has a value of the wrong kind")


def pairs(value: object) -> tuple[tuple[str, str], ...]:
    if isinstance(value, list) and all(isinstance(p, (list, tuple)) and len(p) == 2 for p in value):
        return tuple((str(k), str(v)) for k, v in value)
    return named_headers(value)


def body(row: Mapping[str, object], column: str) -> bytes:
    coded = row.get(f"{column}_base64")
    if isinstance(coded, str):
        return b64decode(coded, validate=True)
    value = row.get(column)
    if value is None:
        return b""
    if isinstance(value, bytes):
        return value
    return value.encode("utf-8", "surrogatepass") if isinstance(value, str) else orjson.dumps(value)
