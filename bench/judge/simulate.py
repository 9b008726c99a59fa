"""Made-up applications with and without flaws, varied in domain, naming, language, framework habits and sign-in, as labelled captures.

Each application is built around what its endpoints *should* give (public profiles, own records, parties to an order, colleagues,
a firm's customers, an administrator's view, shops' own contacts), and then may get flaws of known kinds. Every personal leaf is labelled by
construction. They teach how evidence combines; they are no substitute for captures of real applications, which judge.
"""

import base64
import json
from collections.abc import Callable
from random import Random

from captures import Labelled, Pair
from words import CASES, CITIES, FIRST, LAST, STREETS, THINGS, TRANSLATED, WORDS

from stanch.finding.minimal import Shape
from stanch.identity.person import snake
from stanch.inventory.contract import load_contract
from stanch.traffic.exchange import Exchange

PUBLIC = ("username", "display_name", "avatar", "bio")
PRIVATE = ("email", "phone", "birth_date", "address", "last_login_ip", "gender", "national_id", "iban")
INTERNAL = ("password_hash", "is_admin", "failed_logins", "deleted_at", "otp_secret", "reset_token")


class Mark:
    """A personal value with its label, until it is written down."""

    __slots__ = ("label", "value")

    def __init__(self, value, label):
        self.value, self.label = value, label


def leak(value):
    return Mark(value, "EDE")


def fine(value):
    return Mark(value, "none")


def arguable(value):
    return Mark(value, "debatable")


def marked(tree, mark):
    if isinstance(tree, dict):
        return {key: marked(value, mark) for key, value in tree.items()}
    return [marked(item, mark) for item in tree] if isinstance(tree, list) else mark(tree)


def iban(rng):
    account = f"37040044{rng.randint(0, 10**10 - 1):010}"
    return f"DE{98 - int(account + '131400') % 97:02}{account}"


class App:
    def __init__(self, seed):
        self.rng = rng = Random(seed)
        self.name = f"simulated-{seed}"
        self.language = rng.choice(["en"] * 6 + ["de", "es", "fr", "pt"])
        self.case = rng.choice(["snake", "snake", "camel", "camel", "pascal"])
        self.envelope = rng.choice(["none", "none", "data", "named", "results", "content"])
        self.ids = rng.choice(["int", "int", "uuid", "object"])
        self.auth = rng.choice(["bearer", "bearer", "jwt", "jwt", "cookie", "rotating", "token", "query"])
        self.prefix = rng.choice(["", "/api", "/api/v1", "/v2", "/rest"])
        self.shows_sign_in = rng.random() < 0.8
        self.clean = rng.random() < 0.4
        self.items, self.labels, self.askers = [], {}, {}
        self.answers = []
        self.people = [self.person(number) for number in range(1, rng.randint(5, 9))]
        self.tokens = {}
        self.sessions = {}

    def person(self, number, kind="user"):
        rng = self.rng
        first, last = rng.choice(FIRST), rng.choice(LAST)
        username = f"{first}{last}{rng.randint(10, 99)}".lower()
        return {
            "id": self.new_id(f"{kind}{number}", number), "username": username, "email": f"{first}.{last}{rng.randint(1, 99)}@example.{rng.choice(['org', 'com', 'net'])}".lower(),
            "display_name": f"{first} {last}", "first_name": first, "last_name": last, "avatar": f"https://cdn.example.org/{username}.png", "bio": f"I like {rng.choice(WORDS)} and {rng.choice(WORDS)}.",
            "phone": f"+1 {rng.randint(201, 989)} 555 01{rng.randint(10, 99)}", "birth_date": f"{rng.randint(1950, 2004)}-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}",
            "address": {"street": f"{rng.randint(1, 999)} {rng.choice(STREETS)}", "city": rng.choice(CITIES), "zip": f"{rng.randint(10000, 99999)}"},
            "last_login_ip": f"203.0.113.{rng.randint(1, 254)}", "gender": rng.choice(["female", "male"]), "national_id": f"{rng.randint(100, 899)}-{rng.randint(10, 99)}-{rng.randint(1000, 9999)}",
            "iban": iban(rng), "salary": rng.randint(30, 120) * 1000, "job_title": rng.choice(["Engineer", "Nurse", "Clerk", "Teacher"]),
            "password_hash": "$2b$12$" + "".join(rng.choices("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", k=53)), "is_admin": False, "failed_logins": rng.randint(0, 3),
            "deleted_at": None, "otp_secret": "".join(rng.choices("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", k=32)), "reset_token": "".join(rng.choices("0123456789abcdef", k=40)),
            "created_at": f"20{rng.randint(18, 25)}-0{rng.randint(1, 9)}-11T08:00:00Z", "key": f"{kind}{number}",
        }  # fmt: skip

    def new_id(self, what, number):
        if self.ids == "int":
            return number
        hexadecimal = f"{Random(f'{self.name}{what}').getrandbits(128):032x}"
        return (
            hexadecimal[:24]
            if self.ids == "object"
            else f"{hexadecimal[:8]}-{hexadecimal[8:12]}-4{hexadecimal[13:16]}-a{hexadecimal[17:20]}-{hexadecimal[20:]}"
        )

    # what is said

    def styled(self, name):
        if name == "id" and self.ids == "object":
            return "_id"
        name = TRANSLATED.get(self.language, {}).get(name, name)
        return CASES[self.case](name)

    def written(self, tree, path="$", labels=None):
        """Write names in the application's style, and gather labels by path."""
        if isinstance(tree, Mark):
            labels[path] = "EDE" if "EDE" in {labels.get(path), tree.label} else tree.label
            return tree.value
        if isinstance(tree, dict):
            return {self.styled(k): self.written(v, f"{path}.{self.styled(k)}", labels) for k, v in tree.items()}
        if isinstance(tree, list):
            return [self.written(item, f"{path}[*]", labels) for item in tree]
        return tree

    def wrapped(self, answer, noun):
        if isinstance(answer, list):
            named = {"data": "data", "named": noun, "results": "results", "content": "content"}.get(self.envelope)
            return answer if named is None else {named: answer, **({"count": len(answer)} if self.envelope == "results" else {})}
        named = {"data": "data", "named": noun.removesuffix("s")}.get(self.envelope)
        return answer if named is None else {named: answer}

    def say(self, who, method, template, answer, *, noun="item", status=200, body=None, wrap=True, cookie=None, **values):
        labels = {}
        written = self.written(self.wrapped(answer, noun) if wrap else answer, labels=labels)
        self.answers.append((method, template, status, written))
        path = template
        for name, value in values.items():
            path = path.replace("{" + name + "}", str(value))
        for spot, label in labels.items():
            key = (method, template, spot)
            if self.labels.get(key) != "EDE":
                self.labels[key] = label
        url = f"https://api.example.org{path}" + (f"?access_token={self.token(who)}" if who and self.auth == "query" else "")
        headers = [("Content-Type", "application/json"), *self.credentials(who)]
        sent = self.written(body, labels={}) if body is not None else None
        response = [("Content-Type", "application/json"), *self.cookies(who, cookie)]
        self.items.append(
            Exchange(
                where=f"{self.name}#{len(self.items)}", method=method, url=url, status=status, decoded=True, request_headers=tuple(headers),
                request_body=json.dumps(sent).encode() if sent is not None else b"", response_headers=tuple(response), response_body=json.dumps(written).encode(),
            )
        )  # fmt: skip
        self.askers[len(self.items)] = who["key"] if who else "anonymous"

    def token(self, who):
        if who["key"] not in self.tokens:
            self.tokens[who["key"]] = self.jwt(who) if self.auth == "jwt" else f"{Random(self.name + who['key']).getrandbits(160):040x}"
        return self.tokens[who["key"]]

    def jwt(self, who):
        def part(value):
            return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")

        claims = {"sub": str(who["id"])} if self.ids != "int" else {"user_id": who["id"]}
        return f"{part({'alg': 'HS256'})}.{part({**claims, 'role': 'admin' if who.get('is_admin') else 'user'})}.c2lnbmF0dXJl"

    def credentials(self, who):
        if who is None:
            return []
        if self.auth in {"bearer", "jwt"}:
            return [("Authorization", f"Bearer {self.token(who)}")]
        if self.auth == "token":
            return [("X-Auth-Token", self.token(who))]
        session = f"{self.token(who)}{self.sessions.get(who['key'], 0) if self.auth == 'rotating' else ''}"
        return [("Cookie", f"lang=en; session_id={session}")] if self.auth != "query" else []

    def cookies(self, who, cookie):
        if cookie is not None:
            return [("Set-Cookie", f"session_id={self.token(cookie)}{0 if self.auth == 'rotating' else ''}; Path=/; HttpOnly")]
        if self.auth == "rotating" and who is not None:
            self.sessions[who["key"]] = self.sessions.get(who["key"], 0) + 1
            return [("Set-Cookie", f"session_id={self.token(who)}{self.sessions[who['key']]}; Path=/")]
        return []

    # what people are shown as

    def public(self, person, names=None):
        return {"id": person["id"], **{name: fine(person[name]) for name in names or self.public_names}}

    def own(self, person):
        return {
            "id": person["id"],
            "created_at": person["created_at"],
            **{n: marked(person[n], fine) for n in (*self.public_names, *self.private_names)},
        }

    def leaky(self, person, names):
        return {**self.public(person), **{name: self.leaked(person, name) for name in names}}

    def leaked(self, person, name):
        if name in {"failed_logins", "deleted_at", "is_admin"}:
            return Mark(person[name], "debatable")
        if name == "address":
            return {**marked(person[name], leak), "city": arguable(person[name]["city"])}
        return marked(person[name], leak)

    def flaw(self, share=0.5):
        return not self.clean and self.rng.random() < share

    def some_leaks(self):
        """Choose what a careless serialiser gives away: one member, a few, or the whole row."""
        rng, private = self.rng, list(self.private_names)
        how = rng.choice(["one", "few", "all", "all"])
        if how == "one":
            return [rng.choice(private)]
        if how == "few":
            return rng.sample(private, min(len(private), rng.randint(2, 3)))
        return [*private, *self.internal_names]

    def labelled(self):
        pairs = [Pair(method, template, path, label) for (method, template, path), label in sorted(self.labels.items())]
        owners = {}
        for person in self.people:
            for name in ("username", "email", "phone"):
                owners.setdefault(str(person[name]).casefold(), set()).add(person["key"])
        single = {value: next(iter(keys)) for value, keys in owners.items() if len(keys) == 1}
        contract, client = self.declared()
        return Labelled(self.name, self.items, pairs, single, self.askers, contract, client)

    def declared(self):
        """Describe the API as it should be, and name what its client reads: everything that is no leak."""
        shapes, names = {}, set()
        for method, template, status, written in self.answers:
            shape = shapes.setdefault((template, method.lower()), {}).setdefault(str(status), Shape())
            self.declare(shape, written, "$", (method, template), names)
        paths = {}
        for (template, method), by_status in shapes.items():
            responses = {s: {"description": "", "content": {"application/json": {"schema": shape.schema()}}} for s, shape in by_status.items()}
            paths.setdefault(template, {})[method] = {"responses": responses}
        document = {"openapi": "3.1.0", "info": {"title": self.name, "version": "1"}, "paths": paths}
        return load_contract(json.dumps(document).encode(), name=self.name), frozenset(names)

    def declare(self, shape, tree, path, endpoint, names):
        keys = [k for k in self.labels if k[2] == path and k[0] == endpoint[0] and k[1].partition("#")[0] == endpoint[1]]
        if any(self.labels[k] == "EDE" for k in keys):
            return
        if isinstance(tree, dict):
            for name, inner in tree.items():
                if not any(self.labels[k] == "EDE" for k in self.labels if k[2] == f"{path}.{name}" and k[:2] == endpoint):
                    if "admin" not in endpoint[1] and "backoffice" not in endpoint[1]:
                        names.add(snake(name))
                    self.declare(shape.at(name), inner, f"{path}.{name}", endpoint, names)
        elif isinstance(tree, list):
            for inner in tree:
                self.declare(shape.at("[*]"), inner, f"{path}[*]", endpoint, names)
        else:
            shape.types.add({str: "string", int: "integer", float: "number", bool: "boolean", type(None): "null"}[type(tree)])


def build(seed) -> Labelled:
    app = App(seed)
    rng = app.rng
    app.public_names = tuple(rng.sample(PUBLIC, rng.randint(2, 4)))
    if "username" not in app.public_names and "display_name" not in app.public_names:
        app.public_names = ("username", *app.public_names)
    app.private_names = ("email", *rng.sample(PRIVATE[1:], rng.randint(2, 6)))
    app.internal_names = tuple(rng.sample(INTERNAL, rng.randint(1, 4)))
    domain = rng.choice([social, social, shop, rides, workplace, firm, cameras, graphql])
    sign_in(app)
    own_record(app)
    domain(app)
    for extra in rng.sample([administrators, site, address_book, debug, notices, listings], rng.randint(1, 4)):
        extra(app)
    return app.labelled()


def applications(n: int, seed: int) -> list[Labelled]:
    return [build(seed + number) for number in range(n)]


def each(app, times: int) -> list:
    """Give callers in a mixed order, every one ``times`` times."""
    callers = app.people[: max(2, len(app.people) - 1)] * times
    app.rng.shuffle(callers)
    return callers


def visitor(app, who):
    return None if app.visitors and app.rng.random() < 0.3 else who


def sign_in(app) -> None:
    app.visitors = app.rng.random() < 0.6
    path = app.prefix + app.rng.choice(["/login", "/auth/login", "/users/sign_in", "/sessions", "/oauth/token"])
    hashed = app.flaw(0.15)
    bare = app.rng.random() < 0.4
    for person in app.people if app.shows_sign_in else []:
        if app.rng.random() < 0.5:
            made = app.own(person)
            app.say(
                None,
                "POST",
                f"{app.prefix}/users",
                made,
                noun="users",
                status=201,
                body={"email": person["email"], "username": person["username"], "password": "p4ss Word!"},
            )
        answer = {} if app.auth in {"cookie", "rotating"} else {"token": fine(app.token(person))}
        if not bare:
            answer["user"] = {**app.own(person), **({"password_hash": leak(person["password_hash"])} if hashed else {})}
        app.say(
            None,
            "POST",
            path,
            answer,
            wrap=False,
            body={"email": person["email"], "password": "p4ss Word!"},
            cookie=person if app.auth in {"cookie", "rotating"} else None,
        )


def own_record(app) -> None:
    path = app.prefix + app.rng.choice(["/me", "/users/me", "/user", "/account", "/profile", "/auth/whoami"])
    internal = [n for n in app.internal_names if n in {"password_hash", "otp_secret", "reset_token"}] if app.flaw(0.25) else []
    for who in each(app, 2):
        app.say(who, "GET", path, {**app.own(who), **{n: leak(who[n]) for n in internal}}, noun="users")
    if app.rng.random() < 0.5:
        for who in app.people[:3]:
            app.say(who, "PATCH", path, {**app.own(who), **{n: leak(who[n]) for n in internal}}, noun="users", body={"phone": who["phone"]})
    if app.rng.random() < 0.4:
        for who in each(app, 1):
            sessions = [{"id": n, "ip": fine(who["last_login_ip"]), "user_agent": fine("Mozilla/5.0 (X11; Linux x86_64)")} for n in range(2)]
            app.say(who, "GET", f"{path}/sessions", sessions, noun="sessions")


def profiles(app, *, leaks=None) -> None:
    users = app.prefix + app.rng.choice(["/users", "/profiles", "/members", "/people"])
    names = leaks if leaks is not None else app.some_leaks() if app.flaw(0.5) else []
    for who in each(app, 3):
        target = app.rng.choice(app.people)
        app.say(visitor(app, who), "GET", users + "/{username}", app.leaky(target, names), noun="users", username=target["username"])
    if app.rng.random() < 0.6:
        names = app.some_leaks() if app.flaw(0.4) else []
        for who in each(app, 2):
            app.say(visitor(app, who), "GET", users, [app.leaky(p, names) for p in app.people], noun="users")
    if app.rng.random() < 0.4:
        for who in each(app, 2):
            target = app.rng.choice(app.people)
            friends = app.rng.sample(app.people, 3)
            app.say(who, "GET", users + "/{username}/followers", [app.public(p) for p in friends], noun="followers", username=target["username"])


def social(app) -> None:
    noun = app.rng.choice(THINGS)
    role = app.rng.choice(["author", "user", "owner", "creator", "posted_by"])
    base = f"{app.prefix}/{noun}"
    leaks = app.some_leaks() if app.flaw(0.6) else []
    everywhere = app.rng.random() < 0.6
    traces = app.flaw(0.2)
    posts = [
        {"id": app.new_id(f"p{n}", n), "by": app.rng.choice(app.people), "title": app.rng.choice(WORDS), "body": "word " * 20} for n in range(1, 14)
    ]

    def shown(post, names):
        extra = {"ip": leak(post["by"]["last_login_ip"]), "user_agent": leak("Mozilla/5.0 (Windows NT 10.0)")} if traces else {}
        return {
            "id": post["id"],
            "title": post["title"],
            "body": post["body"],
            "created_at": "2026-01-02T03:04:05Z",
            role: app.leaky(post["by"], names),
            **extra,
        }

    for who in each(app, 2):
        app.say(visitor(app, who), "GET", base, [shown(p, leaks if everywhere else []) for p in app.rng.sample(posts, 6)], noun=noun)
    for who in each(app, 4):
        post = app.rng.choice(posts)
        app.say(visitor(app, who), "GET", base + "/{id}", shown(post, leaks), noun=noun, id=post["id"])
    if app.rng.random() < 0.7:
        for post in posts[:8]:
            shape = shown(post, leaks if everywhere else [])
            app.say(post["by"], "POST", base, shape, noun=noun, status=201, body={"title": post["title"], "body": post["body"]})
    comment_leaks = app.some_leaks() if app.flaw(0.3) else []
    for who in each(app, 2) if app.rng.random() < 0.7 else []:
        post = app.rng.choice(posts)
        comments = [{"id": n, "text": "fine " * 8, role: app.leaky(app.rng.choice(app.people), comment_leaks)} for n in range(4)]
        app.say(visitor(app, who), "GET", base + "/{id}/comments", comments, noun="comments", id=post["id"])
    profiles(app)


def shop(app) -> None:
    orders = [{"id": app.new_id(f"o{n}", n), "by": app.people[n % len(app.people)]} for n in range(1, 19)]
    noun = app.rng.choice(["orders", "purchases", "bookings", "invoices"])
    card = app.flaw(0.3)

    def order(o):
        buyer = o["by"]
        paid = {"card_number": leak("4242 4242 4242 4242"), "cvv": leak("123")} if card else {"brand": "visa", "last4": fine("4242")}
        ship = {"name": fine(buyer["display_name"]), **marked(buyer["address"], fine), "phone": fine(buyer["phone"])}
        return {"id": o["id"], "total": 31.5, "user_id": buyer["id"], "shipping_address": ship, "payment": paid}

    for who in each(app, 2):
        app.say(who, "GET", f"{app.prefix}/{noun}", [order(o) for o in orders if o["by"] is who], noun=noun)
    for o in orders[:12]:
        app.say(o["by"], "GET", f"{app.prefix}/{noun}/{{id}}", order(o), noun=noun, id=o["id"])
    leaks = app.some_leaks() if app.flaw(0.6) else []
    for who in each(app, 3):
        product = app.rng.randint(1, 20)
        reviews = [{"id": n, "stars": 4, "text": "good " * 5, "user": app.leaky(app.rng.choice(app.people), leaks)} for n in range(3)]
        app.say(visitor(app, who), "GET", f"{app.prefix}/products/{{id}}/reviews", reviews, noun="reviews", id=product)
    if app.flaw(0.3):
        for who in each(app, 1):
            seller = app.rng.choice(app.people)
            app.say(
                visitor(app, who),
                "GET",
                f"{app.prefix}/sellers/{{id}}",
                app.leaky(seller, app.some_leaks()[:1] or ["email"]),
                noun="sellers",
                id=seller["id"],
            )


def rides(app) -> None:
    noun, role = app.rng.choice(
        [("rides", "driver"), ("trips", "driver"), ("deliveries", "courier"), ("appointments", "doctor"), ("bookings", "host")]
    )
    drivers = [app.person(n, "driver") for n in range(1, 5)]
    leaks = app.rng.sample(["birth_date", "national_id", "iban", "password_hash", "address"], app.rng.randint(1, 3)) if app.flaw(0.7) else []
    for n, who in enumerate(each(app, 3), 1):
        driver = app.rng.choice(drivers)
        party = {
            "id": driver["id"],
            "name": fine(driver["display_name"]),
            "phone": fine(driver["phone"]),
            **{x: app.leaked(driver, x) for x in leaks},
        }
        ride = {"id": app.new_id(f"r{n}", n), "status": "done", role: party, "pickup": {"street": fine(f"{n} Main Street"), "city": "Springfield"}}
        app.say(who, "GET", f"{app.prefix}/{noun}/{{id}}", ride, noun=noun, id=ride["id"])
    if app.rng.random() < 0.5:
        profiles(app)


def workplace(app) -> None:
    app.visitors = False
    over = app.rng.sample(["salary", "national_id", "birth_date", "address", "password_hash", "iban"], app.rng.randint(1, 3)) if app.flaw(0.7) else []
    place = app.rng.choice(["/organizations/7/members", "/employees", "/team/members", "/workspaces/3/users"])
    template = place.replace("7", "{id}").replace("/3/", "/{id}/")
    value = "7" if "7" in place else "3"

    def colleague(p):
        return {**app.public(p), "email": fine(p["email"]), "job_title": fine(p["job_title"]), **{n: app.leaked(p, n) for n in over}}

    for who in each(app, 2):
        app.say(who, "GET", app.prefix + template, [colleague(p) for p in app.people], noun="members", id=value)
    for who in each(app, 2):
        task = app.rng.randint(1, 30)
        chosen = app.rng.choice(app.people)
        assigned = {**app.public(chosen), "email": fine(chosen["email"])}
        app.say(
            who,
            "GET",
            f"{app.prefix}/projects/{{id}}/tasks",
            [{"id": task, "title": "do it", "assignee": assigned}],
            noun="tasks",
            id=app.rng.randint(1, 3),
        )


def firm(app) -> None:
    """A firm's staff and the firm's customers, who never sign in."""
    app.visitors = False
    noun = app.rng.choice(["customers", "patients", "contacts", "leads", "applicants", "students", "policyholders"])
    records = [app.person(n, "record") for n in range(1, 9)]
    names = app.rng.sample(["email", "phone", "birth_date", "address", "national_id", "gender"], app.rng.randint(3, 5))
    worse = app.rng.choice([["password_hash"], ["otp_secret"], ["reset_token"]]) if app.flaw(0.5) else []

    def record(p):
        return {
            "id": p["id"],
            "first_name": fine(p["first_name"]),
            "last_name": fine(p["last_name"]),
            **{n: marked(p[n], fine) for n in names},
            **{n: app.leaked(p, n) for n in worse},
        }

    for who in each(app, 2):
        app.say(who, "GET", f"{app.prefix}/{noun}", [record(p) for p in app.rng.sample(records, 6)], noun=noun)
    for who in each(app, 3):
        target = app.rng.choice(records)
        app.say(who, "GET", f"{app.prefix}/{noun}/{{id}}", record(target), noun=noun, id=target["id"])


def cameras(app) -> None:
    noun = app.rng.choice(["cameras", "devices", "streams", "rooms", "locks"])
    secret = app.rng.choice(["access_token", "live_access_token", "api_key", "secret"])
    shared = app.flaw(0.8)
    things = [
        {"id": n, "building_id": n % 3, "by": app.people[n % len(app.people)], secret: f"{app.rng.getrandbits(128):032x}"} for n in range(1, 15)
    ]
    for who in each(app, 3):
        mine = things if shared else [t for t in things if t["by"] is who]
        mark = leak if shared else fine
        app.say(
            who,
            "GET",
            f"{app.prefix}/sites/{{id}}/{noun}",
            [{"id": t["id"], "building_id": t["building_id"], secret: mark(t[secret])} for t in mine],
            noun=noun,
            id=app.rng.randint(1, 3),
        )
    if app.rng.random() < 0.5:
        profiles(app)


def graphql(app) -> None:
    leaks = [n for n in app.some_leaks() if n != "address"] if app.flaw(0.7) else []
    for operation, root in (("Feed", "posts"), ("Me", "me"), ("Post", "post")):
        for who in each(app, 2):
            if root == "me":
                inner = app.own(who)
            else:
                inner = {"id": app.rng.randint(1, 50), "title": "hello", "author": app.leaky(app.rng.choice(app.people), leaks)}
                inner = [inner, {**inner, "author": app.leaky(app.rng.choice(app.people), leaks)}] if root == "posts" else inner
            query = f"query {operation} {{ {root} {{ id }} }}"
            graphql_say(app, who, operation, {"data": {root: inner}}, query)


def graphql_say(app, who, operation, answer, query) -> None:
    before = len(app.items)
    known = dict(app.labels)
    app.say(who, "POST", "/graphql", answer, wrap=False, body=None)
    for key in set(app.labels) - set(known) | {k for k in app.labels if app.labels[k] != known.get(k)}:
        if key[1] == "/graphql":
            app.labels["POST", f"/graphql#{operation}", key[2]] = app.labels.pop(key)
    last = app.items[before]
    body = json.dumps({"operationName": operation, "query": query, "variables": {}}).encode()
    app.items[before] = Exchange(
        where=last.where, method="POST", url=last.url, status=200, decoded=True, request_headers=last.request_headers, request_body=body,
        response_headers=last.response_headers, response_body=last.response_body,
    )  # fmt: skip


def administrators(app) -> None:
    admin = app.people[-1]
    admin["is_admin"] = True
    app.tokens.pop(admin["key"], None) if app.auth == "jwt" else None
    hashed = app.flaw(0.25)
    path = app.prefix + app.rng.choice(["/admin/users", "/backoffice/members", "/admin/accounts"])
    for _ in range(4):
        rows = [{**app.own(p), **({"password_hash": leak(p["password_hash"])} if hashed else {})} for p in app.people]
        app.say(admin, "GET", path, rows, noun="users")
    for who in app.people[:2]:
        app.say(who, "GET", path, {"error": "forbidden"}, status=403, wrap=False)


def site(app) -> None:
    """What a site says of itself: the same for everyone."""
    for who in [None, *app.people[:4], None]:
        contact = {
            "name": "Example",
            "contact": {"email": fine("support@example.org"), "phone": fine("+1 202 555 0199")},
            "maps_api_key": fine("AIzaSyA1234567890abcdefghijklmnopqrstuv"),
        }
        app.say(who, "GET", app.prefix + "/config", contact, wrap=False)


def address_book(app) -> None:
    for who in each(app, 2):
        mine = [app.person(f"{who['key']}c{n}", "contact") for n in range(3)]
        rows = [{"id": p["id"], "name": fine(p["display_name"]), "email": fine(p["email"]), "phone": fine(p["phone"])} for p in mine]
        app.say(who, "GET", app.prefix + "/contacts", rows, noun="contacts")


def debug(app) -> None:
    if not app.flaw(0.6):
        return
    for _ in range(2):
        rows = [
            {"id": p["id"], "username": leak(p["username"]), "email": leak(p["email"]), "password": leak("p4ss Word!" + p["username"])}
            for p in app.people
        ]
        app.say(None, "GET", app.prefix + app.rng.choice(["/debug/users", "/_debug", "/internal/dump"]), rows, wrap=False)


def notices(app) -> None:
    """Own notices; in the flawed form their text names the other's address."""
    named = app.flaw(0.4)
    for who in each(app, 2):
        other = app.rng.choice([p for p in app.people if p is not who])
        text = leak(f"{other['email']} wrote to you") if named else f"{other['username']} wrote to you"
        app.say(who, "GET", app.prefix + "/notifications", [{"id": app.rng.randint(1, 99), "text": text}], noun="notifications")


def listings(app) -> None:
    """Shops, venues and branches: their contacts are published on purpose."""
    noun = app.rng.choice(["restaurants", "shops", "venues", "branches", "hotels", "clinics"])
    rng = app.rng
    shops = [
        {
            "id": n, "name": f"{rng.choice(WORDS).title()} {noun[:-1]}", "phone": fine(f"+1 {rng.randint(201, 989)} 555 01{rng.randint(10, 99)}"), "email": fine(f"hello@{rng.choice(WORDS)}{n}.example.org"),
            "address": {"street": fine(f"{n} {rng.choice(STREETS)}"), "city": rng.choice(CITIES), "zip": fine(f"{rng.randint(10000, 99999)}")}, "opening_hours": "9-17", "rating": 4.5,
        }
        for n in range(1, 9)
    ]  # fmt: skip
    for who in each(app, 1):
        app.say(visitor(app, who), "GET", f"{app.prefix}/{noun}", rng.sample(shops, 5), noun=noun)
    for who in each(app, 2):
        one = rng.choice(shops)
        app.say(visitor(app, who), "GET", f"{app.prefix}/{noun}/{{id}}", one, noun=noun, id=one["id"])


Domain = Callable[[App], None]
