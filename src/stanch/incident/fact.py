"""Facts of an incident as words, each computed from the journal, and templates bound to them.

A number in a message is never typed: it is ``{{n_people}}``. When the facts change, the text no longer fits and its approval is void.
"""

import re
from datetime import UTC, datetime
from hashlib import sha256

from stanch.errors import InputError
from stanch.incident.glance import glance
from stanch.incident.state import Incident, Message

_PLACE = re.compile(r"\{\{\s*([a-z_]{1,40})\s*\}\}")
UNKNOWN = "not yet known"


def facts(incident: Incident) -> dict[str, str]:
    """Compute every fact that a template may name."""
    now = glance(incident)
    kinds = [item.lower() for item in now.kinds]
    return {
        "incident": incident.key,
        "codename": incident.codename or incident.key,
        "severity": incident.severity,
        "phase": incident.phase,
        "kinds_of_data": listed(kinds) or UNKNOWN,
        "n_kinds": str(len(kinds)),
        "n_people": str(now.n_subjects) if now.n_subjects else UNKNOWN,
        "n_recipients": str(now.n_recipients) if now.n_recipients else UNKNOWN,
        "n_endpoints": str(now.n_endpoints),
        "containment": {"contained": "stopped", "claimed": "believed stopped", "leaking": "not yet stopped", "unknown": UNKNOWN}[now.contained],
        "occurred_at": moment(incident.anchor("occurred")),
        "aware_at": moment(incident.anchor("aware")),
        "contained_at": moment(incident.anchor("contained")),
        "last_leak_at": moment(incident.last_leak_at),
        "declared_at": moment(incident.declared_at),
    }


def moment(at: datetime | None) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC") if at else UNKNOWN


def listed(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}" if words else ""


def bind(template: str, known: dict[str, str]) -> tuple[str, dict[str, str]]:
    """Fill a template; give the text and the facts that it used.

    Raises: InputError when it names a fact that there is none of.
    """
    names = dict.fromkeys(match[1] for match in _PLACE.finditer(template))
    strange = [name for name in names if name not in known]
    if strange:
        raise InputError(f"there is no fact called {', '.join(strange)}", hint=f"there are: {', '.join(sorted(known))}")
    return _PLACE.sub(lambda match: known[match[1]], template), {name: known[name] for name in names}


def digest(subject: str, body: str) -> str:
    """Hash what would be sent: subject and body, to the byte."""
    return sha256(f"{subject}\n\n{body}".encode()).hexdigest()


def stale(incident: Incident, message: Message) -> bool:
    """Tell whether the facts have moved on since the text was filled in."""
    body, _ = bind(message.template, facts(incident))
    return body != message.body
