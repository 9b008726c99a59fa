"""Exports: who took what out is in the journal before anybody has it."""

from datetime import datetime

from stanch.console import book
from stanch.console.access import Actor, ForbiddenError
from stanch.console.law import law_clocks
from stanch.console.selectors import Case, journal, names
from stanch.incident import event as e
from stanch.incident.clock import clocks
from stanch.incident.export import EXPORTS
from stanch.incident.export.model import Export

MAX_ENTRIES = 1_000_000


def export(actor: Actor, case: Case, fmt: str, *, now: datetime) -> bytes:
    """Render an incident as the actor may see it.

    Raises: ForbiddenError.
    """
    if "export" not in case.acts:
        raise ForbiddenError("your role in this incident does not allow to take it out")
    book.record(case.row.key, e.Exported(form=fmt), by=actor.by, now=now)
    entries = tuple(reversed(journal(case, limit=MAX_ENTRIES)))
    running = clocks(case.incident, law_clocks(case.incident, now))
    return EXPORTS[fmt].render(
        Export(incident=case.incident, entries=entries, clocks=running, names=names(actor), note=case.row.stream.note, now=now)
    )
