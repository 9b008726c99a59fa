"""Serialisers that would let out what nobody chose, found in the source alone.

Reports only what a route reaches and what names a person's secrets or contacts; an explicit list of members is a choice and no risk, unless it lists a secret.
"""

import ast
from collections.abc import Iterator
from typing import Literal

from stanch.classify.lexicon import key_candidates
from stanch.identity.person import is_person_noun
from stanch.trace.interpreter import Interpreter
from stanch.trace.link import TESTS, Linked
from stanch.trace.model import Place, Risk
from stanch.trace.project import Name, Project
from stanch.trace.reach import Reached
from stanch.trace.shape.orm import columns
from stanch.trace.syntax import FUNCTIONS, last, normal
from stanch.trace.value import Dump, Leaf, Member

SECRETS = ("credential.", "finance.card", "finance.iban", "gov_id.", "health.", "special.")
CONTACTS = ("contact.", "person.birth_date", "location.geo", "finance.", "internal.")
TOKENS = {"token", "accesstoken", "refreshtoken", "access", "refresh", "apikey", "key", "otp", "code", "csrftoken", "secret", "clientsecret"}
"""Names that a response may well have to carry."""
ENCODING = {"FastAPI", "Litestar", "django-ninja"}
"""Frameworks that encode a returned entity by themselves."""
Severity = Literal["low", "medium", "high"]


def risks(ev: Interpreter, reached: dict[Linked, Reached]) -> tuple[Risk, ...]:
    """Gather risks over all routes, one a place, with the routes that reach it."""
    routes: dict[tuple[str, Place], list[Linked]] = {}
    found: dict[tuple[str, Place], Risk] = {}
    for route, seen in reached.items():
        for risk in of_route(ev, seen, encodes=route.framework in ENCODING):
            key = (risk.rule, risk.place)
            found.setdefault(key, risk)
            routes.setdefault(key, []).append(route)
    out = [
        Risk(rule=r.rule, severity=r.severity, place=r.place, says=r.says, routes=tuple(x.shown(ev.project) for x in routes[k]))
        for k, r in found.items()
    ]
    out += guards(ev.project)
    rank = {"high": 0, "medium": 1, "low": 2}
    return tuple(sorted(out, key=lambda r: (rank[r.severity], r.place.file, r.place.line, r.rule)))


def of_route(ev: Interpreter, seen: Reached, *, encodes: bool) -> Iterator[Risk]:
    for dump in seen.dumps.values():
        if encodes or dump.kind != "raw-entity":
            yield from of_dump(ev, dump)
    for member in seen.members.values():
        if member.kind == "schema-field" and is_secret(member):
            place = member.place
            yield Risk(rule="secret-in-schema", severity="high", place=place, says=f"the schema writes {member.name}, which belongs in no response")


def of_dump(ev: Interpreter, dump: Dump) -> Iterator[Risk]:
    """Judge a dump by what the dumped class stores."""
    if dump.entity is None or dump.only:
        return
    cls = dump.entity.cls
    person = is_person_noun(last(cls.qualname))
    all_ = [m.name for m in columns(ev, cls)]
    names = [n for n in all_ if normal(n) not in {normal(w) for w in dump.without}]
    secrets = kinds(names, SECRETS, person=person)
    contacts = kinds(names, CONTACTS, person=person)
    withheld = kinds([n for n in all_ if n not in names], SECRETS + CONTACTS, person=person)
    what = last(cls.qualname)
    if secrets:
        yield Risk(rule="dump-with-secrets", severity="high", place=dump.place, says=f"all attributes of {what} go out, {shown(secrets)} among them")
    elif contacts and person:
        yield Risk(
            rule="dump-of-a-person", severity="medium", place=dump.place, says=f"all attributes of {what} go out, {shown(contacts)} among them"
        )
    elif withheld and person:
        yield Risk(
            rule="deny-list",
            severity="low",
            place=dump.place,
            says=f"all attributes of {what} but {shown(withheld)} go out; the next one that is added will too",
        )


def kinds(names: list[str], datatypes: tuple[str, ...], *, person: bool) -> list[str]:
    """Give the names that speak for one of some kinds of data."""
    return [n for n in names if any(m.datatype.startswith(datatypes) and m.weight > 0.8 for m in key_candidates(n, person=person)[:1])]


def shown(names: list[str]) -> str:
    return ", ".join(names[:4]) + (" and more" if len(names) > 4 else "")


def is_secret(member: Member) -> bool:
    """Tell a stored secret that a schema lists; tokens that are made to be handed out are none."""
    name = normal(member.name)
    if name in TOKENS or name.endswith(("token", "tokens")):
        return False
    found = key_candidates(member.name, person=True)[:1]
    stored = any(
        m.datatype in {"credential.password", "credential.password_hash", "finance.card", "finance.card_cvv", "credential.otp"} for m in found
    )
    return stored and (isinstance(member.value(), Leaf) or name in {"password", "passwordhash", "hashedpassword", "cvv", "cvc"})


def guards(project: Project) -> Iterator[Risk]:
    """Find functions of the project used as conditions without being called: always true, so the guard lets everyone in."""
    for module, summary in project.summaries.items():
        if TESTS.search(module):
            continue
        for name, line, qualname in summary.conditions:
            target = project.resolve(module, name)
            if isinstance(target, Name) and isinstance(project.node(target), FUNCTIONS) and not local(project, module, qualname, name):
                place = Place(file=summary.path, line=line, symbol=qualname or module)
                yield Risk(
                    rule="guard-not-called",
                    severity="high",
                    place=place,
                    says=f"{name} is a function and is not called here, so the condition always holds",
                )


def local(project: Project, module: str, qualname: str, name: str) -> bool:
    """Tell whether a function has a name of its own for it: a parameter or an assignment hides the function."""
    node = project.node(Name(module, qualname)) if qualname else None
    if not isinstance(node, FUNCTIONS):
        return False
    first = name.partition(".")[0]
    own = {a.arg for a in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)}
    assigned = {n.id for n in ast.walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    return first in own | assigned
