"""Killed at any moment: nothing acknowledged is lost, nothing that reaches people is sent twice, clocks are right."""

import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from console_stage import report_bytes
from durable_stage import judge, kill_often
from postgres_stage import postgres, why_not

from stanch.console import queue, worker
from stanch.console.models import DueRow, Job, Notice
from stanch.incident import event as e

T0 = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
N_KILLS = 2


@pytest.fixture
def folder():
    with tempfile.TemporaryDirectory(prefix="stanch-durable-") as name:
        path = Path(name)
        (path / "report.json").write_bytes(report_bytes())
        yield path


def test_killed_on_sqlite_nothing_is_lost_and_nothing_is_told_twice(folder):
    n_acknowledged, n_sent, _ = judge(kill_often(folder, folder / "report.json", n_kills=N_KILLS, seed=1))
    assert n_acknowledged >= N_KILLS
    assert n_sent >= 1


@pytest.mark.skipif(bool(why_not()), reason=why_not() or "-")
def test_killed_on_postgresql_nothing_is_lost_and_nothing_is_told_twice(folder):
    with postgres(folder / "server") as address:
        n_acknowledged, n_sent, _ = judge(kill_often(folder, folder / "report.json", n_kills=N_KILLS, seed=2, database=address))
    assert n_acknowledged >= N_KILLS
    assert n_sent >= 1


def job(kind="webhook", key="k"):
    queue.add(key, kind, {}, T0)
    return queue.claim(T0)


def test_a_lease_that_lapsed_is_taken_by_another_and_the_first_can_not_finish_it(db):
    first = job()
    assert queue.claim(T0) is None
    second = queue.claim(T0 + queue.LEASE + timedelta(seconds=1))
    assert (second.pk, second.attempts) == (first.pk, 2)
    assert not queue.finish(first, T0)
    assert queue.finish(second, T0)


def test_what_reaches_people_is_not_repeated_when_it_was_cut_off(db):
    job("tell")
    assert queue.claim(T0 + queue.LEASE + timedelta(seconds=1)) is None
    assert Job.objects.get().state == "uncertain"


def test_a_failure_is_tried_again_later_and_given_up_in_the_end(db):
    moment, waits = T0, []
    queue.add("k", "webhook", {}, T0)
    while found := queue.claim(moment):
        queue.fail(found, "no answer", moment, permanent=False)
        waits.append((Job.objects.get().run_at - moment).total_seconds())
        moment = Job.objects.get().run_at
    assert waits == sorted(waits)
    assert (Job.objects.get().state, Job.objects.get().attempts) == ("dead", queue.MAX_ATTEMPTS)


def test_a_permanent_failure_is_given_up_at_once(db):
    queue.fail(job(), "gone", T0, permanent=True)
    assert Job.objects.get().state == "dead"


def test_the_same_job_is_added_once(db):
    queue.add("k", "webhook", {}, T0)
    queue.add("k", "webhook", {}, T0)
    assert Job.objects.count() == 1


def test_a_refused_event_leaves_no_trace(world):
    before = (world.case().incident, Job.objects.count(), Notice.objects.count())
    world.do("Dan", "phase", to="recovery")
    assert (world.case().incident, Job.objects.count(), Notice.objects.count()) == before


def test_a_clock_is_announced_soon_and_over_once_each(world):
    world.record(e.AnchorSet(name="aware", at=T0, why="w"))
    due = DueRow.objects.get(clock="task:notify-authority")
    for moment in (due.due_at - timedelta(minutes=59), due.due_at - timedelta(minutes=1), due.due_at, due.due_at + timedelta(hours=9)):
        worker.sweep(moment)
        worker.sweep(moment)
    levels = [name.rpartition(":")[2] for name in world.case().incident.passed if name.startswith("task:notify-authority@")]
    assert levels == ["soon", "over"]


def test_a_clock_that_moved_is_announced_anew(world):
    world.record(e.UpdatePromised(audience="press", due_at=T0 + timedelta(hours=3)))
    worker.sweep(T0 + timedelta(hours=4))
    world.record(e.UpdatePromised(audience="press", due_at=T0 + timedelta(hours=6)))
    worker.sweep(T0 + timedelta(hours=7))
    assert len([name for name in world.case().incident.passed if name.startswith("update:press@") and name.endswith("over")]) == 2


def test_an_urgent_thing_reaches_who_holds_the_role(world):
    world.record(e.DecisionAsked(decision="x", question="q", role="counsel"), by="Carol")
    assert [n.person.name for n in Notice.objects.filter(text__contains="decision of yours").order_by("pk")][-1] == "Connie"
