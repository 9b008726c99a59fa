"""What one module declares, in names and lines: the part of the index that may be cached. Holds no text of the source."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class RawRoute:
    """A route as one module declares it, its prefixes still unknown."""

    methods: tuple[str, ...]
    """Upper case; empty where the handler decides."""
    path: str
    owner: str
    """Local name of the application, blueprint, router or URL list that it hangs on."""
    handler: str
    """Dotted, as the module names it."""
    line: int
    framework: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Mount:
    """One container of routes hung below another."""

    owner: str
    child: str
    """Dotted, as the module names it; a module's own name where ``is_module``."""
    prefix: str
    line: int
    is_module: bool = False
    replaces: bool = False
    """The prefix takes the place of the child's own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Container:
    name: str
    prefix: str
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassFact:
    line: int
    bases: tuple[str, ...]
    methods: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    path: str
    module: str
    is_package: bool
    n_lines: int
    imports: dict[str, str] = field(default_factory=dict)
    """Local name to dotted origin."""
    stars: tuple[str, ...] = ()
    classes: dict[str, ClassFact] = field(default_factory=dict)
    functions: dict[str, int] = field(default_factory=dict)
    assigned: dict[str, str] = field(default_factory=dict)
    """Names that the module assigns; to the dotted name that one is an alias of, or to nothing."""
    routes: tuple[RawRoute, ...] = ()
    mounts: tuple[Mount, ...] = ()
    containers: tuple[Container, ...] = ()
    relations: tuple[tuple[str, str, tuple[str, ...]], ...] = ()
    """Relations of models that have a name on their far side: class, target as written, names there."""
    conditions: tuple[tuple[str, int, str], ...] = ()
    """Dotted names that stand alone as conditions: name, line, enclosing function."""
    error: str = ""
    """Why the module could not be parsed."""
