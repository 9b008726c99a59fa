import pytest

from stanch.identity.person import identifier_kind, is_person, snake


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("createdBy", "created_by"),
        ("HTTPServer", "http_server"),
        ("e-mail", "e_mail"),
        ("user.name", "user_name"),
        ("plain", "plain"),
    ],
)
def test_names_are_read_in_every_case(name, expected):
    assert snake(name) == expected


@pytest.mark.parametrize(
    ("name", "value", "kind"),
    [
        ("email", "ann@example.org", "email"),
        ("userName", "ann", "username"),
        ("username", "ann@example.org", "email"),
        ("id", 7, "uid"),
        ("id", True, None),
        ("phone", "+12025550143", "phone"),
        ("phone", "n/a", None),
        ("email", "", None),
        ("title", "ann", None),
        ("email", None, None),
    ],
)
def test_identifiers_are_told_by_name_and_value(name, value, kind):
    assert identifier_kind(name, value) == kind


@pytest.mark.parametrize(
    ("noun", "members", "expected"),
    [
        ("author", {"name"}, True),
        ("createdBy", {"id"}, True),
        ("", {"email", "phone"}, True),
        ("article", {"title", "body", "id"}, False),
        ("product", {"name", "price"}, False),
    ],
)
def test_people_are_told_from_things(noun, members, expected):
    assert is_person(noun, frozenset(members)) is expected
