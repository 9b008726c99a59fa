"""National and tax numbers of eastern Europe and Kazakhstan.

Decides by structure and check digit; whether a number was issued is not known here.
"""

from stanch.classify.validator.calendar import is_date, is_short_date, is_yymmdd, lowered
from stanch.classify.validator.mod11 import weighted
from stanch.classify.validator.model import Validator, digits, plain

_PESEL_CENTURIES = (1900, 2000, 2100, 2200, 1800)
_CNP_CENTURIES = {"1": 1900, "2": 1900, "3": 1800, "4": 1800, "5": 2000, "6": 2000}
_RNOKPP = (-1, 5, 7, 9, 4, 6, 10, 5, 7)
_INN_TENTH = (7, 2, 4, 10, 3, 5, 9, 4, 6, 8)


def pl_pesel(text: str) -> bool:
    """Birth date with the century in the month, serial, check digit.

    Source: Ustawa z 24 września 2010 o ewidencji ludności, art. 15-16.
    """
    number = digits(text, 11)
    if not number:
        return False
    century, month = divmod(int(number[2:4]), 20)
    if not is_date(_PESEL_CENTURIES[century] + int(number[:2]), month, int(number[4:6])):
        return False
    return weighted(number, (1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1)) % 10 == 0


def pl_nip(text: str) -> bool:
    """Ten digits.

    Source: Ustawa z 13 października 1995 o zasadach ewidencji i identyfikacji podatników.
    """
    number = digits(text, 10)
    return bool(number) and number[0] != "0" and weighted(number[:9], (6, 5, 7, 2, 3, 4, 5, 6, 7)) % 11 == int(number[9])


def cz_rc(text: str) -> bool:
    """Birth date (month raised by 50 for women, by 20 when a day is full) and serial; divisible by 11 since 1954.

    Source: Zákon č. 133/2000 Sb., § 13 (Czechia); zákon č. 301/1995 Z. z. (Slovakia).
    """
    number = plain(text)
    if len(number) not in (9, 10) or not number.isdigit():
        return False
    month = lowered(f"{lowered(number[2:4], 50)}", 20)
    if not is_short_date(int(number[:2]), month, int(number[4:6])):
        return False
    if len(number) == 9:
        return number[:2] < "54" and number[6:] != "000"
    return int(number[:9]) % 11 % 10 == int(number[9])


def hu_taj(text: str) -> bool:
    """Nine digits, weights three and seven.

    Source: 1996. évi XX. törvény, melléklet II, TAJ szám.
    """
    number = digits(text, 9)
    return bool(number) and weighted(number[:8], (3, 7) * 4) % 10 == int(number[8])


def hu_tax_id(text: str) -> bool:
    """Ten digits that begin with 8.

    Source: 1996. évi XX. törvény, melléklet I, adóazonosító jel.
    """
    number = digits(text, 10)
    return number[:1] == "8" and weighted(number[:9], (1, 2, 3, 4, 5, 6, 7, 8, 9)) % 11 == int(number[9])


def ro_cnp(text: str) -> bool:
    """Sex and century, birth date, county, serial, check digit.

    Source: Legea 105/1996 and OUG 97/2005, codul numeric personal.
    """
    number = digits(text, 13)
    if number[:1] in ("", "0") or not (1 <= int(number[7:9]) <= 52 or number[7:9] in ("70", "80", "81", "82", "83")):
        return False
    if not is_date(_CNP_CENTURIES.get(number[0], 2000) + int(number[1:3]), int(number[3:5]), int(number[5:7])):
        return False
    return "01234567891"[weighted(number[:12], (2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9)) % 11] == number[12]


def bg_egn(text: str) -> bool:
    """Birth date (month raised by 20 before 1900, by 40 from 2000), serial, check digit.

    Source: Civil Registration Act of Bulgaria, article 11; GRAO.
    """
    number = digits(text, 10)
    if not number or not is_short_date(int(number[:2]), int(number[2:4]) % 20, int(number[4:6])) or number[2:4] > "52":
        return False
    return weighted(number[:9], (2, 4, 8, 5, 10, 9, 7, 3, 6)) % 11 % 10 == int(number[9])


def ua_rnokpp(text: str) -> bool:
    """Days since 1899-12-31, serial with sex, check digit.

    Source: State Tax Service of Ukraine, order 822 of 2017, RNOKPP.
    """
    number = digits(text, 10)
    return bool(number) and weighted(number[:9], _RNOKPP) % 11 % 10 == int(number[9])


def ru_inn(text: str) -> bool:
    """Twelve digits, the form for people, with two check digits.

    Source: Federal Tax Service of Russia, order of 29 June 2012, INN of a natural person.
    """
    number = digits(text, 12)
    if not number or number[:2] == "00" or weighted(number[:10], _INN_TENTH) % 11 % 10 != int(number[10]):
        return False
    return weighted(number[:11], (3, *_INN_TENTH)) % 11 % 10 == int(number[11])


def ru_snils(text: str) -> bool:
    """Nine digits and a sum of two.

    Source: Pension Fund of Russia, resolution 485p of 2016, SNILS.
    """
    number = digits(text, 11)
    if not number or number[:9] <= "001001998":
        return False
    return weighted(number, (9, 8, 7, 6, 5, 4, 3, 2, 1)) % 101 % 100 == int(number[9:])


def md_idnp(text: str) -> bool:
    """Thirteen digits that begin with 2 (0 for foreigners).

    Source: Legea 273/1994, IDNP; Hotărârea Guvernului 333/2002, weights 7 3 1.
    """
    number = digits(text, 13)
    return number[:1] in ("0", "2") and weighted(number[:12], (7, 3, 1) * 4) % 10 == int(number[12])


def kz_iin(text: str) -> bool:
    """Birth date, century and sex, serial, check digit of two rounds.

    Source: Law of the Republic of Kazakhstan 223-III of 2007 on national registers of identification numbers.
    """
    number = digits(text, 12)
    if not number or number[6] > "6" or not is_yymmdd(number):
        return False
    rest = weighted(number[:11], (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11)) % 11
    if rest == 10:
        rest = weighted(number[:11], (3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2)) % 11
    return rest == int(number[11])


VALIDATORS = (
    Validator(datatype="gov_id.pl.pesel", check=pl_pesel, lengths=(11,), shape="99999999999", chance=0.0183, example="90010112349"),
    Validator(datatype="gov_id.pl.nip", check=pl_nip, lengths=(10,), shape="9999999999", chance=0.082, example="123-456-32-18"),
    Validator(datatype="gov_id.cz.rc", check=cz_rc, lengths=(9, 10), shape="9999999999", chance=0.0146, example="900101/1239"),
    Validator(datatype="gov_id.sk.rc", check=cz_rc, lengths=(9, 10), shape="9999999999", chance=0.0146, example="905101/1233"),
    Validator(datatype="gov_id.hu.taj", check=hu_taj, lengths=(9,), shape="999999999", chance=0.1, example="123 456 788"),
    Validator(datatype="gov_id.hu.tax_id", check=hu_tax_id, lengths=(10,), shape="9999999999", chance=0.0091, example="8123456786"),
    Validator(datatype="gov_id.ro.cnp", check=ro_cnp, lengths=(13,), shape="9999999999999", chance=0.0019, example="1900101401233"),
    Validator(datatype="gov_id.bg.egn", check=bg_egn, lengths=(10,), shape="9999999999", chance=0.011, example="9001011238"),
    Validator(datatype="gov_id.ua.rnokpp", check=ua_rnokpp, lengths=(10,), shape="9999999999", chance=0.1, example="1234567899"),
    Validator(datatype="gov_id.ru.inn", check=ru_inn, lengths=(12,), shape="999999999999", chance=0.0099, example="123456789047"),
    Validator(datatype="gov_id.ru.snils", check=ru_snils, lengths=(11,), shape="99999999999", chance=0.01, example="123-456-789 64"),
    Validator(datatype="gov_id.md.idnp", check=md_idnp, lengths=(13,), shape="9999999999999", chance=0.02, example="2001234567891"),
    Validator(datatype="gov_id.kz.iin", check=kz_iin, lengths=(12,), shape="999999999999", chance=0.0023, example="900101312348"),
)
