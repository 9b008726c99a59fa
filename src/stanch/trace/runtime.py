"""What the running application told: exact routes, and who read a leaking attribute while the evidence was served."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from stanch.trace.classes import find, meta_value
from stanch.trace.link import Linked, method_place, segments, verbs
from stanch.trace.model import Chain, Place, Route, Step, Traced
from stanch.trace.project import Name, Project
from stanch.trace.syntax import normal

SURE = 0.99


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenRoute:
    methods: tuple[str, ...]
    template: str
    file: str
    symbol: str
    is_class: bool = False
    action: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    file: str
    """Empty where the frame is a library's; then ``owner`` is what it works for."""
    line: int
    symbol: str
    owner: str = ""
    """Class of the project whose instance the frame's method serves."""
    owner_file: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """One way in which an attribute was read, innermost frame first."""

    endpoint: str
    cls: str
    attribute: str
    frames: tuple[Frame, ...]


def linked(project: Project, seen: Iterable[SeenRoute]) -> tuple[Linked, ...]:
    """Give routes as the application itself lists them, where their handlers are the project's."""
    return tuple(dict.fromkeys(one for row in seen for one in of_row(project, row)))


def of_row(project: Project, row: SeenRoute) -> Iterator[Linked]:
    module = next((m for m, s in project.summaries.items() if s.path == row.file), None)
    if module is None:
        return
    name = Name(module, row.symbol)
    template = plain(row.template)
    if row.is_class:
        actions = [(m, row.action) for m in row.methods] if row.action else [(v.upper(), v) for v in verbs(project, name)]
        for method, action in actions:
            yield Linked(method, segments(template), template, method_place(project, name, action), name, action, "as it runs")
    elif project.node(name) is not None:
        for method in row.methods:
            yield Linked(method, segments(template), template, name, None, "", "as it runs")


def plain(template: str) -> str:
    from stanch.trace.framework.django import plain as of_pattern  # noqa: PLC0415 -- only for regular expressions

    return "/" + of_pattern(template).lstrip("/")


def confirmed(project: Project, traced: Traced, reads: Sequence[Read]) -> Traced:
    """Put the ways that were seen at run time first; a way that the source showed and the run confirms is sure."""
    name = normal(traced.path.rsplit(".", 1)[-1])
    mine = [r for r in reads if r.endpoint == traced.endpoint and normal(r.attribute) == name and passes(r, traced.route)]
    chains = dict.fromkeys(c for r in mine if (c := chain_of(project, r, traced.route)) is not None)
    if not chains:
        return traced
    by_cause = {(c.cause.place.file, function(c.cause.place.symbol)): c for c in chains}
    kept = [replace(c, confidence=SURE, ends="") for c in traced.chains if (c.cause.place.file, function(c.cause.place.symbol)) in by_cause]
    known = {(c.cause.place.file, function(c.cause.place.symbol)) for c in kept}
    new = [c for key, c in by_cause.items() if key not in known]
    rest = [
        replace(c, confidence=round(c.confidence / 2, 2))
        for c in traced.chains
        if (c.cause.place.file, function(c.cause.place.symbol)) not in by_cause
    ]
    return replace(traced, chains=(*kept, *new, *rest), abstained="")


def function(symbol: str) -> str:
    return symbol.replace(".<locals>", "").split(".<")[0].split(".Meta")[0]


def passes(read: Read, route: Route | None) -> bool:
    """Tell whether a read happened under the matched handler: sign-in checks and the like read the same attributes."""
    if route is None:
        return bool(read.frames)
    return any(f.file == route.handler.file and function(f.symbol).endswith(function(route.handler.symbol)) for f in read.frames)


def chain_of(project: Project, read: Read, route: Route | None) -> Chain | None:
    """Make a chain of the application's frames, outermost first; the innermost lets the field out."""
    steps = (
        [Step(kind="route", place=replace(route.handler, symbol=f"{route.method} {route.template}"), how=f"{route.framework} route")] if route else []
    )
    frames = list(dict.fromkeys((f.file, f.line, function(f.symbol)) for f in reversed(read.frames) if f.file))
    if not frames:
        return None
    start = next(
        (i for i, (file, _, symbol) in enumerate(frames) if route and file == route.handler.file and symbol.endswith(route.handler.symbol)), 0
    )
    steps += [
        Step(kind="handler" if i == 0 else "dict-key", place=Place(file=file, line=line, symbol=symbol), how="ran while the request was served")
        for i, (file, line, symbol) in enumerate(frames[start:])
    ]
    schema = schema_step(project, read)
    if schema is not None:
        steps.append(schema)
    return Chain(steps=(*steps, attribute_step(project, read)), cause=steps[-1], confidence=SURE)


def schema_step(project: Project, read: Read) -> Step | None:
    """Find the declaring line of the innermost serialiser of the project that a library was working for."""
    for frame in read.frames:
        if frame.file:
            return None
        module = next((m for m, s in project.summaries.items() if s.path == frame.owner_file), None)
        if frame.owner and module and frame.owner in project.summaries[module].classes and frame.owner.rsplit(".", 1)[-1] != read.cls:
            cls = Name(module, frame.owner)
            at = find(project, cls, read.attribute) or meta_value(project, cls, "fields") or meta_value(project, cls, "exclude")
            place = (
                at.place(project)
                if at
                else Place(file=frame.owner_file, line=project.summaries[module].classes[frame.owner].line, symbol=frame.owner)
            )
            return Step(kind="schema-field", place=place, how="was serialising when the attribute was read")
    return None


def attribute_step(project: Project, read: Read) -> Step:
    for module, summary in project.summaries.items():
        if read.cls in summary.classes:
            at = find(project, Name(module, read.cls), read.attribute)
            if at is not None:
                return Step(kind="model-attribute", place=at.place(project), how="read at run time")
    return Step(kind="model-attribute", place=Place(file="", line=0, symbol=f"{read.cls}.{read.attribute}"), how="read at run time")
