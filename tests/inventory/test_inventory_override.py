import pytest

from stanch.errors import InputError
from stanch.inventory.override import checked, load_templates
from stanch.inventory.path import PathInventory
from stanch.inventory.segment import provisional


@pytest.mark.parametrize("template", ["/users/{username}", "/", "/a/{b}.json", "/v1/files/{a}-{b}/", "/caf\u00e9/{x}"])
def test_a_template_is_taken_as_it_is(template):
    assert checked([template], where="x") == (template,)


@pytest.mark.parametrize(
    "template", ["users/{id}", "/users/{id", "/users/{}", "/users/{a b}", "/users?x", "/a b", "", "GET /users", "/x/" + "{" * 5000]
)
def test_what_is_no_template_is_refused_with_its_number_and_not_its_text(template):
    with pytest.raises(InputError, match="path template 2 is none") as refused:
        checked(["/ok", template], where="--endpoint")
    assert not template or template not in str(refused.value)


def test_the_table_in_the_configuration_is_read():
    assert load_templates(b'[endpoints]\ntemplates = ["/users/{username}"]\n[[justify]]\nfingerprint = "a"', name="stanch.toml") == (
        "/users/{username}",
    )
    assert load_templates(b"", name="stanch.toml") == ()


@pytest.mark.parametrize("text", [b"endpoints = 3", b'[endpoints]\ntemplates = "x"', b"[endpoints]\ntemplates = [3]", b"\xff", b"[["])
def test_a_broken_table_is_refused_with_its_place(text):
    with pytest.raises(InputError) as refused:
        load_templates(text, name="stanch.toml")
    assert refused.value.where.startswith("stanch.toml")


def test_a_given_template_wins_over_what_traffic_shows():
    inventory = PathInventory()
    for name in ("ann", "bob", "carol"):
        inventory.add("example.org", "GET", provisional(f"/users/{name}"), 200, 17)
    assert inventory.templates(["/users/{who}"]).match("example.org", "GET", "/users/dan") == "/users/{who}"
