"""Markdown, for pull requests and tickets."""

from stanch.finding.report import Finding, Report


def render_markdown(report: Report) -> str:
    """Write the findings as a table with their reasons below."""
    out = ["# What the API gives away", "", head(report), ""]
    if report.findings:
        out += [
            "| severity | endpoint | field | kind | verdict | sure | people | receivers |",
            "|---|---|---|---|---|---|---|---|",
        ]
        out += [row(f) for f in report.findings]
        out += ["", "## Why", ""]
        for f in report.findings:
            out += [f"- {code(f.endpoint)} {code(f.path)}: {cell(f.title)} ({f.fingerprint})"]
            out += [f"  - {r.weight:+.1f} {cell(r.says)}" for r in (*f.reasons, *f.counter)]
    if report.capture.undecodable:
        out += ["", "## Not decoded", ""] + [f"- {code(u.where)}: {cell(u.reason)}" for u in report.capture.undecodable]
    return "\n".join(out) + "\n"


def head(report: Report) -> str:
    n = sum(f.verdict == "excessive" for f in report.findings)
    return f"{n} excessive fields in {report.capture.n_exchanges} exchanges over {len(report.endpoints)} endpoints."


def row(f: Finding) -> str:
    cells = (
        f.severity,
        code(f.endpoint),
        code(f.path),
        f.datatype,
        f.verdict,
        f"{100 * f.confidence:.0f} %",
        str(f.n_subjects),
        str(f.n_recipients),
    )
    return "| " + " | ".join(cells) + " |"


def code(text: str) -> str:
    return "`" + text.replace("`", "'").replace("|", "\\|").replace("\n", " ") + "`"


def cell(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "&lt;").replace("\n", " ")
