from stanch.judge.client import names_in


def test_names_are_read_from_sources_and_from_compiled_string_pools():
    kotlin = b'@Json(name = "firstName") val first: String'
    dex = b"\x00\x05email\x00\x0aavatar_url\x00"
    assert {"first_name", "email", "avatar_url"} <= names_in([kotlin, dex])


def test_a_name_that_no_client_mentions_is_absent():
    assert "birth_date" not in names_in([b"class Comment { body; author }"])
