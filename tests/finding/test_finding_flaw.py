import pytest
from hypothesis import given
from hypothesis import strategies as st

from stanch.finding.flaw import entity_path, flaw_key, flaws
from stanch.finding.report import Finding


def finding(path, severity="high", datatype="contact.email", endpoint="GET /comments/{id}", verdict="excessive", confidence=0.9):
    return Finding(
        fingerprint=f"{abs(hash((endpoint, path))):016x}"[:16], endpoint=endpoint, path=path, where="response.body", status=200, datatype=datatype,
        verdict=verdict, confidence=confidence, severity=severity, title="t", reasons=(), flaw=flaw_key(endpoint, entity_path(path)),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("path", "entity"),
    [
        ("$.comment.author.email", "$.comment.author"),
        ("$.comment.author.address.street", "$.comment.author"),
        ("$.users[*].email", "$.users[*]"),
        ("$.users[~].email", "$.users[~]"),
        ("$[*].phone", "$[*]"),
        ("$.email", "$"),
        ("$.data.payment.card_number", "$.data.payment"),
        ("$.owner.manager.email", "$.owner.manager"),
    ],
)
def test_a_field_belongs_to_the_innermost_person_around_it(path, entity):
    assert entity_path(path) == entity


def test_one_serialiser_is_one_flaw_with_its_members():
    found = flaws(
        [finding("$.author.email"), finding("$.author.address.street", "medium", "contact.address.street")], {"contact.email": "E-mail address"}
    )
    assert len(found) == 1
    assert found[0].paths == ("$.author.address.street", "$.author.email")
    assert found[0].severity == "high"
    assert found[0].title == "'author' comes with 2 members too many: E-mail address, contact.address.street"


def test_two_endpoints_and_two_entities_are_three_flaws():
    found = flaws([finding("$.author.email"), finding("$.editor.email"), finding("$.author.email", endpoint="GET /posts")], {})
    assert len(found) == 3


def test_what_is_unknown_does_not_worsen_what_is_excessive():
    found = flaws([finding("$.author.email", "low"), finding("$.author.ssn", "critical", verdict="unknown")], {})
    assert (found[0].severity, found[0].paths) == ("low", ("$.author.email",))


@given(st.lists(st.sampled_from(["$.author.email", "$.author.phone", "$[*].email", "$.x.y", "$"]), max_size=6))
def test_every_finding_is_in_exactly_one_flaw(paths):
    given_findings = [finding(path) for path in paths]
    found = flaws(given_findings, {})
    assert sorted({path for flaw in found for path in flaw.paths}) == sorted(set(paths))
    assert sum(len(flaw.paths) for flaw in found) == len(set(paths))
