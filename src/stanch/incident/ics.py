"""Clocks as a calendar: every due time an event, with an alarm an hour before.

Source: RFC 5545; lines are folded at 75 bytes and texts escaped.
"""

from collections.abc import Iterable
from datetime import UTC, datetime

from stanch.incident.clock import Clock


def calendar(rows: Iterable[tuple[str, Clock]], *, now: datetime) -> bytes:
    """Write (incident, clock) pairs; the same clock keeps its identity, so that calendars update it."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//stanch//clocks//EN", "X-WR-CALNAME:stanch"]
    for key, clock in rows:
        lines += event(key, clock, now)
    return b"".join(folded(line) for line in [*lines, "END:VCALENDAR"])


def event(key: str, clock: Clock, now: datetime) -> list[str]:
    return [
        "BEGIN:VEVENT", f"UID:{escaped(key)}/{escaped(clock.key)}@stanch", f"DTSTAMP:{moment(now)}", f"DTSTART:{moment(clock.due_at)}",
        f"DTEND:{moment(clock.due_at)}", f"SUMMARY:{escaped(f'{key}: {clock.title}')}", f"DESCRIPTION:{escaped(clock.detail or clock.kind)}",
        "BEGIN:VALARM", "ACTION:DISPLAY", f"DESCRIPTION:{escaped(clock.title)}", "TRIGGER:-PT1H", "END:VALARM", "END:VEVENT",
    ]  # fmt: skip


def moment(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def escaped(text: str) -> str:
    flat = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return "\\n".join(flat.splitlines())


def folded(line: str) -> bytes:
    """Fold at 75 bytes without cutting a character."""
    out, row = b"", b""
    for char in line:
        piece = char.encode()
        if len(row) + len(piece) > 74:
            out, row = out + row + b"\r\n ", b""
        row += piece
    return out + row + b"\r\n"
