"""The embedded mode's thread, through the same code as the worker."""

import threading
import time

import pytest
from django.db import connection

from indicators import drain, schedule, tasks
from indicators.actions.recompute import start_full_recompute
from indicators.models import ScheduledRun
from tests.factories import make_target


def test_a_nudge_wakes_the_thread(monkeypatch, settings):
    settings.EMBEDDED = True
    worked, stopped = threading.Event(), threading.Event()
    monkeypatch.setattr(drain, "work_off_for", lambda seconds: worked.set())
    monkeypatch.setattr(drain.schedule, "tick", list)
    thread = threading.Thread(target=drain.work_until, args=(stopped,))
    thread.start()

    tasks.nudge()

    assert worked.wait(5)
    stopped.set()
    drain.wake()
    thread.join(5)
    assert not thread.is_alive()


@pytest.mark.django_db(transaction=True)
def test_the_thread_works_off_a_job_and_runs_the_schedule(settings):
    settings.EMBEDDED = True
    make_target()
    stopped = threading.Event()

    def work():
        try:
            drain.work_until(stopped)
        finally:
            connection.close()

    thread = threading.Thread(target=work)
    thread.start()
    job = start_full_recompute(by=None)
    tasks.nudge_jobs()
    stop_at = time.monotonic() + 10
    while job.is_open or ScheduledRun.objects.count() < len(schedule.ENTRIES):
        assert time.monotonic() < stop_at, "waited in vain"
        time.sleep(0.05)
        job.refresh_from_db()
    stopped.set()
    drain.wake()
    thread.join(10)

    assert (job.state, job.done, job.total) == ("done", 1, 1)
    assert set(ScheduledRun.objects.values_list("name", flat=True)) == {
        each.name for each in schedule.ENTRIES
    }


def test_a_failure_is_tried_again(monkeypatch):
    stopped = threading.Event()
    calls = []

    def fail_once(seconds):
        calls.append(1)
        if len(calls) == 1:
            raise RuntimeError("the database is away")
        stopped.set()
        return 0

    monkeypatch.setattr(drain, "work_off_for", fail_once)
    monkeypatch.setattr(drain.schedule, "tick", list)
    monkeypatch.setattr(drain.time, "sleep", lambda seconds: None)
    monkeypatch.setattr(drain, "connection", Closed())
    monkeypatch.setattr(drain, "close_old_connections", lambda: None)
    drain.wake()

    drain.work_until(stopped)

    assert len(calls) == 2


def test_a_long_job_holds_up_no_tick(monkeypatch):
    """It ticks between two stretches of work, and once nothing waits."""
    stopped, calls = threading.Event(), []
    found = iter([3, 2, 0])

    def work(seconds):
        calls.append("work")
        return next(found)

    def tick():
        calls.append("tick")
        if len(calls) == 6:
            stopped.set()

    monkeypatch.setattr(drain, "work_off_for", work)
    monkeypatch.setattr(drain.schedule, "tick", tick)
    monkeypatch.setattr(drain, "close_old_connections", lambda: None)
    drain.wake()

    drain.work_until(stopped)

    assert calls == ["work", "tick"] * 3


class Closed:
    def close(self):
        """Nothing to close."""
