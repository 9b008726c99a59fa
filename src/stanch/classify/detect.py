"""What a single value could be by its form alone: candidates, never a decision.

Also names look-alike shapes (``shape.*``): identifiers, dates, links and hashes that must not be taken for personal data.
A cell proves nothing; the column decides (see ``decide``).
"""

import re
from collections.abc import Callable
from functools import lru_cache
from ipaddress import ip_address

EMAIL = re.compile(r"[A-Za-z0-9._%+'\-À-ɏ]{1,64}@[A-Za-z0-9À-ɏ](?:[A-Za-z0-9.\-À-ɏ]{0,250})\.[A-Za-z]{2,24}")
_ROLE = re.compile(
    r"(?:support|info|admin|contact|sales|help|hello|noreply|no-reply|postmaster|webmaster|office|team|press|privacy|billing|abuse|security|service)@",
    re.IGNORECASE,
)
_PHONE = re.compile(
    r"(?=(?:[^\d]*\d){7,15}[^\d]*$)\+?(?:\(?\d{1,4}\)?[ .\-/]?){2,7}\d{1,6}(?:\s?(?:x|ext\.?)\s?\d{1,6})?",
    re.IGNORECASE,
)
_CARD = re.compile(r"(?:[0-9][ -]?){12,18}[0-9]")
_IBAN = re.compile(r"[A-Z]{2}[0-9]{2}(?: ?[A-Z0-9]){11,30}")
_UUID = re.compile(r"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}")
_DATE = re.compile(r"(?:1[89]|20)\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])")
_DATETIME = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d.*")
_URL = re.compile(r"[a-z][a-z0-9+.\-]*://\S+", re.IGNORECASE)
_HEX = re.compile(r"(?=.*[a-fA-F])[0-9a-fA-F]{16,}")
_IP = re.compile(r"(?:\d{1,3}\.){3}\d{1,3}|[0-9a-fA-F]{0,4}(?::[0-9a-fA-F]{0,4}){2,7}")
_MAC = re.compile(r"[0-9A-Fa-f]{2}(?:[:-][0-9A-Fa-f]{2}){5}")
_JWT = re.compile(r"ey[A-Za-z0-9_\-]{8,}\.ey[A-Za-z0-9_\-]{8,}\.[A-Za-z0-9_\-]*")
_HASH = re.compile(
    r"\$2[abxy]?\$\d\d\$[./A-Za-z0-9]{53}|\$argon2(?:id|i|d)\$\S+|\$[156]\$\S+|\$(?:pbkdf2|scrypt)\S*\$\S+|(?:pbkdf2_sha\d+|bcrypt_sha256|argon2|scrypt|pbkdf2)[$:]\S+|\{SSHA\}\S+"
)
_API_KEY = re.compile(
    r"AKIA[0-9A-Z]{16}|(?:sk|rk|pk)_(?:live|test)_[0-9A-Za-z]{16,}|gh[pousr]_[0-9A-Za-z]{36,}|xox[abprs]-[0-9A-Za-z\-]{10,}|AIza[0-9A-Za-z_\-]{35}|glpat-[0-9A-Za-z_\-]{20,}|SG\.[\w\-]{22}\.[\w\-]{43}"
)
_PRIVATE_KEY = re.compile(r"-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----")
_CONNECTION = re.compile(r"[a-z][a-z0-9+]*://[^/\s:@]+:[^/\s@]+@\S+", re.IGNORECASE)
_CARD_PREFIX = re.compile(r"4|5[1-5]|2[2-7]|3[47]|6(?:011|5|4[4-9])|35|30[0-5]|36|38|62")

Check = Callable[[str], bool]

MAX_TEXT = 1 << 16
"""Longer texts are searched for addresses in full, but not matched as one value."""


def candidates(value: object) -> tuple[str, ...]:
    """Name what a value could be; empty for most.

    Cost: a few microseconds; none of the expressions backtracks more than linearly in practice, and long values skip them.
    """
    if isinstance(value, str):
        return text_candidates(value) if len(value) <= 256 else long_candidates(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return number_candidates(abs(value))
    return ("shape.fraction",) if isinstance(value, float) else ()


@lru_cache(maxsize=1 << 15)
def number_candidates(value: int) -> tuple[str, ...]:
    if value < 10_000_000:
        return ()
    text = str(value)
    found = ["finance.card"] if 12 <= len(text) <= 19 and card(text) else []
    if 8 <= len(text) <= 15:
        found.append("contact.phone")
    if 1_000_000_000 <= value <= 2_100_000_000 or 1_000_000_000_000 <= value <= 2_100_000_000_000:
        found.append("shape.epoch")
    return tuple(found)


def text_candidates(text: str) -> tuple[str, ...]:
    text = text.strip()
    found = [name for name, is_one in CHECKS if is_one(text)]
    if "@" in text and "contact.email" not in found and "contact.email_role" not in found and EMAIL.search(text) and not _URL.fullmatch(text):
        found.append("packed.email")
    return tuple(found)


def long_candidates(text: str) -> tuple[str, ...]:
    """Look into a long text for what stands out in it."""
    found = ["shape.text"]
    head = text if len(text) <= MAX_TEXT else text[:MAX_TEXT]
    if _JWT.fullmatch(head):
        return ("credential.token",)
    if _PRIVATE_KEY.search(head):
        found.append("credential.private_key")
    if "@" in text and EMAIL.search(text) and not _URL.fullmatch(head[:2048]):
        found.append("packed.email")
    return tuple(found)


def email(text: str) -> bool:
    return "@" in text and EMAIL.fullmatch(text) is not None and not _ROLE.match(text)


def email_role(text: str) -> bool:
    return "@" in text and EMAIL.fullmatch(text) is not None and _ROLE.match(text) is not None


def phone(text: str) -> bool:
    if not (7 <= len(text) <= 26 and (text[0] in "+(" or text[0].isdigit())):
        return False
    return _PHONE.fullmatch(text) is not None and not _DATE.fullmatch(text) and not (_IP.fullmatch(text) and text.count(".") == 3)


def card(text: str) -> bool:
    if not (12 <= len(text) <= 23) or not _CARD.fullmatch(text):
        return False
    digits = text.replace(" ", "").replace("-", "")
    return _CARD_PREFIX.match(digits) is not None and luhn(digits) and len(set(digits)) > 2


def luhn(digits: str) -> bool:
    """Check the Luhn digit. Source: ISO/IEC 7812-1, annex B."""
    doubled = digits[-2::-2].translate(_LUHN)
    return (sum(map(int, digits[-1::-2])) + sum(map(int, doubled))) % 10 == 0


_LUHN = str.maketrans("0123456789", "0246813579")


def iban(text: str) -> bool:
    """Check an IBAN's form and its remainder. Source: ISO 13616-1."""
    if not (15 <= len(text) <= 42) or not _IBAN.fullmatch(text):
        return False
    plain = text.replace(" ", "")
    return int("".join(str(int(c, 36)) for c in plain[4:] + plain[:4])) % 97 == 1


def ip(text: str) -> bool:
    if not (3 <= len(text) <= 45) or not _IP.fullmatch(text):
        return False
    try:
        address = ip_address(text)
    except ValueError:
        return False
    return not address.is_unspecified


def long_enough_hash(text: str) -> bool:
    return len(text) >= 20 and _HASH.fullmatch(text) is not None


def full(pattern: re.Pattern[str]) -> Check:
    return lambda text: pattern.fullmatch(text) is not None


CHECKS: tuple[tuple[str, Check], ...] = (
    ("contact.email", email),
    ("contact.email_role", email_role),
    ("contact.phone", phone),
    ("finance.card", card),
    ("finance.iban", iban),
    ("online.ip", ip),
    ("device.mac", full(_MAC)),
    ("credential.token", full(_JWT)),
    ("credential.password_hash", long_enough_hash),
    ("credential.api_key", full(_API_KEY)),
    ("credential.private_key", lambda text: _PRIVATE_KEY.search(text) is not None),
    ("credential.connection_string", full(_CONNECTION)),
    ("shape.uuid", full(_UUID)),
    ("shape.date", full(_DATE)),
    ("shape.datetime", full(_DATETIME)),
    ("shape.url", full(_URL)),
    ("shape.hex", full(_HEX)),
)
"""Every form that a short text is tried against."""
