"""Sealed pseudonyms and wrapped day keys.

A stored person is a 64-bit pseudonym (keyed BLAKE2b) encrypted, keeping its size, with a second key. Rotating that second key re-encrypts
the column: equal people stay equal, and what was copied before no longer matches what is stored after.
"""

import os
import secrets
import sys
from array import array
from base64 import b64encode
from collections.abc import Iterable, Sequence
from pathlib import Path

from stanch.engines.ledger.durable import sync_folder, write_durably
from stanch.engines.ledger.extra import load
from stanch.engines.ledger.permute import Permutation
from stanch.errors import InputError

DAY_KEY_BYTES = 32


class Seal:
    """Encrypts pseudonyms under one seal key; the sealed form is a signed 64-bit number, as every reader of the files has it."""

    def __init__(self, key: bytes) -> None:
        self.permutation = Permutation(key)

    def seal(self, pseudonyms: Sequence[int]) -> list[int]:
        return turned("q", self.permutation.encrypt(turned("Q", array("Q", pseudonyms).tobytes()).tobytes())).tolist()

    def open(self, sealed: Sequence[int]) -> list[int]:
        """Give the pseudonyms back; with another key than theirs, they are others."""
        return turned("Q", self.permutation.decrypt(turned("q", array("q", sealed).tobytes()).tobytes())).tolist()

    def reseal(self, sealed: Sequence[int], into: "Seal") -> list[int]:
        """Carry sealed numbers over to another key."""
        return into.seal(self.open(sealed))


def turned(kind: str, data: bytes) -> "array[int]":
    """Swap numbers between this machine's order of bytes and the one that is encrypted, big-endian."""
    found = array(kind, data)
    if sys.byteorder == "little":
        found.byteswap()
    return found


class DayKeys:
    """One encryption key for each class of data and day, kept in the store wrapped by the organisation's wrap key.

    Deleting a wrapped key makes its files unreadable for ever, copies of them included. Source: AES key wrap, RFC 3394.
    """

    def __init__(self, folder: Path, wrap_keys: dict[str, bytes], current: str) -> None:
        self.folder = folder
        self.wrap_keys = wrap_keys
        self.current = current
        self._open: dict[str, bytes] = {}

    def path(self, part: str) -> Path:
        return self.folder / f"{part}.wrapped"

    def get(self, part: str) -> bytes:
        """Unwrap the key of a partition, such as ``disclosures.2026-03-20``.

        Raises: InputError where it was destroyed or belongs to another organisation.
        """
        if part not in self._open:
            self._open[part] = self.unwrap(part)
        return self._open[part]

    def unwrap(self, part: str) -> bytes:
        keywrap = load("cryptography.hazmat.primitives.keywrap")
        try:
            name, _, wrapped = self.path(part).read_bytes().partition(b" ")
            return bytes(keywrap.aes_key_unwrap(self.wrap_keys[name.decode()], wrapped))
        except FileNotFoundError:
            raise InputError("the day's key is gone: its data can't be read any more", where=part) from None
        except (KeyError, keywrap.InvalidUnwrap, UnicodeDecodeError):
            raise InputError("the day's key is wrapped by another key", where=part, hint="give the key file that the ledger was made with") from None

    def get_or_make(self, part: str) -> bytes:
        if not self.path(part).exists():
            self.put(part, secrets.token_bytes(DAY_KEY_BYTES))
        return self.get(part)

    def put(self, part: str, key: bytes) -> None:
        """Wrap a key with the current wrap key and write it so that it survives a power cut."""
        keywrap = load("cryptography.hazmat.primitives.keywrap")
        write_durably(self.path(part), self.current.encode() + b" " + bytes(keywrap.aes_key_wrap(self.wrap_keys[self.current], key)))

    def rewrap(self, parts: Iterable[str]) -> None:
        for part in parts:
            self.put(part, self.get(part))

    def parts(self) -> list[str]:
        return sorted(path.stem for path in self.folder.glob("*.wrapped"))

    def destroy(self, part: str) -> None:
        """Overwrite a day's wrapped key and delete it."""
        path = self.path(part)
        if path.exists():
            write_over(path)
            path.unlink()
            sync_folder(path.parent)
        self._open.pop(part, None)


def write_over(path: Path) -> None:
    with path.open("r+b") as stream:
        stream.write(secrets.token_bytes(path.stat().st_size))
        stream.flush()
        os.fsync(stream.fileno())


def key_text(key: bytes) -> str:
    """Write a day's key the way DuckDB takes it: base64 of 32 bytes, which it can't mistake for a key itself."""
    return b64encode(key).decode()
