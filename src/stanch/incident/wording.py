"""What a message should not say, and why: a list to check drafts against. It warns; people decide."""

import re
from dataclasses import dataclass

_RULES: tuple[tuple[str, str], ...] = (
    (r"\bno evidence (of|that)\b", "absence of evidence is read as a promise; say what was looked at and what was found"),
    (r"\b(take|takes|taking) (your )?(security|privacy) (very )?seriously\b", "an empty phrase; say what was done"),
    (r"\bout of an abundance of caution\b", "plays down a duty; say why people are told"),
    (r"\b(sophisticated|state[- ]sponsored|advanced) (attack|actor|threat)", "nothing sophisticated is needed; don't attribute without proof"),
    (r"\bhack(ed|er|ers)?\b", "not established: nobody needs to break in where responses give data away"),
    (r"\ball (users|customers) are safe\b|\bfully secure\b|\b100 ?% secure\b", "can't be shown"),
    (r"\bwe (guarantee|promise)\b", "binds the organisation; counsel decides"),
    (r"\b(only|just) (a )?(small|limited|tiny) (number|group)\b", "plays down; give the number as a fact"),
    (r"\b(our|the) fault\b|\bnegligen(t|ce)\b|\bliab(le|ility)\b", "a legal conclusion; counsel decides"),
    (r"\b(encrypted|hashed) (password|passwords)\b.*\bsafe\b", "a leaked hash can be guessed offline; tell people to change the password"),
)  # fmt: skip
RULES = tuple((re.compile(pattern, re.IGNORECASE), why) for pattern, why in _RULES)
_NUMBER = re.compile(r"(?<![\w{.:-])\d{1,3}(?:[ ,.]?\d{3})*(?![\w}:-])\s+(people|users|customers|accounts|persons|records)", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    said: str
    why: str


def lint(template: str) -> tuple[Remark, ...]:
    """Check a draft, before facts are filled in."""
    found = [Remark(said=match[0], why=why) for pattern, why in RULES if (match := pattern.search(template))]
    typed = _NUMBER.search(template)
    if typed:
        found.append(Remark(said=typed[0], why="a number typed by hand: name the fact instead, such as {{n_people}}"))
    return tuple(found)
