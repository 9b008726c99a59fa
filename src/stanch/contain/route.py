"""Which templates a request may mean: all readings that some origin is known to have, so that no spelling dodges a rule.

A gateway does not know how the origin reads ``//``, ``%2F``, ``;x``, ``..``, capitals, a trailing slash or ``.json``.
So a rule holds when *any* reading of the path, method and host fits it, and an exception from a rule only when *all* do.
Containing a little too much is a nuisance; too little is a leak.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import product
from urllib.parse import parse_qsl, unquote, urlsplit

from stanch.contain.request import Request

_PLAIN = re.compile(r"(?:/[A-Za-z0-9_~.$!*,=:@+-]*[A-Za-z0-9_~$!*,=:@+-])+")
_FORMAT = re.compile(r"\.(?:json|jsonp|xml|html|csv|txt|js|yaml|yml|api)$")
_PARAMETER = re.compile(r"\{[^{}/]+\}")
_TO_PATH = ("x-original-url", "x-rewrite-url", "x-original-uri", "x-rewrite-uri")
_TO_METHOD = ("x-http-method-override", "x-http-method", "x-method-override", "x-original-method")
_TO_HOST = ("x-forwarded-host", "x-host", "x-original-host", "forwarded")
MAX_DECODINGS = 3
Segments = tuple[str, ...]


def readings(target: str) -> frozenset[Segments]:
    """Give every way to split a request target into segments, in lower case.

    Cost: one for a plain path; at most a few dozen for a hostile one.
    """
    path = path_of(target)
    if _PLAIN.fullmatch(path):
        return frozenset(with_and_without_format(tuple(path[1:].casefold().split("/"))))
    return frozenset(
        form
        for text in spellings(path)
        for parameters, resolved in product((True, False), repeat=2)
        for form in with_and_without_format(segments(text, keep_parameters=parameters, resolve_dots=resolved))
    )


def path_of(target: str) -> str:
    """Take the path out of an origin-form or absolute-form target."""
    if not target.startswith("/"):
        try:
            target = urlsplit(target).path or "/"
        except ValueError:
            return target
    return target.partition("?")[0].partition("#")[0]


def spellings(path: str) -> Iterator[str]:
    """Give the path as it is, and decoded as often as it is encoded; encoded slashes both ways."""
    text = path
    for _ in range(MAX_DECODINGS + 1):
        yield text
        yield text.replace("\\", "/")
        kept = re.sub(r"%2f", "\0", text, flags=re.IGNORECASE)
        decoded = unquote(kept)
        yield decoded
        text = decoded.replace("\0", "/")
        if text == path:
            return
        path = text


def segments(text: str, *, keep_parameters: bool, resolve_dots: bool) -> Segments:
    parts: list[str] = []
    for raw in text.split("/"):
        part = raw if keep_parameters else raw.partition(";")[0]
        part = part.strip().casefold()
        if resolve_dots and part == "..":
            parts = parts[:-1]
        elif part and not (resolve_dots and part == "."):
            parts.append(part.rstrip(". \t") or part)
    return tuple(parts)


def with_and_without_format(parts: Segments) -> Iterator[Segments]:
    yield parts
    if parts and "." in parts[-1] and (shorter := _FORMAT.sub("", parts[-1])) != parts[-1] and shorter:
        yield (*parts[:-1], shorter)


def paths(request: Request) -> frozenset[Segments]:
    """Add the readings of headers by which some frameworks replace the path."""
    others = (readings(value) for name in _TO_PATH for value in request.values(name))
    return readings(request.target).union(*others)


def methods(request: Request) -> frozenset[str]:
    """Give every method that the origin may take it for; empty means that it could be any."""
    _, _, query = request.target.partition("?")
    overrides = [value.strip().upper() for name in _TO_METHOD for value in request.values(name)]
    if "_method" in query.casefold() or "%" in query:
        overrides += [value.strip().upper() for name, value in parse_qsl(query) if name.casefold() == "_method"]
    if request.method == "POST" and request.value("content-type").lower().startswith(("application/x-www-form-urlencoded", "multipart/form-data")):
        return frozenset()
    found = frozenset({request.method.upper(), *overrides})
    return found | {"GET"} if "HEAD" in found else found


def hosts(request: Request) -> frozenset[str]:
    texts = [request.host, *(value for name in _TO_HOST for value in request.values(name))]
    if not request.target.startswith("/"):
        texts.append(authority(request.target))
    return frozenset(bare_host(text) for text in texts if text)


def authority(target: str) -> str:
    try:
        return urlsplit(target).netloc
    except ValueError:
        return ""


def bare_host(text: str) -> str:
    return re.sub(r":[0-9]*$", "", text.strip().rpartition("@")[2].casefold()).rstrip(".")


@dataclass(slots=True)
class Branch:
    """A place in the tree of templates; ``ends`` holds the numbers of what ends here."""

    literals: dict[str, "Branch"] = field(default_factory=dict)
    parameters: dict[tuple[str, str], "Branch"] = field(default_factory=dict)
    """By the text before and after the parameter."""
    ends: list[int] = field(default_factory=list)

    def add(self, template: str, number: int) -> None:
        node = self
        for part in template_segments(template):
            pieces = _PARAMETER.split(part)
            literal = len(pieces) == 1
            node = node.literals.setdefault(part, Branch()) if literal else node.parameters.setdefault((pieces[0], pieces[-1]), Branch())
        node.ends.append(number)

    def find(self, parts: Segments) -> set[int]:
        """Give the numbers of all templates that fit."""
        nodes = [self]
        for part in parts:
            nodes = [below for node in nodes for below in node.step(part)]
            if not nodes:
                return set()
        return {number for node in nodes for number in node.ends}

    def step(self, part: str) -> Iterator["Branch"]:
        if (below := self.literals.get(part)) is not None:
            yield below
        for (before, after), below in self.parameters.items():
            if len(part) > len(before) + len(after) and part.startswith(before) and part.endswith(after):
                yield below


def template_segments(template: str) -> list[str]:
    return [part if "{" in part else part.casefold() for part in template.strip("/").split("/") if part] if template != "/" else []


def tree(templates: Iterable[str]) -> Branch:
    root = Branch()
    for number, template in enumerate(templates):
        root.add(lowered(template), number)
    return root


def lowered(template: str) -> str:
    """Fold the text around parameters, as the readings are folded; names of parameters don't matter."""
    return _PARAMETER.sub("{x}", template).casefold()
