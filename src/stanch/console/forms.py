"""What people may send: one form for each verb. Sizes are bounded; nothing is trusted."""

from datetime import UTC, datetime
from typing import Any

from django import forms

from stanch.console.law import HARMS
from stanch.incident.anchor import ANCHORS, MEANS
from stanch.incident.role import ROLES, TITLES

SEVERITIES = [("critical", "Critical"), ("high", "High"), ("medium", "Medium"), ("low", "Low")]
AUDIENCES = [
    (name, name.replace("_", " ").capitalize())
    for name in ("staff", "executives", "customers", "affected_people", "partners", "press", "status_page", "regulator")
]
ROLE_CHOICES = [(role, TITLES[role]) for role in ROLES]


class UtcField(forms.DateTimeField):
    """A moment as the browser's own field gives it, in UTC."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local", "step": "60"}, format="%Y-%m-%dT%H:%M")
    input_formats = ("%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%MZ")

    def clean(self, value: Any) -> datetime | None:  # noqa: ANN401 -- as the base class has it
        moment: datetime | None = super().clean(value)
        return moment.replace(tzinfo=UTC) if moment and moment.tzinfo is None else moment


def line(label: str, size: int = 200, *, required: bool = True, **attrs: str) -> forms.CharField:
    return forms.CharField(label=label, max_length=size, required=required, widget=forms.TextInput(attrs=attrs))


def text(label: str, size: int = 10_000, *, required: bool = True, rows: int = 3) -> forms.CharField:
    return forms.CharField(label=label, max_length=size, required=required, widget=forms.Textarea(attrs={"rows": rows}))


def hidden(size: int = 200) -> forms.CharField:
    return forms.CharField(max_length=size, widget=forms.HiddenInput)


class Note(forms.Form):
    text = text("What happened", rows=2)
    happened_at = UtcField(label="When (UTC), if not now", required=False)
    privileged = forms.BooleanField(label="Privileged: for counsel, lead, privacy officer and executive only", required=False)


class Anchor(forms.Form):
    name = forms.ChoiceField(label="Which point", choices=[(name, f"{name.replace('_', ' ').capitalize()}: {MEANS[name]}") for name in ANCHORS])
    at = UtcField(label="When (UTC)")
    why = text("Why then", 1_000, rows=2)


class Phase(forms.Form):
    to = hidden(20)
    why = line("Why", 1_000, required=False)
    override_by = line("Second person's key, to go past a gate", 40, required=False)


class Severity(forms.Form):
    severity = forms.ChoiceField(label="Severity", choices=SEVERITIES)
    why = line("Why", 1_000)


class Restrict(forms.Form):
    restricted = forms.BooleanField(label="Only people with a role in it may see this incident", required=False)
    why = line("Why", 1_000, required=False)


class GiveRole(forms.Form):
    role = forms.ChoiceField(label="Role", choices=ROLE_CHOICES)
    person = forms.ChoiceField(label="Person", choices=())
    handover = text("What they must know", 2_000, required=False, rows=2)


class RoleName(forms.Form):
    role = forms.ChoiceField(choices=ROLE_CHOICES)


class Task(forms.Form):
    task = hidden(64)


class TaskWhy(Task):
    why = line("Why", 1_000)


class TaskResult(Task):
    result = line("Result", 2_000, required=False)


class TaskDue(Task):
    due_at = UtcField(label="Due (UTC)")
    why = line("Why", 1_000, required=False)


class NewTask(forms.Form):
    title = line("What must be done", 300)
    role = forms.ChoiceField(label="Whose", choices=ROLE_CHOICES)
    how = text("How", 4_000, required=False, rows=2)


class Ask(forms.Form):
    question = line("What must be decided", 500)
    role = forms.ChoiceField(label="Who decides", choices=ROLE_CHOICES)
    due_at = UtcField(label="By when (UTC)", required=False)


class Answer(forms.Form):
    decision = hidden(64)
    answer = line("Decision", 500)
    why = line("Why", 1_000, required=False)


class Draft(forms.Form):
    message = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput)
    audience = forms.ChoiceField(label="To", choices=AUDIENCES)
    channel = line("By", 40, required=False)
    subject = line("Subject", 200)
    template = text("Text, with {{facts}}", 20_000, rows=9)


class Approve(forms.Form):
    message = hidden(64)
    sha256 = hidden(64)


class Send(Approve):
    groups = forms.MultipleChoiceField(label="Contact groups", required=False, choices=(), widget=forms.CheckboxSelectMultiple)


class Withdraw(forms.Form):
    message = hidden(64)
    why = line("Why", 500, required=False)


class Promise(forms.Form):
    audience = forms.ChoiceField(label="To", choices=AUDIENCES)
    due_at = UtcField(label="Next update by (UTC)")


class Contain(forms.Form):
    policy = line("Policy", 120)
    rev = forms.IntegerField(label="Revision", min_value=1, initial=1)
    target = line("Where (gateway)", 120)


class Lift(forms.Form):
    policy = hidden(120)
    why = line("Why", 1_000)


class Observe(forms.Form):
    source = line("Measured where", 120)
    since = UtcField(label="From (UTC)")
    until = UtcField(label="To (UTC)")
    n_seen = forms.IntegerField(label="Responses seen", min_value=0)
    n_leaking = forms.IntegerField(label="of these leaking", min_value=0)
    last_leak_at = UtcField(label="Last leaking response (UTC)", required=False)


class Jurisdictions(forms.Form):
    jurisdictions = line("Where affected people live, with numbers where known", 2_000, placeholder="DE=5 FR US-CA=12")
    sectors = line("Kinds of organisation that rules ask for, such as hipaa_covered", 200, required=False)
    role = forms.ChoiceField(
        label="We are", choices=[("controller", "Controller"), ("processor", "Processor"), ("both", "Both"), ("unknown", "Not known")]
    )
    harm = forms.ChoiceField(label="Assessed harm to people", required=False, choices=[("", "Not assessed yet"), *((word, word) for word in HARMS)])
    why = line("How it is known", 500, required=False)


class NewEvidence(forms.Form):
    file = forms.FileField(label="File")
    how = line("Tool and source", 300)
    taken_at = UtcField(label="Taken when (UTC)", required=False)
    derived_from = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput)
    privileged = forms.BooleanField(label="Privileged", required=False)


class NewPlaybook(forms.Form):
    playbook = forms.FileField(label="Playbook (stanch.playbook/1 as YAML, or CACAO 2.0 as JSON)")


class DeclareReport(forms.Form):
    report = forms.FileField(label="Report (JSON of stanch scan)")
    title = line("Title", 200, required=False, placeholder="made from the findings if left empty")
    exercise = forms.BooleanField(label="This is an exercise", required=False)
    restricted = forms.BooleanField(label="Need to know: only people with a role in it may see it", required=False)


class DeclareByHand(forms.Form):
    title = line("What leaks, as far as known", 200)
    severity = forms.ChoiceField(label="Severity", choices=SEVERITIES, initial="high")
    exercise = forms.BooleanField(label="This is an exercise", required=False)
    restricted = forms.BooleanField(label="Need to know", required=False)
