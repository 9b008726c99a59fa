"""Match a path to its template."""

from dataclasses import dataclass, field

from stanch.inventory.segment import kind_or_text, provisional

Key = tuple[str, ...]


@dataclass(slots=True)
class Router:
    """Templates known for certain, in the order of their worth: given ones, then those that traffic showed."""

    given: tuple[str, ...] = ()
    """Templates from a contract or from the user; literal segments win over parameters."""
    learned: dict[tuple[str, str], str] = field(default_factory=dict)
    """(host, provisional path) to template."""
    _given_parts: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        ordered = sorted(set(self.given), key=lambda t: (t.count("{"), t))
        self._given_parts = [(template, split(template)) for template in ordered]

    def match(self, host: str, method: str, path: str) -> str:
        """Give the template of a path, provisional or not; a path never seen is its own provisional form, with named parameters."""
        del method  # all methods of one path share its template
        form = path if "{" in path else provisional(path)
        parts = split(form)
        for template, wanted in self._given_parts:
            if len(wanted) == len(parts) and all(w == p or w.startswith("{") or kind_or_text(w) == p for w, p in zip(wanted, parts, strict=True)):
                return template
        return self.learned.get((host, form)) or named(parts, form)


def split(path: str) -> tuple[str, ...]:
    return tuple(part for part in path.split("/") if part)


_BY_KIND = {"email": "email", "date": "date", "phone": "phone", "slug": "slug", "hex": "hash"}
_PEOPLE = frozenset(
    {
        "users",
        "user",
        "profiles",
        "profile",
        "members",
        "accounts",
        "authors",
        "people",
        "u",
        "usuarios",
        "utilisateurs",
        "benutzer",
        "followers",
        "by_username",
    }
)


def named(parts: tuple[str, ...], form: str) -> str:
    """Name the parameters of a path of literals and ``{kind}`` marks: by kind, and by the noun before where two would be equal."""
    names: list[str] = []
    out: list[str] = []
    for number, part in enumerate(parts):
        if not part.startswith("{"):
            out.append(part)
            continue
        noun = parts[number - 1] if number and not parts[number - 1].startswith("{") else ""
        name = parameter_name(part[1:-1], noun)
        while name in names:
            name = f"{singular(noun)}_{name}" if noun and f"{singular(noun)}_{name}" not in names else f"{name}{len(names) + 1}"
        names.append(name)
        out.append("{" + name + "}")
    return "/" + "/".join(out) + ("/" if form.endswith("/") and out else "")


def parameter_name(kind: str, noun: str) -> str:
    if kind == "word":
        return "username" if noun.lower() in _PEOPLE else "name"
    return _BY_KIND.get(kind, "id")


def singular(noun: str) -> str:
    return noun[:-3] + "y" if noun.endswith("ies") else noun[:-1] if noun.endswith("s") and not noun.endswith("ss") else noun
