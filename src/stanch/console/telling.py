"""A journal entry in words. Texts are given as they are; templates escape them."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from stanch.incident.journal import Entry
from stanch.incident.role import TITLES
from stanch.incident.state import Incident

Body = dict[str, Any]


def task(b: Body) -> str:
    return str(b.get("task_title") or b.get("task", ""))


def role(b: Body) -> str:
    title = next((text for name, text in TITLES.items() if name == b.get("role")), "A role")
    return f"{title}: {b['name']}" if b.get("person") else f"{title} is vacant"


SAYS: Mapping[str, Callable[[Body], str]] = MappingProxyType({
    "incident:declare": lambda b: f"Declared: {b.get('title', '')}",
    "incident:restrict": lambda b: "Restricted to those who need to know" if b.get("restricted") else "Opened to the organisation",
    "leak:find": lambda b: f"A report shows {len(b.get('leaks', ()))} leaking endpoints",
    "leak:observe": lambda b: f"Measured: {b.get('n_leaking')} of {b.get('n_seen')} responses leak",
    "containment:apply": lambda b: f"Containment in force: {b.get('policy')} rev {b.get('rev')}",
    "containment:lift": lambda b: f"Containment lifted: {b.get('policy')}",
    "phase:change": lambda b: f"Moved to {b.get('to')}",
    "severity:set": lambda b: f"Severity is now {b.get('severity')}",
    "anchor:set": lambda b: f"{str(b.get('name', '')).replace('_', ' ').capitalize()} set",
    "role:give": role,
    "role:acknowledge": lambda b: f"Accepted: {TITLES.get(b['role'], '')}" if b.get("role") in TITLES else "Role accepted",
    "playbook:start": lambda b: f"Playbook {b.get('playbook')}: {len(b.get('tasks', ()))} tasks",
    "task:add": lambda b: f"Task added: {b.get('task', {}).get('title', '')}",
    "task:take": lambda b: f"{b.get('name')} took {task(b)}",
    "task:block": lambda b: f"Blocked: {task(b)}",
    "task:unblock": lambda b: f"Goes on: {task(b)}",
    "task:finish": lambda b: f"Done: {task(b)}",
    "task:skip": lambda b: f"Skipped: {task(b)}",
    "task:reopen": lambda b: f"Reopened: {task(b)}",
    "task:due": lambda b: f"Due time set: {task(b)}",
    "note:add": lambda b: "Note (privileged)" if b.get("privileged") else "Note",
    "evidence:add": lambda b: f"Evidence taken in: {b.get('name')}",
    "evidence:read": lambda b: f"Evidence handed out: {b.get('evidence')}",
    "incident:export": lambda b: f"Taken out as {b.get('form')}",
    "decision:ask": lambda b: f"To decide: {b.get('question')}",
    "decision:make": lambda b: f"Decided: {b.get('answer')}",
    "message:draft": lambda b: f"Message drafted: {b.get('subject')}",
    "message:approve": lambda _: "Message approved",
    "message:withdraw": lambda _: "Message withdrawn",
    "message:send": lambda b: f"Message sent to {', '.join(b.get('to', ())) or 'be delivered by hand'}",
    "message:deliver": lambda b: f"{'Delivered to' if b.get('ok') else 'Not delivered to'} {b.get('to')}",
    "update:promise": lambda b: f"Next update promised to {str(b.get('audience', '')).replace('_', ' ')}",
    "clock:pass": lambda b: f"{'Clock ran out' if b.get('level') == 'over' else 'Clock runs out soon'}: {b.get('title') or b.get('clock')}",
    "law:context": lambda b: f"Affected people live in {', '.join(b.get('jurisdictions', ()))}",
})  # fmt: skip


def says(entry: Entry, incident: Incident) -> str:
    """Say what happened, with titles where the entry has only keys."""
    if "withheld" in entry.body:
        return "Privileged"
    tell = SAYS.get(entry.kind)
    if tell is None:
        return entry.kind.replace(":", " ")
    key = entry.body.get("task")
    known = incident.task(key) if isinstance(key, str) else None
    return tell(entry.body | {"task_title": known.spec.title} if known else entry.body)


def detail(entry: Entry) -> str:
    """Give what a person wrote with it."""
    if entry.kind == "note:add":
        return str(entry.body.get("text", ""))
    parts = [str(entry.body[name]) for name in ("why", "result", "handover", "how") if entry.body.get(name) and entry.kind != "task:add"]
    return "\n".join(parts)
