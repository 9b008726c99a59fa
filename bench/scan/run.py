"""How long stanch takes to scan, beside the time to parse alone and beside peers, with recall and precision, in one run.

    python bench/scan/run.py [--megabytes 10 100 1000] [--peer-kilobytes 300] [--json FILE]

Bodies are synthetic with exact truth (``bench/fields/generate.py``): 1.7 KB median, 24 KB at the 95th percentile. Rows:
``orjson.loads`` over the same bodies (results discarded); each engine that is built, over the bodies alone (leaves, candidates,
columns, labels); the whole command on an NDJSON capture of them in a process of its own, with its memory peak; Presidio (its pattern
recognisers on a blank pipeline) and DataFog (its regular expressions) on every leaf of the first so many kilobytes, in an environment
of their own (``.peers``, made here from the package index). Process CPU time; the ratio to ``orjson.loads`` is what counts.

Recall and precision are by field: a field is flagged with a kind when at least half of its values are; right where the kind is.
Kinds that a peer has no name for count against nobody's precision, and against its recall only in the column for all kinds.
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from time import process_time

import orjson

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "bench" / "fields"))  # its generator is a script beside this one

from generate import bodies, corpus
from synthetic import agrees

from stanch.classify.column import FieldSummary
from stanch.classify.decide import decide
from stanch.classify.leaf import walk
from stanch.cli.scan import command as scan_command
from stanch.identity.pseudonym import SCAN_KEY, KeyedDigest
from stanch.kernel import ENGINES, kernel
from stanch.traffic.document import Document

MEAN_BYTES = 6_000
PEER_KINDS = {
    "EMAIL_ADDRESS": "contact.email", "PHONE_NUMBER": "contact.phone", "CREDIT_CARD": "finance.card", "IBAN_CODE": "finance.iban", "IP_ADDRESS": "online.ip",
    "US_SSN": "gov_id.us.ssn", "MAC_ADDRESS": "device.mac", "CRYPTO": "finance.crypto", "US_PASSPORT": "gov_id.us.passport",
    "US_DRIVER_LICENSE": "gov_id.us.driver_licence", "US_ITIN": "gov_id.us.itin", "UK_NHS": "health.gb.nhs", "UK_NINO": "gov_id.gb.nino",
    "EMAIL": "contact.email", "PHONE": "contact.phone", "SSN": "gov_id.us.ssn", "DOB": "person.birth_date", "DATE": "person.birth_date",
    "ZIP": "contact.address", "ZIP_CODE": "contact.address",
}  # fmt: skip
NOT_PERSONAL = {"URL", "DATE_TIME", "US_BANK_NUMBER", "MEDICAL_LICENSE"}
"""Kinds of the peers that our truth does not call personal; that they flag them is not held against them."""


@dataclass
class Row:
    name: str
    n_bytes: int
    seconds: float
    parse_s: float = 0.0
    """Of ``orjson.loads`` over the same bodies, taken just before."""
    recall: float | None = None
    recall_named: float | None = None
    precision: float | None = None
    peak_mb: float | None = None

    def cells(self) -> list[str]:
        def share(value):
            return "" if value is None else f"{value:.3f}"

        return [
            self.name, f"{self.n_bytes / 1e6:.1f}", f"{self.seconds / self.parse_s:.2f}" if self.parse_s else "", f"{self.n_bytes / self.seconds / 1e6:.2f}",
            share(self.recall), share(self.recall_named), share(self.precision), "" if self.peak_mb is None else f"{self.peak_mb:.0f}",
        ]  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--megabytes", type=int, nargs="*", default=[10])
    parser.add_argument("--peer-kilobytes", type=int, default=300)
    parser.add_argument("--seed", type=int, default=3)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    endpoints = corpus(options.seed, 300)
    truth = {(e.template, path): kind for e in endpoints for path, kind in e.truth.items()}
    rows: list[Row] = []
    sample = take(endpoints, options.seed, options.peer_kilobytes * 1000)
    rows += peers(sample, truth)
    for megabytes in options.megabytes:
        rows += ours(endpoints, options.seed, megabytes * 1_000_000, truth, pure=megabytes <= 10)
    print(
        "| what | MB | x time of orjson.loads | MB/s | recall | recall, its kinds | precision | peak MB |\n|---|---:|---:|---:|---:|---:|---:|---:|"
    )
    for row in rows:
        print("| " + " | ".join(row.cells()) + " |")
    if options.json:
        options.json.write_text(json.dumps([row.__dict__ for row in rows], indent=1) + "\n")


def take(endpoints, seed: int, n_bytes: int):
    taken, size = [], 0
    for endpoint, body in bodies(endpoints, seed, 1 << 40):
        taken.append((endpoint.template, body))
        size += len(body)
        if size >= n_bytes:
            return taken
    return taken


def timed(work) -> float:
    began = process_time()
    work()
    return process_time() - began


def parse(sample) -> float:
    def work():
        for _, body in sample:
            orjson.loads(body)

    return min(timed(work) for _ in range(2))


def ours(endpoints, seed, n_bytes, truth, *, pure: bool) -> list[Row]:
    rows = []
    if pure:
        sample = take(endpoints, seed, n_bytes)
        parse_s, size = parse(sample), sum(len(body) for _, body in sample)
        rows.append(Row("orjson.loads", size, parse_s, parse_s))
        labels = {}
        seconds = timed(lambda: labels.update(columns(sample)))
        rows.append(Row("columns and labels, reference engine", size, seconds, parse_s, *score(labels, truth, None)))
    return rows + [whole_command(endpoints, seed, n_bytes, engine) for engine in built()]


def built() -> list[str]:
    chosen_by_option = any(option.name == "engine" for option in scan_command.params)
    return [engine for engine in ENGINES if engine == "reference" or (engine == "native" and chosen_by_option and kernel())]


def columns(sample) -> dict[tuple[str, str], str]:
    digest = KeyedDigest(SCAN_KEY)
    found: dict[tuple, FieldSummary] = {}
    for template, body in sample:
        for leaf in walk(Document(where="response.body", tree=orjson.loads(body))):
            found.setdefault((template, leaf.path, leaf.name, leaf.parents), FieldSummary()).add(leaf.value, digest("value", str(leaf.value)))
    labels = ((key, decide(key[1], key[2], key[3], summary)) for key, summary in found.items())
    return {(key[0], key[1]): label.datatype if label else "" for key, label in labels}


def score(labels, truth, named) -> tuple[float, float, float]:
    """Give recall over all kinds, recall over the kinds named, precision; ``named`` is None for all kinds."""
    hits = wrong = n_true = n_named = hits_named = 0
    for place, label in labels.items():
        kind = truth.get(place, "-")
        personal = not kind.startswith("-")
        is_named = personal and (named is None or any(agrees(kind, one) for one in named))
        right = bool(label) and personal and agrees(kind, label)
        n_true, n_named = n_true + personal, n_named + is_named
        hits, hits_named, wrong = hits + right, hits_named + (right and is_named), wrong + (bool(label) and not right)
    return hits / max(1, n_true), hits_named / max(1, n_named), hits / max(1, hits + wrong)


def whole_command(endpoints, seed, n_bytes, engine: str) -> Row:
    with tempfile.TemporaryDirectory() as folder:
        capture = Path(folder) / "traffic.ndjson"
        size, parse_s = write(capture, endpoints, seed, n_bytes)
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        script = "import resource,sys;from stanch.cli import main\ntry: main()\nfinally: print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss,file=sys.stderr)"
        command = [sys.executable, "-c", script, "scan", str(capture), "--quiet", "--format", "json", "-o", f"{folder}/r.json"]
        command += ["--engine", engine]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            raise SystemExit(done.stderr)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        return Row(f"stanch scan, NDJSON, {engine} engine", size, seconds, parse_s, peak_mb=int(done.stderr.split()[-1]) / 1000)


def write(capture: Path, endpoints, seed: int, n_bytes: int) -> tuple[int, float]:
    """Write the capture; give the bytes of its bodies and the time that parsing them takes."""
    size, seconds = 0, 0.0
    with capture.open("wb") as file:
        for number, (endpoint, body) in enumerate(bodies(endpoints, seed, 1 << 40)):
            head = {"method": "GET", "url": f"https://api.example.org{endpoint.template.replace('{id}', str(number))}", "status": 200}
            head["request_headers"] = [["authorization", f"Bearer {number % 500}"]]
            file.write(orjson.dumps(head)[:-1] + b',"response_body":' + orjson.dumps(body.decode()) + b"}\n")
            began = process_time()
            orjson.loads(body)
            seconds += process_time() - began
            size += len(body)
            if size >= n_bytes:
                return size, seconds
    return size, seconds


def peers(sample, truth) -> list[Row]:
    python = environment()
    if python is None:
        return []
    leaves = []
    for template, body in sample:
        for leaf in walk(Document(where="response.body", tree=orjson.loads(body))):
            if leaf.value is not None and not isinstance(leaf.value, bool):
                leaves.append([template, leaf.path, str(leaf.value)])
    parse_s, size = parse(sample), sum(len(body) for _, body in sample)
    rows = []
    for name in ("Presidio", "DataFog"):
        done = subprocess.run([python, ROOT / "bench" / "scan" / "peer.py", name], input=orjson.dumps(leaves), capture_output=True, check=False)
        if done.returncode:
            print(f"{name} did not run: {done.stderr.decode().splitlines()[-1][:200]}", file=sys.stderr)
            continue
        answer = orjson.loads(done.stdout)
        labels = by_field(leaves, answer["kinds"])
        rows.append(
            Row(f"{name} {answer['version']}, leaf by leaf", size, answer["seconds"], parse_s, *score(labels, truth, set(PEER_KINDS.values())))
        )
    reference = {}
    seconds = timed(lambda: reference.update(columns(sample)))
    rows.append(Row("stanch, reference engine, the same bodies", size, seconds, parse_s, *score(reference, truth, set(PEER_KINDS.values()))))
    return rows


def by_field(leaves, kinds) -> dict[tuple[str, str], str]:
    totals: dict[tuple[str, str], int] = defaultdict(int)
    votes: dict[tuple[str, str], dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for (template, path, _), said in zip(leaves, kinds, strict=True):
        totals[template, path] += 1
        for kind in {PEER_KINDS.get(kind, kind.lower()) for kind in said if kind not in NOT_PERSONAL}:
            votes[template, path][kind] += 1
    return {
        place: max((kind for kind, n in votes[place].items() if 2 * n >= total), key=lambda kind: (votes[place][kind], kind), default="")
        for place, total in totals.items()
    }


def environment() -> str | None:
    python = ROOT / ".peers" / "bin" / "python"
    uv = ROOT / ".tools" / "bin" / "uv"
    try:
        if not python.exists():
            subprocess.run([uv, "venv", "--quiet", "--python", sys.executable, ROOT / ".peers"], check=True)
        subprocess.run([uv, "pip", "install", "--quiet", "--python", python, "datafog", "presidio-analyzer", "orjson"], check=True, timeout=300)
    except (OSError, subprocess.SubprocessError) as error:
        print(f"the peers could not be installed ({type(error).__name__}); they are left out", file=sys.stderr)
        return None
    return str(python)


if __name__ == "__main__":
    main()
