"""What goes outside: mail to each address by itself, chat, webhooks; and the law's clocks, which come in."""

import json
import socket
import threading
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from aiosmtpd.controller import Controller
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.mail import get_connection

from stanch.console import queue, worker
from stanch.console import send as sending
from stanch.console.actions import settings as connecting
from stanch.console.clock import now
from stanch.console.hook import signature
from stanch.console.law import law_clocks, law_view, places
from stanch.console.models import Job
from stanch.incident import event as e

T0 = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)


class Post:
    """A mail server that refuses one address."""

    def __init__(self):
        self.mails = []

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802 -- the library's name
        if address.startswith("gone"):
            return "550 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 -- the library's name
        self.mails.append((envelope.rcpt_tos, envelope.content.decode()))
        return "250 OK"


@pytest.fixture
def post(settings):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    office = Post()
    controller = Controller(office, hostname="127.0.0.1", port=port)
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.STANCH_MAIL_ON = "127.0.0.1", port, True
    assert get_connection().host == "127.0.0.1"
    yield office
    controller.stop()


def send_statement(world, addresses):
    connecting.save_group(world.actor("Dan"), name="press", audience="press", addresses=addresses, now=now())
    world.do("Carol", "draft", audience="press", channel="mail", subject="Statement", template="At least {{n_people}} people.")
    message = world.case().incident.messages[-1]
    world.do("Dan", "approve", message=message.key, sha256=message.sha256)
    world.do("Dan", "send", message=message.key, sha256=message.sha256, groups=["press"])
    while worker.work(now()):
        pass
    return world.case().incident.message(message.key)


def test_an_approved_message_reaches_each_address_by_itself(world, post):
    message = send_statement(world, "ann@example.org bob@example.org")
    assert [to for to, _ in post.mails] == [["ann@example.org"], ["bob@example.org"]]
    assert "At least 4 people." in post.mails[0][1]
    assert "bob@" not in post.mails[0][1]
    assert (message.state, message.deliveries[0].ok) == ("sent", True)


def test_what_the_mail_server_refuses_is_not_tried_again(world, post):
    send_statement(world, "gone@example.org")
    job = Job.objects.get(kind="deliver")
    assert job.state == "dead"
    assert "gone@" not in job.fault


def test_facts_that_changed_hold_a_message_back(world, post):
    world.do("Carol", "draft", audience="press", channel="mail", subject="S", template="{{n_people}}")
    message = world.case().incident.messages[-1]
    world.do("Dan", "approve", message=message.key, sha256=message.sha256)
    leak = world.case().incident.leaks[0]
    world.record(
        e.LeaksFound(
            leaks=(e.Leak(endpoint=leak.endpoint, host="", fields=leak.fields, n_subjects=99, n_recipients=1, n_exchanges=1, authenticated=True),)
        )
    )
    world.do("Dan", "send", message=message.key, sha256=message.sha256)
    assert world.case().incident.message(message.key).state == "approved"
    assert "facts have changed" in world.browser("Dan").get(f"/incidents/{world.key}/messages").content.decode()


def test_without_a_mail_server_it_says_so(world):
    send_statement(world, "ann@example.org")
    assert Job.objects.get(kind="deliver").fault.startswith("no mail server")


def test_who_is_woken_by_mail_gets_no_content(world, post):
    world.browser("Connie").post("/connections", {"do": "channel", "kind": "mail", "address": "connie@example.org"})
    world.do("Dan", "ask", question="Is the secret plan approved?", role="counsel")
    while worker.work(now()):
        pass
    assert [to for to, _ in post.mails] == [["connie@example.org"]]
    assert "secret plan" not in post.mails[0][1]


def test_a_webhook_is_signed_and_says_only_that_something_happened(world, settings):
    got = []

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self):
            got.append((dict(self.headers), self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *args):
            pass

    with HTTPServer(("127.0.0.1", 0), Receiver) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        settings.STANCH_PRIVATE_WEBHOOKS = True
        secret = connecting.make_webhook(world.actor("Dan"), f"http://127.0.0.1:{server.server_port}/in", now=now())
        world.do("Dan", "note", text="ann@example.org called")
        while worker.work(now()):
            pass
        server.shutdown()
        thread.join()
    headers, body = got[0]
    assert json.loads(body)["type"] == "incident.note.add"
    assert b"ann@" not in body
    key = bytes.fromhex(secret.removeprefix("whsec_"))
    assert headers["webhook-signature"] == signature(key, headers["webhook-id"], int(headers["webhook-timestamp"]), body)


def test_an_address_that_apprise_does_not_know_is_given_up(world):
    with pytest.raises(sending.NotSentError) as refused:
        sending.by_apprise("nonsense", "t", "b")
    assert refused.value.permanent


def test_the_laws_clocks_run_from_awareness_and_move_with_it(world):
    world.do("Carol", "jurisdictions", jurisdictions="DE=3 US-CA", role="controller", why="w")
    world.record(e.AnchorSet(name="aware", at=T0, why="w"))
    running = {clock.key: clock for clock in law_clocks(world.case().incident, T0)}
    authority = running["law:eu-gdpr-33-authority"]
    assert authority.due_at == T0 + timedelta(hours=72)
    assert authority.detail.startswith("To ")
    world.record(e.AnchorSet(name="aware", at=T0 - timedelta(hours=5), why="w"))
    moved = {clock.key: clock for clock in law_clocks(world.case().incident, T0)}
    assert moved["law:eu-gdpr-33-authority"].due_at == T0 + timedelta(hours=67)
    assert world.case().row.dues.filter(clock="law:eu-gdpr-33-authority").count() == 1
    assert "Regulation (EU) 2016/679" in world.browser("Dan").get(f"/incidents/{world.key}/time").content.decode()


def test_without_places_the_law_has_no_clocks(world):
    assert law_view(world.case().incident, T0).clocks == ()


@pytest.mark.parametrize(("text", "found"), [("DE", ("DE", 0)), ("US-CA=12", ("US-CA", 12)), ("germany", None), ("D", None), ("DE=x", None)])
def test_places_are_codes_with_numbers(text, found):
    assert places((text,)) == ([found] if found else [])


def test_words_that_are_no_places_are_refused(world):
    world.do("Carol", "jurisdictions", jurisdictions="Germany", role="controller")
    assert world.case().incident.jurisdictions == ()


def test_a_dead_job_shows_in_the_counts(world):
    queue.add("k", "tell", {"channel": 0}, now())
    queue.fail(queue.claim(now()), "x", now(), permanent=True)
    assert queue.counts()["dead"] == 1


YAML = b"""
schema: stanch.playbook/1
playbook: extra
title: Extra
version: 1
tasks: [{key: call-cdn, title: Call the CDN, track: containment, phase: containment, role: technical_lead}]
"""


def start_playbook(world, name, data):
    return world.browser(name).post(f"/incidents/{world.key}/playbook", {"playbook": SimpleUploadedFile("p", data)}, follow=True)


def test_a_further_playbook_is_started_once_and_only_by_who_leads(world):
    assert start_playbook(world, "Rob", YAML).status_code == 403
    assert start_playbook(world, "Eve", YAML).status_code == 404
    for _ in range(2):
        start_playbook(world, "Dan", YAML)
    assert [task.key for task in world.case().incident.tasks].count("call-cdn") == 1
    assert world.case().incident.playbooks == ("api-data-exposure", "extra")


def test_our_playbook_goes_out_as_cacao_and_comes_in_as_such(world):
    data = world.browser("Rob").get("/playbook.cacao.json").content
    assert json.loads(data)["spec_version"] == "cacao-2.0"
    n_before = len(world.case().incident.tasks)
    start_playbook(world, "Dan", data)
    assert len(world.case().incident.tasks) == n_before


@pytest.mark.parametrize("data", [b"x: [", b"{}", YAML.replace(b"technical_lead", b"boss"), b"{" * 50_000])
def test_an_unsound_playbook_is_refused_in_one_line(world, data):
    page = start_playbook(world, "Dan", data).content.decode()
    assert 'class="flash error"' in page
    assert world.case().incident.playbooks == ("api-data-exposure",)


def test_a_role_that_nobody_accepts_comes_back_to_the_lead(world):
    worker.sweep(T0 + timedelta(minutes=16))
    assert any(name.startswith("role:counsel@") and name.endswith(":over") for name in world.case().incident.passed)
    world.do("Connie", "accept", role="counsel")
    assert not world.case().row.dues.filter(clock="role:counsel").exists()
