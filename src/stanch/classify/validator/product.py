"""Numbers of books and goods: look-alikes of personal numbers, so that a catalogue is not taken for a list of people."""

from stanch.classify.validator.mod11 import weighted
from stanch.classify.validator.model import Validator, digits, letters_and_digits


def isbn10(text: str) -> bool:
    """Ten characters, X standing for ten at the end.

    Source: ISO 2108:1992.
    """
    code = letters_and_digits(text, 10)
    if not code[:9].isdigit() or not (code[9].isdigit() or code[9] == "X"):
        return False
    last = 10 if code[9] == "X" else int(code[9])
    return code[:9] != "000000000" and (weighted(code[:9], (10, 9, 8, 7, 6, 5, 4, 3, 2)) + last) % 11 == 0


def issn(text: str) -> bool:
    """Eight characters, X standing for ten at the end.

    Source: ISO 3297.
    """
    code = letters_and_digits(text, 8)
    if not code[:7].isdigit() or not (code[7].isdigit() or code[7] == "X"):
        return False
    last = 10 if code[7] == "X" else int(code[7])
    return code[:7] != "0000000" and (weighted(code[:7], (8, 7, 6, 5, 4, 3, 2)) + last) % 11 == 0


def _gs1(number: str) -> bool:
    """Check weights 1 and 3 from the right.

    Source: GS1 General Specifications, section 7.9.
    """
    return bool(number) and (sum(map(int, number[::-2])) + 3 * sum(map(int, number[-2::-2]))) % 10 == 0


def ean13(text: str) -> bool:
    """Check thirteen digits.

    Source: GS1 General Specifications, GTIN-13.
    """
    return _gs1(digits(text, 13))


def ean8(text: str) -> bool:
    """Check eight digits.

    Source: GS1 General Specifications, GTIN-8.
    """
    return _gs1(digits(text, 8))


def upc_a(text: str) -> bool:
    """Check twelve digits.

    Source: GS1 General Specifications, GTIN-12.
    """
    return _gs1(digits(text, 12))


def sscc(text: str) -> bool:
    """Check the eighteen digits of a parcel.

    Source: GS1 General Specifications, SSCC.
    """
    return _gs1(digits(text, 18))


def isbn13(text: str) -> bool:
    """Thirteen digits from 978 or 979 (979-0 is printed music).

    Source: ISO 2108:2017.
    """
    number = digits(text, 13)
    return number[:3] in ("978", "979") and number[:4] != "9790" and _gs1(number)


VALIDATORS = (
    Validator(
        datatype="product.isbn10",
        check=isbn10,
        lengths=(10,),
        shape="9999999999",
        chance=0.0909,
        example="1-23456-789-X",
        digits_only=False,
        look_alike=True,
    ),
    Validator(
        datatype="product.isbn13", check=isbn13, lengths=(13,), shape="9999999999999", chance=0.00019, example="978-1-23456-789-7", look_alike=True
    ),
    Validator(
        datatype="product.issn", check=issn, lengths=(8,), shape="99999999", chance=0.0909, example="1234-5679", digits_only=False, look_alike=True
    ),
    Validator(datatype="product.ean13", check=ean13, lengths=(13,), shape="9999999999999", chance=0.1, example="1234567890128", look_alike=True),
    Validator(datatype="product.ean8", check=ean8, lengths=(8,), shape="99999999", chance=0.1, example="12345670", look_alike=True),
    Validator(datatype="product.upc_a", check=upc_a, lengths=(12,), shape="999999999999", chance=0.1, example="123456789012", look_alike=True),
    Validator(
        datatype="product.sscc", check=sscc, lengths=(18,), shape="999999999999999999", chance=0.1, example="123456789012345675", look_alike=True
    ),
)
