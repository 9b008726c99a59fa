"""Numbers of cards, accounts and banks, and of securities and companies that look like them.

Decides by issuer table, length and check digits; whether an account exists is not known here.
"""

from stanch.classify.validator.country import COUNTRIES
from stanch.classify.validator.luhn import luhn, luhn_letters
from stanch.classify.validator.mod11 import weighted
from stanch.classify.validator.mod97 import mod_97_10
from stanch.classify.validator.model import Validator, digits, letters_and_digits, plain, words

CARD_RANGES = (
    (2200, 2204, (16, 17, 18, 19)),
    (2221, 2720, (16,)),
    (3000, 3059, (14, 16, 19)),
    (3095, 3095, (14, 16, 19)),
    (3400, 3499, (15,)),
    (3528, 3589, (16, 17, 18, 19)),
    (3600, 3699, (14, 16, 19)),
    (3700, 3799, (15,)),
    (3800, 3999, (14, 16, 19)),
    (4000, 4999, (13, 16, 19)),
    (5000, 5099, (12, 13, 14, 15, 16, 17, 18, 19)),
    (5100, 5599, (16,)),
    (5600, 5899, (12, 13, 14, 15, 16, 17, 18, 19)),
    (6000, 6999, (12, 13, 14, 15, 16, 17, 18, 19)),
    (8100, 8299, (16,)),
    (9792, 9792, (16,)),
)
"""First four digits from, to, and the lengths in use: Mir, Mastercard, Diners, American Express, JCB, Visa, Maestro, Discover, UnionPay, RuPay."""


def _card_lengths() -> dict[str, tuple[int, ...]]:
    return {str(prefix): lengths for first, last, lengths in CARD_RANGES for prefix in range(first, last + 1)}


_CARD_LENGTHS = _card_lengths()


def card(text: str) -> bool:
    """Check issuer range, length and Luhn.

    Source: ISO/IEC 7812-1; the issuers' published ranges.
    """
    number = plain(text)
    return len(number) in _CARD_LENGTHS.get(number[:4], ()) and number.isdigit() and luhn(number)


_IBAN_TABLE = (
    "AD:24 AE:23 AL:28 AT:20 AZ:28 BA:20 BE:16 BG:22 BH:22 BI:27 BR:29 BY:28 CH:21 CR:22 CY:28 CZ:24 DE:22 DJ:27 DK:18 DO:28 EE:20 EG:29 ES:24 "
    "FI:18 FK:18 FO:18 FR:27 GB:22 GE:22 GI:23 GL:18 GR:27 GT:28 HN:28 HR:21 HU:28 IE:22 IL:23 IQ:23 IS:26 IT:27 JO:30 KW:30 KZ:20 LB:28 LC:32 "
    "LI:21 LT:20 LU:20 LV:21 LY:25 MC:27 MD:24 ME:22 MK:19 MN:20 MR:27 MT:31 MU:30 NI:28 NL:18 NO:15 OM:23 PK:24 PL:28 PS:29 PT:25 QA:29 RO:24 "
    "RS:22 RU:33 SA:24 SC:31 SD:18 SE:24 SI:19 SK:24 SM:27 SO:23 ST:25 SV:28 TL:23 TN:24 TR:26 UA:29 VA:22 VG:24 XK:20 YE:30"
)
_IBAN_LENGTHS = {item[:2]: int(item[3:]) for item in words(_IBAN_TABLE)}


def iban(text: str) -> bool:
    """Check country, its length and the two check digits.

    Source: ISO 13616-1; SWIFT IBAN Registry, release 99.
    """
    if not 15 <= len(text) <= 48 or text[:2].upper() not in _IBAN_LENGTHS:
        return False
    code = letters_and_digits(text, _IBAN_LENGTHS[text[:2].upper()])
    return code[2:4].isdigit() and mod_97_10(code[4:] + code[:4])


def bic(text: str) -> bool:
    """Check the form and the country; capitals only, since many words of eight letters have the form.

    Source: ISO 9362:2022.
    """
    if len(text) not in (8, 11) or not text.isascii() or not text.isalnum() or not text.isupper():
        return False
    return text[:4].isalpha() and text[4:6] in COUNTRIES


def us_routing(text: str) -> bool:
    """Check the Federal Reserve district and the check digit.

    Source: American Bankers Association, Routing Number Policy; weights 3 7 1.
    """
    number = digits(text, 9)
    if not number or weighted(number, (3, 7, 1) * 3) % 10:
        return False
    district = int(number[:2])
    return district <= 12 or 21 <= district <= 32 or 61 <= district <= 72 or district == 80


def mx_clabe(text: str) -> bool:
    """Eighteen digits: bank, place, account, check digit.

    Source: Asociación de Bancos de México, CLABE; weights 3 7 1, each product by 10.
    """
    number = digits(text, 18)
    return bool(number) and weighted(number[:17], (3, 7, 1) * 6) * 9 % 10 == int(number[17])


def ar_cbu(text: str) -> bool:
    """Bank and branch with a check digit, account with a check digit.

    Source: Banco Central de la República Argentina, Comunicación A 2622.
    """
    number = digits(text, 22)
    if not number or -weighted(number[:7], (7, 1, 3, 9, 7, 1, 3)) % 10 != int(number[7]):
        return False
    return -weighted(number[8:21], (3, 9, 7, 1) * 3 + (3,)) % 10 == int(number[21])


def es_ccc(text: str) -> bool:
    """Bank and branch, two check digits, account.

    Source: Consejo Superior Bancario, código cuenta cliente; weights are powers of two modulo 11.
    """
    number = digits(text, 20)
    if not number:
        return False
    bank = "01987654321"[weighted("00" + number[:8], (1, 2, 4, 8, 5, 10, 9, 7, 3, 6)) % 11]
    account = "01987654321"[weighted(number[10:], (1, 2, 4, 8, 5, 10, 9, 7, 3, 6)) % 11]
    return number[8:10] == bank + account


def isin(text: str) -> bool:
    """Check country, form and Luhn over letters as numbers.

    Source: ISO 6166.
    """
    code = letters_and_digits(text, 12)
    return (code[:2] in COUNTRIES or code[:2] in ("XS", "EU", "XC", "XD")) and code[11].isdigit() and luhn_letters(code)


def lei(text: str) -> bool:
    """Check the form and the two check digits.

    Source: ISO 17442.
    """
    code = letters_and_digits(text, 20)
    return code[18:].isdigit() and mod_97_10(code)


VALIDATORS = (
    Validator(
        datatype="finance.card",
        check=card,
        lengths=(12, 13, 14, 15, 16, 17, 18, 19),
        shape="9999999999999999",
        chance=0.0403,
        example="4111 1111 1111 1111",
    ),
    Validator(
        datatype="finance.iban",
        check=iban,
        lengths=tuple(sorted(set(_IBAN_LENGTHS.values()))),
        shape="DE99999999999999999999",
        chance=0.0103,
        example="DE89 3704 0044 0532 0130 00",
        digits_only=False,
    ),
    Validator(datatype="finance.bic", check=bic, lengths=(8, 11), shape="AAAAAAXX", chance=0.37, example="TESTDEFF", digits_only=False),
    Validator(datatype="finance.us.routing", check=us_routing, lengths=(9,), shape="999999999", chance=0.038, example="123456780"),
    Validator(datatype="finance.mx.clabe", check=mx_clabe, lengths=(18,), shape="999999999999999999", chance=0.1, example="012345678901234568"),
    Validator(datatype="finance.ar.cbu", check=ar_cbu, lengths=(22,), shape="9999999999999999999999", chance=0.01, example="0123456512345678901233"),
    Validator(datatype="finance.es.ccc", check=es_ccc, lengths=(20,), shape="99999999999999999999", chance=0.01, example="1234-5678-06-1234567890"),
    Validator(
        datatype="finance.isin",
        check=isin,
        lengths=(12,),
        shape="AAXXXXXXXXX9",
        chance=0.037,
        example="XS1234567896",
        digits_only=False,
        look_alike=True,
    ),
    Validator(
        datatype="finance.lei",
        check=lei,
        lengths=(20,),
        shape="XXXXXXXXXXXXXXXXXX99",
        chance=0.0103,
        example="5493001234EXAMPLE111",
        digits_only=False,
        look_alike=True,
    ),
)
