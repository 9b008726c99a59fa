"""Every answer, on rows made by hand, against the same counted without a database."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stanch.engines.ledger.ask import open_ledger
from stanch.engines.ledger.inquiry import Inquiry
from stanch.engines.ledger.keys import default_key_path, make_keyring
from stanch.engines.ledger.store import create_store
from stanch.errors import InputError
from stanch.identity.pseudonym import VALUE, KeyedDigest
from stanch.ledger.answer import Count, Question, exactly
from stanch.ledger.coverage import Coverage
from stanch.ledger.disclosure import Disclosure, Link, RecipientKind, Relation
from stanch.ledger.person import person_key
from stanch.ledger.residence import Home
from stanch.ledger.shape import Shape, ShapeField
from stanch.personal import Personal

ANN, BOB, CAROL, DAN, EVE = range(1, 6)
HOUR = 3_600_000
NOON = int(datetime(2026, 3, 20, 12, tzinfo=UTC).timestamp() * 1000)
USERS = Shape(
    host="api.example.org",
    endpoint="GET /users/{id}",
    status=200,
    fields=(
        ShapeField(path="$.email", where="response.body", datatype="contact.email", verdict="excessive"),
        ShapeField(path="$.name", where="response.body", datatype="person.name", verdict="needed"),
        ShapeField(path="$.ssn", where="response.body", datatype="gov_id.us.ssn", verdict="excessive"),
        ShapeField(path="$.plan", where="response.body", datatype="internal.flag", verdict="unknown"),
    ),
)
POSTS = Shape(
    host="api.example.org",
    endpoint="GET /posts",
    status=200,
    fields=(ShapeField(path="$[*].author.email", where="response.body", datatype="contact.email", verdict="excessive"),),
)
EMAIL, NAME, SSN, PLAN = 1, 2, 4, 8


def row(
    response,
    subject,
    recipient,
    mask=EMAIL,
    *,
    shape=USERS,
    at=NOON,
    relation=None,
    kind=RecipientKind.PERSON,
    place=None,
    credential=None,
    address=None,
):
    if relation is None:
        relation = Relation.UNKNOWN if subject is None else Relation.SELF if subject == recipient else Relation.OTHER
    n = mask.bit_count()
    signed_in = kind in {RecipientKind.PERSON, RecipientKind.CREDENTIAL}
    return Disclosure(at, response, subject, recipient, kind, relation, shape.number, mask, n, signed_in, False, credential, address, place)


@pytest.fixture
def asked(empty_store, put):
    """``asked(rows, ...)`` gives the open ledger of these rows."""
    opened = []

    def ask(rows, **more):
        put(empty_store, "ab" * 16, rows, (USERS, POSTS), **more)
        context = open_ledger(empty_store.root)
        opened.append(context)
        return context.__enter__()

    yield ask
    for context in opened:
        context.__exit__(None, None, None)


def test_ones_own_data_affects_nobody(asked):
    assert asked([row(1, ANN, ANN), row(2, BOB, BOB)]).affected("field", Question()).people == exactly(0)


def test_needed_fields_are_out_of_scope_until_asked_for(asked):
    ledger = asked([row(1, ANN, BOB, NAME), row(2, CAROL, BOB, PLAN), row(3, DAN, BOB, SSN)])
    assert [str(ledger.affected("field", Question(scope=scope)).people) for scope in ("excessive", "suspected", "all")] == ["1", "2", "3"]


def test_someone_who_may_be_the_recipient_counts_in_the_upper_bound_only(asked):
    answer = asked([row(1, ANN, BOB), row(2, CAROL, 77, kind=RecipientKind.CREDENTIAL, relation=Relation.UNKNOWN)]).affected("datatype", Question())
    assert answer.people == Count(1, 2)
    assert any("can't be told whether the recipient is the person" in note for note in answer.notes)


def test_values_of_nobody_known_widen_the_bound_by_their_number(asked):
    answer = asked([row(1, ANN, BOB), row(2, None, BOB, EMAIL | SSN)]).affected("datatype", Question())
    assert answer.people == Count(1, 3)
    assert answer.n_unattributed == 2


def test_a_person_in_two_endpoints_is_one_person(asked):
    answer = asked([row(1, ANN, BOB), row(2, ANN, BOB, 1, shape=POSTS), row(3, CAROL, BOB, 1, shape=POSTS)]).affected("endpoint", Question())
    assert answer.people == exactly(2)
    assert {group.name: group.people.at_least for group in answer.groups} == {"GET /users/{id}": 1, "GET /posts": 2}


def test_jurisdictions_take_the_surest_source_and_leave_the_rest_unknown(asked):
    homes = {
        Home(ANN, "phone", "US", "", 60): {"2026-03-20"},
        Home(ANN, "profile", "DE", "", 95): {"2026-03-20"},
        Home(CAROL, "address", "US", "CA", 85): {"2026-03-20"},
    }
    answer = asked([row(1, ANN, BOB), row(2, CAROL, BOB), row(3, DAN, BOB)], homes=homes).affected("jurisdiction", Question())
    assert {group.name: (group.people, group.detail) for group in answer.groups} == {
        "DE": (exactly(1), "1 by profile (95 % sure)"),
        "US-CA": (exactly(1), "1 by address (85 % sure)"),
        "unknown": (exactly(1), ""),
    }


def test_cohorts_hold_people_apart_by_residence_and_by_what_went_out(asked):
    homes = {Home(ANN, "profile", "DE", "", 95): {"2026-03-20"}}
    ledger = asked([row(1, ANN, BOB, EMAIL | SSN), row(2, CAROL, BOB, EMAIL), row(3, DAN, BOB, EMAIL)], homes=homes)
    found = {(c.country, c.datatypes): c.people for c in ledger.cohorts(Question())}
    assert found == {("DE", frozenset({"contact.email", "gov_id.us.ssn"})): exactly(1), ("", frozenset({"contact.email"})): exactly(2)}


def test_batches_made_apart_are_joined_by_what_they_share(empty_store, put):
    links = {Link(ANN, ANN, "email"): {"2026-03-20"}, Link(ANN, 90, "uid"): {"2026-03-20"}}
    put(empty_store, "aa" * 16, [row(1, ANN, BOB)], (USERS,), links=links)
    put(empty_store, "bb" * 16, [row(2, 90, BOB)], (USERS,), links={Link(90, 90, "uid"): {"2026-03-20"}})
    with open_ledger(empty_store.root) as ledger:
        assert ledger.affected("field", Question()).people == exactly(1)


def test_a_number_that_two_named_people_have_joins_nobody(empty_store, put):
    for batch, person in (("aa", ANN), ("bb", CAROL)):
        links = {Link(person, person, "email"): {"2026-03-20"}, Link(person, 90, "uid"): {"2026-03-20"}}
        put(empty_store, batch * 16, [row(person, person, BOB)], (USERS,), links=links)
    with open_ledger(empty_store.root) as ledger:
        assert ledger.affected("field", Question()).people == exactly(2)


def test_a_token_whose_holder_another_batch_knows_becomes_that_person_and_their_own_data_their_own(empty_store, put):
    put(
        empty_store,
        "aa" * 16,
        [row(1, ANN, 77, kind=RecipientKind.CREDENTIAL, relation=Relation.UNKNOWN)],
        (USERS,),
        links={Link(77, 77, "credential"): {"2026-03-20"}},
    )
    put(
        empty_store,
        "bb" * 16,
        [row(2, BOB, ANN)],
        (USERS,),
        links={Link(ANN, ANN, "email"): {"2026-03-20"}, Link(ANN, 77, "credential"): {"2026-03-20"}},
    )
    with open_ledger(empty_store.root) as ledger:
        answer = ledger.affected("field", Question())
    assert answer.people == exactly(1)
    assert answer.recipients == exactly(1)


def test_a_record_of_one_person_says_who_got_what_and_when(asked):
    ledger = asked([row(1, ANN, BOB, EMAIL | NAME), row(2, ANN, BOB, EMAIL, at=NOON + HOUR), row(3, ANN, ANN, SSN), row(4, CAROL, BOB)])
    subject = next(g.name for g in ledger.affected("subject", Question(scope="all")).groups if g.n_disclosures == 2)
    record = Inquiry(ledger).person(subject, Question(scope="all"))
    stranger = next(item for item in record.received if item.relation == "other")
    assert (stranger.datatypes, stranger.n_responses) == (("contact.email", "person.name"), 2)
    assert stranger.last_at - stranger.first_at == timedelta(hours=1)
    assert record.n_recipients == exactly(1)
    assert {item.relation for item in record.received} == {"self", "other"}


def test_a_person_is_found_by_any_identifier_and_nobody_by_a_strangers(empty_store, put):
    digest = KeyedDigest(empty_store.keyring.pseudonym)
    email, phone = (person_key((kind, digest(VALUE, text)), digest) for kind, text in (("email", "ann@example.org"), ("phone", "+12025550100")))
    put(
        empty_store,
        "aa" * 16,
        [row(1, email, BOB)],
        (USERS,),
        links={Link(email, email, "email"): {"2026-03-20"}, Link(email, phone, "phone"): {"2026-03-20"}},
    )
    with open_ledger(empty_store.root) as ledger:
        asked = Inquiry(ledger)
        assert asked.find("email", Personal("Ann@Example.org")) == asked.find("phone", Personal("+1 202 555 0100")) is not None
        assert asked.find("email", Personal("bob@example.org")) is None
        with pytest.raises(InputError, match="not known by this"):
            asked.find("shoe size", Personal("44"))


def test_surplus_sets_what_the_app_needs_beside_what_was_sent(asked):
    (found,) = Inquiry(asked([row(1, ANN, BOB, EMAIL | NAME | PLAN), row(2, CAROL, BOB, NAME)])).surplus(Question())
    assert (found.needed, found.sent_beyond, found.undecided, found.n_responses) == (("$.name",), ("$.email",), ("$.plan",), 2)


def test_the_change_at_a_fix_is_told_in_people_and_fields(asked):
    ledger = asked([row(1, ANN, BOB), row(2, CAROL, BOB), row(3, CAROL, BOB, SSN, at=NOON + HOUR), row(4, DAN, BOB, SSN, at=NOON + HOUR)])
    middle = datetime.fromtimestamp(NOON / 1000, UTC) + timedelta(minutes=30)
    found = Inquiry(ledger).delta(Question(until=middle), Question(since=middle))
    assert (found.people_gone, found.people_again, found.people_new) == (1, 1, 1)
    assert (found.groups_gone, found.groups_new) == (("GET /users/{id} $.email",), ("GET /users/{id} $.ssn",))


def test_a_walk_through_numbers_is_found_over_tokens_and_addresses(asked):
    shift = 10**15
    walk = [row(n, 1000 + n, EVE + n % 2, place=shift + n, at=NOON + n * 900, credential=70 + n % 4, address=80) for n in range(60)]
    readers = [row(100 + n, 1000 + n, 200 + n, place=shift + 7 * n % 50, at=NOON + n * HOUR, credential=300 + n, address=400 + n) for n in range(8)]
    (found,) = Inquiry(asked(walk + readers)).sweeps(Question())
    assert (found.n_people, found.n_steps, found.n_places, found.n_credentials, found.n_addresses) == (60, 59, 60, 4, 1)
    assert [sign.split(" ")[0] for sign in found.signs] == ["asked", "reached", "up", "with"]


def test_readers_of_different_things_are_no_walk(asked):
    assert Inquiry(asked([row(n, ANN, BOB, place=10**15 + 37 * n * n % 101, at=NOON + n * HOUR) for n in range(20)])).sweeps(Question()) == ()


def test_an_address_that_many_share_joins_nobody(asked):
    walk = [row(n, 1000 + n, 500 + n, place=10**15 + n, at=NOON + n * 1000, credential=600 + n, address=80) for n in range(40)]
    assert Inquiry(asked(walk)).sweeps(Question()) == ()


def test_no_evidence_may_be_said_only_where_every_body_was_read(asked):
    coverage = Coverage()
    for hour in (0, 1, 3):
        coverage.look("api.example.org GET /clean", NOON + hour * HOUR, undecodable=False, unrecorded=False)
    coverage.look("api.example.org GET /cut", NOON, undecodable=True, unrecorded=False)
    coverage.look("api.example.org GET /short", NOON, undecodable=False, unrecorded=False)
    ledger = asked([row(1, ANN, BOB)], coverage=coverage)
    found = {item.endpoint.split("/")[1]: item.may_say_none for item in Inquiry(ledger).looked(Question())}
    assert found == {"clean": False, "cut": False, "short": True}
    reasons = [gap.reason for gap in ledger.gaps(Question())]
    assert reasons == ["no traffic was retained", "bodies could not be decoded"]


def test_the_timeline_counts_people_once_an_hour(asked):
    moments = asked([row(1, ANN, BOB), row(2, ANN, CAROL), row(3, ANN, BOB, at=NOON + HOUR)]).timeline(Question())
    assert [(moment.n_people, moment.n_recipients, moment.n_disclosures) for moment in moments] == [(1, 2, 2), (1, 1, 1)]


ROWS = st.lists(
    st.tuples(st.sampled_from([None, 1, 2, 3, 4]), st.sampled_from([None, 1, 2, 9]), st.integers(1, 15), st.booleans(), st.integers(0, 5)),
    max_size=25,
)


@settings(max_examples=12)
@given(ROWS)
def test_answers_are_those_of_counting_by_hand(tmp_path_factory, put, drawn):
    folder = tmp_path_factory.mktemp("drawn")
    store = create_store(folder / "book", make_keyring(default_key_path(folder / "book")))
    rows = []
    for number, (subject, recipient, mask, unsure, hour) in enumerate(drawn):
        kind = RecipientKind.NOBODY if recipient is None else RecipientKind.CREDENTIAL if recipient == 9 else RecipientKind.PERSON
        relation = Relation.UNKNOWN if unsure and subject is not None and subject != recipient else None
        rows.append(row(number, subject, recipient, mask, at=NOON + hour * HOUR, kind=kind, relation=relation))
    put(store, "ab" * 16, rows, (USERS,))
    since, until = (datetime.fromtimestamp((NOON + hour * HOUR) / 1000, UTC) for hour in (1, 4))
    with open_ledger(store.root) as ledger:
        for question in (Question(), Question(scope="all"), Question(scope="suspected", since=since, until=until)):
            answer = ledger.affected("field", question)
            assert answer.people == people_by_hand(rows, question)
            for group in answer.groups:
                assert group.people == people_by_hand(rows, question, group.name.rpartition(" ")[2])


def people_by_hand(rows, question, path=None):
    verdicts = {"excessive": {"excessive"}, "suspected": {"excessive", "unknown"}, "all": {"excessive", "unknown", "needed"}}[question.scope]
    wanted = sum(1 << bit for bit, item in enumerate(USERS.fields) if item.verdict in verdicts and path in {None, item.path})
    low, high = (int(t.timestamp() * 1000) if t else None for t in (question.since, question.until))
    inside = [
        r for r in rows if r.mask & wanted and r.relation != Relation.SELF and (low is None or r.at_ms >= low) and (high is None or r.at_ms < high)
    ]
    sure = {r.subject for r in inside if r.subject is not None and r.relation == Relation.OTHER}
    possible = {r.subject for r in inside if r.subject is not None}
    return Count(len(sure), len(possible) + sum(r.n for r in inside if r.subject is None))
