"""Matrix and clock wall as plain data and as Markdown, by a hand-written list of members."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from stanch.law.clock import Deadline
from stanch.law.matrix import NOTICE, Matrix, Outcome, Row
from stanch.law.wall import Tick, left

OUTCOMES: Mapping[Outcome, str] = {"applies": "Applies", "unknown": "Can't be known yet", "does_not": "Does not apply"}
SCHEMA = "stanch.law-matrix/1"


def matrix_dict(matrix: Matrix, ticks: Sequence[Tick] = ()) -> dict[str, Any]:
    """Give all that the matrix says, for JSON; counts and kinds only."""
    return {
        "schema": SCHEMA,
        "notice": NOTICE,
        "as_of": _iso(matrix.case.as_of),
        "n_people": matrix.case.n_people,
        "datatypes": sorted(matrix.case.datatypes),
        "rows": [row_dict(row) for row in matrix.rows],
        "missing": [{"key": fact.key, "question": fact.question, "rules": list(rules)} for fact, rules in matrix.missing.items()],
        "uncovered": dict(matrix.uncovered),
        "clocks": [tick_dict(tick) for tick in ticks],
    }


def row_dict(row: Row) -> dict[str, Any]:
    rule = row.rule
    return {
        "rule": rule.id,
        "jurisdiction": rule.jurisdiction,
        "title": rule.title,
        "act": rule.law.act,
        "section": rule.law.section,
        "outcome": row.outcome,
        "advisory": row.advisory,
        "why_advisory": row.why_advisory,
        "mark": rule.mark,
        "audience": rule.audience,
        "recipient": rule.recipient,
        "n_people": row.n_people,
        "n_people_at_most": row.n_most,
        "checks": [{"what": c.what, "answer": c.answer, "says": c.says} for c in row.checks],
        "missing": [fact.key for fact in row.missing],
        "deadline": deadline_dict(row.deadline) if row.deadline else None,
        "contents": list(rule.contents),
        "must_not": list(rule.must_not),
        "order": [{"when": o.when, "rule": o.rule} for o in rule.order],
        "delay": [{"reason": d.reason, "days": d.days, "says": d.says} for d in rule.delay],
        "contested": list(rule.contested),
        "notes": list(rule.notes),
        "override": {"by": row.override.by, "why": row.override.why, "until": str(row.override.until)} if row.override else None,
    }


def deadline_dict(clock: Deadline) -> dict[str, Any]:
    return {
        "anchor": clock.anchor,
        "started_at": _iso(clock.started_at),
        "due_at": _iso(clock.due_at),
        "zone": clock.zone,
        "words": clock.words,
        "missing": clock.missing,
        "readings": [{"id": r.id, "says": r.says, "due_at": _iso(r.due_at), "guidance": r.guidance} for r in clock.readings],
    }


def tick_dict(tick: Tick) -> dict[str, Any]:
    return {
        "rule": tick.row.rule.id,
        "state": tick.state,
        "certain": tick.certain,
        "due_at": _iso(tick.deadline.due_at),
        "slack_s": int(tick.slack.total_seconds()) if tick.slack is not None else None,
        "sent_at": _iso(tick.sent_at),
    }


def _iso(instant: datetime | None) -> str | None:
    return instant.isoformat() if instant else None


def matrix_markdown(matrix: Matrix, ticks: Iterable[Tick]) -> str:
    """Write matrix and clocks as a page for counsel."""
    lines = [
        "# Who must be told what by when",
        "",
        NOTICE,
        "",
        "## Clocks",
        "",
        "| due | left | where | what | to | sure |",
        "|---|---|---|---|---|---|",
    ]
    lines += [_clock_line(tick) for tick in ticks]
    lines += [f"\n**{uncovered_text(matrix)}**"] if matrix.uncovered else []
    for outcome, title in OUTCOMES.items():
        rows = matrix.by(outcome)
        lines += ["", f"## {title} ({len(rows)})", ""]
        lines += [line for row in rows for line in _row_lines(row)]
    return "\n".join([*lines, ""])


def uncovered_text(matrix: Matrix) -> str:
    """Say where people live of whose law the pack knows nothing."""
    places = ", ".join(f"{place} ({n})" for place, n in matrix.uncovered.items())
    return f"The pack has no rule for people who live in {places}. That is no answer: have the law there read."


def _clock_line(tick: Tick) -> str:
    rule = tick.row.rule
    sure = ("applies" if tick.certain else "if it applies") + (", advisory" if tick.row.advisory else "")
    span = left(tick.slack) if tick.slack is not None else ""
    return f"| {due_text(tick.deadline)} | {span} | {rule.jurisdiction} | {rule.title} | {rule.recipient} | {sure} |"


def due_text(clock: Deadline) -> str:
    """Say when a clock runs out: local time with its offset, or the act's words, or what it waits for."""
    if clock.local_due is not None:
        return f"{clock.local_due:%a %Y-%m-%d %H:%M %Z}"
    if clock.missing:
        return f"waits for '{clock.missing}'"
    return clock.words


def _row_lines(row: Row) -> Iterable[str]:
    rule = row.rule
    yield f"- **{rule.jurisdiction}: {rule.title}** ({rule.law.act}, {rule.law.section}; `{rule.id}`)"
    if row.outcome == "does_not":
        yield f"  {row.reasoning}"
        return
    yield f"  To: {rule.recipient}. By: {due_text(row.deadline) if row.deadline else ''}."
    yield f"  Why: {row.reasoning}."
    if row.missing:
        yield "  Missing: " + " ".join(fact.question for fact in row.missing)
    if rule.contents:
        yield f"  Must hold: {', '.join(rule.contents)}."
    if rule.must_not:
        yield f"  Must not hold: {', '.join(rule.must_not)}."
    if row.advisory:
        yield f"  Advisory: {row.why_advisory}."
