"""The sample backend as the demo uses it: recorded, or served on loopback for as long as a step lasts."""

import importlib.util
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from types import ModuleType

from stanch.cli.output import write_whole
from stanch.errors import InputError

_ROOT = Path(__file__).resolve().parents[3]
EXAMPLE = (_ROOT.relative_to(Path.cwd()) if _ROOT.is_relative_to(Path.cwd()) else _ROOT) / "examples" / "leaky-articles"


def record(app: str, seed: int, folder: Path) -> Path:
    """Record the traffic of the app ``leaky`` or ``fixed`` into the folder, and what is planted in it beside it."""
    capture = folder / f"{app}.har"
    write_whole(capture, recorder().record(app, seed))
    write_whole(capture.with_suffix(".truth.json"), recorder().truth(app, seed))
    return capture


def planted(seed: int) -> set[tuple[str, str]]:
    """Give the leaks of the leaky app as (endpoint, path)."""
    entries = json.loads(recorder().truth("leaky", seed))["entries"]
    return {(f"{entry['method']} {entry['template']}", entry["json_path"]) for entry in entries if entry["excessive"]}


@contextmanager
def serving(app: str, seed: int) -> Iterator[int]:
    """Serve the app on loopback; give its port."""
    module = recorder()
    with module.running(module.create_app(fixed=app == "fixed", seed=seed)) as port:
        yield port


@cache
def recorder() -> ModuleType:
    path = EXAMPLE / "record.py"
    if not path.is_file():
        raise InputError("the sample backend is not there", where=str(EXAMPLE), hint="run the demo from a checkout of stanch: make demo")
    spec = importlib.util.spec_from_file_location("leaky_articles_record", path)
    if spec is None or spec.loader is None:
        raise InputError("the sample backend can't be loaded", where=str(path))
    module = importlib.util.module_from_spec(spec)
    sys.path.insert(0, str(EXAMPLE.resolve()))
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module
