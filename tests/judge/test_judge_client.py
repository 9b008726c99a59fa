import json
import struct

import pytest

from stanch.judge.client import names_in
from stanch.judge.hermes import MAGIC, NotHermesError, hermes_strings


def names(name, data):
    return names_in([(name, data)])


KOTLIN = b"""
/* the server also sends birthDate */
@JsonClass(generateAdapter = true)
data class AuthorDto(@Json(name = "first_name") val first: String, val avatarUrl: String) // no passwordHash here
"""
SWIFT = b'struct Author: Decodable { let name: String; enum CodingKeys: String, CodingKey { case name = "display_name" } }'
DART = b"class Author { Author.fromJson(Map<String, dynamic> json) : handle = json['user_handle']; }"
TYPESCRIPT = b"export interface Author { userName: string; // email\n avatar?: string }\nconst site = 'https://example.org/profilePath'"
GRAPHQL = b"query Feed { posts { author { displayName avatar } } }"


@pytest.mark.parametrize(
    ("file", "data", "read", "unread"),
    [
        ("Author.kt", KOTLIN, {"first_name", "avatar_url"}, {"birth_date", "password_hash"}),
        ("Author.swift", SWIFT, {"display_name"}, {"email"}),
        ("author.dart", DART, {"user_handle"}, {"email"}),
        ("author.ts", TYPESCRIPT, {"user_name", "avatar", "profile_path"}, {"email"}),
        ("feed.graphql", GRAPHQL, {"display_name"}, {"email"}),
        ("classes.dex", b"dex\n035\0\x05email\x00\x0aavatar_url\x00", {"email", "avatar_url"}, {"birth_date"}),
        ("App.dll", "firstName".encode("utf-16-le"), {"first_name"}, {"first"}),
        ("bundle.js", b'eval("a.author\\nemail")', {"author", "email"}, {"nemail"}),
        ("logo.png", b"\x89PNG email phone", set(), {"email", "phone"}),
    ],
)
def test_names_are_read_where_the_client_reads_them(file, data, read, unread):
    found = names(file, data)
    assert read <= found
    assert not unread & found


def test_a_source_map_gives_its_names_and_its_sources_without_comments():
    text = json.dumps({"version": 3, "names": ["avatarUrl"], "sourcesContent": ["user.displayName // email", None]}).encode()
    assert {"avatar_url", "display_name"} <= names("app.js.map", text)
    assert "email" not in names("app.js.map", text)


def test_a_consumers_contract_gives_what_it_expects_in_responses_and_not_what_it_sends():
    pact = {"interactions": [{"request": {"body": {"password": "x"}}, "response": {"body": {"author": {"displayName": "Ann"}}}}]}
    found = names("app-api.json", json.dumps(pact).encode())
    assert found == {"author", "display_name"}


def bytecode(*strings, n_functions=2):
    """Lay out a Hermes file that holds nothing but strings; those over 254 bytes go to the overflow table."""
    storage, table, overflow = b"", b"", b""
    for text in strings:
        if len(text) >= 0xFF:
            table += struct.pack("<I", 0xFF << 24 | len(overflow) // 8 << 1)
            overflow += struct.pack("<2I", len(storage), len(text))
        else:
            table += struct.pack("<I", len(text) << 24 | len(storage) << 1)
        storage += text
    counts = struct.pack("<6I", n_functions, 1, 2, len(strings), len(overflow) // 8, len(storage))
    header = (MAGIC + struct.pack("<I", 96) + bytes(28) + counts).ljust(128, b"\0")
    return header + bytes(16 * n_functions + 4 * 3) + table + overflow + storage


def test_names_of_hermes_bytecode_are_told_apart_though_no_gap_is_between_them():
    data = bytecode(b"email", b"avatarUrl", b"x" * 300 + b" longName")
    assert list(hermes_strings(data))[:2] == [b"email", b"avatarUrl"]
    assert {"email", "avatar_url", "long_name"} <= names("index.android.bundle", data)


@pytest.mark.parametrize("data", [MAGIC, bytecode(b"email")[:150], MAGIC + b"\xff" * 200])
def test_a_bytecode_file_that_is_cut_is_refused_rather_than_half_read(data):
    with pytest.raises(NotHermesError):
        list(hermes_strings(data))
