"""National numbers of Africa and the Middle East.

Decides by structure and check digit; whether a number was issued is not known here.
"""

from stanch.classify.validator.calendar import is_date, is_ddmmyy, is_yymmdd
from stanch.classify.validator.luhn import luhn
from stanch.classify.validator.mod11 import weighted
from stanch.classify.validator.model import Validator, digits, letters_and_digits, words

_EG_GOVERNORATES = words("01 02 03 04 11 12 13 14 15 16 17 18 19 21 22 23 24 25 26 27 28 29 31 32 33 34 35 88")


def za_id(text: str) -> bool:
    """Birth date, sex, citizenship, Luhn.

    Source: Department of Home Affairs, Identification Act 68 of 1997.
    """
    number = digits(text, 13)
    return bool(number) and number[10] in "012" and is_yymmdd(number) and luhn(number)


def il_id(text: str) -> bool:
    """Nine digits, Luhn.

    Source: Population and Immigration Authority, Population Registry Law, 1965.
    """
    number = digits(text, 9)
    return bool(number) and luhn(number)


def eg_id(text: str) -> bool:
    """Century, birth date, governorate, serial; the rule of the last digit is not published.

    Source: Civil Status Law 143 of 1994; OECD TIN sheet.
    """
    number = digits(text, 14)
    if number[:1] not in ("2", "3") or number[7:9] not in _EG_GOVERNORATES:
        return False
    return is_date(int(number[0]) * 100 + 1700 + int(number[1:3]), int(number[3:5]), int(number[5:7]))


def sa_id(text: str) -> bool:
    """Ten digits from 1 (citizens) or 2 (residents), Luhn.

    Source: Ministry of Interior, National Information Center.
    """
    number = digits(text, 10)
    return number[:1] in ("1", "2") and luhn(number)


def ae_emirates_id(text: str) -> bool:
    """784, birth year, serial, Luhn.

    Source: Federal Authority for Identity, Citizenship, Customs and Port Security.
    """
    number = digits(text, 15)
    return number[:3] == "784" and "1900" <= number[3:7] < "2100" and luhn(number)


def kw_civil_id(text: str) -> bool:
    """Century, birth date, serial, check digit.

    Source: Public Authority for Civil Information, Law 32 of 1982.
    """
    number = digits(text, 12)
    if number[:1] not in ("1", "2", "3") or not is_date(1700 + 100 * int(number[0]) + int(number[1:3]), int(number[3:5]), int(number[5:7])):
        return False
    return 11 - weighted(number[:11], (2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)) % 11 == int(number[11])


def ir_melli(text: str) -> bool:
    """Ten digits.

    Source: National Organization for Civil Registration of Iran, national code.
    """
    number = digits(text, 10)
    if not number:
        return False
    rest = weighted(number[:9], (10, 9, 8, 7, 6, 5, 4, 3, 2)) % 11
    return (rest if rest < 2 else 11 - rest) == int(number[9])


def mu_nid(text: str) -> bool:
    """A letter, birth date, district, serial, check character.

    Source: National Identity Card Act of Mauritius, 1985; modulus 17.
    """
    code = letters_and_digits(text, 14)
    if not (code[:1].isalpha() and code[1:13].isdigit() and is_ddmmyy(code[1:7])):
        return False
    total = sum(int(char, 36) * (14 - place) for place, char in enumerate(code[:13]))
    return -total % 17 == int(code[13], 36)


VALIDATORS = (
    Validator(datatype="gov_id.za.id", check=za_id, lengths=(13,), shape="9999999999999", chance=0.0011, example="900101 1234 08 4"),
    Validator(datatype="gov_id.il.id", check=il_id, lengths=(9,), shape="999999999", chance=0.1, example="123456782"),
    Validator(datatype="gov_id.eg.id", check=eg_id, lengths=(14,), shape="99999999999999", chance=0.00205, example="29001010112345"),
    Validator(datatype="gov_id.sa.id", check=sa_id, lengths=(10,), shape="9999999999", chance=0.02, example="1234567897"),
    Validator(
        datatype="gov_id.ae.emirates_id", check=ae_emirates_id, lengths=(15,), shape="999999999999999", chance=2.0e-6, example="784-1990-1234567-6"
    ),
    Validator(datatype="gov_id.kw.civil_id", check=kw_civil_id, lengths=(12,), shape="999999999999", chance=0.0009, example="290010112346"),
    Validator(datatype="gov_id.ir.melli", check=ir_melli, lengths=(10,), shape="9999999999", chance=0.1, example="123-456789-1"),
    Validator(
        datatype="gov_id.mu.nid", check=mu_nid, lengths=(14,), shape="A999999999999X", chance=0.001, example="A0101901234563", digits_only=False
    ),
)
