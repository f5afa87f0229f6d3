"""Jobs that fail, are killed or come too late: tried again, once done, or given up."""

from datetime import timedelta

import pytest
from django.db import OperationalError
from django.utils import timezone

from indicators import tasks
from indicators.actions import imports, jobs
from indicators.actions.imports import reading, storing
from indicators.actions.jobs import queue
from indicators.enums import ImportState, JobState
from indicators.models import ImportLine, Job, JobPart, ObservationVersion
from tests.indicators.importing import (
    add_series,
    changed_line,
    csv_file,
    hand_in,
    problems_of,
    read,
    store,
    what_is_stored,
)
from tests.indicators.imports_jobs.world import BY_SERIES, GOOD


def test_it_is_stored_once_however_often_the_job_runs(world):
    imported = read(GOOD, by=world.official)
    store(imported)
    before = what_is_stored()

    late = jobs.Claimed(JobPart(pk=1, job=imported.job, leased_until=timezone.now()))
    for step in (storing.store, reading.read):
        with pytest.raises(jobs.TakenOver):
            step(imported, late)

    assert tasks.work_off_jobs() == 0
    assert what_is_stored() == before


def test_storing_fails_in_the_middle_and_leaves_nothing(world, monkeypatch):
    """Also the cells that it made are gone; after three attempts it is given up."""
    imported = read(GOOD, by=world.official)
    asked = imports.ask_to_store(imported=imported, seen=imported.read_at, confirmed=True)
    before = what_is_stored()

    def fail(*_args, **_options):
        assert ObservationVersion.objects.exists()
        raise RuntimeError("the trail cannot be written")

    monkeypatch.setattr(storing, "record", fail)
    for _attempt in range(JobPart.MAX_ATTEMPTS - 1):
        assert jobs.work_off_one() == 1
        asked.refresh_from_db()
        assert (asked.state, what_is_stored()) == (ImportState.TO_STORE, before)

    assert jobs.work_off_one() == 1
    asked.refresh_from_db()
    assert (asked.state, asked.job.state) == (ImportState.REFUSED, JobState.FAILED)
    assert asked.job.error == "RuntimeError('the trail cannot be written')"
    assert problems_of(asked) == [
        (None, "", "Reading or storing it failed several times; nothing was stored.")
    ]
    assert jobs.work_off_one() == 0
    assert what_is_stored() == before


def test_a_database_that_fails_is_no_attempt(world, monkeypatch):
    imported = read(GOOD, by=world.official)
    asked = imports.ask_to_store(imported=imported, seen=imported.read_at, confirmed=True)

    def fail(*_args, **_options):
        raise OperationalError("the server is away")

    with monkeypatch.context() as patched:
        patched.setattr(storing, "record", fail)
        for _time in range(JobPart.MAX_ATTEMPTS + 1):
            with pytest.raises(OperationalError):
                jobs.work_off_one()

    assert imports.work_off(asked).state == ImportState.STORED


def let_the_lease_end():
    JobPart.objects.update(leased_until=timezone.now() - timedelta(seconds=1))


def killed(imported, monkeypatch, *, after_blocks=1):
    """Read some blocks and then vanish without a word, as a process does that is killed."""
    keep, count = reading._Reading._keep, iter(range(after_blocks))

    class Killed(BaseException):
        pass

    def die(self, block):
        if next(count, None) is None:
            raise Killed
        keep(self, block)

    with monkeypatch.context() as patched:
        patched.setattr(reading._Reading, "_keep", die)
        with pytest.raises(Killed):
            jobs.work_off_one()
    imported.refresh_from_db()


def two_blocks(world):
    series = [add_series(world, f"a{number:04}") for number in range(1100)]
    return csv_file(*([each.code, "2020", "1.5"] for each in series), headings=BY_SERIES)


def test_a_killed_reader_starts_again_from_nothing(world, monkeypatch):
    handed_in = hand_in(two_blocks(world), by=world.official)
    killed(handed_in, monkeypatch)
    assert (handed_in.state, handed_in.job.done) == (ImportState.WAITING, 1000)
    assert ImportLine.objects.count() == 1000
    assert jobs.work_off_one() == 0, "it might still be at work"
    let_the_lease_end()

    assert jobs.work_off_one() == 1

    handed_in.refresh_from_db()
    assert (handed_in.state, handed_in.counts) == (ImportState.PREVIEWED, {"new": 1100})
    assert list(handed_in.lines.values_list("number", flat=True)) == list(range(2, 1102))


def test_who_is_always_killed_is_given_up(world, monkeypatch):
    handed_in = hand_in(GOOD, by=world.official)
    for _attempt in range(JobPart.MAX_ATTEMPTS):
        killed(handed_in, monkeypatch, after_blocks=0)
        let_the_lease_end()

    assert jobs.work_off_one() == 1

    handed_in.refresh_from_db()
    assert handed_in.state == ImportState.REFUSED
    assert (handed_in.job.state, handed_in.job.error) == (JobState.FAILED, "worker lost")
    assert jobs.work_off_one() == 0


def test_a_slow_reader_gives_up_where_somebody_took_over(world, monkeypatch):
    """Its lines are not written among those of the one who did."""
    handed_in = hand_in(two_blocks(world), by=world.official)
    keep = reading._Reading._keep

    def sleep_too_long(self, block):
        keep(self, block)
        monkeypatch.setattr(reading._Reading, "_keep", keep)
        let_the_lease_end()
        jobs.work_off_one()

    monkeypatch.setattr(reading._Reading, "_keep", sleep_too_long)
    jobs.work_off_one()

    handed_in.refresh_from_db()
    assert handed_in.state == ImportState.PREVIEWED
    assert handed_in.lines.count() == 1100


def test_a_reader_whose_time_was_up_writes_nothing_more(world):
    """Two readers of one file, block by block: the first stops at its next word."""
    handed_in = hand_in(two_blocks(world), by=world.official)
    first = queue.claim()
    first.say(done=1)
    let_the_lease_end()
    second = queue.claim()
    second.say(done=2)

    with pytest.raises(jobs.TakenOver):
        reading.read(handed_in, first)
    with pytest.raises(jobs.TakenOver):
        first.say(done=3)

    first.give_back()
    first.fail("too late")
    job, part = Job.objects.get(), JobPart.objects.get()
    assert (job.state, job.done) == ("running", 2)
    assert (part.attempts, part.leased_until, part.error) == (2, second.until, "")


def test_a_file_that_breaks_the_reader_does_not_hold_up_the_next(world, monkeypatch):
    broken = hand_in(GOOD, by=world.official)
    fine = hand_in(csv_file(changed_line(年份="2025")), by=world.official)
    run = reading._Reading.run

    def fail(self):
        if self.imported.pk == broken.pk:
            raise ZeroDivisionError
        run(self)

    monkeypatch.setattr(reading._Reading, "run", fail)
    worked = tasks.work_off_jobs()

    broken.refresh_from_db()
    fine.refresh_from_db()
    assert worked == JobPart.MAX_ATTEMPTS + 1
    assert (broken.state, fine.state) == (ImportState.REFUSED, ImportState.PREVIEWED)
