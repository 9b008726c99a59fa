"""Messages are bound to facts; wording is checked; a report becomes an incident without a value."""

import pytest
from incident_stage import CAROL, DAN, LEAK, T0

from stanch.errors import InputError
from stanch.finding.report import CaptureRow, EndpointRow, Finding, Report
from stanch.incident import event as e
from stanch.incident.fact import bind, digest, facts, stale
from stanch.incident.from_report import declaration, leaks_of
from stanch.incident.glance import glance
from stanch.incident.wording import lint


def test_facts_are_counted_not_typed(story):
    known = facts(story.incident)
    assert (known["n_people"], known["kinds_of_data"], known["containment"], known["aware_at"]) == (
        "12",
        "password hash and e-mail address",
        "not yet stopped",
        "not yet known",
    )


def test_a_template_says_which_facts_it_used():
    assert bind("{{ n_people }} of {{n_people}}", {"n_people": "12", "other": "x"}) == ("12 of 12", {"n_people": "12"})


def test_a_fact_that_does_not_exist_is_refused_with_those_that_do():
    with pytest.raises(InputError, match="no fact called n_peple"):
        bind("{{n_peple}}", {"n_people": "12"})


def test_a_fact_is_filled_in_once_and_not_read_again():
    assert bind("{{a}}", {"a": "{{b}}", "b": "secret"})[0] == "{{b}}"


def test_a_message_grows_stale_when_its_facts_change(story):
    body = bind("People: {{n_people}}", facts(story.incident))[0]
    story.tell(
        CAROL,
        e.MessageDrafted(
            message="m", audience="press", channel="c", subject="S", template="People: {{n_people}}", body=body, sha256=digest("S", body)
        ),
    )
    assert not stale(story.incident, story.incident.message("m"))
    story.tell(
        DAN,
        e.LeaksFound(
            leaks=(e.Leak(endpoint=LEAK.endpoint, host="h", fields=LEAK.fields, n_subjects=13, n_recipients=3, n_exchanges=41, authenticated=False),)
        ),
    )
    assert stale(story.incident, story.incident.message("m"))


def test_subject_and_body_can_not_trade_places():
    assert digest("a", "b") != digest("b", "a")


@pytest.mark.parametrize(
    ("text", "n"),
    [
        ("There is no evidence of misuse.", 1),
        ("We take your privacy very seriously.", 1),
        ("Hackers broke in; only a small number is affected.", 2),
        ("1,200 people are affected", 1),
        ("{{n_people}} people are affected; the leak is {{containment}}.", 0),
        ("On 2026-11-25 an interface gave out data.", 0),
        ("It was our fault and all users are safe.", 2),
    ],
)
def test_wording_that_is_regretted_later_is_marked(text, n):
    assert len(lint(text)) == n


def finding(path, datatype, severity, verdict="excessive", endpoint="GET /a"):
    return Finding(
        fingerprint=path,
        endpoint=endpoint,
        path=path,
        where="response.body",
        status=200,
        datatype=datatype,
        verdict=verdict,
        confidence=0.9,
        severity=severity,
        title="t",
        reasons=(),
        n_subjects=4,
        n_recipients=2,
    )


REPORT = Report(
    capture=CaptureRow(n_exchanges=5, n_bytes=9),
    endpoints=(EndpointRow(key="GET /a", host="api.example.org", method="GET", template="/a", n_exchanges=5, n_callers=2, authenticated=True),),
    findings=(
        finding("$.x", "contact.email", "medium"),
        finding("$.y", "strange.kind", "critical"),
        finding("$.z", "contact.phone", "low", verdict="unknown"),
        finding("$.w", "contact.phone", "low", endpoint="GET /b"),
    ),
)


def test_a_report_becomes_a_declaration():
    made = declaration(REPORT, sha256="ab")
    assert (made.severity, made.title) == ("critical", "E-mail address, strange kind and 1 more given away by 2 endpoints")
    assert [(leak.endpoint, len(leak.fields), leak.n_subjects) for leak in made.leaks] == [("GET /a", 2, 4), ("GET /b", 1, 4)]


def test_undecided_findings_declare_nothing():
    with pytest.raises(InputError, match="nothing to declare"):
        declaration(
            Report(capture=CaptureRow(n_exchanges=1, n_bytes=1), findings=(finding("$.z", "contact.phone", "low", verdict="unknown"),)), sha256=""
        )
    assert leaks_of(Report(capture=CaptureRow(n_exchanges=1, n_bytes=1))) == ()


def test_the_glance_names_the_worst_first(story):
    now = glance(story.incident)
    assert (now.kinds, now.n_endpoints, now.n_subjects, now.first) == (("Password hash", "E-mail address"), 1, 12, None)
    assert story.now > T0
