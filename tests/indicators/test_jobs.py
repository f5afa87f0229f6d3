"""Long tasks: their way, their parts, and who may do what with them."""

from datetime import timedelta

import pytest
from django.db import OperationalError, connection, transaction
from django.utils import timezone, translation

from indicators import tasks
from indicators.actions import jobs
from indicators.actions.jobs import queue
from indicators.actions.jobs.kinds import _works
from indicators.enums import JobKind, JobState
from indicators.models import Job, JobPart
from targets_site.accounts.access import NotAllowed
from targets_site.accounts.models import Role
from targets_site.audit.models import Entry
from tests.factories import make_job, make_post, make_user
from tests.indicators.jobs_world import KIND, Counting, start, stored, work_off_all

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


@pytest.fixture
def counting(db):
    yield from Counting().registered()


@pytest.fixture
def wang(db):
    return make_user("wang")


@pytest.fixture
def sysadmin(db):
    user = make_user("sysadmin")
    make_post(user, Role.SYSTEM_ADMIN)
    return user


def let_leases_end():
    JobPart.objects.update(leased_until=timezone.now() - timedelta(seconds=1))


def trail(job):
    entries = Entry.objects.filter(object=f"job:{job.pk}")
    return [(each.action, each.actor, each.role) for each in entries]


# The way of a job


def test_a_job_is_worked_off_part_by_part(counting, wang):
    job = start(3, by=wang, size=40)
    assert (job.state, job.done, job.total, job.started_at) == ("waiting", 0, 120, None)

    assert jobs.work_off_one() == 1
    job.refresh_from_db()
    assert (job.state, job.done, job.total, job.result) == ("running", 40, 120, {"rows": 1})
    assert work_off_all() == 2

    job.refresh_from_db()
    assert (job.state, job.done, job.total, job.result) == ("done", 120, 120, {"rows": 3})
    assert job.started_at <= job.finished_at
    assert (counting.done, stored(), JobPart.objects.count()) == ([1, 2, 3], 3, 0)
    assert trail(job) == [("start_job", "wang", ""), ("end_job", "wang", "")]
    said = Entry.objects.get(action="end_job")
    assert said.after == {"kind": "report", "state": "done", "done": 120, "total": 120, "rows": 3}


def test_a_job_without_parts_is_done_at_once(counting):
    job = start(0)

    assert (job.state, job.total, job.done) == ("done", None, 0)
    assert trail(job) == [("start_job", "system", ""), ("end_job", "system", "")]


def test_nothing_waits(counting):
    assert jobs.work_off_one() == 0


def test_what_people_wait_for_comes_before_what_runs_for_all(counting, wang):
    for_all = make_job(kind=JobKind.RECOMPUTE, parameters={"as_of": None})
    JobPart.objects.create(job=for_all, number=1, content={"areas": []})
    start(1, by=wang)

    assert queue.claim().part.job.kind == KIND
    assert queue.claim().part.job == for_all


def test_a_poisoned_part_is_given_up_while_the_others_go_on(counting, wang):
    counting.poison = {2}
    job, other = start(3, by=wang), start(1, by=wang)

    assert work_off_all() == 3 + JobPart.MAX_ATTEMPTS

    job.refresh_from_db()
    other.refresh_from_db()
    assert (other.state, stored()) == ("done", 3)
    assert (job.state, job.done, job.total) == ("failed", 2, 3)
    assert job.error == "ValueError('part 2 is poison')"
    assert job.finished_at is not None
    assert list(job.parts.values_list("number", "attempts", "leased_until")) == [(2, 3, None)]
    assert counting.said == [("given up", "running")]
    assert trail(job)[-1] == ("end_job", "wang", "")
    assert jobs.work_off_one() == 0


def test_a_database_that_fails_is_no_attempt(counting):
    def fail(claimed):
        raise OperationalError("the server is away")

    job = start(1)
    counting.meanwhile = fail
    for _time in range(JobPart.MAX_ATTEMPTS + 1):
        with pytest.raises(OperationalError):
            jobs.work_off_one()
    counting.meanwhile = lambda claimed: None

    assert work_off_all() == 1
    job.refresh_from_db()
    assert (job.state, stored()) == ("done", 1)


def test_a_statement_that_takes_too_long_is_an_attempt(counting):
    """The database is there; it would stop the statement each time."""
    if connection.vendor == "sqlite":
        pytest.skip("SQLite knows no such limit")

    def take_long(claimed):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = 50; SELECT pg_sleep(10)")

    job, other = start(1), start(1)
    counting.meanwhile = lambda claimed: take_long(claimed) if claimed.job == job else None

    assert work_off_all() == 1 + JobPart.MAX_ATTEMPTS
    job.refresh_from_db()
    other.refresh_from_db()
    assert (job.state, other.state) == ("failed", "done")
    assert "statement timeout" in job.error


def test_a_kind_that_nobody_registered_here_is_left_to_others(counting, monkeypatch):
    """And no message is sent for it, again and again: nothing was found to do."""
    job, woken = start(1), []
    monkeypatch.setattr(tasks, "_wake", woken.append)
    work = _works.pop(KIND)

    assert tasks.work_off_jobs() == 0
    assert (woken, JobPart.objects.get().attempts) == ([], 0)

    _works[KIND] = work
    assert tasks.work_off_jobs() == 2, "and the stale row that it appended"
    job.refresh_from_db()
    assert (job.state, woken) == ("done", [])


class Killed(BaseException):
    """As if by kill -9: nobody catches it."""


def kill(claimed):
    raise Killed


def test_a_worker_that_was_killed_leaves_its_part_to_the_next(counting):
    start(2)
    counting.meanwhile = kill
    with pytest.raises(Killed):
        jobs.work_off_one()
    counting.meanwhile = lambda claimed: None

    assert work_off_all() == 1, "the other one might still be at work"
    let_leases_end()
    assert work_off_all() == 1

    assert (counting.done, stored(), Job.objects.get().state) == ([2, 1], 2, "done")


def test_what_always_kills_its_worker_is_given_up(counting):
    job = start(1)
    counting.meanwhile = kill
    for _attempt in range(JobPart.MAX_ATTEMPTS):
        with pytest.raises(Killed):
            jobs.work_off_one()
        let_leases_end()

    assert work_off_all() == 1

    job.refresh_from_db()
    assert (job.state, job.error, stored()) == ("failed", "worker lost", 0)
    assert job.reason == "The worker died several times while it was at it."


def test_who_is_slow_stores_nothing_once_another_took_over(counting):
    start(1)
    slow = queue.claim()
    let_leases_end()
    work_off_all()

    queue.work_on(slow)

    assert (counting.done, stored(), Job.objects.get().done) == ([1], 1, 1)


def test_a_job_is_worked_off_at_once_beside_others(counting):
    job, other = start(2), start(1)
    seen = []

    done = jobs.work_off_job(job, seen=lambda job: seen.append((job.done, job.total)))

    assert (done.state, seen) == ("done", [(1, 2), (2, 2)])
    other.refresh_from_db()
    assert other.state == "waiting"


@pytest.fixture
def failing_database(counting, monkeypatch):
    """So often as is put in; whoever waits for a job does not wait long."""
    monkeypatch.setattr(queue, "SECONDS_AFTER_FAILURE", 0)
    times = [0]

    def fail(claimed):
        if times[0]:
            times[0] -= 1
            raise OperationalError("canceling statement due to lock timeout")

    counting.meanwhile = fail
    return times


def test_who_waits_for_a_job_tries_again_where_the_database_fails(failing_database):
    failing_database[0] = queue.MOST_FAILURES

    assert jobs.work_off_job(start(2)).state == "done"
    assert stored() == 2


def test_who_waits_for_a_job_gives_up_where_the_database_fails_for_long(failing_database):
    job = start(1)
    failing_database[0] = queue.MOST_FAILURES + 1

    with pytest.raises(OperationalError):
        jobs.work_off_job(job)

    assert (job.is_open, JobPart.objects.get().attempts) == (True, 0)


# Cancelling and trying again


def job_at(state, by, counting):
    """A job of three parts in this state; where it runs or failed, one part is done."""
    job = start(3, by=by)
    if state == JobState.DONE:
        work_off_all()
    elif state == JobState.RUNNING:
        jobs.work_off_one()
    elif state == JobState.FAILED:
        counting.poison = {2, 3}
        work_off_all()
    elif state == JobState.CANCELLED:
        jobs.cancel_job(job=job, by=by)
    job.refresh_from_db()
    assert job.state == state
    return job


LEADS_TO = {
    ("cancel", JobState.WAITING): JobState.CANCELLED,
    ("cancel", JobState.RUNNING): JobState.CANCELLED,
    ("cancel", JobState.FAILED): JobState.CANCELLED,
    ("retry", JobState.FAILED): JobState.WAITING,
}
STEPS = {"cancel": jobs.cancel_job, "retry": jobs.retry_job}


@pytest.mark.parametrize("who", ["starter", "sysadmin", "colleague", "secadmin"])
@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("state", JobState)
def test_who_may_do_what_with_a_job_in_which_state(counting, wang, sysadmin, state, step, who):
    make_post(make_user("li"), Role.REVIEWER)
    make_post(make_user("secadmin"), Role.SECURITY_ADMIN)
    people = {"starter": "wang", "colleague": "li"}
    by = type(wang).objects.get(username=people.get(who, who))
    job = job_at(state, wang, counting)
    entries, after = len(trail(job)), LEADS_TO.get((step, state))

    if who in {"colleague", "secadmin"}:
        with pytest.raises(NotAllowed):
            STEPS[step](job=job, by=by)
        after = None
    elif after is None:
        with pytest.raises(jobs.NotAtThisStep):
            STEPS[step](job=job, by=by)
    else:
        STEPS[step](job=job, by=by)

    job.refresh_from_db()
    assert job.state == (after or state)
    role = "system_admin" if who == "sysadmin" else ""
    said = [(f"{step}_job", by.username, role)] if after else []
    assert trail(job)[entries:] == said


def test_a_cancelled_job_keeps_what_is_stored_and_begins_nothing_more(counting, wang):
    job = job_at(JobState.RUNNING, wang, counting)

    jobs.cancel_job(job=job, by=wang)

    assert work_off_all() == 0
    job.refresh_from_db()
    assert (job.state, job.done, job.total, stored()) == ("cancelled", 1, 3, 1)
    assert not JobPart.objects.exists()
    assert counting.said == [("cancelled", "running")]


def test_what_a_worker_has_in_hands_is_not_stored_once_it_is_cancelled(counting, wang):
    job = start(2, by=wang)
    counting.meanwhile = lambda claimed: jobs.cancel_job(job=job, by=wang)

    assert work_off_all() == 1

    job.refresh_from_db()
    assert (job.state, job.done, stored()) == ("cancelled", 0, 0)
    assert not JobPart.objects.exists()


def test_a_retried_job_does_what_is_left_and_keeps_what_was_done(counting, wang):
    job = job_at(JobState.FAILED, wang, counting)
    counting.poison = set()

    jobs.retry_job(job=job, by=wang)

    job.refresh_from_db()
    assert (job.state, job.done, job.total, job.error) == ("waiting", 1, 3, "")
    assert (job.started_at, job.finished_at) == (None, None)
    assert work_off_all() == 2
    job.refresh_from_db()
    assert (job.state, job.done, job.total, job.result) == (
        "done",
        3,
        3,
        {"rows": 3, "done_before": 1},
    )
    assert (stored(), counting.said[-1]) == (3, ("retried", "waiting"))


def test_an_administrator_who_left_decides_nothing(counting, wang, sysadmin):
    job = start(1, by=wang)
    sysadmin.posts.update(to_date=timezone.localdate() - timedelta(days=1))

    with pytest.raises(NotAllowed):
        jobs.cancel_job(job=job, by=sysadmin)


# How far it is


def test_who_says_how_far_he_is_keeps_his_part(counting):
    start(1, size=0)
    claimed = queue.claim()
    let_leases_end_at = claimed.until

    claimed.say(total=100)
    with claimed.saying(done=10):
        assert claimed.until > let_leases_end_at

    job = Job.objects.get()
    assert (job.done, job.total) == (10, 100)
    assert JobPart.objects.get().leased_until == claimed.until


def test_what_is_said_with_work_that_fails_is_not_said(counting):
    start(1, size=0)
    claimed = queue.claim()
    before = claimed.until

    with pytest.raises(ValueError, match="no"), claimed.saying(done=10):
        raise ValueError("no")

    assert (Job.objects.get().done, JobPart.objects.get().leased_until) == (0, before)
    claimed.say(done=5)


def test_who_says_how_far_he_is_hears_that_it_was_cancelled(counting, wang):
    job = start(1, by=wang)
    claimed = queue.claim()
    jobs.cancel_job(job=job, by=wang)

    with pytest.raises(jobs.TakenOver):
        claimed.say()
