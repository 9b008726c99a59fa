"""The folded tree: literals and parameters, with the names that parameters get."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from stanch.inventory.segment import SURE, affixed, segment_kind

PEOPLE = frozenset(
    """
    account accounts author authors benutzer by_username customers employees follower followers following friends member members owners
    people person players profile profiles staff u user username usernames users usuario usuarios utenti utilisateur utilisateurs
    """.split()  # noqa: SIM905 -- a table of words reads best as text
)
_NAMES = {
    "email": "email",
    "date": "date",
    "phone": "phone",
    "slug": "slug",
    "hex": "hash",
    "ip": "ip",
    "file": "file",
    "rest": "rest",
    "text": "name",
}
_MARK = re.compile(r"(?P<pre>[^{}]*)\{(?P<kind>\w+)\}(?P<post>[^{}]*)")


@dataclass(slots=True)
class Parameter:
    pre: str
    """What the route itself has before the value, such as ``Orders(``."""
    post: str
    kind: str
    """By which it is named."""
    kinds: frozenset[str]
    """Of the values seen."""
    below: "RouteNode"


@dataclass(slots=True)
class RouteNode:
    answered: bool = False
    literals: dict[str, "RouteNode"] = field(default_factory=dict)
    parameters: list[Parameter] = field(default_factory=list)

    def parameters_for(self, pre: str, kind: str, post: str) -> Iterable[Parameter]:
        """Give the parameters that a segment may be, the best first."""
        fitting = [p for p in self.parameters if p.pre == pre and p.post == post]
        return sorted(fitting, key=lambda p: kind not in p.kinds)


def taken_apart(part: str) -> tuple[str, str, str]:
    """Split a provisional segment into what stands before the value, the value's kind, and what stands after."""
    if match := _MARK.fullmatch(part):
        return match["pre"], match["kind"], match["post"]
    pre, stem, post = affixed(part)
    return pre, segment_kind(stem), post


def mark_of(group: list[str]) -> tuple[str, str, str]:
    """Choose the kind by which a group of segments is named."""
    apart = [taken_apart(part) for part in group]
    kinds = [kind for _, kind, _ in apart]
    return apart[0][0], chosen(kinds), apart[0][2]


def chosen(kinds: list[str]) -> str:
    words = [kind for kind in kinds if kind not in SURE or kind == "text"]
    if words:
        return "slug" if 2 * words.count("slug") >= len(words) else "word"
    return kinds[0] if len(set(kinds)) == 1 else "id"


def named(parts: tuple[str, ...]) -> str:
    """Name the parameters of a path of literals and ``{kind}`` marks: by kind, and by the noun before where two would be equal."""
    names: list[str] = []
    out: list[str] = []
    for number, part in enumerate(parts):
        match = _MARK.fullmatch(part)
        if not match:
            out.append("" if part == "/" else part)
            continue
        noun = noun_before(parts[:number])
        names.append(fresh(parameter_name(match["kind"], noun), singular(noun), names))
        out.append(f"{match['pre']}{{{names[-1]}}}{match['post']}")
    return "/" + "/".join(out)


def noun_before(parts: tuple[str, ...]) -> str:
    """Give the literal that a parameter follows, past a version; empty after another parameter."""
    before = next((part for part in reversed(parts) if segment_kind(part) != "version"), "{")
    return "" if "{" in before else before


def fresh(name: str, noun: str, names: list[str]) -> str:
    if name not in names:
        return name
    noun = re.sub(r"\W", "_", noun)
    if noun and f"{noun}_{name}" not in names:
        return f"{noun}_{name}"
    return next(f"{name}{number}" for number in range(2, 100) if f"{name}{number}" not in names)


def parameter_name(kind: str, noun: str) -> str:
    if kind in {"word", "mixed"}:
        return "username" if noun.lower() in PEOPLE else "name"
    return _NAMES.get(kind, "id")


def is_plural(noun: str) -> bool:
    return len(noun) > 3 and noun.endswith("s") and not noun.endswith(("ss", "us", "is"))


def singular(noun: str) -> str:
    if noun.endswith("ies"):
        return noun[:-3] + "y"
    return noun[:-1] if noun.endswith("s") and not noun.endswith("ss") else noun
