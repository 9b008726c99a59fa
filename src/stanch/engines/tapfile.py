"""Recorded exchanges at rest: NDJSON, each line sealed with AES-256-GCM under a key that lies beside the file.

Who copies or backs up the recording alone has nothing. Lines can be appended by one writer and read while it writes.
Source: NIST SP 800-38D (nonces of 96 random bits; at most 2**32 lines a key).
"""

import io
import os
from base64 import b64decode, b64encode
from binascii import Error as Base64Error
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from stanch.errors import InputError

MAGIC = b'{"stanch_tap":1,"cipher":"AES-256-GCM"}\n'


def key_path(path: Path) -> Path:
    return path.with_name(path.name + ".key")


def make_key(path: Path) -> bytes:
    """Give the key of a recording, made on first use and readable by its owner only."""
    place = key_path(path)
    try:
        with os.fdopen(os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(key := os.urandom(32))
    except FileExistsError:
        return read_key(path)
    except OSError as error:
        raise InputError(f"can't be written: {error.strerror}", where=str(place)) from None
    return key


def read_key(path: Path) -> bytes:
    place = key_path(path)
    try:
        key = place.read_bytes()
    except OSError as error:
        raise InputError(f"the recording's key can't be read: {error.strerror}", where=str(place), hint="it lies beside the recording") from None
    if len(key) != 32:
        raise InputError("this is no key of a recording", where=str(place))
    return key


def seal(key: bytes, line: bytes) -> bytes:
    """Seal one line."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415 -- an extra, needed only here

    nonce = os.urandom(12)
    return b64encode(nonce + AESGCM(key).encrypt(nonce, line, MAGIC)) + b"\n"


def unsealed(lines: Iterator[bytes], key: bytes, name: str) -> Iterator[bytes]:
    """Open every whole line.

    Raises: InputError with the line's number where the key is another's or the line was changed.
    """
    from cryptography.exceptions import InvalidTag  # noqa: PLC0415 -- an extra, needed only here
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415

    cipher = AESGCM(key)
    for number, line in enumerate(lines, 2):
        if not line.endswith(b"\n"):
            return
        try:
            sealed = b64decode(line, validate=False)
            yield cipher.decrypt(sealed[:12], sealed[12:], MAGIC)
        except (InvalidTag, Base64Error, ValueError):
            raise InputError("can't be opened with this key", where=f"{name}, line {number}") from None


def opened(stream: BinaryIO, path: Path) -> BinaryIO:
    """Give a file to read plainly, whether it is a sealed recording or not."""
    head = stream.read(len(MAGIC))
    if head != MAGIC:
        stream.seek(0)
        return stream
    try:
        plain: io.RawIOBase = _Plain(stream, read_key(path), path.name)
    except InputError:
        stream.close()
        raise
    return io.BufferedReader(plain)


class _Plain(io.RawIOBase):
    def __init__(self, stream: BinaryIO, key: bytes, name: str) -> None:
        self._stream = stream
        self._lines = unsealed(iter(stream.readline, b""), key, name)
        self._rest = b""

    def close(self) -> None:
        self._stream.close()
        super().close()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
        if not self._rest:
            self._rest = next(self._lines, b"")
        taken, self._rest = self._rest[: len(buffer)], self._rest[len(buffer) :]
        buffer[: len(taken)] = taken
        return len(taken)
