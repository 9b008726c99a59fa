"""Labelled captures: a folder each, with ``traffic.har``, ``truth.json`` and, where known, ``seeds.json`` and ``exchanges.jsonl``."""

import json
import re
from dataclasses import dataclass, field
from pathlib import Path

from stanch.identity.pseudonym import SCAN_KEY, KeyedDigest
from stanch.identity.summary import TrafficSummary
from stanch.inventory.contract import Contract, load_contract
from stanch.traffic.capture import read_capture
from stanch.traffic.exchange import Exchange

EXCESSIVE = {"EDE", "EDE-self"}
"""Labels that a finding should meet."""
NOT_SCORED = {"BOLA", "BFLA", "debatable"}
"""Access flaws are another kind of flaw, and about the debatable reasonable reviewers differ: neither hit nor miss."""
PERSONAL = ("first_name", "last_name", "name", "username", "email", "phone", "dob", "address", "card")
"""Planted values by which the owner of a value is told."""


@dataclass(frozen=True, slots=True)
class Pair:
    method: str
    template: str
    path: str
    label: str
    data_type: str = ""

    def fits(self, method: str, template: str, path: str) -> bool:
        return self.method == method and same_path(self.path, path) and same_template(self.template, template)


@dataclass(slots=True)
class Labelled:
    name: str
    items: list
    pairs: list[Pair]
    owners: dict[str, str] = field(default_factory=dict)
    """Planted value, casefolded, to the person whose it is; values of several people are left out."""
    askers: dict[int, str] = field(default_factory=dict)
    """Number of an exchange, from 1, to the person who made it."""
    contract: Contract | None = None
    client: frozenset[str] | None = None

    @property
    def is_clean(self) -> bool:
        return not any(pair.label in EXCESSIVE for pair in self.pairs)

    def summary(self, keep=lambda _: True) -> TrafficSummary:
        total = TrafficSummary(digest=KeyedDigest(SCAN_KEY))
        for number, item in enumerate(self.items, 1):
            if keep(number):
                total.add(item)
        return total


def load(folder: Path) -> list[Labelled]:
    """Load every capture below a folder, or the one that it is."""
    return [load_one(path.parent) for path in sorted(folder.rglob("truth.json")) if (path.parent / "traffic.har").exists()]


def load_one(folder: Path) -> Labelled:
    truth = json.loads((folder / "truth.json").read_text())
    pairs = [Pair(e["method"], e["template"], e["json_path"], e["label"], e.get("data_type", "")) for e in truth["entries"]]
    with (folder / "traffic.har").open("rb") as stream:
        items = list(read_capture(iter(lambda: stream.read(1 << 18), b""), name=folder.name))
    contract = next((folder / name for name in ("openapi.json", "openapi.yaml") if (folder / name).exists()), None)
    return Labelled(
        folder.name,
        items,
        pairs,
        owners_of(json.loads(read(folder / "seeds.json") or "[]")),
        askers_of(read(folder / "exchanges.jsonl")),
        load_contract(contract.read_bytes(), name=contract.name) if contract else None,
    )


def read(path: Path) -> str:
    return path.read_text() if path.exists() else ""


def owners_of(seeds: list[dict[str, str]]) -> dict[str, str]:
    found: dict[str, set[str]] = {}
    for person in seeds:
        for kind in PERSONAL:
            value = str(person.get(kind, ""))
            if len(value) >= 5:
                found.setdefault(value.casefold(), set()).add(person["key"])
    return {value: next(iter(keys)) for value, keys in found.items() if len(keys) == 1}


def askers_of(lines: str) -> dict[int, str]:
    rows = [json.loads(line) for line in lines.splitlines() if line.strip()]
    return {row["i"]: row["persona"] for row in rows}


def same_template(one: str, other: str) -> bool:
    """Compare path templates: names of parameters don't count, nor whether a segment was told to be one."""
    a, b = parts(one), parts(other)
    return len(a) == len(b) and all("{}" in {x, y} or x == y for x, y in zip(a, b, strict=True))


def parts(template: str) -> list[str]:
    return re.sub(r"\{[^}]*\}", "{}", template).strip("/").split("/")


def same_path(one: str, other: str) -> bool:
    return one == other or re.sub(r"\[~\]|\.\d+", ".*", one) == re.sub(r"\[~\]|\.\d+", ".*", other)


def exchanges(labelled: Labelled) -> list[tuple[int, Exchange]]:
    return [(number, item) for number, item in enumerate(labelled.items, 1) if isinstance(item, Exchange)]
