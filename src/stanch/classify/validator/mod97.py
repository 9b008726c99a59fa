"""The remainder by 97: two check digits."""


def mod_97_10(text: str) -> bool:
    """Check capitals and digits, with A as 10 up to Z as 35.

    Source: ISO/IEC 7064:2003, pure system MOD 97-10.
    """
    return int("".join([str(int(char, 36)) for char in text])) % 97 == 1


def complement_97(number: str, key: str) -> bool:
    """Check that number plus key is divisible by 97, the key being 1 to 97."""
    return 97 - int(number) % 97 == int(key)
