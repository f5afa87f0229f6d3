"""Recomputing as a job: cut by area, shared, and the command that waits for it."""

import time
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError
from django.db.migrations.recorder import MigrationRecorder

from indicators.actions import jobs, recompute, verdicts
from indicators.actions.jobs import queue
from indicators.actions.recompute import (
    AlreadyUnderWay,
    start_full_recompute,
    start_recompute,
)
from indicators.models import Job, JobPart, StaleRow, Verdict
from targets_site.accounts.access import NotAllowed
from targets_site.accounts.models import Role
from tests.factories import (
    make_area,
    make_department,
    make_document,
    make_figure,
    make_post,
    make_reading,
    make_series,
    make_target,
    make_user,
)
from tests.indicators.threads import in_threads

pytestmark = pytest.mark.django_db


def make_measured(code):
    """A target of that area that was missed by its figure of 2020."""
    area = make_area(code)
    target = make_target(f"plan-{code}-001", make_document(f"plan-{code}", area))
    series = make_series(area)
    make_reading(target, series)
    make_figure(series, 2020, "97.95")
    return target


@pytest.fixture
def four_areas():
    return [make_measured(f"99000{number}") for number in range(1, 5)]


def call(*options):
    said = StringIO()
    call_command("recompute", *options, stdout=said)
    return said.getvalue()


def test_the_command_computes_all_areas_and_says_how_many_changed(four_areas):
    assert call() == "更新的进度判定 / verdicts changed: 40\n"

    job = Job.objects.get()
    assert (job.kind, job.state, job.done, job.total) == ("recompute", "done", 4, 4)
    assert (job.asked_by, job.result) == (None, {"verdicts": 40})
    assert Verdict.objects.at(2020).filter(status="missed").count() == 4
    assert call() == "更新的进度判定 / verdicts changed: 0\n"


def test_the_command_computes_one_area_as_of_one_year(four_areas):
    assert call("--area", "990002", "--as-of", "2020") == "更新的进度判定 / verdicts changed: 1\n"

    assert Verdict.objects.get().target == four_areas[1]
    assert Job.objects.get().parameters == {"area": "990002", "as_of": 2020}


def test_the_command_works_off_what_is_stale_too(four_areas):
    StaleRow.objects.append_targets([four_areas[0].pk])

    call()

    assert not StaleRow.objects.exists()


def test_an_unknown_area_is_refused(four_areas):
    with pytest.raises(CommandError, match="No such area: 999999"):
        call("--area", "999999")
    assert not Job.objects.exists()


def test_an_area_that_cannot_be_computed_fails_the_command_and_no_other_area(
    four_areas, monkeypatch
):
    def fail_for_one(areas, *, as_of):
        if areas == ["990002"]:
            raise ArithmeticError("no such unit")
        return verdicts.recompute_areas(areas, as_of=as_of)

    monkeypatch.setattr(recompute, "recompute_areas", fail_for_one)

    with pytest.raises(CommandError) as failed:
        call()

    assert failed.value.returncode == 1
    assert "ArithmeticError('no such unit')" in str(failed.value)
    assert Verdict.objects.values("target").distinct().count() == 3
    job = Job.objects.get()
    assert (job.state, job.done, job.total) == ("failed", 3, 4)
    assert JobPart.objects.get().content == {"areas": ["990002"]}


class Terminal(StringIO):
    def isatty(self):
        return True


def test_progress_is_shown_to_whoever_looks(four_areas):
    terminal = Terminal()

    call_command("recompute", stdout=StringIO(), stderr=terminal, no_color=True)

    assert terminal.getvalue() == "\r1 / 4\r2 / 4\r3 / 4\r4 / 4\n"


@pytest.mark.parametrize(
    ("areas", "parts", "largest"),
    [(1, 1, 1), (4, 4, 1), (31, 8, 4), (800, 8, 100), (3221, 33, 100)],
)
def test_how_areas_are_cut_into_parts(areas, parts, largest):
    codes = [f"{number:06}" for number in range(areas)]

    cut = recompute._in_parts(codes)

    assert [code for part in cut for code in part] == codes
    assert (len(cut), max(map(len, cut))) == (parts, largest)


def test_nothing_to_compute_is_done_at_once():
    assert start_recompute(by=None).state == "done"
    assert call() == "更新的进度判定 / verdicts changed: 0\n"


def test_one_full_recomputation_at_a_time(four_areas):
    first = start_full_recompute(by=None)
    start_recompute(by=None, area="990001")

    with pytest.raises(AlreadyUnderWay) as other:
        start_full_recompute(by=None)

    assert other.value.job == first
    jobs.work_off_job(first)
    assert start_full_recompute(by=None).state == "waiting"


@pytest.mark.django_db(transaction=True)
def test_two_who_ask_at_once_start_one(four_areas, monkeypatch):
    start = recompute.start_recompute

    def start_slowly(**options):
        time.sleep(0.3)
        return start(**options)

    monkeypatch.setattr(recompute, "start_recompute", start_slowly)

    raised = in_threads(*[lambda: start_full_recompute(by=None)] * 2)

    assert [type(each) for each in raised] == [AlreadyUnderWay]
    assert Job.objects.count() == 1


def test_a_database_that_fails_for_long_fails_the_command_which_names_the_job(
    four_areas, monkeypatch
):
    def fail(*_args, **_options):
        raise OperationalError("canceling statement due to lock timeout")

    monkeypatch.setattr(recompute, "recompute_areas", fail)
    monkeypatch.setattr(queue, "SECONDS_AFTER_FAILURE", 0)
    monkeypatch.setattr(queue, "MOST_FAILURES", 2)

    with pytest.raises(CommandError) as failed:
        call("--processes", "1")

    job = Job.objects.get()
    assert f"job {job.pk} has not ended" in str(failed.value)
    assert job.is_open
    assert set(JobPart.objects.values_list("attempts", "leased_until")) == {(0, None)}


@pytest.mark.parametrize("year", ["1800", "2010", "2021", "2050"])
def test_a_year_that_no_verdict_is_seen_from_is_refused(four_areas, year):
    with pytest.raises(CommandError) as refused:
        call("--as-of", year)

    assert refused.value.returncode == 2
    assert str(refused.value) == f"年份须在2011-2020之间。/ years lie in 2011-2020: {year}"
    assert not Job.objects.exists()


@pytest.mark.parametrize("year", ["2011", "2020"])
def test_the_first_and_the_last_year_are_computed(four_areas, year):
    assert call("--as-of", year) == "更新的进度判定 / verdicts changed: 4\n"


@pytest.mark.parametrize(
    "command",
    [
        ["recompute"],
        ["send_notices"],
        ["load_reference"],
        ["import_observations", "t.csv"],
        ["generate_scale", "--areas", "1", "--indicators", "1", "--years", "2011-2020"],
    ],
    ids=lambda command: command[0],
)
def test_a_database_that_is_older_than_the_program_is_not_touched(command):
    MigrationRecorder.Migration.objects.filter(app="indicators").latest("pk").delete()

    with pytest.raises(CommandError, match=r"Run manage\.py migrate first\."):
        call_command(*command)


@pytest.mark.parametrize("role", [each for each in Role if each != Role.SYSTEM_ADMIN])
def test_only_system_administrators_have_all_recomputed(role):
    user = make_user()
    make_post(user, role, department=make_department())

    with pytest.raises(NotAllowed):
        start_full_recompute(by=user)
