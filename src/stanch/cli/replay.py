"""``stanch replay``: the captured requests against a patched service, and what is different."""

import re
import sys

import click
import orjson
from rich.console import Console

from stanch.cli.scan import read_bytes
from stanch.engines.local import open_source, read_chunks, sources
from stanch.engines.replay import Replay, target_of
from stanch.errors import InputError
from stanch.finding.render.json import parse_report
from stanch.finding.report import Report
from stanch.inventory.router import Router
from stanch.trace.replayed import Comparison, leak_patterns
from stanch.traffic.capture import read_capture
from stanch.traffic.exchange import Exchange

SAYS = {
    "gone": "gone, as it should be", "left": "still there", "removed": "missing now", "added": "new", "retyped": "of another type", "changed": "different",
    "status": "another status", "unanswered": "no answer",
}  # fmt: skip


@click.command("replay", epilog="Example: stanch replay traffic.har --against http://127.0.0.1:8000 --report report.json")
@click.argument("capture")
@click.option("--against", "url", required=True, metavar="URL", help="The patched service.")
@click.option("--report", "report_path", metavar="FILE", help="JSON report of stanch scan: its excessive fields must be gone.")
@click.option(
    "--header",
    "headers",
    multiple=True,
    metavar="'NAME: VALUE'",
    help="Send this header in place of the captured one, such as a fresh credential; may be given again.",
)
@click.option("--unsafe-methods", is_flag=True, help="Send requests that change data to another machine too.")
@click.option("--format", "fmt", type=click.Choice(["table", "json"]), default="table", show_default=True, help="Form of the result.")
def command(capture: str, url: str, report_path: str | None, headers: tuple[str, ...], fmt: str, *, unsafe_methods: bool) -> None:
    """Replay a capture against a service and compare: leaking fields gone, everything else the same.

    Exit 0 when so, 1 when not. Credentials that the capture's own sign-in responses handed out are replaced by those that the service hands out now.
    """
    target = target_of(url, headers, unsafe_methods=unsafe_methods)
    report = parse_report(read_bytes(report_path), name=report_path) if report_path else None
    exchanges = read_all(capture)
    replay = Replay(target=target, router=router_of(report), comparison=Comparison(leaking=leaks_of(report)))
    found = replay.run(exchanges)
    show(found, replay.n_skipped, fmt)
    sys.exit(0 if found.is_mended else 1)


def read_all(capture: str) -> list[Exchange]:
    found: list[Exchange] = []
    for source in sources([capture]):
        with open_source(source) as stream:
            found += [item for item in read_capture(read_chunks(stream), name=source.name) if isinstance(item, Exchange)]
    if not found:
        raise InputError("no exchange could be read", where=capture, hint="is it a capture of API traffic?")
    return found


def router_of(report: Report | None) -> Router:
    """Match paths by the report's templates; without a report, every path stands for itself."""
    return Router(given=tuple(dict.fromkeys(e.template for e in report.endpoints)) if report else ())


def leaks_of(report: Report | None) -> dict[str, tuple[re.Pattern[str], ...]]:
    found: dict[str, list[str]] = {}
    for f in report.findings if report else ():
        if f.verdict == "excessive" and f.where == "response.body":
            found.setdefault(f.endpoint.partition("#")[0], []).append(f.path)
    return leak_patterns(found)


def show(found: Comparison, n_skipped: int, fmt: str) -> None:
    if fmt == "json":
        rows = [{"kind": d.kind, "endpoint": d.endpoint, "path": d.path, "n": d.n} for d in found.differences]
        document = {
            "schema": "stanch.replay/1",
            "mended": found.is_mended,
            "n_exchanges": found.n_exchanges,
            "n_same": found.n_same,
            "n_skipped": n_skipped,
            "differences": rows,
        }
        sys.stdout.buffer.write(orjson.dumps(document, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
        return
    console = Console(highlight=False, soft_wrap=True)
    for d in found.differences:
        console.print(f"{d.n:>6} x {SAYS[d.kind]}: {d.endpoint} {d.path}", markup=False)
    skipped = f", {n_skipped} not sent" if n_skipped else ""
    verdict = "mended: what leaked is gone and nothing else differs" if found.is_mended else "not mended, or something else changed"
    console.print(f"{found.n_same} of {found.n_exchanges} exchanges are the same apart from it{skipped}; {verdict}", markup=False)
