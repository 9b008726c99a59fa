"""Whose a value is, seen from the caller who received it: self, other, or unknown, which stays unknown.

Decides which person each caller is and which person each value is about. Knows no endpoints' templates and does not judge.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping

from stanch.identity.caller import ANONYMOUS
from stanch.identity.people import Node, People
from stanch.identity.person import ENVELOPES, kind_of_name, snake
from stanch.identity.sightings import Sighting
from stanch.identity.summary import FieldKey, Place, TrafficSummary

SELF_WORDS = frozenset(
    """
    me self user profile account current whoami userinfo my myself verify_credentials session current_user currentuser own mine viewer
    konto mein_konto compte mon_compte cuenta mi_cuenta perfil meu_perfil mi_perfil conta profil mijn_account yo ich moi mi
    """.split()  # noqa: SIM905 -- a table of words reads best as text
)
"""Last words of a path, or members of an answer, that mean the caller."""
ALWAYS_SELF = frozenset(["me", "self", "my", "mine", "myself", "whoami", "viewer", "current_user", "currentuser", "verify_credentials", "userinfo"])
"""Those that mean nothing else wherever they stand."""
NAMING_KINDS = ("email", "username", "phone")
ACCOUNTS = frozenset(
    ["customer", "member", "employee", "person", "kunde", "cliente", "usuario", "benutzer", "nutzer", "utilisateur", "utente", "identity"]
)
"""Members under which an endpoint about the caller may put the caller."""
FEW_RENAMES = 2
"""Identifiers of one kind that a caller's own record may show: one may have been changed."""


class Whose:
    """Tells for every sighting whose the value is, and whether that is the caller."""

    def __init__(self, people: People, holders: dict[int, set[Node]], *, admins: set[int], nobody: set[int] = frozenset()) -> None:  # type: ignore[assignment]
        self.people = people
        self.callers = {caller: persons for caller, nodes in holders.items() if (persons := people.persons(nodes))}
        self.account_holders: set[Node] = set().union(*self.callers.values())
        """Persons who are callers; a key that was only ever seen in an answer makes nobody one."""
        self.admins = admins
        self.nobody = nobody
        self.known: dict[int, Node] = {}
        """Values that were seen as one person's and nobody else's."""

    def learn_values(self, sightings: Iterable[tuple[FieldKey, Iterable[Sighting]]]) -> None:
        """Remember values that stood in one person's object only, to know them again anywhere. Source: AntShield (2018), predefined PII."""
        owner: dict[int, Node | None] = {}
        for key, seen in sightings:
            if kind_of_name(key.name) == "uid":
                continue
            for sighting in seen:
                persons = self.people.persons(sighting.subject)
                if len(persons) == 1 and all(self.people.knows(node) for node in sighting.subject):
                    (person,) = persons
                    owner[sighting.value] = person if owner.get(sighting.value, person) == person else None
        self.known = {value: person for value, person in owner.items() if person is not None}

    def is_anonymous(self, caller: int) -> bool:
        return caller == ANONYMOUS or caller in self.nobody

    def subject(self, sighting: Sighting, kind: str | None = None) -> set[Node]:
        """Give the persons that a value is about: the one that the value itself names, else the enclosing object's, else the one it is known of."""
        kinds: tuple[str, ...] = ("email",) if kind in {None, "uid"} else NAMING_KINDS
        named = next((self.people.find((k, sighting.value)) for k in kinds if self.people.knows((k, sighting.value))), None)
        if named is not None:
            return {named}
        persons = self.people.persons(sighting.subject)
        if not persons and sighting.value in self.known:
            return {self.people.find(self.known[sighting.value])}
        return persons

    def relation(self, caller: int, subject: set[Node]) -> str:
        mine = self.callers.get(caller, set())
        if not subject:
            return "unknown"
        if mine & subject:
            return "self"
        if self.is_anonymous(caller):
            return "other"
        return "other" if self.people.kinds_of(mine) & self.people.kinds_of(subject) else "unknown"

    def relation_of(self, sighting: Sighting, name: str = "") -> str:
        """Tell the relation of one value, given the name of the member that it stands in."""
        return self.relation(sighting.caller, self.subject(sighting, kind_of_name(name)))

    def recipient(self, caller: int) -> str:
        mine = self.callers.get(caller)
        return f"{min(mine)}" if mine else "anonymous" if self.is_anonymous(caller) else f"{caller}"


def whose(summary: TrafficSummary, templates: Mapping[Place, str] | None = None) -> Whose:
    """Learn from a summary who its callers are and which identifiers are one person's.

    Cost: linear in the sightings kept.
    """
    if templates is None:
        route = summary.paths.templates(())
        templates = {place: route.match(place.host, place.method, place.path) for place in summary.places}
    claims = [tuple(sorted(nodes)) for nodes in summary.holders.values() if nodes]
    people = People([*summary.links, *sorted(set(claims))])
    holders = {caller: set(nodes) for caller, nodes in summary.holders.items()}
    for caller, node in self_evidence(summary, templates):
        holders.setdefault(caller, set()).add(node)
    inherit(holders, summary.successions)
    for nodes in holders.values():
        people.join(nodes)
    answer = Whose(people, holders, admins=set(summary.admins), nobody=nobodies(summary, holders))
    staff = people.persons(summary.admin_nodes)
    answer.admins |= {caller for caller, persons in answer.callers.items() if persons & staff}
    active = {caller for place in summary.places.values() for caller in place.callers}
    answer.account_holders = set().union(*(persons for caller, persons in answer.callers.items() if caller in active))
    answer.learn_values(summary.sightings.items())
    return answer


def inherit(holders: dict[int, set[Node]], successions: set[tuple[int, int]]) -> None:
    """Let a session that took another's place have its holder, unless it has its own."""
    after: dict[int, list[int]] = defaultdict(list)
    for old, new in sorted(successions):
        after[old].append(new)
    stack = sorted((caller for caller in after if holders.get(caller)), reverse=True)
    while stack:
        caller = stack.pop()
        for new in after[caller]:
            if not holders.get(new):
                holders[new] = set(holders[caller])
                stack.append(new)


def nobodies(summary: TrafficSummary, holders: dict[int, set[Node]]) -> set[int]:
    """Find sessions that belong to visitors: handed out before anyone signed in, and never signed in with."""
    after: dict[int, list[int]] = defaultdict(list)
    for old, new in summary.successions:
        after[old].append(new)
    found: set[int] = set()
    stack = [session for session in summary.unclaimed if not holders.get(session)]
    while stack:
        session = stack.pop()
        if session not in found:
            found.add(session)
            stack += [new for new in after[session] if not holders.get(new)]
    return found


Answers = dict[int, Counter[tuple[int, tuple[Node, ...]]]]
"""Caller to the (value, subject) pairs received."""


def self_evidence(summary: TrafficSummary, templates: Mapping[Place, str]) -> Iterator[tuple[int, Node]]:
    """Yield (caller, identifier) from endpoints that answer each caller with one record, differing between callers."""
    found: dict[tuple[str, str, str, str, str, bool], Answers] = {}
    for key, seen in summary.sightings.items():
        template = templates[key.place]
        if may_answer_with_oneself(key, template):
            spot = (key.place.host, key.place.method, template, key.place.operation, key.path, says_self(key, template))
            by_caller = found.setdefault(spot, defaultdict(Counter))
            for sighting, n in seen.items():
                if sighting.caller != ANONYMOUS and sighting.subject:
                    by_caller[sighting.caller][sighting.value, sighting.subject] += n
    for spot, by_caller in found.items():
        if answers_each_with_their_own(by_caller, surely=spot[-1]):
            for caller, values in by_caller.items():
                yield from ((caller, node) for _, subject in values for node in subject)


def may_answer_with_oneself(key: FieldKey, template: str) -> bool:
    """Tell whether a field could identify the caller: an identifier at the top of a good answer to a path without parameters."""
    if key.where != "response.body" or not 200 <= key.status < 300 or "[*]" in key.path or "[~]" in key.path or not kind_of_name(key.name):
        return False
    names = [snake(parent) for parent in key.parents]
    return "{" not in template and all(n in ENVELOPES or n in SELF_WORDS or n in ACCOUNTS for n in names)


def says_self(key: FieldKey, template: str) -> bool:
    """Tell whether the path or a member's name means the caller in so many words."""
    parts = words_of(template)
    words = {*parts, *(snake(parent) for parent in key.parents), snake(key.place.operation.lstrip("#"))}
    return bool(words & ALWAYS_SELF) or (bool(parts) and parts[-1] in SELF_WORDS)


def words_of(template: str) -> list[str]:
    """Split a path into words, without the ending that some APIs write: ``/users/current.json``."""
    return [snake(part.removesuffix(".json").removesuffix(".xml")) for part in template.strip("/").split("/")]


def answers_each_with_their_own(by_caller: Answers, *, surely: bool) -> bool:
    values = [{value for value, _ in pairs} for pairs in by_caller.values()]
    if surely:
        return all(len(own) <= FEW_RENAMES for own in values)
    distinct = set().union(*values) if values else set()
    return len(by_caller) >= 2 and len(distinct) >= 2 and all(len(own) == 1 for own in values)
