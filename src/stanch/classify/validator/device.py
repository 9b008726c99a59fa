"""Numbers of devices, SIM cards and vehicles.

Decides by structure and check digit; whether a device exists is not known here.
"""

from stanch.classify.validator.luhn import luhn
from stanch.classify.validator.model import Validator, digits, letters_and_digits, plain

_HEX = frozenset("0123456789abcdefABCDEF")
_VIN_VALUES = dict(zip("ABCDEFGHJKLMNPRSTUVWXYZ0123456789", map(int, "12345678123457923456789" + "0123456789"), strict=True))
_VIN_WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)


def imei(text: str) -> bool:
    """Fifteen digits, Luhn.

    Source: 3GPP TS 23.003, annex B; GSMA TS.06.
    """
    number = digits(text, 15)
    return bool(number) and number[:2] != "00" and luhn(number)


def iccid(text: str) -> bool:
    """Nineteen or twenty digits from 89, Luhn.

    Source: ITU-T E.118.
    """
    number = plain(text)
    return len(number) in (19, 20) and number[:2] == "89" and number.isdigit() and luhn(number)


def mac(text: str) -> bool:
    """Six pairs with colons or hyphens, or three groups with dots; neither all zeros nor broadcast.

    Source: IEEE 802-2014, clause 8.
    """
    if len(text) == 17 and text[2] in ":-":
        parts, size = text.split(text[2]), 2
    elif len(text) == 14:
        parts, size = text.split("."), 4
    else:
        return False
    code = "".join(parts)
    return len(code) == 12 and all(len(part) == size for part in parts) and _HEX.issuperset(code) and code.strip("0") != "" and code.strip("fF") != ""


def vin(text: str) -> bool:
    """Seventeen characters without I, O and Q, the ninth being the check digit that North America and China require.

    Source: ISO 3779; 49 CFR 565.15.
    """
    code = letters_and_digits(text, 17)
    if not code or code.isdigit() or not _VIN_VALUES.keys() >= set(code):
        return False
    total = sum(_VIN_VALUES[char] * weight for char, weight in zip(code, _VIN_WEIGHTS, strict=True))
    return "0123456789X"[total % 11] == code[8]


VALIDATORS = (
    Validator(datatype="device.imei", check=imei, lengths=(15,), shape="999999999999999", chance=0.099, example="35-123456-789012-4"),
    Validator(datatype="device.iccid", check=iccid, lengths=(19, 20), shape="8999999999999999999", chance=0.01, example="8901 2345 6789 0123 455"),
    Validator(datatype="device.mac", check=mac, lengths=(12,), shape="hh:hh:hh:hh:hh:hh", chance=1.0, example="00:00:5e:00:53:01", digits_only=False),
    Validator(
        datatype="vehicle.vin", check=vin, lengths=(17,), shape="XXXXXXXXXXXXXXXXX", chance=0.0074, example="1M8GDM9AXKP042788", digits_only=False
    ),
)
