"""The API: scopes, idempotency, paging, errors without what was sent; the calendar; webhooks that stay outside."""

import json
from datetime import timedelta

import pytest
import schemathesis
from console_stage import report_bytes
from django.core.wsgi import get_wsgi_application
from django.test import Client
from hypothesis import HealthCheck, given, settings
from schemathesis.generation import GenerationMode

from stanch.console.access import SCOPES
from stanch.console.actions import settings as connecting
from stanch.console.api import api
from stanch.console.clock import now
from stanch.console.hook import HookError, check_url, is_public, post, resolve, signature
from stanch.console.models import IncidentRow, Membership, Token
from stanch.errors import InputError
from stanch.incident import event as e

SECRET = "ann@example.org"


def token(world, name, *scopes):
    return connecting.make_token(world.actor(name), name="t", scopes=list(scopes or SCOPES), days=1, now=now())


def call(secret, method, path, body=None, **headers):
    sent = {"HTTP_AUTHORIZATION": f"Bearer {secret}", **{f"HTTP_{k.upper()}": v for k, v in headers.items()}}
    data = body if isinstance(body, bytes) else json.dumps(body)
    return Client().generic(method, f"/api/v1{path}", data if body is not None else b"", content_type="application/json", **sent)


@pytest.mark.parametrize("secret", ["", "stanch_wrong", "é"])
def test_without_a_token_there_is_no_answer(world, secret):
    assert call(secret, "GET", "/incidents").status_code == 401


def test_a_token_sees_what_its_maker_sees(world):
    assert call(token(world, "Dan"), "GET", f"/incidents/{world.key}").json()["leaks"][0]["kinds"] == ["E-mail address", "Password hash"]
    assert call(token(world, "Eve"), "GET", f"/incidents/{world.key}").status_code == 404
    assert call(token(world, "Gus"), "GET", "/incidents").json() == {"items": [], "count": 0}
    world.record(e.Restricted(restricted=True))
    assert call(token(world, "Rob"), "GET", f"/incidents/{world.key}").status_code == 404


@pytest.mark.parametrize(
    ("scope", "method", "path", "body"),
    [
        ("read", "GET", "", None), ("read", "GET", "/tasks", None), ("read", "GET", "/journal", None), ("read", "GET", "/glance", None),
        ("export", "GET", "/export/csv", None), ("write", "POST", "/notes", {"text": "x"}),
        ("write", "POST", "/containments", {"policy": "p", "rev": 1, "target": "gw"}), ("write", "POST", "/tasks/tell-staff/finish", {"result": ""}),
        ("write", "POST", "/observations", {"source": "gw", "since": "2026-11-25T08:00Z", "until": "2026-11-25T09:00Z", "n_seen": 9, "n_leaking": 0}),
    ],
)  # fmt: skip
def test_each_call_needs_its_scope_and_a_role_that_may(world, scope, method, path, body):
    where = f"/incidents/{world.key}{path}"
    assert call(token(world, "Dan", scope), method, where, body).status_code in {200, 201}
    others = [other for other in SCOPES if other != scope]
    assert call(token(world, "Dan", *others), method, where, body).status_code == 403
    assert call(token(world, "Eve"), method, where, body).status_code == 404
    if scope in {"write", "export"}:
        assert call(token(world, "Gus"), method, where, body).status_code == 404
        assert scope == "export" or call(token(world, "Adam"), method, where, body).status_code == 403


def test_approving_sending_and_deciding_are_for_people(world):
    paths = [str(route.pattern) for router in [api.urls[0]] for route in router]
    assert not any(word in path for path in paths for word in ("approve", "send", "decide", "role", "restrict"))


def test_the_same_key_is_the_same_request(world):
    secret = token(world, "Dan")
    answers = [call(secret, "POST", f"/incidents/{world.key}/notes", {"text": "x"}, idempotency_key="a1").json() for _ in range(3)]
    assert answers[0] == answers[1] == answers[2]
    declared = [call(secret, "POST", "/incidents", report_bytes(), idempotency_key="d1").json()["incident"] for _ in range(3)]
    assert len(set(declared)) == 1
    assert IncidentRow.objects.count() == 2


def test_a_revoked_a_run_out_and_an_orphaned_token_are_none(world):
    secret = token(world, "Rob")
    made = Token.objects.get(person=world.people["Rob"])
    assert call(secret, "GET", "/incidents").status_code == 200
    connecting.revoke_token(world.actor("Rob"), made, now=now())
    assert call(secret, "GET", "/incidents").status_code == 401
    secret = token(world, "Carol")
    Token.objects.filter(person=world.people["Carol"]).update(expires_at=now() - timedelta(seconds=1))
    assert call(secret, "GET", "/incidents").status_code == 401
    secret = token(world, "Adam")
    Membership.objects.filter(person=world.people["Adam"]).delete()
    assert call(secret, "GET", "/incidents").status_code == 401


def test_a_list_is_paged(world):
    secret = token(world, "Dan")
    for _ in range(3):
        call(secret, "POST", "/incidents", report_bytes())
    page = call(secret, "GET", "/incidents?limit=2&offset=2").json()
    assert (len(page["items"]), page["count"]) == (2, 4)
    journal = call(secret, "GET", f"/incidents/{world.key}/journal?limit=2").json()
    assert [entry["n"] for entry in call(secret, "GET", f"/incidents/{world.key}/journal?limit=1&before={journal[-1]['n']}").json()] == [
        journal[-1]["n"] - 1
    ]


@pytest.mark.parametrize("body", [{"text": SECRET * 2_000}, {"text": SECRET, "extra": SECRET}, {}, [SECRET], SECRET, b"\xff" + SECRET.encode()])
def test_an_error_never_gives_back_what_was_sent(world, body):
    answer = call(token(world, "Dan"), "POST", f"/incidents/{world.key}/notes", body)
    assert answer.status_code in {400, 422}
    assert SECRET not in answer.content.decode()


def test_privileged_notes_stay_out_of_tokens(world):
    world.do("Connie", "note", text=SECRET, privileged="on")
    for name in ("Dan", "Connie"):
        assert SECRET not in call(token(world, name), "GET", f"/incidents/{world.key}/journal").content.decode()
        assert SECRET not in call(token(world, name), "GET", f"/incidents/{world.key}/export/journal").content.decode()


def test_clocks_are_a_calendar(world):
    secret = token(world, "Dan", "read")
    text = Client().get(f"/calendar/{secret}.ics").content.decode()
    assert text.count("BEGIN:VEVENT") > 10
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    assert Client().get("/calendar/wrong.ics").status_code == 404
    assert Client().get(f"/calendar/{token(world, 'Gus', 'read')}.ics").content.decode().count("BEGIN:VEVENT") == 0


PRIVATE = [
    "http://127.0.0.1/",
    "https://127.0.0.1/",
    "https://[::1]/",
    "https://10.0.0.8/",
    "https://169.254.169.254/latest",
    "https://192.168.1.1/",
    "https://[::ffff:127.0.0.1]/",
    "https://0.0.0.0/",
    "https://[fd00::1]/",
    "https://user:pw@hooks.example.org/",
    "ftp://hooks.example.org/",
    "https://hooks.example.org:22/",
    "https://",
    "gopher://x",
    "https://[2002:7f00:1::]/",
    "https://224.0.0.1/",
    "file:///etc/passwd",
]


@pytest.mark.parametrize("url", PRIVATE)
def test_a_webhook_never_goes_into_the_machines_own_network(url):
    with pytest.raises(InputError):
        check_url(url, allow_private=False)
    with pytest.raises(HookError):
        post(url, b"secret", "k", {}, allow_private=False)


def test_a_name_that_leads_home_is_refused_when_it_is_called():
    with pytest.raises(HookError, match="private"):
        resolve("localhost", 443, allow_private=False)
    assert not is_public("100.64.0.1")
    assert is_public("93.184.216.34")


def test_a_signature_is_that_of_standard_webhooks():
    assert signature(b"key", "msg_1", 1700000000, b"{}") == "v1,XaXLFEFQ69Q4+demDWPEv5ydXczDW2mM5crCUEFcFBA="


def test_secrets_of_webhooks_and_groups_are_for_admins_and_are_shown_once(world):
    answer = world.browser("Dan").post("/connections", {"do": "webhook", "url": "https://hooks.example.org/in"})
    assert "whsec_" in answer.content.decode()
    assert "whsec_" not in world.browser("Dan").get("/connections").content.decode()
    world.browser("Dan").post("/connections", {"do": "group", "name": "press", "audience": "press", "addresses": "ann@example.org"})
    assert "ann@example.org" not in world.browser("Dan").get("/connections").content.decode()
    for name in ("Rob", "Adam", "Gus"):
        assert world.browser(name).post("/connections", {"do": "webhook", "url": "https://hooks.example.org/in"}).status_code == 403
        assert world.browser(name).post("/connections", {"do": "group", "name": "x", "addresses": "a@example.org"}).status_code == 403


def test_the_description_says_3_1_and_asks_for_a_token_everywhere():
    schema = api.get_openapi_schema()
    assert schema["openapi"].startswith("3.1")
    for path, calls in schema["paths"].items():
        for method, spec in calls.items():
            assert spec["security"], (path, method)
            assert {401, 403} <= set(map(int, spec["responses"])), (path, method)


@pytest.mark.parametrize("mode", list(GenerationMode))
def test_random_calls_get_only_answers_that_the_description_names(world, mode):
    schema = schemathesis.openapi.from_dict(json.loads(json.dumps(api.get_openapi_schema())))
    schema.app = get_wsgi_application()
    headers = {"Authorization": f"Bearer {token(world, 'Dan')}"}
    calls = []
    for operation in schema.get_all_operations():
        try_out(operation.ok(), mode, headers, calls)
    assert len(calls) > 30


def try_out(operation, mode, headers, calls):
    @settings(max_examples=4, database=None, suppress_health_check=list(HealthCheck))
    @given(case=operation.as_strategy(generation_mode=mode))
    def run(case):
        if case.path_parameters and case.path_parameters.get("key", "").startswith("INC-") and mode is GenerationMode.POSITIVE:
            case.path_parameters["key"] = "INC-1"
        calls.append(case.call_and_validate(headers=headers))

    run()
