"""An organisation's keys, in one file outside the store, readable by its owner alone.

Four kinds: the *pseudonym* key makes a value a pseudonym and never changes, the *seal* keys encrypt pseudonyms and are rotated, the *wrap* keys
encrypt the day keys and are rotated, the *sign* key signs proofs of deletion. A stolen store is worth nothing without this file.
"""

import os
import secrets
from base64 import b64decode, b64encode
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path

import msgspec

from stanch.engines.ledger.durable import move_durably, sync_folder, temporary
from stanch.errors import InputError

SCHEMA = "stanch.ledger-keys/1"
KEY_BYTES = 32


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Ring:
    """Keys of one purpose by id, and the one that is used for what is new."""

    current: str
    keys: dict[str, bytes] = field(default_factory=dict)

    def rotated(self) -> "Ring":
        """Add a fresh key and make it the current one; the old ones stay until they are dropped."""
        name = f"k{1 + max(int(key[1:]) for key in self.keys)}"
        return Ring(current=name, keys={**self.keys, name: secrets.token_bytes(KEY_BYTES)})

    def only_current(self) -> "Ring":
        return Ring(current=self.current, keys={self.current: self.keys[self.current]})


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Keyring:
    pseudonym: bytes
    seal: Ring
    wrap: Ring
    sign: bytes
    """Seed of an Ed25519 key."""

    def __repr__(self) -> str:
        """Name it; show nothing."""
        return f"Keyring({self.name})"

    @property
    def name(self) -> str:
        """Tells organisations' keys apart; says nothing of the keys themselves."""
        return sha256(b"stanch keyring\0" + self.pseudonym).hexdigest()[:16]


def fresh_keyring() -> Keyring:
    def ring() -> Ring:
        return Ring(current="k1", keys={"k1": secrets.token_bytes(KEY_BYTES)})

    return Keyring(pseudonym=secrets.token_bytes(KEY_BYTES), seal=ring(), wrap=ring(), sign=secrets.token_bytes(KEY_BYTES))


def default_key_path(ledger: Path) -> Path:
    """Give the key file's place beside the ledger's folder, so that a copy of the folder has no key in it."""
    return ledger.parent / f"{ledger.resolve().name}.key"


def make_keyring(path: Path) -> Keyring:
    """Make the keys of an organisation and write them; where there are some already, those are loaded."""
    ring = fresh_keyring()
    try:
        beside = write_beside(ring, path)
        try:
            os.link(beside, path)
        finally:
            beside.unlink()
        sync_folder(path.parent)
    except FileExistsError:
        return load_keyring(path)
    except OSError as error:
        raise InputError(f"the key file can't be written: {error.strerror}", where=str(path)) from error
    return ring


def save_keyring(ring: Keyring, path: Path) -> None:
    """Replace the key file, whole or not at all."""
    move_durably(write_beside(ring, path), path)


def write_beside(ring: Keyring, path: Path) -> Path:
    beside = temporary(path)
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(encode(ring))
        stream.flush()
        os.fsync(stream.fileno())
    return beside


def load_keyring(path: Path) -> Keyring:
    """Read the keys.

    Raises: InputError where there are none, where others may read them, or where the file is damaged.
    """
    try:
        if path.stat().st_mode & 0o077:
            raise InputError("others may read the key file", where=str(path), hint=f"run: chmod 600 {path}")
        data = path.read_bytes()
    except FileNotFoundError:
        raise InputError("there is no key file", where=str(path), hint="give the organisation's key file with --key") from None
    except OSError as error:
        raise InputError(f"the key file can't be read: {error.strerror}", where=str(path)) from error
    try:
        return decode(data)
    except (KeyError, TypeError, ValueError, AttributeError, msgspec.DecodeError):
        raise InputError("this is no key file of a ledger, or it is damaged", where=str(path), hint="restore it from its backup") from None


def encode(ring: Keyring) -> bytes:
    def side(keys: Ring) -> dict[str, object]:
        return {"current": keys.current, "keys": {name: b64encode(key).decode() for name, key in keys.keys.items()}}

    return msgspec.json.format(
        msgspec.json.encode(
            {
                "schema": SCHEMA,
                "pseudonym": b64encode(ring.pseudonym).decode(),
                "seal": side(ring.seal),
                "wrap": side(ring.wrap),
                "sign": b64encode(ring.sign).decode(),
            }
        ),
        indent=1,
    )


def decode(data: bytes) -> Keyring:
    found = msgspec.json.decode(data)
    if found["schema"] != SCHEMA:
        raise ValueError

    def side(name: str) -> Ring:
        ring = Ring(current=found[name]["current"], keys={key: key_bytes(text) for key, text in found[name]["keys"].items()})
        ring.keys[ring.current]
        return ring

    return Keyring(pseudonym=key_bytes(found["pseudonym"]), seal=side("seal"), wrap=side("wrap"), sign=key_bytes(found["sign"]))


def key_bytes(text: str) -> bytes:
    key = b64decode(text, validate=True)
    if len(key) != KEY_BYTES:
        raise ValueError
    return key


def with_rotation(ring: Keyring) -> Keyring:
    return replace(ring, seal=ring.seal.rotated(), wrap=ring.wrap.rotated())


def without_old(ring: Keyring) -> Keyring:
    return replace(ring, seal=ring.seal.only_current(), wrap=ring.wrap.only_current())
