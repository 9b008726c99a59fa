import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stanch.classify.detect import candidates
from stanch.classify.form import ALNUM, BEYOND, DIGITS, FORMS, HEX, LOWER, UPPER

PAGE = Path(__file__).resolve().parents[2] / "docs" / "detection.md"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("ann@example.org", {"contact.email"}),
        ("Ann.O'Hara+news@mail.example.org", {"contact.email"}),
        ("jörg@bücher.example.org", {"contact.email"}),
        ("support+eu@example.org", {"contact.email_role"}),
        ("17+ann@users.noreply.example.org", {"contact.email_role"}),
        ("ann@No-Reply.example.org", {"contact.email_role"}),
        ("ann@noreplying.example.org", {"contact.email"}),
        ("Ann Ashby <ann@example.org>", {"packed.email"}),
        ("write to ann@example.org.", {"packed.email"}),
        ("write to support@example.org", set()),
        ("https://example.org/?mail=ann@example.org", {"shape.url", "packed.email"}),
        ("https://example.org/@ann/posts.html", {"shape.url"}),
        ("icon@2x.png", set()),
        ("@ann@example.org", set()),
        ("ann@example", set()),
        ("+1 202 555 0143", {"contact.phone", "shape.international"}),
        ("+1 202 555 0143 ext. 12", {"contact.phone", "shape.international"}),
        ("(202) 555-0143", {"contact.phone", "shape.nanp"}),
        ("030/901820", {"contact.phone", "shape.code"}),
        ("call +49 (30) 901-820 today", {"packed.phone"}),
        ("2024-01-02", {"shape.date"}),
        ("02.01.2024", {"shape.date"}),
        ("2024-01-02T10:00:00.123+02:00", {"shape.datetime"}),
        ("12:30", {"shape.time"}),
        ("1700000000", {"contact.phone", "shape.epoch", "shape.digits", "shape.code"}),
        (1700000000, {"contact.phone", "shape.epoch", "shape.code"}),
        (19800203, {"contact.phone", "shape.date8", "shape.code"}),
        (4111111111111111, {"finance.card", "shape.code"}),
        ("4111-1111-1111-1111", {"finance.card", "shape.code"}),
        ("4111 1111 1111 1112", {"shape.code"}),
        ("paid with 4111 1111 1111 1111 today", {"packed.card", "shape.code"}),
        ("DE89 3704 0044 0532 0130 00", {"finance.iban", "shape.code"}),
        ("to DE89370400440532013000, please!", {"packed.iban"}),
        ("078-05-1120", {"gov_id.us.ssn", "contact.phone", "shape.code"}),
        ("666-05-1120", {"contact.phone", "shape.code"}),
        ("10.2.3.4", {"online.ip"}),
        ("10.2.3.400", {"shape.version", "shape.code"}),
        ("1.2.3", {"shape.version"}),
        ("123.456.789-09", {"shape.version", "contact.phone", "shape.code"}),
        ("2001:db8::1", {"online.ip"}),
        ("1:2:3", set()),
        ("00:00:5e:00:53:01", {"device.mac", "shape.code"}),
        ("48.8566, 2.3522", {"shape.coordinates"}),
        ("98.8566, 2.3522", set()),
        ("12.50", {"shape.decimal"}),
        (12.5, {"shape.fraction"}),
        ("$2b$12$" + "a" * 53, {"credential.password_hash"}),
        ("pbkdf2_sha256$600000$salt$" + "a" * 43 + "=", {"credential.password_hash"}),
        ("eyJhbGciOiJub25l.eyJzdWIiOiIx.", {"credential.token"}),
        ("sk_" + "live_" + "a" * 20, {"credential.api_key"}),
        ("postgres://ann:pw@db.example.org/x", {"credential.connection_string"}),
        ("-----BEGIN PRIVATE KEY-----\nMII", {"credential.private_key"}),
        ("123e4567-e89b-12d3-a456-426614174000", {"shape.uuid"}),
        ("d41d8cd98f00b204e9800998ecf8427e", {"shape.hex", "shape.code"}),
        ("aB3dE5gH7jK9lMnO", {"shape.opaque", "shape.code"}),
        ("/users/17", {"shape.path"}),
        ("Slow", {"shape.word"}),
        ("Vincent van Gogh", {"shape.names"}),
        ("Éva Nagy", {"shape.names"}),
        ("slow bread", set()),
        ("a " * 200, {"shape.text"}),
        (True, set()),
        (None, set()),
        (b"ann@example.org", set()),
        (17, set()),
        (-12025550143, set()),
        ("", set()),
        (" ann@example.org\n", {"contact.email"}),
        ("\u0661\u0662\u0663\u0664\u0665\u0666\u0667", set()),
    ],
)
def test_a_value_has_these_candidates(value, expected):
    assert set(candidates(value)) - {"shape.spaced"} == expected
    assert ("shape.spaced" in candidates(value)) == (isinstance(value, str) and " " in value.strip())


def test_a_number_of_thousands_of_digits_is_none_of_anything():
    assert candidates(10**5000) == ()


@given(st.one_of(st.text(), st.integers(), st.floats(), st.booleans(), st.none(), st.binary(), st.text("+()0123456789 -.@aZx")))
def test_any_value_has_candidates_without_repetition(value):
    found = candidates(value)
    assert len(found) == len(set(found))


@given(st.text("+()0123456789 -./xe@aAZ'é\t"))
def test_blanks_around_a_text_change_nothing(text):
    if not text.strip(" \t\r\n").isalpha():
        assert candidates(text.strip(" \t\r\n")) == candidates(f"\n {text}\t")


FORBIDDEN = re.compile(r"\\[dDwWsSbB]|\(\?[=!<P]|\(\?>|[*+?}]\+|\\[1-9]")


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.name)
def test_patterns_stay_in_what_both_engines_understand_the_same(form):
    assert not FORBIDDEN.search(form.pattern.pattern)
    assert form.pattern.flags & ~re.UNICODE == 0


def repeats(tokens, outer=0):
    """Yield (nesting of unbounded repeats, whether what is repeated is a single class) for each unbounded repeat."""
    for operation, argument in tokens:
        name = str(operation)
        if name in {"MAX_REPEAT", "MIN_REPEAT"}:
            _, most, inner = argument
            unbounded = str(most) == "MAXREPEAT"
            if unbounded:
                yield outer + 1, len(inner) == 1 and str(inner[0][0]) in {"IN", "LITERAL", "NOT_LITERAL", "BRANCH"}
            yield from repeats(inner, outer + unbounded)
        elif name == "SUBPATTERN":
            yield from repeats(argument[-1], outer)
        elif name == "BRANCH":
            for branch in argument[1]:
                yield from repeats(branch, outer)


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.name)
def test_no_repetition_stands_within_a_repetition(form):
    tokens = re._parser.parse(form.pattern.pattern)
    assert all(depth == 1 and single for depth, single in repeats(tokens))


@pytest.mark.parametrize("unit", ["a@", "@", "+1 ", "1 ", "1-", "+", "DE89 ", "ey.", "a.", "::", "A ", "é", "x://", "(", "-----BEGIN "])
def test_hostile_texts_cost_no_more_looks_than_their_length_allows(unit, monkeypatch):
    from stanch.classify import detect

    looks = 0

    def counted(text, at):
        nonlocal looks
        looks += 1
        return original(text, at)

    original = detect.address_around
    monkeypatch.setattr(detect, "address_around", counted)
    text = unit * (20_000 // len(unit))
    candidates(text)
    assert looks <= text.count("@") + 1


def first_written(first: str) -> str:
    for name, signs in (("ALNUM", ALNUM), ("HEX", HEX)):
        if first.startswith(signs):
            return f"{name} {first.removeprefix(signs)}".strip()
    return first.replace(UPPER, "A-Z").replace(LOWER, "a-z").replace(DIGITS, "0-9").replace(BEYOND, "U+0080..")


def test_the_page_for_other_engines_has_every_form_as_it_is():
    page = PAGE.read_text()
    rows = [
        f"{form.name}{'!' * form.final}  [{first_written(form.first)}]  {form.least}..{form.most}  {form.check.__name__ if form.check else '-'}\n"
        f"    {form.pattern.pattern}\n"
        for form in FORMS
    ]
    assert "".join(rows) in page
