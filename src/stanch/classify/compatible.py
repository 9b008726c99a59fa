"""Whether the values of a column can be what its key says: by types, lengths and forms.

Decides nothing by itself; a column that fits no test here is not believed whatever its key.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from stanch.classify.column import FieldSummary
from stanch.classify.validator import VALIDATORS

Test = Callable[[FieldSummary], bool]


def compatible(datatype: str, summary: FieldSummary) -> bool:
    """Tell whether the values can be of a datatype; a column of truth values can only be a flag about a person."""
    if set(summary.types) <= {"bool"}:
        return datatype.startswith(FLAGS)
    test = BY_NAME.get(datatype) or next((t for prefix, t in BY_FAMILY.items() if datatype.startswith(prefix)), None)
    return test is None or test(summary)


FLAGS = ("internal.", "special.", "health.pregnancy", "health.disability", "health.vaccination", "health.condition", "health.mental")


def anything(summary: FieldSummary) -> bool:
    return summary.n_values > 0


def any_text(summary: FieldSummary) -> bool:
    return summary.types["str"] > 0


def foreign(summary: FieldSummary, *shapes: str) -> bool:
    """Tell whether most values have one of these shapes."""
    return sum(summary.candidates[f"shape.{shape}"] for shape in shapes) > summary.n_values / 2


def words(summary: FieldSummary) -> bool:
    """Text as people write it: no links, dates, ids or hashes, and not numbers alone."""
    return any_text(summary) and not foreign(summary, "url", "datetime", "date", "uuid", "hex", "digits", "decimal", "epoch", "data_uri")


def mail(summary: FieldSummary) -> bool:
    return summary.share("contact.email") + summary.share("contact.email_role") + summary.share("packed.email") > 0


def phone(summary: FieldSummary) -> bool:
    """Half have the form of a telephone number, and they are neither dates nor seconds since 1970."""
    if summary.share("shape.epoch") > 0.9 and summary.n_distinct > 3:
        return False
    return summary.share("contact.phone") >= 0.5 or (summary.share("shape.digits") >= 0.9 and 3 <= summary.min_length <= summary.max_length <= 15)


def date(summary: FieldSummary) -> bool:
    """Dates as they are written or counted; a text of another kind is none."""
    if summary.share("shape.date") + summary.share("shape.datetime") + summary.share("shape.date8") + summary.share("shape.epoch") >= 0.5:
        return True
    if {"int", "float"} & set(summary.types):
        return summary.max_length >= 5
    return summary.min_length >= 4 and summary.max_length <= 40 and not foreign(summary, "url", "uuid", "word", "hex")


def moment(summary: FieldSummary) -> bool:
    return date(summary) or bool({"int", "float"} & set(summary.types))


def secret(summary: FieldSummary) -> bool:
    """Secrets are texts that differ: a constant word, a sentence, a link or a short code under a secret's name is none."""
    if not any_text(summary) or foreign(summary, "url", "datetime", "date", "path", "names", "decimal"):
        return False
    return summary.max_length >= 8 and (summary.n_distinct > 1 or summary.n_values == 1 or summary.min_length >= 20) and not sentences(summary)


def sentences(summary: FieldSummary) -> bool:
    """Words with spaces between; a scheme before a secret (``Bearer ...``) makes no sentence of it."""
    return summary.share("shape.spaced") > 0.5 and summary.max_length > 20 and not summary.share("credential.token") and not scheme(summary)


def scheme(summary: FieldSummary) -> bool:
    return (
        summary.min_length >= 24
        and summary.share("shape.names") == 0
        and summary.types["str"] == summary.n_values
        and summary.share("shape.text") < 1
    )


def password(summary: FieldSummary) -> bool:
    return any_text(summary) and not foreign(summary, "url", "datetime")


def reset_link(summary: FieldSummary) -> bool:
    return any_text(summary) and summary.max_length >= 4 and not foreign(summary, "datetime", "date", "names")


def number(summary: FieldSummary) -> bool:
    return bool({"int", "float"} & set(summary.types)) or (
        summary.max_length <= 16 and not foreign(summary, "url", "datetime", "date", "uuid", "word")
    )


def money(summary: FieldSummary) -> bool:
    """A number, or a text with one: ``"52,000 EUR"``."""
    return bool({"int", "float"} & set(summary.types)) or (
        summary.max_length <= 32 and not foreign(summary, "url", "datetime", "date", "uuid", "word")
    )


def age(summary: FieldSummary) -> bool:
    return summary.max_length <= 5 and not foreign(summary, "word", "date", "time")


def card(summary: FieldSummary) -> bool:
    if summary.share("finance.card") >= 0.5:
        return True
    whole = summary.min_length >= 12 and summary.max_length <= 23 and summary.share("shape.code") >= 0.5
    return whole and not foreign(summary, "epoch", "uuid", "datetime")


def masked(summary: FieldSummary) -> bool:
    return 4 <= summary.max_length <= 23


def identity_number(summary: FieldSummary) -> bool:
    """Five to thirty letters and digits, some digit among them."""
    coded = summary.share("shape.code") + summary.share("shape.digits")
    return summary.min_length >= 5 and summary.max_length <= 34 and coded >= 0.5 and not foreign(summary, "uuid", "datetime", "date", "epoch", "hex")


def country_number(datatype: str) -> Test:
    """A country's number has the lengths of its validator, give or take separators; whether the check digit is right is weighed apart."""
    validator = VALIDATORS.get(datatype)
    if validator is None:
        return identity_number
    least, most = min(validator.lengths) - 1, max(validator.lengths) * 3 // 2 + 1

    def fits(summary: FieldSummary) -> bool:
        return (
            least <= summary.min_length
            and summary.max_length <= most
            and summary.share("shape.code") >= 0.5
            and not foreign(summary, "datetime", "epoch")
        )

    return fits


def coordinate(summary: FieldSummary) -> bool:
    return bool(summary.types["float"]) or summary.share("shape.decimal") >= 0.5


def short(least: int, most: int) -> Test:
    return lambda summary: least <= summary.min_length and summary.max_length <= most and not foreign(summary, "date", "time", "decimal")


def picture(summary: FieldSummary) -> bool:
    """A link, a path, a file's name or the picture itself."""
    return any_text(summary) and not foreign(summary, "names", "datetime")


BY_NAME: Mapping[str, Test] = MappingProxyType({
    "contact.email": mail,
    "contact.phone": phone,
    "contact.fax": phone,
    "contact.address.postcode": short(2, 14),
    "contact.address.country": words,
    "contact.website": any_text,
    "person.birth_date": date,
    "person.birth_year": short(2, 4),
    "person.age": age,
    "person.height": number,
    "person.weight": number,
    "person.photo": picture,
    "person.signature": any_text,
    "person.gender": lambda s: s.max_length <= 32 and not foreign(s, "url", "date", "datetime"),
    "finance.card": card,
    "finance.card_last4": masked,
    "finance.card_cvv": lambda s: 3 <= s.max_length <= 5,
    "finance.card_expiry": lambda s: s.max_length <= 25,
    "finance.card_brand": words,
    "finance.card_holder": words,
    "finance.iban": lambda s: s.share("finance.iban") > 0.3 or (s.min_length >= 15 and s.max_length <= 42 and s.share("shape.code") > 0.5),
    "finance.account": short(4, 40),
    "finance.routing": short(4, 14),
    "finance.bic": short(8, 11),
    "finance.balance": money,
    "finance.credit_score": number,
    "finance.debt": money,
    "finance.transaction": any_text,
    "finance.crypto_wallet": lambda s: s.min_length >= 20,
    "gov_id.passport": lambda s: identity_number(s) or s.share("shape.code") >= 0.5,
    "gov_id.vehicle_plate": lambda s: s.min_length >= 3 and s.max_length <= 14 and any_text(s) and not foreign(s, "date", "word"),
    "gov_id.vin": lambda s: s.min_length >= 11 and s.max_length <= 20,
    "online.ip": lambda s: s.share("online.ip") > 0.3,
    "online.user_agent": lambda s: any_text(s) and s.max_length > 6,
    "online.last_seen": moment,
    "online.social": any_text,
    "device.mac": lambda s: s.share("device.mac") > 0.3,
    "device.imei": short(14, 20),
    "credential.password": password,
    "credential.password_hash": lambda s: any_text(s) and s.min_length >= 13 and not foreign(s, "url", "datetime", "names"),
    "credential.password_salt": lambda s: any_text(s) and s.min_length >= 6,
    "credential.security_question": any_text,
    "credential.security_answer": any_text,
    "credential.recovery_code": any_text,
    "credential.reset_token": reset_link,
    "credential.invite_token": reset_link,
    "credential.private_key": lambda s: any_text(s) and s.max_length >= 32,
    "credential.otp": lambda s: s.min_length >= 4 and s.max_length <= 12 and not foreign(s, "date", "word"),
    "credential.pin": lambda s: s.min_length >= 3 and s.max_length <= 12 and not foreign(s, "word"),
    "credential.connection_string": lambda s: any_text(s) and s.max_length >= 12,
    "location.latitude": coordinate,
    "location.longitude": coordinate,
    "location.geo": any_text,
    "family.children": lambda s: s.max_length <= 60,
    "employment.start_date": date,
    "employment.sick_days": number,
    "internal.admin": lambda s: set(s.types) <= {"bool", "int"},
    "internal.risk_score": anything,
    "internal.failed_logins": number,
    "internal.deletion": anything,
})  # fmt: skip
"""Tests by datatype."""

BY_FAMILY: Mapping[str, Test] = MappingProxyType({
    **{name: country_number(name) for name in VALIDATORS if name.startswith(("gov_id.", "health."))},
    "credential.": secret,
    "gov_id.": identity_number,
    "person.name": words,
    "person.bio": any_text,
    "person.": lambda s: not foreign(s, "url", "uuid"),
    "online.username": lambda s: any_text(s) and not foreign(s, "url", "datetime", "uuid"),
    "contact.address": lambda s: anything(s) and not foreign(s, "url", "datetime", "uuid", "date", "hex"),
    "contact.": any_text,
    "health.": lambda s: not foreign(s, "url", "uuid"),
    "special.": lambda s: not foreign(s, "url", "uuid"),
    "employment.": lambda s: anything(s) and not foreign(s, "url"),
    "education.": lambda s: anything(s) and not foreign(s, "url"),
    "finance.salary": money,
    "finance.income": money,
})  # fmt: skip
"""Tests by beginning of the datatype's name, the first that fits."""
