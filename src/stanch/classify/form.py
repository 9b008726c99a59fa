r"""Forms that a text can have, as a table: first characters, lengths, an ASCII pattern, at times a check.

Written for two engines that must agree on every byte: a pattern is matched against the whole text and stays in what ``re`` and
Rust's ``regex`` have in common (no look-around, no back-reference, no ``\d``, ``\w`` or ``\s``); lengths count code points;
every character from U+0080 on counts as a letter where letters may stand (``[^\\x00-\\x7f]``).
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from stanch.classify.validator.calendar import is_date
from stanch.classify.validator.finance import card as is_card
from stanch.classify.validator.mod97 import mod_97_10

DIGITS = "0123456789"
UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
LOWER = UPPER.lower()
HEX = DIGITS + "abcdefABCDEF"
ALNUM = DIGITS + UPPER + LOWER
BEYOND = "\x80"
"""Stands for every character beyond ASCII."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    name: str
    """A datatype, or ``shape.*`` for what only describes or speaks against one."""
    first: str
    """Characters that such a text begins with."""
    least: int
    most: int
    pattern: re.Pattern[str]
    check: Callable[[str], bool] | None = None
    final: bool = False
    """A text of this form has none of the forms further down."""

    def fits(self, text: str) -> bool:
        """Match a text that has a first character and a length for this form."""
        return self.pattern.fullmatch(text) is not None and (self.check is None or self.check(text))


def phone(text: str) -> bool:
    """Count 7 to 15 digits before an extension; brackets and separators as people write them; no date, address or decimal number."""
    number = text.lower().split("x")[0].split("e")[0]
    compact = number.translate(_NO_SEPARATORS)
    if not 7 <= len(compact) <= 15 or any(pair in number for pair in NO_PAIRS):
        return False
    if number.count("(") != number.count(")") or number.count("(") > 1 or number.find(")") < number.find("("):
        return False
    n_dots = number.count(".")
    is_decimal = n_dots == 1 and len(number) == len(compact) + 1
    return not is_decimal and not _DATE.fullmatch(number) and not _IP4.fullmatch(number)


_NO_SEPARATORS = str.maketrans("", "", "+() .-/")
NO_PAIRS = ("  ", "..", "--", "//", " .", ". ", "./", "/.", ".-", "-.", " /", "/ ", "-/", "/-")


def card(text: str) -> bool:
    """Check issuer, length and Luhn; a number of one digit throughout is none."""
    digits = text.replace(" ", "").replace("-", "")
    return len(set(digits)) > 1 and is_card(digits)


def iban(text: str) -> bool:
    """Check the remainder by 97; which countries have which length is the validator's business. Source: ISO 13616-1."""
    plain = text.replace(" ", "")
    return 15 <= len(plain) <= 34 and mod_97_10(plain[4:] + plain[:4])


def ip4(text: str) -> bool:
    """Four numbers of 0 to 255 without leading zeros; 0.0.0.0 names no one."""
    return text != "0.0.0.0" and all(part == str(int(part)) and int(part) < 256 for part in text.split("."))  # noqa: S104 -- compared, not bound


def ip6(text: str) -> bool:
    """Eight groups of hexadecimal digits, or fewer with one ``::``; no zone, no dotted tail; ``::`` alone names no one. Source: RFC 4291, 2.2."""
    head, gap, tail = text.partition("::")
    groups = (head.split(":") if head else []) + (tail.split(":") if tail else [])
    if not groups or "::" in tail or not all(0 < len(group) <= 4 for group in groups):
        return False
    return len(groups) < 8 if gap else len(groups) == 8


def date8(text: str) -> bool:
    return text[:2] in {"18", "19", "20"} and is_date(int(text[:4]), int(text[4:6]), int(text[6:]))


def epoch(text: str) -> bool:
    """Seconds, milliseconds, microseconds or nanoseconds between September 2001 and July 2036."""
    return len(text) in {10, 13, 16, 19} and "1000000000" <= text[:10] <= "2100000000"


def ssn(text: str) -> bool:
    """Area, group and serial that are given out. Source: Social Security Administration, POMS RM 10201.035."""
    return text[:3] not in {"000", "666"} and text[0] != "9" and text[4:6] != "00" and text[7:] != "0000"


def hexadecimal(text: str) -> bool:
    return not text.isdigit() and not text.isalpha()


def opaque(text: str) -> bool:
    """Capitals, small letters and digits mixed, as in what a generator gives."""
    return any("A" <= c <= "Z" for c in text) and any("a" <= c <= "z" for c in text) and sum("0" <= c <= "9" for c in text) >= 2


def code(text: str) -> bool:
    return sum("0" <= c <= "9" for c in text) >= 3


def names(text: str) -> bool:
    """Two to six words, capitalised save for particles (van, de, bin), the first and the last always."""
    words = text.split(" ")
    return 2 <= len(words) <= 6 and all(map(_is_name, words)) and words[0] not in PARTICLES and words[-1] not in PARTICLES


def _is_name(word: str) -> bool:
    return word in PARTICLES or (word[:1] in _CAPITALS or (word[:1] > "\x7f" and word[0] != "\u2019"))


PARTICLES = frozenset("van von de der den da do dos das del della di la le el al bin ibn zu zur ter ten y e".split())  # noqa: SIM905 -- a table of words reads best as text
_CAPITALS = frozenset(UPPER)


def place(text: str) -> bool:
    """Latitude and longitude in degrees."""
    latitude, _, longitude = text.partition(",")
    return abs(float(latitude)) <= 90 and abs(float(longitude)) <= 180


def _form(name: str, first: str, least: int, most: int, pattern: str, check: Callable[[str], bool] | None = None) -> Form:
    return Form(name=name.removesuffix("!"), first=first, least=least, most=most, pattern=re.compile(pattern), check=check, final=name.endswith("!"))


_DATE_FORM = (
    r"(?:1[89]|20)[0-9]{2}[\-/.](?:0[1-9]|1[0-2])[\-/.](?:0[1-9]|[12][0-9]|3[01])"
    r"|(?:0?[1-9]|[12][0-9]|3[01])[\-/.](?:0?[1-9]|[12][0-9]|3[01])[\-/.](?:1[89]|20)[0-9]{2}"
)
_IP4_FORM = r"[0-9]{1,3}(?:\.[0-9]{1,3}){3}"
_DATE, _IP4 = re.compile(_DATE_FORM), re.compile(_IP4_FORM)
_HASHES = (
    r"\$2[abxy]?\$[0-9]{2}\$[./A-Za-z0-9]{53}|\$argon2(?:id|i|d)\$[!-~]+|\$[156yPH]\$[!-~]+|\$(?:pbkdf2|scrypt)[!-~]+"
    r"|(?:pbkdf2_sha[0-9]+|pbkdf2:sha[0-9]+|bcrypt_sha256|bcrypt|argon2|scrypt|md5|sha1|sha256|sha512)[$:][!-~]{16,}|\{(?:SSHA|SHA|SMD5|MD5|CRYPT)[0-9]{0,3}\}[!-~]+"
)
_KEYS = (
    r"(?:AKIA|ASIA)[0-9A-Z]{16}|(?:sk|rk|pk)_(?:live|test)_[0-9A-Za-z]{16,}|sk-[0-9A-Za-z_\-]{20,}|gh[pousr]_[0-9A-Za-z]{36,}|github_pat_[0-9A-Za-z_]{22,}"
    r"|xox[abprs]-[0-9A-Za-z\-]{10,}|AIza[0-9A-Za-z_\-]{35}|glpat-[0-9A-Za-z_\-]{20,}|SG\.[0-9A-Za-z_\-]{22}\.[0-9A-Za-z_\-]{43}|shpat_[0-9a-f]{32}"
    r"|npm_[0-9A-Za-z]{36}|hf_[0-9A-Za-z]{30,}|whsec_[0-9A-Za-z+/=]{24,}|dop_v1_[0-9a-f]{64}|ya29\.[0-9A-Za-z_\-]{20,}|key-[0-9a-f]{32}|SK[0-9a-f]{32}"
)
FORMS: tuple[Form, ...] = (
    _form("credential.token!", "e", 20, 1 << 14, r"ey[A-Za-z0-9_\-]{8,}\.ey[A-Za-z0-9_\-]{8,}\.[A-Za-z0-9_\-]*"),
    _form("credential.password_hash!", "${pbamsd", 20, 512, _HASHES),
    _form("credential.api_key!", "ASsrpgxnhwdyk", 20, 256, _KEYS),
    _form(
        "credential.connection_string!",
        UPPER + LOWER,
        10,
        2048,
        r"[A-Za-z][A-Za-z0-9+.\-]*://[^\x00-\x20/:@]+:[^\x00-\x20/@]+@[^\x00-\x20]+",
    ),
    _form("shape.url!", UPPER + LOWER, 6, 1 << 16, r"[A-Za-z][A-Za-z0-9+.\-]*://[^\x00-\x20]+"),
    _form("shape.data_uri!", "d", 8, 1 << 30, r"data:[A-Za-z0-9]+/[A-Za-z0-9+.\-]+[;,][^\x00-\x20]*"),
    _form("shape.uuid!", HEX, 36, 36, r"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}"),
    _form("shape.datetime!", DIGITS, 16, 40, r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:[0-9]{2}[0-9:.,+\-ZztTUC ]*"),
    _form("shape.date!", DIGITS, 8, 10, _DATE_FORM),
    _form("shape.time!", DIGITS, 4, 15, r"[0-2]?[0-9]:[0-5][0-9](?::[0-5][0-9](?:\.[0-9]{1,6})?)?(?: ?[AaPp]\.?[Mm]\.?)?"),
    _form("shape.path!", "/", 2, 1024, r"/[^\x00-\x20]*"),
    _form("shape.coordinates!", DIGITS + "-", 7, 48, r"-?[0-9]{1,2}\.[0-9]{2,15},[ ]?-?[0-9]{1,3}\.[0-9]{2,15}", place),
    _form("device.mac", HEX, 17, 17, r"[0-9A-Fa-f]{2}(?::[0-9A-Fa-f]{2}){5}|[0-9A-Fa-f]{2}(?:-[0-9A-Fa-f]{2}){5}"),
    _form("online.ip!", DIGITS, 7, 15, _IP4_FORM, ip4),
    _form("online.ip!", HEX + ":", 3, 39, r"[0-9a-fA-F:]+", ip6),
    _form("shape.version", DIGITS + "v", 5, 40, r"v?[0-9]{1,4}(?:\.[0-9]{1,6}){2,3}(?:[\-+][0-9A-Za-z.\-+]+)?"),
    _form("shape.decimal!", DIGITS + "-", 3, 40, r"-?[0-9]+[.,][0-9]+"),
    _form("finance.card", DIGITS, 13, 23, r"[0-9](?:[ \-]?[0-9]){12,18}", card),
    _form("finance.iban", UPPER, 15, 42, r"[A-Z]{2}[0-9]{2}(?: ?[A-Z0-9]){11,30}", iban),
    _form("gov_id.us.ssn", DIGITS, 11, 11, r"[0-9]{3}-[0-9]{2}-[0-9]{4}", ssn),
    _form("contact.phone", "+(" + DIGITS, 7, 34, r"\+?[0-9(][0-9() .\-/]*[0-9](?: ?(?:x|X|ext|EXT|Ext)\.? ?[0-9]{1,6})?", phone),
    _form("shape.international", "+", 8, 34, r"\+[1-9][0-9() .\-/]*[0-9](?: ?(?:x|X|ext|EXT|Ext)\.? ?[0-9]{1,6})?", phone),
    _form("shape.nanp", "(" + DIGITS, 12, 14, r"\([2-9][0-9]{2}\) ?[2-9][0-9]{2}[ .\-][0-9]{4}|[2-9][0-9]{2}[.\-][2-9][0-9]{2}[.\-][0-9]{4}"),
    _form("shape.epoch", "12", 10, 19, r"[0-9]+", epoch),
    _form("shape.date8", "12", 8, 8, r"[0-9]{8}", date8),
    _form("shape.digits", DIGITS, 1, 40, r"[0-9]+"),
    _form("shape.hex", HEX, 16, 1 << 16, r"[0-9a-fA-F]+", hexadecimal),
    _form("shape.opaque", ALNUM + "_-", 16, 1 << 16, r"[A-Za-z0-9+/_.~\-]+={0,2}", opaque),
    _form("shape.code", ALNUM, 7, 96, r"[A-Za-z0-9 \-./:()<\r\n]+", code),
    _form("shape.names", UPPER + BEYOND, 3, 60, r"(?:[A-Za-z'.\- ]|[^\x00-\x7f])+", names),
)  # fmt: skip
"""In this order; the order only matters for ``final``."""


def _by_first() -> Mapping[str, tuple[Form, ...]]:
    return MappingProxyType({chr(at): tuple(form for form in FORMS if chr(at) in form.first) for at in range(129)})


BY_FIRST = _by_first()
"""The forms by the first character of a text (``BEYOND`` for all beyond ASCII), so that most values meet few."""
