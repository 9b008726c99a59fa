import pytest

from stanch.errors import InputError
from stanch.inventory.contract import Declared, load_contract

TEXT = b"""
openapi: 3.1.0
servers: [{url: https://api.example.org/v1}]
paths:
  /users/{id}:
    get:
      responses:
        "200": {content: {application/json: {schema: {$ref: "#/components/schemas/User"}}}}
        "404": {description: none}
  /open: {get: {responses: {2XX: {content: {application/json: {schema: {type: object, additionalProperties: true, properties: {a: {}}}}}}}}}
components:
  schemas:
    Base: {type: object, properties: {id: {type: integer}}}
    User:
      allOf:
        - $ref: "#/components/schemas/Base"
        - {type: object, properties: {name: {type: string}, friends: {type: array, items: {$ref: "#/components/schemas/User"}}}}
"""


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("$.id", Declared.YES),
        ("$.name", Declared.YES),
        ("$.email", Declared.NO),
        ("$.friends[*].name", Declared.YES),
        ("$.friends[*].email", Declared.NO),
        ("$.name@json.x", Declared.OPEN),
    ],
)
def test_a_contract_says_what_it_declares(path, expected):
    assert load_contract(TEXT, name="c.yaml").declares("GET", "/v1/users/{id}", 200, path) == expected


def test_what_the_contract_leaves_open_is_open():
    contract = load_contract(TEXT, name="c.yaml")
    assert contract.declares("GET", "/v1/open", 200, "$.anything") == Declared.OPEN
    assert contract.declares("GET", "/v1/users/{id}", 404, "$.email") == Declared.OPEN
    assert contract.declares("GET", "/v1/unknown", 200, "$.email") == Declared.OPEN


@pytest.mark.parametrize("text", [b"", b"{", b"a: [", b"[]", b"openapi: 3.1.0", b"\xff\xfe\x00", b"paths: {}"])
def test_what_is_no_contract_is_refused_with_its_place(text):
    with pytest.raises(InputError) as caught:
        load_contract(text, name="c.yaml")
    assert str(caught.value).startswith("c.yaml")


def test_circular_references_end():
    text = (
        b'{"openapi":"3.0.0",'
        b'"paths":{"/a":{"get":{"responses":{"200":{"content":{"application/json":{"schema":{"$ref":"#/x"}}}}}}}},"x":{"$ref":"#/x"}}'
    )
    assert load_contract(text, name="c").declares("GET", "/a", 200, "$.b") == Declared.OPEN
