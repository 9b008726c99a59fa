"""Format-preserving encryption of 64-bit numbers: FF1 with radix 256 over eight bytes and an empty tweak.

A keyed permutation of pseudonyms that can be undone, so that rotation of its key keeps who is who, at half the size of a whole AES block. All
numbers of a column go through each round together: one AES call a round, halves added in lanes of a large integer.
Source: NIST SP 800-38G, FF1 (algorithms 7 and 8), ten rounds.
"""

from stanch.engines.ledger.extra import load

NUMBER = 8
_HALF = 4
_BLOCK = 16
_ROUNDS = 10
_HEADER = bytes([1, 2, 1, 0, 1, 0, _ROUNDS, _HALF, 0, 0, 0, NUMBER, 0, 0, 0, 0])
"""P of the standard: version, method, addition, radix 256, rounds, length of the left half, length, length of the tweak."""


class Permutation:
    """Encrypts joined big-endian 64-bit numbers under one AES key."""

    def __init__(self, key: bytes) -> None:
        ciphers = load("cryptography.hazmat.primitives.ciphers")
        self._cipher = ciphers.Cipher(ciphers.algorithms.AES(key), ciphers.modes.ECB())
        self._start = self.block(_HEADER)

    def block(self, data: bytes) -> bytes:
        return bytes(self._cipher.encryptor().update(data))

    def encrypt(self, numbers: bytes) -> bytes:
        n = len(numbers) // NUMBER
        left, right = lanes(numbers, NUMBER, 0, n), lanes(numbers, NUMBER, _HALF, n)
        for number in range(_ROUNDS):
            total = int.from_bytes(left, "big") + int.from_bytes(self.mixed(number, right, n), "big")
            left, right = right, lanes(total.to_bytes(n * NUMBER, "big"), NUMBER, _HALF, n)
        return joined(left, right, n)

    def decrypt(self, numbers: bytes) -> bytes:
        n = len(numbers) // NUMBER
        left, right = lanes(numbers, NUMBER, 0, n), lanes(numbers, NUMBER, _HALF, n)
        borrow = int.from_bytes(b"\0\0\0\1\0\0\0\0" * n, "big")
        for number in reversed(range(_ROUNDS)):
            total = int.from_bytes(right, "big") + borrow - int.from_bytes(self.mixed(number, left, n), "big")
            left, right = lanes(total.to_bytes(n * NUMBER, "big"), NUMBER, _HALF, n), left
        return joined(left, right, n)

    def mixed(self, number: int, half: bytes, n: int) -> bytes:
        """Give the round function of every lane."""
        asked = bytearray(n * _BLOCK)
        asked[11::_BLOCK] = bytes([number]) * n
        for position in range(_HALF):
            asked[12 + position :: _BLOCK] = half[_HALF + position :: NUMBER]
        masked = int.from_bytes(asked, "big") ^ int.from_bytes(self._start * n, "big")
        return lanes(self.block(masked.to_bytes(n * _BLOCK, "big")), _BLOCK, _HALF, n)


def lanes(data: bytes, step: int, offset: int, n: int) -> bytes:
    """Take four bytes at an offset of every item, right-aligned in lanes of eight."""
    found = bytearray(n * NUMBER)
    for position in range(_HALF):
        found[_HALF + position :: NUMBER] = data[offset + position :: step]
    return bytes(found)


def joined(left: bytes, right: bytes, n: int) -> bytes:
    found = bytearray(n * NUMBER)
    for position in range(_HALF):
        found[position::NUMBER] = left[_HALF + position :: NUMBER]
        found[_HALF + position :: NUMBER] = right[_HALF + position :: NUMBER]
    return bytes(found)
