"""The API: what scripts and gateways need, by token. Every answer is an allow-list; every error a documented one.

An ``Idempotency-Key`` makes a repeated request the same request.
"""

from datetime import datetime
from typing import Annotated, Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from ninja import Body, Header, NinjaAPI, Path, Query, Schema, Status
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.security import HttpBearer
from pydantic import AwareDatetime, ConfigDict, Field

from stanch import __version__
from stanch.console import book, selectors
from stanch.console.access import Actor, ForbiddenError
from stanch.console.actions import declare as declaring
from stanch.console.clock import now
from stanch.console.selectors import Case
from stanch.console.tokens import actor_by_token
from stanch.console.views.incident import exported
from stanch.errors import InputError, StanchError
from stanch.incident import event as e
from stanch.incident.clock import clocks
from stanch.incident.export import EXPORTS
from stanch.incident.glance import glance
from stanch.incident.role import Act
from stanch.incident.state import Incident, Task


class Bearer(HttpBearer):
    """A token from the page "Connections"."""

    def authenticate(self, request: HttpRequest, token: str) -> Actor | None:  # noqa: ARG002 -- the base class's signature
        return actor_by_token(token, now=now())


api = NinjaAPI(title="stanch", version=__version__, auth=Bearer(), urls_namespace="api", docs_decorator=login_required, description=__doc__ or "")


class Fault(Schema):
    error: str


class LeakOut(Schema):
    endpoint: str
    n_subjects: int
    n_recipients: int
    kinds: list[str]


class ClockOut(Schema):
    key: str
    title: str
    due_at: datetime
    owner: str
    kind: str


class IncidentOut(Schema):
    key: str
    title: str
    severity: str
    phase: str
    contained: str
    exercise: bool
    restricted: bool
    declared_at: datetime
    changed_at: datetime
    n_open_tasks: int
    n_done_tasks: int
    due_at: datetime | None
    due_what: str


class IncidentFull(IncidentOut):
    leaks: list[LeakOut]
    clocks: list[ClockOut]
    last_leak_at: datetime | None
    signed_head: str


class IncidentPage(Schema):
    items: list[IncidentOut]
    count: int


class TaskOut(Schema):
    key: str
    title: str
    track: str
    phase: str
    role: str
    state: str
    owner: str
    waits_for: list[str]


class EntryOut(Schema):
    n: int
    at: datetime
    by: str
    tag: str
    body: dict[str, Any]


class Strict(Schema):
    model_config = ConfigDict(extra="forbid")


Line = Annotated[str, Field(min_length=1, max_length=200, pattern=r"\S")]


class NoteIn(Strict):
    text: Annotated[str, Field(min_length=1, max_length=10_000, pattern=r"\S")]


class ObservationIn(Strict):
    source: Line
    since: AwareDatetime
    until: AwareDatetime
    n_seen: Annotated[int, Field(ge=0, le=10**12)]
    n_leaking: Annotated[int, Field(ge=0, le=10**12)]
    last_leak_at: AwareDatetime | None = None


class ContainmentIn(Strict):
    policy: Line
    rev: Annotated[int, Field(ge=1, le=10**9)]
    target: Line


class ResultIn(Strict):
    result: Annotated[str, Field(max_length=2_000)] = ""


class RecordedOut(Schema):
    incident: str
    n_entries: int


Key = Annotated[str, Path(pattern=r"^INC-[0-9]{1,9}$")]
Once = Annotated[str, Header(alias="Idempotency-Key", max_length=60, pattern=r"^[!-~]*$")]
READ: dict[Any, Any] = {401: Fault, 403: Fault, 404: Fault, 422: Fault}
WRITE: dict[Any, Any] = READ | {400: Fault, 409: Fault}


@api.exception_handler(StanchError)
def refused(request: HttpRequest, error: StanchError) -> HttpResponse:
    status = 403 if isinstance(error, ForbiddenError) else 409
    return api.create_response(request, {"error": str(error)}, status=status)


@api.exception_handler(Http404)
def missing(request: HttpRequest, error: Http404) -> HttpResponse:  # noqa: ARG001 -- the handler's signature
    return api.create_response(request, {"error": "there is nothing here, or nothing that this token may see"}, status=404)


@api.exception_handler(AuthenticationError)
def unknown(request: HttpRequest, error: AuthenticationError) -> HttpResponse:  # noqa: ARG001 -- the handler's signature
    return api.create_response(request, {"error": "a valid token is needed"}, status=401)


@api.exception_handler(HttpError)
def unreadable(request: HttpRequest, error: HttpError) -> HttpResponse:
    return api.create_response(request, {"error": "the body can't be read"}, status=error.status_code)


@api.exception_handler(ValidationError)
def invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Say where it does not fit, never what was sent."""
    places = [f"{'.'.join(str(step) for step in item['loc'])}: {item['type']}" for item in error.errors]
    return api.create_response(request, {"error": "; ".join(places)[:1_000]}, status=422)


def actor_of(request: HttpRequest) -> Actor:
    actor: Actor = request.auth  # type: ignore[attr-defined]
    return actor


def readable(request: HttpRequest, key: str) -> Case:
    if "read" not in actor_of(request).scopes:
        raise ForbiddenError("the token has no scope 'read'")
    return selectors.case(actor_of(request), key)


def record(request: HttpRequest, key: str, act: Act, event: e.Event, once: str) -> RecordedOut:
    """Record an event that the token may record."""
    actor = actor_of(request)
    allowed = selectors.case_for_writing(actor, key).acts
    if act not in allowed:
        raise ForbiddenError("the token, or who made it, may not do that")
    done = book.record(key, event, by=actor.by, now=now(), key=f"{actor.token}:{once}" if once else "")
    return RecordedOut(incident=key, n_entries=done.incident.n_entries)


@api.get("/v1/incidents", response=READ | {200: IncidentPage})
def list_incidents(
    request: HttpRequest, limit: Annotated[int, Query(ge=1, le=200)] = 50, offset: Annotated[int, Query(ge=0, le=10**9)] = 0
) -> IncidentPage:  # fmt: skip
    """List incidents, open and worst first."""
    if "read" not in actor_of(request).scopes:
        raise ForbiddenError("the token has no scope 'read'")
    rows = selectors.incidents(actor_of(request))
    return IncidentPage(items=[IncidentOut(**row_dict(row)) for row in rows[offset : offset + limit]], count=rows.count())


def row_dict(row: Any) -> dict[str, Any]:  # noqa: ANN401 -- a row of incidents
    return {
        "key": row.key, "title": row.title, "severity": row.severity, "phase": row.phase, "contained": row.contained, "exercise": row.exercise,
        "restricted": row.restricted, "declared_at": row.declared_at, "changed_at": row.changed_at, "n_open_tasks": row.n_open,
        "n_done_tasks": row.n_done, "due_at": row.due_at, "due_what": row.due_what,
    }  # fmt: skip


@api.post("/v1/incidents", response=WRITE | {201: RecordedOut})
def declare_incident(request: HttpRequest, report: Annotated[dict[str, Any], Body()], once: Once = "") -> Status[RecordedOut]:  # noqa: ARG001 -- the raw body is what counts
    """Declare an incident from a ``stanch.report/1`` report."""
    actor = actor_of(request)
    incident = declaring.declare_once(actor, request.body, name="the body", once=once, now=now())
    return Status(201, RecordedOut(incident=incident.key, n_entries=incident.n_entries))


@api.get("/v1/incidents/{key}", response=READ | {200: IncidentFull})
def get_incident(request: HttpRequest, key: Key) -> IncidentFull:
    """Give an incident as it stands."""
    case = readable(request, key)
    incident = case.incident
    leaks = [
        LeakOut(endpoint=k.endpoint, n_subjects=k.n_subjects, n_recipients=k.n_recipients, kinds=[f.title for f in k.fields]) for k in incident.leaks
    ]
    running = [ClockOut(key=c.key, title=c.title, due_at=c.due_at, owner=c.owner, kind=c.kind) for c in clocks(incident)]
    return IncidentFull(
        **row_dict(case.row), leaks=leaks, clocks=running, last_leak_at=incident.last_leak_at, signed_head=case.row.stream.note
    )  # fmt: skip


@api.get("/v1/incidents/{key}/tasks", response=READ | {200: list[TaskOut]})
def list_tasks(request: HttpRequest, key: Key) -> list[TaskOut]:
    """List the tasks in the playbook's order."""
    incident = readable(request, key).incident
    return [task_out(incident, task) for task in incident.tasks]


def task_out(incident: Incident, task: Task) -> TaskOut:
    spec, waits = task.spec, list(incident.waits_for(task))
    return TaskOut(
        key=task.key, title=spec.title, track=spec.track, phase=spec.phase, role=spec.role, state=task.state, owner=task.name, waits_for=waits
    )


@api.get("/v1/incidents/{key}/journal", response=READ | {200: list[EntryOut]})
def list_journal(
    request: HttpRequest, key: Key, before: Annotated[int, Query(ge=0, le=10**15)] | None = None, limit: Annotated[int, Query(ge=1, le=200)] = 100
) -> list[EntryOut]:  # fmt: skip
    """Give journal entries, newest first; ``before`` pages back."""
    entries = selectors.journal(readable(request, key), before=before, limit=limit)
    return [EntryOut(n=entry.n, at=entry.at, by=entry.by, tag=entry.tag, body=entry.body) for entry in entries]


@api.get("/v1/incidents/{key}/glance", response=READ | {200: dict[str, Any]})
def get_glance(request: HttpRequest, key: Key) -> dict[str, Any]:
    """Say what leaks, whether it is contained, who decides next."""
    seen = glance(readable(request, key).incident)
    return {"kinds": list(seen.kinds), "n_people": seen.n_subjects, "contained": seen.contained, "says": seen.contained_says, "next": seen.next.what}


TAKEN = {"responses": {200: {"description": "The file", "content": {form.media.partition(";")[0]: {} for form in EXPORTS.values()}}}}


@api.get("/v1/incidents/{key}/export/{form}", response=READ, openapi_extra=TAKEN)
def get_export(request: HttpRequest, key: Key, form: Annotated[str, Path(pattern=f"^({'|'.join(EXPORTS)})$")]) -> HttpResponse:
    """Take an incident out as CSV, NDJSON, OCSF, STIX or VERIS; that is recorded."""
    return exported(actor_of(request), selectors.case_for_writing(actor_of(request), key), form)


@api.post("/v1/incidents/{key}/notes", response=WRITE | {201: RecordedOut})
def add_note(request: HttpRequest, key: Key, note: NoteIn, once: Once = "") -> Status[RecordedOut]:
    """Write a note into the journal."""
    return Status(201, record(request, key, "note", e.NoteAdded(text=note.text), once))


@api.post("/v1/incidents/{key}/observations", response=WRITE | {201: RecordedOut})
def add_observation(request: HttpRequest, key: Key, seen: ObservationIn, once: Once = "") -> Status[RecordedOut]:
    """Record what was measured behind a containment; a gateway's tap calls this."""
    if seen.n_leaking > seen.n_seen:
        raise InputError("more leaking responses than responses")
    event = e.LeakObserved(
        source=seen.source, since=seen.since, until=seen.until, n_seen=seen.n_seen, n_leaking=seen.n_leaking, last_leak_at=seen.last_leak_at
    )
    return Status(201, record(request, key, "contain", event, once))


@api.post("/v1/incidents/{key}/containments", response=WRITE | {201: RecordedOut})
def add_containment(request: HttpRequest, key: Key, applied: ContainmentIn, once: Once = "") -> Status[RecordedOut]:
    """Record that a policy is in force."""
    event = e.ContainmentApplied(policy=applied.policy, rev=applied.rev, target=applied.target)
    return Status(201, record(request, key, "contain", event, once))


@api.post("/v1/incidents/{key}/tasks/{task}/finish", response=WRITE | {201: RecordedOut})
def finish_task(
    request: HttpRequest, key: Key, task: Annotated[str, Path(max_length=64, pattern=r"^[a-z0-9-]+$")], result: ResultIn, once: Once = ""
) -> Status[RecordedOut]:  # fmt: skip
    """Mark a task as done."""
    return Status(201, record(request, key, "task", e.TaskFinished(task=task, result=result.result), once))
