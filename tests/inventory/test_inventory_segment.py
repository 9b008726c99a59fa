import pytest

from stanch.inventory.mapkey import is_data_key
from stanch.inventory.segment import provisional, segment_kind


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("17", "int"),
        ("0b8f6a1e-93f5-4d0b-8f0e-3f6b8d1c2a77", "uuid"),
        ("ann@example.org", "email"),
        ("2026-03-01", "date"),
        ("507f1f77bcf86cd799439011", "objectid"),
        ("usr_9s7dhf73ks", "prefixed"),
        ("v2", "version"),
        ("how-to-bake", "slug"),
        ("users", "word"),
        ("01ARZ3NDEKTSV4RRFFQ69G5FAV", "ulid"),
    ],
)
def test_segments_are_told_by_their_form(text, kind):
    assert segment_kind(text) == kind


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/api/users/17", "/api/users/{int}"),
        ("/api//users/17/", "/api/users/{int}/"),
        ("/a;x=1/b", "/a/b"),
        ("/u/ann%40example.org", "/u/{email}"),
        ("/", "/"),
        ("", "/"),
        ("/a/%7Bb%7D", "/a/%7Bb%7D"),
    ],
)
def test_paths_have_one_provisional_form(path, expected):
    assert provisional(path) == expected


@pytest.mark.parametrize(
    ("key", "expected"),
    [("17", True), ("ann@example.org", True), ("email", False), ("0b8f6a1e-93f5-4d0b-8f0e-3f6b8d1c2a77", True), ("user_name", False), ("", False)],
)
def test_keys_that_are_data_are_told_from_names(key, expected):
    assert is_data_key(key) is expected
