"""Jobs and their parts: what the database holds, and how long is left."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import translation

from indicators.enums import JobState
from indicators.models import Job, JobPart, ScheduledRun
from indicators.templatetags.jobs import counts, duration, job_name, progress
from tests.factories import make_job

MOMENT = datetime(2026, 3, 1, 12, tzinfo=UTC)
RUNNING = {"state": "running", "started_at": MOMENT}
ENDED = {"started_at": MOMENT, "finished_at": MOMENT}


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


def refused(**fields):
    with pytest.raises(IntegrityError), transaction.atomic():
        make_job(**fields)
    return True


@pytest.mark.django_db
@pytest.mark.parametrize(
    "fields",
    [
        {},
        RUNNING,
        {**ENDED, "state": "done"},
        {"state": "done", "finished_at": MOMENT},
        {"state": "cancelled", "finished_at": MOMENT},
        {**ENDED, "state": "failed", "error": "ValueError()"},
    ],
)
def test_a_job_that_says_when_and_why_is_stored(fields):
    job = make_job(**fields)

    assert Job.objects.get() == job


@pytest.mark.django_db
@pytest.mark.parametrize(
    "fields",
    [
        {"kind": "coffee"},
        {"state": "lost", "finished_at": MOMENT},
        {"started_at": MOMENT},
        {"state": "running"},
        {**RUNNING, "finished_at": MOMENT},
        {"finished_at": MOMENT},
        {"state": "done"},
        {"state": "cancelled"},
        {**ENDED, "state": "failed"},
        {"state": "failed", "error": "x", "finished_at": MOMENT},
        {**ENDED, "state": "done", "error": "x"},
        {"error": "x"},
    ],
)
def test_a_job_that_contradicts_itself_is_refused(fields):
    assert refused(**fields)


@pytest.mark.django_db
def test_a_part_and_an_entry_of_the_schedule_are_there_once():
    job = make_job()
    JobPart.objects.create(job=job, number=1, content={})
    ScheduledRun.objects.create(name="sweep", slot=MOMENT)

    with pytest.raises(IntegrityError), transaction.atomic():
        JobPart.objects.create(job=job, number=1, content={})
    with pytest.raises(IntegrityError), transaction.atomic():
        ScheduledRun.objects.create(name="sweep", slot=MOMENT)


@pytest.mark.parametrize(
    ("fields", "seconds"),
    [
        # 3,120 of 3,221 areas in 3,120 s leave 101 s.
        ({"done": 3120, "total": 3221}, 101),
        ({"done": 1, "total": 4}, 3 * 3120),
        ({"done": 0, "total": 4}, None),
        ({"done": 4, "total": 4}, None),
        ({"done": 5, "total": 4}, None),
        ({"done": 5, "total": None}, None),
        ({"done": 1, "total": 4, "state": "waiting", "started_at": None}, None),
        ({"done": 1, "total": 4, "state": "failed"}, None),
    ],
)
def test_time_left_is_what_the_rest_takes_at_the_speed_so_far(fields, seconds):
    job = Job(**{**RUNNING, **fields})

    left = job.time_left(now=MOMENT + timedelta(seconds=3120))

    assert left == (None if seconds is None else timedelta(seconds=seconds))


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (59, "less than a minute left"),
        (61, "about a minute left"),
        (121, "about 2 minutes left"),
        (3 * 60 * 60, "about 3 hours left"),
    ],
)
def test_how_far_it_is_in_words(seconds, words):
    job = Job(**RUNNING, kind="recompute", done=1, total=2)

    said = progress(job, MOMENT + timedelta(seconds=seconds))

    assert said == f"1 of 2 areas, {words}"


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"kind": "recompute", "done": 1, "total": 2}, "1 of 2 areas"),
        ({"kind": "import", "done": 43_000, "total": 100_000}, "43000 of 100000 lines"),
        ({"kind": "export", "done": 1, "total": 2}, "1 of 2 rows"),
        ({"kind": "report", "done": 1, "total": 2}, "1 of 2"),
        ({"kind": "import", "done": 7}, "7"),
        ({"kind": "import"}, "—"),
    ],
)
def test_counts_in_words(fields, words):
    assert counts(Job(**fields)) == words


@pytest.mark.parametrize(
    ("kind", "parameters", "words"),
    [
        ("recompute", {"area": "", "as_of": None}, "Recomputing verdicts"),
        ("recompute", {"area": "460000", "as_of": 2020}, "Recomputing verdicts · 460000 · 2020"),
        ("import", {"step": "read"}, "Reading an imported file"),
        ("import", {"step": "store"}, "Storing an imported file"),
        ("report", {}, "Writing a report"),
    ],
)
def test_what_a_job_does_in_words(kind, parameters, words):
    assert job_name(Job(kind=kind, parameters=parameters)) == words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "less than a second"),
        (1, "1 second"),
        (119, "119 seconds"),
        (120, "2 minutes"),
        (7199, "119 minutes"),
        (7200, "2 hours"),
        (172_800, "2 days"),
    ],
)
def test_durations_in_words(seconds, words):
    assert duration(seconds) == words


def test_every_state_but_those_of_work_is_an_end():
    assert [each for each in JobState if each not in JobState.open()] == [
        JobState.DONE, JobState.FAILED, JobState.CANCELLED,
    ]  # fmt: skip
