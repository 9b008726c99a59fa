"""Other languages in breadth: routes, the functions that they reach, and the lines there that most likely let a field out.

Names are matched, not resolved; what it gives are candidates and never proof, and the confidence says so.
Needs ``ast-grep-py`` (the extra ``trace``); without it nothing is found, and that is said.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from stanch.finding.report import Finding
from stanch.trace.link import Linked, segments
from stanch.trace.match import fit
from stanch.trace.model import Chain, Place, Route, Step, StepKind, Traced
from stanch.trace.pack import PACKS
from stanch.trace.pack.model import Pack
from stanch.trace.project import Name
from stanch.trace.syntax import normal
from stanch.trace.walk import keys_of

try:
    from ast_grep_py import SgRoot
except ImportError:  # the extra is not installed
    SgRoot = None  # type: ignore[assignment,misc]
if TYPE_CHECKING:
    from ast_grep_py import SgNode

LANGUAGES = {
    ".js": "javascript", ".mjs": "javascript", ".cjs": "javascript", ".ts": "typescript", ".rb": "ruby", ".php": "php", ".java": "java", ".kt": "kotlin", ".cs": "csharp", ".go": "go",
}  # fmt: skip
FUNCTIONS = {
    "function_declaration",
    "method_definition",
    "arrow_function",
    "function_expression",
    "method",
    "singleton_method",
    "method_declaration",
    "function_definition",
}
TESTS = re.compile(r"(^|/)(tests?|specs?|__tests__|cypress|e2e|frontend|node_modules)/|\.(spec|test)\.\w+$|_test\.go$|_spec\.rb$")
RAILS = {"index": ("GET", ""), "create": ("POST", ""), "show": ("GET", "/{id}"), "update": ("PUT", "/{id}"), "destroy": ("DELETE", "/{id}")}
MAX_DEPTH = 2
MAX_FUNCTIONS = 30
MIN_ROUTE = 0.7
EXPLICIT, FETCHED, DECLARED, RETURNED = 0.8, 0.7, 0.6, 0.5
"""How sure a candidate is in the handler itself: written by name, fetched whole, declared in a class that the handler names, returned as it is."""
FARTHER = 0.9


@dataclass(frozen=True, slots=True)
class Function:
    name: str
    owner: str
    """Class, or nothing."""
    file: str
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Found:
    """A route with its handler, if that could be found."""

    pack: Pack
    method: str
    template: str
    file: str
    line: int
    handler: Function | None


@dataclass(slots=True)
class Tree:
    sources: Mapping[str, str]
    functions: dict[str, list[Function]] = field(default_factory=dict)
    """By folded name."""
    of_file: dict[str, list[Function]] = field(default_factory=dict)
    routes: list[Found] = field(default_factory=list)
    mounts: dict[str, str] = field(default_factory=dict)
    """File stem to the path that its routes hang below."""

    @classmethod
    def read(cls, sources: Mapping[str, str]) -> "Tree":
        """Read all files of the languages known; nothing where the parser is not installed."""
        tree = cls(sources)
        if SgRoot is None:
            return tree
        roots: dict[str, SgNode] = {}
        for path in sorted(p for p in sources if suffix(p) in LANGUAGES and not TESTS.search(p)):
            roots[path] = SgRoot(sources[path], LANGUAGES[suffix(path)]).root()
            tree.collect(path, roots[path])
        for path, root in roots.items():
            for pack in PACKS:
                if path.endswith(pack.suffixes) and pack.marks.search(sources[path]):
                    tree.routes += declared(tree, pack, path, root)
        return tree

    def collect(self, path: str, root: "SgNode") -> None:
        for kind in sorted(FUNCTIONS):
            for node in nodes(root, kind):
                name = name_of(node)
                found = Function(name, owner_of(node), path, node.range().start.line + 1, node.range().end.line + 1)
                self.of_file.setdefault(path, []).append(found)
                if name:
                    self.functions.setdefault(normal(name), []).append(found)

    def enclosing(self, path: str, line: int) -> Function | None:
        """Give the smallest function around a line."""
        around = [f for f in self.of_file.get(path, ()) if f.first <= line <= f.last]
        return min(around, key=lambda f: f.last - f.first, default=None)

    def named(self, dotted: str, near: str) -> Function | None:
        """Find a function by name; of several, the one whose class or file its qualifier is named after, then the nearest."""
        parts = [p for p in re.split(r"[.#@/\\:,'\"\s\[\]()]+", dotted.replace("::class", "")) if p]
        if not parts:
            return None
        qualifier = normal(parts[-2]).removesuffix("controller") if len(parts) > 1 else ""
        candidates = self.functions.get(normal(parts[-1]), [])
        fitting = [f for f in candidates if qualifier and (qualifier in normal(f.owner) or qualifier in normal(f.file.rsplit("/", 1)[-1]))]
        chosen = fitting or (
            [f for f in candidates if f.file == near] or candidates
            if not qualifier or len(candidates) == 1
            else [f for f in candidates if f.file == near]
        )
        return chosen[0] if chosen else None

    def lines(self, f: Function) -> list[tuple[int, str]]:
        text = self.sources[f.file].splitlines()
        return [(n, text[n - 1]) for n in range(f.first, min(f.last, len(text)) + 1)]


def is_blind(sources: Mapping[str, str]) -> bool:
    """Tell whether there is source that can't be read for want of the parser."""
    return SgRoot is None and any(suffix(p) in LANGUAGES for p in sources)


def suffix(path: str) -> str:
    return "." + path.rsplit(".", 1)[-1]


def nodes(root: "SgNode", kind: str) -> list["SgNode"]:
    try:
        return list(root.find_all(kind=kind))
    except RuntimeError:  # the language has no such kind
        return []


def name_of(node: "SgNode") -> str:
    """Name a function: its own name, or that of the variable, property or export that it is assigned to."""
    own = node.field("name")
    if own is not None:
        return own.text()
    parent = node.parent()
    for label in ("name", "left", "key", "property"):
        found = parent.field(label) if parent is not None else None
        if found is not None:
            return found.text().rsplit(".", 1)[-1].strip("'\"")
    return ""


def owner_of(node: "SgNode") -> str:
    current = node.parent()
    while current is not None:
        if "class" in current.kind() and (name := current.field("name")) is not None:
            return name.text()
        current = current.parent()
    receiver = node.field("receiver")
    return re.sub(r"[^\w]", " ", receiver.text()).split()[-1] if receiver is not None and receiver.text().strip("() ") else ""


def declared(tree: Tree, pack: Pack, path: str, root: "SgNode") -> Iterator[Found]:
    text = tree.sources[path]
    yield from by_call(tree, pack, path, root)
    for pattern in pack.mounts:
        for node in root.find_all(pattern=pattern):
            mount(tree, path, node)
    if pack.marker is not None:
        yield from by_marker(tree, pack, path, text)
    if pack.lines is not None:
        for match in pack.lines.finditer(text):
            groups = match.groupdict()
            verb, line = (groups.get("verb") or groups.get("verb2") or "*").upper(), text[: match.start()].count("\n") + 1
            handler = tree.named(groups["handler"], path) if groups.get("handler") else tree.enclosing(path, text[: match.end()].count("\n") + 1)
            yield Found(pack, verb, scoped(text, match.start(), groups["path"]), path, line, handler)
    if pack.resources is not None:
        yield from by_resource(tree, pack, path, text)


def by_call(tree: Tree, pack: Pack, path: str, root: "SgNode") -> Iterator[Found]:
    for pattern, method in pack.calls:
        for node in root.find_all(pattern=pattern):
            given, rest = node.get_match("PATH"), node.get_multiple_matches("REST")
            template = given.text().strip("'\"`") if given is not None else ""
            if not template.startswith(("/", ":", "*")) or not rest:
                continue
            last = next((r for r in reversed(rest) if r.text() not in {",", ")"}), rest[-1])
            yield Found(pack, method, template, path, node.range().start.line + 1, handler_of(tree, last, path))


def handler_of(tree: Tree, node: "SgNode", path: str) -> Function | None:
    """Find the handler: written in place, wrapped in a call, or named."""
    inline = node if node.kind() in FUNCTIONS else next((n for kind in ("arrow_function", "function_expression") for n in nodes(node, kind)), None)
    if inline is not None:
        return Function("", "", path, inline.range().start.line + 1, inline.range().end.line + 1)
    text = node.text()
    inner = re.match(r"[\w.]+\(\s*([\w.]+)\s*[,)]", text)
    return (tree.named(inner[1], path) if inner else None) or tree.named(re.sub(r"\(.*", "", text, flags=re.DOTALL), path)


def mount(tree: Tree, path: str, node: "SgNode") -> None:
    """Note below which path the routes of an imported file hang."""
    given, rest = node.get_match("PATH"), node.get_multiple_matches("REST")
    prefix = given.text().strip("'\"`") if given is not None else ""
    if not prefix.startswith("/"):
        return
    for item in rest:
        name = re.sub(r"\W.*", "", item.text())
        origin = re.search(rf"\b{re.escape(name)}\b[^\n]*?(?:require\(|from\s*)\s*['\"]([^'\"]+)", tree.sources[path]) if name else None
        inline = re.search(r"require\(\s*['\"]([^'\"]+)", item.text())
        found = inline or origin
        if found:
            tree.mounts[found[1].rsplit("/", 1)[-1].rsplit(".", 1)[0] if "/" in found[1] else found[1]] = prefix


def by_marker(tree: Tree, pack: Pack, path: str, text: str) -> Iterator[Found]:
    """Read decorators, annotations and attributes; the function that follows is the handler."""
    assert pack.marker is not None  # noqa: S101 -- the caller looked
    heads = list(pack.prefix.finditer(text)) if pack.prefix else []
    for match in pack.marker.finditer(text):
        line = text[: match.end()].count("\n") + 1
        above = next((h for h in reversed(heads) if h.start() < match.start()), None)
        handler = min(
            (f for f in tree.of_file.get(path, ()) if f.name and f.last >= line),
            key=lambda f: (max(f.first - line, 0), f.last - f.first),
            default=None,
        )
        prefix = (above["path"] or "") if above else ""
        if "[controller]" in prefix and handler:
            prefix = prefix.replace("[controller]", handler.owner.removesuffix("Controller"))
        template = "/".join(p.strip("/") for p in (prefix, match["path"] or "") if p)
        yield Found(pack, match["verb"].upper(), f"/{template}", path, line, handler)


def by_resource(tree: Tree, pack: Pack, path: str, text: str) -> Iterator[Found]:
    assert pack.resources is not None  # noqa: S101 -- the caller looked
    for match in pack.resources.finditer(text):
        handler = match.groupdict().get("handler") or f"{match['name'].rsplit('/', 1)[-1]}_controller"
        base = scoped(text, match.start(), match["name"])
        line = text[: match.start()].count("\n") + 1
        for action, (method, tail) in RAILS.items():
            function = tree.named(f"{handler.rsplit(chr(92), 1)[-1]}.{action}", path)
            if function is not None:
                yield Found(pack, method, f"{base}{tail}", path, line, function)


def scoped(text: str, at: int, path: str) -> str:
    """Put the namespaces and prefixes around a line before its path."""
    found: list[str] = []
    indent = len(text[text.rfind("\n", 0, at) + 1 :]) - len(text[text.rfind("\n", 0, at) + 1 :].lstrip())
    for line in reversed(text[:at].splitlines()):
        here = len(line) - len(line.lstrip())
        match = re.match(
            r"\s*(?:namespace\s+:(\w+)|scope\s+['\"]([^'\"]+)|resources?\s+:(\w+)|.*prefix\(\s*['\"]([^'\"]+)['\"].*group|.*\.Group\(\s*\"([^\"]+))",
            line,
        )
        if match and here < indent and line.strip():
            found.insert(0, (match[1] or match[2] or (f"{match[3]}/{{id}}" if match[3] else "") or match[4] or match[5] or "").strip("/"))
            indent = here
    return "/" + "/".join([*found, path.strip("/")])


def trace(tree: Tree, finding: Finding) -> Traced | None:
    """Trace a finding through the other languages of a tree; nothing where no route fits."""
    method, _, template = finding.endpoint.partition(" ")
    seen = segments(template.split("#", 1)[0])
    fitting = sorted(((score(tree, r, method, seen), n, r) for n, r in enumerate(tree.routes)), key=lambda t: (-t[0], t[1]))
    best = [(s, r) for s, _, r in fitting if s >= MIN_ROUTE and s >= fitting[0][0] - 0.02]
    if not best:
        return None
    handlers = {(r.handler.file, r.handler.first) for _, r in best if r.handler}
    route = best[0][1]
    chains: tuple[Chain, ...] = ()
    why = "the handler of the route is not found" if not handlers else ""
    if len(handlers) == 1:
        sure, route = next((s, r) for s, r in best if r.handler)
        chains = tuple(chain(route, c, sure) for c in candidates(tree, route, finding.path))[:5]
        why = "" if chains else "nothing in the handler and what it calls shows this field"
    elif handlers:
        why = f"{len(handlers)} routes fit equally"
    return Traced(
        fingerprint=finding.fingerprint, endpoint=finding.endpoint, path=finding.path, datatype=finding.datatype, severity=finding.severity,
        route=shown(route) if len(handlers) == 1 else None, chains=chains, abstained=why,
    )  # fmt: skip


def score(tree: Tree, route: Found, method: str, seen: tuple[str, ...]) -> float:
    prefix = tree.mounts.get(route.file.rsplit("/", 1)[-1].rsplit(".", 1)[0], "")
    whole = segments(f"{prefix}/{route.template.lstrip('/')}")
    return fit(Linked(route.method, whole, route.template, Name("", ""), None, "", route.pack.name), method, seen)


def shown(route: Found) -> Route:
    f = route.handler
    place = Place(file=f.file, line=f.first, symbol=symbol(f)) if f else Place(file=route.file, line=route.line, symbol=route.template)
    return Route(method=route.method, template=route.template, framework=route.pack.name, handler=place)


def symbol(f: Function) -> str:
    return ".".join(p for p in (f.owner, f.name) if p) or "handler"


@dataclass(frozen=True, slots=True)
class Candidate:
    kind: StepKind
    place: Place
    how: str
    score: float


def candidates(tree: Tree, route: Found, path: str) -> list[Candidate]:
    """Rank the lines that the handler reaches by how likely they let the field out."""
    leaf = keys_of(path)[-1:]
    if not leaf or route.handler is None:
        return []
    name = re.compile(r"[_-]?".join(map(re.escape, words(leaf[0]))), re.IGNORECASE)
    found: dict[tuple[str, int], Candidate] = {}
    for f, distance in reached(tree, route.handler):
        for one in (*in_function(tree, route.pack, f, name, distance), *declared_fields(tree, f, name, distance)):
            key = (one.place.file, one.place.line)
            if key not in found or found[key].score < one.score:
                found[key] = one
    return sorted(found.values(), key=lambda c: (-c.score, c.place.file, c.place.line))


def words(name: str) -> list[str]:
    return [w for w in re.split(r"[_\-\s]+|(?<=[a-z0-9])(?=[A-Z])", name) if w]


def reached(tree: Tree, start: Function) -> Iterator[tuple[Function, int]]:
    """Walk the functions that a handler calls by name, near ones first."""
    queue, seen = [(start, 0)], {(start.file, start.first)}
    while queue and len(seen) <= MAX_FUNCTIONS:
        f, distance = queue.pop(0)
        yield f, distance
        if distance >= MAX_DEPTH:
            continue
        text = "\n".join(line for _, line in tree.lines(f))
        for called in re.findall(r"([\w.$@:>-]*\w)\s*\(", text):
            other = tree.named(re.sub(r"->|::", ".", called), f.file)
            if other is not None and (other.file, other.first) not in seen:
                seen.add((other.file, other.first))
                queue.append((other, distance + 1))


def in_function(tree: Tree, pack: Pack, f: Function, name: re.Pattern[str], distance: int) -> Iterator[Candidate]:
    """Find lines that write the member by name, fetch whole entities, or hand one to the encoder."""
    explicit = re.compile(
        rf"(?<![\w.$])['\"]?\b{name.pattern}\b['\"]?\s*(:(?!:)|=>|=(?!=))|['\"]{name.pattern}['\"]\s*,|json\.{name.pattern}\b", re.IGNORECASE
    )
    for number, line in tree.lines(f):
        if line.lstrip().startswith(("//", "#", "*", "/*")):
            continue
        place = Place(file=f.file, line=number, symbol=symbol(f))
        if explicit.search(line) and "where" not in line and "req." not in line:
            yield Candidate("dict-key", place, "candidate: the member is written by name here", EXPLICIT * FARTHER**distance)
        elif pack.fetches is not None and pack.fetches.search(line):
            yield Candidate("query", place, "candidate: whole entities are fetched here", FETCHED * FARTHER**distance)
        elif pack.returns is not None and pack.returns.search(line):
            yield Candidate("raw-entity", place, "candidate: an object goes out as it is", RETURNED * FARTHER**distance)


def declared_fields(tree: Tree, f: Function, name: re.Pattern[str], distance: int) -> Iterator[Candidate]:
    """Find the field's declaration in a serialiser, resource or transfer class that the function names."""
    text = "\n".join(line for _, line in tree.lines(f))
    for cls in dict.fromkeys(re.findall(r"\b([A-Z]\w*(?:Serializer|Resource|Dto|DTO|Response|View|ViewModel|Presenter|Blueprint))\b", text)):
        for path, source in tree.sources.items():
            if suffix(path) not in LANGUAGES or not (head := re.search(rf"\b(class|record|type|interface)\s+{cls}\b", source)):
                continue
            for number, line in enumerate(source[head.start() :].splitlines()[:120], source[: head.start()].count("\n") + 1):
                if re.search(rf"\b{name.pattern}\b", line, re.IGNORECASE) and not re.search(r"JsonIgnore|Exclude|json:\"-\"|hidden", line):
                    yield Candidate("schema-field", Place(file=path, line=number, symbol=f"{cls}.{name.pattern.replace('[_-]?', '_')}"), "candidate: declared in the class that goes out", 1.2 * DECLARED * FARTHER**distance)  # fmt: skip
                    break


def chain(route: Found, candidate: Candidate, sure: float) -> Chain:
    place = shown(route)
    head = (
        Step(kind="route", place=Place(file=route.file, line=route.line, symbol=f"{route.method} {route.template}"), how=f"{route.pack.name} route"),
        Step(kind="handler", place=place.handler, how="serves the route"),
    )
    step = Step(kind=candidate.kind, place=candidate.place, how=candidate.how)
    return Chain(steps=(*head, step), cause=step, confidence=round(candidate.score * sure, 2), ends="read by names only: a candidate, not proof")
