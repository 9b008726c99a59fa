"""Signing and sealing with the keys of the data folder."""

import os
from functools import cache
from hashlib import sha256

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from stanch.console.home import Home
from stanch.errors import InputError
from stanch.incident.checkpoint import Check, Key


class Vault:
    """Hold the keys of one installation."""

    def __init__(self, home: Home) -> None:
        self._private = Ed25519PrivateKey.from_private_bytes(home.key("signing"))
        self._sealing = AESGCM(home.key("sealing"))
        public = self._private.public_key().public_bytes_raw()
        self.key = Key(name=f"stanch-{sha256(public).hexdigest()[:12]}", public=public)

    def sign(self, message: bytes) -> bytes:
        return self._private.sign(message)

    def origin(self, stream: str) -> str:
        return f"{self.key.name}/{stream}"

    def seal(self, data: bytes, *, about: str) -> bytes:
        """Encrypt for storage; ``about`` binds it to its place, so that sealed things can't be swapped."""
        nonce = os.urandom(12)
        return nonce + self._sealing.encrypt(nonce, data, about.encode())

    def unseal(self, data: bytes, *, about: str) -> bytes:
        """Decrypt what ``seal`` gave.

        Raises: InputError when it was changed or belongs elsewhere.
        """
        try:
            return self._sealing.decrypt(data[:12], data[12:], about.encode())
        except (InvalidTag, ValueError):
            raise InputError("what is stored was changed or belongs elsewhere", where=about) from None


def checker(key: Key) -> Check:
    """Check signatures with a public key alone."""
    public = Ed25519PublicKey.from_public_bytes(key.public)

    def check(message: bytes, signature: bytes) -> bool:
        try:
            public.verify(signature, message)
        except InvalidSignature:
            return False
        return True

    return check


@cache
def vault() -> Vault:
    """Give the vault of this process's data folder."""
    from django.conf import settings  # noqa: PLC0415 -- the settings themselves need the home, not the vault

    return Vault(settings.STANCH_HOME)
