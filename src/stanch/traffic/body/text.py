"""Which characters the bytes of a text stand for.

Decides the charset: byte order mark, then what was declared, then UTF-16 by its zero bytes, then UTF-8, then Latin-1.
Refuses to know what the text means.

Source: RFC 9110 §8.3.2, WHATWG Encoding (a byte order mark beats a declaration).
"""

import codecs
import re
from functools import lru_cache

from stanch.traffic.body.limits import Notes

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,39}")
_KNOWN = re.compile(
    r"utf-(8|16|32)(-[lb]e)?|ascii|iso8859-\d+|cp\d+|koi8-[rtu]|shift_jis\w*|euc_\w+|gbk|gb2312|gb18030|hz|big5\w*"
    r"|iso2022_\w+|johab|mac-\w+|tis-620"
)
"""Only charsets: Python's codec table also holds compressions, ciphers and escapes."""


def decode_text(data: bytes, charset: str | None, notes: Notes) -> str:
    """Give the text; what is invalid becomes U+FFFD and is counted."""
    for bom, name in _BOMS:
        if data.startswith(bom):
            return _decode(data[len(bom) :], name, notes)
    name = known_charset(charset) or _utf16(data) or _utf8_or_latin(data)
    return _decode(data, name, notes)


@lru_cache(maxsize=64)
def known_charset(charset: str | None) -> str | None:
    """Give Python's name of a declared charset, or ``None`` if it isn't one."""
    if not charset or not _NAME.fullmatch(charset):
        return None
    try:
        name = codecs.lookup(charset).name
    except LookupError:
        return None
    return _web_name(name) if _KNOWN.fullmatch(name) else None


def _web_name(name: str) -> str | None:
    """Treat ASCII as undeclared: what says so is often more, and UTF-8 holds it."""
    return None if name == "ascii" else name


def _decode(data: bytes, name: str, notes: Notes) -> str:
    try:
        return data.decode(name)
    except UnicodeDecodeError:
        text = data.decode(name, "replace")
    notes.n_replaced += text.count("\ufffd")
    return text


def _utf16(data: bytes) -> str | None:
    """See UTF-16 without a mark: Latin text has a zero in every second byte."""
    head = data[:64]
    if len(data) % 2 or len(head) < 4 or b"\0" not in head:
        return None
    even, odd = head[::2], head[1::2]
    if 0 not in even and odd.count(0) * 2 > len(odd):
        return "utf-16-le"
    if 0 not in odd and even.count(0) * 2 > len(even):
        return "utf-16-be"
    return None


def _utf8_or_latin(data: bytes) -> str:
    try:
        data.decode()
    except UnicodeDecodeError:
        return "latin-1"
    return "utf-8"


def is_textual(text: str) -> bool:
    """Tell whether a text is meant to be read: few control characters."""
    head = text[:2048]
    n_odd = sum(1 for char in head if char < " " and char not in "\t\n\r\f\x1b")
    return n_odd * 50 <= len(head)
