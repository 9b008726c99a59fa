"""Prove what a mask did, without trusting the code that masked.

Two questions about a response before and after: does any value that was to go still stand somewhere, in any form? Did anything else change?
Follows paths with an automaton of its own over the scanner's decoder and over a plain tokeniser; shares no code with ``mask``.
"""

import re
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import quote, quote_plus

import orjson

from stanch.contain.path import ANY_MEMBER, ELEMENT, IN_STRING, parse_path
from stanch.contain.request import Headers
from stanch.traffic.body.members import items as pairs_of
from stanch.traffic.body.nested import Nested
from stanch.traffic.decode import decode
from stanch.traffic.document import Pairs
from stanch.traffic.exchange import Exchange

_ELEMENT, _ANY, _INSIDE = "\0" + ELEMENT, "\0" + ANY_MEMBER, "\0" + IN_STRING
States = frozenset[tuple[str, ...]]
"""What is still to go of each path that leads here."""
MIN_TEXT = 4
"""Shorter values are found everywhere, so their survival can't be told by value; their places are checked."""
MIN_DIGITS = 6
BLANK = ("", 0, None)
"""What a typed mask leaves; ``False`` equals nought."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Survival:
    place: str
    """Such as ``response.header x-author`` or ``response.body $.note``; never a value."""
    form: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    survivals: tuple[Survival, ...] = ()
    changed: str = ""
    """What else changed, in words; empty where nothing did."""
    n_targets: int = 0
    n_by_place_only: int = 0
    """Targets too short to be told by their value."""

    @property
    def holds(self) -> bool:
        return not self.survivals and not self.changed


def start(paths: Iterable[str]) -> States:
    return frozenset(parse_path(path) for path in paths)


def single(states: States) -> States:
    """Step over ``[*]`` where a single value stands in an array's place."""
    found = states
    while any(rest and rest[0] == _ELEMENT for rest in found):
        found = frozenset(rest[1:] if rest and rest[0] == _ELEMENT else rest for rest in found)
    return found


def below_key(states: States, key: str) -> States:
    return frozenset(rest[1:] for rest in single(states) if rest and rest[0] in {key, _ANY})


def below_element(states: States) -> States:
    return frozenset(rest[1:] if rest[0] == _ELEMENT else rest for rest in states if rest)


def inside_string(states: States) -> States:
    return frozenset(rest[1:] for rest in single(states) if rest and rest[0] == _INSIDE)


def is_hit(states: States, *, array: bool) -> bool:
    return () in (states if array else single(states))


def targets(tree: object, states: States) -> Iterator[object]:
    """Give every leaf that the paths take from a decoded tree."""
    if not states:
        return
    if is_hit(states, array=isinstance(tree, list)):
        yield from leaves(tree)
    elif isinstance(tree, Pairs | dict):
        for key, value in pairs_of(tree):
            yield from targets(value, below_key(states, key))
    elif isinstance(tree, list):
        for value in tree:
            yield from targets(value, below_element(states))
    elif isinstance(tree, Nested) and tree.kind == "json":
        yield from targets(tree.tree, inside_string(states))
    elif isinstance(tree, str) and (inner := inside_string(states)):
        yield from targets(loaded(tree), inner)


def leaves(tree: object) -> Iterator[object]:
    if isinstance(tree, Pairs | dict):
        for _, value in pairs_of(tree):
            yield from leaves(value)
    elif isinstance(tree, list):
        for value in tree:
            yield from leaves(value)
    elif isinstance(tree, Nested):
        yield tree.text
        yield from leaves(tree.tree)
    else:
        yield tree


def loaded(text: str) -> object:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        return None


def texts_of(values: Iterable[object]) -> tuple[frozenset[str], int]:
    """Give the texts by which targets can be told, and how many can't."""
    found: set[str] = set()
    n_short = 0
    for value in values:
        text = value.strip() if isinstance(value, str) else str(value) if isinstance(value, int | float) and not isinstance(value, bool) else ""
        long_enough = len(text) >= MIN_TEXT if isinstance(value, str) and not text.isdecimal() else len(text) >= MIN_DIGITS
        if long_enough:
            found.add(text)
        else:
            n_short += 1
    return frozenset(found), n_short


def forms(text: str) -> Iterator[tuple[str, str]]:
    """Give the forms in which a value may slip out, each with its name, in lower case."""
    raw = text.encode("utf-8", "surrogatepass")
    yield "as it is", text.casefold()
    yield "percent-encoded", quote(raw, safe="").casefold()
    yield "form-encoded", quote_plus(raw).casefold()
    yield "in hexadecimal", raw.hex()
    yield "backwards", text[::-1].casefold()
    for number in range(3):
        # base64 of a longer text holds this one's middle, whichever of the three alignments it has
        coded = b64encode(b"\0" * number + raw).decode()
        yield "in base64", coded[(0, 2, 3)[number] : -4 or None].casefold() if len(coded) > 12 else coded.casefold()
    yield "in base64", urlsafe_b64encode(raw).decode().rstrip("=").casefold()


def survivals(texts: frozenset[str], body: bytes, content_type: str, headers: Headers) -> tuple[Survival, ...]:
    """Look for each text in headers, in leaves and keys of the decoded body, in the bytes, and across neighbouring leaves."""
    places = dict(haystacks(body, content_type, headers))
    found = {
        Survival(place=place, form=name)
        for text in texts
        for name, form in forms(text)
        if len(form) >= MIN_TEXT
        for place, hay in places.items()
        if form in hay
    }
    return tuple(sorted(found, key=lambda s: (s.place, s.form)))


def haystacks(body: bytes, content_type: str, headers: Headers) -> Iterator[tuple[str, str]]:
    for name, value in headers:
        yield f"response.header {name}", value.casefold()
    exchange = Exchange(
        where="response", method="GET", url="http://localhost/", status=200, response_headers=(("content-type", content_type),), response_body=body
    )
    spots: dict[str, list[str]] = {}
    for document in decode(exchange).documents:
        if document.where == "response.body":
            for path, text in named_leaves(document.tree, "$"):
                spots.setdefault(path, []).append(text)
    yield from ((f"response.body {path}", "\n".join(texts).casefold()) for path, texts in spots.items())
    yield "response.body, across members", "".join(text for texts in spots.values() for text in texts).casefold()
    yield "response.body", body.decode("utf-8", "replace").casefold()


def named_leaves(tree: object, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(tree, Pairs | dict):
        for key, value in pairs_of(tree):
            yield f"{path}[~]~", key
            yield from named_leaves(value, f"{path}.{key}" if key.isidentifier() else f"{path}[~]")
    elif isinstance(tree, list):
        for value in tree:
            yield from named_leaves(value, f"{path}[*]")
    elif isinstance(tree, Nested):
        yield path, tree.text
        yield from named_leaves(tree.tree, f"{path}@{tree.kind}")
    elif isinstance(tree, str | int | float) and not isinstance(tree, bool):
        yield path, str(tree)


_TOKEN = re.compile(rb'"(?:[^"\\]|\\.)*"|[{}\[\]:,]|[ \t\r\n]+|[^\s"{}\[\]:,]+|"', re.DOTALL)
MASKED = b"\0masked"


@dataclass(slots=True)
class Skeleton:
    """A body's tokens without those that the policy takes: what must be the same before and after."""

    tokens: list[bytes]
    drops: States
    spaces: bool
    """Whether spacing counts; where members were dropped, the spaces around them went too."""
    out: list[bytes]

    def run(self, states: States) -> list[bytes]:
        at = 0
        # a whole document can't be dropped: it becomes null
        states = states | (self.drops & {()})
        while at < len(self.tokens):
            at = self.value(at, states, self.drops, shown=True)
        return self.out

    def show(self, token: bytes, *, shown: bool) -> None:
        if shown and (self.spaces or (token.strip() and token != b",")):
            self.out.append(token)

    def spaced(self, at: int, *, shown: bool) -> int:
        while at < len(self.tokens) and not self.tokens[at].strip():
            self.show(self.tokens[at], shown=shown)
            at += 1
        return at

    def value(self, at: int, states: States, drops: States, *, shown: bool) -> int:
        """Walk one value and give where the next token is."""
        at = self.spaced(at, shown=shown)
        if at >= len(self.tokens):
            return at
        token = self.tokens[at]
        if shown and is_hit(states, array=token == b"["):
            self.out.append(MASKED)
            shown = False
        if token == b"{":
            return self.object(at, states, drops, shown=shown)
        if token == b"[":
            return self.array(at, states, drops, shown=shown)
        inner, gone = inside_string(states), inside_string(drops)
        if shown and (inner or gone) and token.startswith(b'"') and isinstance(text := loaded(token.decode("utf-8", "replace")), str):
            nested = Skeleton(tokens=_TOKEN.findall(text.encode()), drops=gone, spaces=self.spaces, out=[])
            self.out += nested.run(inner)
        else:
            self.show(token, shown=shown)
        return at + 1

    def object(self, at: int, states: States, drops: States, *, shown: bool) -> int:
        self.show(self.tokens[at], shown=shown)
        at = self.spaced(at + 1, shown=shown)
        while at < len(self.tokens) and self.tokens[at] != b"}":
            if self.tokens[at] == b",":
                self.show(b",", shown=shown)
                at = self.spaced(at + 1, shown=shown)
                continue
            at = self.member(at, states, drops, shown=shown)
            at = self.spaced(at, shown=shown)
        if at < len(self.tokens):
            self.show(self.tokens[at], shown=shown)
        return at + 1

    def member(self, at: int, states: States, drops: States, *, shown: bool) -> int:
        key = loaded(self.tokens[at].decode("utf-8", "replace"))
        name = key if isinstance(key, str) else ""
        below, gone = below_key(states, name), below_key(drops, name)
        colon = at + 1
        while colon < len(self.tokens) and not self.tokens[colon].strip():
            colon += 1
        next_up = colon + 1
        while next_up < len(self.tokens) and not self.tokens[next_up].strip():
            next_up += 1
        shown = shown and not is_hit(gone, array=self.tokens[next_up : next_up + 1] == [b"["])
        for token in self.tokens[at : colon + 1]:
            self.show(token, shown=shown)
        return self.value(colon + 1, below, gone, shown=shown)

    def array(self, at: int, states: States, drops: States, *, shown: bool) -> int:
        self.show(self.tokens[at], shown=shown)
        at = self.spaced(at + 1, shown=shown)
        below, gone = below_element(states), below_element(drops)
        while at < len(self.tokens) and self.tokens[at] != b"]":
            if self.tokens[at] == b",":
                self.show(b",", shown=shown)
                at += 1
            else:
                at = self.value(at, below, gone, shown=shown and not is_hit(gone, array=self.tokens[at] == b"["))
            at = self.spaced(at, shown=shown)
        if at < len(self.tokens):
            self.show(self.tokens[at], shown=shown)
        return at + 1


def skeleton(body: bytes, actions: Mapping[str, str]) -> list[bytes]:
    drops = start(path for path, action in actions.items() if action == "drop")
    kept = start(path for path, action in actions.items() if action != "drop")
    return Skeleton(tokens=_TOKEN.findall(body), drops=drops, spaces=not drops, out=[]).run(kept)


def what_else_changed(before: bytes, after: bytes, actions: Mapping[str, str]) -> str:
    """Compare what is left of both bodies once everything targeted is taken away; empty where it is the same bytes."""
    if before == after:
        return ""
    one, other = skeleton(before, actions), skeleton(after, actions)
    if one == other:
        return ""
    at = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    return f"the body differs outside the targeted members, from token {at + 1} on"


def in_place(before: Iterable[object], after: Iterable[object]) -> tuple[Survival, ...]:
    """See whether a targeted place still holds what it held; the only way to tell for values too short to search for."""
    was = {(type(value), value) for value in before if value not in BLANK}
    still = any((type(value), value) in was for value in after if value not in BLANK)
    return (Survival(place="response.body, where it stood", form="as it is"),) if still else ()


def taken_from(body: bytes, content_type: str, states: States) -> list[object]:
    exchange = Exchange(
        where="response", method="GET", url="http://localhost/", status=200, response_headers=(("content-type", content_type),), response_body=body
    )
    return [leaf for document in decode(exchange).documents if document.where == "response.body" for leaf in targets(document.tree, states)]


def prove(before: bytes, after: bytes, *, content_type: str, headers: Headers, actions: Mapping[str, str]) -> Proof:
    """Prove one masked body against the body that it was made from, both without content coding."""
    states = start(actions)
    taken, left = taken_from(before, content_type, states), taken_from(after, content_type, states)
    texts, n_short = texts_of(taken)
    return Proof(
        survivals=(*survivals(texts, after, content_type, headers), *in_place(taken, left)),
        changed=what_else_changed(before, after, actions),
        n_targets=len(taken),
        n_by_place_only=n_short,
    )
