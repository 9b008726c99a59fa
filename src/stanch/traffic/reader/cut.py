"""Cut a long JSON array out of a stream, element by element, without parsing what lies between.

Decides where an element ends; refuses to know what it says. Two ways that agree: a guess where the next element could begin,
right if what lies before it decodes as a whole (an object that is whole can't be the beginning of another), and a count of brackets.
Neither nests: the depth of the input costs nothing.
"""

import re
from collections.abc import Callable, Iterator

from stanch.traffic.reader.stream import Stream

CHUNK_BYTES = 1 << 20
MAX_GUESSES = 8
"""Wrong guesses for one element after which brackets are counted."""
_TOKEN = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"|["{}\[\]]', re.DOTALL)
_COLON = re.compile(rb"\s*:\s*")
_BETWEEN = re.compile(rb"[\s,]*")


class CutError(ValueError):
    """The array is not there, or the text ends or stops being JSON before the array does."""


class Cutter:
    """Gives the bytes of the elements of one array of objects.

    ``path`` are the member names that lead to the array from the root; ``next_element`` matches where an element could end and
    another begin, its first group empty at the end of the former; ``is_whole`` tells whether bytes are a complete element.
    """

    def __init__(self, stream: Stream, path: tuple[bytes, ...], next_element: re.Pattern[bytes], is_whole: Callable[[bytes], bool]) -> None:
        self.stream = stream
        self.path = path
        self.next_element = next_element
        self.is_whole = is_whole
        self.buffer = b""
        self.at = 0
        self.guessed_to = 0
        self.found = False
        """The array was there."""
        self.ended = False
        """The root was closed."""

    def elements(self) -> Iterator[bytes]:
        """Give each element's bytes in order.

        Raises: CutError where the array is missing or ends in the middle; what was whole before has been given.
        Cost: linear; memory for the longest element and a chunk.
        """
        self.seek_array()
        while self.seek_element():
            yield self.take()

    def more(self) -> bool:
        """Read on; drop what is done with."""
        chunk = self.stream.read(CHUNK_BYTES)
        self.buffer = self.buffer[self.at :] + chunk
        self.guessed_to = max(0, self.guessed_to - self.at)
        self.at = 0
        return bool(chunk)

    def seek_array(self) -> None:
        names: list[bytes] = []
        name = b""
        while True:
            token = self.token()
            if token in b"{[":
                if token == b"[" and (*names[1:], name) == self.path:
                    self.found = True
                    return
                names.append(name)
            elif token in b"}]":
                if len(names) < 2:
                    self.ended = bool(names)
                    raise CutError
                names.pop()
            name = self.name_of(token) if token[:1] == b'"' else b""

    def token(self) -> bytes:
        while True:
            match = _TOKEN.search(self.buffer, self.at)
            if match and match.group() != b'"':
                self.at = match.end()
                return match.group()
            self.at = match.start() if match else len(self.buffer)
            if not self.more():
                raise CutError

    def name_of(self, token: bytes) -> bytes:
        """Give the text of a string that a colon follows."""
        while (colon := _COLON.match(self.buffer, self.at)) is None or colon.end() == len(self.buffer):
            if self.at + 64 < len(self.buffer) or not self.more():
                return b""
        return token[1:-1]

    def seek_element(self) -> bool:
        """Go to the next element; tell whether there is one."""
        while True:
            self.at = _BETWEEN.match(self.buffer, self.at).end()  # type: ignore[union-attr] # it matches the empty text too
            if self.at < len(self.buffer):
                break
            if not self.more():
                raise CutError
        return self.buffer[self.at : self.at + 1] != b"]"

    def take(self) -> bytes:
        if self.buffer[self.at : self.at + 1] != b"{":
            return self.take_odd()
        return self.guess() or self.count()

    def guess(self) -> bytes | None:
        self.guessed_to = self.at
        for _ in range(MAX_GUESSES):
            match = self.next_element.search(self.buffer, self.guessed_to)
            if match is None:
                return None
            element = self.buffer[self.at : match.start(1)]
            if self.is_whole(element):
                self.at = match.start(1)
                return element
            self.guessed_to = match.end()
        return None

    def count(self) -> bytes:
        """Find the end of an object by its brackets."""
        depth = 0
        done = 0
        while True:
            wanted = 0
            for match in _TOKEN.finditer(self.buffer, self.at + done):
                sign = match.group()
                if sign == b'"':
                    wanted = match.start()
                    break
                depth += (sign in b"{[") - (sign in b"}]")
                done = match.end() - self.at
                if depth == 0:
                    element = self.buffer[self.at : match.end()]
                    self.at = match.end()
                    return element
            done = wanted - self.at if wanted else done
            if not self.more():
                raise CutError

    def take_odd(self) -> bytes:
        """Take an element that is no object, such as null, up to the next comma or bracket."""
        while (end := _ODD_END.search(self.buffer, self.at)) is None:
            if not self.more():
                raise CutError
        if self.buffer[self.at : self.at + 1] in b'["':
            token = self.token()
            if token == b"[":
                self.at -= 1
                return self.count()
            return token
        element = self.buffer[self.at : end.start()]
        self.at = end.start()
        if not element.strip():
            raise CutError
        return element


_ODD_END = re.compile(rb"[,\]\s]")
