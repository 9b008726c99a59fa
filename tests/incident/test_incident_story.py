"""What may happen and what may not, told as stories; rebuilding gives what incremental folding gave."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from incident_stage import CARL, CAROL, DAN, LEAK, T0, Story

from stanch.errors import InputError
from stanch.incident import event as e
from stanch.incident.advance import Deliver, Tell
from stanch.incident.clock import clocks
from stanch.incident.fact import digest
from stanch.incident.fold import FOLDS, project
from stanch.incident.glance import glance
from stanch.incident.guard import RefusedError
from stanch.incident.phase import CSF, PHASES, WAYS, next_phases
from stanch.incident.role import ACTS, DUTIES, MAY, ROLES, TITLES, may
from stanch.incident.state import Incident

HOUR = timedelta(hours=1)


def refused(story, by, event, says):
    before = story.incident
    with pytest.raises(RefusedError, match=says):
        story.tell(by, event)
    assert story.incident == before


def test_every_kind_of_event_has_a_fold():
    assert set(FOLDS) == set(e.KINDS.values())


def test_every_phase_can_be_left_and_every_role_and_act_is_described():
    assert {way.source for way in WAYS} == set(PHASES) == set(CSF)
    assert set(ROLES) == set(TITLES) == set(DUTIES)
    assert set(MAY) == set(ACTS)


def test_the_scribe_may_note_but_not_send():
    assert may(frozenset({"scribe"}), "note")
    assert not may(frozenset({"scribe"}), "send")
    assert not may(frozenset(), "see")


def test_nothing_happens_before_an_incident_is_declared():
    refused(Story(), DAN, e.NoteAdded(text="hello"), "not been declared")


def test_an_incident_is_declared_once(story):
    refused(story, DAN, e.Declared(title="again", severity="low"), "already")


def test_declaring_a_critical_leak_wakes_everybody(story):
    assert story.commands == [Tell(roles=ROLES, what="INC-1 declared: critical", urgent=True)]


def test_eradication_waits_until_it_is_contained(story):
    story.tell(DAN, e.PhaseChanged(to="analysis")).tell(DAN, e.PhaseChanged(to="containment"))
    refused(story, DAN, e.PhaseChanged(to="eradication"), "containment has not been measured")
    story.tell(DAN, e.AnchorSet(name="contained", at=story.now, why="replay shows none"))
    assert story.tell(DAN, e.PhaseChanged(to="eradication")).incident.phase == "eradication"


def test_two_people_may_go_past_a_gate_but_one_may_not(story):
    story.tell(DAN, e.PhaseChanged(to="containment"))
    refused(story, DAN, e.PhaseChanged(to="eradication", why="now", override_by=DAN), "containment")
    refused(story, DAN, e.PhaseChanged(to="eradication", override_by=CAROL), "containment")
    story.tell(DAN, e.PhaseChanged(to="eradication", why="the endpoint is gone", override_by=CAROL))
    assert story.incident.phase == "eradication"


@pytest.mark.parametrize("target", [p for p in PHASES if p not in next_phases("detection")])
def test_there_is_no_way_where_the_table_has_none(story, target):
    refused(story, DAN, e.PhaseChanged(to=target), "no way")


def test_an_incident_closes_as_a_false_alarm_only_when_that_is_said(story):
    refused(story, DAN, e.PhaseChanged(to="closed", why="nothing"), "false alarm")
    assert story.tell(DAN, e.PhaseChanged(to="closed", why="False alarm: test data")).incident.phase == "closed"
    assert clocks(story.incident) == ()
    assert glance(story.incident).next.kind == "nothing"


def test_a_changed_anchor_moves_what_hangs_on_it_and_the_old_one_stays(running):
    def due():
        return next(clock.due_at for clock in clocks(running.incident) if clock.key == "task:notify-authority")

    running.tell(CAROL, e.AnchorSet(name="aware", at=T0, why="confirmed by replay"))
    assert due() == T0 + 72 * HOUR
    running.tell(CAROL, e.AnchorSet(name="aware", at=T0 - 5 * HOUR, why="the ticket was older"))
    assert due() == T0 + 67 * HOUR
    assert [(a.at, a.why) for a in running.incident.anchors] == [(T0, "confirmed by replay"), (T0 - 5 * HOUR, "the ticket was older")]


def test_a_point_in_time_can_not_lie_ahead(story):
    refused(story, DAN, e.AnchorSet(name="aware", at=story.now + 2 * HOUR), "ahead")
    refused(story, DAN, e.AnchorSet(name="aware", at=T0.replace(tzinfo=None)), "zone")


def test_a_task_waits_for_what_it_needs(running):
    refused(running, DAN, e.TaskFinished(task="contain"), "Keep logs, captures")
    running.tell(DAN, e.TaskFinished(task="preserve", result="in evidence")).tell(DAN, e.TaskFinished(task="contain"))
    assert running.incident.task("contain").state == "done"
    refused(running, DAN, e.TaskFinished(task="contain"), "done")


def test_a_task_is_taken_blocked_freed_skipped_and_reopened(running):
    running.tell(DAN, e.TaskTaken(task="counsel", person="dan", name="Dan")).tell(DAN, e.TaskBlocked(task="counsel", why="no answer"))
    assert (running.incident.task("counsel").state, running.incident.task("counsel").why) == ("blocked", "no answer")
    running.tell(DAN, e.TaskUnblocked(task="counsel"))
    assert running.incident.task("counsel").state == "doing"
    refused(running, DAN, e.TaskSkipped(task="counsel", why=" "), "say why")
    refused(running, DAN, e.TaskReopened(task="counsel"), "only a task that ended")
    running.tell(DAN, e.TaskSkipped(task="counsel", why="no lawyer")).tell(DAN, e.TaskReopened(task="counsel"))
    assert running.incident.task("counsel").state == "open"
    refused(running, DAN, e.TaskTaken(task="nothing", person="dan", name="Dan"), "no such task")


def test_a_task_of_ones_own_can_be_added_once_and_be_due_by_hand(story):
    own = e.TaskAdded(task=e.TaskSpec(key="own", title="Call the CDN", track="containment", phase="containment", role="technical_lead"))
    story.tell(DAN, own).tell(DAN, e.TaskDueSet(task="own", due_at=T0 + HOUR))
    assert clocks(story.incident)[0].due_at == T0 + HOUR
    refused(story, DAN, own, "already")


def test_a_role_passes_with_what_the_next_must_know_and_is_accepted(running):
    assert running.incident.holder("lead").acknowledged_at is not None
    assert running.incident.holder("privacy_officer").acknowledged_at is None
    refused(running, DAN, e.RoleAcknowledged(role="privacy_officer"), "only who was given")
    running.tell(CAROL, e.RoleAcknowledged(role="privacy_officer"))
    running.tell(DAN, e.RoleGiven(role="lead", person="carol", name="Carol", handover="CDN ticket is open"))
    assert running.incident.holder("lead").handover == "CDN ticket is open"
    assert [seat.name for seat in running.incident.seats if seat.role == "lead"] == ["Dan", "Carol"]
    assert running.incident.roles_of("dan") == frozenset()
    assert running.tell(CAROL, e.RoleGiven(role="lead", person="", name="")).incident.holder("lead") is None


def draft(body="People: 12", by=CAROL):
    return by, e.MessageDrafted(
        message="m1", audience="press", channel="press", subject="S", template="People: {{n_people}}", body=body, sha256=digest("S", body)
    )


def test_who_wrote_a_message_can_not_approve_it_and_what_was_not_approved_is_not_sent(running):
    sha = digest("S", "People: 12")
    running.tell(*draft())
    refused(running, CAROL, e.MessageSent(message="m1", sha256=sha), "only an approved")
    refused(running, CAROL, e.MessageApproved(message="m1", sha256=sha), "can't approve it")
    refused(running, DAN, e.MessageApproved(message="m1", sha256="0" * 64), "changed since it was shown")
    running.tell(DAN, e.MessageApproved(message="m1", sha256=sha))
    refused(running, CAROL, e.MessageSent(message="m1", sha256="0" * 64), "not what was approved")
    running.tell(CAROL, e.MessageSent(message="m1", sha256=sha, to=("press list",)))
    assert running.commands[-1] == Deliver(message="m1", sha256=sha, to="press list")
    running.tell("system", e.MessageDelivered(message="m1", to="press list", ok=True))
    assert running.incident.message("m1").deliveries[0].ok


def test_a_new_text_loses_its_approval(running):
    running.tell(*draft()).tell(DAN, e.MessageApproved(message="m1", sha256=digest("S", "People: 12"))).tell(*draft("People: 13"))
    assert (running.incident.message("m1").state, running.incident.message("m1").approvals) == ("draft", ())


def test_evidence_keeps_its_chain(running):
    running.tell(DAN, e.EvidenceAdded(evidence="ev1", name="leaky.har", sha256="a" * 64, n_bytes=10))
    running.tell(CAROL, e.EvidenceAdded(evidence="ev2", name="redacted", sha256="b" * 64, n_bytes=9, derived_from="ev1"))
    running.tell(CARL, e.EvidenceRead(evidence="ev1", sha256="a" * 64))
    assert [(link.by, link.what) for link in running.incident.piece("ev1").chain] == [(DAN, "taken in"), (CARL, "handed out")]
    refused(running, DAN, e.EvidenceAdded(evidence="ev1", name="x", sha256="c" * 64, n_bytes=1), "already")
    refused(running, DAN, e.EvidenceAdded(evidence="ev3", name="x", sha256="c" * 64, n_bytes=1, derived_from="none"), "not in evidence")
    refused(running, DAN, e.EvidenceRead(evidence="none", sha256=""), "no such piece")


def test_a_decision_is_asked_and_made_once(running):
    running.tell(CAROL, e.DecisionAsked(decision="d1", question="Take it down?", role="lead", due_at=T0 + HOUR))
    assert (glance(running.incident).next.who, glance(running.incident).next.what) == ("Dan", "Take it down?")
    refused(running, CAROL, e.DecisionAsked(decision="d1", question="Again?", role="lead"), "already")
    refused(running, DAN, e.DecisionMade(decision="d1", answer=" "), "needs an answer")
    running.tell(DAN, e.DecisionMade(decision="d1", answer="Mask it", why="strict decoders"))
    refused(running, DAN, e.DecisionMade(decision="d1", answer="no"), "no such open decision")


def test_contained_is_what_was_measured_not_what_was_claimed(story):
    assert glance(story.incident).contained == "leaking"
    story.tell(DAN, e.ContainmentApplied(policy="p", rev=1, target="gateway"))
    assert glance(story.incident).contained == "claimed"
    story.tell("gateway:edge", e.LeakObserved(source="edge", since=T0, until=T0 + HOUR, n_seen=50, n_leaking=2, last_leak_at=T0))
    assert glance(story.incident).contained == "leaking"
    assert story.commands[-1].what == "INC-1: it still leaks behind the containment"
    story.tell("gateway:edge", e.LeakObserved(source="edge", since=T0, until=T0 + HOUR, n_seen=50, n_leaking=0))
    assert (glance(story.incident).contained, story.incident.last_leak_at) == ("contained", T0)
    refused(story, DAN, e.ContainmentLifted(policy="p", why=""), "say why")
    story.tell(DAN, e.ContainmentLifted(policy="p", why="patched"))
    refused(story, DAN, e.ContainmentLifted(policy="p", why="again"), "no such containment")


def test_a_set_anchor_without_a_measurement_is_only_a_claim(story):
    story.tell(DAN, e.AnchorSet(name="contained", at=T0, why="switched off"))
    assert glance(story.incident).contained == "claimed"


def test_a_later_report_replaces_what_it_names_and_keeps_the_rest(story):
    other = e.Leak(endpoint="GET /b", host="h", fields=LEAK.fields, n_subjects=1, n_recipients=1, n_exchanges=1, authenticated=True)
    story.tell(DAN, e.LeaksFound(leaks=(other,)))
    assert [leak.endpoint for leak in story.incident.leaks] == [LEAK.endpoint, "GET /b"]


def test_a_clock_that_ran_out_is_announced_to_the_lead(running):
    running.tell("system", e.ClockPassed(clock="task:assemble", due_at=T0, level="over"))
    assert running.commands[-1] == Tell(roles=("lead", "deputy"), what="INC-1: a clock has run out", urgent=True)
    assert running.incident.passed == (f"task:assemble@{T0.isoformat()}:over",)


def test_who_is_next_begins_with_naming_a_lead(story, shipped):
    assert glance(story.incident).next.kind == "role"


def test_a_role_not_accepted_is_a_clock_until_it_is(running):
    assert [clock.title for clock in clocks(running.incident) if clock.kind == "role"] == ["Carol accepts the role of privacy officer"]
    running.tell(CAROL, e.RoleAcknowledged(role="privacy_officer"))
    assert not any(clock.kind == "role" for clock in clocks(running.incident))


def test_a_promised_update_is_a_clock_until_the_next_promise(running):
    running.tell(DAN, e.UpdatePromised(audience="customers", due_at=T0 + HOUR)).tell(
        DAN, e.UpdatePromised(audience="customers", due_at=T0 + 2 * HOUR)
    )
    assert [c.due_at for c in clocks(running.incident) if c.kind == "update"] == [T0 + 2 * HOUR]


def test_an_empty_note_is_refused_and_a_title_is_needed(story):
    refused(story, DAN, e.NoteAdded(text="  "), "says nothing")
    refused(Story(), DAN, e.Declared(title=" ", severity="low"), "needs a title")


texts = st.text(min_size=1, max_size=30)
keys = st.sampled_from(["a", "b", "c"])
EVENTS = st.one_of(
    st.builds(e.NoteAdded, text=texts, privileged=st.booleans()),
    st.builds(e.PhaseChanged, to=st.sampled_from(PHASES), why=texts, override_by=st.sampled_from(["", CAROL, DAN])),
    st.builds(e.AnchorSet, name=st.sampled_from(["occurred", "aware", "contained"]), at=st.integers(-99, 0).map(lambda h: T0 + h * HOUR), why=texts),
    st.builds(
        e.TaskAdded,
        task=st.builds(
            e.TaskSpec,
            key=keys,
            title=texts,
            track=st.just("command"),
            phase=st.just("analysis"),
            role=st.just("lead"),
            needs=st.lists(keys, max_size=1).map(tuple),
            due_after=st.sampled_from(["", "aware", "declared"]),
            due_within_s=st.integers(0, 9_999),
        ),
    ),
    st.builds(e.TaskTaken, task=keys, person=keys, name=texts),
    st.builds(e.TaskBlocked, task=keys, why=texts),
    st.builds(e.TaskUnblocked, task=keys),
    st.builds(e.TaskFinished, task=keys, result=texts),
    st.builds(e.TaskSkipped, task=keys, why=texts),
    st.builds(e.TaskReopened, task=keys),
    st.builds(e.RoleGiven, role=st.sampled_from(ROLES), person=st.sampled_from(["dan", "carol", ""]), name=texts),
    st.builds(e.DecisionAsked, decision=keys, question=texts, role=st.sampled_from(ROLES)),
    st.builds(e.DecisionMade, decision=keys, answer=texts),
    st.builds(
        e.MessageDrafted, message=keys, audience=st.just("press"), channel=texts, subject=texts, template=texts, body=texts, sha256=st.just("00")
    ),
    st.builds(e.MessageApproved, message=keys, sha256=st.just("00")),
    st.builds(e.MessageSent, message=keys, sha256=st.just("00"), to=st.lists(texts, max_size=2).map(tuple)),
    st.builds(e.EvidenceAdded, evidence=keys, name=texts, sha256=texts, n_bytes=st.integers(0, 9), derived_from=st.sampled_from(["", "a"])),
    st.builds(e.ContainmentApplied, policy=keys, rev=st.integers(1, 9), target=texts),
    st.builds(e.ContainmentLifted, policy=keys, why=texts),
    st.builds(e.LeakObserved, source=texts, since=st.just(T0), until=st.just(T0 + HOUR), n_seen=st.integers(0, 9), n_leaking=st.integers(0, 9)),
    st.builds(e.SeveritySet, severity=st.sampled_from(["low", "critical"])),
)


@given(st.lists(st.tuples(st.sampled_from([DAN, CAROL, CARL]), EVENTS), max_size=40))
def test_rebuilding_from_the_journal_gives_what_folding_step_by_step_gave(steps):
    story = Story().tell(DAN, e.Declared(title="t", severity="high", leaks=(LEAK,)))
    for by, event in steps:
        try:
            story.tell(by, event)
        except RefusedError:
            continue
    assert project("INC-1", story.entries) == story.incident
    glance(story.incident)
    for message in story.incident.messages:
        assert message.state != "sent" or any(a.by != message.drafted_by and a.sha256 == message.sha256 for a in message.approvals)


def test_an_entry_of_an_unknown_kind_is_refused():
    with pytest.raises(InputError, match="unknown kind"):
        e.parse_event("space:travel", {})
    with pytest.raises(InputError, match="does not fit"):
        e.parse_event("note:add", {"text": 5})


def test_an_incident_begins_with_nothing():
    assert project("INC-9", []) == Incident(key="INC-9")
