"""Addresses of crypto wallets.

Decides by encoding and checksum; whether a wallet holds anything is not known here.
"""

from hashlib import sha256

from stanch.classify.validator.keccak import keccak_256
from stanch.classify.validator.model import Validator

_BASE58 = {char: value for value, char in enumerate("123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz")}
_BECH32 = {char: value for value, char in enumerate("qpzry9x8gf2tvdw0s3jn54khce6mua7l")}
_BECH32_GENERATORS = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
_BITCOIN_VERSIONS = frozenset({0x00, 0x05})


def bitcoin(text: str) -> bool:
    """Check a Base58Check or a Bech32 address of the main network.

    Source: Bitcoin wiki, Base58Check encoding; BIP 173 and BIP 350.
    """
    if 26 <= len(text) <= 35 and text[0] in "13":
        return _is_base58check(text)
    return 42 <= len(text) <= 62 and text[:3].lower() == "bc1" and _is_bech32(text)


def _is_base58check(text: str) -> bool:
    if not _BASE58.keys() >= set(text):
        return False
    number = 0
    for char in text:
        number = number * 58 + _BASE58[char]
    if number.bit_length() > 200:
        return False
    raw = number.to_bytes(25, "big")
    n_zeros = len(raw) - len(raw.lstrip(b"\0"))
    is_canonical = len(text) - len(text.lstrip("1")) == n_zeros
    return is_canonical and raw[0] in _BITCOIN_VERSIONS and sha256(sha256(raw[:21]).digest()).digest()[:4] == raw[21:]


def _is_bech32(text: str) -> bool:
    code = text.lower()
    if text not in (code, text.upper()) or not _BECH32.keys() >= set(code[3:]):
        return False
    values = [_BECH32[char] for char in code[3:]]
    version, n_bytes = values[0], (len(values) - 7) * 5 // 8
    if version > 16 or (version == 0 and n_bytes not in (20, 32)):
        return False
    return _polymod([3, 3, 0, 2, 3, *values]) == (1 if version == 0 else 0x2BC830A3)


def _polymod(values: list[int]) -> int:
    checksum = 1
    for value in values:
        top = checksum >> 25
        checksum = (checksum & 0x1FFFFFF) << 5 ^ value
        for place, generator in enumerate(_BECH32_GENERATORS):
            checksum ^= generator if top >> place & 1 else 0
    return checksum


def ethereum(text: str) -> bool:
    """Check 0x and forty hexadecimal digits; where both cases occur, the cases are the checksum.

    Source: EIP-55.
    """
    if len(text) != 42 or text[:2] != "0x" or not text.isascii() or not text.isalnum():
        return False
    code = text[2:]
    lower = code.lower()
    if lower.strip("0123456789abcdef") or not lower.strip("0"):
        return False
    return code in (lower, code.upper()) or code == _cased(lower)


def _cased(lower: str) -> str:
    marks = keccak_256(lower.encode()).hex()
    return "".join([char.upper() if mark >= "8" else char for char, mark in zip(lower, marks, strict=False)])


VALIDATORS = (
    Validator(
        datatype="finance.crypto_wallet.bitcoin",
        check=bitcoin,
        lengths=(*range(26, 36), *range(42, 63)),
        shape="19999999999999999999999999999999",
        chance=2.4e-10,
        example="1BitcoinEaterAddressDontSendf59kuE",
        digits_only=False,
    ),
    Validator(
        datatype="finance.crypto_wallet.ethereum",
        check=ethereum,
        lengths=(42,),
        shape="0xhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhh",
        chance=1.0,
        example="0x000000000000000000000000000000000000dEaD",
        digits_only=False,
    ),
)
