"""Markdown, for pull requests and tickets."""

from stanch.trace.model import Cause, Trace, Traced
from stanch.trace.render.table import summary


def render_markdown(trace: Trace) -> str:
    out = ["# Where it comes from", "", summary(trace) + ".", ""]
    by_fingerprint = {t.fingerprint: t for t in trace.findings}
    for cause in trace.causes:
        out += block(cause, [by_fingerprint[f] for f in cause.findings])
    lost = [t for t in trace.findings if not t.chains]
    if lost:
        out += ["## Not traced", ""] + [f"- {code(t.endpoint)} {code(t.path)}: {t.abstained}" for t in lost] + [""]
    if trace.risks:
        out += (
            ["## Risks", ""]
            + [f"- {r.severity}: {code(f'{r.place.file}:{r.place.line}')} {code(r.place.symbol)}: {r.says}" for r in trace.risks]
            + [""]
        )
    return "\n".join(out)


def block(cause: Cause, found: list[Traced]) -> list[str]:
    place = cause.step.place
    out = [f"## {code(f'{place.file}:{place.line}')} {code(place.symbol)}", ""]
    out += [f"{cause.step.kind}: {cause.step.how}. {100 * cause.confidence:.0f} % sure. Lets out {', '.join(map(code, cause.fields))}.", ""]
    out += [f"- {code(endpoint)}" for endpoint in dict.fromkeys(t.endpoint for t in found)]
    out += ["", "Way: " + " → ".join(f"{s.kind} {code(f'{s.place.file}:{s.place.line}')}" for s in found[0].chains[0].steps) + ".", ""]
    if cause.siblings:
        out += ["Also reached by " + ", ".join(code(f"{r.method} {r.template}") for r in cause.siblings) + ".", ""]
    if cause.fix:
        out += [f"{'Safe' if cause.fix.safe else 'Unsafe'} fix: {cause.fix.why}", "", "```diff", cause.fix.diff.rstrip(), "```", ""]
    return out


def code(text: str) -> str:
    return "`" + text.replace("`", "'").replace("|", "\\|").replace("\n", " ") + "`"
