"""Proof of deletion: a signed, chained record of which day's key and files were destroyed, written before they are.

Anyone with the public key can check the chain; the records hold counts and digests of ciphertext, nothing of a person.
"""

from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Literal

import msgspec

from stanch.engines.ledger.durable import write_durably
from stanch.engines.ledger.extra import load
from stanch.errors import InputError

SCHEMA = "stanch.ledger-deletion/1"
FIRST = "0" * 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Deletion:
    number: int
    part: str
    """Class and day, such as ``disclosures.2026-03-20``."""
    reason: str
    deleted_at: str
    """ISO 8601, UTC."""
    names: tuple[str, ...]
    digests: tuple[str, ...]
    """SHA-256 of each encrypted file."""
    n_rows: int
    wrapped_key: str
    """SHA-256 of the wrapped key that was destroyed."""
    previous: str
    """SHA-256 of the record before."""
    public_key: str = ""
    signature: str = ""

    def signed_text(self) -> bytes:
        """Write what is signed: every member but the signature, one a line."""
        lines = [SCHEMA, str(self.number), self.part, self.reason, self.deleted_at, *self.names, *self.digests, str(self.n_rows), self.wrapped_key]
        return "\n".join([*lines, self.previous, self.public_key]).encode()

    @property
    def digest(self) -> str:
        return sha256(self.signed_text()).hexdigest()


class _Record(msgspec.Struct, forbid_unknown_fields=True):
    schema: Literal["stanch.ledger-deletion/1"]
    deletion: Deletion


def signed(deletion: Deletion, seed: bytes) -> Deletion:
    """Sign a record. Source: Ed25519, RFC 8032."""
    key = load("cryptography.hazmat.primitives.asymmetric.ed25519").Ed25519PrivateKey.from_private_bytes(seed)
    named = replace(deletion, public_key=key.public_key().public_bytes_raw().hex())
    return replace(named, signature=key.sign(named.signed_text()).hex())


def write_deletion(folder: Path, deletion: Deletion) -> None:
    write_durably(folder / f"{deletion.number:06d}.json", msgspec.json.encode({"schema": SCHEMA, "deletion": deletion_dict(deletion)}))


def deletion_dict(item: Deletion) -> dict[str, object]:
    return {
        "number": item.number, "part": item.part, "reason": item.reason, "deleted_at": item.deleted_at, "names": list(item.names),
        "digests": list(item.digests), "n_rows": item.n_rows, "wrapped_key": item.wrapped_key, "previous": item.previous,
        "public_key": item.public_key, "signature": item.signature,
    }  # fmt: skip


def read_deletions(folder: Path) -> list[Deletion]:
    """Give the records in order.

    Raises: InputError where one is damaged.
    """
    found = []
    for path in sorted(folder.glob("*.json")):
        try:
            found.append(msgspec.json.decode(path.read_bytes(), type=_Record).deletion)
        except msgspec.DecodeError:
            raise InputError("a proof of deletion is damaged", where=str(path), hint="restore the ledger's folder from its backup") from None
    return found


def problems_of(deletions: list[Deletion], public_key: str) -> list[str]:
    """Check the chain: every record signed by this organisation, none missing, none changed."""
    ed25519, exceptions = load("cryptography.hazmat.primitives.asymmetric.ed25519"), load("cryptography.exceptions")
    key = ed25519.Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key))
    found, previous = [], FIRST
    for number, item in enumerate(deletions, 1):
        if item.number != number or item.previous != previous:
            found.append(f"deletion {item.number}: a record before it is missing or was changed")
        try:
            key.verify(bytes.fromhex(item.signature), item.signed_text())
        except (exceptions.InvalidSignature, ValueError):
            found.append(f"deletion {item.number}: the signature is not this organisation's")
        previous = item.digest
    return found


def public_key_of(seed: bytes) -> str:
    key = load("cryptography.hazmat.primitives.asymmetric.ed25519").Ed25519PrivateKey.from_private_bytes(seed)
    return str(key.public_key().public_bytes_raw().hex())
