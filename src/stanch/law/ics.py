"""Clocks as a calendar file (RFC 5545): one event per strict target, with alarms; nothing about people."""

from collections.abc import Iterable
from datetime import UTC, datetime

from stanch.law.matrix import NOTICE
from stanch.law.wall import ALERTS, Tick

_FOLD_BYTES = 75


def calendar_file(ticks: Iterable[Tick], *, now: datetime, case_name: str) -> str:
    """Write the clocks that have a target and are not sent."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//stanch//law//EN", "CALSCALE:GREGORIAN"]
    for tick in ticks:
        if tick.deadline.due_at is not None and tick.sent_at is None:
            lines += _event(tick, tick.deadline.due_at, now, case_name)
    return "".join(f"{folded}\r\n" for line in [*lines, "END:VCALENDAR"] for folded in _fold(line))


def _event(tick: Tick, due: datetime, now: datetime, case_name: str) -> list[str]:
    rule = tick.row.rule
    doubt = "" if tick.certain else " (if it applies)"
    body = [
        f"{rule.law.act}, {rule.law.section}",
        f"To: {rule.recipient}",
        *(f"Also: {r.says}: {_utc(r.due_at)}" for r in tick.deadline.readings),
        NOTICE,
    ]
    lines = ["BEGIN:VEVENT", f"UID:{_text(rule.id)}.{_text(case_name)}@stanch", f"DTSTAMP:{_utc(now)}", f"DTSTART:{_utc(due)}"]
    lines += [f"SUMMARY:{_text(f'{case_name}: {rule.jurisdiction} {rule.title}{doubt}')}", f"DESCRIPTION:{_text(chr(10).join(body))}"]
    for lead in ALERTS if tick.certain else ():
        hours = int(lead.total_seconds() // 3600)
        lines += ["BEGIN:VALARM", "ACTION:DISPLAY", f"TRIGGER:-PT{hours}H", f"DESCRIPTION:{_text(rule.title)}", "END:VALARM"]
    return [*lines, "END:VEVENT"]


def _utc(instant: datetime) -> str:
    return f"{instant.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _text(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return escaped.replace("\r", "").replace("\n", "\\n")


def _fold(line: str) -> Iterable[str]:
    """Split a line at 75 octets, never inside a character."""
    part = ""
    for character in line:
        if len((part + character).encode()) > _FOLD_BYTES:
            yield part
            part = " "
        part += character
    yield part
