"""One flaw, not twenty: the excessive fields of one entity at one endpoint belong together.

Decides which findings have one cause as seen from outside: the same endpoint gives the same kind of object with too many members.
"""

import re
from collections.abc import Iterable

from stanch.finding.fingerprint import fingerprint
from stanch.finding.report import Finding, Flaw
from stanch.identity.person import is_person_noun
from stanch.inventory.contract import steps_of

ORDER = {"critical": 0, "high": 1, "medium": 2, "low": 3}
NAMED = 3
"""Kinds of data named in a title before the rest is counted."""


def flaw_key(endpoint: str, entity: str) -> str:
    return fingerprint(endpoint, entity, "flaw", "response.body")


def entity_path(path: str) -> str:
    """Give the path of the entity that a field belongs to: the innermost person around it, else the enclosing object.

    ``$.comment.author.address.street`` belongs to ``$.comment.author``.
    """
    steps = steps_of(path)
    if not steps:
        return path.rsplit(".", 1)[0] if "." in path else path
    inner = max((n for n, step in enumerate(steps[:-1], 1) if not step.startswith("[") and is_person_noun(step)), default=0)
    if not inner:
        return path.rsplit(".", 1)[0] if "." in path else "$"
    end = inner + (steps[inner : inner + 1] == ("[*]",)) + (steps[inner : inner + 1] == ("[~]",))
    return "$" + "".join(step if step.startswith("[") else f".{step}" for step in steps[:end])


def flaws(findings: Iterable[Finding], titles: dict[str, str]) -> tuple[Flaw, ...]:
    """Group findings; the worst of a group gives its severity, the surest its confidence. ``titles`` names datatypes in words."""
    groups: dict[str, list[Finding]] = {}
    for item in findings:
        groups.setdefault(item.flaw, []).append(item)
    made = [flaw(key, group, titles) for key, group in groups.items() if key]
    return tuple(sorted(made, key=lambda f: (f.verdict != "excessive", ORDER[f.severity], -len(f.paths), f.endpoint, f.entity)))


def flaw(key: str, group: list[Finding], titles: dict[str, str]) -> Flaw:
    excessive = [f for f in group if f.verdict == "excessive"]
    shown = excessive or group
    first = shown[0]
    return Flaw(
        key=key, endpoint=first.endpoint, entity=entity_path(first.path), verdict=first.verdict, title=title(shown, titles),
        severity=min((f.severity for f in shown), key=ORDER.__getitem__), confidence=max(f.confidence for f in shown),
        paths=tuple(sorted({f.path for f in shown})), datatypes=tuple(sorted({f.datatype for f in shown})),
        fingerprints=tuple(sorted({f.fingerprint for f in shown})), n_subjects=max(f.n_subjects for f in shown),
        n_recipients=max(f.n_recipients for f in shown), references=first.references,
    )  # fmt: skip


def title(group: list[Finding], titles: dict[str, str]) -> str:
    """Say in a line whose object comes with what."""
    kinds = sorted({titles.get(f.datatype, f.datatype) for f in group})
    named = ", ".join(kinds[:NAMED]) + (f" and {len(kinds) - NAMED} more" if len(kinds) > NAMED else "")
    entity = entity_path(group[0].path)
    last = re.sub(r"\[[*~]\]", "", entity).rpartition(".")[2].strip("$")
    whose = f"'{last}'" if last else "The answer"
    n = len({f.path for f in group})
    return f"{whose} comes with {n} member{'s' if n != 1 else ''} too many: {named}"
