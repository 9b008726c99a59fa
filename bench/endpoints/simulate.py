"""Traffic that an OpenAPI description could give: requests by Zipf, values by the kind of each parameter, bodies by schema.

Deterministic: the same description gives the same traffic.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import accumulate
from random import Random
from urllib.parse import quote

N_REQUESTS = 1500
N_VALUES = {"int": 60, "id": 60, "uuid": 60, "user": 40, "word": 25, "slug": 40, "code": 15, "date": 30, "email": 30, "version": 4}
ERRORS = (({"error": {"code": 404, "message": "not found"}}, 404), ({"error": {"code": 401, "message": "sign in"}}, 401))
METHODS = ("get", "post", "put", "patch", "delete")
WORDS = tuple(
    """
    alpha amber anchor apple arrow aspen atlas autumn badge bakery balance bamboo basic beacon berry birch blue bolt bravo breeze bridge
    bronze bubble cabin camera candle canyon carbon cedar chain chart cherry circle city clever cloud clover coast cobalt comet copper coral
    core cotton cricket crystal daily dawn delta demo desert diamond direct dragon dream dune eagle early earth east echo eclipse electric
    elm ember engine falcon fern field fire first flame forest fox frost future galaxy garden general ghost glacier global gold granite
    grape green grove guide harbor hazel heart helium hero home honey horizon indigo iron island ivory jade jasmine jet journey jungle
    juniper kernel kitchen kite lake lamp laser leaf legacy lemon light lime linen lion local lotus lunar magic main maple marble market
    meadow mercury metro mint mobile modern moon moss mountain music navy nebula neon night noble north nova oak oasis ocean office olive
    omega onyx opal orange orbit orchid otter owl palm paper pearl pebble pepper phoenix pilot pine pixel planet plum polar prime prod
    purple quartz quick quiet radar rain raven red ridge river robin rocket rose ruby rust sage sail sample sand school shadow shore silver
    sky smart snow solar sonic south spark spring staging star stone storm stream summer sun swift team temple test thunder tiger timber
    topaz tower travel tulip twin union urban valley velvet victor violet vista wave west willow wind winter wolf wonder yellow zebra zen
    zinc
    """.split()  # noqa: SIM905 -- a table of words reads best as text
)
PEOPLE = tuple(
    """
    alice ann anna bert bob carol clara dan david emma eve felix frank grace greta heidi hugo ida ivan jan judy karl lena mallory marco niaj
    nina olivia oscar paula peggy quentin rosa rupert sven sybil tina trent ulrich vera victor walter wanda xenia yuri zoe
    """.split()  # noqa: SIM905 -- a table of words reads best as text
)
_PARAM = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True, slots=True)
class Request:
    method: str
    path: str
    status: int
    tree: object
    """``None`` without a body."""
    truth: str
    """The template with bare parameters."""


@dataclass(frozen=True, slots=True)
class Operation:
    method: str
    template: str
    names: tuple[str, ...]
    status: int
    schema: Mapping[str, object] | None


class Api:
    def __init__(self, document: Mapping[str, object], name: str) -> None:
        self.document = document
        self.name = name
        self.pools: dict[str, list[str]] = {}
        self.declared: dict[tuple[str, str], Mapping[str, object]] = {}
        self.operations = list(self.read())

    def read(self) -> Iterator[Operation]:
        for template, raw_item in dictionary(self.document.get("paths")).items():
            item = dictionary(raw_item)
            if not template.startswith("/") or "?" in template or "#" in template:
                continue
            for method in METHODS:
                if method not in item:
                    continue
                operation = dictionary(item[method])
                for raw in [*array(item.get("parameters")), *array(operation.get("parameters"))]:
                    parameter = self.resolve(raw)
                    if parameter.get("in") == "path":
                        schema = self.resolve(parameter.get("schema")) or parameter
                        self.declared.setdefault((template, str(parameter.get("name"))), schema)
                status, schema = self.good_response(operation)
                yield Operation(method.upper(), template, tuple(_PARAM.findall(template)), status, schema)

    def good_response(self, operation: Mapping[str, object]) -> tuple[int, Mapping[str, object] | None]:
        for status, raw in sorted(dictionary(operation.get("responses")).items(), key=str):
            if str(status).startswith("2") or status == "default":
                response = self.resolve(raw)
                media = next((dictionary(m) for k, m in dictionary(response.get("content")).items() if "json" in k or k == "*/*"), {})
                schema = media.get("schema") or response.get("schema")
                return (int(status) if str(status).isdigit() else 200), dictionary(schema) or None
        return 200, None

    def resolve(self, node: object) -> Mapping[str, object]:
        for _ in range(20):
            node = dictionary(node)
            reference = node.get("$ref")
            if not isinstance(reference, str) or not reference.startswith("#/"):
                return node
            node = self.document
            for part in reference[2:].split("/"):
                node = dictionary(node).get(part.replace("~1", "/").replace("~0", "~"))
        return {}

    def traffic(self) -> Iterator[Request]:
        random = Random(f"traffic {self.name}")
        operations = self.operations[:]
        random.shuffle(operations)
        weights = list(accumulate(1 / (rank + 1) ** 0.8 for rank in range(len(operations))))
        for _ in range(N_REQUESTS):
            yield self.request(random, random.choices(operations, cum_weights=weights)[0])

    def request(self, random: Random, operation: Operation) -> Request:
        values = {name: self.value(random, operation.template, name) for name in operation.names}
        path = _PARAM.sub(lambda m: quote(values[m[1]], safe="-._~:@!$'()*,"), operation.template)
        truth = f"{operation.method} {_PARAM.sub('{}', operation.template)}"
        if values and random.random() < 0.05:
            return Request(operation.method, path, *reversed(random.choice(ERRORS)), truth)
        tree = Body(self, random, values, operation.names).make(operation.schema, 0) if operation.schema else None
        return Request(operation.method, path, operation.status, tree, truth)

    def value(self, random: Random, template: str, name: str) -> str:
        schema = self.declared.get((template, name), {})
        if name not in self.pools:
            self.pools[name] = pool(name, schema, Random(f"{self.name} {name}"))
        values = self.pools[name]
        weights = list(accumulate(1 / (rank + 1) for rank in range(len(values))))
        return random.choices(values, cum_weights=weights)[0]


class Body:
    """One response: optional members are missing now and then, lists are empty now and then, and identifiers come back."""

    def __init__(self, api: Api, random: Random, values: Mapping[str, str], names: tuple[str, ...]) -> None:
        self.api, self.random = api, random
        self.echo = {plain(name): value for name, value in values.items()}
        if names:
            last = values[names[-1]]
            for short in ("id", "name", "slug", "username", "login", "key", "code"):
                if plain(names[-1]).endswith(short):
                    self.echo.setdefault(short, last)

    def make(self, raw: object, depth: int) -> object:
        schema = self.api.resolve(raw)
        members, required = self.members(schema, 0)
        if members:
            return self.record(members, required, depth)
        kind = type_of(schema)
        if kind == "array" or "items" in schema:
            n = 0 if self.random.random() < 0.1 else self.random.randint(1, 3)
            return [self.make(schema.get("items"), depth + 1) for _ in range(n)] if depth < 5 else []
        extra = dictionary(schema.get("additionalProperties"))
        if extra and depth < 5:
            return {self.random.choice(WORDS): self.make(extra, depth + 1) for _ in range(3)}
        choices = array(schema.get("oneOf")) or array(schema.get("anyOf"))
        if choices and depth < 5:
            return self.make(self.random.choice(choices), depth + 1)
        if kind in {"integer", "number"}:
            return self.random.randint(1, 9999)
        return {} if kind == "object" else self.random.random() < 0.5 if kind == "boolean" else "text " + self.random.choice(WORDS)

    def record(self, members: Mapping[str, object], required: frozenset[str], depth: int) -> object:
        if depth >= 5:
            return {}
        kept = {k: v for k, v in members.items() if k in required or self.random.random() > 0.1}
        return {key: self.echo[plain(key)] if depth < 3 and plain(key) in self.echo else self.make(value, depth + 1) for key, value in kept.items()}

    def members(self, schema: Mapping[str, object], depth: int) -> tuple[dict[str, object], frozenset[str]]:
        members = dict(dictionary(schema.get("properties")))
        required = frozenset(str(name) for name in array(schema.get("required")))
        for part in array(schema.get("allOf")) if depth < 5 else []:
            more, needed = self.members(self.api.resolve(part), depth + 1)
            members |= more
            required |= needed
        return members, required


def kind_of(name: str, schema: Mapping[str, object]) -> str:
    low = name.lower()
    kind, form = type_of(schema), str(schema.get("format", ""))
    if array(schema.get("enum")):
        return "enum"
    if kind in {"integer", "number"}:
        return "int"
    rules = (
        ("uuid", form == "uuid" or "uuid" in low or "guid" in low),
        ("date", form.startswith("date") or low.endswith("date") or low in {"day", "from", "to", "start", "end"}),
        ("email", "email" in low),
        ("slug", "slug" in low or "permalink" in low),
        ("version", "version" in low),
        ("user", re.search(r"user_?name|login|handle|owner|^user$|^org$|screen_?name|member$|nickname|^account$", low) is not None),
        ("id", re.search(r"(id|key|sid|hash|token|address|arn|ref|reference|uri|urn)s?$", low) is not None),
        ("code", re.search(r"code|country|currency|lang|locale|region|symbol|iso|ticker", low) is not None),
        ("int", re.search(r"num|number|index|page|year|month|count|size|width|height|lat|lon|x$|y$|z$", low) is not None),
    )
    return next((label for label, fits in rules if fits), "word")


def pool(name: str, schema: Mapping[str, object], random: Random) -> list[str]:
    kind = kind_of(name, schema)
    if kind == "enum":
        return [str(value) for value in array(schema.get("enum")) if str(value)] or ["default"]
    n = N_VALUES[kind]
    if kind == "id":
        kind = random.choices(list(IDS), weights=[weight for weight, _ in IDS.values()])[0]
        return distinct(lambda: IDS[kind][1](random), n)
    if kind == "word":
        kind = random.choices(("word", "kebab", "snake", "camel", "numbered", "spaced"), weights=(40, 20, 10, 10, 12, 8))[0]
    if kind == "user":
        kind = random.choices(("person", "handle"), weights=(50, 50))[0]
    return distinct(lambda: MAKERS[kind](random), n)


def distinct(make, n: int) -> list[str]:
    return list(dict.fromkeys(make() for _ in range(n * 2)))[:n]


def chars(random: Random, alphabet: str, n: int) -> str:
    return "".join(random.choices(alphabet, k=n))


def uuid(random: Random) -> str:
    text = f"{random.getrandbits(128):032x}"
    return f"{text[:8]}-{text[8:12]}-4{text[13:16]}-a{text[17:20]}-{text[20:]}"


LOW = "abcdefghijklmnopqrstuvwxyz"
DIGITS = "0123456789"
IDS = {
    "int": (30, lambda r: str(r.randint(1, 99999))),
    "uuid": (18, uuid),
    "objectid": (8, lambda r: chars(r, "0123456789abcdef", 24)),
    "hex": (6, lambda r: chars(r, "0123456789abcdef", r.choice((8, 16, 32)))),
    "prefixed": (10, lambda r: r.choice(("obj", "itm", "ref")) + "_" + chars(r, LOW + LOW.upper() + DIGITS, 14)),
    "base62": (10, lambda r: chars(r, LOW + LOW.upper() + DIGITS, 22)),
    "short": (8, lambda r: chars(r, LOW + LOW.upper() + DIGITS, r.randint(6, 9))),
    "code": (5, lambda r: chars(r, LOW.upper(), 3) + "-" + chars(r, DIGITS, 4)),
    "name": (5, lambda r: r.choice(WORDS) + r.choice(("", "-" + r.choice(WORDS), str(r.randint(1, 9))))),
}
MAKERS = {
    "int": lambda r: str(r.randint(1, 9999)),
    "uuid": uuid,
    "date": lambda r: f"2026-{r.randint(1, 12):02}-{r.randint(1, 28):02}",
    "email": lambda r: f"{r.choice(PEOPLE)}{r.randint(1, 99)}@example.org",
    "slug": lambda r: "-".join(r.sample(WORDS, r.randint(2, 5))),
    "version": lambda r: r.choice(("v1", "v2", "v3", "1.0.0", "1.2.0", "2.0", "latest")),
    "code": lambda r: r.choice((chars(r, LOW, 2), chars(r, LOW.upper(), 3), chars(r, LOW, 2) + "-" + chars(r, LOW.upper(), 2))),
    "person": lambda r: r.choice(PEOPLE),
    "handle": lambda r: r.choice(PEOPLE) + r.choice(("", ".", "_", "")) + r.choice((str(r.randint(1, 99)), r.choice(WORDS), r.choice(LOW))),
    "word": lambda r: r.choice(WORDS),
    "kebab": lambda r: "-".join(r.sample(WORDS, 2)),
    "snake": lambda r: "_".join(r.sample(WORDS, 2)),
    "camel": lambda r: "".join(word.title() for word in r.sample(WORDS, 2)),
    "numbered": lambda r: r.choice(WORDS) + str(r.randint(1, 99)),
    "spaced": lambda r: " ".join(word.title() for word in r.sample(WORDS, 2)),
}


def type_of(schema: Mapping[str, object]) -> object:
    kind = schema.get("type")
    return next((k for k in kind if k != "null"), None) if isinstance(kind, list) else kind


def plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())


def dictionary(value: object) -> Mapping[str, object]:
    return value if isinstance(value, dict) else {}


def array(value: object) -> list[object]:
    return value if isinstance(value, list) else []
