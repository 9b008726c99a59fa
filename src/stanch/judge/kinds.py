"""Groups of datatypes by what can justify giving them.

Decides on datatypes alone.
"""

NEVER = (
    "credential.password", "credential.otp", "credential.recovery_code", "credential.reset_token", "credential.private_key",
    "credential.security_answer", "credential.connection_string", "finance.card_cvv",
)  # fmt: skip
"""Belong in no response, not even to their owner."""
CARD = ("finance.card",)
"""Card data: the number, its expiry and holder; the last digits and the brand are made for showing."""
SHOWN_OF_CARDS = ("finance.card_last4", "finance.card_brand")
OWN_ONLY = ("credential.pin", "finance.card_expiry", "finance.card_holder")
"""Fit to be shown to their holder and to nobody else."""
SECRETS = ("credential.",)
OF_OTHERS = ("gov_id.", "finance.iban", "finance.account", "finance.salary", "finance.income", "finance.balance", "finance.tax_id", "health.", "special.", "employment.review",
             "employment.sick_days", "internal.note", "internal.risk_score")  # fmt: skip
"""Of other people never part of a public record."""
CONTACT = (
    "contact.",
    "person.name",
    "person.photo",
    "online.username",
    "gov_id.vehicle_plate",
    "location.",
    "employment.job_title",
    "employment.employer",
    "person.title",
    "person.language",
)
"""What the parties to a deal, or colleagues, need of each other."""
WORK = ("contact.email", "contact.phone", "contact.fax", "contact.messenger", "person.name", "person.photo", "online.username", "online.user_id", "online.last_seen",
        "employment.job_title", "employment.employee_id", "employment.employer", "employment.start_date", "person.timezone", "person.language", "internal.admin", "internal.flag")  # fmt: skip
PUBLISHED = ("contact.", "location.", "online.social", "person.name", "person.photo", "finance.tax_id")
"""What firms, places and sites publish of themselves."""
MILD = ("internal.flag", "internal.admin", "internal.ban", "internal.deletion", "internal.failed_logins", "online.last_seen", "person.language", "person.timezone", "contact.address.country",
        "contact.address.state", "contact.address.city", "person.gender", "employment.", "education.school", "education.degree")  # fmt: skip


def never(datatype: str) -> bool:
    """Tell data that belongs in no response."""
    return datatype.startswith(NEVER)


def card(datatype: str) -> bool:
    return datatype.startswith(CARD) and not datatype.startswith(SHOWN_OF_CARDS)


def secret(datatype: str) -> bool:
    return datatype.startswith(SECRETS)
