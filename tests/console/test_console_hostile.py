"""What Eve tries: forged forms, script in every text field, tampered storage, huge uploads; each refused or harmless."""

import gzip
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from stanch.console import book, checking
from stanch.console.actions import evidence
from stanch.console.models import EntryRow, IncidentRow
from stanch.console.views import incident as pages
from stanch.incident import event as e

SCRIPT = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>{{7*7}}{% debug %}"
PAGES = ["", "/tasks?show=all", "/journal", "/leak", "/time", "/people", "/messages", "/evidence"]


def test_a_form_without_its_token_changes_nothing(world):
    client = world.browser("Dan", enforce_csrf_checks=True)
    before = world.case().incident.n_entries
    assert client.post(f"/incidents/{world.key}/do/note", {"text": "forged"}).status_code == 403
    assert client.post("/declare", {"by_hand": "1", "title": "x", "severity": "low"}).status_code == 403
    assert world.case().incident.n_entries == before


def test_script_in_every_text_field_is_shown_as_text(world):
    lead = world.browser("Dan")
    for verb, data in {
        "note": {"text": SCRIPT},
        "add-task": {"title": SCRIPT, "role": "lead", "how": SCRIPT},
        "ask": {"question": SCRIPT, "role": "lead"},
        "block": {"task": "assemble", "why": SCRIPT},
        "finish": {"task": "tell-staff", "result": SCRIPT},
        "answer": {"decision": "deny-or-mask", "answer": SCRIPT, "why": SCRIPT},
        "draft": {"audience": "press", "channel": "<script>", "subject": SCRIPT.replace("{{7*7}}", ""), "template": SCRIPT.replace("{{7*7}}", "")},
        "contain": {"policy": SCRIPT, "rev": "1", "target": SCRIPT},
        "jurisdictions": {"jurisdictions": SCRIPT, "why": SCRIPT},
        "anchor": {"name": "aware", "at": "2026-11-25T08:00", "why": SCRIPT},
        "role": {"role": "executive", "person": world.people["Rob"].key, "handover": SCRIPT},
        "observe": {"source": SCRIPT, "since": "2026-11-25T08:00", "until": "2026-11-25T08:30", "n_seen": "5", "n_leaking": "0"},
    }.items():
        assert lead.post(f"/incidents/{world.key}/do/{verb}", data).status_code == 302, verb
    world.people["Rob"].name = SCRIPT[:100]
    world.people["Rob"].save()
    evidence.add(world.actor("Dan"), world.case(), b"x", evidence.Taken(name=SCRIPT, how=SCRIPT), now=world.case().row.declared_at)
    world.browser("Dan").post("/declare", {"by_hand": "1", "title": SCRIPT, "severity": "low"})
    shown = 0
    for page in [*(f"/incidents/{world.key}{p}" for p in PAGES), "/incidents", "/members", "/me", "/incidents/INC-2"]:
        text = lead.get(page).content.decode()
        assert "<script>alert" not in text, page
        assert "<img src=x" not in text, page
        assert "{{49" not in text, page
        shown += "&lt;script&gt;alert" in text
    assert shown >= 8


def test_no_page_has_inline_script_style_or_foreign_address(world):
    for page in [*(f"/incidents/{world.key}{p}" for p in PAGES), "/incidents", "/declare", "/me", "/members", "/accounts/2fa/"]:
        answer = world.browser("Dan").get(page)
        text = answer.content.decode()
        assert not re.search(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)", text), page
        assert not re.search(r"\son\w+=|\sstyle=|javascript:", text), page
        assert not re.search(r"(src|href)=\"(https?:)?//", text), page
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert answer.headers["X-Frame-Options"] == "DENY"


def test_a_guessed_piece_of_evidence_is_not_handed_out(world):
    key = evidence.add(world.actor("Dan"), world.case(), b"raw capture", evidence.Taken(name="c.har", how="proxy"), now=world.case().row.declared_at)
    where = f"/incidents/{world.key}/evidence/{key}"
    assert world.browser("Eve").post(where, {"why": "x"}).status_code == 404
    assert world.browser("Rob").post(where, {"why": "x"}).status_code == 403
    answer = world.browser("Carol").post(where, {"why": "scoping"})
    assert (answer.content, answer.headers["Content-Disposition"]) == (b"raw capture", 'attachment; filename="c.har"')
    assert world.case().incident.piece(key).chain[-1].what == "handed out"


def test_evidence_lies_sealed_and_a_changed_file_is_not_handed_out(world, home):
    key = evidence.add(world.actor("Dan"), world.case(), b"ann@example.org", evidence.Taken(name="c", how="h"), now=world.case().row.declared_at)
    path = home / "evidence" / world.key / f"{key}.sealed"
    stored = path.read_bytes()
    assert b"ann@" not in stored
    path.write_bytes(stored[:-1] + bytes([stored[-1] ^ 1]))
    assert world.browser("Dan").post(f"/incidents/{world.key}/evidence/{key}", {"why": "x"}).status_code == 409


def test_a_bomb_stays_what_it_is_and_a_huge_file_is_refused(world, settings):
    bomb = gzip.compress(b"\0" * 5_000_000)
    client = world.browser("Dan")
    client.post(f"/incidents/{world.key}/evidence", {"file": SimpleUploadedFile("b.gz", bomb), "how": "mail"})
    assert world.case().incident.evidence[-1].n_bytes == len(bomb)
    assert client.post("/declare", {"report": SimpleUploadedFile("r.json", bomb)}).status_code == 200
    settings.STANCH_MAX_UPLOAD_BYTES = 1_000
    before = len(world.case().incident.evidence)
    client.post(f"/incidents/{world.key}/evidence", {"file": SimpleUploadedFile("b.bin", b"x" * 100_000), "how": "mail"})
    assert len(world.case().incident.evidence) == before


@pytest.mark.parametrize("data", [b"", b"{}", b"[" * 90_000, b'{"schema":"stanch.report/1"}', b"\xff\xfe"])
def test_a_malformed_report_is_refused_in_one_line(world, data):
    answer = world.browser("Dan").post("/declare", {"report": SimpleUploadedFile("r.json", data or b" ")})
    assert answer.status_code == 200
    assert 'class="flash error"' in answer.content.decode()
    assert IncidentRow.objects.count() == 1


def tampering():
    yield "UPDATE console_entryrow SET data = substr(data, 1, 40) || x'41' || substr(data, 42) WHERE n = 1"
    yield "DELETE FROM console_entryrow WHERE n = 2"
    yield "DELETE FROM console_entryrow WHERE n = (SELECT max(n) FROM console_entryrow)"
    yield "UPDATE console_stream SET size = size - 1"
    yield "UPDATE console_stream SET note = replace(note, 'INC', 'INX')"
    yield "UPDATE console_incidentrow SET state = replace(state, 'critical', 'low')"


@pytest.mark.parametrize("statement", list(tampering()))
def test_who_changes_the_database_is_found_out(world, statement):
    assert all(result.whole for result in checking.check_all())
    with connection.cursor() as cursor:
        cursor.execute(statement)
    assert not all(result.whole for result in checking.check_all())


def test_what_a_journal_shows_can_be_rebuilt_from_it(world):
    stream = world.case().row.stream
    IncidentRow.objects.filter(key=world.key).update(title="changed", n_open=99)
    before = world.case().incident
    book.rebuild(stream)
    assert world.case().incident == before
    assert world.case().row.title == before.title


def test_the_same_form_sent_twice_is_recorded_once(world):
    for _ in range(2):
        world.do("Dan", "note", text="once", once="a1")
    assert [note.text for note in world.case().incident.notes] == ["once"]


def test_nothing_of_what_people_wrote_is_in_a_form_error(world):
    answer = world.browser("Dan").post(f"/incidents/{world.key}/do/anchor", {"name": "ann@example.org", "at": "x"}, follow=True)
    assert "Select a valid choice" in answer.content.decode()


def test_only_pages_of_the_incident_are_returned_to(world):
    answer = world.do("Dan", "note", text="x", **{"from": "https://evil.example.org/"})
    assert answer.headers["Location"] == f"/incidents/{world.key}/journal"
    assert {"incident"} <= pages.PAGES


def test_an_entry_is_written_once_even_if_two_write_at_once(world):
    stream = world.case().row.stream
    world.record(e.NoteAdded(text="a"), key="k")
    world.record(e.NoteAdded(text="b"), key="k")
    assert EntryRow.objects.filter(stream=stream, idem="k").count() == 1
