"""The terminal: one cause a block, with the way to it, what comes of it, and what else it reaches."""

from rich.console import Console
from rich.markup import escape
from rich.syntax import Syntax

from stanch.trace.model import Cause, Chain, Risk, Trace, Traced

COLOURS = {"critical": "bold white on red", "high": "bold red", "medium": "yellow", "low": "cyan"}
MAX_SIBLINGS = 8


def render_table(trace: Trace, console: Console) -> None:
    by_fingerprint = {t.fingerprint: t for t in trace.findings}
    for number, cause in enumerate(trace.causes, 1):
        block(number, cause, [by_fingerprint[f] for f in cause.findings], console)
    lost = [t for t in trace.findings if not t.chains]
    if lost:
        console.print("[bold]Not traced to a cause[/]")
        for t in lost:
            handler = f" handler {t.route.handler.file}:{t.route.handler.line} {t.route.handler.symbol};" if t.route else ""
            say(console, f"  {t.endpoint}  {t.path}:{handler} {t.abstained}")
        console.print()
    for risk in trace.risks:
        risk_line(risk, console)
    for file, reason in trace.unread:
        say(console, f"not read: {file}: {reason}")
    say(console, summary(trace))


def say(console: Console, text: str) -> None:
    console.print(escape(text), highlight=False, soft_wrap=True)


def block(number: int, cause: Cause, found: list[Traced], console: Console) -> None:
    place = cause.step.place
    console.print(f"[bold]{number}. {escape(place.file)}:{place.line}[/]  {escape(place.symbol)}", highlight=False, soft_wrap=True)
    say(console, f"   {cause.step.kind}: {cause.step.how}; {100 * cause.confidence:.0f} % sure")
    say(console, f"   lets out {', '.join(cause.fields)}")
    for endpoint in dict.fromkeys(t.endpoint for t in found):
        here = [t for t in found if t.endpoint == endpoint]
        say(console, f"   {endpoint}  ({len(here)} finding{'s' if len(here) != 1 else ''}: {', '.join(t.path.rsplit('.', 1)[-1] for t in here)})")
    way(found[0].chains[0], console)
    for chain in found[0].chains[1:3]:
        say(console, f"   or else {chain.cause.place.file}:{chain.cause.place.line} {chain.cause.place.symbol} ({100 * chain.confidence:.0f} %)")
    for route in cause.siblings[:MAX_SIBLINGS]:
        say(console, f"   also reached by {route.method} {route.template}  {route.handler.file}:{route.handler.line}")
    if len(cause.siblings) > MAX_SIBLINGS:
        say(console, f"   and by {len(cause.siblings) - MAX_SIBLINGS} more routes (--format json lists them)")
    if cause.fix:
        console.print(f"   [bold]{'safe' if cause.fix.safe else 'unsafe'} fix[/]: {escape(cause.fix.why)}", highlight=False, soft_wrap=True)
        if cause.fix.diff:
            console.print(Syntax(cause.fix.diff.rstrip(), "diff", background_color="default", word_wrap=False), soft_wrap=True)
    console.print()


def way(chain: Chain, console: Console) -> None:
    for step in chain.steps:
        say(console, f"     {step.kind:<18} {step.place.file}:{step.place.line}  {step.place.symbol}")
    if chain.ends:
        say(console, f"     the trail ends here: {chain.ends}")


def risk_line(risk: Risk, console: Console) -> None:
    console.print(
        f"[{COLOURS[risk.severity]}] {risk.severity} [/] {escape(risk.place.file)}:{risk.place.line}  {escape(risk.place.symbol)}  [dim]{risk.rule}[/]",
        highlight=False,
        soft_wrap=True,
    )
    say(console, f"   {risk.says}")
    for route in risk.routes[:3]:
        say(console, f"   reached by {route.method} {route.template}")


def summary(trace: Trace) -> str:
    n = len(trace.findings)
    traced = sum(bool(t.chains) for t in trace.findings)
    text = f"{traced} of {n} findings traced to {len(trace.causes)} cause{'s' if len(trace.causes) != 1 else ''}; " if n else ""
    risks = f"{len(trace.risks)} risk{'s' if len(trace.risks) != 1 else ''}; " if trace.risks or not n else ""
    return f"{text}{risks}{trace.n_files} files, {trace.n_lines} lines, {trace.n_routes} routes"
