"""From an exchange to documents: one tree for each position that says something.

Decides what is decoded, in which order, and that whatever can't be is a value with a reason.
Refuses to know endpoints, datatypes or people.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import NamedTuple

from stanch.traffic.body.coding import GZIP_MAGIC, ZSTD_MAGIC, coding_names, join_chunks, undo_codings
from stanch.traffic.body.form import read_url
from stanch.traffic.body.formats import Source, read
from stanch.traffic.body.graphql import Operation, body_operations, query_operations, text_operations
from stanch.traffic.body.head import read_headers
from stanch.traffic.body.limits import TOO_DEEP, BodyError, Limits, Notes, Parsed
from stanch.traffic.body.media import parse_media
from stanch.traffic.body.nested import expand, may_hold_nested
from stanch.traffic.body.protobuf import method_types
from stanch.traffic.document import Document, Where
from stanch.traffic.exchange import Exchange, Headers, Unreadable, header_values

__all__ = ["Decoded", "Limits", "Operation", "decode"]

_MAGIC = {"gzip": GZIP_MAGIC, "zstd": ZSTD_MAGIC}
_NO_LIMITS = Limits()


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Decoded:
    documents: tuple[Document, ...] = ()
    """In the order request URL, header, body, response header, body; a batch has one document for each operation."""
    undecodable: tuple[Unreadable, ...] = ()
    """Whole bodies, and parts of bodies whose rest is in ``documents``."""
    n_bytes: int = 0
    """Of both bodies, content codings undone."""
    n_opaque: int = 0
    """Images, archives, scripts and the like: nothing to decode, and no fault."""
    n_replaced: int = 0
    """Characters that were not valid in their charset and became U+FFFD."""
    operations: tuple[Operation, ...] = ()
    """GraphQL only; several in a batch."""

    def __repr__(self) -> str:
        """Count; never show."""
        return f"Decoded(documents={len(self.documents)}, undecodable={len(self.undecodable)})"


@dataclass(slots=True, kw_only=True)
class _Work:
    """One exchange on its way."""

    exchange: Exchange
    limits: Limits
    notes: Notes
    undecodable: list[Unreadable]
    n_bytes: int = 0

    def message(self, where: Where) -> tuple[Headers, bytes]:
        if where.startswith("request"):
            return self.exchange.request_headers, self.exchange.request_body
        return self.exchange.response_headers, self.exchange.response_body

    def attempt(self, where: str, read_it: Callable[[], Parsed | None]) -> Parsed | None:
        """Read one position; a failure becomes an entry, never an exception."""
        try:
            parsed = read_it()
        except BodyError as error:
            self._report(where, error.what)
            return None
        except RecursionError:
            self._report(where, TOO_DEEP)
            return None
        for problem in self.notes.problems:
            self._report(where, problem)
        self.notes.problems.clear()
        return parsed

    def _report(self, where: str, reason: str) -> None:
        self.undecodable.append(Unreadable(where=f"{self.exchange.where}.{where}", reason=reason))


def decode(exchange: Exchange, *, limits: Limits = _NO_LIMITS, descriptors: bytes | None = None) -> Decoded:
    """Decode all positions of an exchange; never raises for what the traffic holds.

    ``descriptors`` is a serialised ``FileDescriptorSet`` for protobuf and gRPC.
    """
    work = _Work(exchange=exchange, limits=limits, notes=Notes(), undecodable=[])
    schemas = _schemas(work, descriptors)
    url = work.attempt("request.url", lambda: Parsed(tree=read_url(exchange.url)))
    asked = _body(work, "request.body", schemas[0])
    told = _body(work, "response.body", schemas[1])
    operations = _operations(work, url, asked)
    documents = [
        *_document(work, "request.url", url),
        *_header(work, "request.header", exchange.request_headers),
        *_document(work, "request.body", asked),
        *_header(work, "response.header", exchange.response_headers),
        *_document(work, "response.body", told),
    ]
    return Decoded(
        documents=tuple(_with_operations(documents, operations)),
        undecodable=tuple(work.undecodable),
        n_bytes=work.n_bytes,
        n_opaque=work.notes.n_opaque,
        n_replaced=work.notes.n_replaced,
        operations=operations,
    )


class _Schema(NamedTuple):
    descriptors: bytes | None
    message_type: str | None


def _schemas(work: _Work, descriptors: bytes | None) -> tuple[_Schema, _Schema]:
    """Look a gRPC method up; a descriptor set that can't be used fails at the bodies that need it."""
    asked, told = _message_types(work, descriptors)
    return _Schema(descriptors, asked), _Schema(descriptors, told)


def _message_types(work: _Work, descriptors: bytes | None) -> tuple[str | None, str | None]:
    content_type = work.exchange.request_header("content-type") or work.exchange.response_header("content-type") or ""
    if descriptors is None or not content_type.lower().startswith("application/grpc"):
        return None, None
    try:
        return method_types(descriptors, work.exchange.path)
    except (BodyError, ValueError):
        return None, None


def _body(work: _Work, where: Where, schema: _Schema) -> Parsed | None:
    headers, body = work.message(where)
    if not body:
        return None
    fields = {name.lower(): value for name, value in reversed(headers)}

    def read_it() -> Parsed | None:
        data = _plain_bytes(work, headers, fields, body)
        work.n_bytes += len(data)
        source = Source(
            data=data,
            content_type=fields.get("content-type"),
            message_type=schema.message_type,
            descriptors=schema.descriptors,
            grpc_coding=fields.get("grpc-encoding", ""),
        )
        return read(source, work.limits, work.notes)

    return work.attempt(where, read_it)


def _plain_bytes(work: _Work, headers: Headers, fields: dict[str, str], body: bytes) -> bytes:
    """Undo framing and codings; where the recorder says it did, only what the magic number proves is left."""
    coded = "content-encoding" in fields
    names = coding_names(",".join(header_values(headers, "content-encoding"))) if coded else []
    if work.exchange.decoded:
        last = names[-1] if names else ""
        magic = _MAGIC.get(last)
        return undo_codings(body, names, work.limits) if magic and body.startswith(magic) else body
    if "chunked" in fields.get("transfer-encoding", "").lower():
        body = join_chunks(body)
    return undo_codings(body, names, work.limits)


def _operations(work: _Work, url: Parsed | None, asked: Parsed | None) -> tuple[Operation, ...]:
    found: tuple[Operation, ...] = ()

    def resolve() -> None:
        nonlocal found
        found = _find_operations(work, url, asked)

    work.attempt("request.body", resolve)
    return found


def _find_operations(work: _Work, url: Parsed | None, asked: Parsed | None) -> tuple[Operation, ...]:
    if asked is not None and isinstance(asked.tree, str):
        declared = parse_media(work.exchange.request_header("content-type")).format
        return text_operations(asked.tree, work.limits) if declared == "graphql" else ()
    if asked is not None:
        return body_operations(asked.tree, work.limits)
    tree = url.tree if url is not None else None
    return query_operations(tree["query"], work.limits) if isinstance(tree, dict) else ()


def _document(work: _Work, where: Where, parsed: Parsed | None) -> list[Document]:
    if parsed is None:
        return []
    if parsed.raw is not None and not may_hold_nested(parsed.raw, work.limits):
        return [Document(where=where, tree=parsed.tree, raw=parsed.raw)]
    grown = work.attempt(where, lambda: Parsed(tree=expand(parsed.tree, work.limits))) or parsed
    return [Document(where=where, tree=grown.tree, raw=parsed.raw)]


def _header(work: _Work, where: Where, headers: Headers) -> list[Document]:
    tree = read_headers(headers)
    return _document(work, where, Parsed(tree=tree)) if tree else []


def _with_operations(documents: list[Document], operations: tuple[Operation, ...]) -> list[Document]:
    if not operations:
        return documents
    return [part for document in documents for part in _split(document, operations)]


def _split(document: Document, operations: tuple[Operation, ...]) -> list[Document]:
    """Give the body of a batch to its operations, each keeping its place in the list (``$[*]``)."""
    if document.where not in {"request.body", "response.body"} or len(operations) == 1:
        return [_of(document, operations[0])]
    if not isinstance(document.tree, list) or len(document.tree) != len(operations):
        return [_of(document, operations[0])]
    trees = zip(document.tree, operations, strict=True)
    return [_of(replace(document, tree=[tree], raw=None), operation) for tree, operation in trees]


def _of(document: Document, operation: Operation) -> Document:
    names = operation.names if document.where == "response.body" else {}
    return replace(document, operation=operation.name, names=names)
