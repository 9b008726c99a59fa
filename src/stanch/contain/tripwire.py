"""A tripwire: look at a masked response as it leaves, as someone would who does not trust the mask.

Hits on what was taken out and still stands somewhere, and on values of the same kind that stand elsewhere.
"""

from collections.abc import Iterable, Mapping

from stanch.classify.detect import candidates
from stanch.contain.prove import leaves, start, survivals, targets, texts_of
from stanch.contain.request import Headers
from stanch.traffic.decode import decode
from stanch.traffic.exchange import Exchange

TELLING = frozenset({"contact.email", "finance.card", "finance.iban", "credential.password_hash", "credential.token", "credential.api_key"})
"""Kinds whose form alone tells them with hardly an error; a birth date or a name has no such form."""


def survivors(before: bytes, after: bytes, headers: Headers, actions: Mapping[str, str], content_type: str = "") -> str:
    """Say what is wrong with a response about to leave, in words without values; empty where nothing is."""
    states = start(actions)
    taken = [leaf for tree in trees(before, content_type) for leaf in targets(tree, states)]
    texts, _ = texts_of(taken)
    if found := survivals(texts, after, content_type, headers):
        return f"a masked value still stands in {found[0].place}, {found[0].form}"
    kinds = kinds_of(taken) & TELLING
    left = kinds & kinds_of(leaf for tree in trees(after, content_type) for leaf in leaves(tree)) if kinds else frozenset()
    return f"{min(left)} stands elsewhere in the response" if left else ""


def trees(body: bytes, content_type: str) -> list[object]:
    fields = (("content-type", content_type),) if content_type else ()
    exchange = Exchange(where="response", method="GET", url="http://localhost/", status=200, response_headers=fields, response_body=body)
    return [document.tree for document in decode(exchange).documents if document.where == "response.body"]


def kinds_of(values: Iterable[object]) -> frozenset[str]:
    return frozenset(kind for value in values for kind in candidates(value))
