"""A playbook as data: tasks, decisions and message templates, checked before it is used.

Shape: ``stanch.playbook/1``, YAML or JSON. Decides whether a playbook is sound; runs nothing.
"""

import re
from collections.abc import Iterator
from hashlib import sha256
from typing import Literal

import msgspec
import yaml

from stanch.errors import InputError
from stanch.incident.event import Audience, TaskSpec, Track
from stanch.incident.fact import bind, facts
from stanch.incident.phase import Phase
from stanch.incident.role import Role
from stanch.incident.state import Incident

MAX_BYTES = 1_000_000
_DURATION = re.compile(r"\AP(?:(\d{1,4})D)?(?:T(?:(\d{1,4})H)?(?:(\d{1,5})M)?)?\Z")
_KEY = re.compile(r"\A[a-z0-9][a-z0-9-]{0,63}\Z")


class Due(msgspec.Struct, forbid_unknown_fields=True, kw_only=True, frozen=True):
    after: Literal[
        "declared", "occurred", "suspected", "aware", "determined", "contained", "eradicated", "recovered", "told_regulator", "told_people"
    ]
    within: str
    """ISO 8601: ``PT30M``, ``P3D``."""


class TaskText(msgspec.Struct, forbid_unknown_fields=True, kw_only=True, frozen=True):
    key: str
    title: str
    track: Track
    phase: Phase
    role: Role
    how: str = ""
    needs: tuple[str, ...] = ()
    due: Due | None = None
    required: bool = True
    run: str = ""


class DecisionText(msgspec.Struct, forbid_unknown_fields=True, kw_only=True, frozen=True):
    key: str
    question: str
    role: Role
    due: Due | None = None


class MessageText(msgspec.Struct, forbid_unknown_fields=True, kw_only=True, frozen=True):
    key: str
    title: str
    audience: Audience
    channel: str
    subject: str
    body: str


class Playbook(msgspec.Struct, forbid_unknown_fields=True, kw_only=True, frozen=True):
    schema: Literal["stanch.playbook/1"]
    playbook: str
    title: str
    version: int
    summary: str = ""
    tasks: tuple[TaskText, ...] = ()
    decisions: tuple[DecisionText, ...] = ()
    messages: tuple[MessageText, ...] = ()


def load_playbook(data: bytes, *, name: str) -> Playbook:
    """Read and check a playbook.

    Raises: InputError with the place of the first thing that is wrong.
    """
    if len(data) > MAX_BYTES:
        raise InputError(f"the playbook is larger than {MAX_BYTES} bytes", where=name)
    try:
        found = msgspec.convert(parse_yaml(data), Playbook)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise InputError("this is no YAML", where=f"{name}:{mark.line + 1}" if mark else name) from None
    except msgspec.ValidationError as error:
        raise InputError(str(error)[:200], where=name, hint="docs/incident.md shows the form") from None
    for problem in problems(found):
        raise InputError(problem, where=name)
    return found


def parse_yaml(data: bytes) -> object:
    """Parse YAML without aliases: they multiply, and no playbook needs them."""
    if any(isinstance(token, yaml.AliasToken) for token in yaml.scan(data, Loader=yaml.SafeLoader)):
        raise yaml.YAMLError
    return yaml.safe_load(data)


def problems(book: Playbook) -> Iterator[str]:
    keys = [task.key for task in book.tasks]
    yield from (f"the key '{key[:64]}' is not of small letters, digits and hyphens" for key in [*keys, book.playbook] if not _KEY.match(key))
    yield from (f"the key '{key}' is there twice" for key in sorted({k for k in keys if keys.count(k) > 1}))
    yield from (f"task '{task.key}' needs '{need}', which is not there" for task in book.tasks for need in task.needs if need not in keys)
    dues = [(task.key, task.due) for task in book.tasks] + [(asked.key, asked.due) for asked in book.decisions]
    yield from (f"'{key}': '{due.within[:20]}' is no duration" for key, due in dues if due and not duration_fits(due.within))
    circle = cycle({task.key: task.needs for task in book.tasks})
    if circle:
        yield f"tasks wait for each other in a circle: {' → '.join(circle)}"
    for message in book.messages:
        yield from unbound(message)


def unbound(message: MessageText) -> Iterator[str]:
    try:
        bind(f"{message.subject}\n{message.body}", facts(Incident(key="INC-0")))
    except InputError as error:
        yield f"message '{message.key}': {error.what}"


def cycle(needs: dict[str, tuple[str, ...]]) -> tuple[str, ...]:
    """Give one circle of dependencies, or nothing. Goes without recursion: a hostile playbook may be deep."""
    left = {key: set(before) for key, before in needs.items()}
    while left:
        free = {key for key, before in left.items() if not before & left.keys()}
        if not free:
            return tuple(sorted(left)[:6])
        for key in free:
            del left[key]
    return ()


def duration_fits(text: str) -> bool:
    match = _DURATION.match(text)
    return match is not None and any(match.groups())


def seconds(text: str) -> int:
    match = _DURATION.match(text)
    days, hours, minutes = (int(part or 0) for part in match.groups()) if match else (0, 0, 0)
    return days * 86_400 + hours * 3_600 + minutes * 60


def duration(n_seconds: int) -> str:
    """Write seconds as the shortest duration of days, hours and minutes."""
    days, rest = divmod(n_seconds, 86_400)
    hours, minutes = divmod(rest // 60, 60)
    time = f"{f'{hours}H' if hours else ''}{f'{minutes}M' if minutes else ''}"
    return f"P{f'{days}D' if days else ''}{f'T{time}' if time else ''}"


def specs(book: Playbook) -> tuple[TaskSpec, ...]:
    """Give the tasks as an incident takes them on."""
    return tuple(spec_of(task) for task in book.tasks)


def spec_of(task: TaskText) -> TaskSpec:
    return TaskSpec(
        key=task.key, title=task.title, track=task.track, phase=task.phase, role=task.role, how=task.how.strip(), needs=task.needs,
        due_after=task.due.after if task.due else "", due_within_s=seconds(task.due.within) if task.due else 0,
        required=task.required, run=task.run,
    )  # fmt: skip


def playbook_digest(data: bytes) -> str:
    return sha256(data).hexdigest()
