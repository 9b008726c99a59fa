"""How well the fields of real captures are labelled: recall and precision at field level against hand-made truth.

    python bench/fields/score.py CAPTURES... [--wrong]

CAPTURES are folders that hold ``traffic.har`` and ``truth.json`` (``entries``: method, template, json_path, data_type, label).

A truth is found where a field of an endpoint with a compatible template (a parameter fits any segment) and the same path has a
datatype of its kind. ``KINDS`` says which of our datatypes are of a truth's kind. A truth that is only named like a secret
(``token_type``) or shaped like an address (``icon@2x.png``) is a look-alike: a label of that kind there is wrong.

Precision, honestly: a field that no truth names is not thereby wrong, save where the truth claims to be complete. It does so for
e-mail addresses. So of each kind *wrong* are fields that sit on a look-alike, on a truth of another kind, or, for e-mail, on no truth;
the rest without a truth is counted apart as *unjudged*.

Macro figures are over kinds with at least five truths.
"""

import argparse
import re
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from pathlib import Path
from typing import NamedTuple

import orjson

KINDS = {
    "email": ("contact.email",),
    "username": ("online.username", "person.name.display"),
    "phone": ("contact.phone",),
    "first_name": ("person.name",),
    "last_name": ("person.name",),
    "person_name": ("person.name", "finance.card_holder"),
    "full_name": ("person.name",),
    "birth_date": ("person.birth_date",),
    "dob": ("person.birth_date",),
    "address": ("contact.address",),
    "city": ("contact.address",),
    "zip": ("contact.address",),
    "card_number": ("finance.card",),
    "card_expiry": ("finance.card_expiry",),
    "card_cvv": ("finance.card_cvv",),
    "iban": ("finance.iban",),
    "ip": ("online.ip",),
    "password_plain": ("credential.password",),
    "password_hash": ("credential.password_hash",),
    "private_text": ("content.", "credential.", "internal.note"),
    "bio": ("person.bio",),
    "ssn": ("gov_id.",),
    "gov_id": ("gov_id.",),
    "passport": ("gov_id.passport",),
    "location": ("location.",),
    "gender": ("person.gender",),
    "health": ("health.",),
    "salary": ("finance.salary",),
    "role": ("internal.",),
}
"""A truth's data_type to the beginnings of the datatypes that are of its kind."""
SECRETS = (
    (re.compile(r"card_?number|pan$", re.IGNORECASE), ("finance.card",)),
    (re.compile(r"cvv|cvc|csc", re.IGNORECASE), ("finance.card_cvv",)),
    (
        re.compile(
            r"(?:type|_at|expires?|expiry|endpoint|supported|blurhash|email_hash|count|url|uri|enabled|verified|hint|length|policy)(?:\[\*\])?$",
            re.IGNORECASE,
        ),
        (),
    ),
    (
        re.compile(r"pass|pwd|token|secret|key|otp|pin$|session|salt|hash|auth|credential|cookie|jwt", re.IGNORECASE),
        ("credential.", "device.push_token"),
    ),
)
"""Truths named ``secret:<key>``: what the key holds; an empty tuple for what is only named like a secret."""
COMPLETE = frozenset({"email"})
MIN_TRUTHS = 5


class Truth(NamedTuple):
    capture: str
    method: str
    template: str
    path: str
    kind: str
    family: tuple[str, ...]
    """Empty for a look-alike."""
    debatable: bool


class Field(NamedTuple):
    capture: str
    method: str
    template: str
    path: str
    datatype: str


def truths(folder: Path) -> list[Truth]:
    entries = orjson.loads((folder / "truth.json").read_bytes())["entries"]
    return [Truth(folder.name, e["method"], e["template"], e["json_path"], *kind_of(e), e["label"] == "debatable") for e in entries]


def kind_of(entry) -> tuple[str, tuple[str, ...]]:
    name, path = entry["data_type"], entry["json_path"]
    if name.startswith("secret:"):
        family = next((family for pattern, family in SECRETS if pattern.search(name.removeprefix("secret:"))), ())
        return ("secret" if family == SECRETS[-1][1] else family[0] if family else name), family
    if name == "email" and re.search(r"(?:url|@[0-9]x|static|image|thumbnail)$", path):
        return "email-like", ()
    return name, KINDS.get(name, (name,))


def fields(folder: Path) -> list[Field]:
    with tempfile.TemporaryDirectory() as place:
        report = Path(place) / "report.json"
        command = [sys.executable, "-m", "stanch", "scan", "--quiet", "--format", "json", "-o", str(report), str(folder / "traffic.har")]
        subprocess.run(command, check=True)
        rows = orjson.loads(report.read_bytes())["fields"]
    found = {(*row["endpoint"].split(" ", 1), row["path"], row["datatype"]) for row in rows if row["where"] == "response.body"}
    return [Field(folder.name, method, template.split("#")[0], path, datatype) for method, template, path, datatype in sorted(found)]


def same_place(truth: Truth, field: Field) -> bool:
    return (
        truth.capture == field.capture
        and truth.method == field.method
        and steps(truth.path) == steps(field.path)
        and fits(truth.template, field.template)
    )


def steps(path: str) -> str:
    return re.sub(r"\['([^']*)'\]", r".\1", path).replace("[~]", ".*").split("@json")[0]


def fits(one: str, other: str) -> bool:
    left, right = one.strip("/").split("/"), other.strip("/").split("/")
    return len(left) == len(right) and all(a == b or "{" in a or "{" in b for a, b in zip(left, right, strict=True))


def kind_of_field(field: Field) -> str:
    """Name the truths' kind that a datatype of ours belongs to; ``first_name`` stands for all parts of a name."""
    if field.datatype.startswith("credential."):
        return "secret"
    return next((kind for kind, families in KINDS.items() if field.datatype.startswith(families)), field.datatype)


def score(all_truths: list[Truth], all_fields: list[Field]) -> dict[str, Counter]:
    table: dict[str, Counter] = defaultdict(Counter)
    for truth in all_truths:
        if truth.family:
            here = [f for f in all_fields if same_place(truth, f)]
            table[truth.kind]["found" if any(f.datatype.startswith(truth.family) for f in here) else "missed"] += 1
    for field in all_fields:
        here = [t for t in all_truths if same_place(t, field)]
        kind = kind_of_field(field)
        if any(t.family and field.datatype.startswith(t.family) for t in here):
            table[next(t.kind for t in here if t.family and field.datatype.startswith(t.family))]["right"] += 1
        elif here or kind in COMPLETE:
            table[kind]["wrong"] += 1
            table["wrong"][field, here[0].kind if here else "no truth"] += 1
        else:
            table[kind]["unjudged"] += 1
    return table


def share(part: int, rest: int) -> float:
    return part / (part + rest) if part + rest else 1.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("captures", type=Path, nargs="+")
    parser.add_argument("--wrong", action="store_true", help="list what is missed, wrong and unjudged")
    options = parser.parse_args()
    folders = [folder for folder in options.captures if (folder / "truth.json").exists()]
    all_truths = [truth for folder in folders for truth in truths(folder)]
    all_fields = [field for folder in folders for field in fields(folder)]
    table = score(all_truths, all_fields)
    wrong = table.pop("wrong", Counter())
    print("| kind | truths | recall | right | wrong | precision | unjudged |\n|---|---|---|---|---|---|---|")
    macro = []
    for kind, counts in sorted(table.items(), key=lambda row: -(row[1]["found"] + row[1]["missed"])):
        n, recall, precision = counts["found"] + counts["missed"], share(counts["found"], counts["missed"]), share(counts["right"], counts["wrong"])
        print(f"| {kind} | {n} | {recall:.3f} | {counts['right']} | {counts['wrong']} | {precision:.3f} | {counts['unjudged']} |")
        if n >= MIN_TRUTHS:
            macro.append((recall, precision))
    print(
        f"| macro, {len(macro)} kinds with {MIN_TRUTHS} truths or more | | {mean(r for r, _ in macro):.3f} | | | {mean(p for _, p in macro):.3f} | |"
    )
    if options.wrong:
        explain(all_truths, all_fields, wrong)


def mean(values) -> float:
    rows = list(values)
    return sum(rows) / len(rows) if rows else 0.0


def explain(all_truths: list[Truth], all_fields: list[Field], wrong: Counter) -> None:
    for truth in all_truths:
        here = [f.datatype for f in all_fields if same_place(truth, f)]
        if truth.family and not any(d.startswith(truth.family) for d in here):
            print(f"missed   {truth.capture} {truth.method} {truth.template} {truth.path} {truth.kind}: {here}")
    for field, kind in wrong:
        print(f"wrong    {field.capture} {field.method} {field.template} {field.path} {field.datatype}: {kind}")
    for field in all_fields:
        if not any(same_place(t, field) for t in all_truths):
            print(f"unjudged {field.capture} {field.method} {field.template} {field.path} {field.datatype}")


if __name__ == "__main__":
    main()
