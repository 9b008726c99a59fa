import json
from datetime import UTC, datetime
from pathlib import Path

import jsonschema
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

import stanch.contain
from stanch.contain.parse import parse_policy
from stanch.contain.policy import Canary, Deny, DenyClients, Drop, Limit, Mask, Match, Policy, Rule, to_dict
from stanch.errors import InputError

SCHEMA = json.loads((Path(stanch.contain.__file__).parent / "policy.schema.json").read_text())
DOCUMENTED = """
schema: stanch.policy/1
policy: comment-author-leak
rev: 17
incident: INC-42
on_error: block
expires: 2026-12-24T00:00:00Z
rules:
  - id: mask-author
    match: {host: api.example.org, method: GET, template: "/api/articles/{slug}/comments/{id}"}
    mask: [{path: "$.comment.author.email"}, {path: "$.x-author", where: response.header}]
    drop: ["$.comment.author.phone"]
    tripwire: true
  - id: slow-scrapers
    match: {template: "/api/articles/{slug}/comments/{id}"}
    limit: {per: client_ip, rate: 60/minute, burst: 20}
  - id: stop
    match: {template: "/api/users/export"}
    deny: {status: 503, message: "temporarily unavailable"}
  - id: revoked
    deny_clients: {token_sha256: ["%s"], ip: ["203.0.113.0/24"]}
  - id: restore
    match: {template: "/api/articles/{slug}/comments/{id}"}
    canary: {release: 5%%, by: token, watch: "$.comment.author.email"}
""" % ("a" * 64)


def parse(text: str) -> Policy:
    return parse_policy(text.encode(), name="policy.yaml")


def test_the_documented_policy_is_read_as_it_is_meant():
    policy = parse(DOCUMENTED)
    assert (policy.name, policy.rev, policy.incident, policy.on_error) == ("comment-author-leak", 17, "INC-42", "block")
    assert policy.expires == datetime(2026, 12, 24, tzinfo=UTC)
    assert policy.expired(datetime(2026, 12, 24, tzinfo=UTC))
    assert not policy.expired(datetime(2026, 12, 23, tzinfo=UTC))
    masked, slowed, stopped, revoked, restored = policy.rules
    assert masked.match == Match(host="api.example.org", methods=("GET",), template="/api/articles/{slug}/comments/{id}")
    assert masked.masks == (Mask(path="$.comment.author.email"), Mask(path="$.x-author", where="response.header"))
    assert masked.drops == (Drop(path="$.comment.author.phone"),)
    assert masked.tripwire == 1
    assert slowed.limit == Limit(per="client_ip", n=60, per_s=60, burst=20)
    assert stopped.deny == Deny(status=503, message="temporarily unavailable")
    assert revoked.deny_clients == DenyClients(token_sha256=("a" * 64,), ip=("203.0.113.0/24",))
    assert restored.canary == Canary(release=0.05, by="token", watch=("$.comment.author.email",))


def test_a_policy_as_json_means_the_same():
    assert parse(json.dumps(to_dict(parse(DOCUMENTED)), indent=1)) == parse(DOCUMENTED)


BASE = "schema: stanch.policy/1\npolicy: p\nrev: 1\non_error: block\nrules:\n  - id: a\n"
MATCH = "    match: {template: /a}\n"
REFUSED = [
    ("schema: stanch.policy/2\npolicy: p\nrev: 1\non_error: block\nrules: []\n", "line 1, column 9", "schema must be one of"),
    ("schema: stanch.policy/1\npolicy: p\nrev: 1\nrules: []\n", "line 1, column 1", "needs 'on_error'"),
    (BASE.replace("rev: 1", "rev: one") + MATCH + "    deny: true\n", "line 3, column 6", "whole number"),
    (BASE + MATCH, "line 6, column 5", "does nothing"),
    (BASE + "    deny: true\n", "line 6, column 5", "needs 'match'"),
    (BASE + MATCH + "    mask: []\n", "line 8", "rules[0].mask is empty"),
    (BASE + MATCH + "    mask: [{path: a.b}]\n", "line 8, column 19", "a path starts with $"),
    (BASE + MATCH + "    mask: [{path: $.a, with: hashed}]\n", "line 8", "must be one of typed"),
    (BASE + MATCH + "    mask: [{path: $.a, how: hash}]\n", "line 8", "is not known here"),
    (BASE + MATCH + "    drop: [$.a..b]\n", "line 8", "can't be read"),
    (BASE + MATCH + "    mask: [{path: $.a.b.c, where: response.header}]\n", "line 8", ""),
    (BASE + "    match: {template: a}\n    deny: true\n", "line 7", "must be a path"),
    (BASE + "    match: {template: /a//b}\n    deny: true\n", "line 7", "must be a path"),
    (BASE + '    match: {template: "/a/{b}{c}"}\n    deny: true\n', "line 7", "two parameters"),
    (BASE + "    match: {template: /a, host: API.example.org}\n    deny: true\n", "line 7", "lower case"),
    (BASE + "    match: {template: /a, method: get}\n    deny: true\n", "line 7", "capitals"),
    (BASE + "    match: {template: /a, status: 2x}\n    mask: [$.a]\n", "line 7", "status"),
    (BASE + "    match: {template: /a, status: 200}\n    deny: true\n", "line 7", "once the origin has answered"),
    (BASE + MATCH + "    deny: {status: 200}\n", "line 8", "400 to 599"),
    (BASE + MATCH + "    deny: false\n", "line 8", "must be true"),
    (BASE + MATCH + "    limit: {per: ip, rate: 1/s}\n", "line 8", "client_ip"),
    (BASE + MATCH + "    limit: {per: token, rate: 0/s}\n", "line 8", "must be a rate"),
    (BASE + "    deny_clients: {}\n", "line 7", "names nobody"),
    (BASE + "    deny_clients: {ip: [203.0.113.300]}\n", "line 7", "range"),
    (BASE + "    deny_clients: {token_sha256: [secret-token]}\n", "line 7", "SHA-256"),
    (BASE + MATCH + "    canary: {release: 120%}\n", "line 8", "0 to 100%"),
    (BASE + MATCH + "    canary: {release: 5%}\n    deny: true\n", "line 8", "rule of its own"),
    (BASE + MATCH + "    deny: true\n    tripwire: true\n", "line 9", "masks nothing"),
    (BASE + MATCH + "    deny: true\n  - id: a\n    match: {template: /b}\n    deny: true\n", "line 9", "earlier rule"),
    (BASE + MATCH + "    deny: true\n    deny: true\n", "line 9", "twice"),
    (BASE.replace("block", "pass") + MATCH + "    deny: true\n", "line 4", "someone answers for"),
    (BASE + "    match: &m {template: /a}\n    deny: true\n", "line 7", "anchors"),
    (BASE + "    match: [\n", "line", "neither YAML nor JSON"),
    ("expires: 2026-12-24\n" + BASE + MATCH + "    deny: true\n", "line 1", "time zone"),
    ("expires: soon\n" + BASE + MATCH + "    deny: true\n", "line 1", "date and time"),
    ("", "policy.yaml", "is empty"),
    ("- 1\n", "line 1", "mapping"),
]


@pytest.mark.parametrize(("text", "where", "what"), REFUSED)
def test_a_mistake_is_shown_by_line_and_column(text, where, what):
    if "$.a.b.c" in text:
        assert parse(text).rules[0].masks[0].path == "$.a.b.c"
        return
    with pytest.raises(InputError) as caught:
        parse(text)
    assert where in str(caught.value)
    assert what in str(caught.value)


def test_an_error_never_quotes_a_value():
    with pytest.raises(InputError) as caught:
        parse(BASE + "    deny_clients: {token_sha256: [canary-secret-7731]}\n")
    assert "7731" not in str(caught.value)


PARSER_ONLY = (
    "twice",
    "earlier rule",
    "anchors",
    "masks nothing",
    "once the origin",
    "rule of its own",
    "two parameters",
    "neither YAML",
    "is empty",
    "must be a path",
    "range",
    "must be true",
)


@pytest.mark.parametrize(("text", "where", "what"), [row for row in REFUSED if not any(word in row[2] for word in PARSER_ONLY) and row[2]])
def test_the_published_schema_refuses_what_the_parser_refuses(text, where, what):
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(yaml.load(text, Loader=yaml.BaseLoader) if "expires" in text else yaml.safe_load(text), SCHEMA)


def test_the_published_schema_is_valid_and_accepts_what_the_parser_accepts():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    jsonschema.validate(to_dict(parse(DOCUMENTED)), SCHEMA)


names = st.from_regex(r"[a-z][a-z0-9-]{0,8}", fullmatch=True)
templates = st.lists(names | names.map(lambda n: "{" + n + "}"), min_size=1, max_size=4).map(lambda parts: "/" + "/".join(parts))
paths = st.lists(names.map(lambda n: f".{n}") | st.sampled_from(["[*]", "[~]", "['odd name']", "@json"]), min_size=1, max_size=4).map(
    lambda p: "$" + "".join(p)
)
matches = st.builds(
    Match,
    template=templates,
    host=st.none() | st.just("api.example.org"),
    methods=st.lists(st.sampled_from(["GET", "POST"]), unique=True, max_size=2).map(tuple),
    besides=st.lists(templates, max_size=2).map(tuple),
    statuses=st.lists(st.sampled_from([(200, 200), (200, 299), (404, 410)]), max_size=2).map(tuple),
    content_types=st.lists(st.sampled_from(["application/json", "text/*"]), max_size=2).map(tuple),
    operations=st.lists(names, max_size=2).map(tuple),
)
masking = st.builds(
    Rule,
    id=names,
    match=matches,
    masks=st.lists(st.builds(Mask, path=paths, kind=st.sampled_from(["typed", "null", "hash"])), min_size=1, max_size=3).map(tuple),
    drops=st.lists(st.builds(Drop, path=paths), max_size=2).map(tuple),
    tripwire=st.sampled_from([0.0, 0.25, 1.0]),
)
policies = st.builds(
    Policy,
    name=names,
    rev=st.integers(0, 10**9),
    on_error=st.just("block"),
    rules=st.lists(masking, max_size=3, unique_by=lambda r: r.id).map(tuple),
    expires=st.none() | st.datetimes(timezones=st.just(UTC)),
)


@settings(max_examples=30)
@given(policies)
def test_what_is_written_is_read_back_to_the_same_value_and_fits_the_schema(policy):
    document = to_dict(policy)
    jsonschema.validate(document, SCHEMA)
    assert parse_policy(json.dumps(document).encode(), name="p") == policy
    assert parse_policy(yaml.safe_dump(document).encode(), name="p") == policy
    assert parse_policy(json.dumps(document).encode(), name="p").digest == policy.digest


@given(st.text(max_size=80) | st.binary(max_size=80).map(lambda b: b.decode("latin-1")))
def test_any_text_is_read_or_refused_in_one_line(text):
    try:
        parse(text)
    except InputError as error:
        message = str(error)
        assert "\n" not in message
