"""What a trace says. Names, files and lines of the traced source; no value from traffic and no text of the source."""

from dataclasses import dataclass
from typing import Literal

SCHEMA = "stanch.trace/1"
StepKind = Literal[
    "route", "handler", "response-model", "nested-schema", "schema-field", "dict-key", "json-text", "query", "generic-serialiser", "raw-entity", "model-attribute"
]  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    file: str
    """Relative to the source folder, with slashes."""
    line: int
    symbol: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    kind: StepKind
    place: Place
    how: str
    """How the step was found, in words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """One way from the route to the attribute."""

    steps: tuple[Step, ...]
    cause: Step
    """The step to change: the last one that decides what goes out."""
    confidence: float
    ends: str = ""
    """Why the trail could not be followed to the end; empty where it was."""

    @property
    def is_complete(self) -> bool:
        return not self.ends


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    method: str
    """Upper case, or ``*`` where the code does not say."""
    template: str
    framework: str
    handler: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Traced:
    """A finding's field and the ways that lead to it, most likely first."""

    fingerprint: str
    endpoint: str
    path: str
    datatype: str
    severity: str
    route: Route | None
    chains: tuple[Chain, ...]
    abstained: str = ""
    """Why no cause is named; empty where one is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fix:
    file: str
    diff: str
    """Unified, to be applied from the source folder."""
    safe: bool
    why: str
    """What the change does, and where it is unsafe, what to look at first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """One place to change, and everything that comes of it."""

    step: Step
    confidence: float
    fields: tuple[str, ...]
    """Names of the leaking members, sorted."""
    findings: tuple[str, ...]
    """Fingerprints."""
    entities: tuple[str, ...] = ()
    """Classes whose attributes leak, where the model is known."""
    siblings: tuple[Route, ...] = ()
    """Other routes that reach the same place, seen in traffic or not."""
    fix: Fix | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Risk:
    """A serialiser that would let out what nobody chose, found without traffic."""

    rule: str
    severity: Literal["low", "medium", "high"]
    place: Place
    says: str
    routes: tuple[Route, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    n_files: int
    n_lines: int
    n_routes: int
    findings: tuple[Traced, ...] = ()
    causes: tuple[Cause, ...] = ()
    risks: tuple[Risk, ...] = ()
    unread: tuple[tuple[str, str], ...] = ()
    """Files that could not be parsed, each with the reason."""
