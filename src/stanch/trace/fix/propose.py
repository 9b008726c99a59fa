"""Choose the fix of a cause, and prove on the changed source that the field is gone and the rest still there."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from stanch.finding.report import Finding
from stanch.trace.fix import dump, member, method, response_model, schema
from stanch.trace.fix.case import Case
from stanch.trace.fix.edit import Edit, Plan, applied, diff
from stanch.trace.model import Cause, Fix, Traced
from stanch.trace.project import Project
from stanch.trace.run import Tracer

RECIPES: dict[str, tuple[Callable[[Case], Plan | None], ...]] = {
    "generic-serialiser": (method.plan, schema.plan, dump.plan),
    "schema-field": (schema.plan, response_model.plan),
    "dict-key": (member.plan,),
    "raw-entity": (response_model.plan,),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposed:
    causes: tuple[Cause, ...]
    files: dict[str, str]
    """New text of the files that all safe fixes together change."""


def propose(tracer: Tracer, causes: Sequence[Cause], found: Sequence[Traced], findings: Sequence[Finding]) -> Proposed:
    """Give every cause its fix, and what all safe ones make of the source together."""
    by_print = {f.fingerprint: f for f in findings}
    out: list[Cause] = []
    edits: set[Edit] = set()
    for cause in causes:
        mine = tuple(t for t in found if t.fingerprint in cause.findings)
        plan = plan_for(tracer, cause, mine, tuple(found))
        fix = proven(tracer, plan, [by_print[t.fingerprint] for t in mine if t.fingerprint in by_print]) if plan else None
        out.append(replace(cause, fix=fix))
        if plan and fix and fix.safe and compatible(tracer.project, edits | set(plan.edits)):
            edits |= set(plan.edits)
    return Proposed(causes=tuple(out), files=applied(tracer.project.sources, edits))


def plan_for(tracer: Tracer, cause: Cause, mine: tuple[Traced, ...], everything: tuple[Traced, ...]) -> Plan | None:
    """Try the recipes for a kind of cause; there are none for other languages than Python."""
    if not all(step.place.file.endswith(".py") for t in mine for step in t.chains[0].steps):
        return None
    case = Case(ev=tracer.ev, cause=cause, found=mine, everything=everything, affected=affected(tracer, cause, everything))
    for recipe in RECIPES.get(cause.step.kind, ()):
        tracer.ev.start()
        plan = recipe(case)
        if plan is not None:
            return plan
    return None


def affected(tracer: Tracer, cause: Cause, everything: tuple[Traced, ...]) -> frozenset[str]:
    """Give the functions that write members for routes without a finding: a change to them changes those too."""
    leaking = {(t.route.method, t.route.template) for t in everything if t.route and t.chains}
    del cause
    symbols: set[str] = set()
    for route in tracer.routes:
        if (route.method, route.template) not in leaking:
            seen = tracer.reach(route)
            symbols |= {m.place.symbol for m in seen.members.values()} | {place[2] for place, _ in seen.dumps if "." not in place[2]}
    return frozenset(symbols)


def compatible(project: Project, edits: set[Edit]) -> bool:
    try:
        applied(project.sources, edits)
    except ValueError:
        return False
    return True


def proven(tracer: Tracer, plan: Plan, findings: list[Finding]) -> Fix | None:
    """Trace the changed source: a fix after which the field can still be traced is not safe."""
    project = tracer.project
    if not compatible(project, set(plan.edits)):
        return None
    new = applied(project.sources, plan.edits)
    known = {s.path: s for s in project.summaries.values() if s.path not in new}
    again = Tracer.of(Project.read({**project.sources, **new}, root=project.root, known=known))
    if any(s.error for s in again.project.summaries.values() if s.path in new):
        return None
    left = sum(any(c.is_complete for c in again.trace(f).chains) for f in findings)
    why = plan.why if not left else f"{plan.why}; {left} of {len(findings)} findings can still be traced after it"
    return Fix(file=", ".join(sorted(new)), diff=diff(project.sources, new), safe=plan.safe and not left, why=why)
