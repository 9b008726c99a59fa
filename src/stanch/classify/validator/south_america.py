"""National and tax numbers of South America.

Decides by structure and check digit; whether a number was issued is not known here.
"""

from stanch.classify.validator.luhn import luhn
from stanch.classify.validator.mod11 import weighted
from stanch.classify.validator.model import Validator, digits, letters_and_digits, plain

_CPF = tuple(range(11, 1, -1))
_FIVE_DOWN = (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)
_SEVEN_UP = (2, 3, 4, 5, 6, 7, 2, 3)
_PRIMES = (3, 7, 13, 17, 19, 23, 29, 37, 41, 43)
_CUIT_PERSON = frozenset({"20", "23", "24", "25", "26", "27"})
_RUC = frozenset({"10", "15", "16", "17", "20"})
_RIF = {"V": 4, "E": 8, "J": 12, "P": 16, "G": 20}


def br_cpf(text: str) -> bool:
    """Check both digits.

    Source: Receita Federal do Brasil, Instrução Normativa RFB 1548/2015; módulo 11.
    """
    number = digits(text, 11)
    if not number:
        return False
    first = -weighted(number[:9], _CPF[1:]) % 11 % 10
    second = -weighted(number[:10], _CPF) % 11 % 10
    return number[9:] == f"{first}{second}"


def ar_cuit(text: str) -> bool:
    """Check the prefix of people and the last digit.

    Source: AFIP (ARCA), Resolución General 10/97; CUIT/CUIL módulo 11.
    """
    number = digits(text, 11)
    return number[:2] in _CUIT_PERSON and "09987654321"[weighted(number[:10], _FIVE_DOWN) % 11] == number[10]


def cl_rut(text: str) -> bool:
    """Seven or eight digits and a check character, K standing for ten.

    Source: Servicio de Registro Civil e Identificación, DFL 3 de 1969 (RUT); módulo 11.
    """
    code = plain(text).upper()
    if len(code) not in (8, 9) or not code[:-1].isdigit() or not code.strip("0"):
        return False
    return "0K987654321"[weighted(code[-2::-1], _SEVEN_UP) % 11] == code[-1]


def co_nit(text: str) -> bool:
    """Eight to ten digits (a cédula for people) and the check digit.

    Source: DIAN, Orden Administrativa 4 de 1989: dígito de verificación.
    """
    number = plain(text)
    if not 9 <= len(number) <= 11 or not number.isdigit() or number.count(number[0]) == len(number):
        return False
    return "01987654321"[weighted(number[-2::-1], _PRIMES) % 11] == number[-1]


def pe_ruc(text: str) -> bool:
    """Check the prefix and the last digit.

    Source: SUNAT, Decreto Ley 25734 and Resolución 210-2004; módulo 11.
    """
    number = digits(text, 11)
    return number[:2] in _RUC and -weighted(number[:10], _FIVE_DOWN) % 11 % 10 == int(number[10])


def uy_ci(text: str) -> bool:
    """Six or seven digits and the check digit.

    Source: Dirección Nacional de Identificación Civil; weights 2987634, módulo 10.
    """
    number = plain(text)
    if len(number) not in (7, 8) or not number.isdigit() or number.count(number[0]) == len(number):
        return False
    return -weighted(number[:-1].zfill(7), (2, 9, 8, 7, 6, 3, 4)) % 10 == int(number[-1])


def ec_ci(text: str) -> bool:
    """Check province, third digit and Luhn.

    Source: Registro Civil del Ecuador, cédula de identidad; módulo 10.
    """
    number = digits(text, 10)
    return bool(number) and (1 <= int(number[:2]) <= 24 or number[:2] == "30") and number[2] < "6" and luhn(number)


def ve_rif(text: str) -> bool:
    """A letter for the kind of holder, eight digits and the check digit.

    Source: SENIAT, Providencia 0073, Registro Único de Información Fiscal.
    """
    code = letters_and_digits(text, 10)
    if code[:1] not in _RIF or not code[1:].isdigit():
        return False
    total = _RIF[code[0]] + weighted(code[1:9], (3, 2, 7, 6, 5, 4, 3, 2))
    return "00987654321"[total % 11] == code[9]


VALIDATORS = (
    Validator(datatype="gov_id.br.cpf", check=br_cpf, lengths=(11,), shape="99999999999", chance=0.01, example="123.456.789-09"),
    Validator(datatype="gov_id.ar.cuit", check=ar_cuit, lengths=(11,), shape="99999999999", chance=0.006, example="20-12345678-6"),
    Validator(datatype="gov_id.cl.rut", check=cl_rut, lengths=(8, 9), shape="999999999", chance=0.091, example="12.345.678-5", digits_only=False),
    Validator(datatype="gov_id.co.nit", check=co_nit, lengths=(9, 10, 11), shape="9999999999", chance=0.1, example="12345678-8"),
    Validator(datatype="gov_id.pe.ruc", check=pe_ruc, lengths=(11,), shape="99999999999", chance=0.005, example="10123456780"),
    Validator(datatype="gov_id.uy.ci", check=uy_ci, lengths=(7, 8), shape="99999999", chance=0.1, example="1.234.567-2"),
    Validator(datatype="gov_id.ec.ci", check=ec_ci, lengths=(10,), shape="9999999999", chance=0.015, example="171234567-5"),
    Validator(datatype="gov_id.ve.rif", check=ve_rif, lengths=(10,), shape="A999999999", chance=0.0192, example="V-12345678-1", digits_only=False),
)
