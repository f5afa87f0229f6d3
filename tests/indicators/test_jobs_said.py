"""What the pages of jobs say: outcomes, reasons, whether all is well, and to whom."""

from datetime import timedelta

import pytest
from django.utils import timezone, translation

from indicators.actions.recompute import start_full_recompute
from indicators.enums import ImportState
from indicators.models import Job, JobPart, ScheduledRun, StaleRow
from indicators.queries.jobs import health, to_see_to
from indicators.schedule import tick
from indicators.templatetags.jobs import outcome, progress, reason
from targets_site.accounts.models import Role
from targets_site.audit.models import Entry
from targets_site.audit.protection import install
from tests.factories import make_job, make_official, make_post, make_series, make_target, make_user
from tests.indicators.importing import changed_line, csv_file, hand_in, make_world, read
from tests.indicators.test_jobs_pages import LIST, address, running, signed_in, text
from tests.operations.status import backed_up

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
RECOMPUTE, READ, STORE = {"kind": "recompute"}, {"step": "read"}, {"step": "store"}
PROGRAM = "An error in the program: trying again may well fail again."


@pytest.fixture(autouse=True)
def _words_in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def sysadmin():
    user = make_user("sysadmin")
    make_post(user, Role.SYSTEM_ADMIN)
    return user


@pytest.fixture
def as_sysadmin(client, sysadmin):
    return signed_in(client, sysadmin)


@pytest.fixture
def world(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return make_world()


def job_of(state="done", **fields):
    return Job(**{"kind": "import", "state": state, **fields})


# What came of it


@pytest.mark.parametrize(
    ("job", "said"),
    [
        (job_of(**RECOMPUTE, result={"verdicts": 12}), "Verdicts changed: 12"),
        (job_of("running", **RECOMPUTE, done=3, total=4), "3 of 4 areas"),
        (job_of("failed", **RECOMPUTE, done=3, total=4), "3 of 4 areas"),
        (job_of("cancelled", **RECOMPUTE, done=3, total=4), "3 of 4 areas"),
        (job_of("running", parameters=READ, done=3, total=4), "3 of 4 lines"),
        (job_of("failed", parameters=READ, done=3, total=4), "Nothing was stored"),
        (job_of("cancelled", parameters=STORE), "Nothing was stored"),
        (
            job_of(parameters=READ, result={"problems_found": 9, "refused": 5}),
            "Not imported: 5 lines are wrong",
        ),
        (
            job_of(parameters=READ, result={"problems_found": 1}),
            "Not imported: the file cannot be read as a table",
        ),
        (job_of(parameters=READ, result={"new": 6, "stale": 1}), "Read to a preview"),
        (job_of(parameters=STORE, result={"stored": 6}), "6 figures stored"),
        (
            job_of(parameters=STORE, result={"stale": 2}),
            "Nothing was stored: figures had changed since the preview",
        ),
    ],
)
def test_a_job_says_what_came_of_it(job, said):
    assert outcome(job, None) == said


def test_a_preview_waits_to_be_confirmed_until_it_is_decided(world):
    imported = read(csv_file(changed_line()), by=world.official)
    assert outcome(imported.job, imported) == "Preview to be confirmed"
    imported.state = ImportState.TO_STORE
    assert outcome(imported.job, imported) == "Read to a preview"


def test_the_list_names_file_and_outcome_and_who_started_it_to_administrators(
    client, sysadmin, world
):
    read(csv_file(changed_line(数值="x")), by=world.official)

    own = text(signed_in(client, world.official).get(LIST))
    of_all = text(signed_in(client, sysadmin).get(LIST))

    for page in (own, of_all):
        assert "数据.csv" in page
        assert "Not imported: 1 line is wrong" in page
    assert "Started by" not in own
    assert "Started by" in of_all


@pytest.mark.parametrize(("done", "said"), [(3000, 1), (1, 3000), (3001, None)])
def test_a_cancelled_recomputation_says_how_many_areas_are_left(as_sysadmin, done, said):
    job = running(state="cancelled", finished_at=timezone.now(), done=done, total=3001)

    page = text(as_sysadmin.get(address("job", job)))

    assert ("old verdict" in page) == (said is not None)
    if said:
        assert f"{said} area" in page


# How far it is


def test_what_is_asked_for_anew_says_the_same_above_and_below_the_bar(as_sysadmin):
    job = running(done=2900, total=3221)

    part = text(as_sysadmin.get(address("job_progress", job)))

    for name in ("state", "words", "bar", "facts"):
        assert part.count(f'data-part="{name}"') == 1
    assert "Running" in part
    assert part.count("2900 of 3221 areas") == 1
    assert "Done so far" not in part


def test_an_import_that_is_read_is_not_said_to_wait(client, world):
    imported = hand_in(csv_file(changed_line()), by=world.official)
    Job.objects.update(state="running", started_at=timezone.now(), done=5, total=9)

    part = text(signed_in(client, world.official).get(f"/entry/imports/{imported.pk}/progress/"))

    assert "Being read" in part
    assert "5 of about 9 lines read." in part
    assert "Waiting" not in part


def test_what_was_done_before_a_retry_says_nothing_of_the_speed():
    now = timezone.now()
    job = job_of(
        "running", kind="recompute", started_at=now - timedelta(minutes=10),
        done=3, total=5, result={Job.DONE_BEFORE: 3},
    )  # fmt: skip
    assert progress(job, now) == "3 of 5 areas"
    job.done = 4
    assert progress(job, now) == "4 of 5 areas, about 10 minutes left"


# Why it failed


@pytest.mark.parametrize(
    ("error", "said"),
    [
        ("worker lost", "The worker died several times while it was at it."),
        ("MemoryError()", "The server had too little memory; give it more, then try again."),
        ("OSError(28, 'No space left on device')", "The disk of the server is full; make room"),
        ("OperationalError('canceling statement due to statement timeout')", "The database stopp"),
        ("ZeroDivisionError('division by zero')", PROGRAM),
    ],
)
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_people_read_why_in_words(error, said, language):
    with translation.override(language):
        words = reason(error)
    assert words.startswith(said) == (language == "en")
    assert error not in words


def test_the_text_of_an_error_is_for_system_administrators_alone(client, sysadmin):
    now, wang = timezone.now(), make_official("wang")
    job = make_job(
        state="failed", asked_by=wang, started_at=now, finished_at=now, error="KeyError('secret')"
    )
    JobPart.objects.create(job=job, number=1, content={}, attempts=3, error="KeyError('secret')")

    own = text(signed_in(client, wang).get(address("job", job)))
    administrators = text(signed_in(client, sysadmin).get(address("job", job)))

    assert "It failed several times; the system administrator can see why." in own
    assert "secret" not in own
    assert PROGRAM in administrators
    assert "KeyError(&#x27;secret&#x27;)" in administrators


# Whether all is well


def swept(minutes=0):
    at = timezone.now() - timedelta(minutes=minutes)
    ScheduledRun.objects.create(name="sweep", slot=at, claimed_at=at, finished_at=at)


def test_all_is_well(as_sysadmin, settings, tmp_path):
    settings.BACKUPS_DIR = tmp_path
    backed_up(tmp_path)
    install()
    swept()
    make_job()

    page = text(as_sysadmin.get(LIST))

    assert "All is well" in page
    assert "to be seen to" not in page
    assert to_see_to() == 0


def test_what_needs_somebody_is_one_sentence_and_a_number_in_the_menu(as_sysadmin):
    swept()
    now = timezone.now()
    for _job in range(2):
        make_job(state="failed", started_at=now, finished_at=now, error="x")
    StaleRow.objects.create(series=make_series(), attempts=3, error="x")
    StaleRow.objects.create(series=make_series(scope="other"), attempts=1)
    ScheduledRun.objects.create(name="mail", slot=now - timedelta(hours=31))

    page = text(as_sysadmin.get(LIST))

    assert "2 jobs, 1 verdict, 1 entry of the schedule to be seen to" in page
    assert "All is well" not in page
    assert to_see_to() == 3


@pytest.mark.parametrize(
    ("name", "minutes", "late"),
    [("sweep", 5, False), ("sweep", 6, True), ("forget", 74, False), ("forget", 76, True),
     ("mail", 30 * 60 - 1, False), ("mail", 30 * 60 + 1, True)],
)  # fmt: skip
def test_an_entry_whose_next_run_is_long_overdue_is_marked(as_sysadmin, name, minutes, late):
    ScheduledRun.objects.create(name=name, slot=timezone.now() - timedelta(minutes=minutes))

    assert ("Overdue" in text(as_sysadmin.get(LIST))) == late


@pytest.mark.parametrize("embedded", [True, False])
def test_where_nobody_is_at_work_the_advice_is_for_the_mode(as_sysadmin, settings, embedded):
    settings.EMBEDDED = embedded
    swept(minutes=9)

    page = text(as_sysadmin.get(LIST))

    assert "Nobody has been at work since" in page
    assert "All is well" not in page
    assert ("Restart the service." in page) == embedded
    assert ("Check that worker and beat are running." in page) == (not embedded)


@pytest.mark.parametrize(("by_person", "role"), [(True, "system_admin"), (False, "")])
def test_the_trail_says_as_whom_a_recomputation_was_started(sysadmin, by_person, role):
    make_target()
    start_full_recompute(by=sysadmin if by_person else None)

    assert Entry.objects.get(action="start_job").role == role


def test_nobody_is_woken_for_what_was_refused(
    as_sysadmin, django_capture_on_commit_callbacks, monkeypatch
):
    woken = []
    monkeypatch.setattr("indicators.views.jobs.nudge_jobs", lambda: woken.append(1))

    with django_capture_on_commit_callbacks(execute=True):
        assert as_sysadmin.post(address("retry_job", make_job())).status_code == 409

    assert woken == []


def test_a_server_that_has_just_begun_to_tick_is_not_called_silent():
    """Its first tick only takes note of when each entry is due next."""
    assert health().silent

    tick()

    assert not health().silent
