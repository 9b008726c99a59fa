"""The pages of an incident."""

from collections.abc import Callable
from typing import Any

from django import forms as django_forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from stanch.console import forms, selectors
from stanch.console.access import Actor, ForbiddenError
from stanch.console.actions import declare as declaring
from stanch.console.actions import evidence as keeping
from stanch.console.actions import exporting
from stanch.console.actions.verb import VERBS, perform
from stanch.console.clock import now
from stanch.console.law import law_view
from stanch.console.selectors import Case
from stanch.console.shell import actor_of
from stanch.errors import InputError, StanchError
from stanch.incident import event as e
from stanch.incident.anchor import ANCHORS, MEANS
from stanch.incident.clock import clocks, due_of
from stanch.incident.export import EXPORTS
from stanch.incident.fact import facts, stale
from stanch.incident.glance import glance
from stanch.incident.guard import HOLDS
from stanch.incident.phase import GUARD_SAYS, PHASES, next_phases, way
from stanch.incident.role import DUTIES, ROLES, TITLES, Role
from stanch.incident.state import Task
from stanch.incident.wording import lint

N_SHOWN = 6


@require_safe
def incidents(request: HttpRequest) -> HttpResponse:
    """List what the actor may see, what is open and worst first."""
    actor = actor_of(request)
    rows = selectors.incidents(actor)
    page = Paginator(rows, 30).get_page(request.GET.get("page"))
    return render(request, "console/incidents.html", {"page": page, "n_open": rows.filter(is_open=True).count()})


@require_http_methods(["GET", "POST"])
def declare(request: HttpRequest) -> HttpResponse:
    """Declare from a report, or by hand while there is none yet."""
    actor = actor_of(request)
    by_hand = "by_hand" in request.POST
    report = forms.DeclareReport(request.POST if request.method == "POST" and not by_hand else None, request.FILES or None)
    hand = forms.DeclareByHand(request.POST if by_hand else None)
    problem = ""
    if request.method == "POST" and (hand if by_hand else report).is_valid():
        try:
            incident = declared(actor, report, hand, by_hand=by_hand)
        except InputError as error:
            problem = str(error)
        else:
            messages.success(request, "Declared. The playbook is under way.")
            return redirect("incident", incident)
    return render(request, "console/declare.html", {"report": report, "hand": hand, "problem": problem})


def declared(actor: Actor, report: forms.DeclareReport, hand: forms.DeclareByHand, *, by_hand: bool) -> str:
    d = hand.cleaned_data if by_hand else report.cleaned_data
    if by_hand:
        event = e.Declared(title=d["title"], severity=d["severity"], exercise=d["exercise"], restricted=d["restricted"])
        return declaring.declare(actor, event, now=now()).key
    wish = declaring.Wish(title=d["title"], exercise=d["exercise"], restricted=d["restricted"])
    return declaring.declare_report(actor, d["report"].read(), wish, name="report", now=now()).key


def base(request: HttpRequest, key: str, tab: str) -> dict[str, Any]:
    """Give what every page of an incident shows."""
    actor = actor_of(request)
    case = selectors.case(actor, key)
    incident, law = case.incident, law_view(case.incident, now())
    mine = [seat for seat in incident.seats if seat.until is None and seat.person == actor.person.key and seat.acknowledged_at is None]
    return {
        "case": case, "incident": incident, "acts": case.acts, "names": selectors.names(actor), "tab": tab, "law": law, "phases": PHASES,
        "glance": glance(incident, law.clocks), "clocks": clocks(incident, law.clocks), "to_accept": mine, "formats": EXPORTS,
    }  # fmt: skip


@require_safe
def front(request: HttpRequest, key: str) -> HttpResponse:
    """What a lead reads from two metres."""
    context = base(request, key, "front")
    case: Case = context["case"]
    incident = case.incident
    context |= {
        "ready": [row for row in task_rows(case) if row["ready"]][:N_SHOWN],
        "first_clocks": context["clocks"][:N_SHOWN],
        "latest": selectors.journal(case, limit=N_SHOWN),
        "decisions": [item for item in incident.decisions if item.made_at is None],
        "made": [item for item in incident.decisions if item.made_at],
        "in_force": [item for item in incident.containments if item.lifted_at is None],
        "forms": {name: bound(case, name) for name in ("note", "ask", "contain", "observe")},
        "ways": ways(case),
    }
    template = "console/incident/front_live.html" if request.htmx else "console/incident/front.html"  # type: ignore[attr-defined]
    return render(request, template, context)


def ways(case: Case) -> list[dict[str, Any]]:
    """Give the phases that can come next, each with what is missing."""
    incident, result = case.incident, []
    for target in next_phases(incident.phase):
        step = way(incident.phase, target)
        probe = e.PhaseChanged(to=target)
        missing = [GUARD_SAYS[name] for name in step.needs if not HOLDS[name](incident, probe)] if step else []
        result.append({"to": target, "missing": missing})
    return result


def task_rows(case: Case) -> list[dict[str, Any]]:
    incident = case.incident
    rows = [task_row(case, task) for task in incident.tasks]
    far = max((row["due_at"] for row in rows if row["due_at"]), default=None)
    return sorted(rows, key=lambda row: (row["task"].ended, row["due_at"] is None, row["due_at"] or far or 0))


def task_row(case: Case, task: Task) -> dict[str, Any]:
    waits = case.incident.waits_for(task)
    seat = case.incident.holder(task.spec.role)
    return {
        "task": task, "due_at": due_of(case.incident, task), "waits": waits, "owner": task.name or (seat.name if seat else ""),
        "ready": not task.ended and not waits and task.state != "blocked",
    }  # fmt: skip


@require_safe
def tasks(request: HttpRequest, key: str) -> HttpResponse:
    """List the tasks by track."""
    context = base(request, key, "tasks")
    case: Case = context["case"]
    wanted = request.GET.get("show", "open")
    rows = [row for row in task_rows(case) if wanted == "all" or row["task"].ended == (wanted == "ended")]
    tracks = dict.fromkeys(row["task"].spec.track for row in rows)
    context |= {
        "tracks": [(track, [row for row in rows if row["task"].spec.track == track]) for track in tracks], "show": wanted,
        "forms": {"add-task": bound(case, "add-task"), "playbook": forms.NewPlaybook()},
    }  # fmt: skip
    return render(request, "console/incident/tasks.html", context)


@require_safe
def journal(request: HttpRequest, key: str) -> HttpResponse:
    """Show the journal, newest first."""
    context = base(request, key, "journal")
    case: Case = context["case"]
    before = request.GET.get("before", "")
    entries = selectors.journal(case, before=int(before) if before.isdecimal() and len(before) < 18 else None)
    context |= {
        "entries": entries, "older": entries[-1].n if entries and entries[-1].n > 0 else None, "note": case.row.stream.note,
        "forms": {"note": bound(case, "note")}, "notes": case.notes,
    }  # fmt: skip
    return render(request, "console/incident/journal.html", context)


@require_safe
def leak(request: HttpRequest, key: str) -> HttpResponse:
    """Show what leaks, field by field."""
    context = base(request, key, "leak")
    return render(request, "console/incident/leak.html", context)


@require_safe
def time(request: HttpRequest, key: str) -> HttpResponse:
    """Show the points in time and every clock that runs."""
    context = base(request, key, "time")
    case: Case = context["case"]
    points = [
        {"name": name, "means": MEANS[name], "now": case.incident.anchor(name), "all": [a for a in case.incident.anchors if a.name == name]}
        for name in ANCHORS
    ]
    context |= {"points": points, "forms": {"anchor": bound(case, "anchor"), "jurisdictions": bound(case, "jurisdictions")}}
    return render(request, "console/incident/time.html", context)


@require_safe
def people(request: HttpRequest, key: str) -> HttpResponse:
    """Show who holds which role."""
    context = base(request, key, "people")
    case: Case = context["case"]
    context |= {
        "roles": [role_row(case, role) for role in ROLES],
        "colleagues": selectors.colleagues(actor_of(request)),
        "forms": {name: bound(case, name) for name in ("restrict", "severity")},
    }
    return render(request, "console/incident/people.html", context)


def role_row(case: Case, role: Role) -> dict[str, Any]:
    before = [seat for seat in case.incident.seats if seat.role == role and seat.until]
    return {"role": role, "title": TITLES[role], "duty": DUTIES[role], "seat": case.incident.holder(role), "before": before}


@require_safe
def message_list(request: HttpRequest, key: str) -> HttpResponse:
    """Show messages, their approvals and deliveries, and templates to begin from."""
    context = base(request, key, "messages")
    case: Case = context["case"]
    rows = [
        {"message": m, "stale": m.state in {"draft", "approved"} and stale(case.incident, m), "remarks": lint(m.template)}
        for m in case.incident.messages
    ]
    playbook, _ = declaring.shipped()
    chosen = next((item for item in playbook.messages if item.key == request.GET.get("template")), None)
    first = {"audience": chosen.audience, "channel": chosen.channel, "subject": chosen.subject, "template": chosen.body} if chosen else {}
    context |= {
        "rows": rows, "templates": playbook.messages, "chosen": chosen, "facts": facts(case.incident), "groups": selectors.groups(actor_of(request)),
        "forms": {"draft": forms.Draft(initial=first), "promise": bound(case, "promise")},
    }  # fmt: skip
    return render(request, "console/incident/messages.html", context)


@require_http_methods(["GET", "POST"])
def evidence(request: HttpRequest, key: str) -> HttpResponse:
    """Show evidence and its chain; take in more."""
    context = base(request, key, "evidence")
    form = forms.NewEvidence(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        d = form.cleaned_data
        taken = keeping.Taken(name=d["file"].name, how=d["how"], taken_at=d["taken_at"], derived_from=d["derived_from"], privileged=d["privileged"])
        keeping.add(actor_of(request), context["case"], d["file"].read(), taken, now=now())
        messages.success(request, "Taken in, sealed and recorded.")
        return redirect("evidence", key)
    context |= {"forms": {"evidence": form}, "pieces": context["case"].evidence}
    return render(request, "console/incident/evidence.html", context)


@require_POST
def evidence_file(request: HttpRequest, key: str, piece: str) -> HttpResponse:
    """Hand out a file; the reading is recorded first."""
    actor = actor_of(request)
    case = selectors.case(actor, key)
    found = selectors.piece(case, piece)
    data = keeping.hand_out(actor, case, found, why=request.POST.get("why", "")[:300], now=now())
    response = HttpResponse(data, content_type="application/octet-stream")
    safe = "".join(c if c.isascii() and (c.isalnum() or c in ".-_") else "_" for c in found.name)
    response.headers["Content-Disposition"] = f'attachment; filename="{safe}"'
    response.headers["Content-Security-Policy"] = "sandbox"
    return response


def bound(case: Case, name: str, data: Any = None) -> django_forms.Form | None:  # noqa: ANN401 -- what the browser sent
    """Give a verb's form to who may use it."""
    verb = VERBS[name]
    return verb.form(data, auto_id=f"{name}-%s") if verb.act in case.acts else None


@require_POST
def do(request: HttpRequest, key: str, verb: str) -> HttpResponse:
    """Do one thing in an incident."""
    actor = actor_of(request)
    case = selectors.case(actor, key)
    wanted = VERBS.get(verb)
    if wanted is None:
        raise Http404
    if wanted.act not in case.acts:
        raise ForbiddenError("your role in this incident does not allow that")
    form = wanted.form(request.POST)
    prepare(actor, form)
    if not form.is_valid():
        for name, errors in form.errors.items():
            messages.error(
                request, f"{form.fields[name].label or name}: {' '.join(map(str, errors))}" if name in form.fields else " ".join(map(str, errors))
            )
        return back(request, key, wanted.page)
    try:
        perform(actor, case, wanted, named(actor, form.cleaned_data), now=now(), key=idempotency(request, actor))
    except StanchError as error:
        if not isinstance(error, InputError):
            raise
        messages.error(request, str(error)[:1].upper() + str(error)[1:])
    else:
        messages.success(request, wanted.says)
    return back(request, key, wanted.page)


def idempotency(request: HttpRequest, actor: Actor) -> str:
    given = request.POST.get("once", "")[:60]
    return f"{actor.person.key}:{given}" if given else ""


def prepare(actor: Actor, form: django_forms.Form) -> None:
    """Fill choices that depend on the organisation."""
    choices: dict[str, Callable[[], list[tuple[str, str]]]] = {
        "person": lambda: [("", "Nobody"), *((m.person.key, m.person.name) for m in selectors.colleagues(actor))],
        "groups": lambda: [(group.name, group.name) for group in selectors.groups(actor)],
    }
    for name, make in choices.items():
        field = form.fields.get(name)
        if isinstance(field, django_forms.ChoiceField):
            field.choices = make()
            field.required = False


def named(actor: Actor, data: dict[str, Any]) -> dict[str, Any]:
    """Add the name that goes with a person's key."""
    if "person" not in data:
        return data
    return data | {"name": selectors.colleague(actor, data["person"]).name if data["person"] else ""}


def back(request: HttpRequest, key: str, page: str) -> HttpResponse:
    """Return to where the form was, if that is a page of this incident."""
    origin = request.POST.get("from", "")
    return redirect(origin if origin in PAGES else page or "incident", key)


PAGES = {"incident", "tasks", "journal", "leak", "time", "people", "messages", "evidence"}


@require_safe
def export(request: HttpRequest, key: str, fmt: str) -> HttpResponse:
    """Give the incident in another tool's form."""
    actor = actor_of(request)
    return exported(actor, selectors.case(actor, key), fmt)


def exported(actor: Actor, case: Case, fmt: str) -> HttpResponse:
    """Render an export; the reading is recorded first."""
    if fmt not in EXPORTS:
        raise Http404
    data = exporting.export(actor, case, fmt, now=now())
    response = HttpResponse(data, content_type=EXPORTS[fmt].media)
    response.headers["Content-Disposition"] = f'attachment; filename="{case.row.key}.{fmt}{EXPORTS[fmt].suffix}"'
    return response
