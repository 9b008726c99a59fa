"""Disclosures to measure with: people, recipients, endpoints and days in the proportions of a busy service; the same for the same seed.

2 million people per 100 million fields (a few seen often, most seldom), 200,000 recipients, 120 endpoints of five fields each, 32 residences, 30 days.
"""

import random
from array import array
from collections.abc import Iterator

from stanch.ledger.disclosure import Disclosure, RecipientKind, Relation
from stanch.ledger.residence import Home
from stanch.ledger.shape import Shape, ShapeField

START_MS = 1_772_323_200_000
DAY_MS = 86_400_000
N_DAYS, N_ENDPOINTS, FIELDS_EACH = 30, 120, 5
DATATYPES = (
    "contact.email",
    "contact.phone",
    "person.birth_date",
    "contact.address",
    "credential.password_hash",
    "gov_id.us.ssn",
    "finance.iban",
    "health.condition",
)
COUNTRIES = [
    "DE",
    "FR",
    "IT",
    "ES",
    "PL",
    "NL",
    "BE",
    "AT",
    "SE",
    "FI",
    "DK",
    "IE",
    "PT",
    "GR",
    "CZ",
    "RO",
    "HU",
    "BG",
    "HR",
    "GB",
    "CH",
    "NO",
    "IN",
    "BR",
]
RESIDENCES = [(country, "") for country in COUNTRIES] + [("US", state) for state in ("CA", "NY", "TX", "FL", "WA", "IL", "MA", "CO")]


def shapes() -> list[Shape]:
    return [
        Shape(
            host="api.example.org",
            endpoint=f"GET /things{number}/{{id}}",
            status=200,
            fields=tuple(
                ShapeField(path=f"$.owner.f{bit}", where="response.body", datatype=DATATYPES[(number + bit) % len(DATATYPES)], verdict="excessive")
                for bit in range(FIELDS_EACH)
            ),
        )
        for number in range(N_ENDPOINTS)
    ]


class Traffic:
    """Draws rows in the order of time."""

    def __init__(self, n_fields: int, seed: int = 7) -> None:
        self.n_rows = n_fields // FIELDS_EACH
        self.n_subjects = max(100, n_fields // 50)
        self.n_recipients = max(20, n_fields // 500)
        rng = random.Random(seed)
        self.rng = rng
        self.subjects = array("Q", (rng.getrandbits(64) for _ in range(self.n_subjects)))
        self.recipients = array("Q", (rng.getrandbits(64) for _ in range(self.n_recipients)))
        self.shapes = shapes()
        self.numbers = [shape.number for shape in self.shapes]

    def rows(self) -> Iterator[Disclosure]:
        draw, subjects, recipients, numbers = self.rng.random, self.subjects, self.recipients, self.numbers
        n_subjects, n_recipients, every_ms = self.n_subjects, self.n_recipients, N_DAYS * DAY_MS / self.n_rows
        masks = [31, 31, 31, 31, 31, 29, 15, 7]
        kind, other, signed_in, staff = RecipientKind.PERSON, Relation.OTHER, True, False
        for number in range(self.n_rows):
            u = draw()
            subject = subjects[int(n_subjects * (u * u * u if number & 1 else u))]
            v = draw()
            recipient = recipients[int(n_recipients * v * v)]
            yield Disclosure(
                START_MS + int(number * every_ms), number, subject, recipient, kind, other, numbers[int(N_ENDPOINTS * draw())], masks[number & 7],
                FIELDS_EACH, signed_in, staff, recipient ^ 1, None, None,
            )  # fmt: skip

    def homes(self) -> dict[Home, set[str]]:
        return {Home(subject, "profile", *RESIDENCES[subject % len(RESIDENCES)], 95): {"2026-03-01"} for subject in self.subjects}


def datatype_of(shape_number: int, bit: int) -> str:
    return DATATYPES[(shape_number + bit) % len(DATATYPES)]
