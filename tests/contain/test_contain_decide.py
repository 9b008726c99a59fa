import json
from base64 import urlsafe_b64encode
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stanch.contain.canary import released
from stanch.contain.compile import compile_policy
from stanch.contain.decide import Contain, Go, Refuse, decide
from stanch.contain.graphql import followed
from stanch.contain.limit import Bucket, is_full, take
from stanch.contain.parse import parse_policy
from stanch.contain.policy import Limit
from stanch.contain.request import Request, hashed, tokens
from stanch.contain.route import readings, tree

HEAD = "schema: stanch.policy/1\npolicy: p\nrev: 1\non_error: block\nrules:\n"
COMMENT = (
    '  - id: mask\n    match: {host: api.example.org, method: GET, template: "/api/articles/{slug}/comments/{id}"}\n'
    "    mask: [$.comment.author.email]\n"
)


def compiled(rules, **more):
    return compile_policy(parse_policy((HEAD + rules).encode(), name="p"), **more)


def request(target, method="GET", host="api.example.org", headers=(), client_ip="192.0.2.1", body=None):
    return Request(method=method, target=target, host=host, headers=tuple(headers), client_ip=client_ip, body=body)


DODGES = [
    "/api/articles/trains/comments/7",
    "/api/articles/trains/comments/7/",
    "/api/articles/trains/comments/7?x=1",
    "/api/articles/trains/comments/7?",
    "/api/articles/trains/comments/7#x",
    "//api/articles/trains/comments/7",
    "/api//articles/trains//comments/7",
    "/API/Articles/trains/Comments/7",
    "/api/articles/trains/comments/7;jsessionid=1",
    "/api;x=1/articles;y/trains/comments/7",
    "/api/articles/trains/comments/7.json",
    "/api/articles/trains/comments/7.xml",
    "/api/articles/trains/%63omments/7",
    "/api/articles/trains/%2563omments/7",
    "/api/articles/trains%2Fcomments/7",
    "/api/articles/trains%2fcomments%2F7",
    "/api%2Farticles%2Ftrains%2Fcomments%2F7",
    "/api/articles/a%2Fb/comments/7",
    "/api/./articles/trains/comments/7",
    "/api/articles/x/../trains/comments/7",
    "/x/../api/articles/trains/comments/7",
    "/api/articles/trains/comments/%37",
    "/api/articles/trains/x/%2e%2e/comments/7",
    "/api\\articles\\trains\\comments\\7",
    "/api/articles/trains/comments/7%20",
    "/api/articles/trains/comments/7%00",
    "/api/articles/trains/comments%20/7",
    "/api/articles/trains/comments./7",
    "http://api.example.org/api/articles/trains/comments/7",
    "HTTP://API.EXAMPLE.ORG/api/articles/trains/comments/7",
]


@pytest.mark.parametrize("target", DODGES)
def test_no_spelling_of_a_path_dodges_its_rule(target):
    assert isinstance(decide(compiled(COMMENT), request(target)), Contain)


@pytest.mark.parametrize(
    "change",
    [
        {"method": "HEAD"},
        {"method": "get"},
        {"method": "POST", "headers": [("x-http-method-override", "GET")]},
        {"method": "POST", "headers": [("x-method-override", "get")]},
        {"method": "POST", "target": "/api/articles/trains/comments/7?_method=GET"},
        {"method": "POST", "headers": [("content-type", "application/x-www-form-urlencoded")]},
        {"host": "API.example.org:443"},
        {"host": "api.example.org."},
        {"host": "192.0.2.9"},
        {"host": "internal-alias"},
        {"host": ""},
        {"host": "shop.example.org", "headers": [("x-forwarded-host", "api.example.org")]},
        {"target": "/health", "headers": [("x-original-url", "/api/articles/trains/comments/7")]},
        {"target": "/", "headers": [("x-rewrite-url", "/api/articles/trains/comments/7")]},
    ],
)
def test_no_other_trick_dodges_a_rule(change):
    asked = request(**{"target": "/api/articles/trains/comments/7", **change})
    assert isinstance(decide(compiled(COMMENT, other_hosts=["shop.example.org"]), asked), Contain)


@pytest.mark.parametrize(
    "change",
    [
        {"target": "/api/articles/trains/comments"},
        {"target": "/api/articles/trains/comments/7/likes"},
        {"target": "/api/articles//comments/7"},
        {"target": "/"},
        {"method": "POST"},
        {"method": "DELETE"},
        {"host": "shop.example.org"},
    ],
)
def test_other_requests_are_left_alone(change):
    asked = request(**{"target": "/api/articles/trains/comments/7", **change})
    assert isinstance(decide(compiled(COMMENT, other_hosts=["shop.example.org"]), asked), Go)


def test_an_exception_holds_only_where_every_reading_means_it():
    policy = compiled('  - id: a\n    match: {template: "/users/{id}", except: [/users/me]}\n    deny: true\n')
    assert isinstance(decide(policy, request("/users/me")), Go)
    assert isinstance(decide(policy, request("/users/7")), Refuse)
    assert isinstance(decide(policy, request("/users/me;x/../7")), Refuse)


@given(st.text(alphabet="/.;%2fFeE\\aA?# :@", max_size=30))
def test_any_target_has_readings_and_never_raises(target):
    assert 0 < len(readings(target)) <= 64


def test_a_template_with_text_around_its_parameter_matches_only_that():
    found = tree(["/files/{name}.pdf", "/files/v{n}", "/files/{any}"])
    assert found.find(("files", "a.pdf")) == {0, 2}
    assert found.find(("files", "v1")) == {1, 2}
    assert found.find(("files", "v")) == {2}


def test_a_denied_token_is_refused_wherever_it_stands():
    policy = compiled(f"  - id: out\n    deny_clients: {{token_sha256: [{sha256(b's3cret').hexdigest()}]}}\n")
    for headers in (
        [("authorization", "Bearer s3cret")],
        [("authorization", "Token token=s3cret")],
        [("x-api-key", "s3cret")],
        [("cookie", "a=1; session=s3cret")],
    ):
        decision = decide(policy, request("/anything", headers=headers))
        assert (decision.rule_id, decision.status) == ("out", 403)
    assert decide(policy, request("/x?access_token=s3cret")).why == "denied client"
    two = [("authorization", "Bearer other"), ("x-api-key", "s3cret")]
    assert isinstance(decide(policy, request("/x", headers=two)), Refuse)
    assert isinstance(decide(policy, request("/x", headers=[("authorization", "Bearer other")])), Go)


def test_a_denied_range_covers_mapped_addresses_too():
    policy = compiled('  - id: out\n    deny_clients: {ip: [203.0.113.0/24, "2001:db8::/32"]}\n')
    for address, refused in [("203.0.113.9", True), ("::ffff:203.0.113.9", True), ("2001:db8::1", True), ("192.0.2.1", False), ("", False)]:
        assert isinstance(decide(policy, request("/x", client_ip=address)), Refuse) == refused


def test_a_denied_user_is_known_by_the_subject_of_the_token():
    body = urlsafe_b64encode(json.dumps({"sub": "user-7"}).encode()).decode().rstrip("=")
    policy = compiled(f"  - id: out\n    deny_clients: {{user_sha256: [{hashed('user-7')}]}}\n")
    assert isinstance(decide(policy, request("/x", headers=[("authorization", f"Bearer eyJhbGciOiJub25lIn0.{body}.x")])), Refuse)
    assert isinstance(decide(policy, request("/x", headers=[("authorization", "Bearer eyJ.broken!.x")])), Go)


LIMIT = Limit(per="client_ip", n=10, per_s=1, burst=10)


def test_a_bucket_gives_its_burst_and_then_its_rate():
    bucket, n_allowed = None, 0
    for _ in range(100):
        taken = take(bucket, LIMIT, 0.0)
        bucket, n_allowed = taken.bucket, n_allowed + taken.allowed
    assert n_allowed == 10
    assert 0 < taken.retry_after_s <= 0.1
    assert not take(bucket, LIMIT, 0.05).allowed
    assert take(bucket, LIMIT, 0.1).allowed


@given(st.lists(st.floats(0, 1000), max_size=60), st.integers(1, 20), st.integers(1, 60), st.integers(1, 20))
def test_no_order_of_requests_gets_more_than_burst_and_rate(moments, n, per_s, burst):
    limit = Limit(per="token", n=n, per_s=per_s, burst=burst)
    bucket, n_allowed = None, 0
    for now in moments:
        taken = take(bucket, limit, now)
        assert isinstance(taken.bucket, Bucket)
        assert taken.bucket.tokens >= 0
        bucket, n_allowed = taken.bucket, n_allowed + taken.allowed
    assert n_allowed <= burst + (max(moments, default=0)) * n / per_s + 1
    assert bucket is None or is_full(bucket, limit, bucket.at_s + burst * per_s / n + 1)


def test_a_limit_holds_by_rule_and_client():
    policy = compiled("  - id: slow\n    match: {template: /a}\n    limit: {per: token, rate: 1/minute}\n")
    seen = []

    def one_each(rule, who):
        seen.append((rule.id, who))
        return 0.0 if seen.count((rule.id, who)) == 1 else 42.0

    ann, bob = [("authorization", "Bearer ann")], [("authorization", "Bearer bob")]
    assert isinstance(decide(policy, request("/a", headers=ann), take=one_each), Go)
    assert isinstance(decide(policy, request("/a", headers=bob), take=one_each), Go)
    decision = decide(policy, request("/a", headers=ann), take=one_each)
    assert (decision.status, decision.why, decision.retry_after_s) == (429, "over the limit", 42.0)
    assert "ann" not in {who for _, who in seen}


CANARY = (
    COMMENT
    + '  - id: back\n    match: {template: "/api/articles/{slug}/comments/{id}"}\n'
    + "    canary: {release: %s, by: token, watch: $.comment.author.email}\n"
)


def test_a_canary_releases_the_same_identities_and_keeps_them_as_it_grows():
    people = [f"token-{n}" for n in range(10_000)]
    five, fifty = ({p for p in people if released("p/back", p, share)} for share in (0.05, 0.5))
    assert abs(len(five) / 10_000 - 0.05) < 0.005
    assert abs(len(fifty) / 10_000 - 0.5) < 0.01
    assert five < fifty
    assert not released("p/back", "", 1.0)
    assert five != {p for p in people if released("p/other", p, 0.05)}


def test_nobody_without_a_token_and_nobody_after_a_trip_is_released():
    policy = compiled(CANARY % "100%")
    ann = request("/api/articles/a/comments/1", headers=[("authorization", "Bearer ann")])
    assert decide(policy, ann).released_by[0].id == "back"
    assert decide(policy, ann, tripped=frozenset({"back"})).released_by == ()
    assert decide(policy, request("/api/articles/a/comments/1")).released_by == ()


def test_every_credential_of_a_request_is_seen():
    asked = request("/x?api_key=q", headers=[("authorization", "Bearer a"), ("x-token", "b"), ("cookie", "sid=c; theme=dark; csrf_token=no")])
    assert list(tokens(asked)) == ["a", "b", "q", "c"]


GRAPHQL = "  - id: g\n    match: {method: POST, template: /graphql%s}\n    mask: ['$.data.article.author.email']\n"


def graphql_request(query, name=None):
    body = json.dumps({"query": query, "operationName": name}).encode()
    return request("/graphql", method="POST", headers=[("content-type", "application/json")], body=body)


def test_an_operation_selector_meets_its_operation_and_any_without_a_name():
    policy = compiled(GRAPHQL % ", operation: Read")
    assert policy.needs_body
    assert isinstance(decide(policy, graphql_request("query Read {article {author {email}}}")), Contain)
    assert isinstance(decide(policy, graphql_request("query Other {me {id}}")), Go)
    assert isinstance(decide(policy, graphql_request("{article {author {email}}}")), Contain)
    assert isinstance(decide(policy, graphql_request("query ((((")), Contain)


def test_an_unnamed_rule_holds_for_all_operations_and_knows_their_aliases():
    decision = decide(compiled(GRAPHQL % ""), graphql_request("query X {a: article {w: author {x: email}}}"))
    assert decision.operations[0].names == {"$.data.a": "article", "$.data.a.w": "author", "$.data.a.w.x": "email"}


@pytest.mark.parametrize(
    ("body", "known"),
    [
        ({"query": "{author {email}}"}, True),
        ({"query": "{author {email}}", "extensions": {"persistedQuery": {"sha256Hash": "a" * 64}}}, True),
        ({"extensions": {"persistedQuery": {"sha256Hash": "a" * 64}}, "operationName": "Read"}, False),
        ({"query": "", "extensions": {"persistedQuery": {"sha256Hash": "a" * 64}}}, False),
        ([{"query": "{author {email}}"}, {"extensions": {"persistedQuery": {"sha256Hash": "a" * 64}}}], False),
        ({"query": "{author {"}, False),
        ({"id": "doc-7"}, False),
        (None, False),
    ],
)
def test_of_an_operation_whose_text_is_not_known_no_mask_is_certain(body, known):
    data = json.dumps(body).encode() if body is not None else None
    asked = request("/graphql", method="POST", headers=[("content-type", "application/json")], body=data)
    assert (decide(compiled(GRAPHQL % ""), asked).unsure == "") is known


def test_several_fields_in_one_member_are_all_followed():
    query = "{article {author {... on Bot {x: id} ... on User {x: email}}}}"
    found = decide(compiled(GRAPHQL % ""), graphql_request(query)).operations
    assert "$.data.article.author.x" in followed({"$.data.article.author.email": "typed"}, found)
