import json

import jsonschema
import pytest
import yaml

from stanch.finding.build import examine
from stanch.finding.minimal import json_schemas, minimal, openapi, overlay
from stanch.inventory.contract import Declared, load_contract
from told import Traffic, bearer

NAMES = ("ann", "bob", "carol", "dan")
HASH = "$2b$12$" + "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0"


@pytest.fixture
def found():
    traffic = Traffic()
    for name in NAMES:
        traffic.say("GET", "/api/me", {"username": name, "email": f"{name}@example.org"}, headers=bearer(name * 5))
    for asker in NAMES:
        for author in NAMES:
            author_shown = {"username": author, "password_hash": HASH + author[0]}
            answer = {"id": 7, "tags": ["a", "b"], "score": None if author == "ann" else 4.5, "author": author_shown, "votes": {"17": 1, "18": 2}}
            traffic.say("GET", "/api/comments/7", answer, headers=bearer(asker * 5))
    examined = examine(traffic.summary())
    return minimal(examined.picture.fields, examined.judged)


def schema_of(found, endpoint):
    return json_schemas(found)["responses"][endpoint]["200"]


def test_what_is_needed_is_allowed_with_its_types(found):
    schema = schema_of(found, "GET /api/comments/{id}")
    assert schema["properties"]["score"]["type"] == ["null", "number"]
    assert schema["properties"]["tags"] == {"type": "array", "items": {"type": "string"}}
    assert schema["properties"]["votes"]["additionalProperties"] == {"type": "integer"}


def test_what_is_excessive_is_left_out_and_named(found):
    assert schema_of(found, "GET /api/comments/{id}")["properties"]["author"]["properties"] == {"username": {"type": "string"}}
    response = openapi(found)["paths"]["/api/comments/{id}"]["get"]["responses"]["200"]
    assert response["x-stanch-withheld"] == ["$.author.password_hash"]


def test_the_schema_takes_the_mended_answer_and_refuses_the_leaky_one(found):
    check = jsonschema.Draft202012Validator(schema_of(found, "GET /api/comments/{id}"))
    mended = {"id": 7, "tags": ["x"], "score": 1.5, "author": {"username": "eve"}, "votes": {"99": 1}}
    assert check.is_valid(mended)
    assert not check.is_valid({**mended, "author": {"username": "eve", "password_hash": "x"}})
    assert not check.is_valid({**mended, "further": 1})


@pytest.mark.parametrize("write", [json.dumps, yaml.safe_dump])
def test_stanch_reads_its_own_contract(found, write):
    contract = load_contract(write(openapi(found)).encode(), name="minimal")
    endpoint = ("GET", "/api/comments/{id}", 200)
    assert contract.declares(*endpoint, "$.author.username") is Declared.YES
    assert contract.declares(*endpoint, "$.author.password_hash") is Declared.NO


def test_the_overlay_replaces_each_schema(found):
    actions = overlay(found)["actions"]
    target = "$.paths['/api/comments/{id}'].get.responses['200'].content['application/json']"
    assert [a["target"] for a in actions if "comments" in a["target"]] == [f"{target}.schema", target]
    assert all(("remove" in a) != ("update" in a) for a in actions)


def test_no_value_of_the_traffic_stands_in_a_contract(found):
    for form in (openapi, overlay, json_schemas):
        text = json.dumps(form(found))
        assert "example.org" not in text
        assert HASH not in text
