"""A case with everything stated, for tests of documents."""

from datetime import UTC, datetime

from stanch.engines.law import library, packaged
from stanch.law.case import Case, Group
from stanch.law.clock import Entity
from stanch.law.document.compose import compose
from stanch.law.fact import Fact, Query, Statement, sheet_of
from stanch.law.key import KEYS
from stanch.law.matrix import decide
from stanch.law.remedy import remedy_facts
from stanch.law.sheet import clock_facts, matrix_facts
from stanch.law.wall import wall

PACK = packaged()
LIBRARY = library()
NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
AWARE = datetime(2026, 11, 24, 15, 20, tzinfo=UTC)
PROFILE = frozenset({"person.name.full", "contact.email", "contact.phone", "contact.address", "person.birth_date", "credential.password_hash"})
EVIDENCE = Query(what="asked", source="report sha256:00")
CAROL = Statement(by="Carol", at=NOW)
TEXTS = {
    "feature": "comment page",
    "categories_subjects": "people who wrote comments",
    "recipients_described": "Other users of the app received it.",
    "harm_assessed": "high",
    "severity_impact": "people's profiles",
    "financial_impact": "not estimated",
    "late_reasons": "",
    "monitoring": "",
    "notification_type": "complete",
}
LISTS = {
    "security_in_place": ("Passwords were stored as salted hashes.",),
    "measures": ("We took the data out of the responses.", "We checked all other pages."),
    "mitigation": ("We signed out every device and asked for new passwords.",),
    "decisions": ("Approve the letters.",),
}
COUNTS = {"n_people": 1234, "n_people_controller": 321, "n_recipients": 57, "n_records": 98765}


def case(**more):
    groups = (
        Group(residence="DE", datatypes=PROFILE, n_people=600),
        Group(residence="US-WA", datatypes=PROFILE, n_people=511),
        Group(residence="US-CA", datatypes=PROFILE, n_people=123),
    )
    given = {"role": "controller", "harm": "high", "answers": {"hash_permits_access": True}, **more}
    return Case(groups=groups, as_of=NOW, anchors={"aware": AWARE, "discovered": AWARE}, entity=Entity(zone="Europe/Berlin", calendar="DE"), **given)


def stated():
    """Give a statement for every fact that a person is asked for."""
    for key, (kind, _) in KEYS.items():
        if key in TEXTS:
            value = TEXTS[key]
        elif key in LISTS:
            value = LISTS[key]
        elif kind == "contact" and key != "place_name":
            value = f"{key.replace('_', ' ')} of Example Ltd"
        elif kind == "instant":
            value = AWARE
        elif kind == "flag" and key != "monitoring_not_required":
            value = False
        else:
            continue
        yield Fact(key=key, kind=kind, value=value, source=CAROL, confidence="stated", zone="Europe/Berlin")


def facts(matrix):
    counted = [Fact(key=key, kind="count", value=n, source=EVIDENCE, confidence="at_least") for key, n in COUNTS.items()]
    return [*stated(), *counted, *matrix_facts(matrix, source="case"), *clock_facts(wall(matrix, now=NOW), source="case"), *remedy_facts(matrix)]


MATRIX = decide(PACK, case())
SHEET = sheet_of(facts(MATRIX))


def document(kind, language="en", *, sheet=SHEET, place=""):
    return compose(LIBRARY.template(kind, language), sheet, LIBRARY.words[language], place=place)
