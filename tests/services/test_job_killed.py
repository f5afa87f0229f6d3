"""Real workers on a real Redis share a job; one that is killed in the middle loses nothing."""

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from indicators import schedule, tasks
from indicators.actions.recompute import start_full_recompute
from indicators.models import Job, JobPart, Verdict
from targets_site.audit.models import Entry
from targets_site.celery import app
from tests.factories import (
    make_area,
    make_document,
    make_figure,
    make_reading,
    make_series,
    make_target,
)
from tests.services.test_celery import wait_until, worker

pytestmark = [
    pytest.mark.faults,
    pytest.mark.services,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(settings.EMBEDDED, reason="the embedded mode has no worker"),
]

AREAS = 8
YEARS = 10


@pytest.fixture(autouse=True)
def _no_messages_left():
    app.control.purge()


@pytest.fixture(autouse=True)
def areas():
    for number in range(AREAS):
        area = make_area(f"99000{number}")
        target = make_target(f"plan-{number}-001", make_document(f"plan-{number}", area))
        series = make_series(area)
        make_reading(target, series)
        make_figure(series, 2020, "97.95")


@pytest.fixture
def on_insert():
    """Has the database do something whenever verdicts are stored; taken away again."""

    def install(body, *, each="STATEMENT"):
        with connection.cursor() as cursor:
            cursor.execute(
                "CREATE FUNCTION meanwhile() RETURNS trigger LANGUAGE plpgsql AS"
                f" $$BEGIN {body} RETURN NEW; END$$;"
                "CREATE TRIGGER meanwhile BEFORE INSERT ON indicators_verdict"
                f" FOR EACH {each} EXECUTE FUNCTION meanwhile()"
            )

    yield install
    with connection.cursor() as cursor:
        cursor.execute("DROP FUNCTION meanwhile CASCADE")


def test_f14_two_workers_share_it_and_the_other_takes_over_from_the_one_that_is_killed(
    on_insert, tmp_path
):
    on_insert("PERFORM pg_sleep(0.5);")
    job = start_full_recompute(by=None)
    with worker(tmp_path / "first.log") as first:
        tasks.nudge_jobs()
        wait_until(lambda: now(job).done >= 1 and is_at_work(), seconds=60)
        first.kill()
    done = now(job).done
    assert 0 < done < AREAS
    assert Verdict.objects.count() == done * YEARS, "a part stands with all its verdicts, or not"
    assert JobPart.objects.count() == AREAS - done
    held = JobPart.objects.get(leased_until__isnull=False)

    with worker(tmp_path / "second.log"):
        tasks.nudge_jobs()
        wait_until(lambda: now(job).done == AREAS - 1, seconds=60)
        assert JobPart.objects.get() == held, "its worker might still be alive"
        wait_until(lambda: timezone.now() > held.leased_until, seconds=90)
        tasks.nudge_jobs()
        wait_until(lambda: now(job).state == "done", seconds=60)

    assert (now(job).done, now(job).result) == (AREAS, {"verdicts": AREAS * YEARS})
    assert Verdict.objects.count() == AREAS * YEARS
    assert Entry.objects.filter(action="recompute").count() == AREAS
    assert Entry.objects.filter(action="end_job").count() == 1


def test_f15_a_poisoned_part_is_given_up_and_the_others_are_done(on_insert, tmp_path):
    on_insert(
        "IF (SELECT code FROM plans_target WHERE id = NEW.target_id) = 'plan-3-001' THEN"
        " RAISE SQLSTATE '22012'; END IF;",
        each="ROW",
    )
    job = start_full_recompute(by=None)
    with worker(tmp_path / "worker.log"):
        tasks.nudge_jobs()
        wait_until(lambda: now(job).state == "failed", seconds=60)

    assert now(job).done == AREAS - 1
    assert now(job).error.startswith("DataError(")
    part = JobPart.objects.get()
    assert (part.content, part.attempts) == ({"areas": ["990003"]}, JobPart.MAX_ATTEMPTS)
    assert Verdict.objects.count() == (AREAS - 1) * YEARS


def test_f12_a_job_whose_messages_were_lost_is_done_by_the_next_tick(tmp_path):
    """Redis came back empty; beat ticks."""
    job = start_full_recompute(by=None)
    with worker(tmp_path / "worker.log"):
        schedule.tick(moment=timezone.now() - 2 * schedule.TICK)
        assert now(job).state == "waiting", "the first tick of an installation only begins"
        tasks.tick.delay()
        wait_until(lambda: now(job).state == "done", seconds=60)


def now(job):
    return Job.objects.get(pk=job.pk)


def is_at_work():
    """Whether a worker has a part in hands at this moment."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM pg_stat_activity WHERE wait_event = 'PgSleep'"
            " AND datname = current_database()"
        )
        return cursor.fetchone() is not None
