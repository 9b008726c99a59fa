"""Further playbooks: taken in from YAML or CACAO, checked, started beside the one that runs; and ours given away as CACAO."""

from datetime import datetime

import orjson

from stanch.console import book
from stanch.console.access import Actor, ForbiddenError
from stanch.console.actions.declare import shipped
from stanch.console.selectors import Case
from stanch.incident import event as e
from stanch.incident.cacao import from_cacao, to_cacao
from stanch.incident.playbook import MAX_BYTES, Playbook, load_playbook, playbook_digest, specs


def read(data: bytes, *, name: str) -> Playbook:
    """Read a playbook: CACAO where it is JSON, otherwise our own form.

    Raises: InputError with what is wrong.
    """
    return from_cacao(data, name=name) if data.lstrip()[:1] == b"{" and len(data) <= MAX_BYTES else load_playbook(data, name=name)


def start(actor: Actor, case: Case, data: bytes, *, now: datetime) -> int:
    """Start a playbook in an incident; give how many tasks it brought. The same bytes are started once."""
    if "playbook" not in case.acts:
        raise ForbiddenError("your role in this incident does not allow that")
    playbook = read(data, name="the playbook")
    digest = playbook_digest(data)
    event = e.PlaybookStarted(playbook=playbook.playbook, sha256=digest, tasks=specs(playbook))
    after = book.record(case.row.key, event, by=actor.by, now=now, key=f"playbook:{digest}").incident
    return len(after.tasks) - len(case.incident.tasks)


def as_cacao(now: datetime) -> bytes:
    playbook, _ = shipped()
    return orjson.dumps(to_cacao(playbook, now=now), option=orjson.OPT_INDENT_2)
