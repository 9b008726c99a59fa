"""National and tax numbers of the United States, Canada, Mexico and the Caribbean.

Decides by structure and check digit; whether a number was issued is not known here.
"""

from stanch.classify.validator.calendar import is_yymmdd
from stanch.classify.validator.luhn import luhn
from stanch.classify.validator.model import Validator, digits, letters_and_digits, words

_ADVERTISED = frozenset({"078051120", "219099999", "123456789"})
_ITIN_GROUPS = frozenset([*range(50, 66), *range(70, 89), *range(90, 93), *range(94, 100)])


def us_ssn(text: str) -> bool:
    """Refuse the areas, groups and serials never issued, and numbers that were printed in advertisements.

    Source: Social Security Administration, POMS RM 10201.035 and SSN randomization, 2011.
    """
    number = digits(text, 9)
    if not number or number in _ADVERTISED:
        return False
    return number[:3] not in ("000", "666") and number[0] != "9" and number[3:5] != "00" and number[5:] != "0000"


def us_itin(text: str) -> bool:
    """Check the leading nine and the group.

    Source: Internal Revenue Service, Publication 4757; IRM 3.21.263.
    """
    number = digits(text, 9)
    return number[:1] == "9" and int(number[3:5]) in _ITIN_GROUPS


_EIN_UNUSED = words("00 07 08 09 17 18 19 28 29 49 69 70 78 79 89 96 97")


def us_ein(text: str) -> bool:
    """Check the campus prefix.

    Source: Internal Revenue Service, How EINs are assigned and valid EIN prefixes.
    """
    number = digits(text, 9)
    return bool(number) and number[:2] not in _EIN_UNUSED


def ca_sin(text: str) -> bool:
    """Luhn; numbers that begin with 0 or 8 are not given to people.

    Source: Employment and Social Development Canada, Social Insurance Number code of practice.
    """
    number = digits(text, 9)
    return bool(number) and number[0] not in "08" and luhn(number)


_CURP_VALUES = {char: value for value, char in enumerate("0123456789ABCDEFGHIJKLMNÑOPQRSTUVWXYZ")}
_CURP_STATES = words("AS BC BS CC CL CM CS CH DF DG GT GR HG JC MC MN MS NT NL OC PL QT QR SP SL SR TC TS TL VZ YN ZS NE")


def mx_curp(text: str) -> bool:
    """Four letters, birth date, sex, state, three consonants, a mark and a check digit.

    Source: RENAPO, Instructivo normativo para la asignación de la CURP, Diario Oficial 18/10/2021.
    """
    code = letters_and_digits(text, 18)
    if not (code[:4].isalpha() and code[4:10].isdigit() and code[10] in "HMX" and code[13:16].isalpha() and code[17].isdigit()):
        return False
    total = sum(_CURP_VALUES[char] * (18 - place) for place, char in enumerate(code[:17]))
    return -total % 10 == int(code[17]) and code[11:13] in _CURP_STATES and is_yymmdd(code[4:10])


_RFC_VALUES = {char: value for value, char in enumerate("0123456789ABCDEFGHIJKLMN&OPQRSTUVWXYZ Ñ")}


def mx_rfc(text: str) -> bool:
    """Four letters, birth date, two marks and a check character; the form for people, not for companies.

    Source: SAT, Anexo 1 of the Resolución Miscelánea Fiscal: clave diferenciadora y dígito verificador.
    """
    code = letters_and_digits(text, 13)
    if not (code[:4].isalpha() and code[4:10].isdigit() and is_yymmdd(code[4:10])):
        return False
    total = sum(_RFC_VALUES[char] * (13 - place) for place, char in enumerate(code[:12]))
    return "0123456789A"[-total % 11] == code[12]


def do_cedula(text: str) -> bool:
    """Eleven digits, Luhn.

    Source: Junta Central Electoral, Ley 659 sobre Actos del Estado Civil; cédula de identidad y electoral.
    """
    number = digits(text, 11)
    return bool(number) and luhn(number)


VALIDATORS = (
    Validator(datatype="gov_id.us.ssn", check=us_ssn, lengths=(9,), shape="999999999", chance=0.889, example="123-45-6780"),
    Validator(datatype="gov_id.us.itin", check=us_itin, lengths=(9,), shape="999999999", chance=0.0444, example="912-70-1234"),
    Validator(datatype="gov_id.us.ein", check=us_ein, lengths=(9,), shape="999999999", chance=0.83, example="12-3456789"),
    Validator(datatype="gov_id.ca.sin", check=ca_sin, lengths=(9,), shape="999999999", chance=0.08, example="123 456 782"),
    Validator(
        datatype="gov_id.mx.curp",
        check=mx_curp,
        lengths=(18,),
        shape="AAAA999999AAAAAAX9",
        chance=2.0e-5,
        example="EXAA900101HDFXXX09",
        digits_only=False,
    ),
    Validator(
        datatype="gov_id.mx.rfc", check=mx_rfc, lengths=(13,), shape="AAAA999999XXX", chance=0.0011, example="EXAA900101AA5", digits_only=False
    ),
    Validator(datatype="gov_id.do.cedula", check=do_cedula, lengths=(11,), shape="99999999999", chance=0.1, example="001-2345678-2"),
)
