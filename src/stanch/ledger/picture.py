"""Answers as pictures: SVG text, drawn from numbers alone. No script, no style sheet, no font or file from elsewhere.

Every picture has a title and says its numbers in words for those who don't see it; colours follow the page (``currentColor``).
"""

from collections.abc import Sequence
from datetime import timedelta
from html import escape

from stanch.ledger.answer import Group, Moment
from stanch.ledger.coverage import HOUR_MS, Gap
from stanch.ledger.disclosure import milliseconds

WIDTH = 760
MAX_BARS = 400
MAX_ROWS = 20
ROW = 26
HEIGHT = 200
LEFT, BOTTOM = 56, 34
MAX_BAR = 48
TILES_IN_ROW = 8


def exposure(moments: Sequence[Moment], step: timedelta, gaps: Sequence[Gap] = ()) -> str:
    """Draw people exposed by hour or day, with the stretches of which nothing is known."""
    if not moments:
        return drawing("People exposed over time", "Nobody was exposed in this time.", 60, note("Nobody was exposed in what was read."))
    start, n = moments[0].start, min(MAX_BARS, (moments[-1].start - moments[0].start) // step + 1)
    most = max(moment.n_people for moment in moments) or 1
    wide = min(MAX_BAR, (WIDTH - LEFT - 8) / n)
    parts = [silence(gap, (milliseconds(start) or 0), step, wide, n) for gap in gaps]
    for moment in moments:
        at = (moment.start - start) // step
        if at < n:
            tall = (HEIGHT - BOTTOM - 20) * moment.n_people / most
            parts.append(
                rect(LEFT + at * wide, HEIGHT - BOTTOM - tall, max(1.0, wide - 1), tall, f"{moment.start:%Y-%m-%d %H:%M}: {moment.n_people:,} people")
            )
    parts += [text(LEFT - 8, 26, f"{most:,}", "end"), text(LEFT - 8, HEIGHT - BOTTOM, "0", "end")]
    last = start + step * (n - 1)
    parts.append(text(LEFT, HEIGHT - 12, f"{start:%Y-%m-%d %H:%M} to {last:%Y-%m-%d %H:%M} UTC, {step_name(step)} a bar"))
    said = f"At most {most:,} people in one step, from {start:%Y-%m-%d %H:%M} to {last:%Y-%m-%d %H:%M} UTC."
    return drawing("People exposed over time", said, HEIGHT, "".join(parts))


def step_name(step: timedelta) -> str:
    return "a day" if step >= timedelta(days=1) else "an hour" if step >= timedelta(hours=1) else "a minute"


def silence(gap: Gap, start_ms: int, step: timedelta, wide: float, n: int) -> str:
    """Shade a stretch without retained traffic."""
    if gap.endpoint or gap.n_responses or gap.first_hour is None or gap.last_hour is None:
        return ""
    step_ms = step // timedelta(milliseconds=1)
    left = max(0.0, (gap.first_hour * HOUR_MS - start_ms) / step_ms)
    right = min(float(n), ((gap.last_hour + 1) * HOUR_MS - start_ms) / step_ms)
    if right <= left:
        return ""
    return rect(LEFT + left * wide, 16, (right - left) * wide, HEIGHT - BOTTOM - 16, f"not known: {gap.reason}", opacity=0.15)


def recipients(groups: Sequence[Group]) -> str:
    """Draw who received the data of how many people, the most first."""
    shown = groups[:MAX_ROWS]
    named = [(f"{group.name[:8]} {group.detail}" if group.detail else "not signed in", group) for group in shown]
    return bars("Recipients by people whose data they received", named, len(groups) - len(shown))


def kinds(groups: Sequence[Group]) -> str:
    """Draw which kinds of data went out, of how many people."""
    shown = groups[:MAX_ROWS]
    return bars("Kinds of data by people", [(g.name, g) for g in shown], len(groups) - len(shown))


def bars(title: str, rows: Sequence[tuple[str, Group]], n_more: int) -> str:
    """Draw a bar for each row: solid for what is certain, faint up to what is possible."""
    if not rows:
        return drawing(title, "Nothing to show.", 60, note("Nothing to show."))
    most = max(min(group.people.at_most, 10 * max(1, group.people.at_least)) for _, group in rows) or 1
    left, wide = 250, WIDTH - 250 - 110
    parts = []
    for number, (name, group) in enumerate(rows):
        y = 12 + number * ROW
        sure, possible = (wide * min(n, most) / most for n in (group.people.at_least, group.people.at_most))
        label = name if len(name) <= 32 else f"{name[:15]}…{name[-16:]}"
        parts.append(f"<g><title>{escape(name)}: {group.people} people</title>{text(left - 10, y + 14, label, 'end')}")
        parts += [rect(left, y, possible, ROW - 8, "", opacity=0.25), rect(left, y, sure, ROW - 8, "")]
        parts.append(f"{text(left + possible + 8, y + 14, str(group.people))}</g>")
    height = 20 + len(rows) * ROW + (20 if n_more else 0)
    if n_more:
        parts.append(text(left, height - 8, f"and {n_more:,} more"))
    said = "; ".join(f"{name}: {group.people}" for name, group in rows)
    return drawing(title, said, height, "".join(parts))


def jurisdictions(groups: Sequence[Group]) -> str:
    """Draw a tile for each jurisdiction, in the order of people; the fuller, the more."""
    if not groups:
        return drawing("People by jurisdiction", "Nobody.", 60, note("Nobody."))
    most = max(group.people.at_most for group in groups) or 1
    side, parts = (WIDTH - 16) / TILES_IN_ROW, []
    for number, group in enumerate(groups):
        x, y = 8 + number % TILES_IN_ROW * side, 8 + number // TILES_IN_ROW * side * 0.7
        full = 0.08 + 0.3 * (group.people.at_most / most) ** 0.5
        title = f"{group.name}: {group.people} people" + (f", {group.detail}" if group.detail else "")
        parts.append(rect(x, y, side - 6, side * 0.7 - 6, title, opacity=round(full, 2)))
        parts.append(text(x + 8, y + 22, group.name, size=15) + text(x + 8, y + 42, str(group.people)))
    rows = -(-len(groups) // TILES_IN_ROW)
    said = "; ".join(f"{group.name}: {group.people}" for group in groups)
    return drawing("People by jurisdiction", said, round(16 + rows * side * 0.7), "".join(parts))


def drawing(title: str, said: str, height: int, inner: str) -> str:
    return (
        f"<svg viewBox='0 0 {WIDTH} {height}' width='{WIDTH}' role='img' xmlns='http://www.w3.org/2000/svg'>"
        f"<title>{escape(title)}</title><desc>{escape(said)}</desc>{inner}</svg>"
    )


def note(words: str) -> str:
    return text(12, 34, words)


def rect(x: float, y: float, width: float, height: float, title: str, *, opacity: float = 0.8) -> str:
    """Draw a box, as a path: pages style their own ``rect``. Its title shows when pointed at."""
    inside = f"<title>{escape(title)}</title>" if title else ""
    return f"<path d='M{x:.1f} {y:.1f}h{width:.1f}v{height:.1f}h{-width:.1f}z' fill='currentColor' fill-opacity='{opacity}'>{inside}</path>"


def text(x: float, y: float, words: str, anchor: str = "start", *, size: int = 12) -> str:
    return f"<text x='{x:.1f}' y='{y:.1f}' font-size='{size}' text-anchor='{anchor}' fill='currentColor'>{escape(words)}</text>"
