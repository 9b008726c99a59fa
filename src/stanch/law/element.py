"""The kinds of data that statutes name, and which of our datatypes are one of them.

Decides only what a leaked datatype may be called in a statute; which statute lists it is in the rules.
"""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

ELEMENTS: Mapping[str, str] = MappingProxyType(
    {
        "name": "name (first name or initial with last name)",
        "email": "e-mail address",
        "username": "user name",
        "phone": "telephone number",
        "address": "postal address",
        "password": "password that permits access",
        "security_answer": "security question and answer",
        "access_token": "session or access token",
        "birth_date": "full date of birth",
        "mothers_maiden_name": "mother's maiden name",
        "ssn": "Social Security number",
        "tax_id": "tax number",
        "driving_licence": "driving licence or state id number",
        "passport": "passport number",
        "military_id": "military id number",
        "government_id": "any official identification number",
        "account": "financial account number",
        "account_access": "financial account or card number with what gives access to it",
        "card": "payment card number",
        "financial": "financial data",
        "medical": "medical information",
        "health_insurance": "health insurance number",
        "biometric": "biometric data",
        "genetic": "genetic data",
        "geolocation": "precise position",
        "special": "special categories of data",
        "criminal": "criminal record",
        "minors": "data of minors",
        "signature": "electronic signature",
        "employee_id": "employee number",
    }
)

MAYBE: Mapping[str, str] = MappingProxyType({"credential.password_hash": "password"})
"""Datatypes that are an element only if a fact says so: a hash permits access only if it can be reversed."""

_TABLE = """
name                | person.name person.name.full person.name.last
email               | contact.email
username            | online.username
phone               | contact.phone
address             | contact.address
password            | credential.password credential.pin credential.recovery_code
security_answer     | credential.security_answer
access_token        | credential.token credential.refresh_token credential.session credential.api_key credential.reset_token credential.otp
birth_date          | person.birth_date
mothers_maiden_name | person.name.mothers_maiden
ssn                 | gov_id.us.ssn
tax_id              | finance.tax_id gov_id.us.itin
driving_licence     | gov_id.driving_licence
passport            | gov_id.passport
military_id         | gov_id.military
government_id       | gov_id
account             | finance.account finance.iban
account_access      | finance.card_cvv
card                | finance.card
financial           | finance
medical             | health
health_insurance    | health.insurance
biometric           | special.biometric
genetic             | special.genetic
geolocation         | location.geo location.latitude location.longitude location.history
special             | special health
criminal            | special.criminal
minors              | family.children
signature           | person.signature
employee_id         | employment.employee_id
"""
_EXCEPT = {
    "gov_id.vehicle_plate",
    "gov_id.vin",
    "finance.card_brand",
    "finance.bic",
    "finance.routing",
    "finance.crypto_wallet",
    "health.npi",
    "special.immigration",
}


def _table() -> dict[str, tuple[str, ...]]:
    rows = (line.split("|") for line in _TABLE.strip().splitlines())
    return {element.strip(): tuple(names.split()) for element, names in rows}


DATATYPES_OF = MappingProxyType(_table())


def elements_of(datatypes: Iterable[str]) -> frozenset[str]:
    """Name the statutory kinds that these datatypes surely are, taken together for one person."""
    known = frozenset(datatypes) - _EXCEPT
    found = {element for element, names in DATATYPES_OF.items() if any(_is_one(datatype, names) for datatype in known)}
    if {"card", "account"} & found and {"finance.card_cvv", "finance.card_expiry", "credential.pin", "credential.password"} & known:
        found.add("account_access")
    return frozenset(found)


def possible_elements_of(datatypes: Iterable[str]) -> frozenset[str]:
    """Name the kinds that these datatypes may be, if a fact that traffic can't show holds."""
    return frozenset(MAYBE[datatype] for datatype in datatypes if datatype in MAYBE)


def _is_one(datatype: str, names: tuple[str, ...]) -> bool:
    return any(datatype == name or (datatype.startswith(f"{name}.") and not name.startswith("person.name")) for name in names)
