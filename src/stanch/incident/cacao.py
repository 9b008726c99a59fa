"""Playbooks to and from CACAO, so that other tools can read ours and we can read theirs.

Export: one manual action for each task, tied together in the order of what waits for what; what CACAO has no word for travels in an extension.
Import: manual and command steps become tasks; branches and loops are kept as text for a person to decide.
Source: OASIS CACAO Security Playbooks 2.0.
"""

from collections.abc import Iterable
from datetime import datetime
from itertools import takewhile
from typing import Any, get_args
from uuid import UUID, uuid5

import msgspec

from stanch.errors import InputError
from stanch.incident.event import Track
from stanch.incident.journal import instant
from stanch.incident.phase import PHASES
from stanch.incident.playbook import Due, Playbook, TaskText, problems
from stanch.incident.role import ROLES, TITLES

SPACE = UUID("5a3c2f0e-7f1c-4c39-9a86-6f1f6e0c6b55")
EXTENSION = f"extension-definition--{uuid5(SPACE, 'extension')}"
TYPES = {
    "containment": "mitigation",
    "eradication": "remediation",
    "recovery": "remediation",
    "investigation": "investigation",
    "communication": "notification",
    "regulatory": "notification",
}
MAX_STEPS = 2_000


def cid(kind: str, *names: str) -> str:
    return f"{kind}--{uuid5(SPACE, '/'.join(names))}"


def to_cacao(book: Playbook, *, now: datetime) -> dict[str, Any]:
    """Write a playbook as a CACAO 2.0 document. The same playbook gives the same identifiers."""
    steps = ordered(book.tasks)
    names = [cid("action", book.playbook, task.key) for task in steps]
    start, end = cid("start", book.playbook), cid("end", book.playbook)
    workflow: dict[str, Any] = {start: {"type": "start", "on_completion": names[0] if names else end}}
    for task, name, after in zip(steps, names, [*names[1:], end], strict=False):
        workflow[name] = action(task, after)
    workflow[end] = {"type": "end"}
    return {
        "type": "playbook", "spec_version": "cacao-2.0", "id": cid("playbook", book.playbook), "name": book.title, "description": book.summary,
        "playbook_types": sorted({TYPES.get(task.track, "mitigation") for task in steps} or {"mitigation"}),
        "created_by": cid("identity", "stanch"), "created": stamp(now), "modified": stamp(now), "revoked": False, "workflow_start": start,
        "workflow": workflow, "agent_definitions": {agent(role): {"type": "group", "name": TITLES[role]} for role in sorted({t.role for t in steps})},
        "extension_definitions": {EXTENSION: {
            "type": "extension-definition", "name": "stanch playbook", "created_by": cid("identity", "stanch"), "version": "1",
            "schema": "https://example.org/stanch.playbook/1",
        }},
        "playbook_extensions": {EXTENSION: {"playbook": book.playbook, "version": book.version}},
    }  # fmt: skip


def stamp(now: datetime) -> str:
    return f"{instant(now)[:23]}Z"


def agent(role: str) -> str:
    return cid("group", role)


def action(task: TaskText, after: str) -> dict[str, Any]:
    command = {"type": "manual", "command": task.run or task.how.strip() or task.title}
    extra = {
        "key": task.key, "track": task.track, "phase": task.phase, "role": task.role, "needs": list(task.needs), "required": task.required,
        "run": task.run, "due": {"after": task.due.after, "within": task.due.within} if task.due else None,
    }  # fmt: skip
    return {
        "type": "action", "name": task.title, "description": task.how.strip(), "on_completion": after, "commands": [command],
        "agent": agent(task.role), "step_extensions": {EXTENSION: extra},
    }  # fmt: skip


def ordered(tasks: Iterable[TaskText]) -> list[TaskText]:
    """Put tasks so that each comes after what it waits for, else in the order of the playbook."""
    left, done, result = list(tasks), set[str](), list[TaskText]()
    while left:
        ready = next((task for task in left if done.issuperset(task.needs)), left[0])
        left.remove(ready)
        done.add(ready.key)
        result.append(ready)
    return result


def from_cacao(data: bytes, *, name: str) -> Playbook:
    """Read a CACAO 2.0 playbook.

    Raises: InputError when it is none, or when what it says is not sound.
    """
    try:
        raw = msgspec.json.decode(data)
    except (msgspec.MsgspecError, RecursionError):
        raise InputError("this is no JSON", where=name) from None
    if (
        not isinstance(raw, dict)
        or raw.get("type") != "playbook"
        or raw.get("spec_version") != "cacao-2.0"
        or not isinstance(raw.get("workflow"), dict)
    ):
        raise InputError("this is no CACAO 2.0 playbook", where=name)
    steps = walk(raw, name)
    agents = raw.get("agent_definitions")
    tasks = tuple(task_of(key, step, agents if isinstance(agents, dict) else {}, steps) for key, step in steps.items())
    title = str(raw.get("name") or "Imported playbook")[:200]
    own = extension(raw, "playbook_extensions")
    version = own.get("version")
    book = Playbook(
        schema="stanch.playbook/1",
        playbook=str(own.get("playbook") or slug(title)),
        title=title,
        version=version if isinstance(version, int) else 1,
        summary=str(raw.get("description") or "")[:2_000],
        tasks=tasks,
    )
    for problem in problems(book):
        raise InputError(problem, where=name)
    return book


def walk(raw: dict[str, Any], name: str) -> dict[str, dict[str, Any]]:
    """Follow the workflow from its start; every step once."""
    workflow = raw["workflow"]
    todo, steps = [str(raw.get("workflow_start"))], dict[str, dict[str, Any]]()
    seen: set[str] = set()
    while todo:
        key = todo.pop(0)
        step = workflow.get(key)
        if key in seen:
            continue
        if not isinstance(step, dict):
            raise InputError("the workflow names a step that is not there", where=name)
        seen.add(key)
        if len(seen) > MAX_STEPS:
            raise InputError(f"the workflow has more than {MAX_STEPS} steps", where=name)
        if str(step.get("type")) not in {"start", "end"}:
            steps[key] = step
        todo += following(step)
    return steps


def following(step: dict[str, Any]) -> list[str]:
    single = [step.get(word) for word in ("on_completion", "on_success", "on_failure", "on_true", "on_false")]
    cases = step.get("cases")
    several = [*items(step, "next_steps"), *(cases.values() if isinstance(cases, dict) else ())]
    return [item for item in [*single, *several] if isinstance(item, str)]


def items(raw: dict[str, Any], member: str) -> list[Any]:
    found = raw.get(member)
    return found if isinstance(found, list) else []


def task_of(key: str, step: dict[str, Any], agents: dict[str, Any], steps: dict[str, dict[str, Any]]) -> TaskText:
    own = extension(step, "step_extensions")
    role = own.get("role") or role_of(agents, step)
    return TaskText(
        key=str(own.get("key") or step_key(key)),
        title=str(step.get("name") or step.get("type"))[:300],
        track=one_of(own.get("track"), TRACKS, "investigation"),
        phase=one_of(own.get("phase"), PHASES, "analysis"),
        role=one_of(role, ROLES, "technical_lead"),
        how=how_of(step),
        required=own.get("required") is not False,
        run=str(own.get("run") or ""),
        needs=needs_of(key, own, steps),
        due=due_of(own.get("due")),
    )


TRACKS: tuple[Track, ...] = get_args(Track)


def due_of(raw: object) -> Due | None:
    try:
        return msgspec.convert(raw, Due | None)
    except msgspec.ValidationError:
        return None


def how_of(step: dict[str, Any]) -> str:
    """Give a step as text to follow: its description, then commands and conditions as they stand. Nothing of it is ever run."""
    commands = [str(item.get("command") or item.get("description") or "") for item in items(step, "commands") if isinstance(item, dict)]
    condition = [f"If: {step['condition']}"] if step.get("condition") else []
    parts = [str(step.get("description") or ""), *condition, *commands]
    return "\n".join(dict.fromkeys(part for part in parts if part))[:4_000]


def needs_of(key: str, own: dict[str, Any], steps: dict[str, dict[str, Any]]) -> tuple[str, ...]:
    if own:
        return tuple(str(item) for item in items(own, "needs"))
    earlier = takewhile(lambda step: step != key, steps)
    return tuple(step_key(step) for step in earlier if key in following(steps[step]))


def role_of(agents: dict[str, Any], step: dict[str, Any]) -> object:
    found = agents.get(str(step.get("agent")))
    wanted = str(found.get("name", "")).lower() if isinstance(found, dict) else ""
    return next((role for role, title in TITLES.items() if title.lower() == wanted), None)


def extension(raw: dict[str, Any], member: str) -> dict[str, Any]:
    every = raw.get(member)
    own = every.get(EXTENSION) if isinstance(every, dict) else None
    return own if isinstance(own, dict) else {}


def step_key(key: str) -> str:
    return slug(key.replace("--", "-"))[:64]


def slug(text: str) -> str:
    return "-".join("".join(c if c.isascii() and c.isalnum() else " " for c in text.lower()).split())[:64] or "imported"


def one_of(word: object, words: tuple[Any, ...], default: Any) -> Any:  # noqa: ANN401 -- one of the words given, so of their type
    return word if isinstance(word, str) and word in words else default
