"""How long the matrix, the letters and the sending take, in one run beside something else of the same kind.

    python bench/law/run.py [--people 1000000] [--letters 2000] [--json FILE]

Matrix: people with a residence (100 jurisdictions) and a set of leaked kinds, drawn with a fixed seed, counted into groups and held
against every rule; beside it ``collections.Counter`` over the residences alone, the least that any answer needs. The counts of the
matrix are checked against a plain recount before anything is timed.
Letters: personalised one-page PDFs, one by one in two processes, in CPU time; beside it the time by the clock and the load of the
machine. 100,000 are extrapolated from the measured run and said to be so; ``--letters 100000`` measures them.
"""

import argparse
import json
import os
import random
import sys
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path
from time import perf_counter, process_time

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests"))  # the sample case of the tests

from law.sample import LIBRARY, document
from stanch.engines.law import packaged
from stanch.engines.law_documents import pdf
from stanch.law.case import Case, grouped
from stanch.law.document.merge import Recipient, merged
from stanch.law.matrix import decide
from stanch.personal import Personal

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
N_LETTERS = 100_000
KINDS = [
    "person.name.full",
    "contact.email",
    "contact.phone",
    "contact.address",
    "person.birth_date",
    "credential.password_hash",
    "gov_id.us.ssn",
    "health.condition",
]


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--people", type=int, default=1_000_000)
    parser.add_argument("--letters", type=int, default=2_000)
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    rows = [*matrix_rows(given.people), *letter_rows(given.letters)]
    print("| what | seconds | beside | ratio |\n|---|---|---|---|")
    for row in rows:
        print(f"| {row['what']} | {row['seconds']:.2f} | {row['beside']} | {row['ratio']:.2f} |")
    if given.json:
        given.json.write_text(json.dumps(rows, indent=1))
    return 0


def places(pack) -> list[str]:
    """Give 100 residences: every place that has rules, the members of the Union, and places that no rule names."""
    named = {rule.jurisdiction for rule in pack.rules} - {"EU", "US"}
    union = {place for rule in pack.rules for place in rule.covers}
    return sorted(named | union | {f"X{n:02}" for n in range(40)})[:100]


def matrix_rows(n_people: int):
    draw = random.Random(7)
    pack = packaged()
    where = places(pack)
    sets = [frozenset(draw.sample(KINDS, draw.randint(1, 6))) for _ in range(60)]
    people = [(draw.choice(where), draw.choice(sets)) for _ in range(n_people)]
    once = best(lambda: grouped(people))
    groups = grouped(people)
    case = Case(groups=groups, as_of=NOW, role="controller", anchors={"aware": NOW, "discovered": NOW})
    check(decide(pack, case), people)
    counted = best(lambda: Counter(place for place, _ in people))
    decided = best(lambda: decide(pack, case))
    label = f"{n_people:,} people x {len(where)} jurisdictions x {len(pack.rules)} rules"
    yield row(f"{label}: count and decide", once + decided, f"Counter over residences, {counted:.2f} s", (once + decided) / counted)
    yield row(f"decide only, {len(groups):,} groups", decided, f"Counter over residences, {counted:.2f} s", decided / counted)


def check(matrix, people) -> None:
    """Count again, plainly: who lives in the Union, and who lives in Washington and lost name and birth date."""
    counts = {each.rule.id: each.n_people for each in matrix.rows}
    union = next(each.rule.covers for each in matrix.rows if each.rule.id == "eu-gdpr-33-authority")
    need = {"person.name.full", "person.birth_date"}
    assert counts["eu-gdpr-33-authority"] == sum(place in union for place, _ in people)
    assert counts["us-wa-individuals"] >= sum(place == "US-WA" and need <= kinds for place, kinds in people) > 0


def best(call) -> float:
    times = []
    for _ in range(3):
        start = process_time()
        call()
        times.append(process_time() - start)
    return min(times)


LETTER = document("gdpr-34-letter")


def letter(n: int) -> int:
    person = Recipient(reference=f"A{n}", name=Personal(f"Ann Example {n}"), datatypes=frozenset({"contact.email", "person.birth_date"}))
    made = pdf([merged(LETTER, person, LIBRARY.words["en"])])
    assert made.startswith(b"%PDF")
    return len(made)


def letter_rows(n: int):
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:  # typst's threads don't survive a fork
        list(pool.map(letter, range(40), chunksize=20))
        start = perf_counter()
        done = list(pool.map(timed_letters, [range(k, min(k + 50, n)) for k in range(0, n, 50)]))
        spent = perf_counter() - start
    cpu_s, n_bytes = sum(cpu for cpu, _ in done), sum(size for _, size in done)
    how = "measured" if n >= N_LETTERS else f"extrapolated from {n:,}"
    seen = f"{spent / n * N_LETTERS:.0f} s by the clock at a load of {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores; {n_bytes // n:,} bytes each"
    yield row(f"{N_LETTERS:,} letters as PDF, CPU time of two processes halved ({how})", cpu_s / n * N_LETTERS / 2, seen, cpu_s / 2 / spent)


def timed_letters(which: range) -> tuple[float, int]:
    start = process_time()
    size = sum(letter(k) for k in which)
    return process_time() - start, size


def row(what: str, seconds: float, beside: str, ratio: float) -> dict[str, object]:
    return {"what": what, "seconds": seconds, "beside": beside, "ratio": ratio}


if __name__ == "__main__":
    sys.exit(main())
