"""From captures to rows: small worlds written as NDJSON, read by both passes, asked through the ledger."""

import json
from base64 import urlsafe_b64encode

import pytest

from stanch.engines.ledger.ask import open_ledger
from stanch.engines.ledger.inquiry import Inquiry
from stanch.ledger.answer import Question
from stanch.ledger.place import SHIFT_BITS
from stanch.ledger.shape import FIELDS_PER_SHAPE
from stanch.personal import Personal

HOST = "https://api.example.org"
HASH = "$2b$12$" + "abcdefghij" * 5 + "abc"
PEOPLE = {
    number: {"id": number, "email": f"{name}@example.org", "username": name, "phone": f"+1202555010{number}", "password_hash": HASH}
    for number, name in enumerate(("ann", "bob", "carol", "dan", "eve"), 1)
}
KINDS = ("home", "work", "billing", "invoice", "support", "sales", "legal", "press")


def token(number):
    def part(data):
        return urlsafe_b64encode(json.dumps(data).encode()).rstrip(b"=").decode()

    return f"{part({'alg': 'none'})}.{part({'email': PEOPLE[number]['email'], 'sub': str(number)})}.c2ln"


def get(path, body, *, caller=None, minute=0, status=200, headers=(), **more):
    sent = [["Authorization", f"Bearer {token(caller) if isinstance(caller, int) else caller}"]] if caller else []
    return {
        "method": "GET",
        "url": HOST + path,
        "status": status,
        "request_headers": [*sent, *map(list, headers)],
        "response_headers": [["content-type", "application/json"]],
        "response_body": json.dumps(body) if not isinstance(body, str) else body,
        "started_at": f"2026-03-20T12:{minute:02d}:00Z",
        **more,
    }


OWN = [get("/me", PEOPLE[number], caller=number) for number in (1, 2, 3, 4)]
"""Everyone reads their own record, so that callers are known."""


def leaks(*pairs, **more):
    """Each (subject, caller): the caller reads the subject's whole record in a comment."""
    bodies = [{"post": {"title": f"no {n}", "author": PEOPLE[subject]}} for n, (subject, _) in enumerate(pairs)]
    return [get(f"/posts/{n}", body, caller=pairs[n][1], minute=n, **more) for n, body in enumerate(bodies)]


@pytest.fixture
def world(tmp_path, ledger_of):
    """``world(exchanges, ...)`` writes one capture each and gives the open ledger of all of them."""
    opened = []

    def make(*captures):
        paths = []
        for number, exchanges in enumerate(captures):
            path = tmp_path / f"capture{number}.ndjson"
            path.write_text("".join((e if isinstance(e, str) else json.dumps(e)) + "\n" for e in exchanges))
            paths.append(path)
        for path in paths:
            ledger_of(tmp_path / "book", path)
        context = open_ledger(tmp_path / "book")
        opened.append(context)
        return context.__enter__()

    yield make
    for context in opened:
        context.__exit__(None, None, None)


def by(ledger, what, scope="all"):
    return {group.name: group for group in ledger.affected(what, Question(scope=scope)).groups}


def who(ledger, number):
    return Inquiry(ledger).find("email", Personal(PEOPLE[number]["email"]))


def test_whose_record_went_to_whom(world):
    ledger = world([*OWN, *leaks((1, 2), (1, 3), (4, 3))])
    record = Inquiry(ledger).person(who(ledger, 1), Question())
    assert {(item.recipient, item.relation) for item in record.received} == {
        (who(ledger, 1), "self"),
        (who(ledger, 2), "other"),
        (who(ledger, 3), "other"),
    }
    assert by(ledger, "recipient")[who(ledger, 3)].people.at_least == 2


def test_nobody_signed_in_is_told_by_address_where_there_is_one(world):
    ledger = world([*OWN, *leaks((1, None), (2, None), client_ip="203.0.113.9"), *leaks((3, None))])
    recipients = by(ledger, "recipient")
    kinds = {group.detail: group for name, group in recipients.items() if name not in {who(ledger, n) for n in PEOPLE}}
    assert kinds["address"].people.at_least == 2
    assert recipients["unknown"].people.at_least == 1
    assert recipients["unknown"].recipients.at_most == 1


def test_the_first_proxys_word_stands_in_for_an_address(world):
    ledger = world([*OWN, *leaks((1, None), headers=[("X-Forwarded-For", "203.0.113.9, 198.51.100.1")])])
    assert [group.detail for group in by(ledger, "recipient").values()] == ["address"]


def test_a_token_whose_holder_nobody_knows_stays_a_token(world):
    ledger = world([*OWN, *leaks((1, "opaque-token-of-someone-1234567890"))])
    answer = ledger.affected("field", Question(scope="all"))
    assert answer.recipients.at_least == 0
    assert answer.recipients.at_most == 1
    assert not answer.people.exact


def test_an_unknown_token_in_one_capture_is_known_from_another(world):
    opaque = "opaque-token-of-bob-12345678901234"
    sign_in = {
        **get("/login", {"token": opaque}),
        "method": "POST",
        "request_headers": [["content-type", "application/json"]],
        "request_body": json.dumps({"email": PEOPLE[2]["email"], "password": "correct horse"}),
    }
    apart = world([*OWN, *leaks((1, opaque))], [sign_in, get("/me", PEOPLE[2], caller=opaque)])
    answer = apart.affected("field", Question(scope="all"))
    assert who(apart, 2) in by(apart, "recipient")
    assert answer.people.at_least == 1


def test_residence_comes_from_the_profile_then_the_telephone(world):
    ann = {**PEOPLE[1], "country": "Deutschland"}
    ledger = world([*OWN, get("/posts/1", {"post": {"author": ann}}, caller=2), *leaks((3, 2))])
    assert {name: group.people.at_least for name, group in by(ledger, "jurisdiction").items()} == {"DE": 1, "US": 1}
    homes = Inquiry(ledger).person(who(ledger, 1), Question()).residences
    assert [(home.country, home.source) for home in homes] == [("DE", "profile"), ("US", "phone")]


def test_the_edge_servers_country_is_the_callers_own(world):
    people = {n: {k: v for k, v in PEOPLE[n].items() if k != "phone"} for n in PEOPLE}
    own = [get("/me", people[n], caller=n, headers=[("CF-IPCountry", "FR")] if n == 1 else ()) for n in (1, 2, 3)]
    read = [get(f"/posts/{n}", {"post": {"author": people[n]}}, caller=2) for n in (1, 3)]
    assert set(by(world([*own, *read]), "jurisdiction")) == {"FR", "unknown"}


def test_what_could_not_be_read_is_a_gap_and_never_silence(world):
    cut = get("/posts/7", '{"post": {"author": {"email": "ann@exam', caller=2, minute=5)
    empty = {**get("/posts/8", "", caller=2, minute=6), "response_headers": [["content-length", "512"]], "response_body": ""}
    ledger = world([*OWN, *leaks((1, 2)), cut, empty, "this is no exchange"])
    reasons = {gap.reason: gap.n_responses for gap in ledger.gaps(Question())}
    assert reasons == {"bodies could not be decoded": 1, "bodies were not recorded": 1, "entries of the captures could not be read": 1}
    posts = next(item for item in Inquiry(ledger).looked(Question()) if "/posts/" in item.endpoint)
    assert posts.n_unread == 2
    assert not posts.may_say_none


def test_values_of_people_who_are_not_named_are_counted_as_such(world):
    rows = [get("/stats", {"rows": [{"ssn": "219-09-9999"}, {"ssn": "078-05-1120"}]}, caller=2, minute=n) for n in range(2)]
    answer = world([*OWN, *rows]).affected("datatype", Question(scope="all"))
    assert answer.n_unattributed == 4
    assert answer.people.at_most >= answer.people.at_least + 4


def test_a_walk_by_number_is_found_in_real_traffic(world):
    many = [{"id": n, "email": f"user{n}@example.org", "username": f"user{n}", "phone": f"+1202555{n:04d}"} for n in range(100, 140)]
    walk = [get(f"/users/{person['id']}", person, caller=4, minute=n // 20, client_ip="203.0.113.9") for n, person in enumerate(many)]
    readers = [get(f"/users/{100 + 7 * n}", many[7 * n], caller=caller, minute=30 + n) for n, caller in enumerate((1, 2, 3))]
    ledger = world([*OWN, *walk, *readers])
    (found,) = Inquiry(ledger).sweeps(Question(scope="all"))
    assert found.session == who(ledger, 4)
    assert (found.n_people, found.n_steps, found.n_places) == (40, 39, 40)
    assert any("reached 40 people, where half of the 4 sessions" in sign for sign in found.signs)


def test_the_numbers_that_were_asked_for_are_not_in_the_rows(world):
    ledger = world([*OWN, *leaks((1, 2), (3, 2))])
    places = [row[0] for row in ledger.connection.execute("SELECT place FROM disclosures WHERE place IS NOT NULL").fetchall()]
    assert len(places) == 2
    assert abs(places[0] - places[1]) == 1
    assert all(1000 < place < 1 << SHIFT_BITS + 1 for place in places)


def test_a_record_with_more_fields_than_a_mask_has_bits_is_kept_whole(world):
    def contact(n):
        return {"email": f"c{n}@example.org", "phone": f"+120255502{n % 100:02d}"}

    wide = {f"{outer}_{inner}": contact(8 * m + n) for m, outer in enumerate(KINDS) for n, inner in enumerate(KINDS)}
    ledger = world(
        [*OWN, *[get(f"/posts/{n}", {"post": {"author": PEOPLE[1], **dict(list(wide.items())[8 * n : 8 * n + 8])}}, caller=2) for n in range(8)]]
    )
    found = [name for name in by(ledger, "field") if "_" in name.rsplit("$", 1)[1]]
    assert len(found) > FIELDS_PER_SHAPE


def test_the_same_capture_gives_the_same_rows_whichever_process_read_it(tmp_path, ledger_of):
    path = tmp_path / "capture.ndjson"
    path.write_text("".join(json.dumps(e) + "\n" for e in [*OWN, *leaks((1, 2), (3, 2))]))
    key = tmp_path / "org.key"
    found = []
    for name in ("one", "two"):
        ledger_of(tmp_path / name, path, key=key)
        with open_ledger(tmp_path / name, key) as ledger:
            found.append(ledger.connection.execute("SELECT * FROM disclosures ORDER BY ALL").fetchall())
    assert found[0] == found[1]
