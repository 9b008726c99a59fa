"""Weighted sums, and the recursive systems of ISO 7064 with modulus 11 and 10."""

from collections.abc import Sequence
from operator import mul


def weighted(text: str, weights: Sequence[int]) -> int:
    """Sum digit times weight, from the left, as far as the weights go."""
    return sum(map(mul, map(int, text), weights))


def mod_11_10(text: str) -> bool:
    """Check digits whose last one is the check digit.

    Source: ISO/IEC 7064:2003, hybrid system MOD 11,10.
    """
    carry = 10
    for digit in map(int, text[:-1]):
        carry = ((carry + digit) % 10 or 10) * 2 % 11
    return (carry + int(text[-1])) % 10 == 1


def mod_11_2(text: str) -> bool:
    """Check digits whose last one is the check character, X standing for ten.

    Source: ISO/IEC 7064:2003, pure system MOD 11-2.
    """
    total = 0
    for digit in map(int, text[:-1]):
        total = (total + digit) * 2 % 11
    last = 10 if text[-1] == "X" else int(text[-1])
    return (total + last) % 11 == 1
