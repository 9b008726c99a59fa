"""The machine-readable zone of passports, identity cards and visas.

Decides by layout and check digits; whether a document was issued is not known here.
"""

from stanch.classify.validator.model import Validator

_MRZ_VALUES = {char: value for value, char in enumerate("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")} | {"<": 0}


def mrz_digit(field: str) -> int:
    """Give the check digit of a field.

    Source: ICAO Doc 9303 part 3, section 4.9; weights 7 3 1.
    """
    return sum(_MRZ_VALUES[char] * (7, 3, 1)[place % 3] for place, char in enumerate(field)) % 10


def _holds(code: str, start: int, end: int) -> bool:
    return code[end] == str(mrz_digit(code[start:end]))


def passport_mrz(text: str) -> bool:
    """Two lines of 44 characters, joined or not; number, birth date, expiry and the whole have a check digit.

    Source: ICAO Doc 9303 part 4 (TD3).
    """
    code = _zone(text, 88)
    if code[:1] != "P":
        return False
    line = code[44:]
    whole = line[:10] + line[13:20] + line[21:43]
    return _holds(line, 0, 9) and _holds(line, 13, 19) and _holds(line, 21, 27) and line[43] == str(mrz_digit(whole))


def card_mrz(text: str) -> bool:
    """Three lines of 30 characters, joined or not; number, birth date, expiry and the whole have a check digit.

    Source: ICAO Doc 9303 part 5 (TD1).
    """
    code = _zone(text, 90)
    if code[:1] not in ("A", "C", "I"):
        return False
    whole = code[5:30] + code[30:37] + code[38:45] + code[48:59]
    return _holds(code, 5, 14) and _holds(code, 30, 36) and _holds(code, 38, 44) and code[59] == str(mrz_digit(whole))


def _zone(text: str, length: int) -> str:
    """Give the joined lines if they have the length and only the characters of the zone; else the empty text."""
    if not length <= len(text) <= length + 6:
        return ""
    code = text.replace("\r", "").replace("\n", "").replace(" ", "")
    return code if len(code) == length and _MRZ_VALUES.keys() >= set(code) else ""


VALIDATORS = (
    Validator(
        datatype="gov_id.passport.mrz",
        check=passport_mrz,
        lengths=(88,),
        shape="P<UTOAAAAAAA<<AAA<<<<<<<<<<<<<<<<<<<<<<<<<<<X999999999UTO9999999F9999999<<<<<<<<<<<<<<<9",
        chance=0.0001,
        example="P<UTOEXAMPLE<<ANN<<<<<<<<<<<<<<<<<<<<<<<<<<<\nX123456785UTO9001011F3001019<<<<<<<<<<<<<<<6",
        digits_only=False,
    ),
    Validator(
        datatype="gov_id.card.mrz",
        check=card_mrz,
        lengths=(90,),
        shape="I<UTOX999999999<<<<<<<<<<<<<<<9999999F9999999UTO<<<<<<<<<<<9AAAAAAA<<AAA<<<<<<<<<<<<<<<<<<",
        chance=0.0001,
        example="I<UTOX123456785<<<<<<<<<<<<<<<\n9001011F3001019UTO<<<<<<<<<<<6\nEXAMPLE<<ANN<<<<<<<<<<<<<<<<<<",
        digits_only=False,
    ),
)
