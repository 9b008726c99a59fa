"""Rules, clock wall and matrix on a terminal."""

from collections import Counter
from collections.abc import Sequence
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from stanch.engines.law_case import Leak
from stanch.law.clock import OtherReading
from stanch.law.export import OUTCOMES, due_text, uncovered_text
from stanch.law.matrix import NOTICE, Matrix, Row
from stanch.law.rule import MARKS, Clock, Override, Rule
from stanch.law.wall import Tick, left

_STYLE = {"overdue": "bold red", "due_soon": "red", "running": "yellow", "no_number": "", "waiting": "dim", "sent": "green", "sent_late": "red"}
_MAX_ROWS = 12


def show_matrix(leak: Leak, matrix: Matrix, ticks: Sequence[Tick], console: Console, *, everything: bool) -> None:
    """Print the case, the clocks, what applies, what is open and for which fact, and what does not apply."""
    _case(leak, matrix, console)
    _clocks([t for t in ticks if t.certain], "Clocks of what applies", console)
    open_ticks = [t for t in ticks if not t.certain]
    near = [t for t in open_ticks if t.row.n_people and t.row.rule.sector == "general"]
    _clocks(near, "Clocks of what may apply", console)
    if len(open_ticks) > len(near):
        console.print(f"\n{len(open_ticks) - len(near)} more clocks hang on what you are or on where people live: see the open facts below.")
    _applies(matrix.by("applies"), console)
    _open(matrix, console)
    _not(matrix.by("does_not"), console, everything=everything)
    if matrix.uncovered:
        console.print(f"\n[bold yellow]{escape(uncovered_text(matrix))}[/]")
    console.print(f"\n{NOTICE}")


def _case(leak: Leak, matrix: Matrix, console: Console) -> None:
    places = Counter[str]()
    for group in matrix.case.groups:
        places[group.residence or "residence not known"] += group.n_people
    together = "who lost what together is known" if leak.groups else "everyone is taken to have lost all of this together"
    console.print(f"[bold]{matrix.case.n_people} people{'' if leak.groups else ' at least'}, {leak.n_recipients} recipients[/]; {together}:")
    console.print(f"  {', '.join(sorted(matrix.case.datatypes))}", highlight=False)
    console.print("  " + ", ".join(f"{place} {n}" for place, n in sorted(places.items())))


def _clocks(ticks: Sequence[Tick], title: str, console: Console) -> None:
    if not ticks:
        return
    table = Table(title=title, title_justify="left", title_style="bold", box=None, padding=(0, 1), header_style="dim")
    for column in ("due", "left", "where", "what, to whom", ""):
        table.add_column(column, overflow="fold")
    for tick in ticks:
        table.add_row(*_tick_cells(tick), style=_STYLE[tick.state])
    console.print()
    console.print(table)


def _tick_cells(tick: Tick) -> tuple[str, str, str, str, str]:
    rule = tick.row.rule
    also = "".join(f"\n[dim]{_reading(reading, tick.deadline.zone)}[/]" for reading in tick.deadline.readings)
    span = left(tick.slack) if tick.slack is not None else ""
    return (
        escape(due_text(tick.deadline)),
        span,
        rule.jurisdiction,
        f"{escape(rule.title)}: {escape(rule.recipient)}{also}",
        "advisory" if tick.row.advisory else "",
    )


def _reading(reading: OtherReading, zone: str) -> str:
    kind = "guidance" if reading.guidance else "other reading"
    return f"{kind} {reading.due_at.astimezone(ZoneInfo(zone)):%a %m-%d %H:%M}: {escape(reading.says)}"


def _applies(rows: Sequence[Row], console: Console) -> None:
    console.print(f"\n[bold]{OUTCOMES['applies']} ({len(rows)})[/]")
    for row in rows:
        _row(row, console)


def _row(row: Row, console: Console) -> None:
    rule = row.rule
    console.print(f"  [bold]{rule.jurisdiction}[/] {escape(rule.title)}, {escape(rule.law.act)} {escape(rule.law.section)} [dim]{rule.id}[/]")
    console.print(f"      [dim]{escape(row.reasoning)}[/]")
    if rule.contents:
        console.print(f"      [dim]must hold: {', '.join(rule.contents)}[/]")
    if rule.must_not:
        console.print(f"      [red]must not hold: {', '.join(rule.must_not)}[/]")
    if row.advisory:
        console.print(f"      [dim]advisory: {row.why_advisory}[/]")
    if row.override:
        console.print(f"      overridden by {escape(row.override.by)} until {row.override.until}: {escape(row.override.why)}")


def _open(matrix: Matrix, console: Console) -> None:
    console.print(f"\n[bold]{OUTCOMES['unknown']} ({len(matrix.by('unknown'))})[/]: what to find out, and the rules that wait for it")
    for fact, rules in matrix.missing.items():
        console.print(f"  [bold]{fact.key}[/] {escape(fact.question)}")
        more = f" and {len(rules) - _MAX_ROWS} more" if len(rules) > _MAX_ROWS else ""
        console.print(f"      [dim]{', '.join(rules[:_MAX_ROWS])}{more}[/]")


def _not(rows: Sequence[Row], console: Console, *, everything: bool) -> None:
    console.print(f"\n[bold]{OUTCOMES['does_not']} ({len(rows)})[/]")
    if everything:
        for row in rows:
            console.print(f"  {row.rule.jurisdiction} {escape(row.rule.title)} [dim]{row.rule.id}: {escape(row.reasoning)}[/]")
        return
    reasons = Counter(row.checks[0].says if row.checks else "" for row in rows)
    for says, n in reasons.most_common(_MAX_ROWS):
        console.print(f"  {n:4} {escape(says)}")


def show_rules(rules: Sequence[Rule], console: Console) -> None:
    """List rules, one a line."""
    table = Table(box=None, padding=(0, 1), header_style="dim")
    for column in ("where", "id", "to", "period", "from", "mark"):
        table.add_column(column, overflow="fold")
    for rule in rules:
        table.add_row(
            rule.jurisdiction, rule.id, rule.recipient, period_text(rule.clock), rule.clock.anchor, rule.mark + ("*" if rule.advisory else "")
        )
    console.print(table)
    console.print(f"{len(rules)} rules. " + " · ".join(f"{mark}: {says}" for mark, says in MARKS.items()) + " · *: advisory")


def period_text(clock: Clock) -> str:
    """Say a period in words: ``72 hours``, ``without undue delay``."""
    number = f"{clock.n} {clock.unit.replace('_', ' ')}" if clock.n is not None else ""
    return "; ".join(part for part in (number, clock.words) if part)


def show_rule(rule: Rule, override: Override | None, console: Console) -> None:
    """Print one rule in full."""
    for name, says in _members(rule):
        if says:
            console.print(f"[dim]{name:>12}[/]  {escape(says)}", soft_wrap=True)
    if override:
        console.print(f"  overridden by {escape(override.by)} until {override.until}: {escape(override.why)}")
    console.print(NOTICE, style="dim")


def _members(rule: Rule) -> list[tuple[str, str]]:
    trigger, threshold = rule.trigger, rule.threshold
    kinds = " or ".join([*trigger.elements, *(" + ".join(combo) for combo in trigger.combos)]) or "any personal data"
    limit = f"from {threshold.at_least} ({threshold.of})" + (f", fewer than {threshold.below}" if threshold.below else "")
    harm = f"; harm: {threshold.harm}{' presumed' if threshold.presumed else ''}" if threshold.harm != "none" else ""
    return [
        ("rule", f"{rule.id} ({rule.jurisdiction}): {rule.title}"),
        ("law", f"{rule.law.act}, {rule.law.section} {rule.law.url}"),
        ("sure", f"{MARKS[rule.mark]}{' (advisory)' if rule.advisory else ''}; {rule.status.replace('_', ' ')}; review by {rule.review_by}"),
        ("force", f"since {rule.effective.since}" if rule.effective.since else ""),
        ("to", f"{rule.recipient} ({rule.audience}); duty of the {' or '.join(rule.roles)}; {rule.sector.replace('_', ' ')}"),
        (
            "data",
            f"{kinds}{'' if trigger.complete else ' (list not known to be whole)'}; {' or '.join(trigger.events)}; encryption: {trigger.encryption}",
        ),
        ("only if", trigger.otherwise),
        ("number", limit + harm),
        ("period", f"{period_text(rule.clock)}, from '{rule.clock.anchor}'; calendar {rule.clock.calendar}; zone {rule.zone}"),
        ("order", "; ".join(f"{o.when} {o.rule}" for o in rule.order)),
        ("must hold", ", ".join(rule.contents)),
        ("must not", ", ".join(rule.must_not)),
        ("delay", "; ".join(f"{d.reason} {d.says}".replace("_", " ") for d in rule.delay)),
        ("remedies", "; ".join(f"{r.kind} {r.months or ''} months for {', '.join(r.elements)}: {r.says}".replace("_", " ") for r in rule.remedies)),
        ("contested", " ".join(rule.contested)),
        ("notes", " ".join(rule.notes)),
    ]
