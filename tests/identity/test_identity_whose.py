import base64
import json

import pytest

from stanch.identity.caller import ANONYMOUS
from stanch.identity.resolve import resolve, whose
from told import Traffic, bearer, cookie

ANN = {"id": 1, "username": "ann", "email": "ann@example.org", "phone": "+1 202 555 0143"}
BOB = {"id": 2, "username": "bob", "email": "bob@example.org", "phone": "+1 202 555 0178"}


@pytest.fixture
def traffic():
    return Traffic()


def relation(traffic, path, template=None):
    picture = resolve(traffic.summary())
    found = [f for f in picture.fields if f.path == path and f.where == "response.body" and template in {None, f.endpoint.key}]
    total = [sum(getattr(f.relation, name) for f in found) for name in ("own", "other", "unknown")]
    return tuple(total)


def jwt(claims):
    def part(value):
        return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")

    return f"{part({'alg': 'HS256'})}.{part(claims)}.sig"


def sign_in(traffic, person, token):
    return traffic.say("POST", "/login", {"token": token}, body={"email": person["email"], "password": "correct horse"})


def test_a_token_is_known_by_the_sign_in_that_issued_it(traffic):
    sign_in(traffic, ANN, "a" * 20)
    sign_in(traffic, BOB, "b" * 20)
    traffic.say("GET", "/people/7", {"email": "bob@example.org"}, headers=bearer("a" * 20))
    traffic.say("GET", "/people/7", {"email": "bob@example.org"}, headers=bearer("b" * 20))
    assert relation(traffic, "$.email") == (1, 1, 0)


def test_a_token_is_known_by_the_endpoint_that_answers_with_its_holder(traffic):
    for token, person in (("a1", ANN), ("b1", BOB)):
        traffic.say("GET", "/me", person, headers=bearer(token))
    traffic.say("GET", "/comments", [{"author": {"username": "bob"}}], headers=bearer("a1"))
    assert relation(traffic, "$[*].author.username") == (0, 1, 0)


def test_a_person_inside_the_callers_own_record_is_not_the_caller(traffic):
    for token, person in (("a1", ANN), ("b1", BOB)):
        traffic.say("GET", "/me", {**person, "manager": {"email": "carol@example.org"}}, headers=bearer(token))
    traffic.say("GET", "/x", {"email": "bob@example.org"}, headers=bearer("a1"))
    assert relation(traffic, "$.email", "GET /x") == (0, 1, 0)


def test_an_endpoint_with_someones_name_in_its_path_names_no_caller(traffic):
    for token, person in (("a1", ANN), ("b1", BOB)):
        traffic.say("GET", "/me", person, headers=bearer(token))
    for name in ("carol", "dan", "eve", "ann", "bob"):
        for token in ("a1", "b1"):
            traffic.say("GET", f"/users/{name}", {"username": name, "email": f"{name}@example.org"}, headers=bearer(token))
    assert relation(traffic, "$.email", "GET /users/{username}") == (2, 8, 0)


def test_a_claim_that_all_tokens_share_names_nobody(traffic):
    for person in (ANN, BOB):
        traffic.say("GET", "/x", {"username": "ann"}, headers=bearer(jwt({"sub": "access", "username": person["username"]})))
    assert relation(traffic, "$.username") == (1, 1, 0)


def test_a_session_that_is_replaced_at_every_answer_keeps_its_holder(traffic):
    traffic.say("POST", "/login", {}, body={"email": ANN["email"], "password": "x"}, set_cookie="sid=one")
    traffic.say("GET", "/a", {}, headers=cookie("sid=one"), set_cookie="sid=two")
    traffic.say("GET", "/a", {}, headers=cookie("sid=two"), set_cookie="sid=three")
    traffic.say("GET", "/b", {"email": ANN["email"]}, headers=cookie("sid=three"))
    assert relation(traffic, "$.email", "GET /b") == (1, 0, 0)


def test_a_visitors_session_is_nobodys(traffic):
    traffic.say("GET", "/", {}, set_cookie="sid=visitor")
    traffic.say("GET", "/b", {"email": ANN["email"]}, headers=cookie("sid=visitor"))
    picture = resolve(traffic.summary())
    item = next(f for f in picture.fields if f.path == "$.email")
    assert (item.relation.other, item.n_to_anonymous) == (1, 1)


def test_signing_out_and_in_as_someone_else_does_not_merge_two_people(traffic):
    traffic.say("POST", "/login", {}, body={"email": ANN["email"], "password": "x"}, set_cookie="sid=ann")
    traffic.say("POST", "/logout", {}, headers=cookie("sid=ann"), set_cookie="sid=blank")
    traffic.say("POST", "/login", {}, headers=cookie("sid=blank"), body={"email": BOB["email"], "password": "x"}, set_cookie="sid=bob")
    traffic.say("GET", "/b", {"email": ANN["email"]}, headers=cookie("sid=bob"))
    assert relation(traffic, "$.email", "GET /b") == (0, 1, 0)


def test_a_telephone_number_is_known_again_without_its_person_however_it_is_written(traffic):
    for token, person in (("a1", ANN), ("b1", BOB)):
        traffic.say("GET", "/me", person, headers=bearer(token))
    traffic.say("GET", "/orders/5", {"order": 5, "contact": "(1) 202-555-0178"}, headers=bearer("a1"))
    assert relation(traffic, "$.contact") == (0, 1, 0)


def test_an_address_inside_a_text_is_known_again(traffic):
    for token, person in (("a1", ANN), ("b1", BOB)):
        traffic.say("GET", "/me", person, headers=bearer(token))
    traffic.say("GET", "/log/1", {"line": "sent to bob@example.org and ann@example.org today"}, headers=bearer("a1"))
    assert relation(traffic, "$.line") == (1, 1, 0)


def test_a_thing_is_about_the_person_it_points_at(traffic):
    for token, person in (("a1", ANN), ("b1", BOB)):
        traffic.say("GET", "/me", person, headers=bearer(token))
    traffic.say("GET", "/orders/5", {"id": 1, "user_id": 2, "street": "1 Main Street"}, headers=bearer("a1"))
    assert relation(traffic, "$.street") == (0, 1, 0)


def test_what_cannot_be_told_stays_unknown(traffic):
    traffic.say("GET", "/x", {"street": "1 Main Street"}, headers=bearer("a1"))
    traffic.say("GET", "/y", {"email": "bob@example.org"}, headers=bearer("a1"))
    assert relation(traffic, "$.street") == (0, 0, 1)
    assert relation(traffic, "$.email") == (0, 0, 1)


def test_an_applications_key_does_not_make_all_its_users_one_person(traffic):
    for session, person in (("s1", ANN), ("s2", BOB)):
        traffic.say("GET", "/me", person, headers=[("X-Api-Key", "app"), *cookie(f"sid={session}")])
    answer = whose(traffic.summary())
    assert len(answer.callers) == 2


def test_someone_who_creates_an_account_for_another_stays_oneself(traffic):
    traffic.say("GET", "/me", ANN, headers=bearer("a1"))
    traffic.say("POST", "/users", {"id": 9, "email": "bob@example.org"}, headers=bearer("a1"), body={"email": "bob@example.org", "password": "x"})
    assert relation(traffic, "$.email", "POST /users") == (0, 1, 0)


@pytest.mark.parametrize("mark", [{"role": "admin"}, {"is_staff": True}, {"isAdmin": True}])
def test_an_administrator_is_told_by_their_own_record(traffic, mark):
    traffic.say("GET", "/me", {**ANN, **mark}, headers=bearer("a1"))
    traffic.say("GET", "/me", {**BOB, "role": "reader"}, headers=bearer("b1"))
    answer = whose(traffic.summary())
    assert answer.admins == {traffic.digest("credential", "a1")}
    assert ANONYMOUS not in answer.admins


def test_the_number_of_a_shop_is_not_the_number_of_a_person(traffic):
    for token, person in (("a1", ANN), ("b1", BOB)):
        traffic.say("GET", "/me", person, headers=bearer(token))
        traffic.say(
            "GET", "/restaurants", [{"id": 2, "name": "Two Doves", "phone": "+1 202 555 0101", "email": "x@example.org"}], headers=bearer(token)
        )
    picture = resolve(traffic.summary())
    item = next(f for f in picture.fields if f.path == "$[*].phone")
    assert (item.relation.own, len(item.others_with_account)) == (0, 0)


def test_a_customer_is_the_user_of_the_same_number_where_the_addresses_agree(traffic):
    for token, person in (("a1", ANN), ("b1", BOB)):
        traffic.say("GET", "/me", person, headers=bearer(token))
    traffic.say("GET", "/orders/5", {"customer": {"id": 2, "email": "bob@example.org"}}, headers=bearer("a1"))
    traffic.say("GET", "/orders/6", {"order": 6, "customer_id": 1, "street": "1 Main Street"}, headers=bearer("a1"))
    assert relation(traffic, "$.street") == (1, 0, 0)


def test_two_kinds_whose_numbers_stand_beside_different_people_stay_apart(traffic):
    for token, person in (("a1", ANN), ("b1", BOB)):
        traffic.say("GET", "/me", person, headers=bearer(token))
        traffic.say("GET", "/patients", [{"id": 1, "first_name": "Carol", "last_name": "Chen", "phone": "+1 202 555 0101"}], headers=bearer(token))
    item = next(f for f in resolve(traffic.summary()).fields if f.path == "$[*].phone")
    assert item.relation.own == 0


def test_owners_of_pets_are_not_the_users_of_the_same_numbers(traffic):
    for token, person in (("a1", ANN), ("b1", BOB)):
        traffic.say("GET", "/me", {key: person[key] for key in ("id", "username", "email")}, headers=bearer(token))
        traffic.say("GET", "/owners", [{"id": 1, "first_name": "George", "telephone": "+1 202 555 0101"}], headers=bearer(token))
        traffic.say("GET", "/pets/9", {"name": "Leo", "owner": {"id": 1, "first_name": "George"}, "phone": "x"}, headers=bearer(token))
    item = next(f for f in resolve(traffic.summary()).fields if f.path == "$[*].telephone")
    assert (item.relation.own, item.relation.other) == (0, 0)


def test_the_owner_of_an_article_is_a_user_where_there_is_no_collection_of_owners(traffic):
    for token, person in (("a1", ANN), ("b1", BOB)):
        traffic.say("GET", "/me", person, headers=bearer(token))
    traffic.say("GET", "/articles/9", {"title": "x", "owner": {"id": 1, "avatar": "y"}, "owner_phone": "x"}, headers=bearer("a1"))
    traffic.say("GET", "/notes/9", {"title": "x", "owner_id": 2, "street": "1 Main Street"}, headers=bearer("a1"))
    assert relation(traffic, "$.street") == (0, 1, 0)


@pytest.mark.parametrize("name", ["identifier", "email", "usernameOrEmail"])
def test_a_sign_in_form_may_name_its_field_as_it_likes(traffic, name):
    traffic.say("POST", "/api/auth/local", {"jwt": "x" * 30, "user": {"email": ANN["email"]}}, body={name: ANN["email"], "password": "x"})
    assert relation(traffic, "$.user.email") == (1, 0, 0)


def test_a_key_in_a_header_of_the_apis_own_naming_identifies_the_caller(traffic):
    for key, person in (("k1", ANN), ("k2", BOB)):
        traffic.say("GET", "/users/current.json", {"user": person}, headers=[("X-Tracker-API-Key", key)])
    assert relation(traffic, "$.user.email") == (2, 0, 0)
