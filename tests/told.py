"""Traffic as tests tell it: who says what to whom."""

import json

from stanch.identity.pseudonym import VALUE, KeyedDigest
from stanch.identity.summary import TrafficSummary
from stanch.traffic.exchange import Exchange


class Traffic:
    """Exchanges in a row, as a test tells them."""

    def __init__(self):
        self.digest = KeyedDigest(b"test key")
        self.items = []

    def say(self, method, path, answer=None, *, headers=(), body=None, status=200, set_cookie=None):
        response = [("Content-Type", "application/json")] + ([("Set-Cookie", set_cookie)] if set_cookie else [])
        self.items.append(
            Exchange(
                where=f"t#{len(self.items)}", method=method, url=f"https://api.example.org{path}", status=status, decoded=True,
                request_headers=(*headers, ("Content-Type", "application/json")), request_body=json.dumps(body).encode() if body is not None else b"",
                response_headers=tuple(response), response_body=json.dumps(answer).encode() if answer is not None else b"",
            )
        )  # fmt: skip
        return self

    def summary(self):
        total = TrafficSummary(digest=self.digest)
        for item in self.items:
            total.add(item)
        return total

    def value(self, text):
        return self.digest(VALUE, text)


def bearer(token):
    return [("Authorization", f"Bearer {token}")]


def cookie(text):
    return [("Cookie", text)]
