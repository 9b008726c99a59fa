"""Decide what a column holds, from its key and from what all of its values showed together.

Key and values must not contradict each other: a key alone is believed where the values could be what it says, values alone only
where their form is proof (an address with an @, a password hash) and holds for the column.
"""

from collections.abc import Callable
from dataclasses import dataclass

from stanch.classify.column import FieldSummary
from stanch.classify.lexicon import key_candidates

PROOF_BY_FORM = {
    "contact.email": 0.6, "contact.email_role": 0.9, "credential.password_hash": 0.5, "credential.api_key": 0.3, "credential.private_key": 0.01,
    "credential.connection_string": 0.3, "finance.iban": 0.9, "online.ip": 0.95, "credential.token": 0.9, "device.mac": 0.95,
}  # fmt: skip
"""Share of the column from which the form alone proves the datatype, whatever the key says."""
MIN_FOR_CHECKSUM = 3
"""Distinct values from which a checksum that all of them pass is proof without a key: one in ten random numbers passes Luhn."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    datatype: str
    confidence: float
    why: tuple[str, ...]


def decide(path: str, name: str, parents: tuple[str, ...], summary: FieldSummary) -> Label | None:
    """Label a column, or leave it alone.

    Cost: constant; the column was summarised before.
    """
    proven = by_form(summary)
    if proven is not None and not path.endswith("[~]~"):
        return proven
    if path.endswith("[~]~"):
        return proven
    for datatype, weight in key_candidates(name, parents):
        if summary.n_values == 0:
            return Label(
                datatype=datatype,
                confidence=round(0.5 * weight, 2),
                why=(f"the name '{name}'", "no value was ever seen"),
            )
        if compatible(datatype, summary):
            support = 0.1 if summary.share(form_of(datatype)) > 0.5 else 0.0
            return Label(
                datatype=datatype,
                confidence=round(min(0.99, 0.88 * weight + support), 2),
                why=(f"the name '{name}'", f"{summary.n_values} values fit"),
            )
    return by_checksum(summary)


def by_form(summary: FieldSummary) -> Label | None:
    for datatype, share in PROOF_BY_FORM.items():
        if summary.n_values and summary.candidates[datatype] and summary.share(datatype) >= share:
            return Label(
                datatype=datatype,
                confidence=0.97,
                why=(f"{summary.candidates[datatype]} of {summary.n_values} values have the form",),
            )
    if (
        summary.candidates["packed.email"]
        and summary.share("packed.email") >= 0.5
        and not summary.candidates["shape.text"]
        and summary.max_length <= 120
    ):
        return Label(datatype="contact.email", confidence=0.85, why=("e-mail addresses stand inside the values",))
    return None


def by_checksum(summary: FieldSummary) -> Label | None:
    """Believe a checksum without a key only when the whole of a varied column passes it."""
    if summary.n_distinct >= MIN_FOR_CHECKSUM and summary.share("finance.card") == 1.0 and not summary.candidates["shape.epoch"]:
        return Label(datatype="finance.card", confidence=0.9, why=("every value passes the card checksum",))
    return None


def form_of(datatype: str) -> str:
    return "finance.card" if datatype == "finance.card" else datatype


def compatible(datatype: str, summary: FieldSummary) -> bool:
    """Tell whether the values can be what the key says."""
    if set(summary.types) <= {"bool"}:
        return datatype.startswith(("internal.", "special.", "health.pregnancy", "health.disability", "health.vaccination"))
    test = COMPATIBLE.get(datatype) or next((t for prefix, t in BY_FAMILY.items() if datatype.startswith(prefix)), None)
    return test is None or test(summary)


def phone_like(summary: FieldSummary) -> bool:
    return summary.share("contact.phone") >= 0.5


def date_like(summary: FieldSummary) -> bool:
    return summary.share("shape.date") + summary.share("shape.datetime") >= 0.5 or (summary.min_length >= 6 and summary.max_length <= 30)


def secret_like(summary: FieldSummary) -> bool:
    """Secrets are strings that differ: a constant word or a short code under a secret's name is none."""
    if "str" not in summary.types or summary.share("shape.url") > 0.5 or summary.share("shape.datetime") > 0.5:
        return False
    return summary.max_length >= 8 and (summary.n_distinct > 1 or summary.n_values == 1 or summary.min_length >= 20)


def number_like(summary: FieldSummary) -> bool:
    return bool({"int", "float"} & set(summary.types)) or summary.max_length <= 16


def text_not_link(summary: FieldSummary) -> bool:
    return "str" in summary.types and summary.share("shape.url") < 0.5 and summary.share("shape.datetime") < 0.5 and summary.share("shape.uuid") < 0.5


def card_like(summary: FieldSummary) -> bool:
    return summary.share("finance.card") >= 0.5 or (summary.min_length >= 12 and summary.max_length <= 23 and summary.share("shape.epoch") < 0.5)


def id_like(summary: FieldSummary) -> bool:
    return summary.min_length >= 5 and summary.max_length <= 30 and summary.share("shape.uuid") < 0.5 and summary.share("shape.datetime") < 0.5


def any_string(summary: FieldSummary) -> bool:
    return "str" in summary.types


COMPATIBLE: dict[str, Callable[[FieldSummary], bool]] = {
    "contact.email": lambda s: s.share("contact.email") + s.share("contact.email_role") + s.share("packed.email") > 0,
    "contact.phone": phone_like,
    "person.birth_date": date_like,
    "person.age": number_like,
    "finance.card": card_like,
    "finance.card_cvv": lambda s: s.max_length <= 5,
    "finance.iban": lambda s: s.share("finance.iban") > 0.3,
    "online.ip": lambda s: s.share("online.ip") > 0.3,
    "device.mac": lambda s: s.share("device.mac") > 0.3,
    "credential.password": any_string,
    "credential.otp": lambda s: s.max_length <= 12,
    "credential.pin": lambda s: s.min_length >= 3 and s.max_length <= 12,
    "location.latitude": lambda s: bool({"float", "str"} & set(s.types)),
    "location.longitude": lambda s: bool({"float", "str"} & set(s.types)),
    "person.photo": any_string,
}
BY_FAMILY: dict[str, Callable[[FieldSummary], bool]] = {
    "credential.": secret_like,
    "gov_id.": id_like,
    "person.name": text_not_link,
    "online.username": text_not_link,
    "contact.address": text_not_link,
}
