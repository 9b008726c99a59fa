"""Fit the weights of the signals to labelled captures, and draw how reliable the confidence is.

    python bench/judge/calibrate.py CORPORA [--simulated N] [--write] [--plot FILE.svg]

Method: logistic regression on the signals' strengths, fitted to the posterior's maximum. Every weight has a Gaussian prior around the value
set by hand below, with a spread of ``SPREAD`` times that value plus ``SPREAD_MIN``, so that a signal that the captures hardly show keeps
its weight; no weight may change its sign. A row is a field with values; wanted are the labels EDE and EDE-self, fields labelled BOLA, BFLA or
debatable are left out, unlabelled ones count as needed. Real captures weigh ``REAL`` times a made-up one. Reliability is measured
out of sample: five folds over whole applications, each judged with the weights fitted to the other four.
"""

import argparse
from dataclasses import dataclass
from math import exp, log
from pathlib import Path

from captures import load
from run import Case, case, label_of
from simulate import applications

from stanch.judge.fusion import Judged, judge

BY_HAND = {
    "prior": 4.0, "public_by_nature": -4.5, "mild": -2.0, "rare_here": 0.5, "not_the_callers_own": 2.3, "several_people": 1.8, "own_data": -3.0, "own_record": -3.0,
    "nested_person": 1.0, "trace_of_person": 1.2, "inside_text": 1.8, "written_by_people": -4.0, "whole_object": 2.0, "same_as_account": 1.2, "same_for_everyone": 0.6, "peer_consensus": 1.2, "anonymous": 1.4,
    "amplification": 0.5, "never": 4.5, "masked": -4.0, "of_others": 2.5, "shared_secret": 3.5, "same_constant": -3.0, "not_in_contract": 2.2, "in_contract": -0.8,
    "client_never_reads": 1.8, "client_reads": -0.7, "sign_in": -4.0, "own_cookie": -8.0, "issued": -6.0, "own_credential": -3.0, "admin_audience": -4.5,
    "refused": -1.5, "workplace": -4.0, "records": -4.0, "kept_to_one": -3.0, "party": -2.0, "published": -5.0, "site_contact": -6.0, "debug_endpoint": 5.0,
    "never_filled": -6.0, "siblings_leak": 4.5,
}  # fmt: skip
BASE_BY_HAND = -1.5
SPREAD, SPREAD_MIN = 0.25, 0.2
REAL = 3.0
STEPS, RATE = 400, 0.05
FOLDS = 5
BINS = 10


@dataclass(slots=True)
class Row:
    strengths: dict[str, float]
    wanted: bool
    weight: float
    app: str


def rows_of(item: Case, weight: float) -> list[Row]:
    verdicts = judge(item.evidence, item.context, weights=BY_HAND, base=BASE_BY_HAND)
    return [row for verdict in verdicts if (row := row_of(item, verdict, weight)) is not None]


def row_of(item: Case, verdict: Judged, weight: float) -> Row | None:
    wanted = label_of(item.labelled, verdict)
    if wanted is None or not verdict.evidence.n_values:
        return None
    return Row({reason.signal: reason.strength for reason in verdict.verdict.reasons}, wanted, weight, item.labelled.name)


def score(row: Row, weights: dict[str, float], base: float) -> float:
    return base + sum(weights[name] * strength for name, strength in row.strengths.items())


def chance(logit: float) -> float:
    return 1 / (1 + exp(-max(-40.0, min(40.0, logit))))


def fit(rows: list[Row]) -> tuple[dict[str, float], float]:
    """Climb to the posterior's maximum with Adam; deterministic."""
    names = ["", *BY_HAND]
    by_hand = {"": BASE_BY_HAND, **BY_HAND}
    now = dict(by_hand)
    first, second = dict.fromkeys(names, 0.0), dict.fromkeys(names, 0.0)
    for step in range(1, STEPS + 1):
        slope = {name: (now[name] - by_hand[name]) / (SPREAD * abs(by_hand[name]) + SPREAD_MIN) ** 2 for name in names}
        for row in rows:
            error = row.weight * (chance(score(row, now, now[""])) - row.wanted)
            slope[""] += error
            for name, strength in row.strengths.items():
                slope[name] += error * strength
        for name in names:
            first[name] = 0.9 * first[name] + 0.1 * slope[name]
            second[name] = 0.999 * second[name] + 0.001 * slope[name] ** 2
            move = RATE * (first[name] / (1 - 0.9**step)) / ((second[name] / (1 - 0.999**step)) ** 0.5 + 1e-9)
            moved = now[name] - move
            now[name] = moved if moved * by_hand[name] > 0 else now[name] * 0.5
    return {name: now[name] for name in BY_HAND}, now[""]


def out_of_sample(rows: list[Row]) -> list[tuple[float, bool, bool]]:
    """Give (chance, wanted, from a real capture) of every row by weights that never saw its application."""
    apps = sorted({row.app for row in rows})
    found = []
    for fold in range(FOLDS):
        held = {app for number, app in enumerate(apps) if number % FOLDS == fold}
        weights, base = fit([row for row in rows if row.app not in held])
        found += [(chance(score(row, weights, base)), row.wanted, row.weight == REAL) for row in rows if row.app in held]
    return found


def reliability(found: list[tuple[float, bool, bool]]) -> list[tuple[float, float, int]]:
    """Give (mean chance, share wanted, n) of ten bins of chance."""
    bins: list[list[tuple[float, bool]]] = [[] for _ in range(BINS)]
    for probability, wanted, _ in found:
        bins[min(BINS - 1, int(probability * BINS))].append((probability, wanted))
    return [(sum(p for p, _ in b) / len(b), sum(w for _, w in b) / len(b), len(b)) for b in bins if b]


def figures(found: list[tuple[float, bool, bool]]) -> str:
    n = len(found)
    brier = sum((p - w) ** 2 for p, w, _ in found) / n
    loss = -sum(log(max(1e-9, p if w else 1 - p)) for p, w, _ in found) / n
    gap = sum(count * abs(p - w) for p, w, count in reliability(found)) / n
    hits, said, wanted = sum(p >= 0.6 and w for p, w, _ in found), sum(p >= 0.6 for p, _, _ in found), sum(w for _, w, _ in found)
    return f"rows {n}, Brier {brier:.4f}, log loss {loss:.4f}, calibration gap {gap:.4f}, precision {hits / max(1, said):.3f}, recall {hits / max(1, wanted):.3f}"


def plot(points: list[tuple[float, float, int]]) -> str:
    """Draw the share of fields that were excessive over the chance that was given."""
    size, left, top = 360, 60, 20
    lines = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size + 90} {size + 80}" font-family="sans-serif" font-size="12" role="img">']
    lines.append("<title>Share of fields that are excessive, over the probability given: out of sample</title>")
    lines.append(f'<rect x="{left}" y="{top}" width="{size}" height="{size}" fill="#fff" stroke="#888"/>')
    lines.append(f'<line x1="{left}" y1="{top + size}" x2="{left + size}" y2="{top}" stroke="#bbb" stroke-dasharray="4 4"/>')
    for tick in range(0, 11, 2):
        at = size * tick / 10
        lines.append(f'<text x="{left + at}" y="{top + size + 18}" text-anchor="middle">{tick / 10:.1f}</text>')
        lines.append(f'<text x="{left - 8}" y="{top + size - at + 4}" text-anchor="end">{tick / 10:.1f}</text>')
    spots = [(left + size * p, top + size - size * w, n) for p, w, n in points]
    lines.append(f'<polyline points="{" ".join(f"{x:.1f},{y:.1f}" for x, y, _ in spots)}" fill="none" stroke="#2458a6" stroke-width="2"/>')
    for x, y, n in spots:
        lines.append(
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{2 + 1.5 * log(1 + n) ** 0.8:.1f}" fill="#2458a6" fill-opacity="0.8"><title>{n} fields</title></circle>'
        )
    lines.append(f'<text x="{left + size / 2}" y="{top + size + 40}" text-anchor="middle">probability of excessive given</text>')
    lines.append(
        f'<text x="16" y="{top + size / 2}" transform="rotate(-90 16 {top + size / 2})" text-anchor="middle">share that is excessive</text></svg>'
    )
    return "\n".join(lines) + "\n"


def module(weights: dict[str, float], base: float) -> str:
    lines = [
        '"""The weight of every signal: log-odds of excessive at full strength. Made by bench/judge/calibrate.py; docs/judge.md has the method."""',
        "",
    ]
    lines += [
        f"BASE = {base:.2f}",
        '"""Log-odds of excessive for a field of personal data before anything else is known."""',
        "WEIGHTS: dict[str, float] = {",
    ]
    return "\n".join([*lines, *(f'    "{name}": {weight:.2f},' for name, weight in weights.items()), "}", ""])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("corpora", type=Path)
    parser.add_argument("--simulated", type=int, default=200)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--plot", type=Path)
    options = parser.parse_args()
    rows = [row for item in load(options.corpora) for row in rows_of(case(item), REAL)]
    for number, item in enumerate(applications(options.simulated, 1)):
        rows += rows_of(case(item, contract=number % 4 == 1, client=number % 4 == 2), 1.0)
    found = out_of_sample(rows)
    print("out of sample, all:  ", figures(found))
    print("out of sample, real: ", figures([row for row in found if row[2]]))
    for probability, share, n in reliability(found):
        print(f"  {probability:.3f} given, {share:.3f} excessive, {n} fields")
    weights, base = fit(rows)
    for name, weight in weights.items():
        print(f"  {name:<22} {BY_HAND[name]:+.2f} -> {weight:+.2f}   {sum(name in row.strengths for row in rows)} rows")
    print(f"  base {BASE_BY_HAND:+.2f} -> {base:+.2f}")
    if options.write:
        (Path(__file__).resolve().parents[2] / "src" / "stanch" / "judge" / "weights.py").write_text(module(weights, base))
    if options.plot:
        options.plot.write_text(plot(reliability(found)))


if __name__ == "__main__":
    main()
