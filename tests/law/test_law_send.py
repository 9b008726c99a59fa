"""Sending: each person once, whatever dies; nothing that is not approved; no personal value in our stores."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from law.sample import LIBRARY, PACK, SHEET, document
from stanch.cli.law import command
from stanch.engines.law_mail import Relay, send
from stanch.engines.law_outbox import Outbox
from stanch.engines.law_people import people
from stanch.errors import InputError, OutsideError
from stanch.law.bounce import read_bounce, return_path
from stanch.law.delivery import MOVES, moved, require_clear, retry_at, route
from stanch.law.document.approval import Approval, standing
from stanch.law.document.lint import lint
from stanch.law.document.markdown import digest
from stanch.law.document.merge import Recipient, merged, plain
from stanch.law.fact import Fact, Statement, with_fact
from stanch.law.rate import full, take
from stanch.personal import Personal

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
WORDS = LIBRARY.words["en"]
CANARY = "Zzyzx-Canary"
LETTER = document("gdpr-34-letter")


def person(n=1, kinds=("contact.phone",), **more):
    given = {"email": Personal(f"ann{n}@example.org"), "datatypes": frozenset(kinds), **more}
    return Recipient(reference=f"A{n}", name=Personal(f"Ann {CANARY} {n}"), **given)


class Server:
    """A relay that remembers what it accepted."""

    def __init__(self, delay_s=0.0):
        self.accepted, self.replies, self.delay_s = [], {}, delay_s

    async def handle_RCPT(  # noqa: N802 -- aiosmtpd's name
        self, _server, _session, envelope, address, _options
    ):
        reply = self.replies.get(address)
        if reply:
            return reply
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802 -- aiosmtpd's name
        self, _server, _session, envelope
    ):
        import asyncio

        await asyncio.sleep(self.delay_s)
        self.accepted.append((envelope.mail_from, envelope.rcpt_tos[0], envelope.content))
        return "250 OK"

    @property
    def ids(self):
        return [message_from_bytes(content)["Message-ID"] for _, _, content in self.accepted]


def free_port():
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return held.getsockname()[1]


@pytest.fixture
def relay():
    server = Server()
    controller = Controller(server, hostname="127.0.0.1", port=free_port())
    controller.start()
    server.relay = Relay(host="127.0.0.1", port=controller.port, sender="privacy@example.org", per_s=10000)
    yield server
    controller.stop()


@pytest.fixture
def outbox(tmp_path):
    box = Outbox(tmp_path / "outbox.db")
    yield box
    box.close()


def batch(*recipients):
    return [(each, LETTER, WORDS) for each in recipients]


def test_each_person_gets_their_own_letter_once(relay, outbox):
    done = send(outbox, "b", batch(person(1), person(2)), relay.relay)
    again = send(outbox, "b", batch(person(1), person(2), person(3)), relay.relay)
    assert (done.n_sent, again.n_sent, again.n_before) == (2, 1, 2)
    assert [to for _, to, _ in relay.accepted] == ["ann1@example.org", "ann2@example.org", "ann3@example.org"]
    text = message_from_bytes(relay.accepted[0][2]).get_payload(decode=True).decode()
    assert f"Dear Ann {CANARY} 1," in text
    assert "phone number" in text
    assert "{{" not in text
    assert "Ann " + CANARY + " 2" not in text


def test_a_message_carries_its_key_as_id_and_bounces_come_back_to_it(relay, outbox):
    send(outbox, "b", batch(person(1)), relay.relay)
    sender, _, content = relay.accepted[0]
    key = outbox.key("b", "A1")
    assert sender == f"bounce+{key}@example.org"
    made = message_from_bytes(content)
    assert made["Message-ID"] == f"<{key}@example.org>"
    assert made["List-Unsubscribe"] is None


def test_refused_is_settled_and_deferred_is_tried_again_later(relay, outbox, monkeypatch):
    relay.replies = {"ann1@example.org": "550 no such mailbox", "ann2@example.org": "451 try later"}
    done = send(outbox, "b", batch(person(1), person(2), person(3)), relay.relay)
    assert (done.n_sent, done.n_bounced, done.n_deferred) == (1, 1, 1)
    relay.replies = {}
    assert send(outbox, "b", batch(person(1), person(2), person(3)), relay.relay).n_deferred == 1
    monkeypatch.setattr("stanch.engines.law_mail._now", lambda: datetime.now(UTC) + timedelta(hours=1))
    assert send(outbox, "b", batch(person(1), person(2), person(3)), relay.relay).n_sent == 1
    assert outbox.counts("b") == {"bounced": 1, "sent": 2}


def test_after_five_attempts_a_person_must_look(relay, outbox, monkeypatch):
    relay.replies = {"ann1@example.org": "451 try later"}
    for hours in range(1, 40, 5):
        monkeypatch.setattr("stanch.engines.law_mail._now", lambda hours=hours: NOW + timedelta(hours=hours))
        send(outbox, "b", batch(person(1)), relay.relay)
    assert outbox.counts("b") == {"failed": 1}
    assert outbox.entry(outbox.key("b", "A1")).attempts == 5


def test_a_relay_that_is_not_there_is_an_outside_failure_and_nothing_is_lost(outbox, relay):
    nowhere = Relay(host="127.0.0.1", port=free_port(), sender="privacy@example.org")
    with pytest.raises(OutsideError, match="can't be reached"):
        send(outbox, "b", batch(person(1)), nowhere)
    done = send(outbox, "b", batch(person(1)), relay.relay)
    assert (done.n_sent, done.n_recovered) == (1, 1)


def test_what_a_crash_left_unclear_may_be_held_for_a_person(outbox, relay):
    key = outbox.key("b", "A1")
    outbox.enqueue(key, "b", NOW)
    outbox.move(key, "claim", NOW)
    done = send(outbox, "b", batch(person(1)), relay.relay, unclear="hold")
    assert (done.n_held, relay.accepted) == (1, [])


def test_only_one_process_sends(outbox, relay):
    with outbox.only_sender(), pytest.raises(InputError, match="another process is sending"):
        send(outbox, "b", batch(person(1)), relay.relay)


def test_the_outbox_holds_no_personal_value_and_is_its_owners_only(relay, outbox, tmp_path):
    send(outbox, "b", batch(person(1)), relay.relay)
    outbox.close()
    for path in tmp_path.iterdir():
        assert path.stat().st_mode & 0o077 == 0 or path.suffix == ".lock"
        held = path.read_bytes()
        assert CANARY.encode() not in held
        assert b"ann1" not in held


@pytest.mark.parametrize(
    ("who", "channels"),
    [
        (person(kinds=("contact.phone",)), ("email",)),
        (person(kinds=("contact.email", "credential.password_hash")), ("email", "portal")),
        (person(kinds=("contact.email", "credential.password"), address=Personal("1 Example Street")), ("email", "letter")),
        (person(kinds=("contact.email",)), ("email",)),
        (person(email=None), ("portal",)),
        (person(email=None, address=Personal("1 Example Street")), ("letter",)),
    ],
)
def test_a_leaked_mailbox_is_never_the_only_way(who, channels):
    assert route(who).channels == channels


def approvals(made, *names):
    return [Approval(sha256=digest(made), by=name, role="counsel", at=NOW) for name in names]


def test_what_is_not_approved_or_an_exercise_or_wrong_does_not_go_out():
    fine = lint(LETTER, [PACK.rule("eu-gdpr-34-individuals")], WORDS)
    require_clear(LETTER, standing(LETTER, approvals(LETTER, "Carol", "Dan"), drafted_by="Ann"), fine)
    with pytest.raises(InputError, match="1 of 2 people have approved"):
        require_clear(LETTER, standing(LETTER, approvals(LETTER, "Carol"), drafted_by="Ann"), fine)
    forbidden = [c for c in lint(LETTER, [PACK.rule("us-ma-individuals")], WORDS) if c.what == "forbidden"]
    with pytest.raises(InputError, match="us-ma-individuals forbids"):
        require_clear(LETTER, standing(LETTER, approvals(LETTER, "Carol", "Dan"), drafted_by="Ann"), forbidden)
    drill = document(
        "gdpr-34-letter",
        sheet=with_fact(SHEET, Fact(key="exercise", kind="flag", value=True, source=Statement(by="Dan", at=NOW), confidence="stated")),
    )
    with pytest.raises(InputError, match="an exercise sends nothing"):
        require_clear(drill, standing(drill, approvals(drill, "Carol", "Dan"), drafted_by="Ann"), fine)


def test_an_approval_of_the_draft_is_not_one_of_a_changed_text():
    other = document(
        "gdpr-34-letter",
        sheet=with_fact(SHEET, Fact(key="feature", kind="text", value="login page", source=Statement(by="Dan", at=NOW), confidence="stated")),
    )
    with pytest.raises(InputError, match="2 approvals are of another text"):
        require_clear(other, standing(other, approvals(LETTER, "Carol", "Dan"), drafted_by="Ann"), ())


def test_merging_changes_only_the_fields_of_the_person():
    made = merged(LETTER, person(1), WORDS)
    for before, after in zip(LETTER.blocks, made.blocks, strict=True):
        for one, other in zip(before.spans, after.spans, strict=True):
            assert one == other or one.merge
    assert "{{" not in plain(made)


@given(st.text(min_size=1, max_size=40))
def test_a_name_can_not_break_a_message(name):
    from stanch.engines.law_mail import message

    who = Recipient(
        reference="A1", name=Personal(" ".join(name.split()) or "x"), email=Personal("ann@example.org"), datatypes=frozenset({"contact.phone"})
    )
    try:
        made = message("0" * 32, "ann@example.org", merged(LETTER, who, WORDS), Relay(host="h", port=25, sender="p@example.org"))
        again = message_from_bytes(bytes(made))
    except UnicodeEncodeError:
        return  # a lone surrogate is no text; it can't come from a UTF-8 store
    assert again["To"] == "ann@example.org"
    assert again["Bcc"] is None


EVENTS = st.lists(st.sampled_from(sorted({event for _, event in MOVES})), max_size=12)


@given(EVENTS)
def test_no_path_of_events_sends_what_is_settled_again(events):
    state, settled = "queued", False
    for event in events:
        try:
            state = moved(state, event)
        except ValueError:
            continue
        assert not (settled and state == "sending")
        settled = state in {"sent", "bounced", "failed"}


def test_waits_double():
    assert [(retry_at(NOW, n) - NOW).total_seconds() / 60 for n in (1, 2, 3, 4)] == [5, 10, 20, 40]


@given(
    st.lists(st.floats(min_value=0, max_value=5), min_size=1, max_size=60),
    st.floats(min_value=0.5, max_value=50),
    st.integers(min_value=1, max_value=10),
)
def test_a_limit_is_kept_in_every_window(gaps, per_s, burst):
    bucket, now, used = full(per_s, burst, at_s=0.0), 0.0, []
    for gap in gaps:
        now += gap
        bucket, wait = take(bucket, at_s=now)
        now += wait
        used.append(now)
    for i, first in enumerate(used):
        for j in range(i, len(used)):
            assert j - i + 1 <= burst + 1 + (used[j] - first) * per_s + 1e-6


def bounce_of(key, status):
    made = EmailMessage()
    made["To"] = return_path(key, "example.org")
    made.set_content("x")
    raw = made.as_bytes().replace(b"Content-Type: text/plain", b"X: y").split(b"\n\n")[0]
    report = (
        b'\nContent-Type: multipart/report; report-type=delivery-status; boundary="B"\n\n--B\nContent-Type: text/plain\n\nx\n'
        b"--B\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example.org\n\nFinal-Recipient: rfc822; ann@example.org\nStatus: "
    )
    kept = b"\n".join(line for line in raw.splitlines() if line.startswith((b"To:", b"MIME")))
    return kept + report + status.encode() + b"\n\n--B--\n"


@pytest.mark.parametrize(("status", "permanent"), [("5.1.1", True), ("4.2.2", False), ("2.0.0", None), ("nonsense", None)])
def test_a_bounce_is_told_by_the_address_that_it_comes_back_to(status, permanent):
    found = read_bounce(bounce_of("a" * 32, status))
    assert (found.permanent if found else None) is permanent
    assert found is None or found.message_key == "a" * 32


@given(st.binary(max_size=200))
def test_reading_a_bounce_never_raises(data):
    assert read_bounce(data) is None


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("p.csv", "name,email\nAnn,a@example.org\n", "p.csv:1: needs the columns"),
        ("p.csv", "reference,name,data_types,email\nA1,Ann,contact.phone,ann at example.org\n", "p.csv:2: the e-mail address can't be used"),
        ("p.csv", "reference,name,data_types\nA1,,contact.phone\n", "p.csv:2: reference, name and data_types must be there"),
        ("p.ndjson", '{"reference": "A1"}\n', "p.ndjson:1: reference, name"),
        ("p.ndjson", "[]\n", "p.ndjson:1: is not an object"),
        ("p.ndjson", "x\n", "p.ndjson:1: is not JSON"),
    ],
)
def test_a_bad_line_of_the_user_store_is_named_and_not_shown(tmp_path, name, text, says):
    (tmp_path / name).write_text(text)
    with pytest.raises(InputError) as caught:
        list(people(str(tmp_path / name)))
    assert says in str(caught.value)
    assert "ann at" not in str(caught.value)


@pytest.mark.parametrize("text", ["reference,name,data_types,email\nA1,Ann,contact.phone;contact.email,\n", None])
def test_people_are_read_from_csv_and_ndjson(tmp_path, text):
    path = tmp_path / ("p.csv" if text else "p.ndjson")
    path.write_text(text or '{"reference": "A1", "name": "Ann", "data_types": ["contact.phone", "contact.email"]}\n')
    (only,) = people(str(path))
    assert (only.reference, only.name.reveal(), only.email, only.datatypes) == ("A1", "Ann", None, {"contact.phone", "contact.email"})


STATEMENTS = """
schema: stanch.statements/1
by: Carol
at: 2026-11-25T09:00:00+01:00
statements:
"""


def plain_value(value):
    return value.isoformat() if isinstance(value, datetime) else list(value) if isinstance(value, tuple) else value


def drafted(folder, report, *more):
    """Draft a package in which everything is stated."""
    from law.sample import stated

    lines = [json.dumps({"key": each.key, "value": plain_value(each.value)}) for each in stated()]
    (folder / "s.yaml").write_text(STATEMENTS + "".join(f"  - {line}\n" for line in (*lines, *more)))
    arguments = ["draft", report, "--statements", str(folder / "s.yaml"), "--residents", "DE=9", "--at", "aware=2026-11-24T16:20+01:00",
                 "--harm", "high", "--now", "2026-11-25T12:00+00:00", "--out", str(folder / "notices")]  # fmt: skip
    result = CliRunner().invoke(command, arguments)
    assert result.exit_code == 0, result.exception
    return folder / "notices"


@pytest.fixture
def report(tmp_path):
    from law.test_law_cli import REPORT
    from stanch.finding.render.json import render_json

    (tmp_path / "report.json").write_bytes(render_json(REPORT))
    return str(tmp_path / "report.json")


def run(*arguments):
    return CliRunner().invoke(command, [str(each) for each in arguments])


def approve(notices):
    for by, role in (("Carol", "privacy_officer"), ("Dan", "lead")):
        assert run("approve", notices, "--document", "gdpr-34-letter", "--by", by, "--role", role).exit_code == 0


def store(tmp_path, n):
    path = tmp_path / "people.csv"
    rows = "".join(f'A{i},Ann {CANARY} {i},ann{i}@example.org,"{i} Example Street",en,contact.email;person.birth_date\n' for i in range(n))
    path.write_text("reference,name,email,address,language,data_types\n" + rows)
    return path


def test_from_draft_over_two_approvals_to_the_people(report, tmp_path, relay):
    notices, who = drafted(tmp_path, report), store(tmp_path, 3)
    sending = ("send", notices, "--document", "gdpr-34-letter", "--people", who, "--drafted-by", "Ann")
    assert "0 of 2 people have approved" in str(run(*sending).exception)
    approve(notices)
    dry = run(*sending)
    assert "3 by email" in dry.output
    assert relay.accepted == []
    wet = run(*sending, "--relay", f"127.0.0.1:{relay.relay.port}", "--from", "privacy@example.org", "--rate", "1000")
    assert "3 sent, 0 settled before" in wet.output
    assert CANARY not in wet.output
    assert len(relay.accepted) == 3


def test_a_changed_fact_sheet_sends_nothing(report, tmp_path):
    notices = drafted(tmp_path, report)
    approve(notices)
    facts = (notices / "facts.json").read_text()
    (notices / "facts.json").write_text(facts.replace("comment page", "login page"))
    result = run("send", notices, "--document", "gdpr-34-letter", "--people", store(tmp_path, 1), "--drafted-by", "Ann")
    assert "the facts have changed since it was drafted" in str(result.exception)


def test_an_exercise_drafts_but_never_sends(report, tmp_path, relay):
    notices = drafted(tmp_path, report, "{key: exercise, value: true, at: '2026-11-25T10:00:00+01:00'}")
    approve(notices)
    result = run("send", notices, "--document", "gdpr-34-letter", "--people", store(tmp_path, 1), "--drafted-by", "Ann",
                 "--relay", f"127.0.0.1:{relay.relay.port}", "--from", "privacy@example.org")  # fmt: skip
    assert "an exercise sends nothing" in str(result.exception)
    assert relay.accepted == []


def test_letters_go_into_a_print_batch_where_the_mailbox_is_not_enough(report, tmp_path, relay):
    notices, who = drafted(tmp_path, report), store(tmp_path, 2)
    who.write_text(who.read_text().replace("person.birth_date", "credential.password_hash"))
    approve(notices)
    result = run("send", notices, "--document", "gdpr-34-letter", "--people", who, "--drafted-by", "Ann",
                 "--relay", f"127.0.0.1:{relay.relay.port}", "--from", "privacy@example.org")  # fmt: skip
    assert "2 letters in print batches" in result.output
    assert (notices / "print" / "letters-0001.pdf").read_bytes().startswith(b"%PDF")


def test_bounces_and_submissions_are_recorded(report, tmp_path, relay):
    notices, who = drafted(tmp_path, report), store(tmp_path, 1)
    approve(notices)
    run("send", notices, "--document", "gdpr-34-letter", "--people", who, "--drafted-by", "Ann",
        "--relay", f"127.0.0.1:{relay.relay.port}", "--from", "privacy@example.org")  # fmt: skip
    key = relay.ids[0].strip("<>").partition("@")[0]
    (tmp_path / "back.eml").write_bytes(bounce_of(key, "5.1.1"))
    assert "1 of 1 are permanent bounces" in run("bounces", notices, tmp_path / "back.eml").output
    assert "0 of 1 are permanent bounces" in run("bounces", notices, tmp_path / "back.eml").output
    (tmp_path / "receipt.pdf").write_bytes(b"receipt")
    told = run(
        "submitted",
        notices,
        "--rule",
        "eu-gdpr-33-authority",
        "--reference",
        "DSB-7",
        "--proof",
        tmp_path / "receipt.pdf",
        "--document",
        "gdpr-33",
        "--by",
        "Carol",
    )
    assert "reference DSB-7" in told.output
    box = Outbox(notices / "outbox.db")
    assert list(box.submissions()) == ["eu-gdpr-33-authority"]
    box.close()


def start_sending(notices, who, port):
    call = [sys.executable, "-m", "stanch", "law", "send", str(notices), "--document", "gdpr-34-letter", "--people", str(who), "--drafted-by", "Ann",
            "--relay", f"127.0.0.1:{port}", "--from", "privacy@example.org", "--rate", "100000"]  # fmt: skip
    return subprocess.Popen(call, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={**os.environ, "NO_COLOR": "1"})


def test_killed_again_and_again_every_person_is_told_once(report, tmp_path, relay):
    """Kill the sender hard in mid-batch; what is handed over twice carries one id, which a relay knows."""
    n, n_kills = 200, 3
    notices, who = drafted(tmp_path, report), store(tmp_path, n)
    approve(notices)
    for k in range(1, n_kills + 1):
        process = start_sending(notices, who, relay.relay.port)
        until = time.monotonic() + 60
        while len(set(relay.ids)) < k * n // (n_kills + 2) and process.poll() is None and time.monotonic() < until:
            time.sleep(0.01)
        assert process.poll() is None, process.communicate()
        os.kill(process.pid, signal.SIGKILL)
        process.communicate()
    last = start_sending(notices, who, relay.relay.port)
    out, err = last.communicate(timeout=120)
    assert last.returncode == 0, err
    assert f"in all: {n} sent" in out
    recipients = {message_id: to for message_id, (_, to, _) in zip(relay.ids, relay.accepted, strict=True)}
    assert Counter(recipients.values()) == Counter({f"ann{i}@example.org": 1 for i in range(n)})
    assert len(relay.accepted) - len(recipients) <= n_kills
    assert CANARY not in out + err
    assert all(CANARY.encode() not in path.read_bytes() for path in Path(notices).glob("outbox*"))
