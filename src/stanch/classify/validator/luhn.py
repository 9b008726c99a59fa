"""The Luhn sum: one check digit that catches every single wrong digit and most swapped neighbours."""

_DOUBLED = str.maketrans("0123456789", "0246813579")


def luhn(text: str) -> bool:
    """Check digits whose last one is the check digit.

    Source: ISO/IEC 7812-1, annex B.
    """
    return sum(map(int, text[::-2])) % 10 == -sum(map(int, text[-2::-2].translate(_DOUBLED))) % 10


def luhn_letters(text: str) -> bool:
    """Check capitals and digits, with A as 10 up to Z as 35, the last character being the check digit.

    Source: ISO 6166, annex A.
    """
    return luhn("".join([str(int(char, 36)) for char in text]))
