"""The pages of jobs: who sees which, what they say, and what may be done there."""

from datetime import timedelta

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from indicators import tasks
from indicators.models import Job, JobPart, ScheduledRun, StaleRow
from indicators.schedule import ENTRIES
from targets_site.accounts.models import Role
from targets_site.audit.models import Entry
from tests.factories import (
    make_area,
    make_job,
    make_official,
    make_post,
    make_series,
    make_target,
    make_user,
)
from tests.indicators.jobs_world import Counting, start, work_off_all

pytestmark = pytest.mark.django_db
LIST = "/jobs/"
NOW = timezone.now()


@pytest.fixture
def counting(db):
    yield from Counting().registered()


@pytest.fixture
def wang(db):
    return make_official("wang")


@pytest.fixture
def sysadmin(db):
    user = make_user("sysadmin")
    make_post(user, Role.SYSTEM_ADMIN)
    return user


@pytest.fixture
def as_wang(client, wang):
    return signed_in(client, wang)


@pytest.fixture
def as_sysadmin(client, sysadmin):
    return signed_in(client, sysadmin)


def signed_in(client, user):
    client.force_login(user)
    client.cookies["django_language"] = "en"
    return client


def text(response):
    """What the page says, in one line."""
    return " ".join(response.content.decode().split())


def address(name, job):
    return reverse(f"indicators:{name}", args=[job.pk])


def running(**fields):
    started_at = timezone.now() - timedelta(minutes=62)
    return make_job(**{"kind": "recompute", "state": "running", "started_at": started_at, **fields})


# Who sees what


def test_everybody_sees_his_own_jobs_newest_first(as_wang, wang):
    first, second = make_job(asked_by=wang), make_job(asked_by=wang, kind="export")
    make_job(asked_by=make_user("li"))
    make_job()

    page = as_wang.get(LIST)

    assert list(page.context["page"]) == [second, first]
    assert "Recompute all verdicts" not in text(page)
    assert "Last at work" not in text(page)


def test_the_system_administrator_sees_all(as_sysadmin, wang):
    own, of_nobody = make_job(asked_by=wang), make_job()

    page = as_sysadmin.get(LIST)

    assert list(page.context["page"]) == [of_nobody, own]
    assert "Recompute all verdicts" in text(page)
    assert "the schedule or a command" in text(page)


@pytest.mark.parametrize("name", ["job", "job_progress", "cancel_job", "retry_job"])
def test_somebody_elses_job_is_not_found(as_wang, name):
    job = make_job(asked_by=make_user("li"))
    ask = as_wang.get if name in {"job", "job_progress"} else as_wang.post

    assert ask(address(name, job)).status_code == 404
    assert Entry.objects.get(action="denied").object == f"job:{job.pk}"
    job.refresh_from_db()
    assert job.state == "waiting"


@pytest.mark.parametrize("page", ["indicators:recompute_all", "indicators:retry_stale"])
def test_what_is_for_administrators_is_denied_to_others(as_wang, page):
    make_target()

    assert as_wang.post(reverse(page)).status_code == 403
    assert as_wang.get(reverse(page)).status_code == 405
    assert not Job.objects.exists()


def test_without_a_job_the_page_says_so(as_wang):
    assert "No job has been started yet." in text(as_wang.get(LIST))


def test_the_menu_leads_there(as_sysadmin):
    people = "/accounts/people/"
    assert '<a href="/jobs/">Jobs</a>' in text(as_sysadmin.get(people))
    assert '<a href="/jobs/" aria-current="page">Jobs</a>' in text(as_sysadmin.get(LIST))
    make_job(state="failed", started_at=NOW, finished_at=NOW, error="x")
    StaleRow.objects.create(series=make_series(), attempts=3)
    assert '2<span class="visually-hidden"> to be seen to</span>' in text(as_sysadmin.get(people))


def test_the_menu_of_others_has_no_jobs(as_wang, wang):
    make_job(state="failed", started_at=NOW, finished_at=NOW, error="x", asked_by=wang)

    assert 'href="/jobs/"' not in as_wang.get(LIST).content.decode()


@pytest.mark.parametrize("number", [1, 30])
def test_the_list_asks_the_same_for_one_and_thirty_jobs(
    as_sysadmin, number, django_assert_num_queries
):
    user = make_user()
    for _job in range(number):
        make_job(asked_by=user)
        make_job(asked_by=user, state="failed", started_at=NOW, finished_at=NOW, error="x")
        StaleRow.objects.append_series([make_series(scope=f"s{_job}").pk])
    StaleRow.objects.update(attempts=3)
    as_sysadmin.get(LIST)

    # PostgreSQL is asked for its clock, too.
    with django_assert_num_queries(22 if connection.vendor == "sqlite" else 25):
        page = as_sysadmin.get(LIST)

    assert len(page.context["page"]) == min(2 * number, 20)


# A job


def test_a_running_job_says_how_far_it_is_and_how_long_is_left(as_sysadmin):
    # 3,120 of 3,224 areas in 62 minutes leave two minutes and four seconds.
    job = running(done=3120, total=3224)

    page = as_sysadmin.get(address("job", job))
    part = as_sysadmin.get(address("job_progress", job))

    for said in (text(page), text(part)):
        assert "3120 of 3224 areas, about 2 minutes left" in said
        assert '<progress max="3224" value="3120"' in said
        assert f'data-progress="{address("job_progress", job)}"' in said
    assert "<html" not in text(part)
    assert "Cancel the job" in text(page)
    assert "Try again" not in text(page)


def test_progress_ends_with_the_job(as_sysadmin):
    job = running(done=4, total=4)
    Job.objects.update(state="done", finished_at=NOW, result={"verdicts": 17})

    assert text(as_sysadmin.get(address("job_progress", job))) == ""
    page = text(as_sysadmin.get(address("job", job)))
    assert "<dd>Verdicts changed: 17</dd>" in page
    assert "4 of 4 areas" in page
    assert "Cancel the job" not in page


def test_a_waiting_job_waits_for_a_worker(as_sysadmin):
    assert "It waits for a worker." in text(as_sysadmin.get(address("job", make_job())))


def test_a_failed_job_says_why_and_what_was_given_up(as_sysadmin):
    make_area("460000", name_en="Hainan")
    make_area("460100", name_en="Haikou")
    job = running(done=2, total=4)
    JobPart.objects.create(
        job=job, number=3, size=2, content={"areas": ["460000", "460100"]}, attempts=3,
        error="worker lost",
    )  # fmt: skip
    Job.objects.update(state="failed", finished_at=NOW, error="ArithmeticError('<b>')")

    page = text(as_sysadmin.get(address("job", job)))

    assert "Given up after several attempts" in page
    assert "ArithmeticError(&#x27;&lt;b&gt;&#x27;)" in page
    assert '<a href="/areas/460000/">Hainan</a> <a href="/areas/460100/">Haikou</a>' in page
    assert "The worker died several times while it was at it." in page
    assert "Try again" in page
    assert "Drop what is left" in page


def test_a_job_is_cancelled_on_its_page(as_wang, wang, counting):
    job = start(2, by=wang)

    done = as_wang.post(address("cancel_job", job))

    assert (done.status_code, done.url) == (302, job.get_absolute_url())
    job.refresh_from_db()
    assert job.state == "cancelled"
    again = as_wang.post(address("cancel_job", job))
    assert again.status_code == 409
    assert "the job has gone on since you read its page" in text(again)
    denied = Entry.objects.get(action="denied")
    assert (denied.object, denied.reason) == (f"job:{job.pk}", "state")


def test_a_job_is_tried_again_on_its_page(
    as_wang, wang, counting, django_capture_on_commit_callbacks, monkeypatch
):
    woken = []
    monkeypatch.setattr("indicators.tasks._wake", woken.append)
    counting.poison = {1}
    job = start(2, by=wang)
    work_off_all()
    counting.poison = set()

    with django_capture_on_commit_callbacks(execute=True):
        assert as_wang.post(address("retry_job", job)).status_code == 302

    assert len(woken) == 1
    work_off_all()
    job.refresh_from_db()
    assert job.state == "done"
    assert as_wang.post(address("retry_job", job)).status_code == 409


def test_an_administrator_has_all_recomputed(
    as_sysadmin, sysadmin, django_capture_on_commit_callbacks, monkeypatch
):
    woken = []
    monkeypatch.setattr("indicators.tasks._wake", woken.append)
    make_target()
    with django_capture_on_commit_callbacks(execute=True):
        started = as_sysadmin.post("/jobs/recompute/")

    job = Job.objects.get()
    assert (started.status_code, started.url) == (302, job.get_absolute_url())
    assert (job.asked_by, job.state, len(woken)) == (sysadmin, "waiting", 1)
    again = as_sysadmin.post("/jobs/recompute/", follow=True)
    assert "All verdicts are being recomputed already." in text(again)
    assert Job.objects.count() == 1


# Whether the work that waits is being done


def test_the_administrator_sees_that_nobody_is_at_work(as_sysadmin):
    assert "Nobody has been at work yet" in text(as_sysadmin.get(LIST))
    ScheduledRun.objects.create(
        name="sweep", slot=NOW, claimed_at=timezone.now() - timedelta(minutes=6)
    )
    assert "Nobody has been at work since" in text(as_sysadmin.get(LIST))
    ScheduledRun.objects.update(claimed_at=timezone.now() - timedelta(minutes=1))
    assert "Nobody has been at work" not in text(as_sysadmin.get(LIST))


def test_the_administrator_sees_what_waits_and_what_was_given_up(as_sysadmin):
    series, now = make_series(), timezone.now()
    StaleRow.objects.create(series=series, appended_at=now - timedelta(minutes=4))
    StaleRow.objects.create(series=series, attempts=3, error="KeyError('x')", appended_at=now)
    make_job(asked_at=now - timedelta(hours=3))
    make_job(kind="export", state="failed", started_at=now, finished_at=now, error="x")

    page = text(as_sysadmin.get(LIST))

    assert "1 waiting, 1 failed · the oldest has waited 4 minutes" in page
    assert "1 waiting, 0 running, 1 failed · the oldest has waited 3 hours" in page
    assert f'<a href="{series.indicator.get_absolute_url()}">' in page
    assert "KeyError(&#x27;x&#x27;)" in page
    assert "Jobs that were given up" in page


def test_the_administrator_sees_what_the_schedule_ran(as_sysadmin):
    ScheduledRun.objects.create(
        name="recompute", slot=NOW, claimed_at=NOW, finished_at=NOW, attempts=1
    )
    ScheduledRun.objects.create(
        name="forget", slot=NOW, claimed_at=NOW, attempts=3, error="OSError('full')"
    )

    page = text(as_sysadmin.get(LIST))

    assert "daily at 02:30" in page
    assert "daily at 08:00" in page
    assert "each hour" in page
    assert "every 30 seconds" in page
    assert "OSError(&#x27;full&#x27;)" in page
    assert page.count("not run yet") == len(ENTRIES) - 2


def test_stale_rows_that_were_given_up_are_tried_again(
    as_sysadmin, django_capture_on_commit_callbacks, monkeypatch
):
    woken = []
    monkeypatch.setattr("indicators.tasks._wake", woken.append)
    series = make_series()
    for attempts in (3, 3, 1):
        StaleRow.objects.create(series=series, attempts=attempts, error="x")

    with django_capture_on_commit_callbacks(execute=True):
        assert as_sysadmin.post("/jobs/stale/").status_code == 302

    assert sorted(StaleRow.objects.values_list("attempts", flat=True)) == [0, 0, 1]
    said = Entry.objects.get(action="retry_stale")
    assert (said.actor, said.role, said.after) == ("sysadmin", "system_admin", {"rows": 2})
    assert len(woken) == 1


def test_several_workers_are_woken_for_several_parts(counting, monkeypatch):
    woken = []
    monkeypatch.setattr("indicators.tasks._wake", woken.append)
    tasks.nudge_jobs()
    assert woken == []
    start(3)
    tasks.nudge_jobs()
    assert woken == [tasks.work_off_jobs] * 3
    start(30)
    tasks.nudge_jobs()
    assert len(woken) == 3 + tasks.MOST_MESSAGES
