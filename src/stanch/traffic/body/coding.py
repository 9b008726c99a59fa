"""Content codings and chunk framing undone, under caps.

Decides which bytes a coded body stands for; content wins over the header where the two disagree.
Refuses to know what the bytes mean.

Source: RFC 9110 §8.4 (content codings), RFC 9112 §7.1 (chunks), RFC 1950-1952, RFC 7932, RFC 8878.
"""

import re
import zlib
from collections.abc import Callable

import brotli
import zstandard

from stanch.traffic.body.limits import BodyError, Limits

GZIP_MAGIC = b"\x1f\x8b\x08"
ZSTD_MAGIC = b"\x28\xb5\x2f\xfd"
_CHUNK = re.compile(rb"([0-9A-Fa-f]{1,15})[ \t]*(?:;[^\r\n]{0,4096})?\r\n")
_PIECE = 64 * 1024
_ZSTD_STEP = 1024
_ZSTD_WINDOW = 1 << 27


def coding_names(header: str | None) -> list[str]:
    """Split ``Content-Encoding`` into names, in the order applied."""
    names = (name.strip().lower().removeprefix("x-") for name in (header or "").split(","))
    return [name for name in names if name not in {"", "identity", "none", "utf-8", "aws-chunked"}]


def undo_codings(data: bytes, names: list[str], limits: Limits) -> bytes:
    """Undo stacked codings, last applied first.

    Raises: BodyError for an unknown coding, a cut or damaged stream, or a cap.
    """
    if len(names) > limits.max_codings:
        raise BodyError(f"more than {limits.max_codings} stacked content codings")
    cap = _cap(data, limits)
    for name in reversed(names):
        data = undo_coding(data, name, cap)
    return data


def undo_coding(data: bytes, name: str, cap: int) -> bytes:
    """Undo one coding; a body whose recorder already undid it is given back as it is."""
    if not data:
        return data
    undo = _CODINGS.get(name)
    if undo is None:
        if looks_plain(data):
            return data
        raise BodyError("unknown content coding")
    try:
        return undo(data, cap)
    except (zlib.error, brotli.error, zstandard.ZstdError, _DamagedError):
        if looks_plain(data):
            return data
        raise BodyError(f"{name} body is cut short or damaged") from None


def looks_plain(data: bytes) -> bool:
    """Tell text from a coded stream by its first bytes."""
    head = data[:512]
    return not any(byte < 9 or 13 < byte < 32 for byte in head) and _is_utf8(head)


def _is_utf8(head: bytes) -> bool:
    try:
        head.decode()
    except UnicodeDecodeError as error:
        return error.start >= len(head) - 3 > 0
    return True


def _cap(data: bytes, limits: Limits) -> int:
    by_ratio = max(len(data) * limits.max_ratio, limits.ratio_free_bytes)
    return min(by_ratio, limits.max_body_bytes)


class _DamagedError(Exception):
    """The stream ended early or holds something else."""


def _over(cap: int) -> BodyError:
    return BodyError(f"body expands beyond the cap of {cap} bytes")


def _inflate(data: bytes, window_bits: int, cap: int) -> bytes:
    out: list[bytes] = []
    n_bytes = 0
    while data:
        stream = zlib.decompressobj(window_bits)
        piece = stream.decompress(data, cap - n_bytes + 1)
        n_bytes += len(piece)
        if n_bytes > cap:
            raise _over(cap)
        if not stream.eof:
            raise _DamagedError
        out.append(piece)
        data = _next_member(stream.unused_data)
    return b"".join(out)


def _next_member(rest: bytes) -> bytes:
    """Ignore padding after the last gzip member."""
    return rest if rest.startswith(GZIP_MAGIC) else b""


def _gzip(data: bytes, cap: int) -> bytes:
    return _inflate(data, 31, cap)


def _deflate(data: bytes, cap: int) -> bytes:
    """Undo zlib as the standard says, or the raw form that many servers send."""
    try:
        return _inflate(data, 15, cap)
    except (zlib.error, _DamagedError):
        return _inflate(data, -15, cap)


def _brotli(data: bytes, cap: int) -> bytes:
    stream = brotli.Decompressor()
    out = [stream.process(data, output_buffer_limit=_PIECE)]
    n_bytes = len(out[0])
    while not stream.is_finished() and n_bytes <= cap:
        piece = stream.process(b"", output_buffer_limit=_PIECE)
        if not piece:
            raise _DamagedError
        out.append(piece)
        n_bytes += len(piece)
    if n_bytes > cap:
        raise _over(cap)
    return b"".join(out)


def _zstd(data: bytes, cap: int) -> bytes:
    """Undo frame after frame, fed in small steps since the library has no cap of its own."""
    out: list[bytes] = []
    n_bytes = 0
    stream = zstandard.ZstdDecompressor(max_window_size=_ZSTD_WINDOW).decompressobj()
    for at in range(0, len(data), _ZSTD_STEP):
        step = data[at : at + _ZSTD_STEP]
        while step:
            if stream.eof:
                stream = zstandard.ZstdDecompressor(max_window_size=_ZSTD_WINDOW).decompressobj()
            out.append(stream.decompress(step))
            n_bytes += len(out[-1])
            if n_bytes > cap:
                raise _over(cap)
            step = stream.unused_data if stream.eof else b""
    if not stream.eof:
        raise _DamagedError
    return b"".join(out)


_CODINGS: dict[str, Callable[[bytes, int], bytes]] = {
    "gzip": _gzip,
    "deflate": _deflate,
    "br": _brotli,
    "zstd": _zstd,
}


def join_chunks(data: bytes) -> bytes:
    """Take away chunk framing that a recorder left in; a body without such framing is given back as it is.

    Raises: BodyError where the framing begins and breaks off.
    """
    chunks: list[bytes] = []
    at = 0
    while (head := _CHUNK.match(data, at)) is not None:
        size = int(head[1], 16)
        end = head.end() + size
        if size == 0:
            return b"".join(chunks)
        if data[end : end + 2] != b"\r\n":
            break
        chunks.append(data[head.end() : end])
        at = end + 2
    if not chunks:
        return data
    if at == len(data):
        return b"".join(chunks)
    raise BodyError("chunked body is cut short")
