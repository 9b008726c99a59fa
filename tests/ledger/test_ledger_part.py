"""The pure parts, each by its table of examples."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stanch.classify.taxonomy import TAXONOMY
from stanch.engines.ledger.keys import decode, encode, fresh_keyring, with_rotation, without_old
from stanch.engines.ledger.permute import Permutation
from stanch.engines.ledger.seal import Seal
from stanch.identity.pseudonym import KeyedDigest
from stanch.ledger.answer import NO_BOUND, Affected, Count, Group, Question, exactly
from stanch.ledger.country import COUNTRIES, US_STATES, country_code, region_code
from stanch.ledger.coverage import Coverage, Gap, body_unrecorded, gaps, runs
from stanch.ledger.disclosure import day_of, sealed_of, shown
from stanch.ledger.group import BITS, Combo, Pattern, counts, grouping, level, members
from stanch.ledger.place import number_in, place_of
from stanch.ledger.render import render_csv
from stanch.ledger.residence import from_address, from_phone, statements
from stanch.ledger.shape import FIELDS_PER_SHAPE, Shape, ShapeField
from stanch.ledger.suppress import suppressed
from stanch.traffic.exchange import Exchange


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("DE", "DE"),
        ("deu", "DE"),
        ("Deutschland", "DE"),
        (" germany ", "DE"),
        ("U.S.A.", "US"),
        ("Côte d'Ivoire", "CI"),
        ("Atlantis", None),
        ("", None),
    ],
)
def test_countries_are_known_by_code_and_by_name(text, code):
    assert country_code(text) == code


def test_every_state_and_country_has_one_code_of_two_letters():
    assert len(set(COUNTRIES.values())) > 190
    assert len(set(US_STATES.values())) == 54
    assert all(len(code) == 2 and code.isupper() for code in [*COUNTRIES.values(), *US_STATES.values()])


@pytest.mark.parametrize(
    ("text", "country", "code"),
    [("California", "US", "CA"), ("us-ny", "US", "NY"), ("Texas", None, "TX"), ("Québec", "CA", "QC"), ("Bayern", "DE", None), ("ON", "CA", "ON")],
)
def test_states_are_told_apart_where_the_law_does(text, country, code):
    assert region_code(text, country) == code


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("12 Main St, Fresno, CA 93838", ("US", "CA")),
        ("12 Main St, Fresno, CA 93838-1234, USA", ("US", "CA")),
        ("1 Rue Sainte, Montréal, QC H2X 1Y4", ("CA", "QC")),
        ("Alder Lane 3, 10115 Berlin, Germany", ("DE", "")),
        ("80 Cedar Road, Springfield", None),
        ("XX 12345", None),
        ("a" * 500 + ", CA 93838", None),
    ],
)
def test_an_address_line_tells_its_place_by_its_end(text, found):
    assert from_address(text) == found


@pytest.mark.parametrize(
    ("text", "country"),
    [("+1 202 555 0100", "US"), ("0049 30 123456", "DE"), ("+49 30 123456", "DE"), ("202 555 0100", None), ("+999 1", None), ("soon", None)],
)
def test_a_number_with_its_prefix_tells_a_country(text, country):
    assert from_phone(text) == country


def test_a_profile_that_states_a_country_is_surer_than_its_telephone():
    found = list(statements(7, [("country", "Deutschland"), ("phone", "+1 202 555 0100")]))
    assert [(home.source, home.country, home.confidence) for home in found] == [("profile", "DE", 95), ("phone", "US", 60)]


def test_a_state_alone_is_american():
    assert [(home.country, home.state) for home in statements(7, [("state", "Ohio")])] == [("US", "OH")]


def get(url, **more):
    return Exchange(where="x", method="GET", url=url, **more)


@pytest.mark.parametrize(
    ("url", "found"),
    [
        ("https://api.example.org/users/17", ("path 2", 17)),
        ("https://api.example.org/users/17/posts", ("path 2", 17)),
        ("https://api.example.org/users?userId=5", ("query userId", 5)),
        ("https://api.example.org/users?page=3&limit=10", ("query page", 3)),
        ("https://api.example.org/users?limit=10", None),
        ("https://api.example.org/users/ann", None),
        ("https://api.example.org/v1/users/99999999999999999999", None),
    ],
)
def test_the_number_of_what_was_asked_for_is_found(url, found):
    assert number_in(get(url)) == found


def test_places_keep_steps_and_hide_numbers():
    digest = KeyedDigest(b"k" * 32)
    first, second = (place_of(get(f"https://api.example.org/users/{n}"), "e", digest) for n in (17, 18))
    assert second - first == 1
    assert first != 17
    assert place_of(get("https://api.example.org/users/17"), "e", KeyedDigest(b"l" * 32)) != first
    assert place_of(get("https://api.example.org/users/17"), "other", digest) != first


@pytest.mark.parametrize(
    ("exchange", "unrecorded"),
    [
        (get("https://x/", status=200, response_body=b"{}"), False),
        (get("https://x/", status=204), False),
        (get("https://x/", status=200, response_headers=(("Content-Length", "12"),)), True),
        (get("https://x/", status=200, response_headers=(("Content-Length", "0"),)), False),
        (get("https://x/", status=200, problems=("the response body was not recorded",)), True),
        (get("https://x/", status=0), True),
        (Exchange(where="x", method="HEAD", url="https://x/", status=200, response_headers=(("Content-Length", "12"),)), False),
    ],
)
def test_a_body_that_was_not_kept_is_told_from_one_that_never_was(exchange, unrecorded):
    assert body_unrecorded(exchange) is unrecorded


def test_runs_join_neighbours():
    assert runs([1, 2, 3, 7, 9, 10]) == [(1, 3), (7, 7), (9, 10)]


LOOKS = st.lists(st.tuples(st.sampled_from("ab"), st.one_of(st.none(), st.integers(0, 6)), st.booleans(), st.booleans()), max_size=12)


def covered(looks):
    coverage = Coverage()
    for endpoint, hour, undecodable, unrecorded in looks:
        coverage.look(endpoint, None if hour is None else hour * 3_600_000, undecodable=undecodable, unrecorded=unrecorded)
    return coverage


@given(LOOKS, LOOKS)
def test_coverage_is_the_same_whatever_the_order_of_merging(left, right):
    one, other, whole = covered(left), covered(right), covered([*left, *right])
    one.merge(covered(right))
    other.merge(covered(left))
    assert one == other == whole


@given(LOOKS)
def test_an_hour_is_silent_or_seen_and_never_both(looks):
    coverage = covered(looks)
    seen = {spot.hour for spot in coverage.spots if spot.hour is not None}
    silent = {h for gap in gaps(coverage, range(7)) if gap.reason == "no traffic was retained" for h in range(gap.first_hour, gap.last_hour + 1)}
    assert seen | silent == set(range(7))
    assert not seen & silent


def test_entries_that_could_not_be_read_are_a_gap_of_everything():
    assert gaps(Coverage(n_unreadable=3)) == (
        Gap(endpoint="", first_hour=None, last_hour=None, reason="entries of the captures could not be read", n_responses=3),
    )


@pytest.mark.parametrize(("at_ms", "day"), [(0, "1970-01-01"), (None, "unknown"), (1_774_000_000_000, "2026-03-20")])
def test_days(at_ms, day):
    assert day_of(at_ms) == day


def wide_shape(n):
    names = sorted(TAXONOMY)[:n]
    fields = tuple(ShapeField(path=f"$.{name}", where="response.body", datatype=name, verdict="excessive") for name in names)
    return Shape(host="h", endpoint="GET /x", status=200, fields=fields)


def test_more_groups_than_bits_take_more_numbers_and_lose_nothing():
    shapes = [wide_shape(FIELDS_PER_SHAPE), Shape(host="h", endpoint="GET /y", status=200, fields=wide_shape(90).fields[FIELDS_PER_SHAPE:])]
    by_number = {shape.number: shape for shape in shapes}
    combos = [Combo(shape.number, (1 << len(shape.fields)) - 1) for shape in shapes]
    found = grouping("datatype", "excessive", by_number, combos)
    assert len(found.names) == 90 > BITS
    assert found.n_blocks == 2
    for bits in found.bits.values():
        assert found.joined(found.blocks(bits)) == bits
    assert sorted(g for bits in found.bits.values() for g in members(bits)) == list(range(90))


@given(st.integers(0, 1 << 130))
def test_members_are_the_bits_set(bits):
    assert sum(1 << number for number in members(bits)) == bits


def test_counts_take_certain_and_possible_apart():
    assert counts([Pattern(0b01, 0b11, 2), Pattern(0, 0b10, 3)], 2, [0, 4]) == [Count(2, 2), Count(0, 9)]


@pytest.mark.parametrize(("sensitivity", "name"), [(1.0, "critical"), (0.9, "critical"), (0.7, "high"), (0.5, "medium"), (0.1, "low")])
def test_levels(sensitivity, name):
    assert level(sensitivity) == name


@pytest.mark.parametrize(("count", "said"), [(exactly(1200), "1,200"), (Count(3, 5), "3 to 5"), (Count(3, NO_BOUND), "3 or more")])
def test_counts_say_their_bounds(count, said):
    assert str(count) == said


@given(st.lists(st.integers(0, (1 << 64) - 1), max_size=30))
def test_sealing_is_undone_by_its_own_key_and_rotation_keeps_who_is_who(pseudonyms):
    old, new = Seal(b"a" * 32), Seal(b"b" * 32)
    sealed = old.seal(pseudonyms)
    assert old.open(sealed) == pseudonyms
    assert old.reseal(sealed, new) == new.seal(pseudonyms)
    assert len(set(sealed)) == len(set(pseudonyms))


def test_another_seal_key_gives_other_pseudonyms():
    assert Seal(b"b" * 32).open(Seal(b"a" * 32).seal([1, 2])) != [1, 2]


def ff1(key, radix, tweak, digits):
    """The standard's algorithm 7, word for word, for any radix. Source: NIST SP 800-38G."""
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

    encrypt = Cipher(algorithms.AES(key), modes.ECB()).encryptor().update

    def num(text):
        return sum(digit * radix**i for i, digit in enumerate(reversed(text)))

    n = len(digits)
    u, v = n // 2, n - n // 2
    a, b = digits[:u], digits[u:]
    length = -(-((radix**v - 1).bit_length()) // 8)
    d = 4 * -(-length // 4) + 4
    p = bytes([1, 2, 1]) + radix.to_bytes(3, "big") + bytes([10, u % 256]) + n.to_bytes(4, "big") + len(tweak).to_bytes(4, "big")
    for i in range(10):
        q = tweak + bytes((-len(tweak) - length - 1) % 16) + bytes([i]) + num(b).to_bytes(length, "big")
        r = bytes(16)
        for start in range(0, len(p + q), 16):
            r = encrypt(bytes(x ^ y for x, y in zip(r, (p + q)[start : start + 16], strict=True)))
        s = r
        for j in range(1, -(-d // 16)):
            s += encrypt(bytes(x ^ y for x, y in zip(r, j.to_bytes(16, "big"), strict=True)))
        m = u if i % 2 == 0 else v
        c = (num(a) + int.from_bytes(s[:d], "big")) % radix**m
        a, b = b, [c // radix ** (m - 1 - k) % radix for k in range(m)]
    return a + b


@pytest.mark.parametrize(("tweak", "found"), [("", "2433477484"), ("39383736353433323130", "6124200773")])
def test_the_reference_gives_the_standards_samples(tweak, found):
    key = bytes.fromhex("2B7E151628AED2A6ABF7158809CF4F3C")
    assert ff1(key, 10, bytes.fromhex(tweak), list(range(10))) == [int(digit) for digit in found]


@given(st.binary(min_size=32, max_size=32), st.lists(st.binary(min_size=8, max_size=8), min_size=1, max_size=5))
def test_sealing_many_at_once_is_the_standard_one_by_one(key, numbers):
    together = Permutation(key).encrypt(b"".join(numbers))
    assert [together[i : i + 8] for i in range(0, len(together), 8)] == [bytes(ff1(key, 256, b"", list(number))) for number in numbers]
    assert Permutation(key).decrypt(together) == b"".join(numbers)


@given(st.integers(-(1 << 63), (1 << 63) - 1))
def test_pseudonyms_are_read_as_they_are_written(number):
    assert sealed_of(shown(number)) == number


def test_a_keyring_survives_its_file_and_rotation_keeps_the_pseudonym_key():
    ring = fresh_keyring()
    assert encode(decode(encode(ring))) == encode(ring)
    turned = without_old(with_rotation(ring))
    assert turned.pseudonym == ring.pseudonym
    assert turned.name == ring.name
    assert set(turned.seal.keys.values()).isdisjoint(ring.seal.keys.values())
    assert with_rotation(ring).seal.keys.items() >= ring.seal.keys.items()


def answer(by, *groups):
    people = [Group(name=name, people=count, recipients=exactly(1), n_disclosures=5) for name, count in groups]
    whole = Count(sum(count.at_least for _, count in groups), sum(count.at_most for _, count in groups))
    return Affected(by=by, question=Question(), people=whole, recipients=exactly(1), n_disclosures=5, n_unattributed=0, groups=tuple(people), gaps=())


def test_one_small_jurisdiction_takes_the_next_smallest_with_it():
    shown = suppressed(answer("jurisdiction", ("DE", exactly(500)), ("FR", exactly(40)), ("MT", exactly(2))), 10)
    assert [group.people.exact for group in shown.groups] == [True, False, False]
    assert shown.groups[2].people.at_least == 0


def test_what_is_hidden_can_not_be_worked_out_from_the_bound():
    small, other = (suppressed(answer("field", ("a", exactly(n))), 10).groups[0].people for n in (1, 9))
    assert small == other == Count(0, 10)


def test_names_that_a_spreadsheet_would_run_are_made_text():
    text = render_csv(answer("field", ("=cmd|' /C calc'!A0", exactly(1)))).decode()
    assert "'=cmd" in text
