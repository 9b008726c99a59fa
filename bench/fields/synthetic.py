"""How well the fields of synthetic bodies are labelled: an independent test, for tuning to a handful of captures alone would show.

    python bench/fields/synthetic.py [--seed N] [--endpoints N] [--bodies N] [--wrong]

Every leaf's datatype is known (``generate.py``). A field is right where the datatype's first two parts are (``person.name``), for
national numbers where it is the country's or the general one. Macro figures are over kinds with at least five fields. Prints the
confusions with ``--wrong``.
"""

import argparse
from collections import Counter, defaultdict
from hashlib import blake2b

import orjson
from generate import bodies, corpus, fingerprint

from stanch.classify.column import FieldSummary
from stanch.classify.decide import decide
from stanch.classify.leaf import walk
from stanch.traffic.document import Document

MIN_FIELDS = 5


def labels(endpoints, seed: int, n: int):
    """Give (endpoint, path, name, datatype or empty) of every field seen."""
    columns = {}
    for endpoint, body in bodies(endpoints, seed, n):
        for leaf in walk(Document(where="response.body", tree=orjson.loads(body))):
            key = (endpoint.template, leaf.path, leaf.name, leaf.parents)
            digest = int.from_bytes(blake2b(str(leaf.value).encode(), digest_size=8).digest(), "big")
            columns.setdefault(key, FieldSummary()).add(leaf.value, digest)
    for (template, path, name, parents), summary in columns.items():
        label = decide(path, name, parents, summary)
        yield template, path, name, label.datatype if label else ""


def family(datatype: str) -> str:
    return ".".join(datatype.split(".")[:2]) if datatype else ""


def agrees(truth: str, found: str) -> bool:
    if truth.startswith(("gov_id.", "health.")) and len(truth.split(".")) == 3:
        return found == truth or found in {"gov_id.national", "finance.tax_id", "health.record_number", "health.insurance"}
    special = {"credential.reset_token": "credential.token", "credential.token": "credential.session", "location.latitude": "location.geo"}
    return family(found) == family(truth) or special.get(truth) == found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--endpoints", type=int, default=400)
    parser.add_argument("--bodies", type=int, default=2500)
    parser.add_argument("--wrong", action="store_true")
    options = parser.parse_args()
    endpoints = corpus(options.seed, options.endpoints)
    truth = {(e.template, path): kind for e in endpoints for path, kind in e.truth.items()}
    table, confused = score(truth, labels(endpoints, options.seed, options.bodies))
    print(f"seed {options.seed}, {options.bodies} bodies, digest {fingerprint(endpoints, options.seed, 50)}")
    report(table)
    if options.wrong:
        for (kind, found, name), n in confused.most_common(150):
            print(f"{n:4} {kind:28} read as {found or 'nothing':28} {name}")


def score(truth, rows):
    table, confused = defaultdict(Counter), Counter()
    for template, path, name, found in rows:
        kind = truth.get((template, path), "-frame")
        if kind.startswith("-"):
            table["decoys"]["fields"] += 1
            if found:
                table["decoys"]["wrong"] += 1
                table[group(found)]["false"] += 1
                confused[kind, found, name] += 1
            continue
        right = agrees(kind, found)
        table[group(kind)]["found" if right else "missed"] += 1
        if right:
            table[group(kind)]["exact"] += found == kind
        else:
            confused[kind, found, name] += 1
            if found:
                table[group(found)]["false"] += 1
    return table, confused


def group(datatype: str) -> str:
    parts = datatype.split(".")
    return f"{parts[0]}.<country>" if parts[0] in {"gov_id", "health"} and len(parts) == 3 else family(datatype)


def report(table) -> None:
    decoys = table.pop("decoys")
    print("| kind | fields | recall | exact | false | precision |\n|---|---|---|---|---|---|")
    macro = []
    for kind, c in sorted(table.items(), key=lambda row: -(row[1]["found"] + row[1]["missed"])):
        n = c["found"] + c["missed"]
        recall, precision = c["found"] / max(1, n), c["found"] / max(1, c["found"] + c["false"])
        print(f"| {kind} | {n} | {recall:.3f} | {c['exact'] / max(1, c['found']):.3f} | {c['false']} | {precision:.3f} |")
        if n >= MIN_FIELDS:
            macro.append((recall, precision))
    recall, precision = (sum(column) / len(macro) for column in zip(*macro, strict=True))
    print(f"| macro of {len(macro)} | | {recall:.3f} | | | {precision:.3f} |")
    found, false = (sum(c[key] for c in table.values()) for key in ("found", "false"))
    n = found + sum(c["missed"] for c in table.values())
    print(f"| micro | {n} | {found / n:.3f} | | {false} | {found / (found + false):.3f} |")
    print(f"decoys: {decoys['fields']} fields, {decoys['wrong']} read as personal data ({decoys['wrong'] / decoys['fields']:.4f})")


if __name__ == "__main__":
    main()
