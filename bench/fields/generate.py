"""Synthetic API bodies with exact truth, in several languages and styles, with many decoys.

``corpus(seed, n_endpoints)`` makes endpoints; ``Endpoint.body(random)`` gives one body as a tree; ``bodies(endpoints, seed, n)`` gives
(endpoint, JSON bytes) with sizes spread log-normally: 1.7 KB median, 24 KB at the 95th percentile. The same seed gives the same bytes.
Truth: ``Endpoint.truth`` maps the JSONPath of every leaf to its datatype, or to ``-<decoy>`` for what is none. A fifth of the endpoints
about things has a person in it; those about people are full of them.
"""

import base64
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from math import exp, log
from random import Random

from vocabulary import CITIES, DECOYS, DISEASES, DRUGS, FIRST, IDS, LAST, PEOPLE, PERSONAL, STREETS, THINGS, WORDS, WRAPPERS

from stanch.classify.validator import VALIDATORS

MEDIAN_BYTES, P95_BYTES = 1_700, 24_000
_SPREAD = log(P95_BYTES / MEDIAN_BYTES) / 1.645
HEX = "0123456789abcdef"
ALNUM = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"

Value = Callable[[Random], object]


@dataclass
class Leaf:
    key: str
    kind: str
    """A datatype, or ``-<decoy>``."""
    make: Value


@dataclass
class Node:
    """An object of a schema: leaves, objects below, and lists of objects."""

    leaves: list[Leaf] = field(default_factory=list)
    below: dict[str, "Node"] = field(default_factory=dict)
    lists: dict[str, "Node"] = field(default_factory=dict)

    def build(self, random: Random) -> dict[str, object]:
        made: dict[str, object] = {leaf.key: leaf.make(random) for leaf in self.leaves if random.random() > 0.03}
        made |= {key: node.build(random) for key, node in self.below.items()}
        return made | {key: [node.build(random) for _ in range(random.randint(0, 3))] for key, node in self.lists.items()}

    def truth(self, path: str) -> Iterator[tuple[str, str]]:
        for leaf in self.leaves:
            yield path + step(leaf.key), leaf.kind
        for key, node in self.below.items():
            yield from node.truth(path + step(key))
        for key, node in self.lists.items():
            yield from node.truth(path + step(key) + "[*]")


@dataclass
class Endpoint:
    method: str
    template: str
    item: Node
    envelope: str
    """The member that holds the list; empty for a bare list."""
    truth: dict[str, str] = field(default_factory=dict)

    def body(self, random: Random, n_items: int) -> object:
        items = [self.item.build(random) for _ in range(n_items)]
        return {self.envelope: items, "count": len(items)} if self.envelope else items


def corpus(seed: int, n_endpoints: int) -> list[Endpoint]:
    random = Random(f"corpus {seed}")
    return [endpoint(random, number) for number in range(n_endpoints)]


def bodies(endpoints: list[Endpoint], seed: int, n: int) -> Iterator[tuple[Endpoint, bytes]]:
    random = Random(f"bodies {seed}")
    sizes = {id(e): len(json.dumps(e.item.build(Random(1)))) for e in endpoints}
    for _ in range(n):
        chosen = random.choice(endpoints)
        target = exp(random.gauss(log(MEDIAN_BYTES), _SPREAD))
        n_items = max(1, min(2000, round(target / sizes[id(chosen)])))
        yield chosen, json.dumps(chosen.body(random, n_items), ensure_ascii=random.random() < 0.3, separators=(",", ":")).encode()


def endpoint(random: Random, number: int) -> Endpoint:
    style = random.choice(STYLES)
    about_people = random.random() < 0.35
    noun = random.choice(PEOPLE if about_people else THINGS)
    item = person(random, style) if about_people else thing(random, style)
    if not about_people and random.random() < 0.2:
        item.below[style(random.choice(PEOPLE))] = person(random, style)
    if random.random() < 0.3:
        item = Node(below={style(random.choice(WRAPPERS)): item})
    if random.random() < 0.4:
        item.lists[style(random.choice(THINGS) + "s")] = thing(random, style, 3)
    envelope = random.choice(("", style(noun + "s"), "data", "items", "results"))
    made = Endpoint("GET", f"/api/{noun.replace(' ', '-')}s-{number}", item, envelope)
    made.truth = dict(item.truth(f"$.{envelope}[*]" if envelope else "$[*]"))
    return made


def person(random: Random, style: Callable[[str], str]) -> Node:
    """An object about a person: some personal members, an id, some decoys."""
    kinds = random.sample(sorted(PERSONAL), random.randint(3, 9))
    node = Node()
    for kind in kinds:
        add(node, random, style, random.choice(PERSONAL[kind]), kind, maker(kind, random))
    if random.random() < 0.5:
        kind = random.choice(sorted(IDS))
        add(node, random, style, random.choice(IDS[kind]), kind, id_maker(kind, random))
    return with_decoys(node, random, style, random.randint(2, 6), unless=("geo", "status", "url"))


def thing(random: Random, style: Callable[[str], str], n: int = 9) -> Node:
    return with_decoys(Node(), random, style, random.randint(2, n))


def with_decoys(node: Node, random: Random, style: Callable[[str], str], n: int, unless: tuple[str, ...] = ()) -> Node:
    """Add what is not personal; a person's ``latitude``, ``state`` and ``imageUrl`` would be."""
    for kind in random.sample(sorted(DECOYS.keys() - set(unless)), n):
        add(node, random, style, random.choice(DECOYS[kind]), f"-{kind}", DECOY_MAKERS[kind](random))
    return node


BEFORE = ("primary", "secondary", "alt", "billing", "guest", "customer", "emergency contact", "mothers", "old", "insured", "traveller", "cust", "pri")
AFTER = ("value", "text", "2", "raw", "string", "1", "alt", "normalized", "home", "private")


def add(node: Node, random: Random, style: Callable[[str], str], words: str, kind: str, make: Value) -> None:
    if not kind.startswith("-") and (chance := random.random()) < 0.3:
        words = f"{random.choice(BEFORE)} {words}" if chance < 0.18 else f"{words} {random.choice(AFTER)}"
    key = style(words)
    if all(leaf.key != key for leaf in node.leaves):
        node.leaves.insert(random.randint(0, len(node.leaves)), Leaf(key, kind, make))


def step(key: str) -> str:
    return f".{key}" if all(c.isalnum() or c in "_-" for c in key) else f"['{key}']"


STYLES: tuple[Callable[[str], str], ...] = (
    lambda words: words.lower().replace(" ", "_"),
    lambda words: words.lower().replace(" ", "_"),
    lambda words: words.split()[0].lower() + "".join(w[:1].upper() + w[1:].lower() for w in words.split()[1:]),
    lambda words: words.split()[0].lower() + "".join(w[:1].upper() + w[1:].lower() for w in words.split()[1:]),
    lambda words: "".join(w[:1].upper() + w[1:].lower() for w in words.split()),
    lambda words: words.lower().replace(" ", "-"),
    lambda words: words.upper().replace(" ", "_"),
    lambda words: words.lower().replace(" ", ""),
)  # fmt: skip
"""Snake and camel twice as often as Pascal, kebab, constants and words run together."""


def digits(random: Random, n: int) -> str:
    return "".join(random.choices("0123456789", k=n))


def hexes(random: Random, n: int) -> str:
    return "".join(random.choices(HEX, k=n))


def uuid(random: Random) -> str:
    h = hexes(random, 32)
    return f"{h[:8]}-{h[8:12]}-4{h[13:16]}-a{h[17:20]}-{h[20:]}"


def name(random: Random) -> str:
    return f"{random.choice(FIRST)} {random.choice(LAST)}"


def email(random: Random) -> str:
    first, last = (sorted_ascii(random.choice(names)) for names in (FIRST, LAST))
    return f"{first}{random.choice('._-')}{last}{random.randint(1, 999)}@{random.choice(('example.org', 'mail.example.org', 'example.com', 'firma.example'))}"


def sorted_ascii(text: str) -> str:
    return "".join(c for c in text.lower() if c.isascii() and c.isalpha())


PHONES: tuple[Value, ...] = (
    lambda r: f"+1 202 555 01{digits(r, 2)}",
    lambda r: f"(202) 555-01{digits(r, 2)}",
    lambda r: f"+1202555{digits(r, 4)}",
    lambda r: f"+49 30 23125 {digits(r, 3)}",
    lambda r: f"0171 39200{digits(r, 2)}",
    lambda r: f"+44 7700 900{digits(r, 3)}",
    lambda r: f"+33 1 99 00 {digits(r, 2)} {digits(r, 2)}",
    lambda r: f"06 39 98 {digits(r, 2)} {digits(r, 2)}",
    lambda r: f"+34 6{digits(r, 8)}",
    lambda r: int(f"48600{digits(r, 6)}"),
    lambda r: f"+55 (11) 9{digits(r, 4)}-{digits(r, 4)}",
)
DATES: tuple[Value, ...] = (
    lambda r: f"{r.randint(1940, 2010)}-{r.randint(1, 12):02}-{r.randint(1, 28):02}",
    lambda r: f"{r.randint(1, 28):02}.{r.randint(1, 12):02}.{r.randint(1940, 2010)}",
    lambda r: f"{r.randint(1, 12):02}/{r.randint(1, 28):02}/{r.randint(1940, 2010)}",
    lambda r: f"{r.randint(1940, 2010)}-{r.randint(1, 12):02}-{r.randint(1, 28):02}T00:00:00Z",
    lambda r: int(f"{r.randint(1940, 2010)}{r.randint(1, 12):02}{r.randint(1, 28):02}"),
    lambda r: r.randint(-900_000_000, 1_200_000_000),
)


def card(random: Random) -> str:
    stem = random.choice(("4", "51", "55", "4", "37"))
    body = stem + digits(random, (14 if stem == "37" else 15) - len(stem))
    total = sum(sum(divmod(int(d) * (2 - place % 2), 10)) for place, d in enumerate(reversed(body)))
    return body + str(-total % 10)


def card_text(random: Random) -> Value:
    spaced = random.choice((True, False, False))
    return lambda r: " ".join(t[at : at + 4] for at in range(0, 16, 4)) if (t := card(r)) and spaced else t


def iban(random: Random) -> str:
    country, n = random.choice((("DE", 18), ("NL", 0), ("ES", 20), ("PL", 24), ("FR", 23), ("GB", 0), ("AT", 16)))
    plain = digits(random, n) if n else random.choice(("ABNA", "INGB")) + digits(random, 10 if country == "NL" else 14)
    check = 98 - int("".join(str(int(c, 36)) for c in f"{plain}{country}00")) % 97
    return f"{country}{check:02}{plain}"


def id_maker(datatype: str, random: Random) -> Value:
    """Make numbers of a country that its validator accepts, with the separators of the validator's example or without."""
    validator = VALIDATORS[datatype]
    separated = random.random() < 0.5 or datatype == "gov_id.fi.hetu"
    pool = [separate(made(validator, random), validator.example if separated else "") for _ in range(60)]
    return lambda r: r.choice(pool)


def made(validator, random: Random) -> str:
    signs = {"9": "0123456789", "A": ALNUM[:26], "X": ALNUM[:26] + "0123456789"}
    while True:
        text = "".join(random.choice(signs.get(c, c)) for c in validator.shape)
        if validator.check(text):
            return text


def separate(plain: str, example: str) -> str:
    significant = sum(c.isalnum() for c in example)
    if significant != len(plain):
        return plain
    rest = iter(plain)
    return "".join(next(rest) if c.isalnum() else c for c in example)


def maker(kind: str, random: Random) -> Value:
    """Choose how this field writes its values: one form for all of a field, as in a real schema."""
    if kind in FIXED:
        return FIXED[kind]
    return random.choice(FORMS[kind])


def secret(n: int) -> Value:
    return lambda r: "".join(r.choices(ALNUM, k=n))


def jwt(r: Random) -> str:
    head, claims = (
        base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in ({"alg": "HS256"}, {"n": r.randint(1, 10**9)})
    )
    return f"{head}.{claims}.{secret(43)(r)}"


FORMS: dict[str, tuple[Value, ...]] = {
    "contact.phone": PHONES,
    "person.birth_date": DATES,
    "person.gender": (lambda r: r.choice(("male", "female", "diverse")), lambda r: r.choice("MFX"), lambda r: r.randint(0, 2)),
    "credential.token": (jwt, secret(40), lambda r: hexes(r, 64)),
    "credential.password_hash": (lambda r: "$2b$12$" + secret(53)(r), lambda r: f"pbkdf2_sha256$600000${secret(12)(r)}${secret(43)(r)}=", lambda r: hexes(r, 64)),
    "finance.salary": (lambda r: r.randint(28_000, 190_000), lambda r: f"{r.randint(28, 190)},000 EUR", lambda r: round(r.uniform(2800, 9000), 2)),
    "finance.card": (card, lambda r: int(card(r)), lambda r: " ".join(t[at : at + 4] for at in range(0, 16, 4)) if (t := card(r)) else t),
    "finance.iban": (iban, lambda r: " ".join(t[at : at + 4] for at in range(0, 40, 4) if t[at : at + 4]) if (t := iban(r)) else t),
    "location.geo": (lambda r: f"{r.uniform(40, 55):.5f}, {r.uniform(-3, 20):.5f}", lambda r: f"{r.uniform(40, 55):.6f},{r.uniform(-3, 20):.6f}"),
    "online.ip": (lambda r: f"203.0.113.{r.randint(1, 254)}", lambda r: f"2001:db8::{hexes(r, 3)}:{hexes(r, 2)}"),
    "contact.email": (email, email, email, lambda r: f"{name(r)} <{email(r)}>"),
}  # fmt: skip
FIXED: dict[str, Value] = {
    "contact.address.street": lambda r: f"{r.randint(1, 200)} {r.choice(STREETS)}",
    "contact.address.postcode": lambda r: digits(r, 5),
    "contact.address.city": lambda r: r.choice(CITIES),
    "person.name.first": lambda r: r.choice(FIRST),
    "person.name.last": lambda r: r.choice(LAST),
    "person.name.full": name,
    "person.nationality": lambda r: r.choice(("DE", "FR", "Spanish", "polonaise", "ITA")),
    "online.username": lambda r: sorted_ascii(r.choice(FIRST)) + str(r.randint(1, 99)),
    "credential.password": lambda r: r.choice(WORDS) + r.choice("!#%") + digits(r, 3) + r.choice(WORDS).title(),
    "credential.api_key": lambda r: "key_" + secret(32)(r),
    "credential.reset_token": secret(32),
    "credential.otp_secret": lambda r: "".join(r.choices("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", k=32)),
    "finance.card_cvv": lambda r: digits(r, 3),
    "finance.account": lambda r: digits(r, 10),
    "finance.balance": lambda r: round(r.uniform(-200, 9000), 2),
    "finance.tax_id": lambda r: f"{digits(r, 2)}/{digits(r, 3)}/{digits(r, 5)}",
    "gov_id.passport": lambda r: r.choice("CFGKX") + digits(r, 8),
    "gov_id.driving_licence": lambda r: r.choice("BNSD") + digits(r, 9),
    "location.latitude": lambda r: round(r.uniform(40, 55), 6),
    "health.condition": lambda r: r.choice(DISEASES),
    "health.blood_type": lambda r: r.choice(("A+", "0-", "AB+", "B-", "O+")),
    "health.medication": lambda r: r.choice(DRUGS),
    "special.religion": lambda r: r.choice(("none", "catholic", "muslim", "hindu", "evangelisch")),
    "special.ethnicity": lambda r: r.choice(("white", "black", "asian", "mixed", "latino")),
    "special.sexuality": lambda r: r.choice(("heterosexual", "gay", "bisexual", "undisclosed")),
    "device.id": uuid,
    "device.imei": lambda r: made(VALIDATORS["device.imei"], r),
    "device.mac": lambda r: ":".join(hexes(r, 2) for _ in range(6)),
}


def fixed(*choices: Value) -> Callable[[Random], Value]:
    return lambda random: random.choice(choices)


def sentence(r: Random, least: int, most: int) -> str:
    return " ".join(r.choices(WORDS, k=r.randint(least, most))).capitalize() + "."


def isbn13(r: Random) -> str:
    body = "978" + digits(r, 9)
    check = -sum(int(d) * (1 + 2 * (place % 2)) for place, d in enumerate(body)) % 10
    return f"{body[:3]}-{body[3]}-{body[4:8]}-{body[8:]}-{check}"


DECOY_MAKERS: dict[str, Callable[[Random], Value]] = {
    "uuid": fixed(uuid),
    "int_id": fixed(lambda r: r.randint(1, 90_000), lambda r: r.randint(10**8, 10**9 - 1), lambda r: str(r.randint(10**6, 10**7))),
    "snowflake": fixed(lambda r: str(r.randint(10**17, 10**18)), lambda r: r.randint(10**15, 9 * 10**15)),
    "timestamp": fixed(
        lambda r: f"20{r.randint(19, 26)}-{r.randint(1, 12):02}-{r.randint(1, 28):02}T{r.randint(0, 23):02}:{r.randint(0, 59):02}:00Z",
        lambda r: f"20{r.randint(19, 26)}-{r.randint(1, 12):02}-{r.randint(1, 28):02} {r.randint(0, 23):02}:{r.randint(0, 59):02}:07.{digits(r, 6)}",
    ),
    "epoch": fixed(lambda r: r.randint(1_500_000_000, 1_800_000_000), lambda r: r.randint(1_500_000_000_000, 1_800_000_000_000)),
    "date": fixed(lambda r: f"20{r.randint(19, 27)}-{r.randint(1, 12):02}-{r.randint(1, 28):02}", lambda r: f"{r.randint(1, 28):02}.{r.randint(1, 12):02}.2026"),
    "order_no": fixed(
        lambda r: digits(r, 10), lambda r: f"ORD-{digits(r, 8)}", lambda r: r.randint(10**11, 10**12), lambda r: digits(r, 16), lambda r: f"{digits(r, 3)}-{digits(r, 7)}-{digits(r, 7)}",
        lambda r: r.randint(100_000_000, 999_999_999), lambda r: f"4{digits(r, 15)}", lambda r: f"{digits(r, 3)}-{digits(r, 3)}-{digits(r, 4)}",
    ),
    "tracking": fixed(lambda r: f"1Z{secret(16)(r).upper()}", lambda r: digits(r, 12), lambda r: digits(r, 20)),
    "version": fixed(lambda r: f"{r.randint(0, 9)}.{r.randint(0, 20)}.{r.randint(0, 40)}", lambda r: f"v{r.randint(1, 9)}.{r.randint(0, 20)}"),
    "version4": fixed(lambda r: f"{r.randint(1, 20)}.{r.randint(0, 20)}.{r.randint(0, 99)}.{r.randint(0, 250)}"),
    "isbn": fixed(lambda r: made(VALIDATORS["product.ean13"], r), lambda r: int(made(VALIDATORS["product.upc_a"], r)), isbn13),
    "sku": fixed(lambda r: f"{r.choice(('AB', 'TX', 'ZK'))}-{digits(r, 4)}-{r.choice(('RED', 'XL', 'S'))}", lambda r: digits(r, 7)),
    "base64": fixed(lambda r: base64.b64encode(r.randbytes(48)).decode(), lambda r: base64.urlsafe_b64encode(r.randbytes(30)).decode()),
    "sha": fixed(lambda r: hexes(r, 40), lambda r: hexes(r, 64), lambda r: hexes(r, 32), lambda r: f'W/"{hexes(r, 10)}"'),
    "price": fixed(lambda r: round(r.uniform(1, 900), 2), lambda r: f"{r.uniform(1, 900):.2f}", lambda r: r.randint(100, 90_000)),
    "quantity": fixed(lambda r: r.randint(0, 5000)),
    "ratio": fixed(lambda r: round(r.random(), 3), lambda r: round(r.uniform(1, 5), 1)),
    "flag": fixed(lambda r: r.random() < 0.5),
    "about": fixed(lambda r: r.choice(("work", "default", "bearer", "standard", "v4")), lambda r: r.choice(WORDS)),
    "title": fixed(lambda r: sentence(r, 2, 4)[:-1].title(), lambda r: sentence(r, 2, 6)[:-1]),
    "text": fixed(lambda r: " ".join(sentence(r, 5, 12) for _ in range(r.randint(1, 4)))),
    "slug": fixed(lambda r: "-".join(r.choices(WORDS, k=3))),
    "url": fixed(lambda r: f"https://cdn.example.org/{r.choice(WORDS)}/{hexes(r, 8)}.png", lambda r: f"/media/{r.choice(WORDS)}@2x.png"),
    "status": fixed(lambda r: r.choice(("open", "closed", "draft", "pending")), lambda r: r.randint(0, 4)),
    "currency": fixed(lambda r: r.choice(("EUR", "USD", "en-GB", "de")), lambda r: r.choice(("Europe/Berlin", "UTC"))),
    "geo": fixed(lambda r: round(r.uniform(40, 55), 5)),
    "color": fixed(lambda r: "#" + hexes(r, 6)),
    "duration": fixed(lambda r: f"{r.randint(0, 23):02}:{r.randint(0, 59):02}", lambda r: "PT" + str(r.randint(1, 59)) + "M", lambda r: f"0 {r.randint(0, 23)} * * *"),
    "big": fixed(lambda r: r.randint(10**8, 10**12), lambda r: r.randint(10**6, 10**7)),
    "seventeen": fixed(lambda r: secret(17)(r).upper(), lambda r: digits(r, 11), lambda r: digits(r, 13), lambda r: digits(r, 9)),
}  # fmt: skip


def fingerprint(endpoints: list[Endpoint], seed: int, n: int) -> str:
    """Digest of a corpus' bodies, to tell that two runs had the same."""
    total = sha256()
    for _, body in bodies(endpoints, seed, n):
        total.update(body)
    return total.hexdigest()[:16]
