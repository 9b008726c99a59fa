"""What the native kernel needs to name what a value can be: the tables that the reference uses, as plain data.

Holds no table of its own. ``docs/detection.md`` says what is done with them.
"""

import re
from functools import lru_cache

from stanch.classify.detect import NO_TOP, ROLES, WHOLE
from stanch.classify.form import FORMS, NO_PAIRS, PARTICLES
from stanch.classify.validator.finance import CARD_RANGES

BESIDE_FORMS = (
    "shape.word", "shape.text", "shape.spaced", "shape.fraction", "credential.private_key", "contact.email", "contact.email_role",
    "packed.email", "packed.phone", "packed.card", "packed.iban",
)  # fmt: skip
"""Names that no form gives."""
LAST_WITH_CASE = 0x20000
"""No character from here on has a case, is a blank or a digit."""


@lru_cache(maxsize=1)
def tables() -> dict[str, object]:
    """Give all tables by the names under which the kernel looks for them."""
    forms = [
        (form.name, bytes(map(ord, form.first)), form.least, form.most, form.pattern.pattern, form.check.__name__ if form.check else "", form.final)
        for form in FORMS
    ]
    return {
        "forms": forms,
        "names": sorted({form.name for form in FORMS} | set(BESIDE_FORMS)),
        "roles": sorted(ROLES),
        "no_top": sorted(NO_TOP),
        "particles": sorted(PARTICLES),
        "whole": sorted(WHOLE),
        "no_pairs": list(NO_PAIRS),
        "cards": [(first, last, list(lengths)) for first, last, lengths in CARD_RANGES],
        "characters": characters(),
    }


def characters() -> tuple[dict[str, str], list[str], list[str]]:
    """Give what this Python knows of characters beyond ASCII: how they fold, which are blanks, which are decimal digits."""
    beyond = [chr(code) for code in range(0x80, LAST_WITH_CASE) if not 0xD800 <= code < 0xE000]
    folded = {c: other for c in beyond if (other := c.casefold()) != c}
    text = "".join(beyond)
    return folded, [c for c in re.findall(r"\s", text) if c.isspace()], re.findall(r"\d", text)
