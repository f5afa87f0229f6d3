"""The embedded mode's threads, through the same code as worker and beat."""

import threading
import time
from contextlib import contextmanager

import pytest
from django.db import OperationalError, connection
from django.utils import timezone

from indicators import drain, schedule, tasks
from indicators.actions.recompute import start_full_recompute
from indicators.models import ScheduledRun
from tests.factories import make_target


@contextmanager
def running(*loops):
    """Each in a thread with a connection of its own, until told to stop."""
    stopped = threading.Event()

    def run(loop):
        try:
            loop(stopped)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(loop,), daemon=True) for loop in loops]
    for each in threads:
        each.start()
    try:
        yield stopped
    finally:
        stopped.set()
        drain.wake()
        for each in threads:
            each.join(10)
    assert not any(each.is_alive() for each in threads)


def wait_for(job):
    stop_at = time.monotonic() + 10
    while job.is_open:
        assert time.monotonic() < stop_at, "waited in vain"
        time.sleep(0.05)
        job.refresh_from_db()


def test_a_nudge_wakes_the_thread(monkeypatch, settings):
    settings.EMBEDDED = True
    worked = threading.Event()
    monkeypatch.setattr(drain, "work_off_for_a_while", worked.set)
    monkeypatch.setattr(drain, "close_old_connections", lambda: None)

    with running(drain.work_until):
        tasks.nudge()
        assert worked.wait(5)


@pytest.mark.django_db(transaction=True)
def test_the_threads_work_off_a_job_and_run_the_schedule(settings):
    settings.EMBEDDED = True
    make_target()

    with running(drain.work_until, drain.tick_until):
        stop_at = time.monotonic() + 10
        while ScheduledRun.objects.count() < len(schedule.ENTRIES):
            assert time.monotonic() < stop_at, "waited in vain"
            time.sleep(0.05)
        job = start_full_recompute(by=None)
        tasks.nudge_jobs()
        wait_for(job)

    assert (job.state, job.done, job.total) == ("done", 1, 1)
    assert set(ScheduledRun.objects.values_list("name", flat=True)) == {
        each.name for each in schedule.ENTRIES
    }


@pytest.mark.django_db(transaction=True)
def test_a_mail_server_that_hangs_holds_up_no_verdict(settings, monkeypatch):
    settings.EMBEDDED = True
    make_target()
    hangs, ends = threading.Event(), threading.Event()

    def hang(moment):
        hangs.set()
        assert ends.wait(20)

    entry = schedule.Entry("mail", "mail", hang, every=schedule.TICK)
    monkeypatch.setattr(schedule, "ENTRIES", (entry,))
    schedule.tick(moment=timezone.now() - 2 * schedule.TICK)

    with running(drain.work_until, drain.tick_until):
        assert hangs.wait(10)
        job = start_full_recompute(by=None)
        tasks.nudge_jobs()
        wait_for(job)
        assert ScheduledRun.objects.get().finished_at is None, "it still hangs"
        ends.set()

    assert job.state == "done"


@pytest.mark.parametrize("loop", ["work_until", "tick_until"])
def test_a_failure_is_tried_again(monkeypatch, loop):
    calls, stopped = [], threading.Event()

    def fail_once():
        calls.append(1)
        if len(calls) == 1:
            raise OperationalError("the database is away")
        stopped.set()
        return 0

    monkeypatch.setattr(drain, "work_off_for_a_while", fail_once)
    monkeypatch.setattr(drain.schedule, "tick", fail_once)
    monkeypatch.setattr(drain, "SWEEP_SECONDS", 0.01)
    monkeypatch.setattr(drain.time, "sleep", lambda seconds: None)
    monkeypatch.setattr(drain, "connection", Closed())
    monkeypatch.setattr(drain, "close_old_connections", lambda: None)

    getattr(drain, loop)(stopped)

    assert len(calls) == 2


def test_what_is_left_after_a_while_is_worked_off_at_once(monkeypatch):
    found, stopped = [0, 2, 3], threading.Event()

    def work():
        if len(found) == 1:
            stopped.set()
        return found.pop()

    monkeypatch.setattr(drain, "work_off_for_a_while", work)
    monkeypatch.setattr(drain, "close_old_connections", lambda: None)
    drain.wake()

    drain.work_until(stopped)

    assert found == []


class Closed:
    def close(self):
        """Nothing to close."""
