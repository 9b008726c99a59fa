"""What leaves for other tools: no formula in a spreadsheet, a calendar that calendars accept, documents with the vocabulary of their standards."""

import csv
import json
from datetime import timedelta
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from incident_stage import DAN, T0

from stanch.incident import event as e
from stanch.incident.clock import Clock, clocks
from stanch.incident.export import EXPORTS
from stanch.incident.export.model import Export
from stanch.incident.export.table import DANGEROUS, safe
from stanch.incident.ics import calendar, folded
from stanch.incident.journal import entry_bytes


def made(story, fmt):
    whole = Export(
        incident=story.incident, entries=tuple(story.entries), clocks=clocks(story.incident), names={DAN: "=cmd|' /C calc'!A0"}, note="head", now=T0
    )
    return EXPORTS[fmt].render(whole)


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "  =1", '"=1', "\ufeff=1", "'=1"])
def test_no_cell_is_a_formula(cell):
    assert safe(cell).startswith("'")


@given(st.text(max_size=20))
def test_a_cell_never_begins_with_what_a_spreadsheet_runs(cell):
    assert not safe(cell).startswith(DANGEROUS)
    assert safe(cell).lstrip("'") == cell.lstrip("'")


def test_the_timeline_is_a_table_with_one_line_an_entry(running):
    running.tell(DAN, e.NoteAdded(text='=HYPERLINK("https://evil.example.org")'))
    rows = list(csv.reader(StringIO(made(running, "csv").decode())))
    assert len(rows) == 1 + len(running.entries)
    assert all(not cell.startswith(DANGEROUS) for row in rows for cell in row)
    assert rows[1][2].startswith("'=")


def test_the_journal_comes_out_in_the_very_bytes_that_were_signed(running):
    *lines, head = made(running, "journal").splitlines()
    assert lines == [entry_bytes(entry) for entry in running.entries]
    assert json.loads(head) == {"signed_head": "head"}


def test_ocsf_says_incident_finding_and_how_it_stands(running):
    found = json.loads(made(running, "ocsf"))
    assert (found["class_uid"], found["severity_id"], found["status"], found["is_suspected_breach"]) == (2005, 5, "New", True)
    running.tell(DAN, e.PhaseChanged(to="analysis"))
    assert json.loads(made(running, "ocsf"))["status"] == "In Progress"


def test_stix_objects_refer_to_each_other_and_keep_their_identity(running):
    bundle = json.loads(made(running, "stix"))
    ids = {item["id"] for item in bundle["objects"]}
    assert all(ref in ids for item in bundle["objects"] for ref in [item.get("created_by_ref", item["id"]), *item.get("object_refs", [])])
    assert {item["type"] for item in bundle["objects"]} == {"identity", "incident", "note"}
    assert json.loads(made(running, "stix")) == bundle


def test_veris_counts_people_by_kind_of_data(running):
    found = json.loads(made(running, "veris"))
    assert found["attribute"]["confidentiality"]["data"] == [{"variety": "Credentials", "amount": 12}, {"variety": "Personal", "amount": 12}]
    assert found["timeline"]["incident"] == {"year": 2026, "month": 11, "day": 25}


def test_a_clock_keeps_its_identity_in_a_calendar_when_it_moves():
    def at(hours):
        return Clock(key="task:a", title="Tell; the, authority\nnow", due_at=T0 + timedelta(hours=hours), owner="lead", kind="task")

    first, second = (calendar([("INC-1", at(hours))], now=T0).decode() for hours in (1, 2))
    uid = "UID:INC-1/task:a@stanch"
    assert uid in first
    assert uid in second
    assert "DTSTART:20261125T100000Z" in first
    assert "SUMMARY:INC-1: Tell\\; the\\, authority\\nnow" in first


@given(st.text(alphabet=st.characters(exclude_characters="\r\n", codec="utf-8"), max_size=300))
def test_folded_lines_are_short_and_unfold_to_what_they_were(line):
    out = folded(line)
    assert all(len(part) <= 75 for part in out.split(b"\r\n"))
    assert out.replace(b"\r\n ", b"").removesuffix(b"\r\n").decode() == line
