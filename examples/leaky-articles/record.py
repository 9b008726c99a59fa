"""Play a mobile app's users against the sample backend over real HTTP on loopback, and record the traffic as HAR.

python examples/leaky-articles/record.py --app leaky --seed 7 --out traffic.har --truth truth.json
"""

import argparse
import gzip
import http.client
import json
import random
import sys
import threading
from base64 import b64encode
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import select
from werkzeug.serving import WSGIRequestHandler, make_server

sys.path.insert(0, str(Path(__file__).resolve().parent))

from articles_api.app import create_app
from articles_api.models import Article, Comment, User
from articles_api.seed import password_of

HOST = "api.example.org"
LEAKED = ("email", "phone", "birth_date", "address", "password_hash", "is_admin")
N_READERS = 8


class Quiet(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"

    def log(self, type, message, *args):
        pass


@contextmanager
def running(app, port=0):
    """Serve the app on loopback for as long as the block lasts; give its port."""
    server = make_server("127.0.0.1", port, app, threaded=False, request_handler=Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class Phone:
    """One person's app."""

    def __init__(self, tape: "Tape", agent: str) -> None:
        self.tape = tape
        self.agent = agent
        self.token = ""

    def sign_in(self, email: str, password: str) -> None:
        self.token = self.call("POST", "/api/users/login", {"email": email, "password": password})["user"]["token"]

    def call(self, method: str, path: str, data: dict | None = None) -> dict:
        headers = {"Host": HOST, "Accept": "application/json", "Accept-Encoding": "gzip", "User-Agent": self.agent}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        return self.tape.exchange(method, path, headers, data)


class Tape:
    """Sends requests and keeps what went over the wire, at times of its own so that a recording can be repeated."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.entries: list[dict] = []

    def exchange(self, method: str, path: str, headers: dict, data: dict | None) -> dict:
        body = json.dumps(data).encode() if data is not None else None
        if body is not None:
            headers["Content-Type"] = "application/json"
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        connection.request(method, path, body, headers)
        response = connection.getresponse()
        raw = response.read()
        kept = [(k, v) for k, v in response.getheaders() if k not in {"Date", "Server", "Connection"}]
        connection.close()
        text = gzip.decompress(raw) if response.headers.get("Content-Encoding") == "gzip" else raw
        self.entries.append(self.entry(method, path, headers, body, response.status, kept, text))
        return json.loads(text)

    def entry(self, method, path, headers, body, status, kept, text) -> dict:
        at = datetime(2026, 3, 20, 8, tzinfo=UTC) + timedelta(seconds=2 * len(self.entries))
        as_base64 = len(self.entries) % 9 == 0
        content = {
            "size": len(text),
            "mimeType": "application/json",
            "text": b64encode(text).decode() if as_base64 else text.decode(),
        }
        if as_base64:
            content["encoding"] = "base64"
        request = {
            "method": method,
            "url": f"https://{HOST}{path}",
            "httpVersion": "HTTP/1.1",
            "headers": pairs(headers.items()),
            "queryString": [],
            "cookies": [],
            "headersSize": -1,
            "bodySize": len(body or b""),
        }
        if body:
            request["postData"] = {"mimeType": "application/json", "text": body.decode()}
        response = {
            "status": status,
            "statusText": "",
            "httpVersion": "HTTP/1.1",
            "headers": pairs(kept),
            "cookies": [],
            "content": content,
            "redirectURL": "",
            "headersSize": -1,
            "bodySize": -1,
        }
        return {
            "startedDateTime": at.isoformat(),
            "time": 3,
            "request": request,
            "response": response,
            "cache": {},
            "timings": {"send": 0, "wait": 3, "receive": 0},
        }


def pairs(items) -> list[dict]:
    return [{"name": name, "value": value} for name, value in items]


def record(app: str, seed: int) -> bytes:
    """Record one run of the app ``leaky`` or ``fixed``; the same seed gives the same bytes."""
    api = create_app(fixed=app == "fixed", seed=seed)
    with api.extensions["articles"]() as session:
        people = [(u.email, password_of(u)) for u in session.scalars(select(User).order_by(User.id))]
        usernames = list(session.scalars(select(User.username).order_by(User.id)))
        comments = [(c.article.slug, c.id) for c in session.scalars(select(Comment).order_by(Comment.id))]
        slugs = list(session.scalars(select(Article.slug).order_by(Article.id)))
    with running(api) as port:
        tape = Tape(port)
        play(tape, random.Random(seed), people, usernames, slugs, comments)
    log = {"version": "1.2", "creator": {"name": "leaky-articles", "version": "1"}, "entries": tape.entries}
    return json.dumps({"log": log}, indent=1).encode() + b"\n"


def play(tape: Tape, rng: random.Random, people, usernames, slugs, comments) -> None:
    visitor = Phone(tape, "ArticlesApp/3.1 (iOS 19)")
    phones = [Phone(tape, f"ArticlesApp/3.1 (Android {12 + n % 4})") for n in range(N_READERS)]
    for phone, (email, password) in zip(phones, people, strict=False):
        phone.sign_in(email, password)
        phone.call("GET", "/api/user")
    admin = Phone(tape, "Backoffice/1.0")
    admin.sign_in(*people[-1])
    for _ in range(3):
        admin.call("GET", "/api/admin/users")
    phones[0].call("GET", "/api/admin/users")
    visitor.call("GET", "/api/user")
    for round_ in range(6):
        for phone in [*phones, visitor]:
            read_for_a_while(phone, rng, usernames, slugs, comments)
        for phone in rng.sample(phones, 3):
            slug = rng.choice(slugs)
            phone.call("POST", f"/api/articles/{slug}/comments", {"body": f"Thank you, that was round {round_}."})
            phone.call("POST", f"/api/articles/{slug}/favorite")
            phone.call("PUT", "/api/user", {"bio": f"Reading since round {round_}."})
    visitor.call("GET", "/api/articles/no-such-article")
    visitor.call("GET", f"/api/articles/{slugs[0]}/comments/99999")
    stranger = Phone(tape, "curl/8")
    stranger.token = "not-a-token"
    stranger.call("GET", "/api/user")


def read_for_a_while(phone: Phone, rng: random.Random, usernames, slugs, comments) -> None:
    phone.call("GET", "/api/articles?limit=5")
    slug = rng.choice(slugs)
    phone.call("GET", f"/api/articles/{slug}")
    phone.call("GET", f"/api/articles/{slug}/comments")
    for slug, number in rng.sample(comments, 2):
        phone.call("GET", f"/api/articles/{slug}/comments/{number}")
    phone.call("GET", f"/api/profiles/{rng.choice(usernames)}")
    phone.call("GET", f"/api/articles/search?q={rng.choice(['trains', 'maps', 'soups'])}")


def truth(app: str, seed: int) -> bytes:
    """Say which fields are excessive in the recording of this app."""
    del seed
    places = [
        ("GET", "/api/articles/{slug}/comments/{id}", "$.comment.author", "EDE"),
        ("GET", "/api/articles/{slug}/comments", "$.comments[*].author", "EDE"),
        ("POST", "/api/articles/{slug}/comments", "$.comment.author", "EDE-self"),
    ]
    entries = [
        {"method": method, "template": template, "json_path": f"{path}.{name}", "label": label, "excessive": True, "root_cause": "articles_api/models.py SerializerMixin.to_dict"}
        for method, template, path, label in places for name in LEAKED
    ] if app == "leaky" else []  # fmt: skip
    return json.dumps({"app": f"{app}-articles", "entries": entries}, indent=1).encode() + b"\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--app", choices=["leaky", "fixed"], default="leaky")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--truth", type=Path)
    args = parser.parse_args()
    args.out.write_bytes(record(args.app, args.seed))
    if args.truth:
        args.truth.write_bytes(truth(args.app, args.seed))


if __name__ == "__main__":
    main()
