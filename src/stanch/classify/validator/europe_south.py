"""National and tax numbers of southern and south-eastern Europe and Türkiye.

Decides by structure and check digit; whether a number was issued is not known here.
"""

from collections.abc import Callable

from stanch.classify.validator.calendar import is_date, is_ddmmyy, lowered
from stanch.classify.validator.luhn import luhn
from stanch.classify.validator.mod11 import mod_11_10, weighted
from stanch.classify.validator.model import Validator, digits, letters_and_digits

_DNI_LETTERS = "TRWAGMYFPDXBNJZSQVHLCKE"


def es_dni(text: str) -> bool:
    """Eight digits and a letter, the remainder by 23.

    Source: Real Decreto 1553/2005, documento nacional de identidad.
    """
    code = letters_and_digits(text, 9)
    return code[:8].isdigit() and code[8] == _DNI_LETTERS[int(code[:8]) % 23]


def es_nie(text: str) -> bool:
    """X, Y or Z for 0, 1 or 2, seven digits, a letter as in the DNI.

    Source: Real Decreto 557/2011 art. 206; Orden INT/2058/2008.
    """
    code = letters_and_digits(text, 9)
    if code[:1] not in ("X", "Y", "Z") or not code[1:8].isdigit():
        return False
    return code[8] == _DNI_LETTERS[int(str("XYZ".index(code[0])) + code[1:8]) % 23]


def pt_nif(text: str) -> bool:
    """Check the leading digits in use and the last digit.

    Source: Autoridade Tributária, Decreto-Lei 14/2013, número de identificação fiscal.
    """
    number = digits(text, 9)
    if number[:1] in ("", "0") or (number[0] == "4" and number[1] != "5"):
        return False
    return -weighted(number[:8], (9, 8, 7, 6, 5, 4, 3, 2)) % 11 % 10 == int(number[8])


_CF_ODD_DIGITS = (1, 0, 5, 7, 9, 13, 15, 17, 19, 21)
_CF_ODD_LETTERS = (*_CF_ODD_DIGITS, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23)
_CF_ODD = dict(zip("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", _CF_ODD_DIGITS + _CF_ODD_LETTERS, strict=True))
_CF_EVEN = dict(zip("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", (*range(10), *range(26)), strict=True))
_CF_SAME_CODE = str.maketrans("LMNPQRSTUV", "0123456789")
_CF_MONTHS = "ABCDEHLMPRST"


def it_codice_fiscale(text: str) -> bool:
    """Names, birth date (day raised by 40 for women), place, check letter; letters stand for digits where two people collide.

    Source: Decreto Ministeriale 23 dicembre 1976, n. 13813.
    """
    code = letters_and_digits(text, 16)
    if not (code[:6].isalpha() and code[8] in _CF_MONTHS and code[11].isalpha() and code[15].isalpha()):
        return False
    if not _is_cf_date(code[6:8].translate(_CF_SAME_CODE), code[8], code[9:11].translate(_CF_SAME_CODE)):
        return False
    total = sum(_CF_ODD[char] for char in code[0:15:2]) + sum(_CF_EVEN[char] for char in code[1:15:2])
    return code[12:15].translate(_CF_SAME_CODE).isdigit() and chr(65 + total % 26) == code[15]


def _is_cf_date(year: str, month: str, day: str) -> bool:
    return (year + day).isdigit() and is_date(2000 + int(year), _CF_MONTHS.index(month) + 1, lowered(day, 40))


def gr_amka(text: str) -> bool:
    """Birth date, serial, Luhn.

    Source: IDIKA, Law 3655/2008, AMKA.
    """
    number = digits(text, 11)
    return bool(number) and is_ddmmyy(number) and luhn(number)


def gr_afm(text: str) -> bool:
    """Nine digits, weighted by powers of two.

    Source: Independent Authority for Public Revenue, OECD TIN sheet of Greece, AFM.
    """
    number = digits(text, 9)
    return bool(number) and weighted(number[:8], (256, 128, 64, 32, 16, 8, 4, 2)) % 11 % 10 == int(number[8])


def hr_oib(text: str) -> bool:
    """Eleven digits.

    Source: Zakon o osobnom identifikacijskom broju, NN 60/08; ISO 7064 MOD 11,10.
    """
    number = digits(text, 11)
    return bool(number) and mod_11_10(number)


def _jmbg(first_region: int, last_region: int) -> Callable[[str], bool]:
    """Make the check of one republic: date with three digits of the year, region, serial, check digit.

    Source: Zakon o uvođenju jedinstvenog matičnog broja građana, Službeni list SFRJ 58/76.
    """

    def check(text: str) -> bool:
        number = digits(text, 13)
        if not number or not first_region <= int(number[7:9]) <= last_region:
            return False
        year = int(number[4:7]) + (1000 if number[4] >= "8" else 2000)
        if not is_date(year, int(number[2:4]), int(number[:2])):
            return False
        return -weighted(number[:12], (7, 6, 5, 4, 3, 2) * 2) % 11 % 10 == int(number[12])

    return check


def tr_tckn(text: str) -> bool:
    """Eleven digits, two of them check digits.

    Source: General Directorate of Civil Registration and Nationality, Law 5490, T.C. identity number.
    """
    number = digits(text, 11)
    if number[:1] in ("", "0"):
        return False
    tenth = weighted(number[:9], (7, -1, 7, -1, 7, -1, 7, -1, 7)) % 10
    return tenth == int(number[9]) and sum(map(int, number[:10])) % 10 == int(number[10])


VALIDATORS = (
    Validator(datatype="gov_id.es.dni", check=es_dni, lengths=(9,), shape="99999999A", chance=0.0385, example="12345678Z", digits_only=False),
    Validator(datatype="gov_id.es.nie", check=es_nie, lengths=(9,), shape="A9999999A", chance=0.00444, example="X1234567L", digits_only=False),
    Validator(datatype="gov_id.pt.nif", check=pt_nif, lengths=(9,), shape="999999999", chance=0.081, example="123456789"),
    Validator(
        datatype="gov_id.it.codice_fiscale",
        check=it_codice_fiscale,
        lengths=(16,),
        shape="AAAAAA99A99A999A",
        chance=0.0107,
        example="XMPNNA90A41H501P",
        digits_only=False,
    ),
    Validator(datatype="gov_id.gr.amka", check=gr_amka, lengths=(11,), shape="99999999999", chance=0.00366, example="01019012341"),
    Validator(datatype="gov_id.gr.afm", check=gr_afm, lengths=(9,), shape="999999999", chance=0.1, example="123456783"),
    Validator(datatype="gov_id.hr.oib", check=hr_oib, lengths=(11,), shape="99999999999", chance=0.1, example="12345678903"),
    Validator(datatype="gov_id.si.emso", check=_jmbg(50, 59), lengths=(13,), shape="9999999999999", chance=0.00037, example="0101990501239"),
    Validator(datatype="gov_id.rs.jmbg", check=_jmbg(70, 96), lengths=(13,), shape="9999999999999", chance=0.00099, example="0101990711233"),
    Validator(datatype="gov_id.ba.jmbg", check=_jmbg(10, 19), lengths=(13,), shape="9999999999999", chance=0.00037, example="0101990171239"),
    Validator(datatype="gov_id.mk.embg", check=_jmbg(40, 49), lengths=(13,), shape="9999999999999", chance=0.00037, example="0101990451231"),
    Validator(datatype="gov_id.tr.tckn", check=tr_tckn, lengths=(11,), shape="99999999999", chance=0.009, example="12345678950"),
)
