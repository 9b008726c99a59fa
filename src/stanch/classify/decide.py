"""Decide what a column holds, from its key and from what all of its values showed together.

Key and values must not contradict each other: a key alone is believed where the values could be what it says, values alone only
where their form is proof (an address with an @, a password hash) or a check digit that all distinct values have, and holds for the column.
"""

import re
from dataclasses import dataclass

from stanch.classify.checksum import n_passing, ranked, weight
from stanch.classify.column import FieldSummary
from stanch.classify.compatible import compatible
from stanch.classify.lexicon import NOUN, STRONG, Meaning, is_person_noun, key_candidates, words_of
from stanch.classify.taxonomy import TAXONOMY
from stanch.classify.validator import VALIDATORS, Validator

PROOF_BY_FORM = {
    "contact.email": 0.6, "credential.password_hash": 0.5, "credential.api_key": 0.3, "credential.private_key": 0.01,
    "credential.connection_string": 0.3, "finance.iban": 0.9, "online.ip": 0.9, "credential.token": 0.9, "device.mac": 0.9,
    "shape.international": 0.8, "shape.coordinates": 0.9,
}  # fmt: skip
"""Share of the column from which the form alone proves the datatype, whatever the key says."""
FORM_IS = {"shape.international": "contact.phone", "shape.nanp": "contact.phone", "shape.coordinates": "location.geo"}
WEAKER_FORMS = {"gov_id.us.ssn": 0.95, "shape.nanp": 0.95}
"""Forms that prove something where several distinct values have them and the key is not about numbers of things."""
PACKED = {"packed.email": "contact.email", "packed.phone": "contact.phone", "packed.card": "finance.card", "packed.iban": "finance.iban"}
MIN_FOR_CHECKSUM = 3
"""Distinct values from which a checksum that all of them pass can be proof without a key: one in ten random numbers passes Luhn."""
PROOF_WEIGHT = 18.0
"""Logarithm of the likelihood ratio from which check digits are proof without a key: one in 65 million, for so many kinds are tried."""
KEY_WEIGHT = 3.0
"""The same where an ambiguous name says it too."""
IN_TEXT = 0.01
"""Share of the texts with personal data among their words from which the column is said to hold it."""
MD5_LENGTH = 32
"""Of the shortest hash in use, in hexadecimal."""
FEDERATED = frozenset({"acct", "webfinger", "handle", "jid", "fediverse"})
"""Names of handles that look like addresses."""

_NUMBERS_OF_THINGS = re.compile(
    r"(?:^|_)(?:orders?|invoices?|tracking|parcel|shipment|sku|isbn1?[03]?|issn|ean(?:8|13)?|upc|gtin|barcode|version|ver|firmware|build|release"
    r"|revision|serial|lot|batch|ticket|case|reference|ref|request|trace|span|transactions?|txn|hash|checksum|md5|sha[0-9]*|etag|commit|uuid|guid"
    r"|timestamp|ts|epoch|created|updated|product|item|article|part|model|count|total|amount|price|size|bytes|offset|cursor|seq|sequence|id)(?:_|$)"
)
_VERSIONS = re.compile(
    r"version|firmware|build|release|revision|semver|(?:^|_)(?:ver|oid|section|chapter|kernel|os|api|sdk|driver|bios|software|app)(?:_|$)"
)
REPORTED = {
    "vehicle.vin": "gov_id.vin", "finance.us.routing": "finance.routing", "finance.mx.clabe": "finance.account", "finance.ar.cbu": "finance.account",
    "finance.es.ccc": "finance.account", "finance.crypto_wallet.bitcoin": "finance.crypto_wallet",
    "finance.crypto_wallet.ethereum": "finance.crypto_wallet", "gov_id.card.mrz": "gov_id.national", "gov_id.passport.mrz": "gov_id.passport",
}  # fmt: skip
"""Validators whose numbers have a more general name in the taxonomy."""
GENERAL = frozenset({"gov_id.national", "finance.tax_id", "health.insurance", "health.record_number"})
"""What check digits make special: the national number of which country."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    datatype: str
    confidence: float
    why: tuple[str, ...]


def decide(path: str, name: str, parents: tuple[str, ...], summary: FieldSummary, *, person: bool = False) -> Label | None:
    """Label a column, or leave it alone; ``person`` where the enclosing object is known to describe one.

    Cost: constant; the column was summarised before.
    """
    if path.endswith("[~]~"):
        return by_form(summary, "", "") or by_noun(name, summary) or by_checksum(summary, "")
    joined = "_".join(words_of(name))
    meanings = key_candidates(name, parents, person=person)
    key = by_key(meanings, name, summary)
    proven = by_form(summary, joined, key.datatype if key else "")
    if proven is not None:
        return key if key is not None and outranks(key.datatype, proven.datatype) else proven
    return key or by_noun(name, summary) or by_checksum(summary, joined) or in_text(summary)


def outranks(key: str, proven: str) -> bool:
    """Tell whether a name is more special than the form: a token of a certain purpose, an address of an emergency contact."""
    return (
        (key.startswith("credential.") and proven == "credential.token")
        or (key == "contact.emergency")
        or (key.startswith("location.") and proven == "location.geo")
    )


def by_key(meanings: tuple[Meaning, ...], name: str, summary: FieldSummary) -> Label | None:
    for meaning in meanings:
        if summary.n_values == 0:
            return Label(datatype=meaning.datatype, confidence=round(0.5 * meaning.weight, 2), why=(f"the name '{name}'", "no value was ever seen"))
        if believable(meaning, summary):
            return labelled(meaning, name, summary)
    return None


def believable(meaning: Meaning, summary: FieldSummary) -> bool:
    validator = VALIDATORS.get(meaning.datatype)
    if meaning.check and validator is not None:
        return weight(summary.checked, validator) >= KEY_WEIGHT or (validator.chance > 0.5 and passing_share(summary, validator) > 0.9)
    return compatible(meaning.datatype, summary)


def labelled(meaning: Meaning, name: str, summary: FieldSummary) -> Label:
    datatype, says = meaning.datatype, f"{summary.n_values} values fit"
    if datatype == "credential.password" and summary.share("shape.hex") >= 0.9 and summary.min_length >= MD5_LENGTH:
        datatype, says = "credential.password_hash", f"{summary.candidates['shape.hex']} of {summary.n_values} values are hashes"
    support = 0.1 if summary.share(datatype) > 0.5 else 0.0
    special = country_of(summary) if datatype in GENERAL else VALIDATORS.get(datatype)
    if special is not None and passing_share(summary, special) >= 0.5:
        datatype = REPORTED.get(special.datatype, special.datatype)
        support, says = 0.1, f"{n_passing(summary.checked, special.datatype)} of {len(summary.checked)} tried have its form and check digits"
    return Label(datatype=datatype, confidence=round(min(0.99, 0.88 * meaning.weight + support), 2), why=(f"the name '{name}'", says))


def passing_share(summary: FieldSummary, validator: Validator) -> float:
    return n_passing(summary.checked, validator.datatype) / len(summary.checked) if summary.checked else 0.0


def country_of(summary: FieldSummary) -> Validator | None:
    """Name the one country whose national numbers these are, if the check digits leave no doubt."""
    rows = [(log_ratio, v) for log_ratio, v in ranked(summary.checked) if v.datatype.startswith(("gov_id.", "health."))]
    if not rows or rows[0][0] < KEY_WEIGHT:
        return None
    rivals = [v for log_ratio, v in rows[1:] if log_ratio > rows[0][0] / 2]
    return None if rivals else rows[0][1]


def by_form(summary: FieldSummary, joined: str, key: str) -> Label | None:
    if not summary.n_values:
        return None
    found = next((form for form, share in PROOF_BY_FORM.items() if summary.candidates[form] and summary.share(form) >= share), None)
    if found is not None and not contradicted(found, summary, joined, key):
        return proof(found, summary, 0.97 if found not in FORM_IS else 0.9)
    if role_mailboxes(summary):
        return Label(
            datatype="contact.email_role",
            confidence=0.97,
            why=(f"{summary.candidates['contact.email_role']} of {summary.n_values} values are mailboxes of a role",),
        )
    weaker = next((form for form, share in WEAKER_FORMS.items() if summary.share(form) >= share), None)
    if weaker is not None and summary.n_distinct >= MIN_FOR_CHECKSUM and not _NUMBERS_OF_THINGS.search(joined):
        return proof(weaker, summary, 0.75)
    return None


def role_mailboxes(summary: FieldSummary) -> bool:
    """Most are a role's, or all are addresses and the people's among them do not prevail."""
    return summary.share("contact.email_role") >= 0.5 and summary.share("contact.email_role") + summary.share("contact.email") >= 0.9


def contradicted(form: str, summary: FieldSummary, joined: str, key: str) -> bool:
    """Tell where something else has the form: versions look like addresses of machines, remote handles like e-mail addresses."""
    if form == "online.ip":
        return bool(_VERSIONS.search(joined)) or summary.candidates["shape.version"] > 0
    if form == "contact.email":
        return joined in FEDERATED or (key == "online.username" and summary.share("contact.email") < 1.0)
    return form in {"shape.international", "finance.iban"} and bool(_NUMBERS_OF_THINGS.search(joined)) and not joined.endswith("id")


def proof(form: str, summary: FieldSummary, confidence: float) -> Label:
    return Label(
        datatype=FORM_IS.get(form, form), confidence=confidence, why=(f"{summary.candidates[form]} of {summary.n_values} values have the form",)
    )


def by_noun(name: str, summary: FieldSummary) -> Label | None:
    """Read a member that is named after a person and holds a text: a name, or a handle."""
    if set(summary.types) != {"str"} or not is_person_noun(name) or summary.max_length > 64 or (summary.n_values > 3 and summary.n_distinct < 2):
        return None
    if summary.share("shape.names") >= 0.5:
        return Label(datatype="person.name.full", confidence=0.75, why=(f"the name '{name}' is a person's", "the values are written like names"))
    foreign = (
        "shape.uuid",
        "shape.url",
        "shape.datetime",
        "shape.date",
        "shape.hex",
        "shape.opaque",
        "shape.path",
        "shape.digits",
        "shape.time",
        "shape.epoch",
    )
    if sum(summary.candidates[shape] for shape in (*foreign, "shape.spaced")):
        return None
    return Label(datatype="online.username", confidence=NOUN, why=(f"the name '{name}' is a person's", "the values are single words"))


def by_checksum(summary: FieldSummary, joined: str) -> Label | None:
    """Believe check digits without a key only when the whole of a varied column has them, and no numbers of things have the same."""
    rows = ranked(summary.checked)
    if (
        len(summary.checked) < MIN_FOR_CHECKSUM
        or summary.share("shape.code") < 0.95
        or not rows
        or summary.candidates["shape.epoch"] > summary.n_values / 2
    ):
        return None
    best_weight, best = rows[0]
    needed = PROOF_WEIGHT * (2 if _NUMBERS_OF_THINGS.search(joined) else 1)
    if best.look_alike or best.datatype == "finance.card":
        return card_label(summary, rows, joined)
    if best_weight < needed or passing_share(summary, best) < 0.95 or best.datatype == "finance.bic":
        return None
    rivals = [v for log_ratio, v in rows[1:] if log_ratio > best_weight - KEY_WEIGHT]
    if any(v.look_alike for v in rivals) or (best.chance > 0.05 and _NUMBERS_OF_THINGS.search(joined)):
        return None
    datatype = "gov_id.national" if rivals else REPORTED.get(best.datatype, best.datatype)
    why = f"all of {len(summary.checked)} distinct values tried have its check digits"
    return Label(datatype=datatype, confidence=0.75, why=(why,)) if datatype in TAXONOMY else None


def card_label(summary: FieldSummary, rows: list[tuple[float, Validator]], joined: str) -> Label | None:
    is_card = rows[0][1].datatype == "finance.card" and summary.share("finance.card") == 1.0
    if not is_card or _NUMBERS_OF_THINGS.search(joined) or summary.candidates["shape.epoch"]:
        return None
    return Label(datatype="finance.card", confidence=0.9, why=("every value passes the card checksum",))


def in_text(summary: FieldSummary) -> Label | None:
    """Say what stands among the words of a text."""
    for form, datatype in PACKED.items():
        share = summary.share(form)
        if summary.candidates[form] and share >= IN_TEXT:
            confidence = 0.85 if share >= 0.5 and summary.max_length <= 120 else round(0.5 + 0.3 * min(1.0, share), 2)
            return Label(
                datatype=datatype, confidence=confidence, why=(f"{summary.candidates[form]} of {summary.n_values} values have one among other words",)
            )
    return None


__all__ = ["STRONG", "Label", "decide"]
