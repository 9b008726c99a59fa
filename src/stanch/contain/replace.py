"""What stands in the place of a masked value. One function per kind of mask; all keep the document valid JSON."""

from collections.abc import Callable, Mapping
from hashlib import blake2b

Replacement = Callable[[bytes], bytes]
"""Raw JSON text of a value to the raw JSON text that replaces it."""

_TYPED = {ord('"'): b'""', ord("{"): b"{}", ord("["): b"[]", ord("t"): b"false", ord("f"): b"false", ord("n"): b"null"}


def typed(raw: bytes) -> bytes:
    """Give an empty value of the same JSON type: strict decoders in mobile apps go on working."""
    return _TYPED.get(raw[0], b"0")


def null(raw: bytes) -> bytes:
    return b"null"


def text(raw: bytes) -> bytes:
    return b'"[removed]"'


def partial(raw: bytes) -> bytes:
    """Keep a first character where it is a plain letter or digit; everything else goes. Other types are emptied."""
    if raw[:1] != b'"':
        return typed(raw)
    first = raw[1:2] if raw[1:2].isalnum() else b""
    return b'"' + first + b'***"'


def keyed_hash(key: bytes) -> Replacement:
    """Make the mask that replaces a value by its keyed hash, so that equal values stay equal."""

    def replace(raw: bytes) -> bytes:
        return b'"' + blake2b(raw, key=key[:64], digest_size=12).hexdigest().encode() + b'"'

    return replace


def masks(key: bytes) -> Mapping[str, Replacement]:
    return {"typed": typed, "null": null, "text": text, "partial": partial, "hash": keyed_hash(key)}
