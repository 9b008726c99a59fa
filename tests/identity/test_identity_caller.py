from base64 import b64encode, urlsafe_b64encode

import pytest

from stanch.identity.caller import ANONYMOUS, caller_of, credentials
from stanch.identity.pseudonym import VALUE, KeyedDigest
from stanch.traffic.exchange import Exchange

digest = KeyedDigest(b"test key")


def exchange(*headers, url="https://api.example.org/me"):
    return Exchange(where="t#1", method="GET", url=url, request_headers=headers)


def jwt(claims: bytes) -> str:
    def part(data: bytes) -> str:
        return urlsafe_b64encode(data).decode().rstrip("=")

    return ".".join(map(part, (b'{"alg":"HS256"}', claims, b"signature")))


def bearer(claims: bytes) -> str:
    return f"Bearer {jwt(claims)}"


@pytest.mark.parametrize(
    ("headers", "scheme", "credential"),
    [
        ([("Authorization", "Bearer abc")], "bearer", "abc"),
        ([("authorization", "Token abc")], "token", "abc"),
        ([("AUTHORIZATION", 'Token token="abc"')], "token", "abc"),
        ([("Authorization", "abc")], "abc", "abc"),
        ([("X-Api-Key", "k1")], "key", "k1"),
        ([("Cookie", "theme=dark; sessionid=s1")], "cookie", "s1"),
        ([("Cookie", "connect.sid=s%3A1")], "cookie", "s%3A1"),
    ],
)
def test_the_credential_is_found_where_clients_put_it(headers, scheme, credential):
    assert next(credentials(exchange(*headers))) == (scheme, credential)


@pytest.mark.parametrize("headers", [[], [("Cookie", "csrftoken=x; _ga=1")], [("Authorization", "Bearer null")], [("Authorization", "")]])
def test_without_a_credential_the_caller_is_anonymous(headers):
    assert caller_of(exchange(*headers), digest).key == ANONYMOUS


def test_a_token_in_the_query_identifies_the_caller():
    assert caller_of(exchange(url="https://api.example.org/x?access_token=t1"), digest).key == digest("credential", "t1")


def test_claims_of_a_jwt_name_its_holder():
    token = jwt(b'{"sub":"17","email":"Ann@example.org"}')
    caller = caller_of(exchange(("Authorization", f"Bearer {token}")), digest)
    assert set(caller.claims) == {("uid.user", digest(VALUE, "17")), ("email", digest(VALUE, "ann@example.org"))}


def test_a_jwt_whose_subject_is_a_name_names_the_user():
    caller = caller_of(exchange(("Authorization", bearer(b'{"sub":"ann"}'))), digest)
    assert caller.claims == (("username", digest(VALUE, "ann")),)


def test_basic_credentials_name_the_user_and_not_the_password():
    header = "Basic " + b64encode(b"ann@example.org:secret").decode()
    assert caller_of(exchange(("Authorization", header)), digest).claims == (("email", digest(VALUE, "ann@example.org")),)


@pytest.mark.parametrize("token", ["a.b.c", "ey.ey.ey", "eyJ9.!!!.x", "ey" + "A" * 5000, jwt(b"[1]"), jwt(b"not json")])
def test_a_token_that_is_no_jwt_is_still_a_credential(token):
    caller = caller_of(exchange(("Authorization", f"Bearer {token}")), digest)
    assert caller.key != ANONYMOUS
    assert caller.claims == ()


def test_an_administrators_claim_is_seen():
    assert caller_of(exchange(("Authorization", bearer(b'{"sub":"1","role":"admin"}'))), digest).admin
    assert not caller_of(exchange(("Authorization", bearer(b'{"sub":"1","role":"reader"}'))), digest).admin
