"""Work that takes too long, a worker that dies over somebody's file, and a beat that was away for
days: one effect each, told to whom it concerns."""

import datetime
import re
import time

import pytest
from django.conf import settings as project_settings
from django.db import connection
from django.utils import timezone

from indicators.enums import NoticeKind
from indicators.models import Job, JobPart, Notice, ScheduledRun, StaleRow
from indicators.schedule import ENTRIES
from targets_site.accounts.models import Role
from targets_site.audit.models import Entry
from tests import factories
from tests.services.oracle import Slowed, World
from tests.services.people import Person
from tests.services.servers import wait_until

pytestmark = [
    pytest.mark.faults,
    pytest.mark.services,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(project_settings.EMBEDDED, reason="the embedded mode has no worker"),
]
FIGURES = 150_000


def make_figures():
    """So many that writing them takes seconds."""
    figure = factories.make_figure(factories.make_series(), 2015, "63.10")
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO indicators_series"
            " (code, area_id, indicator_id, scope, scope_zh, scope_en, frequency)"
            " SELECT '990000.pass-rate.s' || n, area_id, indicator_id, 's' || n, '', '', 1"
            " FROM indicators_series, generate_series(1, %s) n",
            [FIGURES],
        )
        cursor.execute(
            "INSERT INTO indicators_observation (series_id, year, in_force_id, working_id)"
            " SELECT id, 2016, %s, %s FROM indicators_series",
            [figure.pk, figure.pk],
        )


def test_f14_a_worker_killed_over_a_file_leaves_it_to_the_next(site):
    make_figures()
    factories.make_user("auditor")
    site.more = {"EXPORT_DIRECT_ROWS": "5"}
    site.web()
    auditor = Person.signed_in(site.url, "auditor")
    auditor.get("/exports/")
    page = auditor.post("/exports/large/", table="observations", format="jsonl")
    job = Job.objects.get()

    first = site.worker("first")
    site.nudge("nudge_jobs")
    wait_until(lambda: Job.objects.get().done, seconds=60, every=0.005)
    first.kill()
    part = JobPart.objects.get()
    assert (Job.objects.get().state, part.attempts) == ("running", 1)
    address = page.url.removeprefix(site.url)
    told = {what_is_told(auditor, address)}
    site.worker("second")
    site.nudge("nudge_jobs")
    while timezone.now() < part.leased_until:
        told.add(what_is_told(auditor, address))
        time.sleep(5)
    site.nudge("nudge_jobs")
    wait_until(lambda: Job.objects.get().state != "running", seconds=60)

    job.refresh_from_db()
    assert (job.state, job.result["file"]["rows"]) == ("done", FIGURES + 2)
    assert told == {"running"}
    file = auditor.get(f"/exports/files/{job.pk}/")
    assert (file.status, file.text.count("\n")) == (200, FIGURES + 2)
    assert Entry.objects.filter(action="end_job").count() == 1
    # What the killed one had begun lies there under no file's name; `forget` drops it after a day.
    assert len(list((site.var / "exports").glob("[!.]*"))) == 1


def what_is_told(person, address):
    """On the page that waits for the file."""
    page = person.get(address)
    assert page.status == 200
    return "failed" if "失败" in page.text else "running"


def test_f16_a_message_that_comes_again_while_its_work_goes_on_has_one_effect(site, capsys):
    world = World(6)
    slow = world.codes[3]
    site.more = {"DJANGO_SETTINGS_MODULE": "tests.services.impatient_settings"}
    with Slowed(world.target(slow), seconds=25) as slowed:
        workers = [site.worker("first")]
        world.put_in_force("97.95")
        site.nudge()
        slowed.wait()
        workers.append(site.worker("second"))
        took = wait_until(lambda: not StaleRow.objects.exists(), seconds=90)

    received = [
        number
        for worker in workers
        for number in re.findall(r"refresh_stale_verdicts\[([\w-]+)\] received", worker.said())
    ]
    with capsys.disabled():
        print(f"\none message, received {len(received)} times, worked off after {took:.1f} s")
    assert len(received) > 1, "it came again"
    assert len(set(received)) == 1, "it was one message"
    world.assert_effective_once()


def test_f18_days_without_beat_are_told_and_made_up_for_once_by_two_of_them(site):
    world = World(2)
    now = timezone.now()
    day = datetime.timedelta(days=1)
    factories.make_post(factories.make_user("sysadmin"), Role.SYSTEM_ADMIN)
    due = factories.make_round(
        world.department.area, 2019, name="迟了的提醒", due_at=now + day, closes_at=now + 2 * day
    )
    site.web()
    for entry in ENTRIES:
        slot = entry.slot(now - 2 * day)
        ScheduledRun.objects.create(name=entry.name, slot=slot, finished_at=slot)
    page = Person.signed_in(site.url, "sysadmin").get("/jobs/")
    assert page.text.count('class="tag tag--late"') == len(ENTRIES), "each is overdue"

    site.worker(), site.beat("first"), site.beat("second")
    wait_until(lambda: not behind(now), seconds=90)

    reminders = Notice.objects.filter(person=world.official, round=due)
    assert list(reminders.values_list("kind", flat=True)) == [NoticeKind.DUE_SOON]


def behind(moment):
    """Names of what was due by then and has not been run to its end."""
    runs = {each.name: each for each in ScheduledRun.objects.all()}
    return [
        each.name
        for each in ENTRIES
        if runs[each.name].slot < each.slot(moment) or runs[each.name].finished_at is None
    ]
