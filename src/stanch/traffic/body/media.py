"""What a body is said to be, and what it looks like.

Decides the declared format from ``Content-Type`` and a guess from the first bytes.
Refuses to decode.

Source: RFC 9110 §8.3, RFC 6838 (structured suffixes).
"""

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal

from stanch.traffic.body.json_text import looks_like_json_lines

Format = Literal[
    "json", "ndjson", "sse", "form", "multipart", "xml", "html", "text", "csv", "msgpack", "protobuf", "grpc",
    "grpc-text", "graphql", "http", "opaque", "unknown",
]  # fmt: skip

_PARAM = re.compile(r';\s*([\w.!#$%&\'*+^`|~-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;"]*))')
_FORM = re.compile(rb"[\w.%+*~\[\]!'()$:@,/-]+=[^&\s]*(?:&[\w.%+*~\[\]!'()$:@,/-]+=[^&\s]*|&)*")
_MAGIC = (
    b"\x89PNG", b"\xff\xd8\xff", b"GIF87a", b"GIF89a", b"%PDF-", b"PK\x03\x04", b"PK\x05\x06", b"wOFF", b"wOF2",
    b"OggS", b"ID3", b"fLaC", b"\x00\x00\x01\x00", b"\x00asm", b"7z\xbc\xaf", b"Rar!", b"BZh", b"\xfd7zXZ",
    b"\x1aE\xdf\xa3", b"II*\x00", b"MM\x00*", b"SQLite format 3", b"\x00\x01\x00\x00\x00", b"OTTO", b"\xd0\xcf\x11\xe0",
    b"PAR1", b"FLV\x01",
)  # fmt: skip
_OPAQUE_TOP = ("image/", "audio/", "video/", "font/", "model/")
_EXACT: dict[str, Format] = {
    "application/x-www-form-urlencoded": "form",
    "application/x-ndjson": "ndjson",
    "application/ndjson": "ndjson",
    "application/jsonl": "ndjson",
    "application/jsonlines": "ndjson",
    "application/x-jsonlines": "ndjson",
    "application/json-seq": "ndjson",
    "application/json-lines": "ndjson",
    "application/stream+json": "ndjson",
    "text/event-stream": "sse",
    "text/html": "html",
    "application/xhtml+xml": "html",
    "text/csv": "csv",
    "text/tab-separated-values": "csv",
    "application/csv": "csv",
    "application/graphql": "graphql",
    "application/http": "http",
    "application/msgpack": "msgpack",
    "application/x-msgpack": "msgpack",
    "application/vnd.msgpack": "msgpack",
    "application/x-protobuf": "protobuf",
    "application/protobuf": "protobuf",
    "application/vnd.google.protobuf": "protobuf",
    "application/x-google-protobuf": "protobuf",
    "text/javascript": "opaque",
    "application/javascript": "opaque",
    "application/x-javascript": "opaque",
    "application/ecmascript": "opaque",
    "text/css": "opaque",
    "application/pdf": "opaque",
    "application/zip": "opaque",
    "application/gzip": "opaque",
    "application/x-gzip": "opaque",
    "application/wasm": "opaque",
    "application/vnd.ms-fontobject": "opaque",
    "application/font-woff": "opaque",
    "application/x-font-ttf": "opaque",
    "application/octet-stream": "unknown",
    "binary/octet-stream": "unknown",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Media:
    type: str
    """Lower case, such as ``application/json``; empty where not declared."""
    format: Format
    params: dict[str, str] = field(default_factory=dict)
    """Names in lower case."""

    @property
    def charset(self) -> str | None:
        return self.params.get("charset")


@lru_cache(maxsize=256)
def parse_media(header: str | None) -> Media:
    """Read ``Content-Type``; never fails."""
    head, _, _ = (header or "").partition(";")
    name = head.strip().lower()
    params: dict[str, str] = {}
    for match in _PARAM.finditer((header or "")[:4096]):
        value = match[3].strip() if match[2] is None else re.sub(r"\\(.)", r"\1", match[2])
        params.setdefault(match[1].lower(), value)
    return Media(type=name, format=declared_format(name), params=params)


def declared_format(name: str) -> Format:
    if (exact := _EXACT.get(name)) is not None:
        return exact
    if name.startswith("application/grpc"):
        return "grpc-text" if name.startswith("application/grpc-web-text") else "grpc"
    if name.startswith("multipart/"):
        return "multipart"
    return _by_suffix(name)


def _by_suffix(name: str) -> Format:
    if name.endswith(("+xml", "/xml")):
        return "opaque" if name.startswith("image/") else "xml"
    if name.endswith("json") or "json;" in name or name == "application/json5":
        return "json"
    if "protobuf" in name:
        return "protobuf"
    if name.endswith("msgpack"):
        return "msgpack"
    if name.startswith(_OPAQUE_TOP):
        return "opaque"
    return "text" if name.startswith("text/") else "unknown"


def has_opaque_magic(data: bytes) -> bool:
    """See an image, archive, font or document by its first bytes."""
    if data.startswith(_MAGIC):
        return True
    return data[4:8] == b"ftyp" or (data.startswith(b"RIFF") and data[8:12] in {b"WEBP", b"WAVE", b"AVI "})


def sniff(data: bytes) -> Format:
    """Guess from the first bytes alone."""
    head = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n")
    first = head[:1]
    if has_opaque_magic(data):
        return "opaque"
    if first in {b"{", b"["}:
        return "ndjson" if looks_like_json_lines(data) else "json"
    if first == b"<":
        return _markup(head.lower())
    if head.startswith((b")]}'", b"while(1)", b"while (1)", b"for(;;)", b"for (;;)")):
        return "json"
    if head.startswith((b"data:", b"event:")) and b"\n" in data:
        return "sse"
    if head.startswith(b"--") and b"content-disposition:" in data[:2048].lower():
        return "multipart"
    return "form" if len(data) < 1_000_000 and _FORM.fullmatch(data.strip()) else "unknown"


def _markup(head: bytes) -> Format:
    if head.startswith((b"<!doctype html", b"<html", b"<head", b"<body", b"<script", b"<div", b"<p>", b"<!--")):
        return "html"
    return "xml"
