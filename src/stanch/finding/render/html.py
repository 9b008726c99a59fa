"""One self-contained page: what leaks, whose, to whom, how sure. Needs no network; works without script."""

from base64 import b64encode
from collections import Counter
from hashlib import sha256
from html import escape

from stanch.classify.taxonomy import TAXONOMY
from stanch.finding.render.page import SCRIPT, STYLE
from stanch.finding.report import FieldRow, Finding, Report, Severity

ORDER: tuple[Severity, ...] = ("critical", "high", "medium", "low")
MAX_PICTURED = 12
"""Endpoints in the picture; the rest is in the cards."""


def render_html(report: Report) -> str:
    """Write the page.

    Cost: linear in findings and fields.
    """
    excessive = [f for f in report.findings if f.verdict == "excessive"]
    unknown = [f for f in report.findings if f.verdict == "unknown"]
    return "".join((
        "<!doctype html><html lang=en><head><meta charset=utf-8><meta name=viewport content='width=device-width,initial-scale=1'>",
        f'<meta http-equiv=Content-Security-Policy content="{policy()}"><title>stanch: what the API gives away</title><style>{STYLE}</style></head><body>',
        header(report, excessive), tiles(report, excessive), "<main>", picture(excessive), cards(excessive), next_steps(excessive), undecided(unknown),
        accepted(report), fields(report), undecoded(report), "</main>",
        "<footer>Made by stanch. Counts and shapes only: no value from the traffic stands on this page.</footer>",
        f"<script>{SCRIPT}</script></body></html>\n",
    ))  # fmt: skip


def policy() -> str:
    def source(text: str) -> str:
        return "'sha256-" + b64encode(sha256(text.encode()).digest()).decode() + "'"

    return f"default-src 'none'; style-src {source(STYLE)}; script-src {source(SCRIPT)}; base-uri 'none'; form-action 'none'"


def header(report: Report, excessive: list[Finding]) -> str:
    return f"<header><p class=brand>stanch</p><h1>{headline(report, excessive)}</h1></header>"


def headline(report: Report, excessive: list[Finding]) -> str:
    if not excessive:
        return f"Nothing excessive found in {report.capture.n_exchanges:,} exchanges."
    n_endpoints = len({f.endpoint for f in excessive})
    kinds = Counter(f.datatype for f in excessive)
    named = ", ".join(escape(title(kind)) for kind, _ in kinds.most_common(3))
    reached = people(max(f.n_subjects for f in excessive))
    more = f" and {len(kinds) - 3} other kinds of data" if len(kinds) > 3 else ""
    return f"{n_endpoints} endpoint{'s give' if n_endpoints != 1 else ' gives'} away <em>{named}</em>{more} of at least {reached}."


def title(datatype: str) -> str:
    """Name a kind of data in words; reports may carry datatypes that this version does not know."""
    known = TAXONOMY.get(datatype)
    if known is None:
        return datatype
    return known.title if known.title[:2].isupper() else known.title[0].lower() + known.title[1:]


def tiles(report: Report, excessive: list[Finding]) -> str:
    worst = Counter(f.severity for f in excessive)
    items = [
        (str(len(excessive)), "excessive fields", " · ".join(f"{worst[s]} {s}" for s in ORDER if worst[s])),
        (str(max((f.n_subjects for f in excessive), default=0)), "people exposed", "by the field that reaches most"),
        (str(max((f.n_recipients for f in excessive), default=0)), "receivers", "of data that is not theirs"),
        (
            f"{report.capture.n_exchanges:,}",
            "exchanges read",
            f"{len(report.endpoints)} endpoints · {report.capture.n_undecodable} not decoded",
        ),
    ]
    return (
        "<section class=tiles aria-label=Summary>"
        + "".join(f"<div class=tile><b>{n}</b><span>{label}</span><small>{note}</small></div>" for n, label, note in items)
        + "</section>"
    )


def picture(excessive: list[Finding]) -> str:
    """Draw endpoint → object → field as three columns joined by curves."""
    if not excessive:
        return ""
    endpoints = list(dict.fromkeys(f.endpoint for f in excessive))[:MAX_PICTURED]
    shown = [f for f in excessive if f.endpoint in endpoints]
    objects = list(dict.fromkeys(owner(f) for f in shown))
    kinds = list(dict.fromkeys(f.datatype for f in shown))
    height = 44 * max(len(endpoints), len(objects), len(kinds)) + 16
    columns = ((endpoints, 8, 330), (objects, 430, 210), (kinds, 740, 210))
    at = [{name: spot(number, len(names), height) for number, name in enumerate(names)} for names, _, _ in columns]
    links = {(338, at[0][f.endpoint], 430, at[1][owner(f)]) for f in shown} | {(640, at[1][owner(f)], 740, at[2][f.datatype]) for f in shown}
    curves = "".join(f"<path d='M{a} {b}C{a + 50} {b} {c - 50} {d} {c} {d}'/>" for a, b, c, d in sorted(links))
    boxes = "".join(box(name, x, at[n][name], width) for n, (names, x, width) in enumerate(columns) for name in names)
    label = "Which endpoints give away which kinds of data through which objects"
    return f"<section><h2>How it flows</h2><div class=scroll><svg viewBox='0 0 958 {height}' width=958 role=img aria-label='{label}'><g class=links>{curves}</g>{boxes}</svg></div></section>"


def owner(finding: Finding) -> str:
    return finding.path.rsplit(".", 1)[0] if "." in finding.path else finding.path


def spot(number: int, n: int, height: int) -> int:
    return round((number + 0.5) * height / n)


def box(name: str, x: int, y: int, width: int) -> str:
    limit = width // 8
    text = name if len(name) <= limit else name[: limit // 2 - 1] + "…" + name[-(limit - limit // 2) :]
    return (
        f"<g><title>{escape(name)}</title><rect x={x} y={y - 15} width={width} height=30 rx=7 /><text x={x + 10} y={y + 4}>{escape(text)}</text></g>"
    )


def cards(excessive: list[Finding]) -> str:
    if not excessive:
        return ""
    out = ["<section><h2>Findings</h2><p class=filter><button type=button id=unfold hidden>Show all reasons</button></p>"]
    for endpoint in dict.fromkeys(f.endpoint for f in excessive):
        group = [f for f in excessive if f.endpoint == endpoint]
        worst = min(group, key=lambda f: ORDER.index(f.severity)).severity
        out.append(
            f"<article class='card {worst}'><h3><span class='pill {worst}'>{worst}</span> <code>{escape(endpoint)}</code></h3>{shared_reasons(group)}"
        )
        out += [detail(f) for f in group]
        out.append("</article>")
    return "".join(out) + "</section>"


def shared_reasons(group: list[Finding]) -> str:
    """Say once what is true of the most fields of a group, the weightiest first."""
    weights: Counter[str] = Counter()
    for finding in group:
        for reason in finding.reasons:
            weights[reason.says] += round(100 * reason.weight)
    named = sorted(weights.items(), key=lambda item: (-item[1], item[0]))[:3]
    return f"<ul class=why>{''.join(f'<li>{escape(text)}</li>' for text, _ in named)}</ul>"


def detail(f: Finding) -> str:
    reach = f"{people(f.n_subjects)} · {receivers(f.n_recipients)} · {100 * f.confidence:.0f} % sure"
    bars = "".join(bar(r.weight, r.says) for r in (*f.reasons, *f.counter))
    missing = f"<p class=muted>Not available, weighs nothing: {escape(', '.join(f.missing_signals))}</p>" if f.missing_signals else ""
    return (
        f"<details id='f-{f.fingerprint}'><summary><span class='dot {f.severity}' role=img aria-label={f.severity}></span><code>{escape(f.path)}</code>"
        f"<span>{escape(title(f.datatype))}</span><small>{reach}</small></summary>"
        f"<p>{escape(f.title)}.</p><ul class=bars>{bars}</ul>{missing}<p class=muted>{f.severity} · <code>{escape(f.datatype)}</code> · status {f.status}"
        f" · {escape(f.where)} · fingerprint <code>{f.fingerprint}</code> · {escape(', '.join(f.references))}</p></details>"
    )


def people(n: int) -> str:
    return f"{n:,} person" if n == 1 else f"{n:,} people"


def receivers(n: int) -> str:
    return f"{n:,} receiver" if n == 1 else f"{n:,} receivers"


def next_steps(excessive: list[Finding]) -> str:
    """Name the commands that follow from a leak, in the order in which they are needed."""
    if not excessive:
        return ""
    steps = (
        ("Stop it", "stanch contain plan report.json", "the least policy that masks these fields, and what it would change"),
        ("Know whom it reached", "stanch affected report.json", "people, receivers, first and last time"),
        ("Mend it", "stanch trace SOURCE --report report.json", "the line of code and the fix as a diff"),
        ("Understand one", f"stanch explain report.json {excessive[0].fingerprint}", "every signal, its weight, and what would flip the verdict"),
    )
    rows = "".join(f"<li><b>{what}</b> <code>{escape(command)}</code> <small>{why}</small></li>" for what, command, why in steps)
    return f"<section><h2>Next</h2><ol class=next>{rows}</ol></section>"


def bar(weight: float, says: str) -> str:
    kind = "for" if weight > 0 else "against"
    return f"<li class={kind}><meter min=0 max=5 value={min(5.0, abs(weight)):.2f} aria-label='weight {weight:+.1f}'></meter><b>{weight:+.1f}</b> {escape(says)}</li>"


def undecided(unknown: list[Finding]) -> str:
    if not unknown:
        return ""
    return (
        "<section><h2>Undecided</h2><p class=muted>More people in the traffic, a contract or a client would tell.</p><article class=card>"
        + "".join(detail(f) for f in unknown)
        + "</article></section>"
    )


def accepted(report: Report) -> str:
    if not report.justified and not report.unneeded_justifications:
        return ""
    rows = "".join(
        f"<li><code>{escape(j.endpoint)} {escape(j.path)}</code> by {escape(j.by)}: {escape(j.why)} {escape(j.until)}</li>" for j in report.justified
    )
    rows += "".join(f"<li>covers nothing any more: <code>{escape(name)}</code></li>" for name in report.unneeded_justifications)
    return f"<section><h2>Accepted</h2><ul>{rows}</ul></section>"


def fields(report: Report) -> str:
    if not report.fields:
        return ""
    verdicts = {(f.endpoint, f.status, f.where, f.path): f.verdict for f in report.findings}
    names = ("endpoint", "field", "kind", "verdict", "values", "own", "others'", "unknown")
    head = "".join(f"<th scope=col><button type=button>{name}</button></th>" for name in names)
    body = "".join(field_row(row, verdicts.get((row.endpoint, row.status, row.where, row.path), "")) for row in report.fields)
    return (
        "<section><h2>All personal data seen</h2><label class=filter>Filter <input type=search id=filter autocomplete=off></label> <output id=shown></output>"
        f"<div class=scroll><table id=fields><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div></section>"
    )


def field_row(row: FieldRow, verdict: str) -> str:
    shown = verdict or ("needed" if row.where.startswith("response") else "sent by the client")
    relation = row.relation
    numbers = "".join(f"<td class=n>{n}</td>" for n in (row.n_values, relation.self, relation.other, relation.unknown))
    return f"<tr><td><code>{escape(row.endpoint)}</code></td><td><code>{escape(row.path)}</code> <small>{escape(row.where)} {row.status or ''}</small></td><td>{escape(row.datatype)}</td><td>{shown}</td>{numbers}</tr>"


def undecoded(report: Report) -> str:
    if not report.capture.undecodable:
        return ""
    rows = "".join(f"<li><code>{escape(u.where)}</code> {escape(u.reason)}</li>" for u in report.capture.undecodable[:200])
    return f"<section><h2>Not decoded</h2><p class=muted>{report.capture.n_undecodable} in all; nothing is said about what could not be read.</p><ul>{rows}</ul></section>"
