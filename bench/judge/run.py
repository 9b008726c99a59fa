"""How well the judge tells excessive from needed on labelled captures, signal by signal.

    python bench/judge/run.py [CORPORA] [--json FILE] [--errors] [--simulated N]

CORPORA is a folder of labelled captures (``captures.py`` says of what form); with ``--simulated N`` as many made-up applications are
judged as well (``simulate.py``). Figures, over (endpoint, field) pairs:

- excessive pairs: precision and recall. Labels EDE and EDE-self are wanted, BOLA, BFLA and debatable are neither hit nor miss, and a
  finding on a field that nobody labelled counts as false;
- false findings per 50 endpoints of captures without a wanted label;
- own/other: share of planted values whose relation to the caller is told right, of those told, and the share told at all;
- confusion per signal, and the figures with each signal removed;
- ``sensitive only``: every field of sensitive data counts as excessive, which is what tools do that stop at classifying;
- the extras: contract, client, a second person in the traffic, on and off, where captures have them.
"""

import argparse
import json
from dataclasses import dataclass
from pathlib import Path

from captures import Labelled, load
from score import Place, Relations, Tally, relations, tally

from stanch.identity.resolve import resolve
from stanch.judge.evidence import gather
from stanch.judge.fusion import Judged, judge
from stanch.judge.reason import Outcome
from stanch.judge.signals import SIGNALS

SENSITIVE_FROM = 0.3


@dataclass(slots=True)
class Case:
    labelled: Labelled
    evidence: list
    context: object
    n_endpoints: int
    relations: Relations


def case(labelled: Labelled, *, contract=False, client=False, keep=None) -> Case:
    summary = labelled.summary(keep) if keep else labelled.summary()
    picture = resolve(summary)
    evidence, context = gather(picture, contract=labelled.contract if contract else None, client=labelled.client if client else None)
    return Case(labelled, evidence, context, len(picture.endpoints), relations(labelled, summary) if keep is None else Relations())


def judged(item: Case, signals=SIGNALS) -> list[Judged]:
    return judge(item.evidence, item.context, signals=signals)


def place(item: Judged) -> Place:
    endpoint = item.evidence.picture.endpoint
    return endpoint.method, endpoint.template + endpoint.key.removeprefix(f"{endpoint.method} {endpoint.template}"), item.evidence.picture.path


def excessive(items: list[Judged]) -> list[Place]:
    return [place(item) for item in items if item.verdict.outcome is Outcome.EXCESSIVE]


def sensitive(items: list[Judged]) -> list[Place]:
    return [place(item) for item in items if item.evidence.n_values and item.evidence.datatype.sensitivity >= SENSITIVE_FROM]


def total(cases: list[Case], choose=excessive, signals=SIGNALS) -> Tally:
    result = Tally()
    for item in cases:
        result.add(tally(item.labelled, choose(judged(item, signals)), item.n_endpoints))
    return result


def clean(cases: list[Case]) -> list[Case]:
    return [item for item in cases if item.labelled.is_clean]


def row(label: str, found: Tally, clean_found: Tally | None = None) -> str:
    false = f"{clean_found.per_50:>8.2f}" if clean_found is not None else " " * 8
    counts = "".join(f"{n:>5} |" for n in (found.hits, found.false, found.unlabelled, found.missed))
    return f"| {label:<34} |{counts}{found.precision:>8.3f} |{found.recall:>8.3f} |{false} |"


HEADER = f"| {'':<34} | hits | false | unl. | missed | precision | recall | per 50 |\n|---|---:|---:|---:|---:|---:|---:|---:|"


def table(cases: list[Case]) -> list[str]:
    lines = [HEADER]
    for item in cases if len(cases) <= 40 else []:
        one = total([item])
        lines.append(row(item.labelled.name, one, one if item.labelled.is_clean else None))
    lines.append(row("stanch, all", total(cases), total(clean(cases))))
    lines.append(row("sensitive only, all", total(cases, sensitive), total(clean(cases), sensitive)))
    return lines


def ablation(cases: list[Case]) -> list[str]:
    lines = ["", "With each signal removed:", "", HEADER]
    for removed in SIGNALS:
        rest = tuple(signal for signal in SIGNALS if signal is not removed)
        lines.append(row("without " + removed.__module__.rsplit(".", 1)[-1], total(cases, signals=rest), total(clean(cases), signals=rest)))
    return lines


def per_signal(cases: list[Case]) -> list[str]:
    counts: dict[str, list[int]] = {}
    for item in cases:
        for verdict in judged(item):
            wanted = label_of(item.labelled, verdict)
            if wanted is None:
                continue
            for reason in verdict.verdict.reasons:
                cell = counts.setdefault(reason.signal, [0, 0, 0, 0])
                cell[(0 if wanted else 1) + (0 if reason.weight > 0 else 2)] += 1
    lines = ["", "What each signal said of fields with a label (for excessive / against):", ""]
    lines += ["| signal | for: excessive | for: legitimate | against: excessive | against: legitimate |", "|---|---:|---:|---:|---:|"]
    return lines + [f"| {name} | {a} | {b} | {c} | {d} |" for name, (a, b, c, d) in sorted(counts.items())]


def label_of(labelled: Labelled, item: Judged) -> bool | None:
    """Tell whether a field is labelled excessive; ``None`` where its label is not scored."""
    labels = {pair.label for pair in labelled.pairs if pair.fits(*place(item))}
    return True if labels & {"EDE", "EDE-self"} else None if labels & {"BOLA", "BFLA", "debatable"} else False


def own_other(cases: list[Case]) -> list[str]:
    summed = Relations()
    lines = ["", "| own/other | values | right of those told | told |", "|---|---:|---:|---:|"]
    for item in cases:
        summed.add(item.relations)
        if item.relations.confusion and len(cases) <= 40:
            lines.append(relation_row(item.labelled.name, item.relations))
    return [*lines, relation_row("all", summed)]


def relation_row(name: str, found: Relations) -> str:
    return f"| {name} | {sum(found.confusion.values())} | {found.accuracy:.4f} | {found.coverage:.4f} |"


def extras(items: list[Labelled]) -> list[str]:
    """Judge the same captures with and without each further source of evidence."""
    lines = ["", "With traffic alone and with each extra (captures that have it):", "", HEADER]
    for name, has in (("contract", lambda c: c.contract), ("client", lambda c: c.client)):
        having = [item for item in items if has(item)]
        if having:
            lines.append(row(f"without {name} ({len(having)})", total([case(i) for i in having])))
            lines.append(row(f"with {name} ({len(having)})", total([case(i, **{name: True}) for i in having])))
    having = [item for item in items if len(set(item.askers.values()) - {"anonymous"}) >= 2]
    if having:
        lines.append(row(f"one person's traffic ({len(having)})", total([case(item, keep=of_one(item)) for item in having])))
        lines.append(row(f"everyone's traffic ({len(having)})", total([case(item) for item in having])))
    return lines


def of_one(item: Labelled):
    """Keep the exchanges of visitors and of the busiest signed-in person."""
    people = [who for who in item.askers.values() if who != "anonymous"]
    busiest = max(sorted(set(people)), key=people.count)
    return lambda number: item.askers.get(number) in {busiest, "anonymous"}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("corpora", nargs="?", type=Path)
    parser.add_argument("--simulated", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1000)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--errors", action="store_true")
    options = parser.parse_args()
    items = load(options.corpora) if options.corpora else []
    if options.simulated:
        from simulate import applications

        items += applications(options.simulated, options.seed)
    if not items:
        parser.error("give a folder of labelled captures, --simulated N, or both")
    cases = [case(item) for item in items]
    lines = [*table(cases), *own_other(cases), *per_signal(cases), *ablation(cases), *extras(items)]
    print("\n".join(lines))
    everything = total(cases)
    if options.errors:
        print("\n" + "\n".join(everything.errors))
    if options.json:
        figures = {"precision": everything.precision, "recall": everything.recall, "per_50_clean": total(clean(cases)).per_50}
        options.json.write_text(json.dumps(figures, indent=1))


if __name__ == "__main__":
    main()
