"""What a client's code names: the member names in its sources or compiled form.

Reads identifiers out of Kotlin, Java, Swift, Dart, TypeScript and JavaScript (comments apart), bundles and source maps, GraphQL documents,
the string pools of dex, Mach-O, Flutter and Hermes files, and of Pact contracts what the consumer expects in responses. Does not follow data: a
name that stands there counts as read, so the absence of a name is the evidence.
"""

import re
from collections.abc import Callable, Iterable, Iterator

import msgspec

from stanch.identity.person import snake
from stanch.judge.hermes import MAGIC, hermes_strings

Client = frozenset[str]
"""Member names that a client's code mentions, snake case."""

SOURCES = frozenset("kt kts java swift m mm dart ts tsx js jsx mjs cjs vue svelte cs go py rb php".split())  # noqa: SIM905 -- a table of words
MEDIA = frozenset("png jpg jpeg gif webp ico bmp svg ttf otf woff woff2 mp3 mp4 wav ogg avif heic pdf zip car nib".split())  # noqa: SIM905 -- the same
"""Bytes that look like names by chance, or artwork."""

_IDENTIFIER = re.compile(rb"[A-Za-z_$][A-Za-z0-9_$]{1,63}")
_WIDE = re.compile(rb"(?:[A-Za-z_]\x00)(?:[A-Za-z0-9_]\x00){1,63}")
_ESCAPE = re.compile(rb"\\[nrt]")
_COMMENT = re.compile(rb"(?<![:\\\"'])//[^\n]*|/\*.*?\*/", re.DOTALL)


def names_in(files: Iterable[tuple[str, bytes]]) -> Client:
    """Collect every member name in the client's files, given as (name, content)."""
    found: set[str] = set()
    for name, data in files:
        extension = name.rpartition(".")[2].lower()
        if extension not in MEDIA:
            found.update(reader_for(extension, data)(data))
    return frozenset(snake(name) for name in found)


def reader_for(extension: str, data: bytes) -> Callable[[bytes], Iterable[str]]:
    if data[:8] == MAGIC:
        return hermes_names
    if extension == "map" or (extension == "json" and b'"sourcesContent"' in data):
        return map_names
    if extension == "json" and b'"interactions"' in data:
        return pact_names
    return source_names if extension in SOURCES else binary_names


def source_names(data: bytes) -> set[str]:
    """Read a source file's identifiers and strings, without its comments."""
    return identifiers(_COMMENT.sub(b" ", data))


def binary_names(data: bytes) -> set[str]:
    """Read the string pools of compiled code, in one-byte and two-byte characters."""
    wide = {match.replace(b"\0", b"").decode("ascii") for match in _WIDE.findall(data)}
    return identifiers(data) | wide


def hermes_names(data: bytes) -> set[str]:
    """Read the string table of React Native's bytecode, whose strings stand without gaps; a name may be a part of a longer string."""
    return {name for text in hermes_strings(data) for name in identifiers(text)}


def map_names(data: bytes) -> set[str]:
    """Read a source map: the names it lists and the sources it holds."""
    raw = decoded(data)
    if not isinstance(raw, dict):
        return identifiers(data)
    listed = {str(name) for name in raw.get("names") or ()}
    return listed.union(*(source_names(str(text).encode()) for text in raw.get("sourcesContent") or () if text))


def pact_names(data: bytes) -> set[str]:
    """Read what a consumer's contract expects in responses. Source: Pact specification, versions 1 to 4."""
    raw = decoded(data)
    found: set[str] = set()
    for interaction in raw.get("interactions") or () if isinstance(raw, dict) else ():
        response = interaction.get("response") if isinstance(interaction, dict) else None
        found.update(keys_of(response.get("body")) if isinstance(response, dict) else ())
    return found


def keys_of(tree: object) -> Iterator[str]:
    if isinstance(tree, dict):
        for key, inner in tree.items():
            yield str(key)
            yield from keys_of(inner)
    elif isinstance(tree, list):
        for inner in tree:
            yield from keys_of(inner)


def identifiers(data: bytes) -> set[str]:
    return {name.decode("ascii") for name in _IDENTIFIER.findall(_ESCAPE.sub(b" ", data))}


def decoded(data: bytes) -> object:
    try:
        return msgspec.json.decode(data)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        return None
