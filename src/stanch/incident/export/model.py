"""What an export is made from."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from stanch.incident.clock import Clock
from stanch.incident.journal import Entry
from stanch.incident.state import Incident


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    incident: Incident
    entries: tuple[Entry, ...]
    """Oldest first; what the reader may not see is withheld already."""
    clocks: tuple[Clock, ...]
    names: Mapping[str, str]
    note: str
    """The newest signed head."""
    now: datetime
