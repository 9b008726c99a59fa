"""The packaged rules: enough of them, each honest, each with examples that hold."""

import datetime as dt
import json
from pathlib import Path

import jsonschema
import msgspec
import pytest
import yaml

from stanch.engines.law import packaged, read_sources, rules_pack
from stanch.errors import InputError
from stanch.law.diff import diff
from stanch.law.lint import lint
from stanch.law.pack import load_own, load_pack
from stanch.law.rule import RuleFile
from stanch.law.vector import failures

FOLDER = Path(__file__).resolve().parents[2] / "src" / "stanch" / "law"
PACK = packaged()
DAY = dt.date(2026, 11, 25)

RULE = """
schema: stanch.rules/1
jurisdiction: X-ACME
name: Contract with Acme
zone: Europe/Berlin
rules:
  - id: x-acme-24h
    title: Customer
    law: {act: Master services agreement, section: '12.3'}
    mark: T
    review_by: 2027-01-31
    audience: controller
    recipient: Acme
    clock: {anchor: aware, unit: hours, n: 24}
    vectors:
      - {at: {aware: '2026-03-28T20:00'}, due: '2026-03-29T21:00', says: summer time begins}
"""


@pytest.mark.parametrize("rule", PACK.rules, ids=lambda rule: rule.id)
def test_every_example_of_every_rule_holds(rule):
    assert rule.vectors
    assert list(failures(rule)) == []


def test_the_pack_is_as_wide_as_promised():
    places = {rule.jurisdiction for rule in PACK.rules}
    states = {place for place in places if place.startswith("US-")}
    assert len(PACK.rules) >= 60
    assert len(states - {"US-DC"}) >= 30
    assert len({place.partition("-")[0] for place in places} - {"US", "EU"}) >= 20
    assert {"EU", "GB", "CH", "TR", "US"} <= places


def test_what_rests_on_secondary_sources_or_memory_is_advisory_only():
    assert all(rule.advisory for rule in PACK.rules if rule.mark in {"S", "K"})
    assert all(rule.advisory for rule in PACK.rules if rule.status != "in_force")
    assert not PACK.rule("eu-gdpr-33-authority").advisory


def test_memory_says_that_it_is_unverified():
    silent = [r.id for r in PACK.rules if r.mark == "K" and not any("verified" in note for note in (*r.notes, *r.contested))]
    assert silent == []


def test_the_pack_has_no_errors_and_none_goes_unreviewed():
    assert lint(PACK, today=DAY) == ()
    late = lint(PACK, today=dt.date(2028, 1, 1))
    assert {p.rule_id for p in late if "reviewed by" in p.says} == {rule.id for rule in PACK.rules}


def test_the_published_schema_is_that_of_the_program_and_every_file_keeps_to_it():
    published = json.loads((FOLDER / "rules.schema.json").read_text())
    assert published == json.loads(msgspec.json.encode(msgspec.json.schema(RuleFile)))
    validator = jsonschema.Draft202012Validator(published)
    for path in (FOLDER / "rules").glob("*.yaml"):
        plain = json.loads(msgspec.json.encode(yaml.safe_load(path.read_bytes())))
        assert list(validator.iter_errors(plain)) == [], path.name


def test_california_must_say_what_massachusetts_must_not():
    assert "nature" in PACK.rule("us-ca-individuals").contents
    assert "nature" in PACK.rule("us-ma-individuals").must_not


def spoiled(old, new):
    assert old in RULE
    return [("acme.yaml", RULE.replace(old, new).encode())]


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("n: 24", "n: many", "acme.yaml:14: expected `int | null`, got `str` (docs/law.md describes rules files)"),
        ("n: 24", "n: -1", "acme.yaml:14: a period must be positive in rule 'x-acme-24h'"),
        ("unit: hours, n: 24", "unit: hours", "acme.yaml:14: the clock has neither a number nor words in rule 'x-acme-24h'"),
        ("anchor: aware", "anchor: noticed", "acme.yaml:14: invalid enum value 'noticed' (docs/law.md describes rules files)"),
        ("Europe/Berlin", "Europe/Bonn", "acme.yaml:7: no time zone 'Europe/Bonn' is known in rule 'x-acme-24h'"),
        ("mark: T", "mark: T\n    contents: [kindness]", "acme.yaml:11: no content is called 'kindness' in rule 'x-acme-24h'"),
        (
            "mark: T",
            "mark: T\n    contents: [nature]\n    must_not: [nature]",
            "acme.yaml:12: 'nature' is both required and forbidden in rule 'x-acme-24h'",
        ),
        ("mark: T", "mark: T\n    order: [{when: after, rule: nowhere}]", "acme.yaml:11: 'nowhere' names no rule in rule 'x-acme-24h'"),
        ("mark: T", "mark: T\n    colour: red", "acme.yaml:7: object contains unknown field `colour` (docs/law.md describes rules files)"),
        ("n: 24}", "n: 24, calendar: ZZ}", "acme.yaml:14: no calendar 'ZZ' is known in rule 'x-acme-24h'"),
        ("stanch.rules/1", "stanch.rules/9", "acme.yaml:2: is not a rules file: 'schema' must be stanch.rules/1"),
        ("title: Customer", "title: [", "acme.yaml:10: is not YAML (check indentation and quotes there)"),
    ],
)
def test_a_mistake_is_told_with_its_line(old, new, says):
    with pytest.raises(InputError) as caught:
        load_pack(spoiled(old, new))
    assert str(caught.value) == says


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b"schema: stanch.rules/1",
        b"\x00\x01",
        b"&a [*a]",
        b"{" * 3000,
        b"a: &a [x, x]\nb: &b [*a, *a]\n" + b"".join(b"%c: &%c [*%c, *%c, *%c]\n" % (i + 1, i + 1, i, i, i) for i in range(98, 118)),
    ],
)
def test_anything_that_is_no_rules_file_is_refused_in_one_line(data):
    with pytest.raises(InputError) as caught:
        load_pack([("x.yaml", data)])
    assert "\n" not in str(caught.value)
    assert str(caught.value).startswith("x.yaml")


def test_an_id_is_used_once():
    with pytest.raises(InputError, match=r"b\.yaml:7: the id 'x-acme-24h' is already in a\.yaml"):
        load_pack([("a.yaml", RULE.encode()), ("b.yaml", RULE.encode())])


def test_an_organisation_adds_a_contract_and_overrides_a_rule_with_a_reason(tmp_path):
    override = "overrides:\n  - {rule: us-ca-ag, by: Carol, why: memo of May, until: 2027-01-31, set_aside: true}\n"
    (tmp_path / "own.yaml").write_text(RULE + override)
    pack = rules_pack((str(tmp_path),))
    assert pack.rule("x-acme-24h").recipient == "Acme"
    assert pack.override_of("us-ca-ag").by == "Carol"
    assert lint(pack, today=DAY) == ()
    assert [p.says for p in lint(pack, today=dt.date(2027, 2, 1)) if p.rule_id == "us-ca-ag"] == ["is overridden until 2027-01-31, which is past"]


def test_an_override_of_nothing_is_refused():
    own = RULE.replace("rules:", "overrides:\n  - {rule: us-zz, by: Carol, why: x, until: 2027-01-31}\nrules:").encode()
    with pytest.raises(InputError, match="no rule 'us-zz' to override"):
        load_own(PACK, [("own.yaml", own)])


def test_an_example_that_does_not_hold_is_an_error_of_lint():
    pack = load_pack(spoiled("2026-03-29T21:00", "2026-03-29T20:00"))
    (problem,) = lint(pack, today=DAY)
    assert problem.says == "vector 1: due 2026-03-29T21:00:00, not 2026-03-29T20:00:00"


def test_a_number_without_a_dated_example_is_an_error_of_lint():
    pack = load_pack(spoiled("{at: {aware: '2026-03-28T20:00'}, due: '2026-03-29T21:00', says: summer time begins}", "{at: {}, missing: aware}"))
    assert [p.says for p in lint(pack, today=DAY)] == ["has a number of days or hours and no vector with a date"]


def test_two_rules_can_not_both_come_first():
    second = (
        RULE[RULE.index("  - id:") :].replace("x-acme-24h", "x-acme-b").replace("mark: T", "mark: T\n    order: [{when: before, rule: x-acme-24h}]")
    )
    text = RULE.replace("mark: T", "mark: T\n    order: [{when: before, rule: x-acme-b}]") + second
    assert [p.says for p in lint(load_pack([("a.yaml", text.encode())]), today=DAY)] == ["must come both before and after 'x-acme-b'"]


def test_a_diff_names_member_and_values():
    old, new = load_pack([("a.yaml", RULE.encode())]), load_pack(spoiled("n: 24", "n: 48"))
    assert [c.line for c in diff(old, new)] == ["~ x-acme-24h clock.n: 24 -> 48"]
    assert [c.line for c in diff(load_pack([]), old)] == ["+ x-acme-24h"]
    assert [c.line for c in diff(old, load_pack([]))] == ["- x-acme-24h"]
    assert diff(PACK, PACK) == ()


def test_a_missing_file_is_one_clear_line():
    with pytest.raises(InputError, match=r"nowhere\.yaml: can't be read"):
        read_sources("nowhere.yaml")
