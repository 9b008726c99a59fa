"""Trace findings: routes matched, responses interpreted, paths followed, causes gathered over all findings."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from stanch.finding.report import Finding, Report
from stanch.trace import polyglot
from stanch.trace.interpret import Evaluator
from stanch.trace.link import Linked, link
from stanch.trace.match import Candidate, candidates
from stanch.trace.model import Cause, Chain, Route, Step, Trace, Traced
from stanch.trace.project import Project
from stanch.trace.reach import Key, Reached, key_of
from stanch.trace.response import response_of
from stanch.trace.risk import risks
from stanch.trace.value import Value
from stanch.trace.walk import Trail, Walker, cause_of

MAX_ROUTES = 4
"""Routes tried for one endpoint where several fit about equally."""
NEAR = 0.13
MIN_ROUTE = 0.6
"""Below this a route is not named: a wrong handler is worse than none."""
MIN_CONFIDENCE = 0.3
MAX_CHAINS = 5


@dataclass(slots=True)
class Tracer:
    project: Project
    routes: tuple[Linked, ...]
    ev: Evaluator
    answers: dict[Linked, Value]
    reached: dict[Linked, Reached]
    tree: polyglot.Tree | None = None

    @classmethod
    def of(cls, project: Project) -> "Tracer":
        return cls(project, link(project), Evaluator(project), {}, {})

    def others(self) -> polyglot.Tree:
        """Give what is not Python, read when first asked for."""
        if self.tree is None:
            self.tree = polyglot.Tree.read(self.project.sources)
        return self.tree

    def no_route(self) -> str:
        n = len(self.routes) + len(self.others().routes)
        missing = "; other languages need the package ast-grep-py, which is not installed" if polyglot.is_blind(self.project.sources) else ""
        return f"no route of the source fits ({n} are known){missing}"

    def answer(self, route: Linked) -> Value:
        if route not in self.answers:
            self.ev.start()
            self.answers[route] = response_of(self.ev, route)
        return self.answers[route]

    def reach(self, route: Linked) -> Reached:
        """Give all that the route's response may show."""
        if route not in self.reached:
            value = self.answer(route)
            self.ev.start()
            self.reached[route] = found = Reached()
            found.visit(self.ev, value)
        return self.reached[route]

    def siblings(self, cause: Cause, found: Iterable[Traced]) -> tuple[Route, ...]:
        """Give the routes that reach a cause besides those of its findings."""
        known = {(t.route.method, t.route.template) for t in found if t.route and t.fingerprint in cause.findings}
        key = key_of(cause.step.place)
        reaching = (r for r in self.routes if self.reach(r).shows(key) and shares(self.reach(r), key, cause))
        return tuple(dict.fromkeys(r.shown(self.project) for r in reaching if (r.method, r.template) not in known))

    def trace(self, finding: Finding) -> Traced:
        method, _, template = finding.endpoint.partition(" ")
        fitting = [c for c in candidates(self.routes, method, template) if c.score >= MIN_ROUTE]
        if finding.where != "response.body":
            return abstained(finding, None, f"a field of {finding.where} is not serialised by a schema")
        if not fitting:
            return polyglot.trace(self.others(), finding) or abstained(finding, None, self.no_route())
        tried = [c for c in fitting if c.score >= fitting[0].score - NEAR][:MAX_ROUTES]
        followed = [(c, *self.follow(c, finding.path)) for c in tried]
        found = [(c, trails) for c, trails, _ in followed if trails]
        if not found:
            only = len({c.route.handler for c in tried}) == 1
            return abstained(
                finding,
                tried[0] if only else None,
                followed[0][2] if only else f"{len(tried)} routes fit equally and none of them shows this field",
                self,
            )
        best, trails = max(found, key=lambda pair: pair[0].score * pair[1][0].confidence)
        chains = tuple(self.chain(best, trail) for trail in trails)[:MAX_CHAINS]
        return Traced(
            fingerprint=finding.fingerprint, endpoint=finding.endpoint, path=finding.path, datatype=finding.datatype, severity=finding.severity,
            route=best.route.shown(self.project), chains=chains,
        )  # fmt: skip

    def follow(self, candidate: Candidate, path: str) -> tuple[list[Trail], str]:
        value = self.answer(candidate.route)
        self.ev.start()
        walker = Walker(self.ev)
        trails = [t for t in walker.follow(value, path) if t.confidence * candidate.score >= MIN_CONFIDENCE]
        end = walker.deepest or candidate.route.place(self.project)
        return trails, f"the trail ends at {end.file}:{end.line} ({end.symbol})"

    def chain(self, candidate: Candidate, trail: Trail) -> Chain:
        place = candidate.route.place(self.project)
        head = (
            Step(
                kind="route",
                place=replace(place, symbol=f"{candidate.route.method} {candidate.route.template}"),
                how=f"{candidate.route.framework} route",
            ),
            Step(kind="handler", place=place, how="serves the route"),
        )
        return Chain(
            steps=head + trail.steps, cause=cause_of(trail.steps), confidence=round(0.98 * candidate.score * trail.confidence, 2), ends=trail.ends
        )


def abstained(finding: Finding, candidate: Candidate | None, why: str, tracer: Tracer | None = None) -> Traced:
    route = candidate.route.shown(tracer.project) if candidate and tracer else None
    return Traced(
        fingerprint=finding.fingerprint, endpoint=finding.endpoint, path=finding.path, datatype=finding.datatype, severity=finding.severity,
        route=route, chains=(), abstained=why,
    )  # fmt: skip


def trace(project: Project, report: Report, tracer: Tracer | None = None) -> Trace:
    """Trace every excessive finding of a report."""
    tracer = tracer or Tracer.of(project)
    found = tuple(tracer.trace(f) for f in report.findings if f.verdict == "excessive")
    summaries = project.summaries.values()
    others = [p for p in project.sources if polyglot.suffix(p) in polyglot.LANGUAGES] if tracer.tree is not None else []
    return Trace(
        n_files=len(summaries) + len(others),
        n_lines=sum(s.n_lines for s in summaries) + sum(project.sources[p].count("\n") + 1 for p in others),
        n_routes=len(tracer.routes) + (len(tracer.tree.routes) if tracer.tree is not None else 0),
        findings=found,
        causes=tuple(replace(c, siblings=tracer.siblings(c, found)) for c in causes(found)),
        unread=tuple((s.path, s.error) for s in summaries if s.error),
    )


def shares(reached: Reached, key: Key, cause: Cause) -> bool:
    """Tell whether a route shows what leaks: a dump of another class through the same line is none of it."""
    dumped = [d for (place, _), d in reached.dumps.items() if place == key]
    if not dumped or not cause.entities:
        return True
    return any(d.entity is None or d.entity.cls.qualname in cause.entities for d in dumped)


def sweep(project: Project) -> Trace:
    """Look for risky serialisers without a report: everything that a route reaches."""
    tracer = Tracer.of(project)
    reached = {route: tracer.reach(route) for route in tracer.routes}
    summaries = project.summaries.values()
    return Trace(
        n_files=len(summaries),
        n_lines=sum(s.n_lines for s in summaries),
        n_routes=len(tracer.routes),
        risks=risks(tracer.ev, reached),
        unread=tuple((s.path, s.error) for s in summaries if s.error),
    )


def causes(found: Iterable[Traced]) -> tuple[Cause, ...]:
    """Gather one cause for all the findings that it explains, those that explain most first."""
    by_place: dict[tuple[str, int, str], list[Traced]] = {}
    for one in found:
        if one.chains:
            place = one.chains[0].cause.place
            by_place.setdefault((place.file, place.line, place.symbol), []).append(one)
    out = [
        Cause(
            step=group[0].chains[0].cause,
            confidence=max(t.chains[0].confidence for t in group),
            fields=tuple(sorted({t.path.rsplit(".", 1)[-1] for t in group})),
            findings=tuple(t.fingerprint for t in group),
            entities=tuple(sorted({s.place.symbol.rpartition(".")[0] for t in group for s in t.chains[0].steps if s.kind == "model-attribute"})),
        )
        for group in by_place.values()
    ]
    return tuple(sorted(out, key=lambda c: (-len(c.findings), -c.confidence, c.step.place.file, c.step.place.line)))
