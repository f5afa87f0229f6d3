"""Several workers at once: each part is done once, by one of them."""

import threading
from datetime import timedelta
from functools import partial

import pytest
from django.db import OperationalError, connection

from indicators.actions import jobs
from indicators.actions.jobs import queue
from indicators.models import Job, JobPart
from tests.indicators.jobs_world import KIND, Counting, start, stored
from tests.indicators.threads import in_threads

pytestmark = pytest.mark.django_db(transaction=True)
PARTS = 12


@pytest.fixture
def counting(transactional_db):
    yield from Counting().registered()


def work_until_done():
    """As a worker does: where the database is busy, what waits still waits."""
    while JobPart.objects.exists():
        try:
            if not jobs.work_off_one():
                return
        except OperationalError:
            continue


def test_two_workers_share_the_parts_of_a_job(counting):
    job = start(PARTS)
    by, both_have_one = {}, threading.Barrier(2)

    def note(claimed):
        mine = by.setdefault(threading.current_thread().name, [])
        mine.append(claimed.part.number)
        if len(mine) == 1:
            both_have_one.wait(10)

    counting.meanwhile = note

    assert in_threads(work_until_done, work_until_done) == []

    job.refresh_from_db()
    assert sorted(counting.done) == list(range(1, PARTS + 1))
    assert (job.state, job.done, job.result, stored()) == ("done", PARTS, {"rows": PARTS}, PARTS)
    assert sum(len(numbers) for numbers in by.values()) == PARTS
    assert len(by) == 2


def test_a_part_that_is_being_worked_on_is_not_taken_though_its_lease_is_over(
    counting, monkeypatch
):
    """Its worker only takes long."""
    if connection.vendor == "sqlite":
        pytest.skip("SQLite has one writer, which has the whole database")
    start(1)
    monkeypatch.setattr(queue, "LEASE", timedelta(0))
    working, looked = threading.Event(), threading.Event()

    def long_work(claimed):
        with claimed.finishing() as counts:
            working.set()
            assert looked.wait(10)
            counts["rows"] = 1
        counting.done.append(claimed.part.number)

    jobs.register(KIND, jobs.Work(do=long_work))

    def look():
        assert working.wait(10)
        assert jobs.work_off_one() == 0
        looked.set()

    assert in_threads(jobs.work_off_one, look) == []
    assert (counting.done, Job.objects.get().state) == ([1], "done")


def test_two_workers_store_parts_of_one_job_at_the_same_time(counting):
    """The job's row is locked at the end of a part only, or they would take turns."""
    if connection.vendor == "sqlite":
        pytest.skip("SQLite has one writer, which has the whole database")
    start(2)
    both_are_storing = threading.Barrier(2)

    def store(claimed):
        with claimed.finishing() as counts:
            both_are_storing.wait(10)
            counts["rows"] = 1

    jobs.register(KIND, jobs.Work(do=store))

    assert in_threads(jobs.work_off_one, jobs.work_off_one) == []

    job = Job.objects.get()
    assert (job.state, job.done, job.result) == ("done", 2, {"rows": 2})


def test_a_job_cancelled_beside_its_workers_ends_cancelled(counting, django_user_model):
    wang = django_user_model.objects.create_user("wang")
    job = start(PARTS, by=wang)
    begun = threading.Event()
    counting.meanwhile = lambda claimed: begun.set()

    def cancel():
        assert begun.wait(10)
        for _time in range(20):
            try:
                jobs.cancel_job(job=job, by=wang)
            except OperationalError:
                continue
            except jobs.NotAtThisStep:
                pass  # they were faster
            return

    assert in_threads(work_until_done, work_until_done, cancel) == []

    job.refresh_from_db()
    assert job.state in {"cancelled", "done"}
    assert (job.done, job.result.get("rows", 0)) == (stored(), stored())
    assert not JobPart.objects.exists()


def test_two_cancel_at_once(counting, django_user_model):
    wang = django_user_model.objects.create_user("wang")
    job = start(2, by=wang)

    raised = in_threads(*[partial(jobs.cancel_job, job=job, by=wang)] * 2)

    assert [type(each) for each in raised] == [jobs.NotAtThisStep]
