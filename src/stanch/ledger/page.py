"""A ledger's answers as one page: numbers, pictures, and what is not known. Everything is in the file; no script."""

from base64 import b64encode
from collections.abc import Iterable, Mapping
from hashlib import sha256
from html import escape

from stanch.finding.render.page import STYLE
from stanch.ledger.answer import Affected, Sweep
from stanch.ledger.render import gap_text

POLICY = f"default-src 'none'; style-src 'sha256-{b64encode(sha256(STYLE.encode()).digest()).decode()}'; base-uri 'none'; form-action 'none'"


def render_page(whole: Affected, pictures: Mapping[str, str], recipients: Affected, sweeps: Iterable[Sweep]) -> str:
    """Write the page; pictures by their headings."""
    when = f"{whole.first_at:%Y-%m-%d %H:%M} to {whole.last_at:%Y-%m-%d %H:%M} UTC" if whole.first_at and whole.last_at else "no time recorded"
    tiles = (
        (str(whole.people), "people affected", "whose data went to someone else"),
        (str(whole.recipients), "recipients", f"{sum(group.name != 'unknown' for group in recipients.groups):,} told apart"),
        (f"{whole.n_disclosures:,}", "disclosures", "pairs of response and person"),
        (f"{len(whole.gaps):,}", "gaps", "of which nothing can be said"),
    )
    drawn = "".join(f"<h2>{escape(title)}</h2><div class='brand scroll'>{picture}</div>" for title, picture in pictures.items())
    return (
        f"<!doctype html><html lang=en><head><meta charset=utf-8><meta name=viewport content='width=device-width'>"
        f'<meta http-equiv=Content-Security-Policy content="{POLICY}"><title>Who is affected</title><style>{STYLE}</style></head><body>'
        f"<header><p class=brand>stanch</p><h1>{escape(str(whole.people))} people had too much of their data sent to someone else</h1>"
        f"<p class=muted>{when}</p></header>"
        f"<main><section class=tiles aria-label=Summary>{''.join(tile(*parts) for parts in tiles)}</section>"
        f"<section>{drawn}</section>{section('Why bounds differ', whole.notes)}"
        f"{section('Walks through endpoints', map(sweep_text, sweeps))}{section('Not known', map(gap_text, whole.gaps))}</main></body></html>\n"
    )


def tile(number: str, name: str, note: str) -> str:
    return f"<div class=tile><b>{escape(number)}</b><span>{escape(name)}</span><small>{escape(note)}</small></div>"


def section(title: str, lines: Iterable[str]) -> str:
    items = "".join(f"<li>{escape(line)}</li>" for line in lines)
    return f"<section><h2>{title}</h2><ul>{items}</ul></section>" if items else ""


def sweep_text(sweep: Sweep) -> str:
    """Say a sweep in a line."""
    when = f", {sweep.first_at:%Y-%m-%d %H:%M} to {sweep.last_at:%Y-%m-%d %H:%M} UTC" if sweep.first_at and sweep.last_at else ""
    return f"session {sweep.session[:8]} on {sweep.endpoint}: {'; '.join(sweep.signs)}{when}"
