import pytest
from hypothesis import given
from hypothesis import strategies as st

from stanch.classify.column import SKETCH_SIZE, FieldSummary
from stanch.classify.decide import decide
from stanch.classify.lexicon import key_candidates
from stanch.classify.taxonomy import TAXONOMY


def column(values) -> FieldSummary:
    summary = FieldSummary()
    for value in values:
        summary.add(value, hash(str(value)) & (2**64 - 1))
    return summary


def datatype(name: str, values, *parents: str) -> str | None:
    label = decide(f"$.{name}", name, parents, column(values))
    return label.datatype if label else None


@pytest.mark.parametrize(
    ("name", "values", "parents", "expected"),
    [
        ("email", ["ann@example.org", "bob@example.org"], (), "contact.email"),
        ("x", ["ann@example.org", "bob@example.org"], (), "contact.email"),
        ("contact", ["Ann Ashby <ann@example.org>"] * 2, (), "contact.email"),
        ("support", ["support@example.org"], (), "contact.email_role"),
        ("mobileNumber", ["+1 202 555 0143"], (), "contact.phone"),
        ("phone", [12025550143, 12025550144], (), "contact.phone"),
        ("phone", ["n/a", "none"], (), None),
        ("password_hash", ["$2b$12$" + "a" * 53], (), "credential.password_hash"),
        ("h", ["$2b$12$" + "a" * 53], (), "credential.password_hash"),
        ("token", ["Keep it up!"] * 5, (), None),
        ("token", ["f" * 40, "e" * 40], (), "credential.token"),
        ("token_type", ["bearer"], (), None),
        ("email_verified", [True, False], (), None),
        ("hasPassword", [True], (), None),
        ("cardNumber", ["4111 1111 1111 1111"], (), "finance.card"),
        ("number", ["4111111111111111"], ("card",), "finance.card"),
        ("order_number", [4111111111111111, 4111111111111112, 4111111111111113], (), None),
        ("cvv", ["123"], (), "finance.card_cvv"),
        ("iban", ["DE89 3704 0044 0532 0130 00"], (), "finance.iban"),
        ("created_at", ["2026-01-01T10:00:00Z"], (), None),
        ("birthDate", ["1980-02-03"], (), "person.birth_date"),
        ("geburtsdatum", ["1980-02-03"], (), "person.birth_date"),
        ("fechaNacimiento", ["1980-02-03"], (), "person.birth_date"),
        ("vorname", ["Ann"], (), "person.name.first"),
        ("name", ["Ann Ashby"], ("author",), "person.name.full"),
        ("name", ["Slow bread"], ("product",), None),
        ("username", ["ann17"], (), "online.username"),
        ("version", ["10.2.3.4", "10.2.3.5"], (), None),
        ("peer", ["10.2.3.4", "10.2.3.5"], (), "online.ip"),
        ("blurhash", ["LEHV6nWB2yk8pyo0adR*.7kCMdnj"], (), None),
        ("ssn", ["078-05-1120"], (), "gov_id.us.ssn"),
        ("is_admin", [True, False], (), "internal.admin"),
        ("religion", ["none"], (), "special.religion"),
        ("id", [1, 2, 3], (), None),
        ("password", ["0192023a7bbd73250516f069df18b500"], (), "credential.password_hash"),
        ("password", ["correct horse"], (), "credential.password"),
        ("hash", ["f1" * 20], ("password",), "credential.password_hash"),
        ("nextPageToken", ["aB3dE5gH7jK9lMnOpQ"], (), None),
        ("deluxeToken", ["f1" * 32], (), "credential.token"),
        ("refresh_token", ["eyJhbGciOiJub25l.eyJzdWIiOiIx.xx"], (), "credential.refresh_token"),
        ("x", ["eyJhbGciOiJub25l.eyJzdWIiOiIx.xx"], (), "credential.token"),
        ("cardNum", [4815205605542754], (), "finance.card"),
        ("expiry", ["12/27"], ("card",), "finance.card_expiry"),
        ("mobileNum", [4000000001, 1234567890], (), "contact.phone"),
        ("number", ["6915656974"], ("user",), "contact.phone"),
        ("contact", ["+49 30 901820", "+49 30 901821"], (), "contact.phone"),
        ("reach", ["(202) 555-0143", "(202) 555-0144", "(202) 555-0145"], (), "contact.phone"),
        ("order_no", ["202-555-0143", "202-555-0144", "202-555-0145"], (), None),
        ("created", [1700000000, 1700000001], (), None),
        ("phone", [1700000000, 1700000001, 1700000002, 1700000003], (), None),
        ("isbn", ["978-0-306-40615-7"] * 4, (), None),
        ("ip", ["203.0.113.7"], (), "online.ip"),
        ("firmwareVersion", ["10.4.2.1", "10.4.2.2"], (), None),
        ("owner", ["ann17", "bob3"], (), "online.username"),
        ("owner", ["Ann Ashby", "Bob Baker"], (), "person.name.full"),
        ("owner", [17, 18], (), None),
        ("owner", ["draft", "draft", "draft", "draft"], (), None),
        ("acct", ["ann@example.org", "bob@example.com"], (), "online.username"),
        ("username", ["ann@example.org", "bob@example.org"], (), "contact.email"),
        ("username", ["ann", "ann@example.org", "bob@example.org"], (), "online.username"),
        ("homepage", ["https://example.org/?mail=ann@example.org"], (), "contact.email"),
        ("avatar", ["https://example.org/a@2x.png"], (), "person.photo"),
        ("body", ["write to ann@example.org today"] + ["nothing here"] * 50, (), "contact.email"),
        ("body", ["write to ann@example.org today"] + ["nothing here"] * 500, (), None),
        ("note", ["paid with 4111 1111 1111 1111 today"], (), "finance.card"),
        ("cpf", ["123.456.789-09", "111.444.777-35"], (), "gov_id.br.cpf"),
        ("nationalId", ["123.456.789-09", "111.444.777-35"], (), "gov_id.br.cpf"),
        ("nationalId", ["AB-77-1234", "CD-78-4321"], (), "gov_id.national"),
        ("sin", [0.5, 0.7], (), None),
        ("sin", ["123 456 782", "130692544"], (), "gov_id.ca.sin"),
        ("run", ["daily", "weekly"], (), None),
        ("position", ["48.8566, 2.3522", "51.5007, -0.1246"], (), "location.geo"),
        ("birthDate", [631152000], (), "person.birth_date"),
        ("birthDate", ["yesterday"], (), None),
        ("salary", ["52,000 EUR"], (), "finance.salary"),
        ("gender", ["https://example.org/m"], (), None),
        ("mac", ["00:00:5e:00:53:01"], (), "device.mac"),
    ],
)
def test_key_and_column_together_decide(name, values, parents, expected):
    assert datatype(name, values, *parents) == expected


def test_a_field_that_is_never_filled_is_labelled_with_doubt():
    label = decide("$.phone", "phone", (), column([None, None]))
    assert label.datatype == "contact.phone"
    assert label.confidence <= 0.5


def test_random_numbers_that_pass_a_checksum_now_and_then_are_no_cards():
    numbers = [str(4000000000000000 + n * 37) for n in range(200)]
    assert datatype("ref", numbers) is None


def test_the_taxonomy_is_wide_and_every_key_leads_into_it():
    assert len(TAXONOMY) >= 120
    for name in ("email", "telefon", "numero_de_telefono", "kontonummer", "haslo", "wachtwoord", "senha", "codice_fiscale"):
        assert all(meaning.datatype in TAXONOMY for meaning in key_candidates(name)), name
        assert key_candidates(name), name


VALUES = st.lists(st.none() | st.booleans() | st.integers() | st.text(max_size=30) | st.floats(allow_nan=False), max_size=40)


@given(VALUES, VALUES)
def test_merging_columns_is_order_free(left, right):
    a, b = column(left), column(right)
    a.merge(column(right))
    b.merge(column(left))
    assert a == b == column([*right, *left])


@given(VALUES, st.text(max_size=20))
def test_deciding_never_raises(values, name):
    label = decide("$.x", name, (), column(values))
    assert label is None or label.datatype in TAXONOMY


def test_distinct_values_are_exact_up_to_the_sketch_and_estimated_beyond():
    few, many = FieldSummary(), FieldSummary()
    for n in range(5000):
        digest = (n * 0x9E3779B97F4A7C15) & (2**64 - 1)
        many.add("x", digest)
        if n < 700:
            few.add("x", digest)
    assert few.n_distinct == 700
    assert abs(many.n_distinct - 5000) < 500
    assert len(many.smallest) <= 2 * SKETCH_SIZE
