from dataclasses import replace
from datetime import UTC, datetime

import pytest

from stanch.contain.parse import parse_policy
from stanch.contain.plan import diff, make_plan
from stanch.contain.policy import Guard, Mask
from stanch.contain.propose import Wish, propose
from stanch.contain.replay import replay
from stanch.contain.text import to_yaml
from stanch.engines.local import Source, open_source, read_chunks
from stanch.errors import InputError
from stanch.finding.report import CaptureRow, EndpointRow, FieldRow, Finding, Relation, Report
from stanch.inventory.contract import load_contract
from stanch.traffic.capture import read_capture
from stanch.traffic.exchange import Exchange

KEY = b"k" * 32
HEAD = "schema: stanch.policy/1\npolicy: p\nrev: 1\non_error: block\nrules:\n"


def policy(rules):
    return parse_policy((HEAD + rules).encode(), name="p")


def finding(fingerprint, endpoint, path, **more):
    given = {"where": "response.body", "status": 200, "datatype": "contact.email", "verdict": "excessive", "severity": "high", **more}
    return Finding(fingerprint=fingerprint, endpoint=endpoint, path=path, confidence=0.9, title="t", reasons=(), **given)


def endpoint(key, host="api.example.org"):
    method, template = key.split(" ")
    return EndpointRow(key=key, host=host, method=method, template=template, n_exchanges=1, n_callers=1, authenticated=True)


def row(key, path, **more):
    return FieldRow(
        endpoint=key,
        status=200,
        where="response.body",
        path=path,
        datatype="contact.email",
        confidence=0.9,
        n_values=1,
        n_distinct=1,
        relation=Relation(),
        **more,
    )


def report(*findings, endpoints=(), fields=()):
    return Report(
        capture=CaptureRow(n_exchanges=1, n_bytes=1), endpoints=tuple(map(endpoint, endpoints)), fields=tuple(fields), findings=tuple(findings)
    )


def capture(path):
    with open_source(Source(path=path, name=path.name)) as stream:
        yield from read_capture(read_chunks(stream), name=path.name)


def test_the_sample_leak_is_proposed_proved_and_written(leaky_report, leaky_file):
    proposal = propose(leaky_report, Wish(name="leak", expires=datetime(2026, 12, 24, tzinfo=UTC)))
    found = replay(proposal.policy, capture(leaky_file), key=KEY)
    assert found.holds
    assert found.n_targets > 1000
    assert not found.withheld
    assert found.idle_rules == frozenset()
    assert parse_policy(to_yaml(proposal.policy).encode(), name="p") == proposal.policy
    assert {rule.match.template for rule in proposal.policy.rules} >= {"/api/articles/{slug}/comments/{id}", "/api/articles/{slug}/comments"}


def test_one_finding_brings_its_siblings_and_nothing_that_was_judged_needed():
    found = report(
        finding("aa", "GET /a/{id}", "$.comment.author.email"),
        finding("bb", "GET /b", "$.comments[*].author.email", verdict="unknown"),
        finding("cc", "GET /c", "$.author.phone", datatype="contact.phone"),
        endpoints=("GET /a/{id}", "GET /b", "GET /c", "GET /d", "GET /e"),
        fields=(row("GET /d", "$.authors[*].email"), row("GET /e", "$.author.email", needed_because=("x",)), row("GET /e", "$.email")),
    )
    proposal = propose(found, Wish(name="one", only=("aa",)))
    assert [(t.endpoint, t.sibling) for t in proposal.targets] == [("GET /a/{id}", False), ("GET /b", True), ("GET /d", True)]


def test_a_severity_leaves_lesser_findings_out():
    found = report(
        finding("aa", "GET /a", "$.x.email"), finding("bb", "GET /a", "$.y.phone", severity="low", datatype="contact.phone"), endpoints=("GET /a",)
    )
    assert propose(found, Wish(name="p", at_least="high")).policy.rules[0].masks == (Mask(path="$.x.email"),)


def test_endpoints_spelled_out_beside_a_parameter_are_excepted():
    found = report(finding("aa", "GET /users/{id}", "$.email"), endpoints=("GET /users/{id}", "GET /users/me", "GET /users/{id}/posts", "GET /x"))
    assert propose(found, Wish(name="p")).policy.rules[0].match.besides == ("/users/me",)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"where": "response.header", "path": "$.x-user"}, Mask(path="$.x-user", where="response.header")),
        ({"path": "$.token@jwt.email"}, Mask(path="$.token")),
        ({"path": "$.payload@json.email"}, Mask(path="$.payload@json.email")),
        ({"path": "$.users[~].email"}, Mask(path="$.users[~].email")),
    ],
)
def test_every_place_in_a_response_gets_a_mask(changes, expected):
    path = changes.pop("path")
    assert propose(report(finding("aa", "GET /a", path, **changes), endpoints=("GET /a",)), Wish(name="p")).policy.rules[0].masks == (expected,)


@pytest.mark.parametrize(("path", "where"), [("$.users[~]~", "response.body"), ("$.q", "request.url")])
def test_what_can_not_be_masked_is_said(path, where):
    proposal = propose(report(finding("aa", "GET /a", path, where=where), endpoints=("GET /a",)), Wish(name="p"))
    assert len(proposal.left) == 1
    assert proposal.policy.rules == ()


def test_a_report_without_leaks_and_an_unknown_finding_are_refused():
    with pytest.raises(InputError, match="nothing to contain"):
        propose(report(), Wish(name="p"))
    with pytest.raises(InputError, match="no finding begins"):
        propose(report(finding("aa", "GET /a", "$.b.c"), endpoints=("GET /a",)), Wish(name="p", only=("zz",)))


def test_a_graphql_endpoint_is_contained_whatever_the_operation_is_called():
    found = report(finding("aa", "POST /graphql#Read", "$.data.author.email"), endpoints=("POST /graphql#Read",))
    match = propose(found, Wish(name="p")).policy.rules[0].match
    assert (match.template, match.operations) == ("/graphql", ())


RULE = "  - id: m\n    match: {template: /a}\n    mask: [$.author.email]\n"


def exchange(body, n=1, url="http://api.example.org/a", **more):
    return Exchange(where=f"c#{n}", method="GET", url=url, status=200, response_body=body, **more)


def test_a_replay_counts_what_is_touched_and_finds_what_survives():
    found = replay(
        policy(RULE),
        [
            exchange(b'{"author":{"email":"ann@example.org"}}', 1, client_ip="192.0.2.1"),
            exchange(b'{"author":{"email":"ann@example.org"},"by":"ann@example.org"}', 2, client_ip="192.0.2.2"),
            exchange(b"<html>", 3),
            exchange(b"{}", 4, url="http://api.example.org/b"),
        ],
        key=KEY,
    )
    assert (found.n_exchanges, found.n_contained, found.n_changed, found.rules["m"]) == (4, 3, 2, 3)
    assert [fault.where for fault in found.survivals if "$.by" in fault.what] == ["c#2"]
    assert [fault.where for fault in found.withheld] == ["c#3"]
    assert not found.holds
    assert "ann@" not in str(found.survivals)


def test_a_header_that_repeats_a_masked_value_is_found():
    leak = exchange(b'{"author":{"email":"ann@example.org"}}', response_headers=(("X-Author", "Ann@example.org"),))
    assert "response.header x-author" in replay(policy(RULE), [leak], key=KEY).survivals[0].what


def test_a_denied_route_refuses_and_a_canary_is_not_taken_into_account():
    rules = RULE + "  - id: d\n    match: {template: /b}\n    deny: true\n  - id: c\n    match: {template: /a}\n    canary: {release: 100%}\n"
    leak = exchange(b'{"author":{"email":"ann@example.org"}}', request_headers=(("Authorization", "Bearer x"),))
    found = replay(policy(rules), [leak, exchange(b"{}", url="http://api.example.org/b")], key=KEY)
    assert (found.n_refused, found.n_changed, found.holds) == (1, 1, True)


def test_a_diff_names_what_comes_goes_and_changes():
    one, two = policy(RULE), policy(RULE.replace("author", "user") + "  - id: d\n    match: {template: /b}\n    deny: true\n")
    assert [(change.kind, change.rule_id) for change in diff(one, two)] == [("~", "m"), ("+", "d")]
    assert [(change.kind, change.rule_id) for change in diff(two, None)] == [("-", "m"), ("-", "d")]
    assert list(diff(one, one)) == []


@pytest.mark.parametrize(
    ("guard", "what"),
    [
        (Guard(max_rules=0), "1 rules, and max_rules is 0"),
        (Guard(max_fields=0), "1 members, and max_fields is 0"),
        (Guard(max_share_of_responses=0.4), "50% of the responses, and max_share_of_responses is 40%"),
        (Guard(max_share_of_clients=0.5), "100% of the clients"),
        (Guard(), None),
    ],
)
def test_a_plan_that_reaches_too_far_says_which_limit(guard, what):
    wide = replace(policy(RULE), guard=guard)
    impact = replay(wide, [exchange(b'{"author":{"email":"ann@example.org"}}'), exchange(b"{}", url="http://api.example.org/b")], key=KEY)
    refusals = make_plan(wide, current=None, impact=impact, contract=None).refusals
    assert (what is None and refusals == ()) or any(what in refusal for refusal in refusals)


CONTRACT = b"""
openapi: 3.0.0
paths:
  /a:
    get:
      responses:
        '200': {content: {application/json: {schema: {$ref: '#/components/schemas/A'}}}}
components:
  schemas:
    A:
      type: object
      properties: {author: {allOf: [{$ref: '#/components/schemas/User'}]}, list: {type: array, items: {$ref: '#/components/schemas/User'}}}
    User: {type: object, required: [email], properties: {email: {type: string}, phone: {type: string}}}
"""


@pytest.mark.parametrize(("path", "n"), [("$.author.email", 1), ("$.list[*].email", 1), ("$.author.phone", 0), ("$.other", 0)])
def test_a_dropped_member_that_the_contract_requires_is_a_reason_to_refuse(path, n):
    dropping = policy(RULE + f"    drop: ['{path}']\n")
    plan = make_plan(dropping, current=None, impact=None, contract=load_contract(CONTRACT, name="c"))
    assert len(plan.missing) == n
    assert bool(plan.refusals) == bool(n)
