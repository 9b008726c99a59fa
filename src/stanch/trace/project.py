"""The traced project: modules by name, names resolved through imports, classes with their ancestry. Trees are parsed when first asked for."""

import ast
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache

from stanch.trace.framework import COLLECTORS
from stanch.trace.gather import gather
from stanch.trace.summary import Container, Mount, RawRoute, Summary
from stanch.trace.syntax import FUNCTIONS, Function

MAX_HOPS = 12
"""Re-exports followed before a name counts as unresolved."""


@dataclass(frozen=True, slots=True)
class Name:
    """Something that a module of the project declares: a class, a function or an assigned name."""

    module: str
    qualname: str


@dataclass(frozen=True, slots=True)
class Outside:
    """Something that no module of the project declares."""

    dotted: str


@dataclass(frozen=True, slots=True)
class ModuleName:
    module: str


Resolved = Name | Outside | ModuleName


def module_of(path: str) -> tuple[str, bool]:
    parts = path.removesuffix(".py").split("/")
    is_package = parts[-1] == "__init__"
    return ".".join(parts[:-1] if is_package else parts), is_package


def summarise(path: str, source: str) -> tuple[Summary, ast.Module | None]:
    """Read one module; a module that can't be parsed says why."""
    module, is_package = module_of(path)
    n_lines = source.count("\n") + 1
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError) as error:
        line = getattr(error, "lineno", None)
        return Summary(
            path=path, module=module, is_package=is_package, n_lines=n_lines, error=f"line {line}: not valid Python" if line else "not valid Python"
        ), None
    found = gather(tree, module=module, is_package=is_package)
    facts = [fact for collect in COLLECTORS for fact in collect(found)]
    summary = Summary(
        path=path,
        module=module,
        is_package=is_package,
        n_lines=n_lines,
        imports=found.imports,
        stars=tuple(found.stars),
        classes=found.classes,
        functions=found.functions,
        assigned=found.assigned,
        routes=tuple(dict.fromkeys(f for f in facts if isinstance(f, RawRoute))),
        mounts=tuple(dict.fromkeys(f for f in facts if isinstance(f, Mount))),
        conditions=tuple(found.conditions),
        relations=tuple(found.relations),
        containers=tuple(f for f in facts if isinstance(f, Container)),
    )
    return summary, tree


@dataclass(slots=True)
class Project:
    sources: Mapping[str, str]
    summaries: dict[str, Summary]
    """By module name."""
    root: str = ""
    """Name of the source folder, which may itself be the package that its modules import."""
    trees: dict[str, ast.Module] = field(default_factory=dict)
    nodes: dict[str, dict[str, ast.AST]] = field(default_factory=dict)
    assigned: Callable[[Name], Resolved | None] | None = None
    """Tells which class an assigned name holds, once someone can evaluate assignments."""
    kinds: dict[Name, str] = field(default_factory=dict)
    declarations: dict[Name, tuple[object, ...]] = field(default_factory=dict)
    """What ``classes`` has told of classes so far."""
    _ancestry: dict[Name, tuple[Resolved, ...]] = field(default_factory=dict)
    _by_end: dict[str, list[str]] = field(default_factory=dict)
    _resolved: dict[tuple[str, str], Resolved] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for module in sorted(self.summaries):
            parts = module.split(".")
            for start in range(len(parts)):
                self._by_end.setdefault(".".join(parts[start:]), []).append(module)

    @classmethod
    def read(cls, sources: Mapping[str, str], *, root: str = "", known: Mapping[str, Summary] | None = None) -> "Project":
        """Index sources, Python only; ``known`` gives summaries by path that are still true."""
        summaries: dict[str, Summary] = {}
        trees: dict[str, ast.Module] = {}
        for path in sorted(p for p in sources if p.endswith(".py")):
            summary = known.get(path) if known else None
            if summary is None:
                summary, tree = summarise(path, sources[path])
                if tree is not None:
                    trees[summary.module] = tree
            summaries[summary.module] = summary
        return cls(sources=sources, summaries=summaries, root=guessed_root(summaries, root) or root, trees=trees)

    def start(self, assigned: Callable[[Name], Resolved | None]) -> None:
        """Take who can evaluate assignments; what was told without is forgotten."""
        self.assigned = assigned
        for known in (self.kinds, self.declarations, self._ancestry):
            known.clear()

    def tree(self, module: str) -> ast.Module:
        found = self.trees.get(module)
        if found is None:
            found = self.trees[module] = ast.parse(self.sources[self.summaries[module].path])
        return found

    def node(self, name: Name) -> ast.AST | None:
        """Give the class, function or last assignment behind a name."""
        table = self.nodes.get(name.module)
        if table is None:
            table = self.nodes[name.module] = {}
            tabulate(self.tree(name.module).body, "", table)
        return table.get(name.qualname)

    def file(self, module: str) -> str:
        return self.summaries[module].path

    def mentions(self, module: str, word: str) -> bool:
        """Tell cheaply whether a module can have to do with a name at all."""
        return word in self.sources[self.summaries[module].path]

    def module(self, dotted: str, importer: str = "") -> str | None:
        """Find the project's module that an absolute import names; the source folder may lie above or below the import root."""
        if not dotted:
            return None
        found = dotted if dotted in self.summaries else nearest(self._by_end.get(dotted, ()), importer)
        if found is None and self.root and dotted.startswith(f"{self.root}."):
            return self.module(dotted.removeprefix(f"{self.root}."), importer)
        return found

    def resolve(self, module: str, dotted: str) -> Resolved:
        """Follow a dotted name from a module's scope through imports and re-exports."""
        key = (module, dotted)
        if key not in self._resolved:
            self._resolved[key] = self.search(module, dotted, MAX_HOPS)
        return self._resolved[key]

    def search(self, module: str, dotted: str, hops: int) -> Resolved:
        first, _, rest = dotted.partition(".")
        summary = self.summaries[module]
        if self.declares(module, first) and first not in summary.imports:
            return self.declared(module, dotted, hops)
        if first in summary.imports and hops:
            return self.origin(f"{summary.imports[first]}.{rest}" if rest else summary.imports[first], module, hops - 1)
        if summary.is_package and f"{module}.{first}" in self.summaries:
            return self.origin(f"{module}.{dotted}", module, hops - 1)
        for star in summary.stars:
            other = self.module(star, module)
            if other and hops and other != module:
                found = self.search(other, dotted, hops - 1)
                if not isinstance(found, Outside):
                    return found
        return Outside(dotted)

    def declares(self, module: str, first: str) -> bool:
        summary = self.summaries[module]
        return first in summary.classes or first in summary.functions or first in summary.assigned

    def declared(self, module: str, dotted: str, hops: int) -> Resolved:
        """Resolve within a module; an assigned alias (``X = other.Y``) is followed."""
        first, _, rest = dotted.partition(".")
        summary = self.summaries[module]
        alias = summary.assigned.get(first, "")
        if alias and hops and first not in summary.classes and first not in summary.functions and alias.split(".", 1)[0] != first:
            return self.search(module, f"{alias}.{rest}" if rest else alias, hops - 1)
        return Name(module, dotted)

    def origin(self, dotted: str, importer: str, hops: int) -> Resolved:
        """Resolve an absolute dotted name: the longest part that is a module, then the rest inside it."""
        parts = dotted.split(".")
        for cut in range(len(parts), 0, -1):
            found = self.module(".".join(parts[:cut]), importer)
            if found is None:
                continue
            if cut == len(parts):
                return ModuleName(found)
            return self.search(found, ".".join(parts[cut:]), hops) if hops else Outside(dotted)
        return Outside(dotted)

    def bases(self, name: Name) -> tuple[Resolved, ...]:
        fact = self.summaries[name.module].classes.get(name.qualname)
        return tuple(self.as_class(self.resolve(name.module, base)) for base in fact.bases) if fact else ()

    def as_class(self, found: Resolved) -> Resolved:
        """Follow a base that is an assigned name, or lies below one, to the class that it holds."""
        if not isinstance(found, Name) or found.qualname in self.summaries[found.module].classes:
            return found
        return (self.assigned(found) if self.assigned else None) or Outside(found.qualname)

    def ancestry(self, name: Name) -> tuple[Resolved, ...]:
        """Give the class, its bases, theirs and so on, near ones first; outside classes stand by their dotted name."""
        if name in self._ancestry and self.assigned is not None:
            return self._ancestry[name]
        out: dict[Resolved, None] = {}
        queue: list[Resolved] = [name]
        while queue:
            one = queue.pop(0)
            if one in out:
                continue
            out[one] = None
            if isinstance(one, Name):
                queue += self.bases(one)
        self._ancestry[name] = tuple(out)
        return self._ancestry[name]


def guessed_root(summaries: Mapping[str, Summary], folder: str) -> str:
    """Guess the package that the source folder itself is: the import prefix that most modules share and none of them defines."""
    if "" not in summaries:
        return ""
    votes: Counter[str] = Counter()
    for summary in summaries.values():
        found = (prefix_of(origin, summaries) for origin in summary.imports.values())
        votes.update(prefix for prefix in found if prefix and (not folder or prefix.rsplit(".", 1)[-1] == folder))
    return votes.most_common(1)[0][0] if votes else ""


def prefix_of(origin: str, summaries: Mapping[str, Summary]) -> str:
    """Give the part of an imported name that lies above the source folder, where the rest is a module in it."""
    parts = origin.split(".")
    if parts[0] in summaries:
        return ""
    for cut in range(1, min(len(parts), 5)):
        if any(".".join(parts[cut:end]) in summaries for end in range(cut + 1, len(parts) + 1)):
            return ".".join(parts[:cut])
    return ""


def nearest(candidates: list[str] | tuple[str, ...], importer: str) -> str | None:
    """Choose the module that shares most of its path with the importer, then the shortest."""
    if not candidates:
        return None
    return min(candidates, key=lambda c: (-shared(c, importer), c.count("."), c))


@lru_cache(maxsize=4096)
def shared(a: str, b: str) -> int:
    n = 0
    for x, y in zip(a.split("."), b.split("."), strict=False):
        if x != y:
            break
        n += 1
    return n


def tabulate(body: list[ast.stmt], scope: str, table: dict[str, ast.AST]) -> None:
    """Enter every class and function by qualified name, and module-level assignments by name."""
    for statement in body:
        if isinstance(statement, (*FUNCTIONS, ast.ClassDef)):
            qualname = f"{scope}.{statement.name}" if scope else statement.name
            table[qualname] = statement
            tabulate(statement.body, qualname, table)
        elif isinstance(statement, (ast.Assign, ast.AnnAssign)) and not scope:
            for target in statement.targets if isinstance(statement, ast.Assign) else [statement.target]:
                if isinstance(target, ast.Name):
                    table[target.id] = statement
        else:
            for block in inner_blocks(statement):
                tabulate(block, scope, table)


def inner_blocks(statement: ast.stmt) -> list[list[ast.stmt]]:
    found = [block for name in ("body", "orelse", "finalbody") if isinstance(block := getattr(statement, name, None), list)]
    return found + [handler.body for handler in getattr(statement, "handlers", ())]


def is_function(node: ast.AST | None) -> bool:
    return isinstance(node, FUNCTIONS)


def renamed(summary: Summary, path: str) -> Summary:
    """Give a cached summary the path of the file that now has this content."""
    module, is_package = module_of(path)
    return summary if summary.path == path else replace(summary, path=path, module=module, is_package=is_package)


__all__ = ["Function", "ModuleName", "Name", "Outside", "Project", "Resolved", "summarise"]
