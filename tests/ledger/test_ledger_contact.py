"""From pseudonyms to people: at the last step only, and nowhere else."""

import csv
import json
import sqlite3
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from stanch.engines.ledger.ask import open_ledger
from stanch.engines.ledger.contact import for_each_contact
from stanch.engines.ledger.userstore import CsvStore, HttpStore, SqliteStore
from stanch.errors import InputError, OutsideError
from stanch.ledger.answer import Question


@pytest.fixture(scope="module")
def users(truth):
    """The customer's users: those affected, one who is not, in the store's own words."""
    people = [{"mail": email.upper(), "full_name": f"Person {n}", "lang": "de"} for n, email in enumerate(sorted(truth.people))]
    return [*people, {"mail": "stranger@example.org", "full_name": "Eve", "lang": "en"}]


def store_as(kind, users, folder):
    if kind == "csv":
        with (folder / "users.csv").open("w", newline="") as stream:
            writer = csv.DictWriter(stream, list(users[0]))
            writer.writeheader()
            writer.writerows(users)
        return CsvStore(folder / "users.csv")
    with sqlite3.connect(folder / "users.db") as connection:
        connection.execute("CREATE TABLE account (mail, full_name, lang)")
        connection.executemany("INSERT INTO account VALUES (:mail, :full_name, :lang)", users)
    return SqliteStore(folder / "users.db", "SELECT mail, full_name, lang FROM account")


@contextmanager
def serving(body, status=200):
    class Users(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(status)
            self.send_header("Location", "http://example.org/")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args):
            pass

    server = HTTPServer(("127.0.0.1", 0), Users)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/users"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def reach(root, store, columns=None):
    letters = []
    with open_ledger(root) as ledger:
        done = for_each_contact(ledger, Question(), store, columns or {"email": "mail"}, letters.append)
    return done, letters


@pytest.mark.parametrize("kind", ["csv", "sqlite"])
def test_everyone_affected_is_reached_once_and_the_stranger_never(kind, users, truth, leaky_ledger, tmp_path):
    done, letters = reach(leaky_ledger, store_as(kind, users, tmp_path))
    assert (done.n_affected, done.n_reached, done.n_unknown) == (len(truth.people),) * 2 + (0,)
    assert {letter.contact.reveal()["mail"].lower() for letter in letters} == truth.people
    assert all("contact.email" in letter.datatypes and letter.certain and letter.country == "US" for letter in letters)


def test_a_store_over_http_on_loopback_is_read(users, leaky_ledger):
    body = "\n".join(json.dumps(user) for user in users).encode()
    with serving(body) as url:
        done, _ = reach(leaky_ledger, HttpStore(url))
    assert done.n_unknown == 0


def test_people_whom_the_store_does_not_know_are_counted(users, leaky_ledger, tmp_path):
    done, _ = reach(leaky_ledger, store_as("csv", users[2:], tmp_path))
    assert done.n_unknown == 2


def test_a_second_row_of_one_person_makes_no_second_letter(users, leaky_ledger, tmp_path):
    done, letters = reach(leaky_ledger, store_as("csv", [users[0], *users], tmp_path))
    assert done.n_twice == 1
    assert len(letters) == done.n_reached


def test_an_addressee_shows_nothing_of_the_contact(users, leaky_ledger, tmp_path):
    _, letters = reach(leaky_ledger, store_as("csv", users, tmp_path))
    assert not any(user["mail"].lower() in repr(letters).lower() or user["full_name"] in repr(letters) for user in users)


@pytest.mark.parametrize("url", ["http://users.example.org/", "https://users.example.org/", "file:///etc/hostname", "ftp://127.0.0.1/"])
def test_hosts_beyond_loopback_are_asked_only_when_allowed_by_name(url):
    with pytest.raises(InputError, match="on loopback, or over https on a host that is allowed by name"):
        HttpStore(url)


def test_an_allowed_host_is_asked_over_https_only():
    HttpStore("https://users.example.org/", allowed=["users.example.org"])
    with pytest.raises(InputError):
        HttpStore("http://users.example.org/", allowed=["users.example.org"])


@pytest.mark.parametrize(("status", "permanent"), [(302, False), (404, True), (503, False)])
def test_a_store_that_answers_badly_is_an_outside_fault_and_no_redirect_is_followed(status, permanent, leaky_ledger):
    with serving(b"", status) as url, pytest.raises(OutsideError, match=f"answered {status}") as caught:
        reach(leaky_ledger, HttpStore(url))
    assert caught.value.permanent is permanent


@pytest.mark.parametrize(
    ("text", "what"),
    [("mail,name\nann@example.org\n", "users.csv:2: the line has more or fewer cells"), ("mail\n\xff", "can't be read")],
)
def test_a_broken_store_is_named_by_place_and_never_quoted(text, what, leaky_ledger, tmp_path):
    (tmp_path / "users.csv").write_bytes(text.encode("latin-1"))
    with pytest.raises(InputError) as caught:
        reach(leaky_ledger, CsvStore(tmp_path / "users.csv"))
    assert what in str(caught.value)
    assert "ann@" not in str(caught.value)


def test_a_query_can_not_write(users, leaky_ledger, tmp_path):
    store_as("sqlite", users, tmp_path)
    with pytest.raises(InputError, match="the query failed"):
        reach(leaky_ledger, SqliteStore(tmp_path / "users.db", "DELETE FROM account"))
    with sqlite3.connect(tmp_path / "users.db") as connection:
        assert connection.execute("SELECT count(*) FROM account").fetchone() == (len(users),)


def test_the_mail_merge_table_is_for_its_owner_alone_and_never_written_over(users, leaky_ledger, tmp_path, stanch):
    store_as("csv", users, tmp_path)
    out = tmp_path / "letters.csv"
    args = ["ledger", "contacts", leaky_ledger, "--users", tmp_path / "users.csv", "--id", "email=mail", "-o", out]
    code, said_out, said = stanch(*args)
    assert (code, said_out) == (0, "")
    assert "9 of 9 people affected are in the user store" in said
    assert out.stat().st_mode & 0o077 == 0
    rows = list(csv.DictReader(out.read_text().splitlines()))
    assert set(rows[0]) == {"mail", "full_name", "lang", "subject", "datatypes", "certain", "country", "state"}
    code, _, said = stanch(*args)
    assert code == 2
    assert "there is such a file already" in said


def test_a_merge_that_fails_leaves_no_half_table(leaky_ledger, tmp_path, stanch):
    (tmp_path / "users.csv").write_text("mail,name\nann@example.org\n")
    out = tmp_path / "letters.csv"
    assert stanch("ledger", "contacts", leaky_ledger, "--users", tmp_path / "users.csv", "--id", "email=mail", "-o", out)[0] == 2
    assert not out.exists()
