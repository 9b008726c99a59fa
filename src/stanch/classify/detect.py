"""What a single value could be by its form alone: candidates, never a decision.

Also names look-alike shapes (``shape.*``): identifiers, dates, links and hashes that must not be taken for personal data.
A cell proves nothing; the column decides (see ``decide``). The forms are a table (``form``); addresses and what stands inside
longer texts (``packed.*``) are found here. ``docs/detection.md`` says the same for those who write another engine.

Cost: a word of letters costs one test; the rest is matched against the forms that its first character allows. Nothing here
takes more than linear time: every search starts at a sign (``@``, ``+``, a run of digits) and looks a bounded way around.
"""

import re
from collections.abc import Iterator

from stanch.classify.form import BEYOND, BY_FIRST, card, epoch, iban, phone
from stanch.classify.form import date8 as is_date8

BLANKS = " \t\r\n"
MAX_LOCAL, MAX_DOMAIN = 64, 253
"""Source: RFC 5321, 4.5.3.1."""
SHORTEST_PACKED = 12
"""Characters of the shortest text with a number among other words."""
LONG = 256
"""A longer text is ``shape.text``."""
MAX_DIGITS = 34
"""Integers of more digits are no numbers of anything."""

_LOCAL_BACKWARDS = re.compile(r"(?:[A-Za-z0-9._%+'\-]|[^\x00-\x7f]){1,64}")
_DOMAIN = re.compile(r"(?:[A-Za-z0-9.\-]|[^\x00-\x7f]){1,253}")
_TOP = re.compile(r"[A-Za-z]{2,24}|xn--[A-Za-z0-9\-]{2,59}")
_PACKED_PHONE = re.compile(r"\+[1-9][0-9() .\-]{6,20}")
_NUMBER_RUN = re.compile(r"[0-9](?:[ \-]?[0-9])*")
_IBAN_RUN = re.compile(r"[A-Z]{2}[0-9]{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?")

ROLES = frozenset(
    """
    abuse accounts assistenza ayuda billing biuro bounce careers contact contacto contatti contato datenschutz do-not-reply donotreply dpo
    enquiries feedback gdpr git hello help hostmaster hr info inquiries jobs klantenservice kontakt kundenservice legal mail mailer-daemon
    marketing newsletter no-reply no_reply noreply notification notifications office postmaster press privacy sales security service
    soporte suporte support team ventas vertrieb webmaster
    """.split()  # noqa: SIM905 -- a table of words reads best as text
)
"""Mailboxes of an office, not of a person; compared in lower case, up to a ``+``."""
NO_TOP = frozenset("bmp css gif htm html ico jpeg jpg js json map mp3 mp4 pdf png svg ts webp woff xml".split())  # noqa: SIM905 -- a table of words
"""Endings of files that stand where an address has its top-level domain: ``icon@2x.png``."""


def candidates(value: object) -> tuple[str, ...]:
    """Name what a value could be; empty for most. No name comes twice.

    Shape: text and whole numbers have candidates; a float is ``shape.fraction``; ``None``, truth values and bytes have none.
    """
    if isinstance(value, str):
        return text_candidates(value)
    if isinstance(value, bool):
        return ()
    if isinstance(value, int):
        return number_candidates(value)
    return ("shape.fraction",) if isinstance(value, float) else ()


def number_candidates(value: int) -> tuple[str, ...]:
    """Read a whole number as its digits; one below a million or negative is a quantity."""
    if not 1_000_000 <= value < 10**MAX_DIGITS:
        return ()
    text = str(value)
    found = ["finance.card"] if len(text) >= 13 and card(text) else []
    if 8 <= len(text) <= 15:
        found.append("contact.phone")
    if epoch(text):
        found.append("shape.epoch")
    if len(text) == 8 and is_date8(text):
        found.append("shape.date8")
    return (*found, "shape.code")


def text_candidates(text: str) -> tuple[str, ...]:
    if text.isalpha() and text.isascii():
        return ("shape.word",)
    text = text.strip(BLANKS)
    if not text:
        return ()
    found = forms(text)
    if "@" in text:
        found += addresses(text)
    if len(text) > LONG:
        found.append("shape.text")
    if " " in text:
        found += ["shape.spaced", *packed_numbers(text, found)]
    if "PRIVATE KEY-----" in text and "-----BEGIN " in text:
        found.append("credential.private_key")
    return tuple(found)


def forms(text: str) -> list[str]:
    """List the forms that a whole text has, down to the first that is final."""
    found: list[str] = []
    n = len(text)
    for form in BY_FIRST[min(text[0], BEYOND)]:
        if form.least <= n <= form.most and form.fits(text):
            found.append(form.name)
            if form.final:
                break
    return found


def addresses(text: str) -> list[str]:
    """Tell a text that is an e-mail address from one that has one in it; of a link only what follows its ``?`` counts."""
    whole = address_around(text, text.index("@")) if text.count("@") == 1 else None
    if whole is not None and len(whole) == len(text):
        return ["contact.email_role" if is_role(whole) else "contact.email"]
    if "://" in text[:32] and " " not in text:
        text = text.partition("?")[2]
    inside = (address_around(text, at) for at in positions(text, "@"))
    return ["packed.email"] if any(found is not None and not is_role(found) for found in inside) else []


def is_role(address: str) -> bool:
    """Tell a mailbox of a role, and a placeholder under a domain that takes no mail, by which services hide people's own addresses."""
    local, _, domain = address.partition("@")
    if not UNREACHED.isdisjoint(domain.lower().split(".")):
        return True
    mailbox = local.split("+", 1)[0]
    return mailbox.isascii() and mailbox.lower() in ROLES


UNREACHED = frozenset(["noreply", "no-reply"])


def address_around(text: str, at: int) -> str | None:
    """Give the address around an ``@``, or ``None``.

    Shape: letters, digits, ``._%+'-`` and anything beyond ASCII before; a domain with a top level of letters after, less trailing dots.
    A second ``@`` right before makes it a handle.
    """
    before = _LOCAL_BACKWARDS.match(text[max(0, at - MAX_LOCAL) : at][::-1])
    after = _DOMAIN.match(text, at + 1, at + 1 + MAX_DOMAIN)
    if before is None or after is None or text[at - len(before[0]) - 1 : at - len(before[0])] == "@":
        return None
    domain = after[0].rstrip(".-")
    name, _, top = domain.rpartition(".")
    if not name or name[0] in ".-" or ".." in name or not _TOP.fullmatch(top) or top.lower() in NO_TOP:
        return None
    return f"{before[0][::-1]}@{domain}"


def positions(text: str, sign: str) -> Iterator[int]:
    at = text.find(sign)
    while at >= 0:
        yield at
        at = text.find(sign, at + 1)


def packed_numbers(text: str, found: list[str]) -> list[str]:
    """Look for telephone numbers, cards and IBANs among other words; a text that is such a number as a whole holds none."""
    if len(text) < SHORTEST_PACKED or any(name in WHOLE for name in found):
        return []
    inside = ["packed.phone"] if "+" in text and has_phone(text) else []
    if has_card(text):
        inside.append("packed.card")
    if any(alone(text, run) and iban(run[0]) for run in _IBAN_RUN.finditer(text)):
        inside.append("packed.iban")
    return inside


WHOLE = frozenset(
    "contact.phone finance.card finance.iban shape.datetime shape.url shape.data_uri shape.coordinates shape.names credential.private_key".split()  # noqa: SIM905 -- a table of words
)


def has_phone(text: str) -> bool:
    """Find a ``+``, not within a word, with an international number behind it."""
    runs = (_PACKED_PHONE.match(text, at) for at in positions(text, "+") if at == 0 or not is_wordy(text[at - 1]))
    return any(run is not None and phone(run[0].rstrip("() .-")) for run in runs)


def has_card(text: str) -> bool:
    return any(13 <= len(run[0]) <= 23 and alone(text, run) and card(run[0]) for run in _NUMBER_RUN.finditer(text))


def alone(text: str, run: re.Match[str]) -> bool:
    """Tell whether a run of characters is no part of a longer word or number."""
    before, after = text[run.start() - 1 : run.start()], text[run.end() : run.end() + 1]
    return not (before and is_wordy(before)) and not (after and is_wordy(after))


def is_wordy(sign: str) -> bool:
    """Letters, digits, ``_``, ``-``, ``/``, ``=`` and everything beyond ASCII."""
    return sign > "\x7f" or sign.isalnum() or sign in "_-/="
