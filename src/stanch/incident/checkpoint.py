"""A signed statement of a journal's size and root, as text that other tools read too.

Shape: a C2SP signed note: origin, size and root in three lines, an empty line, and one line for each signature.
Signing and verifying are arguments: where the key lives is not decided here.
Source: C2SP signed-note and tlog-checkpoint; the key hash is that of an Ed25519 key (type byte 1).
"""

import re
from base64 import b64decode, b64encode
from binascii import Error as Base64Error
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256

from stanch.errors import InputError

Sign = Callable[[bytes], bytes]
Check = Callable[[bytes, bytes], bool]
"""Public check of (message, signature)."""

ED25519 = b"\x01"
_NOTE = re.compile(r"\A(?P<text>[^\n]+\n(?:0|[1-9][0-9]{0,18})\n[A-Za-z0-9+/=]+\n)\n— (?P<name>\S+) (?P<sig>[A-Za-z0-9+/=]+)\n\Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    origin: str
    """Names the journal: installation and stream."""
    size: int
    root: bytes

    def text(self) -> str:
        return f"{self.origin}\n{self.size}\n{b64encode(self.root).decode()}\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """The public half, as others hold it: ``name+hash+base64`` in one line."""

    name: str
    public: bytes
    """Raw Ed25519 public key, 32 bytes."""

    def hash(self) -> bytes:
        return sha256(self.name.encode() + b"\n" + ED25519 + self.public).digest()[:4]

    def text(self) -> str:
        return f"{self.name}+{self.hash().hex()}+{b64encode(ED25519 + self.public).decode()}"


def parse_key(text: str) -> Key:
    """Read a public key line.

    Raises: InputError when it is none.
    """
    name, _, rest = text.strip().partition("+")
    given, _, encoded = rest.partition("+")
    try:
        raw = b64decode(encoded, validate=True)
    except Base64Error:
        raw = b""
    key = Key(name=name, public=raw[1:])
    if len(raw) != 33 or raw[:1] != ED25519 or key.hash().hex() != given:
        raise InputError("this is no public key of a journal", hint="it looks like name+hash+base64")
    return key


def sign_head(head: Head, key: Key, sign: Sign) -> str:
    text = head.text()
    return f"{text}\n— {key.name} {b64encode(key.hash() + sign(text.encode())).decode()}\n"


def open_head(note: str, key: Key, check: Check) -> Head:
    """Read a signed head.

    Raises: InputError when it is malformed, was signed by another key, or was changed after signing.
    """
    match = _NOTE.match(note)
    if match is None:
        raise InputError("the signed head is malformed")
    signature = decode(match["sig"])
    if match["name"] != key.name or signature[:4] != key.hash():
        raise InputError("the head was signed by another key", hint="give the public key of this installation")
    if not check(match["text"].encode(), signature[4:]):
        raise InputError("the head's signature does not fit: it was changed after signing")
    origin, size, root, _ = match["text"].split("\n")
    return Head(origin=origin, size=int(size), root=decode(root))


def decode(text: str) -> bytes:
    """Decode base64 in its one canonical spelling, so that no byte of a note can vary."""
    try:
        raw = b64decode(text, validate=True)
    except Base64Error:
        raise InputError("the signed head is malformed") from None
    if b64encode(raw).decode() != text:
        raise InputError("the signed head is malformed")
    return raw
