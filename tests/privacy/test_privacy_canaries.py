"""Plant a value of its own in every position of traffic, then look for it in everything that stanch writes."""

import json
import subprocess
import sys
from base64 import b64encode
from itertools import count
from urllib.parse import quote

import pytest

STYLES = {
    "address": "zqcanary{n}@example.org",
    "code": "zqcanary{n:05d}",
    "token": "Zq-Canary-{n}-Xk9f3a77c1",
    "sentence": "zqcanary number {n}, said Ann.",
    "digits": "7351{n:06d}",
    "uuid": "7e57ca7a-0000-4000-8000-{n:012d}",
}
TRACES = ("zqcanary", "zq-canary", "7351000", "7e57ca7a")


def capture(style: str) -> bytes:
    numbers = count(1)

    def canary() -> str:
        return STYLES[style].format(n=next(numbers))

    def jwt() -> str:
        parts = ({"alg": "none"}, {"sub": canary(), "email": canary(), canary(): 1})
        return (
            ".".join(b64encode(json.dumps(part).encode()).decode().rstrip("=").replace("+", "-").replace("/", "_") for part in parts)
            + ".c2lnbmF0dXJl"
        )

    def user() -> dict:
        packed = json.dumps({"email": canary(), "x": {canary(): 1}})
        return {
            "id": canary(), "name": canary(), "email": canary(), "phone": canary(), "password": canary(), "token": jwt(), "note": f"see {canary()}.",
            "tags": [canary(), {"name": canary()}], "by_name": {canary(): {"email": canary()}, canary(): {"email": canary()}}, "settings": packed,
            "blob": b64encode(packed.encode()).decode(),
        }  # fmt: skip

    def exchange(method="GET", path="", body="", mime="application/json", sent="", sent_mime="application/json", status=200):
        request = {
            "method": method,
            "url": f"https://api.example.org/users/{path}{quote(canary())}?q={quote(canary())}&{quote(canary())}=1#{quote(canary())}",
            "headers": header(
                ("Authorization", f"Bearer {jwt()}"),
                ("Cookie", f"sid={quote(canary())}; n=1"),
                ("X-User", canary()),
                ("Content-Type", sent_mime),
            ),
            "postData": {"mimeType": sent_mime, "text": sent},
        }
        answer = header(
            ("Content-Type", mime), ("Set-Cookie", f"sid={quote(canary())}"), ("Location", f"/users/{quote(canary())}"), ("X-Email", canary())
        )
        return {
            "startedDateTime": "2026-03-01T10:00:00Z",
            "request": request,
            "response": {"status": status, "headers": answer, "content": {"text": body}},
        }

    boundary = "b0undary"
    form = f'--{boundary}\r\nContent-Disposition: form-data; name="email"; filename="{canary()}"\r\n\r\n{canary()}\r\n--{boundary}--\r\n'
    entries = [
        *(exchange(body=json.dumps(user())) for _ in range(4)),
        *(exchange(path="list/", body=json.dumps([user(), user()])) for _ in range(3)),
        exchange("POST", body=json.dumps({"error": f"no such user {canary()}"}), sent=json.dumps(user()), status=404),
        exchange("POST", sent=f"email={quote(canary())}&{quote(canary())}=1", sent_mime="application/x-www-form-urlencoded", body="{}"),
        exchange("POST", sent=form, sent_mime=f"multipart/form-data; boundary={boundary}", body="{}"),
        exchange(body=f"<user email='{canary()}'><phone>{canary()}</phone></user>", mime="text/xml"),
        exchange(body=f"<user><phone>{canary()}", mime="text/xml"),
        exchange(body=f'{{"email": "{canary()}"', mime="application/json"),
        exchange(body=f'{{"email": "{canary()}"}}\n{{"email": "{canary()}"}}', mime="application/x-ndjson"),
        exchange(body=f'data: {{"email": "{canary()}"}}\n\n', mime="text/event-stream"),
        exchange(body=f"Dear {canary()}", mime=f"text/plain; charset={quote(canary())}"),
        exchange(body=canary(), mime="application/x-protobuf"),
        {"request": {"method": canary(), "url": canary()}, "response": None},
        {"request": canary()},
        canary(),
    ]
    return json.dumps({"log": {"creator": {"name": canary()}, "entries": entries}}).encode()


def header(*pairs):
    return [{"name": name, "value": value} for name, value in pairs]


def stanch(*args):
    done = subprocess.run([sys.executable, "-m", "stanch", *map(str, args)], capture_output=True, timeout=120, check=False)
    return done.stdout.decode() + done.stderr.decode()


def traces_in(text: str) -> list[str]:
    lowered = text.lower()
    return [lowered[max(0, at - 60) : at + 40] for trace in TRACES if (at := lowered.find(trace)) >= 0]


@pytest.mark.parametrize("style", STYLES)
def test_no_value_of_the_traffic_stands_in_any_output(style, tmp_path):
    path = tmp_path / "traffic.har"
    path.write_bytes(capture(style))
    said = {fmt: stanch("scan", path, "--format", fmt) for fmt in ("table", "json", "sarif", "html", "md")}
    report = tmp_path / "report.json"
    said["file"] = stanch("scan", path, "--format", "json", "-o", report)
    rows = json.loads(report.read_text())
    assert rows["fields"]
    said["explain"] = "".join(stanch("explain", report, finding["fingerprint"]) for finding in rows["findings"][:3])
    assert {name: traces_in(text) for name, text in said.items() if traces_in(text)} == {}


@pytest.mark.parametrize("style", STYLES)
def test_no_value_stands_in_what_is_said_of_a_broken_capture(style, tmp_path):
    whole = capture(style)
    for cut in (len(whole) // 3, len(whole) - 40):
        path = tmp_path / "traffic.har"
        path.write_bytes(whole[:cut])
        assert traces_in(stanch("scan", path)) == []
        path.write_bytes(b"\x00\xff" + whole[:cut])
        assert traces_in(stanch("scan", path)) == []
