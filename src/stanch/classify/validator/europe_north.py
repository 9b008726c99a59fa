"""National numbers of the Nordic and Baltic countries.

Decides by birth date and check digit; whether a number was issued is not known here.
"""

from stanch.classify.validator.calendar import is_date, is_ddmmyy, is_short_date, lowered
from stanch.classify.validator.luhn import luhn
from stanch.classify.validator.mod11 import weighted
from stanch.classify.validator.model import Validator, digits, plain

_HETU_MARKS = "0123456789ABCDEFHJKLMNPRSTUVWXY"
_ONE_UP = (1, 2, 3, 4, 5, 6, 7, 8, 9, 1)
_THREE_UP = (3, 4, 5, 6, 7, 8, 9, 1, 2, 3)


def se_personnummer(text: str) -> bool:
    """Birth date (day raised by 60 in coordination numbers), serial, Luhn; a plus sign stands before people over a hundred.

    Source: Skatteverket, SKV 704 and SKV 707; folkbokföringslagen (1991:481) § 18.
    """
    number = plain(text.replace("+", "-", 1))
    if len(number) not in (10, 12) or not number.isdigit() or (len(number) == 12 and number[:2] not in ("18", "19", "20")):
        return False
    short = number[-10:]
    return is_short_date(int(short[:2]), int(short[2:4]), lowered(short[4:6], 60)) and luhn(short)


def no_fnr(text: str) -> bool:
    """Birth date (day raised by 40 in D numbers, month by 40 or 80 in made-up ones), two check digits.

    Source: Skatteetaten, forskrift til folkeregisterloven § 2-2-1; Tenor test data.
    """
    number = digits(text, 11)
    if not number or not is_short_date(int(number[4:6]), int(number[2:4]) % 40, lowered(number[:2], 40)):
        return False
    if weighted(number, (3, 7, 6, 1, 8, 9, 4, 5, 2, 1)) % 11:
        return False
    return weighted(number, (5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1)) % 11 == 0


def dk_cpr(text: str) -> bool:
    """Check the birth date (day raised by 60 in replacement numbers); the check digit was given up in 2007.

    Source: CPR-kontoret, Personnummeret i CPR.
    """
    number = digits(text, 10)
    return bool(number) and is_short_date(int(number[4:6]), int(number[2:4]), lowered(number[:2], 60))


def fi_hetu(text: str) -> bool:
    """Birth date, a mark for the century, serial, a check character, the remainder by 31.

    Source: Digi- ja väestötietovirasto, Valtioneuvoston asetus 128/2010 and 690/2022.
    """
    if len(text) != 11 or not text.isascii():
        return False
    code = text.upper()
    number = code[:6] + code[7:10]
    if code[6] not in "+-ABCDEFUVWXY" or not number.isdigit() or number[6:] < "002" or not is_ddmmyy(number):
        return False
    return _HETU_MARKS[int(number) % 31] == code[10]


def is_kennitala(text: str) -> bool:
    """Birth date (day raised by 40 for companies), serial, check digit, century.

    Source: Þjóðskrá, lög 140/2019 um skráningu einstaklinga.
    """
    number = digits(text, 10)
    if not number or number[9] not in "890" or not is_short_date(int(number[4:6]), int(number[2:4]), lowered(number[:2], 40)):
        return False
    return weighted(number, (3, 2, 7, 6, 5, 4, 3, 2, 1)) % 11 == 0


def _is_baltic(number: str, centuries: str) -> bool:
    """Check century and sex, birth date, and the check digit of two rounds that Estonia and Lithuania share."""
    if not number or number[0] not in centuries:
        return False
    year = 1800 + (int(number[0]) - 1) // 2 * 100 + int(number[1:3])
    if not is_date(year, int(number[3:5]), int(number[5:7])):
        return False
    rest = weighted(number[:10], _ONE_UP) % 11
    if rest == 10:
        rest = weighted(number[:10], _THREE_UP) % 11
    return rest % 10 == int(number[10])


def ee_isikukood(text: str) -> bool:
    """Check century, birth date and check digit.

    Source: EVS 585:2007, Isikukood.
    """
    return _is_baltic(digits(text, 11), "12345678")


def lt_asmens(text: str) -> bool:
    """Check century, birth date and check digit.

    Source: Lietuvos Respublikos gyventojų registro įstatymas, asmens kodas.
    """
    return _is_baltic(digits(text, 11), "3456")


def lv_pk(text: str) -> bool:
    """Birth date, century and check digit; codes from 32 on carry neither since 2017.

    Source: Pilsonības un migrācijas lietu pārvalde, Iedzīvotāju reģistra likums.
    """
    number = digits(text, 11)
    if number[:2] == "32":
        return True
    if not number or number[6] not in "012" or not is_ddmmyy(number):
        return False
    return (1 + weighted(number[:10], (10, 5, 8, 4, 2, 1, 6, 3, 7, 9))) % 11 % 10 == int(number[10])


VALIDATORS = (
    Validator(datatype="gov_id.se.personnummer", check=se_personnummer, lengths=(10, 12), shape="9999999999", chance=0.0073, example="900101-1239"),
    Validator(datatype="gov_id.no.fnr", check=no_fnr, lengths=(11,), shape="99999999999", chance=0.0018, example="01819012365"),
    Validator(datatype="gov_id.dk.cpr", check=dk_cpr, lengths=(10,), shape="9999999999", chance=0.073, example="010190-1234"),
    Validator(
        datatype="gov_id.fi.hetu", check=fi_hetu, lengths=(10, 11), shape="999999-999X", chance=0.001, example="010190-900P", digits_only=False
    ),
    Validator(datatype="gov_id.is.kennitala", check=is_kennitala, lengths=(10,), shape="9999999999", chance=0.002, example="210190-1209"),
    Validator(datatype="gov_id.ee.isikukood", check=ee_isikukood, lengths=(11,), shape="99999999999", chance=0.0029, example="39001011237"),
    Validator(datatype="gov_id.lt.asmens", check=lt_asmens, lengths=(11,), shape="99999999999", chance=0.00146, example="39001011237"),
    Validator(datatype="gov_id.lv.pk", check=lv_pk, lengths=(11,), shape="99999999999", chance=0.011, example="010190-11231"),
)
