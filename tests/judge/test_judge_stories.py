"""Whole stories: who asks what, and which members of the answers are too much."""

import pytest

from stanch.identity.resolve import resolve
from stanch.judge.evidence import gather
from stanch.judge.fusion import judge
from stanch.judge.reason import Outcome
from told import Traffic, bearer

NAMES = ("ann", "bob", "carol", "dan", "eve")
HASH = "$2b$12$" + "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0"


def account(name):
    number = NAMES.index(name) + 1 if name in NAMES else 50 + sum(map(ord, name)) % 40
    return {
        "id": number, "username": name, "email": f"{name}@example.org", "phone": f"+1 202 555 01{10 + number}",
        "birth_date": f"19{60 + number % 40}-02-03", "avatar": f"https://cdn.example.org/{name}.png",
    }  # fmt: skip


def shown(name, *also):
    full = {**account(name), "password_hash": HASH + name[0], "salary": 50_000 + len(name), "national_id": f"{100 + len(name)}-45-678{len(name)}"}
    return {key: full[key] for key in ("id", "username", "avatar", *also)}


@pytest.fixture
def traffic():
    """Everyone has looked at their own account."""
    told = Traffic()
    for name in NAMES:
        told.say("GET", "/api/me", account(name), headers=bearer(name * 5))
    return told


def ask(traffic, name, path, answer, method="GET", **more):
    traffic.say(method, path, answer, headers=bearer(name * 5) if name else (), **more)


def verdicts(traffic):
    evidence, context = gather(resolve(traffic.summary()))
    return {(j.evidence.picture.endpoint.key, j.evidence.picture.path): j.verdict for j in judge(evidence, context)}


def excessive(traffic):
    return {place for place, verdict in verdicts(traffic).items() if verdict.outcome is Outcome.EXCESSIVE}


def signals(traffic, endpoint, path):
    return {reason.signal for reason in verdicts(traffic)[endpoint, path].reasons}


def test_the_author_of_a_comment_comes_with_the_whole_account(traffic):
    for asker in NAMES[1:]:
        for author in NAMES:
            ask(traffic, asker, "/api/comments/7", {"id": 7, "text": "hi", "author": shown(author, "email", "phone", "birth_date", "password_hash")})
    found = {path for endpoint, path in excessive(traffic) if endpoint == "GET /api/comments/{id}"}
    assert found == {"$.author.email", "$.author.phone", "$.author.birth_date", "$.author.password_hash"}
    assert {"nested_person", "whole_object", "same_as_account"} <= signals(traffic, "GET /api/comments/{id}", "$.author.email")


def test_everyones_own_account_is_theirs_to_see(traffic):
    assert excessive(traffic) == set()


def test_a_password_hash_is_too_much_even_for_its_owner(traffic):
    for name in NAMES:
        ask(traffic, name, "/api/profile", {**account(name), "password_hash": HASH + name[0]})
    assert excessive(traffic) == {("GET /api/profile", "$.password_hash")}


def test_what_the_author_alone_received_is_too_much_where_the_same_serialiser_leaks_elsewhere(traffic):
    for name in NAMES:
        ask(traffic, name, "/api/posts", {"id": 3, "title": "x", "author": shown(name, "email")}, "POST", body={"title": "x"}, status=201)
        for author in NAMES:
            ask(traffic, name, "/api/posts/3", {"id": 3, "title": "x", "author": shown(author, "email")})
    assert ("POST /api/posts", "$.author.email") in excessive(traffic)
    assert "siblings_leak" in signals(traffic, "POST /api/posts", "$.author.email")


def test_the_same_post_is_fine_where_nothing_leaks_elsewhere(traffic):
    for name in NAMES:
        ask(traffic, name, "/api/posts", {"id": 3, "title": "x", "author": shown(name, "email")}, "POST", body={"title": "x"}, status=201)
        for author in NAMES:
            ask(traffic, name, "/api/posts/3", {"id": 3, "title": "x", "author": shown(author)})
    assert excessive(traffic) == set()


def test_a_list_of_cameras_with_everyones_keys_is_too_much(traffic):
    for name in NAMES:
        cameras = [{"id": n, "live_access_token": f"{n:032x}", "building_id": 1} for n in range(8)]
        ask(traffic, name, "/api/sites/111/cameras", cameras)
    assert excessive(traffic) == {("GET /api/sites/{id}/cameras", "$[*].live_access_token")}


def test_ones_own_cameras_with_their_keys_are_fine(traffic):
    for number, name in enumerate(NAMES):
        for _ in range(2):
            ask(traffic, name, "/api/cameras", [{"id": 10 * number + n, "live_access_token": f"{10 * number + n:032x}"} for n in range(3)])
    assert excessive(traffic) == set()


def test_the_driver_of_ones_ride_may_be_called_but_not_looked_into(traffic):
    drivers = [
        {
            "id": 900 + n,
            "name": f"Driver {'ABCD'[n]}",
            "phone": f"+1 202 555 018{n}",
            "birth_date": f"198{n}-01-01",
            "national_id": f"90{n}-12-345{n}",
        }
        for n in range(4)
    ]
    for number, name in enumerate(NAMES * 3):
        for _ in range(2):
            ask(traffic, name, f"/api/rides/{number}", {"id": number, "driver": drivers[number % 4]})
    found = {path for _, path in excessive(traffic)}
    assert "$.driver.phone" not in found
    assert {"$.driver.birth_date", "$.driver.national_id"} <= found


def test_restaurants_publish_their_contact(traffic):
    rows = [
        {"id": n, "name": f"Two Doves {n}", "phone": f"+1 202 555 016{n}", "email": f"table{n}@example.org", "cuisine": "any"} for n in range(1, 6)
    ]
    for name in (*NAMES, None, None):
        ask(traffic, name, "/api/restaurants", rows)
    assert excessive(traffic) == set()


def test_a_firms_staff_sees_the_firms_patients(traffic):
    rows = [{**shown(name, "phone", "birth_date"), "email": f"{name}@example.com"} for name in ("pat", "quentin", "rosa", "sven", "tariq")]
    for name in NAMES:
        ask(traffic, name, "/api/patients", rows)
        ask(traffic, name, "/api/patients/60", rows[0])
    assert excessive(traffic) == set()


def test_colleagues_see_each_others_address_but_not_their_pay(traffic):
    for name in NAMES:
        ask(traffic, name, "/api/organizations/4/members", [shown(other, "email", "salary") for other in NAMES])
    assert excessive(traffic) == {("GET /api/organizations/{id}/members", "$[*].salary")}


def test_administrators_see_accounts_but_no_hashes(traffic):
    for _ in range(3):
        ask(traffic, "dan", "/api/admin/users", [shown(other, "email", "phone", "password_hash") for other in NAMES])
    for name in ("ann", "bob"):
        ask(traffic, name, "/api/admin/users", {"error": "no"}, status=403)
    assert excessive(traffic) == {("GET /api/admin/users", "$[*].password_hash")}


def test_a_debugging_endpoint_gives_everything_too_much(traffic):
    for _ in range(2):
        ask(traffic, None, "/_debug/users", [{**shown(other, "email"), "password": f"secret {other}"} for other in NAMES])
    found = {path for endpoint, path in excessive(traffic) if "_debug" in endpoint}
    assert {"$[*].email", "$[*].password"} <= found


def test_someone_elses_address_in_the_text_of_a_notice_is_too_much(traffic):
    for number, name in enumerate(NAMES):
        for other in NAMES:
            if other != name:
                ask(traffic, name, "/api/notifications", [{"id": number, "text": f"{other}@example.org wrote to you"}])
    assert ("GET /api/notifications", "$[*].text") in excessive(traffic)


def test_one_person_alone_is_enough_to_see_that_a_list_is_of_others():
    traffic = Traffic()
    for _ in range(3):
        ask(traffic, "ann", "/api/users", [shown(other, "email", "phone", "birth_date", "password_hash") for other in NAMES])
    found = {path for _, path in excessive(traffic)}
    assert {"$[*].password_hash", "$[*].birth_date"} <= found


def test_the_verdict_names_what_was_missing(traffic):
    ask(traffic, "ann", "/api/users/2", shown("bob", "email"))
    missing = {m.signal for m in verdicts(traffic)["GET /api/users/{id}", "$.email"].missing}
    assert {"contract", "client", "peer_consensus"} <= missing


def test_a_masked_card_is_fit_to_be_seen_and_a_whole_one_is_not(traffic):
    for number, name in enumerate(NAMES):
        for _ in range(2):
            ask(traffic, name, f"/api/orders/{number}", {"id": number, "payment": {"card_number": f"XXXXXXXXXXXX354{number}"}})
            ask(traffic, name, f"/api/invoices/{number}", {"id": number, "payment": {"card_number": f"4242 4242 4242 424{number}"}})
    assert excessive(traffic) == {("GET /api/invoices/{id}", "$.payment.card_number")}


def test_an_author_shown_by_address_is_a_persons_address(traffic):
    for name in NAMES:
        for product in (1, 2):
            ask(
                traffic,
                name,
                f"/api/products/{product}/reviews",
                [{"message": "good", "author": f"{other}@example.org"} for other in NAMES if other != name],
            )
    assert excessive(traffic) == {("GET /api/products/{id}/reviews", "$[*].author")}


def test_an_address_in_a_text_that_people_wrote_is_theirs_to_write(traffic):
    for name in NAMES:
        ask(traffic, name, "/api/posts/1", {"id": 1, "body": "write to bob@example.org, he knows"})
    assert excessive(traffic) == set()


def test_a_bank_shows_everyone_their_own_accounts(traffic):
    for number, name in enumerate(NAMES):
        ask(traffic, name, "/api/accounts", [{"accountId": f"acc-{name}", "iban": f"DE{number}9370400440532013000", "balance": 100.5 * number + 1}])
    assert excessive(traffic) == set()


def test_callers_who_ask_the_same_and_never_share_an_answer_receive_what_is_theirs(traffic):
    for number, name in enumerate(NAMES):
        ask(traffic, name, "/api/appointments", [{"patient": {"birthDate": f"198{number}-02-03"}, "room": 5}])
    assert "kept_to_one" in signals(traffic, "GET /api/appointments", "$[*].patient.birthDate")
    assert excessive(traffic) == set()


def test_an_address_in_a_chat_is_the_writers_business(traffic):
    for name in NAMES:
        ask(traffic, name, "/api/conversations", [{"last_message": {"text": "ask carol@example.org", "sender_id": 3}}])
    assert excessive(traffic) == set()


def test_appointments_of_everyone_are_no_matter_between_two(traffic):
    for number, name in enumerate(NAMES):
        rows = [{"id": 10 * number + n, "patient": shown(other, "email")} for n, other in enumerate(NAMES)]
        ask(traffic, name, "/api/appointments", rows)
    assert excessive(traffic) == {("GET /api/appointments", "$[*].patient.email")}


def test_ones_own_short_record_is_fine_though_a_fuller_one_of_that_name_leaks_elsewhere(traffic):
    for name in NAMES:
        ask(traffic, name, "/api/orders/3", {"id": 3, "total": 9.5, "customer": {"id": account(name)["id"], "email": account(name)["email"]}})
        for other in NAMES:
            full = shown(other, "email", "phone", "birth_date", "password_hash")
            ask(traffic, name, "/api/products/5/reviews", [{"id": 1, "text": "nice", "customer": full}])
    found = excessive(traffic)
    assert ("GET /api/products/{id}/reviews", "$[*].customer.email") in found
    assert ("GET /api/orders/{id}", "$.customer.email") not in found


def test_a_graphql_sign_in_issues_its_own_token():
    traffic = Traffic()
    for name in NAMES:
        query = "mutation Login($e: String!, $p: String!) { login(email: $e, password: $p) { token viewer { id username } } }"
        answer = {"data": {"login": {"token": f"{name}{'0' * 32}", "viewer": {"id": account(name)["id"], "username": name}}}}
        body = {"operationName": "Login", "query": query, "variables": {"e": account(name)["email"], "p": "correct horse"}}
        traffic.say("POST", "/graphql", answer, body=body)
    assert excessive(traffic) == set()


def test_the_bank_account_of_a_driver_is_too_much_though_drivers_never_sign_in():
    traffic = Traffic()
    for number, rider in enumerate(NAMES):
        traffic.say("GET", "/v1/riders/self", {"riderId": number, "email": f"{rider}@example.org"}, headers=bearer(rider * 5))
        for n, iban in enumerate(("DE89370400440532013000", "DE02120300000000202051", "DE02500105170137075030")):
            driver = {"driverId": 900 + n, "firstName": f"Driver{n}", "rating": 4.9, "bankAccount": {"iban": iban}}
            traffic.say("GET", f"/v1/trips/{number * 10 + n}", {"tripId": number * 10 + n, "driver": driver}, headers=bearer(rider * 5))
    assert excessive(traffic) == {("GET /v1/trips/{id}", "$.driver.bankAccount.iban")}
