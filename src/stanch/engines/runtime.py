"""Look into a running application: in a process of its own, without the network, with a bare environment and a time limit.

The recipe (which application, which interpreter, which variables) is the user's; nothing of the application runs without it.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from stanch.engines.replay import HOP_BY_HOP, body, credentials, leaves
from stanch.errors import InputError, OutsideError
from stanch.finding.report import Report
from stanch.inventory.router import Router
from stanch.trace.model import Trace
from stanch.trace.runtime import Frame, Read, SeenRoute
from stanch.traffic.exchange import Exchange

TIMEOUT_S = 120
MAX_EVIDENCE = 3
"""Requests of each leaking endpoint that are served again."""
CHILD = Path(__file__).with_name("probe_child.py")


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    app: str
    """``module:application``, ``module:factory(a=1)``, or ``django:settings.module``."""
    python: str = sys.executable
    paths: tuple[str, ...] = ()
    environment: tuple[tuple[str, str], ...] = ()
    timeout_s: int = TIMEOUT_S


def recipe_of(app: str, python: str | None, variables: Sequence[str]) -> Recipe:
    """Read the command line's recipe.

    Raises: InputError where it has not the form.
    """
    if ":" not in app:
        raise InputError("an application has the form module:name, module:factory(...) or django:settings.module", where="--app")
    pairs = [v.partition("=") for v in variables]
    if any(not sep for _, sep, _ in pairs):
        raise InputError("a variable has the form NAME=value", where="--env")
    return Recipe(app=app, python=python or sys.executable, environment=tuple((n, v) for n, _, v in pairs))


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    routes: tuple[SeenRoute, ...]
    reads: tuple[Read, ...]


def look(
    root: str, recipe: Recipe, *, wanted: Sequence[tuple[str, str]] = (), exchanges: Sequence[Exchange] = (), report: Report | None = None
) -> Seen:
    """Run the application's interpreter once: list routes, and with exchanges given, serve the evidence again and note who reads what.

    Raises: OutsideError where the application can't be loaded or takes too long.
    """
    router = Router(given=tuple(dict.fromkeys(e.template for e in report.endpoints))) if report else Router()
    leaking = {f.endpoint for f in report.findings if f.verdict == "excessive"} if report else set()
    requests, endpoints = requests_of(exchanges, router, leaking)
    job: dict[str, object] = {
        "root": str(Path(root).resolve()),
        "app": recipe.app,
        "paths": list(recipe.paths),
        "wanted": [list(w) for w in wanted],
        "requests": requests,
    }
    answer = run(recipe, job, root)
    reads = tuple(
        Read(endpoint=endpoints[r["request"]], cls=r["cls"], attribute=r["attribute"], frames=tuple(frame(f) for f in r["frames"]))
        for r in answer["reads"]
    )
    return Seen(routes=tuple(seen_route(r) for r in answer["routes"]), reads=reads)


def seen_route(row: dict[str, object]) -> SeenRoute:
    methods = row["methods"]
    return SeenRoute(
        methods=tuple(map(str, methods if isinstance(methods, list) else ())),
        template=str(row["template"]),
        file=str(row["file"]),
        symbol=str(row["symbol"]),
        is_class=bool(row["is_class"]),
        action=str(row["action"]),
    )


def frame(row: dict[str, object]) -> Frame:
    return Frame(
        file=str(row["file"]), line=int(str(row["line"])), symbol=str(row["symbol"]), owner=str(row["self"]), owner_file=str(row["self_file"])
    )


def run(recipe: Recipe, job: dict[str, object], root: str) -> dict[str, list[dict]]:  # type: ignore[type-arg]
    with tempfile.TemporaryDirectory(prefix="stanch-") as home:
        environment = {
            "PATH": "/usr/bin:/bin",
            "HOME": home,
            "TMPDIR": home,
            "LANG": "C.UTF-8",
            "PYTHONDONTWRITEBYTECODE": "1",
            "PYTHONNOUSERSITE": "1",
            **dict(recipe.environment),
        }
        try:
            done = subprocess.run(  # noqa: S603 -- the application that the caller asked to look into
                [recipe.python, str(CHILD)],
                input=json.dumps(job), capture_output=True, text=True, timeout=recipe.timeout_s, check=False, env=environment, cwd=root,
            )  # fmt: skip
        except subprocess.TimeoutExpired as error:
            raise OutsideError(f"the application took longer than {recipe.timeout_s} s", where=recipe.app) from error
        except OSError as error:
            raise InputError(f"the interpreter can't be run: {error.strerror}", where=recipe.python) from error
    if done.returncode != 0 or not done.stdout:
        raise OutsideError(
            f"the application can't be loaded: {kind_of(done.stderr)}",
            where=recipe.app,
            hint="does it start with this interpreter and these variables?",
        )
    answer: dict[str, list[dict]] = json.loads(done.stdout)  # type: ignore[type-arg]
    return answer


def kind_of(text: str) -> str:
    """Give the kind of an exception, without its words: they may hold a value."""
    last = text.strip().splitlines()[-1] if text.strip() else ""
    return last.partition(":")[0][:60] or "it ended without a word"


def requests_of(exchanges: Sequence[Exchange], router: Router, leaking: set[str]) -> tuple[list[dict[str, object]], list[str]]:
    """Choose what is served again: what signs in, and a few requests of each leaking endpoint."""
    carried = credentials(exchanges)
    chosen: list[dict[str, object]] = []
    endpoints: list[str] = []
    taken: dict[str, int] = {}
    for exchange in exchanges:
        endpoint = f"{exchange.method} {router.match(exchange.host, exchange.method, exchange.path)}"
        hands_out = {path: value for path, value in leaves(body(exchange), "$") if value in carried} if carried else {}
        evidence = endpoint in leaking and exchange.status < 400 and taken.get(endpoint, 0) < MAX_EVIDENCE
        if evidence or hands_out:
            taken[endpoint] = taken.get(endpoint, 0) + 1
            chosen.append(request_of(exchange, evidence=evidence, hands_out=hands_out))
            endpoints.append(endpoint)
    return chosen, endpoints


def request_of(exchange: Exchange, *, evidence: bool, hands_out: dict[str, str]) -> dict[str, object]:
    return {
        "method": exchange.method,
        "path": exchange.path,
        "query": exchange.query,
        "headers": [(n, v) for n, v in exchange.request_headers if n.lower() not in HOP_BY_HOP and not n.startswith(":")],
        "body": exchange.request_body.decode(errors="replace"),
        "evidence": evidence,
        "signs_in": bool(hands_out),
        "hands_out": hands_out,
    }


def wanted_of(trace: Trace, classes: Sequence[str]) -> list[tuple[str, str]]:
    """Name what to watch: the leaking attributes, on the classes that the source names, or on every model where it names none."""
    found: dict[tuple[str, str], None] = {}
    for t in trace.findings:
        name = t.path.rsplit(".", 1)[-1]
        ends = [c.steps[-1].place.symbol for c in t.chains if c.steps[-1].kind == "model-attribute"]
        for symbol in ends:
            owner, _, attribute = symbol.rpartition(".")
            found[owner, attribute] = None
        if not ends:
            found |= dict.fromkeys((cls, spelling) for cls in classes for spelling in {name, snake(name)})
    return list(found)


def snake(name: str) -> str:
    return "".join(f"_{c.lower()}" if c.isupper() else c for c in name).lstrip("_")
