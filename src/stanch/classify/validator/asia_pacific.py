"""National and tax numbers of Asia, Australia and New Zealand.

Decides by structure and check digit; whether a number was issued is not known here.
"""

from stanch.classify.validator.calendar import is_date, is_short_date, is_yymmdd, is_yyyymmdd, lowered
from stanch.classify.validator.luhn import luhn
from stanch.classify.validator.mod11 import mod_11_2, weighted
from stanch.classify.validator.model import Validator, digits, letters_and_digits, plain, words
from stanch.classify.validator.verhoeff import verhoeff


def in_aadhaar(text: str) -> bool:
    """Twelve digits, Verhoeff; neither 0 nor 1 leads, and no palindrome is issued.

    Source: Unique Identification Authority of India, A UID numbering scheme, 2010.
    """
    number = digits(text, 12)
    return number[:1] >= "2" and number != number[::-1] and verhoeff(number)


def in_pan(text: str) -> bool:
    """Five letters, the fourth being the kind of holder, four digits, a letter.

    Source: Income Tax Department of India, Rule 114 of the Income-tax Rules, 1962.
    """
    code = letters_and_digits(text, 10)
    return code[:5].isalpha() and code[3] in "ABCEFGHJKLPT" and code[5:9].isdigit() and code[5:9] != "0000" and code[9].isalpha()


def in_epic(text: str) -> bool:
    """Three letters and seven digits, Luhn over the digits.

    Source: Election Commission of India, Electors Photo Identity Card.
    """
    code = letters_and_digits(text, 10)
    return code[:3].isalpha() and code[3:].isdigit() and luhn(code[3:])


_CN_PROVINCES = words("11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71 81 82 83")


def cn_resident_id(text: str) -> bool:
    """Place, birth date, serial, check character.

    Source: GB 11643-1999; ISO 7064 MOD 11-2.
    """
    code = letters_and_digits(text, 18)
    if not (code[:17].isdigit() and (code[17].isdigit() or code[17] == "X") and code[:2] in _CN_PROVINCES):
        return False
    return is_yyyymmdd(code[6:14]) and mod_11_2(code)


def kr_rrn(text: str) -> bool:
    """Birth date, century and sex, place, check digit (given up for numbers issued since October 2020).

    Source: Resident Registration Act of Korea, enforcement rules, article 2.
    """
    number = digits(text, 13)
    if not number or not is_yymmdd(number) or int(number[7:9]) > 96:
        return False
    return (11 - weighted(number[:12], (2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5)) % 11) % 10 == int(number[12])


def jp_my_number(text: str) -> bool:
    """Twelve digits.

    Source: Ministry of Internal Affairs and Communications, Ordinance 85 of 2014, article 5.
    """
    number = digits(text, 12)
    return bool(number) and -weighted(number[:11], (6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2)) % 11 % 10 == int(number[11])


_TW_LETTERS = {letter: value for value, letter in enumerate("ABCDEFGHJKLMNPQRSTUVXYWZIO", start=10)}


def tw_id(text: str) -> bool:
    """A letter for the place, sex or kind of resident, check digit.

    Source: Ministry of the Interior, Household Registration Act; National Immigration Agency, UI numbers of 2021.
    """
    code = letters_and_digits(text, 10)
    if code[:1] not in _TW_LETTERS or not code[1:].isdigit() or code[1] not in "1289":
        return False
    tens, units = divmod(_TW_LETTERS[code[0]], 10)
    return (tens + 9 * units + weighted(code[1:], (8, 7, 6, 5, 4, 3, 2, 1, 1))) % 10 == 0


def hk_hkid(text: str) -> bool:
    """One or two letters, six digits, a check character, often in brackets.

    Source: Immigration Department of Hong Kong, Registration of Persons Regulations; modulus 11, A standing for ten.
    """
    code = plain(text[:-3] + text[-2] if text[-1:] == ")" and text[-3:-2] == "(" else text).upper()
    if len(code) not in (8, 9) or not (code[:-7].isalpha() and code[-7:-1].isdigit() and (code[-1].isdigit() or code[-1] == "A")):
        return False
    letters = 36 * 9 + 8 * int(code[0], 36) if len(code) == 8 else 9 * int(code[0], 36) + 8 * int(code[1], 36)
    return (letters + weighted(code[-7:-1], (7, 6, 5, 4, 3, 2)) + int(code[-1], 36)) % 11 == 0


_NRIC = {"S": (0, "JZIHGFEDCBA"), "T": (4, "JZIHGFEDCBA"), "F": (0, "XWUTRQPNMLK"), "G": (4, "XWUTRQPNMLK"), "M": (3, "XWUTRQPNJLK")}


def sg_nric(text: str) -> bool:
    """A letter for the kind of holder, seven digits, a check letter.

    Source: Immigration & Checkpoints Authority, National Registration Act; M series of 2022.
    """
    code = letters_and_digits(text, 9)
    if code[:1] not in _NRIC or not code[1:8].isdigit():
        return False
    offset, letters = _NRIC[code[0]]
    return letters[(offset + weighted(code[1:8], (2, 7, 6, 5, 4, 3, 2))) % 11] == code[8]


_MY_PLACES = frozenset([*range(1, 17), *range(21, 69), 71, 72, *range(74, 80), *range(82, 94), 98, 99])


def my_nric(text: str) -> bool:
    """Birth date and place; there is no check digit.

    Source: Jabatan Pendaftaran Negara, National Registration Regulations 1990, place of birth codes.
    """
    number = digits(text, 12)
    return bool(number) and is_yymmdd(number) and int(number[6:8]) in _MY_PLACES


def th_id(text: str) -> bool:
    """Thirteen digits, the first being the kind of holder.

    Source: Bureau of Registration Administration, Ministerial Regulation, B.E. 2563.
    """
    number = digits(text, 13)
    if number[:1] in ("", "0", "9"):
        return False
    return (11 - weighted(number[:12], (13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2)) % 11) % 10 == int(number[12])


_ID_PROVINCES = frozenset([*range(11, 22), *range(31, 37), 51, 52, 53, *range(61, 66), *range(71, 77), 81, 82, *range(91, 98)])


def id_nik(text: str) -> bool:
    """Province, regency, district, birth date (day raised by 40 for women), serial; there is no check digit.

    Source: Undang-Undang 24/2013; Peraturan Pemerintah 40/2019 article 37.
    """
    number = digits(text, 16)
    if not number or int(number[:2]) not in _ID_PROVINCES or number[12:] == "0000":
        return False
    return is_short_date(int(number[10:12]), int(number[8:10]), lowered(number[6:8], 40))


def au_tfn(text: str) -> bool:
    """Nine digits, or eight of the old form, divisible by eleven.

    Source: Australian Taxation Office, TFN algorithm.
    """
    number = digits(text, 9)
    return bool(number) and weighted(number, (1, 4, 3, 7, 5, 8, 6, 9, 10)) % 11 == 0


def nz_ird(text: str) -> bool:
    """Eight or nine digits from 10 to 150 million, check digit of two rounds.

    Source: Inland Revenue, Resident Withholding Tax specification, IRD number validation.
    """
    number = plain(text).zfill(9)
    if len(number) != 9 or not number.isdigit() or not "010000000" < number < "150000000":
        return False
    rest = -weighted(number[:8], (3, 2, 7, 6, 5, 4, 3, 2)) % 11
    if rest == 10:
        rest = -weighted(number[:8], (7, 4, 3, 2, 5, 2, 7, 6)) % 11
    return rest == int(number[8])


def pk_cnic(text: str) -> bool:
    """Region, family, serial and sex; there is no check digit.

    Source: National Database and Registration Authority, Ordinance VIII of 2000.
    """
    number = digits(text, 13)
    return bool(number) and number[0] in "1234567" and number[12] != "0"


def lk_nic(text: str) -> bool:
    """Year, day of the year (raised by 500 for women), serial; the old form of nine digits and V or X, or twelve digits.

    Source: Department for Registration of Persons, National Identity Card number of 2016.
    """
    code = letters_and_digits(text, 12) or letters_and_digits(text, 10)
    old = len(code) == 10
    number = "19" + code[:9] if old else code
    if not number.isdigit() or (code[9] not in "VX" if old else not "1900" < number[:4] < "2100"):
        return False
    return 1 <= int(number[4:7]) % 500 <= 366 and is_date(int(number[:4]), 1, 1)


VALIDATORS = (
    Validator(datatype="gov_id.in.aadhaar", check=in_aadhaar, lengths=(12,), shape="999999999999", chance=0.08, example="2345 6789 0124"),
    Validator(datatype="gov_id.in.pan", check=in_pan, lengths=(10,), shape="AAAAA9999A", chance=0.4615, example="ABCPE1234F", digits_only=False),
    Validator(datatype="gov_id.in.epic", check=in_epic, lengths=(10,), shape="AAA9999999", chance=0.1, example="ABC1234566", digits_only=False),
    Validator(
        datatype="gov_id.cn.resident_id",
        check=cn_resident_id,
        lengths=(18,),
        shape="999999999999999999",
        chance=2.9e-05,
        example="110101199001011237",
        digits_only=False,
    ),
    Validator(datatype="gov_id.kr.rrn", check=kr_rrn, lengths=(13,), shape="9999999999999", chance=0.00355, example="900101-1234568"),
    Validator(datatype="gov_id.jp.my_number", check=jp_my_number, lengths=(12,), shape="999999999999", chance=0.1, example="1234 5678 9018"),
    Validator(datatype="gov_id.tw.id", check=tw_id, lengths=(10,), shape="A999999999", chance=0.04, example="A123456789", digits_only=False),
    Validator(datatype="gov_id.hk.hkid", check=hk_hkid, lengths=(8, 9), shape="A9999999", chance=0.0909, example="A123456(3)", digits_only=False),
    Validator(datatype="gov_id.sg.nric", check=sg_nric, lengths=(9,), shape="A9999999A", chance=0.0074, example="S1234567D", digits_only=False),
    Validator(datatype="gov_id.my.nric", check=my_nric, lengths=(12,), shape="999999999999", chance=0.0312, example="900101-01-1234"),
    Validator(datatype="gov_id.th.id", check=th_id, lengths=(13,), shape="9999999999999", chance=0.08, example="1-2345-67890-12-1"),
    Validator(datatype="gov_id.id.nik", check=id_nik, lengths=(16,), shape="9999999999999999", chance=0.0293, example="3171010101900001"),
    Validator(datatype="gov_id.au.tfn", check=au_tfn, lengths=(9,), shape="999999999", chance=0.0909, example="123 456 782"),
    Validator(datatype="gov_id.nz.ird", check=nz_ird, lengths=(8, 9), shape="999999999", chance=0.0139, example="12-345-674"),
    Validator(datatype="gov_id.pk.cnic", check=pk_cnic, lengths=(13,), shape="9999999999999", chance=0.63, example="12345-1234567-1"),
    Validator(
        datatype="gov_id.lk.nic", check=lk_nic, lengths=(10, 12), shape="999999999999", chance=0.0146, example="199000112345", digits_only=False
    ),
)
