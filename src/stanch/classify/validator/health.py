"""Numbers of patients, insured people and health professionals.

Decides by structure and check digit; whether a number was issued is not known here.
"""

from stanch.classify.validator.luhn import luhn
from stanch.classify.validator.mod11 import weighted
from stanch.classify.validator.model import Validator, digits, letters_and_digits, plain


def npi(text: str) -> bool:
    """Ten digits, Luhn with 80840 before them.

    Source: 45 CFR 162.406; CMS, Requirements for NPI check digit.
    """
    number = digits(text, 10)
    return number[:1] in ("1", "2") and luhn("80840" + number)


def us_dea(text: str) -> bool:
    """Two letters and seven digits.

    Source: Drug Enforcement Administration, registration number; 21 CFR 1301.
    """
    code = letters_and_digits(text, 9)
    if not (code[:1] in tuple("ABCDEFGHJKLMPRSTUX") and (code[1].isalpha() or code[1] == "9") and code[2:].isdigit()):
        return False
    return weighted(code[2:8], (1, 2, 1, 2, 1, 2)) % 10 == int(code[8])


_MBI_LETTERS = frozenset("ACDEFGHJKMNPQRTUVWXY")
_MBI_DIGITS = frozenset("0123456789")
_MBI_KINDS = {"C": _MBI_DIGITS - {"0"}, "A": _MBI_LETTERS, "N": _MBI_DIGITS, "X": _MBI_LETTERS | _MBI_DIGITS}
_MBI_FORM = [_MBI_KINDS[kind] for kind in "CAXNAXNAANN"]


def us_mbi(text: str) -> bool:
    """Check the eleven places; letters that look like digits are not used, and there is no check digit.

    Source: Centers for Medicare & Medicaid Services, Understanding the Medicare Beneficiary Identifier.
    """
    code = letters_and_digits(text, 11)
    return bool(code) and all(char in allowed for char, allowed in zip(code, _MBI_FORM, strict=True))


def gb_nhs(text: str) -> bool:
    """Ten digits.

    Source: NHS Data Dictionary, NHS NUMBER; modulus 11.
    """
    number = digits(text, 10)
    return bool(number) and weighted(number, (10, 9, 8, 7, 6, 5, 4, 3, 2, 1)) % 11 == 0


def au_medicare(text: str) -> bool:
    """Eight digits, check digit, issue, and sometimes the place of the person on the card.

    Source: Services Australia, Medicare card number; weights 1 3 7 9.
    """
    number = plain(text)
    if len(number) not in (10, 11) or not number.isdigit() or number[0] not in "23456" or number[9] == "0":
        return False
    return weighted(number[:8], (1, 3, 7, 9, 1, 3, 7, 9)) % 10 == int(number[8])


def ca_bc_phn(text: str) -> bool:
    """Ten digits that begin with 9.

    Source: British Columbia Ministry of Health, Personal Health Number; modulus 11.
    """
    number = digits(text, 10)
    return number[:1] == "9" and -weighted(number[1:9], (2, 4, 8, 5, 10, 9, 7, 3)) % 11 == int(number[9])


def de_kvnr(text: str) -> bool:
    """A letter, eight digits, check digit.

    Source: § 290 SGB V; Richtlinien des GKV-Spitzenverbandes, Krankenversichertennummer.
    """
    code = letters_and_digits(text, 10)
    if not (code[:1].isalpha() and code[1:].isdigit()):
        return False
    number = f"{ord(code[0]) - 64:02d}{code[1:9]}"
    return sum(sum(divmod(int(digit) * (1 + place % 2), 10)) for place, digit in enumerate(number)) % 10 == int(code[9])


_NHI_LETTERS = {letter: value for value, letter in enumerate("ABCDEFGHJKLMNPQRSTUVWXYZ", start=1)}


def nz_nhi(text: str) -> bool:
    """Three letters, three digits, check digit.

    Source: Health New Zealand, HISO 10046 Consumer Health Identity Standard; modulus 11.
    """
    code = letters_and_digits(text, 7)
    if not code[3:].isdigit() or not all(letter in _NHI_LETTERS for letter in code[:3]):
        return False
    total = sum(_NHI_LETTERS[letter] * (7 - place) for place, letter in enumerate(code[:3])) + weighted(code[3:6], (4, 3, 2))
    return total % 11 != 0 and -total % 11 % 10 == int(code[6])


VALIDATORS = (
    Validator(datatype="health.npi", check=npi, lengths=(10,), shape="9999999999", chance=0.02, example="1234567893"),
    Validator(datatype="health.us.dea", check=us_dea, lengths=(9,), shape="AA9999999", chance=0.0692, example="AB1234563", digits_only=False),
    Validator(datatype="health.us.mbi", check=us_mbi, lengths=(11,), shape="9AX9AX9AA99", chance=0.218, example="1EG4-TE5-MK73", digits_only=False),
    Validator(datatype="health.gb.nhs", check=gb_nhs, lengths=(10,), shape="9999999999", chance=0.0909, example="999 123 4500"),
    Validator(datatype="health.au.medicare", check=au_medicare, lengths=(10, 11), shape="9999999999", chance=0.045, example="2123 45670 1"),
    Validator(datatype="health.ca.bc_phn", check=ca_bc_phn, lengths=(10,), shape="9999999999", chance=0.0091, example="9123 456 780"),
    Validator(datatype="health.de.kvnr", check=de_kvnr, lengths=(10,), shape="A999999999", chance=0.1, example="A123456780", digits_only=False),
    Validator(datatype="health.nz.nhi", check=nz_nhi, lengths=(7,), shape="AAA9999", chance=0.0715, example="ZAA0067", digits_only=False),
)
