"""``stanch demo``: the whole scenario on the sample backend, on real traffic over real HTTP.

Every step is a command that a person could type; the demo types it, shows it, and shows what it says.
"""

import json
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click

from stanch.cli import demo_backend
from stanch.cli.demo_stage import Stage
from stanch.cli.scan import read_bytes
from stanch.console.run import DEFAULT_LISTEN, Serving, parse_listen, prepare, serve
from stanch.contain.propose import Wish
from stanch.engines.local import Source, open_source, read_chunks
from stanch.finding.render.json import parse_report
from stanch.finding.report import Report
from stanch.gateway.rehearse import rehearse
from stanch.traffic.capture import read_capture
from stanch.traffic.exchange import Exchange, Unreadable


@click.command("demo", epilog="Example: stanch demo --no-serve")
@click.option("--out", metavar="DIR", default=".demo", show_default=True, help="Where captures and reports go.")
@click.option("--seed", default=7, show_default=True, help="Seed of the sample people and their traffic.")
@click.option("--no-serve", is_flag=True, help="End once the scenario is done.")
@click.option("--listen", metavar="HOST:PORT", default=DEFAULT_LISTEN, show_default=True, help="Where the console listens at the end.")
def command(out: str, seed: int, listen: str, *, no_serve: bool) -> None:
    """Play the scenario: a mobile app reads comments, and the responses carry the authors' whole accounts.

    Records the sample backend's traffic on loopback, finds the leak, traces it to its line, contains it on a gateway, says who is affected and who must be told,
    checks the mended backend, and ends with the incident in the console.
    """
    stage = Stage(Path(out))
    leaky = recorded(stage, seed)
    report = detected(stage, leaky, seed)
    traced(stage)
    stopped = contained(stage, leaky, report, seed)
    scoped(stage, leaky)
    notified(stage)
    n_left = mended(stage, seed)
    if n_left or not stopped or not report.findings:
        stage.say("the scenario did not come out as it should")
        sys.exit(70)
    host, port = parse_listen(listen)
    opened(stage, Serving(data=str(stage.fresh("console")), host=host, port=port), no_serve=no_serve)


def recorded(stage: Stage, seed: int) -> Path:
    stage.step("Record", "the sample backend runs on loopback; eight people, an administrator and a visitor use its app")
    leaky = demo_backend.record("leaky", seed, stage.folder)
    stage.say(f"{leaky} and {leaky.with_suffix('.truth.json').name}, which says what is planted in it")
    return leaky


def detected(stage: Stage, leaky: Path, seed: int) -> Report:
    stage.step("Detect", "which responses give away whose data to whom, and what of it is too much")
    contract, client = demo_backend.EXAMPLE / "openapi.yaml", demo_backend.EXAMPLE / "mobile"
    with_extras = ("--contract", contract, "--client", client, "--quiet")
    stage.run("scan", leaky, *with_extras, "--format", "json", "-o", stage.report, silent=True)
    stage.run("scan", leaky, *with_extras, "--format", "html", "-o", stage.folder / "report.html", silent=True)
    stage.run("scan", leaky, *with_extras)
    report = parse_report(read_bytes(str(stage.report)), name=str(stage.report))
    found = {(f.endpoint, f.path) for f in report.findings if f.verdict == "excessive"}
    planted = demo_backend.planted(seed)
    stage.say(f"{len(found & planted)} of {len(planted)} planted leaks found; {len(found - planted)} findings beside them.")
    return report


def traced(stage: Stage) -> None:
    stage.step("Trace", "from the leaking fields to the line of code")
    stage.run("trace", demo_backend.EXAMPLE, "--report", stage.report)


def contained(stage: Stage, leaky: Path, report: Report, seed: int) -> bool:
    stage.step("Contain", "mask those fields on a gateway in front of the running backend, and prove it from outside")
    stage.run("contain", "plan", stage.report, "--capture", leaky, "-o", stage.folder / "policy.yaml")

    def capture() -> Iterator[Exchange | Unreadable]:
        with open_source(Source(path=leaky, name=leaky.name)) as stream:
            yield from read_capture(read_chunks(stream), name=leaky.name)

    with demo_backend.serving("leaky", seed) as port:
        done = rehearse(report, f"http://127.0.0.1:{port}", capture, Wish(name="comment-author-leak"))
    stage.say(f"before: {done.before.says}")
    stage.say(f"in force {done.enforced_ms:.0f} ms after it was applied")
    stage.say(f"after: {done.after.says}")
    return done.stopped


def scoped(stage: Stage, leaky: Path) -> None:
    stage.step("Scope", "who is affected, and who has received it: pseudonyms and counts, no values")
    ledger = stage.fresh("ledger")
    stage.run("ledger", "build", leaky, "--into", ledger, silent=True)
    stage.run("affected", ledger, "--by", "datatype")


def notified(stage: Stage) -> None:
    stage.step("Notify", "who must be told what by when, had three of the nine lived in Germany and two in California; decision support, not advice")
    aware = (datetime.now(UTC) - timedelta(minutes=5)).isoformat(timespec="minutes")
    case = ("--residents", "DE=3", "--residents", "US-CA=2", "--at", f"aware={aware}")
    wall, drafts = stage.folder / "law.json", stage.fresh("notices")
    stage.run("law", "simulate", stage.report, *case, "--format", "json", "-o", wall, silent=True)
    said = json.loads(read_bytes(str(wall)))
    rows = {row["rule"]: row for row in said["rows"]}
    outcomes = Counter(row["outcome"] for row in said["rows"])
    stage.say(f"{outcomes['applies']} duties apply, {outcomes['unknown']} wait for a fact that someone must find out; the first that are due:")
    for clock in [clock for clock in said["clocks"] if clock["certain"] and clock["due_at"]][:3]:
        row = rows[clock["rule"]]
        due = datetime.fromisoformat(clock["due_at"]).astimezone(UTC)
        stage.say(f"  {due:%a %d %b %H:%M} UTC  {row['jurisdiction']}  {row['title']}")
    stage.run("law", "draft", stage.report, *case, "--out", drafts, silent=True)
    stage.say(f"{len(list(drafts.glob('*.md')))} documents are drafted; every number in them is a fact with its source")


def mended(stage: Stage, seed: int) -> int:
    stage.step("Mend", "the mended backend, the same people, the same app")
    fixed = demo_backend.record("fixed", seed, stage.folder)
    report_path = stage.folder / "mended.json"
    stage.run("scan", fixed, "--quiet", "--fail-on", "low", "--format", "json", "-o", report_path)
    mended_report = parse_report(read_bytes(str(report_path)), name=str(report_path))
    n_left = sum(f.verdict == "excessive" for f in mended_report.findings)
    stage.say(f"{n_left} excessive fields left in {mended_report.capture.n_exchanges} exchanges.")
    return n_left


def opened(stage: Stage, serving: Serving, *, no_serve: bool) -> None:
    stage.step("Run the incident", "declared from the report, with the playbook under way")
    link = prepare(serving, stage.report, exercise=True)
    stage.say(f"Read the report:  {stage.folder / 'report.html'}")
    if no_serve:
        stage.say(f"Open the console: stanch demo, or stanch serve --data {serving.data}")
        return
    stage.say(f"The console:      {serving.address}")
    stage.say(f"Sign in, once:    {serving.address}{link}")
    stage.say("Ctrl-C stops it.")
    serve(serving)
