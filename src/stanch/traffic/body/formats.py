"""Which format a body is in, and its meaning by that format.

Decides between what a body is said to be and what it looks like: content that parses whole as JSON is JSON
whatever it is called; otherwise the declared format is tried, then the one it looks like.
Refuses to know exchanges.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from stanch.traffic.body.coding import GZIP_MAGIC, undo_codings
from stanch.traffic.body.form import read_form
from stanch.traffic.body.json_text import read_json, read_json_lines, read_json_or_lines, strip_prefix
from stanch.traffic.body.limits import BodyError, Limits, Notes, Parsed
from stanch.traffic.body.markup import read_html, read_xml
from stanch.traffic.body.media import Format, Media, has_opaque_magic, parse_media, sniff
from stanch.traffic.body.multipart import ReadPart, read_http, read_multipart
from stanch.traffic.body.packed import looks_packed, read_msgpack
from stanch.traffic.body.protobuf import read_grpc, read_protobuf, undo_grpc_text
from stanch.traffic.body.sse import read_sse
from stanch.traffic.body.tabular import read_csv
from stanch.traffic.body.text import decode_text, is_textual

Reader = Callable[[bytes, str | None, Limits, Notes], Parsed]


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Source:
    """A body with its content codings undone, and what is known about it from outside."""

    data: bytes
    content_type: str | None
    message_type: str | None = None
    """Protobuf: full name of the message, where known."""
    descriptors: bytes | None = None
    """Protobuf: a serialised ``FileDescriptorSet``."""
    grpc_coding: str = ""
    layer: int = 0
    """How many multipart bodies are around this one."""

    def __repr__(self) -> str:
        """Never show the data."""
        return "Source(…)"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Case:
    source: Source
    media: Media
    looks: Format
    limits: Limits


_READERS: dict[Format, Reader] = {
    "json": read_json_or_lines,
    "ndjson": read_json_lines,
    "sse": read_sse,
    "form": read_form,
    "xml": read_xml,
    "html": read_html,
    "csv": read_csv,
    "msgpack": read_msgpack,
}
_BINARY: frozenset[Format] = frozenset({"msgpack", "protobuf", "grpc", "grpc-text"})


def read(source: Source, limits: Limits, notes: Notes) -> Parsed | None:
    """Give the body's meaning, or ``None`` where there is nothing to decode (an opaque body is noted).

    Raises: BodyError.
    """
    media = parse_media(source.content_type)
    if source.data.startswith(GZIP_MAGIC) and media.format not in {"opaque", "unknown"}:
        source = replace(source, data=undo_codings(source.data, ["gzip"], limits))
    if not source.data or source.data.isspace():
        return None
    if media.format not in _BINARY and has_opaque_magic(source.data):
        notes.n_opaque += 1
        return None
    looks = sniff(source.data) if media.format != "grpc-text" else "grpc-text"
    case = _Case(source=source, media=media, looks=looks, limits=limits)
    return _read_as_json(case, notes) or _read_by_type(case, notes)


def _read_as_json(case: _Case, notes: Notes) -> Parsed | None:
    """Read as JSON what begins as JSON does, whatever it is called."""
    if case.looks != "json" or case.media.format in {"json", "ndjson"}:
        return None
    trial = Notes()
    try:
        parsed = read_json(case.source.data, case.media.charset, case.limits, trial)
    except BodyError:
        return None
    _add(notes, trial)
    return parsed


def _read_by_type(case: _Case, notes: Notes) -> Parsed | None:
    if case.media.format in {"unknown", "text"}:
        return _read_by_looks(case, notes)
    trial = Notes()
    try:
        parsed = _read_as(case.media.format, case, trial)
    except BodyError as error:
        return _second_try(error, case, notes)
    _add(notes, trial)
    return parsed


def _add(notes: Notes, trial: Notes) -> None:
    notes.n_opaque += trial.n_opaque
    notes.n_replaced += trial.n_replaced
    notes.problems += trial.problems


def _second_try(error: BodyError, case: _Case, notes: Notes) -> Parsed | None:
    """Try what the body looks like; where that fails too, the declared format's error stands."""
    wrong_type = case.looks not in {case.media.format, "unknown", "opaque"}
    if not wrong_type and not _is_plain_text(case.source.data, case.media):
        raise error
    trial = Notes()
    try:
        parsed = _read_by_looks(case if wrong_type else replace(case, looks="unknown"), trial)
    except BodyError:
        raise error from None
    _add(notes, trial)
    return parsed


def _is_plain_text(data: bytes, media: Media) -> bool:
    """Tell words that were sent instead of the declared format from that format cut short."""
    if media.format in _BINARY or b"\0" in data[:64]:
        return media.format in _BINARY and data[:1].isalpha() and data.isascii() and data[:256].decode().isprintable()
    return strip_prefix(data).lstrip()[:1] not in {b"{", b"[", b'"', b"<", b"-"}


def _read_by_looks(case: _Case, notes: Notes) -> Parsed | None:
    if case.looks == "unknown" or (case.looks == "form" and case.media.format == "text"):
        return _read_unnamed(case, notes)
    trial = Notes()
    try:
        parsed = _read_as(case.looks, case, trial)
    except BodyError:
        if case.looks in {"json", "ndjson"} and case.media.format not in {"text", "html"}:
            raise
        return _read_unnamed(case, notes)
    _add(notes, trial)
    return parsed


def _read_unnamed(case: _Case, notes: Notes) -> Parsed | None:
    """Read text of no format; binary data that nothing is known about is opaque."""
    data = case.source.data
    if case.media.format != "text" and looks_packed(data) and (packed := _try_packed(data, case.limits)):
        return packed
    trial = Notes()
    text = decode_text(data, case.media.charset, trial)
    if is_textual(text):
        _add(notes, trial)
        return Parsed(tree=text)
    if case.media.format == "text":
        raise BodyError("declared as text but binary")
    notes.n_opaque += 1
    return None


def _try_packed(data: bytes, limits: Limits) -> Parsed | None:
    try:
        parsed = read_msgpack(data, None, limits, Notes())
    except BodyError:
        return None
    return parsed if isinstance(parsed.tree, (dict, list)) and parsed.tree else None


def _read_as(name: Format, case: _Case, notes: Notes) -> Parsed | None:
    data, charset = case.source.data, case.media.charset
    if (reader := _READERS.get(name)) is not None:
        return reader(data, charset, case.limits, notes)
    match name:
        case "opaque":
            notes.n_opaque += 1
            return None
        case "multipart":
            return read_multipart(data, case.media, case.limits, notes, _part_reader(case, notes))
        case "http":
            return read_http(data, _part_reader(case, notes))
        case "protobuf" | "grpc" | "grpc-text":
            return _read_protobuf(name, case)
        case _:
            return Parsed(tree=decode_text(data, charset, notes))


def _part_reader(case: _Case, notes: Notes) -> ReadPart:
    source, limits = case.source, case.limits
    if source.layer >= limits.max_part_layers:
        raise BodyError(f"more than {limits.max_part_layers} multipart bodies within each other")

    def read_part(data: bytes, content_type: str | None) -> Parsed | None:
        part = replace(source, data=data, content_type=content_type or "text/plain", layer=source.layer + 1)
        return read(part, limits, notes)

    return read_part


def _read_protobuf(name: Format, case: _Case) -> Parsed:
    source = case.source
    type_name = source.message_type or case.media.params.get("messagetype") or case.media.params.get("proto")
    if name == "protobuf":
        return read_protobuf(source.data, type_name, source.descriptors, case.limits)
    data = undo_grpc_text(source.data) if name == "grpc-text" else source.data
    return read_grpc(data, type_name, source.descriptors, case.limits, coding=source.grpc_coding)
