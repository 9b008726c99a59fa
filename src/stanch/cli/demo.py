"""``stanch demo``: the whole scenario on the sample backend, on real traffic over real HTTP."""

import importlib.util
import json
import sys
from pathlib import Path
from types import ModuleType

import click
from rich.console import Console

from stanch.cli.output import render, write_whole
from stanch.cli.scan import report_of
from stanch.engines.client import client_names
from stanch.engines.local import Source, scan
from stanch.errors import InputError
from stanch.finding.build import build
from stanch.finding.render.table import render_table
from stanch.finding.report import Report
from stanch.inventory.contract import load_contract

EXAMPLE = Path(__file__).resolve().parents[3] / "examples" / "leaky-articles"


@click.command("demo", epilog="Example: stanch demo --no-serve")
@click.option("--out", metavar="DIR", default=".demo", show_default=True, help="Where captures and reports go.")
@click.option("--seed", default=7, show_default=True, help="Seed of the sample people and their traffic.")
@click.option("--no-serve", is_flag=True, help="End once the scenario is done.")
def command(out: str, seed: int, *, no_serve: bool) -> None:
    """Play the scenario: a mobile app reads comments, and the responses carry the authors' whole accounts.

    Starts the sample backend on loopback, plays an app's users against it, records the traffic, and finds the leak in it; then does the same with the mended backend.
    """
    say = Console(stderr=True, highlight=False)
    folder = Path(out)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    say.print("[bold]1[/] The sample backend runs on loopback; eight people, an admin and a visitor use its app …")
    leaky, truth = record("leaky", seed, folder)
    say.print("[bold]2[/] Scanning the recorded traffic …")
    report = report_with_extras(leaky)
    render_table(report, Console())
    for fmt, name in (("html", "report.html"), ("json", "report.json"), ("sarif", "report.sarif")):
        write_whole(folder / name, render(report, fmt))
    say.print(f"[bold]3[/] {against_truth(report, truth)}")
    say.print("[bold]4[/] The mended backend, same people, same app …")
    fixed, _ = record("fixed", seed, folder)
    mended = report_of([str(fixed)])
    n_left = sum(f.verdict == "excessive" for f in mended.findings)
    say.print(f"  {n_left} excessive field{'s' if n_left != 1 else ''} left in {mended.capture.n_exchanges} exchanges.")
    say.print(f"\nThe report to read: [bold]{folder / 'report.html'}[/]")
    if report.findings:
        say.print(f"Why the first finding was judged so: stanch explain {folder / 'report.json'} {report.findings[0].fingerprint}")
    if not no_serve:
        say.print("Nothing is left running: open the report in a browser.")
    sys.exit(0 if n_left == 0 and report.findings else 70)


def record(app: str, seed: int, folder: Path) -> tuple[Path, list[tuple[str, str]]]:
    """Record the sample backend's traffic into the folder; give the file and the leaks planted in it."""
    recorder = load_recorder()
    capture = folder / f"{app}.har"
    write_whole(capture, recorder.record(app, seed))
    truth = json.loads(recorder.truth(app, seed)) if hasattr(recorder, "truth") else {"entries": []}
    return capture, [(f"{e['method']} {e['template']}", e["json_path"]) for e in truth["entries"] if e.get("excessive")]


def load_recorder() -> ModuleType:
    path = EXAMPLE / "record.py"
    if not path.is_file():
        raise InputError(
            "the sample backend is not there",
            where=str(EXAMPLE),
            hint="run the demo from a checkout of stanch: make demo",
        )
    spec = importlib.util.spec_from_file_location("leaky_articles_record", path)
    if spec is None or spec.loader is None:
        raise InputError("the sample backend can't be loaded", where=str(path))
    module = importlib.util.module_from_spec(spec)
    sys.path.insert(0, str(EXAMPLE))
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def report_with_extras(capture: Path) -> Report:
    """Scan with the contract and the app's own code as further evidence, where the example has them."""
    contract_path, client_path = EXAMPLE / "openapi.yaml", EXAMPLE / "mobile"
    contract = load_contract(contract_path.read_bytes(), name=contract_path.name) if contract_path.is_file() else None
    names = client_names((str(client_path),)) if client_path.exists() else None
    return build(scan([Source(path=capture, name=capture.name)]), contract=contract, client_fields=names)


def against_truth(report: Report, truth: list[tuple[str, str]]) -> str:
    found = {(f.endpoint, f.path) for f in report.findings if f.verdict == "excessive"}
    if not truth:
        return f"{len(found)} excessive fields found."
    hit = len(found & set(truth))
    return f"{hit} of {len(set(truth))} planted leaks found; {len(found - set(truth))} findings beside them."
