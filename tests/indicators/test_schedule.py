"""What runs when: each slot once, whoever ticks, and late rather than never."""

from datetime import UTC, datetime, time, timedelta

import pytest
from django.db import OperationalError, connection, transaction

from indicators import schedule
from indicators.actions.recompute import start_full_recompute
from indicators.models import Job, ScheduledRun, StaleRow
from indicators.schedule import Entry, tick
from tests.factories import make_reading, make_series, make_target
from tests.indicators.rounds_world import shanghai
from tests.indicators.threads import in_threads

NOON = shanghai("2026-03-10T12:00:00")
DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)


class Ran:
    """Entries that note when they ran."""

    def __init__(self):
        self.at, self.fails = [], None

    def run(self, moment):
        self.at.append(moment)
        if self.fails:
            raise self.fails

    def entry(self, name="daily", **when):
        return Entry(name, name, self.run, **when)


@pytest.fixture
def ran():
    return Ran()


@pytest.fixture
def daily(ran, monkeypatch):
    """One entry, daily at 02:30, known to the schedule since the day before."""
    entry = ran.entry(at=time(2, 30))
    monkeypatch.setattr(schedule, "ENTRIES", (entry,))
    return entry


@pytest.fixture
def known(db, daily):
    tick(moment=NOON - DAY)
    return daily


@pytest.mark.parametrize(
    ("moment", "slot"),
    [
        ("2026-03-10T02:29:59", "2026-03-09T02:30:00"),
        ("2026-03-10T02:30:00", "2026-03-10T02:30:00"),
        ("2026-03-10T23:59:59", "2026-03-10T02:30:00"),
        ("2026-03-11T00:00:00", "2026-03-10T02:30:00"),
    ],
)
def test_the_slot_of_a_daily_entry_is_a_time_of_shanghai(ran, moment, slot):
    entry = ran.entry(at=time(2, 30))

    assert entry.slot(shanghai(moment)) == shanghai(slot)
    assert entry.slot(shanghai(moment).astimezone(UTC)) == shanghai(slot)


def test_the_slot_of_an_interval(ran):
    entry = ran.entry(every=timedelta(seconds=30))

    found = [
        entry.slot(datetime(2026, 3, 1, 12, 0, second, 999, tzinfo=UTC)) for second in (0, 29, 31)
    ]

    assert [each.second for each in found] == [0, 0, 30]
    assert found[0] == datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.mark.django_db
def test_a_new_installation_owes_nothing(ran, daily):
    assert tick(moment=NOON) == []
    assert tick(moment=NOON + HOUR) == []
    assert tick(moment=NOON + DAY) == ["daily"]
    assert ran.at == [NOON + DAY]


def test_each_slot_runs_once_however_often_it_ticks(ran, known):
    half_past_two = shanghai("2026-03-10T02:30:00")

    found = [tick(moment=half_past_two + timedelta(seconds=30) * number) for number in range(-2, 4)]

    assert found == [[], [], ["daily"], [], [], []]
    assert ran.at == [half_past_two]


def test_a_dead_day_costs_delay_and_runs_once(ran, known):
    back = NOON + 3 * DAY

    assert (tick(moment=back), tick(moment=back + MINUTE)) == (["daily"], [])
    assert ran.at == [back]
    assert ScheduledRun.objects.get().slot == shanghai("2026-03-13T02:30:00")


def test_a_clock_that_was_set_back_runs_nothing_again(ran, known):
    tick(moment=NOON)

    assert tick(moment=NOON - DAY) == []


def test_what_fails_is_noted_and_tried_again_a_few_times(ran, known):
    ran.fails = ValueError("no")
    for number in range(10):
        tick(moment=NOON + number * schedule.LEASE + number * MINUTE)

    assert len(ran.at) == ScheduledRun.MAX_ATTEMPTS
    run = ScheduledRun.objects.get()
    assert (run.error, run.finished_at, run.attempts) == ("ValueError('no')", None, 3)
    ran.fails = None
    assert tick(moment=NOON + DAY) == ["daily"]
    run.refresh_from_db()
    assert (run.error, run.finished_at is not None, run.attempts) == ("", True, 1)


def test_what_fails_holds_up_nothing_else(ran, known, monkeypatch):
    other = Ran()
    monkeypatch.setattr(schedule, "ENTRIES", (known, other.entry("other", at=time(2, 30))))
    ran.fails = ValueError("no")
    tick(moment=NOON)

    assert tick(moment=NOON + DAY) == ["daily", "other"]
    assert other.at == [NOON + DAY]


def test_a_run_that_was_killed_is_done_by_the_next(ran, known):
    class Killed(BaseException):
        pass

    ran.fails = Killed()
    with pytest.raises(Killed):
        tick(moment=NOON)
    ran.fails = None

    assert tick(moment=NOON + MINUTE) == [], "it might still be at work"
    assert tick(moment=NOON + schedule.LEASE + MINUTE) == ["daily"]
    assert ScheduledRun.objects.get().finished_at is not None


def test_a_statement_that_takes_too_long_is_a_failure_of_its_entry(ran, known, monkeypatch):
    if connection.vendor == "sqlite":
        pytest.skip("SQLite knows no such limit")
    other = Ran()
    slow = Entry("daily", "daily", take_long, at=time(2, 30))
    monkeypatch.setattr(schedule, "ENTRIES", (slow, other.entry("other", at=time(2, 30))))
    tick(moment=NOON)

    assert tick(moment=NOON + DAY) == ["daily", "other"]
    assert "statement timeout" in ScheduledRun.objects.get(name="daily").error


def take_long(moment):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 50; SELECT pg_sleep(10)")


def test_a_database_that_fails_is_told(ran, known):
    ran.fails = OperationalError("away")

    with pytest.raises(OperationalError):
        tick(moment=NOON)


@pytest.mark.django_db(transaction=True)
def test_two_beats_do_no_harm(ran, daily):
    tick(moment=NOON - DAY)

    def beat():
        for number in range(20):
            tick(moment=NOON + number * timedelta(seconds=30))

    raised = in_threads(beat, beat)

    assert [each for each in raised if not isinstance(each, OperationalError)] == []
    assert len(ran.at) == 1


# The entries there are


def test_what_runs_when():
    found = {
        each.name: (each.at, each.every if each.at is None else None) for each in schedule.ENTRIES
    }

    assert found == {
        "recompute": (time(2, 30), None),
        "suspend": (time(0, 30), None),
        "notice": (None, HOUR),
        "checks": (time(4), None),
        "mail": (time(8), None),
        "questions": (time(3, 30), None),
        "head": (time(8, 15), None),
        "forget": (None, HOUR),
        "sweep": (None, timedelta(seconds=30)),
    }


@pytest.mark.django_db
def test_a_day_of_ticks(settings):
    """The nightly job is started by the schedule and worked off by the sweeps."""
    settings.EMBEDDED = False
    target, series = make_target(), make_series()
    make_reading(target, series)
    StaleRow.objects.append_series([series.pk])
    tick(moment=shanghai("2026-03-10T02:29:00"))
    assert StaleRow.objects.count() == 1, "the first tick only begins"

    ran = tick(moment=shanghai("2026-03-10T02:30:00"))

    assert ran == ["recompute", "sweep"]
    assert not StaleRow.objects.exists()
    job = Job.objects.get()
    assert (job.state, job.asked_by, job.done) == ("done", None, 1)


@pytest.mark.django_db
def test_the_night_leaves_it_to_a_recomputation_that_is_under_way():
    make_target()
    under_way = start_full_recompute(by=None)

    schedule._recompute(NOON)

    assert Job.objects.get() == under_way


def test_f23_what_runs_often_goes_on_once_the_clock_was_put_back(db, ran, monkeypatch):
    """Else nothing would be swept for as long as the clock went back."""
    monkeypatch.setattr(schedule, "ENTRIES", (ran.entry(every=timedelta(seconds=30)),))
    for moment in (NOON - MINUTE, NOON):
        tick(moment=moment)

    for back in (HOUR, HOUR - MINUTE):
        assert tick(moment=NOON - back) == ["daily"]
    assert tick(moment=NOON - HOUR + MINUTE) == []


def test_f23_what_runs_daily_does_not_run_again_because_the_clock_was_put_back(known, ran):
    night = shanghai("2026-03-10T02:31:00")
    tick(moment=night)

    assert tick(moment=night - HOUR) == []
    assert tick(moment=night) == []
    assert len(ran.at) == 1
