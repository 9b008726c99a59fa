"""National and tax numbers of western and central Europe.

Decides by structure and check digit; whether a number was issued is not known here.
"""

from stanch.classify.validator.calendar import is_ddmmyy, is_yyyymmdd
from stanch.classify.validator.luhn import luhn
from stanch.classify.validator.mod11 import mod_11_10, weighted
from stanch.classify.validator.mod97 import complement_97
from stanch.classify.validator.model import Validator, digits, letters_and_digits, plain
from stanch.classify.validator.verhoeff import verhoeff

_NINO_UNUSED = frozenset({"BG", "GB", "KN", "NK", "NT", "TN", "ZZ"})


def gb_nino(text: str) -> bool:
    """Check prefix and suffix; there is no check digit.

    Source: HM Revenue & Customs, National Insurance Manual NIM39110.
    """
    code = letters_and_digits(text, 9)
    prefix = code[:2]
    if not (prefix.isalpha() and code[2:8].isdigit() and code[8] in "ABCD"):
        return False
    return not set(prefix) & set("DFIQUV") and prefix[1] != "O" and prefix not in _NINO_UNUSED


def gb_utr(text: str) -> bool:
    """Ten digits, the first being the check digit.

    Source: HM Revenue & Customs, Unique Taxpayer Reference; weights 6 7 8 9 10 5 4 3 2.
    """
    number = digits(text, 10)
    return bool(number) and "21987654321"[weighted(number[1:], (6, 7, 8, 9, 10, 5, 4, 3, 2)) % 11] == number[0]


def ie_pps(text: str) -> bool:
    """Seven digits, a check letter and, where there is one, a second letter that takes part in the sum.

    Source: Department of Social Protection, Personal Public Service Number; Social Welfare Consolidation Act 2005, s. 262.
    """
    code = plain(text).upper()
    if len(code) not in (8, 9) or not code[:7].isdigit() or (extra := code[8:]) not in ("", "A", "B", "H", "T", "W", "X"):
        return False
    total = weighted(code[:7], (8, 7, 6, 5, 4, 3, 2)) + (9 * "WABCDEFGH".find(extra) if extra in ("A", "B", "H") else 0)
    return "WABCDEFGHIJKLMNOPQRSTUV"[total % 23] == code[7]


def fr_nir(text: str) -> bool:
    """Sex, year, month, place of birth, serial and a key of two digits; Corsica is 2A and 2B.

    Source: INSEE, décret 82-103 du 22 janvier 1982; clé de contrôle modulo 97.
    """
    code = letters_and_digits(text, 15)
    if code[:1] not in ("1", "2", "3", "4", "7", "8") or code[5:7] == "00":
        return False
    number = code[:5] + {"2A": "19", "2B": "18"}.get(code[5:7], code[5:7]) + code[7:]
    return number.isdigit() and _is_nir_month(int(number[3:5])) and complement_97(number[:13], number[13:])


def _is_nir_month(month: int) -> bool:
    return 1 <= month <= 12 or 20 <= month <= 42 or month >= 50


def fr_spi(text: str) -> bool:
    """Thirteen digits, the last three being the remainder of the first ten by 511.

    Source: DGFiP, numéro fiscal de référence (SPI), OECD TIN sheet of France.
    """
    number = digits(text, 13)
    return number[:1] in ("0", "1", "2", "3") and int(number[:10]) % 511 == int(number[10:])


def de_idnr(text: str) -> bool:
    """Eleven digits; of the first ten exactly one digit occurs twice or three times.

    Source: Bundeszentralamt für Steuern, § 139b AO; ISO 7064 MOD 11,10.
    """
    number = digits(text, 11)
    if not number or number[0] == "0":
        return False
    counts = sorted(number[:10].count(digit) for digit in set(number[:10]))
    return counts[-1] in (2, 3) and counts[-2] == 1 and mod_11_10(number)


def nl_bsn(text: str) -> bool:
    """Nine digits, the eleven test.

    Source: Rijksdienst voor Identiteitsgegevens, Logisch Ontwerp BSN, elfproef.
    """
    number = digits(text, 9)
    return bool(number) and weighted(number, (9, 8, 7, 6, 5, 4, 3, 2, -1)) % 11 == 0


def be_nn(text: str) -> bool:
    """Birth date (month raised by 20 or 40 in BIS numbers, 0 where unknown), serial, two check digits.

    Source: Koninklijk besluit of 3 April 1984, Rijksregisternummer; from 2000 on a 2 stands before the number.
    """
    number = digits(text, 11)
    if not number or int(number[2:4]) % 20 > 12 or int(number[2:4]) > 52 or number[4:6] > "31":
        return False
    return complement_97(number[:9], number[9:]) or complement_97("2" + number[:9], number[9:])


def ch_ahv(text: str) -> bool:
    """Thirteen digits from 756, with the check digit of EAN-13.

    Source: Zentrale Ausgleichsstelle, AHV-Nummer, Weisungen NAVS13.
    """
    number = digits(text, 13)
    return number[:3] == "756" and weighted(number, (1, 3) * 6 + (1,)) % 10 == 0


def at_svnr(text: str) -> bool:
    """Three digits, check digit, birth date; months 13 to 15 serve days that are full.

    Source: Österreichische Sozialversicherung, § 30c ASVG.
    """
    number = digits(text, 10)
    if not number or number[0] == "0" or not (is_ddmmyy(number[4:]) or _is_overflow(number[4:8])):
        return False
    return weighted(number, (3, 7, 9, 0, 5, 8, 4, 2, 1, 6)) % 11 == int(number[3])


def _is_overflow(day_and_month: str) -> bool:
    return "01" <= day_and_month[:2] <= "31" and day_and_month[2:] in ("13", "14", "15")


def lu_id(text: str) -> bool:
    """Birth date, serial, then a Luhn and a Verhoeff digit over the first eleven.

    Source: Centre des technologies de l'information de l'État, loi du 19 juin 2013, matricule.
    """
    number = digits(text, 13)
    return bool(number) and is_yyyymmdd(number) and luhn(number[:12]) and verhoeff(number[:11] + number[12])


VALIDATORS = (
    Validator(datatype="gov_id.gb.nino", check=gb_nino, lengths=(9,), shape="AA999999A", chance=0.0869, example="AA 12 34 56 C", digits_only=False),
    Validator(datatype="gov_id.gb.utr", check=gb_utr, lengths=(10,), shape="9999999999", chance=0.1, example="21234 56783"),
    Validator(datatype="gov_id.ie.pps", check=ie_pps, lengths=(8, 9), shape="9999999A", chance=0.0385, example="1234567T", digits_only=False),
    Validator(
        datatype="gov_id.fr.nir",
        check=fr_nir,
        lengths=(15,),
        shape="999999999999999",
        chance=0.005,
        example="1 90 01 75 123 456 55",
        digits_only=False,
    ),
    Validator(datatype="gov_id.fr.spi", check=fr_spi, lengths=(13,), shape="9999999999999", chance=0.0004, example="01 23 456 789 211"),
    Validator(datatype="gov_id.de.idnr", check=de_idnr, lengths=(11,), shape="99999999999", chance=0.00343, example="12 345 678 911"),
    Validator(datatype="gov_id.nl.bsn", check=nl_bsn, lengths=(9,), shape="999999999", chance=0.0909, example="123456782"),
    Validator(datatype="gov_id.be.nn", check=be_nn, lengths=(11,), shape="99999999999", chance=0.0025, example="90.01.01-123.27"),
    Validator(datatype="gov_id.ch.ahv", check=ch_ahv, lengths=(13,), shape="9999999999999", chance=0.0001, example="756.1234.5678.97"),
    Validator(datatype="gov_id.at.svnr", check=at_svnr, lengths=(10,), shape="9999999999", chance=0.00375, example="1230 010196"),
    Validator(datatype="gov_id.lu.id", check=lu_id, lengths=(13,), shape="9999999999999", chance=9.0e-6, example="1990 0101 12385"),
)
