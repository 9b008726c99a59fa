"""JSON, as servers really send it.

Decides the tree of a JSON text: duplicate keys kept, integers of any size, NaN, prefixes against
script inclusion, JSONP.
Refuses to know why the body was taken for JSON.

The fast way parses with orjson and proves with one re-serialisation that nothing was lost; otherwise the exact way.
Source: RFC 8259, RFC 7464 (record separators).
"""

import json
import re
from itertools import pairwise

import orjson

from stanch.traffic.body.limits import TOO_DEEP, BodyError, Limits, Notes, Parsed
from stanch.traffic.body.members import items, members
from stanch.traffic.body.text import decode_text, known_charset
from stanch.traffic.document import Pairs

_BOM = b"\xef\xbb\xbf"
_PREFIX = re.compile(rb"\s*(?:\)\]\}'?,?|while\s*\(1\);?|for\s*\(;;\);?|\{\}\s?&&|throw 1;\s*(?:<[^>\n]{0,40}>)?)\s*(?=[\[{\"])")
_JSONP = re.compile(rb"\s*(?:/\*\*/)?\s*(?:typeof [\w.$]{1,80} === 'function' && )?[A-Za-z_$][\w.$]{0,80}\(\s*(?=[\[{])")
_JSONP_END = re.compile(rb"\s*\)\s*;?\s*\Z")
_STRING_OR_BRACKET = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"?|[\[\]{}]', re.DOTALL)
_SURROGATE = re.compile("[\ud800-\udfff]")
_DIGITS = bytes.maketrans(b"123456789", b"000000000")
_LONG_NUMBER = b"0" * 19
_MAX_BROKEN_LINES = 8
"""More broken lines than that, and more than whole ones: it is not JSON lines."""
_DUMP_DEPTH = 254
"""orjson refuses to write deeper trees, which proves that what it wrote is no deeper."""


def read_json(data: bytes, charset: str | None, limits: Limits, notes: Notes) -> Parsed:
    """Read one JSON document.

    Raises: BodyError, with the position.
    """
    text = _wide(data, charset, notes)
    body = strip_prefix(text)
    try:
        tree = orjson.loads(body)
    except orjson.JSONDecodeError:
        return Parsed(tree=_exact(body, limits, notes))
    if _nothing_lost(body, tree, limits):
        return Parsed(tree=tree, raw=body)
    return Parsed(tree=_exact(body, limits, notes), raw=body)


def strip_prefix(data: bytes) -> bytes:
    """Take away a byte order mark, a prefix against script inclusion, or a JSONP call."""
    body = data.removeprefix(_BOM)
    if body[:1] in b'{["':
        return _without_false_start(body)
    if (prefix := _PREFIX.match(body)) is not None:
        return body[prefix.end() :]
    return _jsonp(body)


def _without_false_start(body: bytes) -> bytes:
    """Handle ``{}&&[…]``, the one prefix that begins as JSON does."""
    prefix = _PREFIX.match(body) if body.startswith(b"{}") else None
    return body[prefix.end() :] if prefix else body


def _jsonp(body: bytes) -> bytes:
    call = _JSONP.match(body[:256])
    end = _JSONP_END.search(body, max(0, len(body) - 64)) if call else None
    return body[call.end() : end.start()] if call and end else body


def _wide(data: bytes, charset: str | None, notes: Notes) -> bytes:
    """Give UTF-8 bytes, whatever charset the text came in."""
    wide = b"\0" in data[:4] or data[:2] in {b"\xff\xfe", b"\xfe\xff"}
    if not wide and (known_charset(charset) in {None, "utf-8"} or _is_utf8(data)):
        return data
    return decode_text(data, charset, notes).encode("utf-8", "replace")


def _is_utf8(data: bytes) -> bool:
    """Check what the standard demands of JSON; a declared charset is often only a server's default."""
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def _nothing_lost(body: bytes, tree: object, limits: Limits) -> bool:
    """Prove that no member was a duplicate, no integer too long and nothing too deep.

    Every member has one colon outside strings, and colons within strings are written as they are; so a text that loses
    no colon lost no member. A colon hidden as an escape makes the proof fail, never wrong.
    """
    if limits.max_depth < _DUMP_DEPTH:
        return False
    try:
        written = orjson.dumps(tree)
    except TypeError:
        return False
    if written == body:
        return True
    if b"\\u003" in body or written.count(b":") != body.count(b":"):
        return False
    return _LONG_NUMBER not in body.translate(_DIGITS)


def _exact(body: bytes, limits: Limits, notes: Notes) -> object:
    text = _as_text(body, notes)
    if is_too_deep(text, limits.max_depth):
        raise BodyError(TOO_DEEP)
    return parse_text(text)


def _as_text(body: bytes, notes: Notes) -> str:
    try:
        return body.decode()
    except UnicodeDecodeError:
        text = body.decode("utf-8", "replace")
    notes.n_replaced += text.count("\ufffd")
    return text


def parse_text(text: str) -> object:
    """Parse with duplicates, long integers, NaN and control characters allowed.

    Raises: BodyError.
    """
    try:
        tree = _DECODER.decode(text)
    except json.JSONDecodeError as error:
        raise BodyError(f"JSON is cut short or malformed at character {error.pos}") from None
    except RecursionError:
        raise BodyError(TOO_DEEP) from None
    return _without_surrogates(tree) if "\\u" in text else tree


def _integer(digits: str) -> int | str:
    """Keep as text what Python refuses to convert (over 4300 digits)."""
    try:
        return int(digits)
    except ValueError:
        return digits


_DECODER = json.JSONDecoder(object_pairs_hook=members, parse_int=_integer, strict=False)


def _without_surrogates(tree: object) -> object:
    """Replace lone surrogates, which no encoder would accept later."""
    if isinstance(tree, str):
        return _SURROGATE.sub("\ufffd", tree)
    if isinstance(tree, list):
        return list(map(_without_surrogates, tree))
    if isinstance(tree, (dict, Pairs)):
        return members([(_SURROGATE.sub("\ufffd", key), _without_surrogates(value)) for key, value in items(tree)])
    return tree


def is_too_deep(text: str, max_depth: int) -> bool:
    """Measure nesting without parsing."""
    if text.count("{") + text.count("[") <= max_depth:
        return False
    depth = 0
    for token in _STRING_OR_BRACKET.finditer(text):
        first = text[token.start()]
        if first in "{[":
            depth += 1
        elif first != '"':
            depth -= 1
        if depth > max_depth:
            return True
    return False


def read_json_or_lines(data: bytes, charset: str | None, limits: Limits, notes: Notes) -> Parsed:
    """Read one document or, where that fails and the first line is whole in itself, one document a line.

    Raises: BodyError, that of the one document.
    """
    try:
        return read_json(data, charset, limits, notes)
    except BodyError:
        if not _closed(data.lstrip().partition(b"\n")[0].strip()) or b"\n" not in data.strip():
            raise
        return read_json_lines(data, charset, limits, notes)


def read_json_lines(data: bytes, charset: str | None, limits: Limits, notes: Notes) -> Parsed:
    """Read NDJSON, JSON lines or a JSON text sequence as a list; a broken line is noted and the rest still read.

    Raises: BodyError where most lines can't be read.
    """
    lines = _wide(data, charset, notes).removeprefix(_BOM).replace(b"\x1e", b"\n").split(b"\n")
    trees: list[object] = []
    problems: list[str] = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            trees.append(read_json(line, None, limits, notes).tree)
        except BodyError as error:
            problems.append(f"line {number}: {error.what}")
        if len(problems) > _MAX_BROKEN_LINES + len(trees):
            break
    if len(problems) > _MAX_BROKEN_LINES + len(trees) or not trees:
        raise BodyError("most lines are not JSON")
    notes.problems += problems
    return Parsed(tree=trees)


def looks_like_json_lines(data: bytes) -> bool:
    """See two lines that each begin and end as an object or array does."""
    lines = [line.strip() for line in data[:65536].split(b"\n", 3)]
    return any(_closed(line) and following[:1] in {b"{", b"["} for line, following in pairwise(lines))


def _closed(line: bytes) -> bool:
    return (line[:1], line[-1:]) in {(b"{", b"}"), (b"[", b"]")}
