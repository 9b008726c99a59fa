"""Mask a body in whatever form JSON travels: one document, lines, an event stream, behind a prefix or in a callback.

The content type is believed only for event streams, which a client reads by it; everything else is told by the bytes.
What can't be read in full raises, so that nothing passes because it looked odd.
"""

import re
from collections.abc import Callable

from stanch.contain.mask import Masked, MaskError
from stanch.contain.masker import Masker

_GUARD = re.compile(rb"\s*(?:\)\]\}'|while\s*\(1\)\s*;|for\s*\(;;\)\s*;|throw\s+1\s*;|\{\}\s*&&)[ \t,]*\r?\n?")
_CALLBACK = re.compile(
    rb"(\s*(?:/\*\*/\s*)?(?:typeof\s+[\w$.]+\s*===\s*'function'\s*&&\s*)?[\w$.\[\]]{1,256}\s*\(\s*)(.*?)(\s*\)\s*;?\s*)", re.DOTALL
)
_SSE = re.compile(rb"(?:\xef\xbb\xbf)?(?:[:]|(?:data|event|id|retry)[ ]*:)")
_EVENT_END = re.compile(rb"(?:\r\n|\r|\n)(?:\r\n|\r(?!\n)|\n)")
_LINE = re.compile(rb"([^\r\n]*)(\r\n|\r|\n|$)")
_DATA = re.compile(rb"(?:\xef\xbb\xbf)?data(?:: ?|$)")
SENTINELS = frozenset({b"[DONE]", b""})
"""Texts that streams use to say that they have ended."""
RS = 0x1E
MAX_EVENT_BYTES = 8 * 1024 * 1024


def mask_body(body: bytes, content_type: str, masker: Masker) -> Masked:
    """Mask a whole body.

    Raises: MaskError where it holds anything that is not JSON in a known form.
    """
    if not body.strip(b" \t\r\n"):
        return Masked(body=body, n_masked=0, n_dropped=0)
    if is_event_stream(content_type, body):
        return mask_events(body, masker)
    if (guard := _GUARD.match(body)) is not None:
        return framed(body[: guard.end()], body[guard.end() :], b"", masker)
    if (call := _CALLBACK.fullmatch(body)) is not None:
        return framed(call[1], call[2], call[3], masker)
    try:
        return framed(b"", body, b"", masker)
    except MaskError:
        lines = body.splitlines(keepends=True)
        if len(lines) < 2 and body[0] != RS:
            raise
        return mask_lines(body, masker)


def is_event_stream(content_type: str, body: bytes) -> bool:
    return content_type.lower().lstrip().startswith("text/event-stream") or _SSE.match(body) is not None


def framed(before: bytes, inner: bytes, after: bytes, masker: Masker) -> Masked:
    done = masker.mask(inner)
    return Masked(body=before + done.body + after, n_masked=done.n_masked, n_dropped=done.n_dropped)


def mask_lines(body: bytes, masker: Masker) -> Masked:
    """Mask one document a line, as NDJSON and JSON sequences have it."""
    parts = [mask_line(line, masker) for line in re.findall(rb"[^\n]*\n|[^\n]+", body)]
    return joined(parts)


def mask_line(line: bytes, masker: Masker) -> Masked:
    text = line.strip(b" \t\r\n\x1e")
    if not text:
        return Masked(body=line, n_masked=0, n_dropped=0)
    start = line.index(text)
    return framed(line[:start], text, line[start + len(text) :], masker)


def joined(parts: list[Masked]) -> Masked:
    return Masked(
        body=b"".join(part.body for part in parts), n_masked=sum(part.n_masked for part in parts), n_dropped=sum(part.n_dropped for part in parts)
    )


def mask_events(body: bytes, masker: Masker) -> Masked:
    """Mask a whole event stream; the unfinished last event is held to the same rules."""
    stream = EventMasker(masker)
    return joined([stream.feed(body), stream.finish()])


class Framer:
    """Masks a stream piece by piece as its frames become whole: events, or lines."""

    def __init__(self, masker: Masker, find_end: Callable[[bytes], int], mask_frame: Callable[[bytes, Masker], Masked]) -> None:
        self._masker = masker
        self._find_end = find_end
        self._mask_frame = mask_frame
        self._pending = b""

    def feed(self, chunk: bytes) -> Masked:
        """Give what is whole.

        Raises: MaskError where a frame can't be masked or has no end within ``MAX_EVENT_BYTES``.
        """
        self._pending += chunk
        done: list[Masked] = []
        while (end := self._find_end(self._pending)) > 0:
            done.append(self._mask_frame(self._pending[:end], self._masker))
            self._pending = self._pending[end:]
        if len(self._pending) > MAX_EVENT_BYTES:
            raise MaskError("a frame without end", MAX_EVENT_BYTES)
        return joined(done)

    def finish(self) -> Masked:
        rest, self._pending = self._pending, b""
        return self._mask_frame(rest, self._masker) if rest else Masked(body=b"", n_masked=0, n_dropped=0)


def EventMasker(masker: Masker) -> Framer:  # noqa: N802 -- reads as the class that it makes
    return Framer(masker, event_end, mask_event)


def LineMasker(masker: Masker) -> Framer:  # noqa: N802 -- reads as the class that it makes
    return Framer(masker, lambda pending: pending.find(b"\n") + 1, mask_line)


def event_end(pending: bytes) -> int:
    found = _EVENT_END.search(pending)
    if found is None or (found.end() == len(pending) and pending.endswith(b"\r")):
        return 0
    return found.end()


def mask_event(event: bytes, masker: Masker) -> Masked:
    """Mask the data of one event, put together from its lines and taken apart again."""
    lines = [(match[1], match[2]) for match in _LINE.finditer(event) if match[0]]
    numbers = [number for number, (text, _) in enumerate(lines) if _DATA.match(text)]
    prefixes = {number: found.end() for number in numbers if (found := _DATA.match(lines[number][0]))}
    data = b"\n".join(lines[number][0][prefixes[number] :] for number in numbers)
    if data.strip() in SENTINELS:
        return Masked(body=event, n_masked=0, n_dropped=0)
    done = masker.mask(data)
    if done.body == data:
        return Masked(body=event, n_masked=done.n_masked, n_dropped=done.n_dropped)
    pieces = done.body.split(b"\n")
    if len(pieces) != len(numbers):
        # a masked value spanned lines: its prefix stands once for all that is left
        pieces = [b"\n".join(pieces).replace(b"\n", b" "), *[b"" for _ in numbers[1:]]]
    for number, piece in zip(numbers, pieces, strict=True):
        text, end = lines[number]
        lines[number] = (text[: prefixes[number]] + piece, end)
    return Masked(body=b"".join(text + end for text, end in lines), n_masked=done.n_masked, n_dropped=done.n_dropped)
