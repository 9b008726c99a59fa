"""What an endpoint is in a report: GraphQL operations, given templates, maps, people by their members."""

import json

import pytest

from stanch.finding.build import build
from stanch.finding.render.json import render_json
from stanch.identity.pseudonym import SCAN_KEY, KeyedDigest
from stanch.identity.summary import TrafficSummary
from stanch.traffic.exchange import Exchange

JSON = (("content-type", "application/json"),)


def report_of(exchanges, **options):
    summary = TrafficSummary(digest=KeyedDigest(SCAN_KEY))
    for number, (method, path, asked, told) in enumerate(exchanges):
        summary.add(
            Exchange(
                where=f"t#{number}", method=method, url=f"https://api.example.org{path}", status=200, request_headers=JSON, response_headers=JSON,
                request_body=json.dumps(asked).encode() if asked else b"", response_body=json.dumps(told).encode(),
            )
        )  # fmt: skip
    return json.loads(render_json(build(summary, **options)))


def fields(report) -> dict[str, str]:
    return {f"{row['endpoint']} {row['path']}": row["datatype"] for row in report["fields"] if row["where"] == "response.body"}


def test_a_graphql_operation_is_an_endpoint_of_its_own_by_name_or_by_its_first_root_field():
    asked = [
        {"operationName": "GetAuthor", "query": "query GetAuthor { author { e: email } }"},
        {"query": "{ comments { by { phone } } }"},
        {"query": 'mutation { signIn(name: "x") { token } }'},
    ]  # fmt: skip
    told = [
        {"data": {"author": {"e": "ann@example.org"}}},
        {"data": {"comments": [{"by": {"phone": "+1 202 555 0143"}}]}},
        {"data": {"signIn": {"token": "f" * 20 + "1" * 20}}},
    ]
    found = fields(report_of([("POST", "/graphql", a, t) for a, t in zip(asked, told, strict=True)]))
    assert found == {
        "POST /graphql#GetAuthor $.data.author.e": "contact.email",
        "POST /graphql#comments $.data.comments[*].by.phone": "contact.phone",
        "POST /graphql#signIn $.data.signIn.token": "credential.token",
    }


@pytest.mark.parametrize("key", ["ann@example.org", "17", "member-name"])
def test_a_map_is_one_field_whatever_its_keys_are(key):
    people = {f"{key}{chr(97 + n)}" if not key.isdigit() else f"{key}{n}": {"mail": f"p{n}@example.org", "n": n} for n in range(9)}
    report = report_of([("GET", "/teams/1", None, {"members": people})])
    assert fields(report)["GET /teams/{id} $.members[~].mail"] == "contact.email"
    said = {"ann@example.org": "contact.email", "17": None, "member-name": "online.username"}
    assert fields(report).get("GET /teams/{id} $.members[~]~") == said[key]


def test_a_name_is_a_persons_where_the_object_or_the_endpoint_is_about_people():
    rows = [
        ("GET", "/api/users", None, [{"id": 1, "name": "Ann Ashby"}, {"id": 2, "name": "Bob Baker"}]),
        ("GET", "/api/products", None, [{"id": 1, "name": "Slow Bread"}, {"id": 2, "name": "River Stone"}]),
        ("GET", "/api/seats", None, {"seats": [{"name": "Ann Ashby", "email": "ann@example.org", "lat": 51.5007}]}),
    ]
    assert fields(report_of(rows)) == {
        "GET /api/users $[*].name": "person.name.full",
        "GET /api/seats $.seats[*].name": "person.name.full",
        "GET /api/seats $.seats[*].email": "contact.email",
        "GET /api/seats $.seats[*].lat": "location.latitude",
    }


def test_a_template_from_the_user_reaches_the_report():
    rows = [("GET", f"/wiki/{page}", None, {"title": "x"}) for page in ("home", "start")]
    assert {e["template"] for e in report_of(rows)["endpoints"]} == {"/wiki/home", "/wiki/start"}
    assert {e["template"] for e in report_of(rows, templates=["/wiki/{page}"])["endpoints"]} == {"/wiki/{page}"}
