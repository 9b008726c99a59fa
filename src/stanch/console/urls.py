"""Where everything is."""

from django.urls import include, path
from django.views.generic import RedirectView

from stanch.console.api import api
from stanch.console.views import calendar, entry, incident, live, me, metrics, playbook, settings

handler403 = "stanch.console.views.fault.forbidden"
handler404 = "stanch.console.views.fault.not_found"
handler500 = "stanch.console.views.fault.broken"

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="incidents"), name="home"),
    path("setup/<str:secret>", entry.setup, name="setup"),
    path("healthz", entry.health, name="health"),
    path("metrics", metrics.metrics, name="metrics"),
    path("incidents", incident.incidents, name="incidents"),
    path("declare", incident.declare, name="declare"),
    path("incidents/<slug:key>", incident.front, name="incident"),
    path("incidents/<slug:key>/tasks", incident.tasks, name="tasks"),
    path("incidents/<slug:key>/journal", incident.journal, name="journal"),
    path("incidents/<slug:key>/leak", incident.leak, name="leak"),
    path("incidents/<slug:key>/time", incident.time, name="time"),
    path("incidents/<slug:key>/people", incident.people, name="people"),
    path("incidents/<slug:key>/messages", incident.message_list, name="messages"),
    path("incidents/<slug:key>/evidence", incident.evidence, name="evidence"),
    path("incidents/<slug:key>/evidence/<slug:piece>", incident.evidence_file, name="evidence_file"),
    path("incidents/<slug:key>/do/<slug:verb>", incident.do, name="do"),
    path("incidents/<slug:key>/live", live.stream, name="live"),
    path("incidents/<slug:key>/export/<slug:fmt>", incident.export, name="export"),
    path("incidents/<slug:key>/playbook", playbook.start, name="start_playbook"),
    path("playbook.cacao.json", playbook.cacao, name="cacao"),
    path("me", me.me, name="me"),
    path("connections", settings.page, name="settings"),
    path("calendar/<str:secret>.ics", calendar.feed, name="calendar"),
    path("api/", api.urls),
    path("members", me.members, name="members"),
    path("members/<slug:key>", me.office, name="office"),
    path("accounts/", include("allauth.account.urls")),
    path("accounts/2fa/", include("allauth.mfa.urls")),
]
