"""Words and times in templates."""

from collections.abc import Iterable
from datetime import UTC, datetime

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from stanch.console import telling
from stanch.console.clock import now
from stanch.incident.clock import Clock
from stanch.incident.journal import Entry
from stanch.incident.role import TITLES
from stanch.incident.state import Incident

register = template.Library()


@register.filter
def clock_time(moment: datetime | None) -> SafeString | str:
    """Show a moment in UTC, machine-readable."""
    if moment is None:
        return "—"
    return format_html('<time datetime="{}">{}</time>', machine(moment), human(moment))


def machine(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds")


def human(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%d %b %Y %H:%M UTC")


@register.filter
def ago(moment: datetime | None) -> SafeString | str:
    if moment is None:
        return "—"
    says = f"{span((now() - moment).total_seconds())} ago"
    return format_html('<time datetime="{}" title="{}">{}</time>', machine(moment), human(moment), says)


@register.filter
def left(moment: datetime | None) -> SafeString | str:
    """Show how long until a moment, or since it passed; the script keeps it running."""
    if moment is None:
        return "—"
    rest = (moment - now()).total_seconds()
    says = span(rest) if rest > 0 else f"{span(-rest)} over"
    return format_html('<time datetime="{}" title="{}" data-countdown>{}</time>', machine(moment), human(moment), says)


@register.filter
def level(moment: datetime | None) -> str:
    """Say how near a due time is, as a class name."""
    if moment is None:
        return "none"
    rest = (moment - now()).total_seconds()
    return "over" if rest <= 0 else "soon" if rest <= 3_600 else "running"


def span(seconds: float) -> str:
    minutes = int(seconds) // 60
    if minutes < 1:
        return "under a minute"
    if minutes < 60:
        return f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    if hours < 48:
        return f"{hours} h {minutes:02d} min"
    return f"{hours // 24} d {hours % 24} h"


@register.filter
def role_title(role: str) -> str:
    return next((title for name, title in TITLES.items() if name == role), role)


@register.filter
def words(name: str) -> str:
    return name.replace("_", " ")


@register.filter
def who(by: str, names: dict[str, str]) -> str:
    return names.get(by, by)


@register.filter
def percent(value: float) -> str:
    return f"{value * 100:.0f} %"


@register.filter
def listed(items: Iterable[str]) -> str:
    return ", ".join(items)


@register.filter
def get(items: dict[str, object], key: str) -> object:
    return items.get(key, "")


@register.filter
def says(entry: Entry, incident: Incident) -> str:
    return telling.says(entry, incident)


@register.filter
def detail(entry: Entry) -> str:
    return telling.detail(entry)


@register.filter
def soonest(running: Iterable[Clock]) -> Clock | None:
    return min(running, key=lambda clock: clock.due_at, default=None)
