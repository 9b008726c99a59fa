"""Documents: facts only, contents as the law has them, approvals bound to bytes."""

import io
import re
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from law.sample import AWARE, CAROL, COUNTS, EVIDENCE, LIBRARY, MATRIX, NOW, PACK, SHEET, document
from stanch.engines.law_documents import pdf, word
from stanch.errors import InputError
from stanch.law.document.approval import Approval, standing, voided
from stanch.law.document.compose import compose
from stanch.law.document.lint import lint, sendable
from stanch.law.document.markdown import diff_lines, digest, markdown
from stanch.law.document.model import Block, Document, Span
from stanch.law.document.plan import needs
from stanch.law.document.readable import grade, n_words, syllables
from stanch.law.document.stage import stage
from stanch.law.document.template import PLACEHOLDER, load_library, texts
from stanch.law.document.wording import datatype, guidance, say
from stanch.law.fact import Fact, FactSheet, Statement, changed, sheet_of, with_fact

EVERY = sorted(LIBRARY.templates)
RULE_OF = {"us-letter-california": "us-ca-individuals", "us-letter-massachusetts": "us-ma-individuals", "us-letter-hipaa": "us-hipaa-404-individuals"}
LANGUAGES = ("en", "de", "fr", "es", "pt")


def fact(key, kind, value, **more):
    return Fact(key=key, kind=kind, value=value, **{"source": EVIDENCE, "confidence": "exact", **more})


@pytest.mark.parametrize(("kind", "language"), EVERY)
def test_no_template_holds_a_number(kind, language):
    for text in texts(LIBRARY.templates[kind, language]):
        assert not any(character.isdigit() for character in PLACEHOLDER.sub("", text))


@pytest.mark.parametrize(("kind", "language"), EVERY)
def test_every_number_in_a_document_is_a_fact_and_equals_it(kind, language):
    made = document(kind, language, place="US-WA")
    words = LIBRARY.words[language]
    for block in made.blocks:
        for span in block.spans:
            if not any(character.isdigit() for character in span.text):
                continue
            known = SHEET.get(span.fact, language)
            assert known is not None, span.text
            assert span.text == say(known, words) or span.text in say(known, words)


@pytest.mark.parametrize(("kind", "language"), EVERY)
def test_a_document_with_all_facts_is_ready_and_reads_easily(kind, language):
    made = document(kind, language, place="US-WA")
    complaints = lint(
        made,
        [PACK.rule(r) for r in made.rules if r.startswith(("eu-gdpr", "us-ca", "us-wa", "us-ma", "us-hipaa", "us-ftc"))],
        LIBRARY.words[language],
    )
    assert [c.says for c in complaints] == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", ["gdpr-34-letter", "holding-statement"])
def test_what_people_read_speaks_five_languages(kind, language):
    assert (kind, language) in LIBRARY.templates


def test_every_language_has_words_for_the_same_things():
    english = LIBRARY.words["en"]
    for language in LANGUAGES:
        words = LIBRARY.words[language]
        assert set(words.guidance) == set(english.guidance)
        assert {key for key in english.datatypes if "." not in key} <= set(words.datatypes) | {"gov_id"}
        assert len(words.months) == 12
        assert {"{n}"} == {re.search(r"\{n\}", text)[0] for text in (words.at_least, words.at_most, words.about)}


@pytest.mark.parametrize(
    ("language", "count", "instant"),
    [
        ("en", "at least 1,234", "24 November 2026, 16:20 CET"),
        ("de", "mindestens 1.234", "24. November 2026, 16:20 Uhr CET"),
        ("fr", "au moins 1\u202f234", "24 novembre 2026 à 16:20 CET"),
        ("es", "al menos 1.234", "24 de noviembre de 2026, 16:20 CET"),
        ("pt", "pelo menos 1.234", "24 de novembro de 2026, 16:20 CET"),
    ],
)
def test_numbers_and_times_are_said_as_the_language_has_them(language, count, instant):
    words = LIBRARY.words[language]
    assert say(fact("n_people", "count", 1234, confidence="at_least"), words) == count
    assert say(fact("aware_at", "instant", AWARE, zone="Europe/Berlin"), words) == instant


def test_other_kinds_of_fact_in_words():
    words = LIBRARY.words["en"]
    assert say(fact("x", "flag", True), words) == "yes"
    assert say(fact("x", "day", date(2026, 11, 5)), words) == "5 November 2026"
    assert (
        say(fact("x", "datatypes", ("contact.email", "contact.phone", "contact.messenger")), words)
        == "e-mail address, phone number and contact details"
    )
    assert say(fact("x", "count", 7, confidence="estimate"), words) == "about 7"
    assert datatype("vehicle.colour", words) == "vehicle.colour"


def test_advice_comes_by_what_leaked_and_the_most_valuable_first():
    words = LIBRARY.words["en"]
    first, second = guidance(["contact.email", "credential.password_hash"], words)
    assert "Change your password" in first.step
    assert "messages" in second.step
    assert guidance(["person.language"], words) == ()


def test_what_is_not_known_says_so_and_stops_a_letter_but_not_a_phased_notification():
    empty = FactSheet(facts={})
    letter, notification = document("gdpr-34-letter", sheet=empty), document("gdpr-33", sheet=empty)
    assert "[not known yet]" in markdown(letter).replace("\\", "")
    assert not sendable(lint(letter, [], LIBRARY.words["en"]))
    assert sendable(lint(notification, [], LIBRARY.words["en"]))
    assert "n_people" in notification.missing


def test_a_notification_is_initial_then_follow_up_then_complete():
    part = FactSheet(facts={key: f for key, f in SHEET.facts.items() if key[0] not in {"fixed_at", "n_people", "notification_type"}})
    assert stage(document("gdpr-33", sheet=part), submitted=False).value.startswith("initial")
    assert stage(document("gdpr-33", sheet=part), submitted=True).value.startswith("follow-up")
    assert stage(document("gdpr-33"), submitted=True).value == "complete"


def test_nobody_is_claimed_to_have_said_what_nobody_said():
    silent = FactSheet(facts={key: f for key, f in SHEET.facts.items() if key[0] != "law_enforcement"})
    letter = document("us-letter-california", sheet=silent)
    assert "law enforcement" not in letter.text.lower()
    assert "law_enforcement" in letter.missing
    assert "not delayed by law enforcement" in document("us-letter-california").text


def test_massachusetts_reads_neither_what_happened_nor_how_many():
    letter = document("us-letter-massachusetts")
    assert not {"nature", "n_residents", "n_subjects", "cause"} & letter.provides
    assert not {span.fact for block in letter.blocks for span in block.spans} & {"n_people", "feature", "first_exposure_at"}
    for phrase in ("police report", "security freeze", "free of charge", "parent"):
        assert phrase in letter.text


def test_the_california_letter_would_break_the_law_of_massachusetts():
    complaints = lint(document("us-letter-california"), [PACK.rule("us-ma-individuals")], LIBRARY.words["en"])
    assert {c.what for c in complaints} == {"required", "forbidden"}


def test_california_has_its_title_and_headings_in_order():
    letter = document("us-letter-california")
    assert letter.title == "Notice of Data Breach"
    assert [b.text for b in letter.blocks if b.kind == "heading"] == [
        "What Happened",
        "What Information Was Involved",
        "What We Are Doing",
        "What You Can Do",
        "For More Information",
    ]


def test_a_number_of_residents_is_that_of_the_place():
    made = document("us-ag-data", place="US-WA")
    assert ("Residents of this state", "at least 511") in {(b.label, b.text) for b in made.blocks}


def test_a_count_shown_where_the_law_forbids_it_is_an_error_whatever_the_section_claims():
    sly = replace(document("us-letter-massachusetts"), blocks=(Block(kind="paragraph", spans=(Span(text="at least 9", fact="n_people"),)),))
    assert "us-ma-individuals forbids the fact 'n_people'" in {c.says for c in lint(sly, [PACK.rule("us-ma-individuals")], LIBRARY.words["en"])}


def made_of(*texts, **more):
    blocks = tuple(Block(kind="paragraph", spans=(Span(text=text),)) for text in texts)
    none = frozenset()
    given = {"kind": "x", "language": "en", "audience": "individuals", "rules": (), "provides": none, "used": none, "missing": none, **more}
    return Document(blocks=blocks, **given)


@pytest.mark.parametrize(
    ("made", "what"),
    [
        (made_of("We found 12 people."), "number"),
        (made_of("Out of an abundance of caution we write."), "phrase"),
        (made_of("There is no evidence of misuse."), "phrase"),
        (made_of("word " * 121, max_words=120), "length"),
        (made_of("The aforementioned organisation unconditionally acknowledges considerable organisational responsibility.", max_grade=8), "reading"),
        (made_of("x", missing=frozenset({"n_people"})), "fact"),
        (made_of("x", foreign=frozenset({"measures"})), "language"),
    ],
)
def test_what_may_not_go_out_is_complained_of(made, what):
    assert next(c.what for c in lint(made, [], LIBRARY.words["en"])) == what


def test_plain_words_read_easier_than_officialese():
    plain = "We sent your data to the wrong people. We stopped it. Change your password."
    hard = (
        "Unauthorised dissemination of information pertaining to individuals necessitates precautionary modification of authentication credentials."
    )
    for language in LANGUAGES:
        assert grade(plain, language) < grade(hard, language)
    assert grade("", "en") == 0.0
    assert [syllables(w) for w in ("data", "time", "people", "the", "password")] == [2, 1, 2, 1, 2]
    assert n_words("at 16:20 we met") == 4


def test_a_fact_has_the_value_of_its_kind():
    for kind, value in (("count", -1), ("count", True), ("instant", "2026"), ("day", AWARE), ("list", "x"), ("flag", 1), ("text", 7)):
        with pytest.raises(InputError, match=f"the value is no {kind}"):
            fact("x", kind, value)
    with pytest.raises(ValueError, match="time zone"):
        fact("x", "instant", datetime(2026, 1, 1))  # noqa: DTZ001


def test_a_person_can_not_type_a_number_into_a_text():
    with pytest.raises(InputError, match="a number may not be typed into a text"):
        fact("measures", "list", ("We reset 12 passwords.",), source=CAROL)
    assert fact("contact_phone", "contact", "+49 30 23125 000", source=CAROL).value


def test_a_later_statement_stands_over_an_earlier_one_and_over_a_query():
    early, late = Statement(by="Carol", at=AWARE), Statement(by="Dan", at=NOW)
    one, two = fact("n_people", "count", 8, source=early), fact("n_people", "count", 9, source=late)
    for order in ([one, two, fact("n_people", "count", 7)], [fact("n_people", "count", 7), two, one]):
        assert sheet_of(order).get("n_people").value == 9


def approved(made, *people):
    return [Approval(sha256=digest(made), by=by, role=role, at=NOW) for by, role in people]


BOTH = (("Carol", "privacy_officer"), ("Dan", "lead"))


@pytest.mark.parametrize(
    ("people", "drafted_by", "ok"),
    [
        (BOTH, "Ann", True),
        (BOTH[:1], "Ann", False),
        (BOTH, "Carol", False),
        ((("Carol", "privacy_officer"), ("Carol", "counsel")), "Ann", False),
        ((("Dan", "lead"), ("Ann", "executive")), "x", False),
        ((("Carol", "scribe"), ("Dan", "lead")), "x", False),
    ],
)
def test_two_people_of_the_right_roles_approve_and_not_who_wrote_it(people, drafted_by, ok):
    made = document("gdpr-34-letter")
    assert standing(made, approved(made, *people), drafted_by=drafted_by).approved is ok


def test_a_changed_fact_voids_approvals_and_says_of_which_documents():
    documents = [document("gdpr-33"), document("gdpr-34-letter"), document("us-letter-massachusetts")]
    given = {made.kind: approved(made, *BOTH) for made in documents}
    after = with_fact(SHEET, fact("n_people", "count", 2000, source=Statement(by="Carol", at=NOW)))
    assert changed(SHEET, after) == {"n_people"}
    assert [(v.kind, v.facts) for v in voided(documents, SHEET, after)] == [("gdpr-33", ("n_people",))]
    again = document("gdpr-33", sheet=after)
    assert not standing(again, given["gdpr-33"], drafted_by="x").approved
    assert standing(again, given["gdpr-33"], drafted_by="x").n_void == 2
    assert standing(document("gdpr-34-letter", sheet=after), given["gdpr-34-letter"], drafted_by="x").approved
    assert any("2,000" in line for line in diff_lines(markdown(documents[0]), markdown(again)))


KEYS = st.sampled_from(sorted({key for key, _ in SHEET.facts if not key.startswith(("law.", "due.", "n_residents."))}))


@given(KEYS, st.sampled_from(EVERY))
def test_a_document_that_a_fact_is_not_named_by_does_not_change_with_it(key, which):
    made = document(*which, place="US-WA")
    without = FactSheet(facts={k: f for k, f in SHEET.facts.items() if k[0] != key})
    again = compose(LIBRARY.templates[which], without, LIBRARY.words[which[1]], place="US-WA")
    if key not in made.used:
        assert markdown(again) == markdown(made)


@given(st.text(max_size=60))
def test_a_value_never_becomes_markup(text):
    made = document("gdpr-34-letter", sheet=with_fact(SHEET, fact("organisation", "contact", text, source=CAROL)))
    lines = markdown(made).splitlines()
    assert len([line for line in lines if line.startswith("# ")]) == 1
    tag = with_fact(SHEET, fact("organisation", "contact", "<script>", source=CAROL))
    assert "\\<script\\>" in markdown(document("gdpr-34-letter", sheet=tag))


def test_an_exercise_says_so_first():
    made = document("holding-statement", sheet=with_fact(SHEET, fact("exercise", "flag", True, source=CAROL)))
    assert made.exercise
    assert markdown(made).startswith("EXERCISE EXERCISE EXERCISE")


def test_the_case_needs_what_its_rules_call_for_and_what_people_need_anyway():
    found = {(n.kind, n.place, n.language) for n in needs(MATRIX, LIBRARY, ("en", "de"))}
    assert {("gdpr-33", "", "en"), ("gdpr-34-letter", "", "de"), ("gdpr-33-5-register", "", "en"), ("board-page", "", "en")} <= found
    assert {("us-letter-california", "US-CA", "en"), ("us-letter-general", "US-WA", "en"), ("us-ag-data", "US-WA", "en")} <= found
    assert ("us-ag-data", "US-CA", "en") not in found


def test_pdf_and_word_hold_the_words_and_data_is_inert():
    hostile = with_fact(SHEET, fact("organisation", "contact", '#read("/etc/passwd") $x$ *b* <w:p> \u0007', source=CAROL))
    made = document("gdpr-34-letter", sheet=hostile)
    assert pdf([made]).startswith(b"%PDF")
    assert pdf([made]) == pdf([made])
    assert len(pdf([made, made])) > len(pdf([made]))
    with zipfile.ZipFile(io.BytesIO(word(made))) as held:
        text = held.read("word/document.xml").decode()
    assert "#read(" in text
    assert "&lt;w:p&gt;" in text
    assert "What happened" in text


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (("You have", "You have 2"), "a template may not hold a number"),
        (("{organisation}", "{n_leaks}"), "no fact is called 'n_leaks'"),
        (("{{reference}}", "{{email}}"), "no merge field is called 'email'"),
        (("[steps]", "[kindness]"), "no content is called 'kindness'"),
        (("when: authority_told_at", "when: nothing"), "no fact is called 'nothing'"),
        (("title:", "titel:"), "unknown field `titel`"),
    ],
)
def test_a_bad_template_is_refused_with_its_name(spoil, says):
    from importlib.resources import files

    text = (files("stanch.law") / "text" / "en" / "gdpr-34-letter.yaml").read_text()
    assert spoil[0] in text
    with pytest.raises(InputError, match=says) as caught:
        load_library([("letter.yaml", text.replace(*spoil, 1).encode())])
    assert caught.value.where == "letter.yaml"


def test_a_kind_or_language_that_is_not_there_is_told():
    with pytest.raises(InputError, match="there is one in en"):
        LIBRARY.template("us-ag-data", "de")
    with pytest.raises(InputError, match="kinds: board-page"):
        LIBRARY.template("poem", "en")


def test_the_sample_is_whole():
    assert COUNTS["n_people"] == SHEET.get("n_people").value
    assert NOW.tzinfo is UTC
