"""One exchange on its way into the summary: who asked, which persons stand in it, which values are about whom.

Keeps a sighting of every value that could be personal, by its name or by its form; of others, counts only.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice

from stanch.classify.detect import address_around, candidates, positions
from stanch.classify.leaf import Leaf
from stanch.classify.lexicon import key_candidates
from stanch.identity.caller import is_session
from stanch.identity.people import NAME, Node
from stanch.identity.person import (
    ENVELOPES,
    NAMES,
    OWN_UIDS,
    POINTERS,
    identifier_kind,
    is_person,
    is_person_noun,
    kind_of_name,
    snake,
    snakes,
    uid_kind,
)
from stanch.identity.pseudonym import VALUE, Digest
from stanch.inventory.vocabulary import commonness
from stanch.traffic.document import Document
from stanch.traffic.exchange import Exchange, header_values

SIGN_IN = re.compile(
    r"(^|[/_.#-])(log-?in|sign-?in|sign-?up|auth|authenticate|authorize|token|tokens|oauth2?|session|sessions|register|registration|refresh|otp|verify"
    r"|password|anmelden|registrieren|iniciar-?sesion|registro|connexion|inscription|entrar|accedi)([/_.-]|$)",
    re.IGNORECASE,
)
"""Paths on which people say who they are."""
SIGN_OUT = re.compile(r"log-?out|sign-?out|abmelden|cerrar-?sesion|deconnexion", re.IGNORECASE)
SECRET_TYPED = frozenset(
    ["pin", "otp", "code", "contrasena", "clave", "mot_de_passe", "motdepasse", "senha", "passwort", "kennwort", "haslo", "wachtwoord"]
)
TYPED = frozenset(
    [
        "identifier",
        "user_id",
        "account",
        "log",
        "usr",
        "username_or_email",
        "usernameoremail",
        "user_login",
        "user_name_or_email",
        "uname",
        "loginname",
    ]
)
ISSUED = re.compile(r"token|jwt|bearer|session|api_?key|access$", re.IGNORECASE)
ADMIN_MARKS = frozenset(["is_admin", "is_superuser", "is_staff", "admin", "superuser", "isadmin"])
ADMIN_ROLES = frozenset(["admin", "administrator", "superuser", "superadmin", "super_admin", "role_admin", "staff", "root", "owner", "manager"])
SCAFFOLD = re.compile(r"api|rest|v\d+(?:\.\d+)?|public|json|services?|rpc|graphql|index\.php|wp-json", re.IGNORECASE)
SAYS_WHO = re.compile(r"log-?in|sign_?-?(in|up)|register|registration|auth|authenticate|token", re.IGNORECASE)
MAX_ADDRESSES = 64
"""E-mail addresses looked at inside one text."""


@dataclass(slots=True)
class Persons:
    """The objects of one document that speak of persons."""

    subjects: dict[int, tuple[Node, ...]] = field(default_factory=dict)
    """Object number to the identifiers of the person that its members are about."""
    described: list[tuple[Node, ...]] = field(default_factory=list)
    """Per object that describes a person: that person's identifiers and names."""
    admins: set[Node] = field(default_factory=set)
    """Identifiers of persons whose object says that they are administrators."""

    def of(self, leaf: Leaf) -> tuple[Node, ...]:
        """Give the subject of a leaf: of the nearest enclosing object that has one."""
        return next((self.subjects[i] for i in reversed(leaf.objects) if i in self.subjects), ())

    @property
    def single(self) -> tuple[Node, ...]:
        """The person of the document where it is about one only."""
        found = {tuple(node for node in nodes if node[0] != NAME) for nodes in self.described}
        return next(iter(found)) if len(found) == 1 else ()


def persons_in(leaves: list[Leaf], digest: Digest, noun: str = "") -> Persons:
    """Find whom the objects of a document are about: persons by their own members, things by those that point at a person.

    ``noun`` is what the endpoint is about; it names the objects that stand under no name, or an envelope's.
    """
    found = Persons()
    things: list[tuple[int, list[Leaf]]] = []
    inner: dict[int, list[tuple[Node, ...]]] = defaultdict(list)
    for number, group in by_object(leaves).items():
        named = next((p for p in reversed(group[0].parents) if p and snake(p) not in ENVELOPES), noun)
        if not is_person(named, snakes(tuple([leaf.name for leaf in group]))):
            things.append((number, group))
            continue
        nodes = own_identifiers(group, digest, named)
        if nodes:
            found.subjects[number] = nodes
            found.described.append(tuple(sorted({*nodes, *names_in(group, digest)})))
            found.admins.update(nodes if any(marks_admin(leaf) for leaf in group) else ())
            if len(group[0].objects) > 1:
                inner[group[0].objects[-2]].append(nodes)
    for number, group in things:
        pointed = pointers(group, digest) or (inner[number][0] if len(set(inner[number])) == 1 else ())
        if pointed:
            found.subjects[number] = pointed
    return found


def by_object(leaves: Iterable[Leaf]) -> dict[int, list[Leaf]]:
    members: dict[int, list[Leaf]] = defaultdict(list)
    for leaf in leaves:
        if leaf.objects:
            members[leaf.objects[-1]].append(leaf)
    return members


def own_identifiers(group: list[Leaf], digest: Digest, noun: str) -> tuple[Node, ...]:
    """List the identifiers that a person's object gives of that person; of several ids, the most direct one."""
    nodes: set[Node] = set()
    uids: dict[str, Node] = {}
    for leaf in group:
        kind = identifier_kind(leaf.name, leaf.value)
        if kind is None or leaf.path.endswith("[*]"):
            continue
        name, text = snake(leaf.name), str(leaf.value)
        if kind == "uid":
            uids[name] = uid_kind("user" if "user" in name else noun, text), digest(VALUE, text)
        elif name not in POINTERS:
            nodes.add((kind, digest(VALUE, text)))
    own = next((uids[name] for name in OWN_UIDS if name in uids), None)
    return tuple(sorted(nodes | ({own} if own else set())))


def names_in(group: list[Leaf], digest: Digest) -> Iterator[Node]:
    """Give the names in a person's object: no identifiers, but two objects of one number are told apart by them."""
    for leaf in group:
        if isinstance(leaf.value, str) and leaf.value and snake(leaf.name) in NAMES:
            yield NAME, digest(VALUE, leaf.value)


def pointers(group: list[Leaf], digest: Digest) -> tuple[Node, ...]:
    """List the identifiers by which a thing names the person that it belongs to."""
    found = set()
    for leaf in group:
        if kind_of_name(leaf.name) is None:
            continue
        name = snake(leaf.name)
        kind = identifier_kind(leaf.name, leaf.value) if name not in OWN_UIDS[:6] and not leaf.path.endswith("[*]") else None
        if kind not in {None, "phone"}:
            text = str(leaf.value)
            found.add((uid_kind(pointed_noun(name), text) if kind == "uid" else str(kind), digest(VALUE, text)))
    return tuple(sorted(found))


def pointed_noun(name: str) -> str:
    """Read what a pointer's numbers count: ``customer_id``, ``id_cliente``; an account's may be a bank's."""
    noun = name.removesuffix("_id").removeprefix("id_")
    return "bank_account" if noun == "account" else noun


def marks_admin(leaf: Leaf) -> bool:
    name = snake(leaf.name)
    if name in ADMIN_MARKS:
        return leaf.value is True
    return name in {"role", "roles", "user_type", "role_name"} and isinstance(leaf.value, str) and leaf.value.lower() in ADMIN_ROLES


def typed_identity(documents: Iterable[tuple[Document, list[Leaf]]], digest: Digest) -> tuple[Node, ...]:
    """Give whom the caller says they are when they sign in or register: identifiers beside a password."""
    for document, leaves in documents:
        if document.where == "request.body" and any(is_secret(leaf.name) for leaf in leaves):
            found = [(kind, leaf.value) for leaf in leaves if (kind := kind_typed(leaf)) not in {None, "uid"}]
            return tuple(sorted({(str(kind), digest(VALUE, str(value))) for kind, value in found}))
    return ()


def kind_typed(leaf: Leaf) -> str | None:
    """Tell the kind of an identifier that is typed at a sign-in, where forms have names of their own for it."""
    if isinstance(leaf.value, str) and snake(leaf.name) in TYPED:
        return "email" if "@" in leaf.value else "username"
    return identifier_kind(leaf.name, leaf.value)


def is_secret(name: str) -> bool:
    return "pass" in name.lower() or snake(name) in SECRET_TYPED


def issued_cookies(exchange: Exchange, digest: Digest) -> list[int]:
    """List the sessions that a response hands out."""
    values = header_values(exchange.response_headers, "set-cookie")
    pairs = (value.split(";", 1)[0].strip().partition("=") for value in values)
    return [digest("credential", value) for name, _, value in pairs if value and is_session(name, value)]


def issues_credential(leaf: Leaf) -> bool:
    return isinstance(leaf.value, str) and len(leaf.value) >= 16 and ISSUED.search(leaf.name) is not None and " " not in leaf.value.strip()


def may_be_personal(leaf: Leaf) -> bool:
    """Tell whether a value is worth a sighting: by its name, or by its form."""
    if is_personal_name(leaf.name, leaf.parents):
        return True
    if not isinstance(leaf.value, str):
        return isinstance(leaf.value, int) and any(not name.startswith("shape.") for name in candidates(leaf.value))
    return "@" in leaf.value or any(not name.startswith("shape.") for name in candidates(leaf.value))


def is_personal_name(name: str, parents: tuple[str, ...]) -> bool:
    return bool(kind_of_name(name) or key_candidates(name, parents))


def values_of(leaf: Leaf, digest: Digest) -> Iterator[tuple[int, tuple[Node, ...]]]:
    """Give the pseudonyms of what a leaf says, each with the person that it names by itself: addresses inside a text stand for themselves."""
    text = leaf.value.hex() if isinstance(leaf.value, bytes) else str(leaf.value)
    inside = addresses_in(text) if "@" in text else []
    if not inside:
        yield digest(VALUE, text), ()
    for address in inside:
        value = digest(VALUE, address)
        yield value, (("email", value),)


def addresses_in(text: str) -> list[str]:
    """List the e-mail addresses inside a text that is not one itself."""
    spots = islice(positions(text, "@"), MAX_ADDRESSES)
    found = [address for at in spots if (address := address_around(text, at)) is not None]
    return [] if found == [text.strip()] else found


@lru_cache(maxsize=1 << 14)
def noun_in(path: str) -> str:
    """Name what the objects of an endpoint are: by the last word of its path that APIs use, else by the first that may be one."""
    words = [part for part in path.split("/") if part and "{" not in part and not SCAFFOLD.fullmatch(part)]
    if words and SAYS_WHO.fullmatch(words[-1]):
        return "user"
    common = [word for word in words if is_person_noun(word) or commonness(word) == 1.0]
    return common[-1] if common else words[0] if words else ""
