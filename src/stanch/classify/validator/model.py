"""The form of a validator, and which characters of a text count.

Decides what a separator is; knows no number of any country.
"""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Validator:
    datatype: str
    check: Callable[[str], bool]
    """Whether the text may be such a number; takes any text, never raises."""
    lengths: tuple[int, ...]
    """Numbers of significant characters (see ``significant``) of texts that can pass."""
    shape: str
    """The plain format: ``9`` a digit, ``A`` a capital, ``X`` a capital or digit, ``h`` a hexadecimal digit, else the character itself."""
    chance: float
    """Share of random texts of ``shape`` that pass: the smaller, the more a pass says."""
    example: str
    """Fictional: made from counting digits, not taken from a person."""
    digits_only: bool = True
    """Every passing text consists of digits and separators."""
    look_alike: bool = False
    """Names a thing, not a person: a pass speaks against the personal datatypes of the same form."""


_MAX_LENGTH = 128
_SEPARATORS = str.maketrans("", "", " -./")
_INSIGNIFICANT = str.maketrans("", "", " -./:()\r\n")


def words(text: str) -> frozenset[str]:
    """Make a set of the words of a table."""
    return frozenset(text.split())


def significant(text: str) -> str:
    """Drop what no validator counts: spaces, hyphens, dots, slashes, colons, brackets, line ends."""
    return text if text.isalnum() else text.translate(_INSIGNIFICANT)


def plain(text: str) -> str:
    """Drop the separators of an ASCII text that begins and ends with a letter or digit; empty if it is anything else.

    A single dot and nothing else beside digits is a decimal number, not a separated one.
    """
    if not text.isascii() or len(text) > _MAX_LENGTH:
        return ""
    if text.isalnum():
        return text
    if not (text[:1].isalnum() and text[-1:].isalnum()):
        return ""
    compact = text.translate(_SEPARATORS)
    if not compact.isalnum() or len(text) > len(compact) * 3 // 2 or _is_decimal(text, compact):
        return ""
    return compact


def _is_decimal(text: str, compact: str) -> bool:
    return len(text) - len(compact) == 1 and "." in text


def digits(text: str, length: int) -> str:
    """Give exactly ``length`` digits without separators, not all the same; else the empty text."""
    if not length <= len(text) <= 2 * length:
        return ""
    compact = plain(text)
    fits = len(compact) == length and compact.isdigit() and compact.count(compact[0]) != length
    return compact if fits else ""


def letters_and_digits(text: str, length: int) -> str:
    """Give exactly ``length`` capitals and digits without separators; else the empty text."""
    if not length <= len(text) <= 2 * length:
        return ""
    compact = plain(text)
    return compact.upper() if len(compact) == length else ""
