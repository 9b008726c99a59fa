"""Ways in: links that work once, rate limits, second factors; nothing of a person in a log."""

from datetime import timedelta

import pytest
from console_stage import PASSWORD
from django.test import Client
from django.utils.timezone import now as real_now

from stanch.console.actions import people
from stanch.console.models import OneTimeLink, Person
from stanch.errors import InputError

NEW = {"name": "Dan", "email": "dan@example.org", "password": "a long enough one", "again": "a long enough one"}


def test_the_first_admin_comes_in_by_a_link_that_works_once(db):
    secret = people.make_link("first", None, now=real_now())
    client = Client()
    assert "first account" in client.get(f"/setup/{secret}").content.decode()
    assert client.post(f"/setup/{secret}", NEW).status_code == 302
    assert client.get("/incidents").status_code == 200
    assert Client().post(f"/setup/{secret}", NEW).status_code == 404
    assert secret not in str(list(OneTimeLink.objects.values()))


def test_looking_at_a_link_does_not_use_it_up(db):
    secret = people.make_link("first", None, now=real_now())
    for _ in range(3):
        assert Client().get(f"/setup/{secret}").status_code == 200


@pytest.mark.parametrize(
    "change",
    [
        {"again": "another one here"},
        {"password": "short", "again": "short"},
        {"password": "password1234", "again": "password1234"},
        {"email": "nonsense"},
        {"name": " "},
    ],
)
def test_a_weak_start_is_refused_and_the_link_still_works(db, change):
    secret = people.make_link("first", None, now=real_now())
    assert Client().post(f"/setup/{secret}", NEW | change).status_code == 200
    assert not Person.objects.exists()
    assert Client().post(f"/setup/{secret}", NEW).status_code == 302


def test_a_link_runs_out(db):
    secret = people.make_link("first", None, now=real_now() - timedelta(minutes=31))
    assert Client().get(f"/setup/{secret}").status_code == 404


def test_of_two_at_once_one_wins(world):
    secret = people.make_link("signin", world.people["Dan"], now=real_now())
    link = people.find_link(secret, now=real_now())
    people.accept_link(link, name="", email="", password="", now=real_now())
    with pytest.raises(InputError, match="has been used"):
        people.accept_link(link, name="", email="", password="", now=real_now())


def test_a_second_first_admin_is_refused(world):
    secret = people.make_link("first", None, now=real_now())
    assert "there is an admin already" in Client().post(f"/setup/{secret}", NEW).content.decode()


def test_guessing_links_is_slowed_down(db):
    client = Client()
    answers = [client.get(f"/setup/guess{n}").status_code for n in range(22)]
    assert answers[0] == 404
    assert answers[-1] == 429


def test_people_sign_in_with_their_password_and_out_again(world):
    client = Client()
    assert client.post("/accounts/login/", {"login": "dan@example.org", "password": PASSWORD}).status_code == 302
    assert client.get("/incidents").status_code == 200
    client.post("/accounts/logout/")
    assert client.get("/incidents").status_code == 302


def test_after_five_wrong_passwords_even_the_right_one_has_to_wait(world):
    client = Client()
    for _ in range(5):
        client.post("/accounts/login/", {"login": "dan@example.org", "password": "wrong"})
    client.post("/accounts/login/", {"login": "dan@example.org", "password": PASSWORD})
    assert client.get("/incidents").status_code == 302


def test_a_wrong_address_and_a_wrong_password_look_the_same(world):
    pages = [
        Client().post("/accounts/login/", {"login": login, "password": "wrong"}).content.decode().replace(login, "")
        for login in ("dan@example.org", "nobody@example.org")
    ]
    assert [page.count("not correct") for page in pages] == [1, 1]


def test_nobody_signs_up_alone(db):
    assert "closed" in Client().get("/accounts/signup/").content.decode().lower()


def test_where_a_second_factor_is_required_it_comes_first(world, settings):
    settings.STANCH_MFA = "required"
    answer = world.browser("Dan").get("/incidents")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/accounts/2fa/")


def test_who_was_taken_out_is_out_at_once(world):
    client = world.browser("Rob")
    assert client.get(f"/incidents/{world.key}").status_code == 200
    world.browser("Dan").post(f"/members/{world.people['Rob'].key}", {"office": ""})
    assert client.get(f"/incidents/{world.key}").status_code == 403
