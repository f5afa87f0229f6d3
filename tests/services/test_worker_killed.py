"""A worker that dies in the middle loses nothing; the next one does its work."""

import time

import pytest
from django.conf import settings
from django.db import transaction
from django.db.models import Count

from indicators import tasks
from indicators.actions.verdicts import BATCH
from indicators.models import StaleRow, Verdict
from tests.factories import make_figure, make_reading, make_series, make_target
from tests.services.servers import wait_until
from tests.services.test_celery import worker

pytestmark = [
    pytest.mark.faults,
    pytest.mark.services,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(settings.EMBEDDED, reason="the embedded mode has no worker"),
]

YEARS = range(2011, 2021)
# Two batches a target, so that the kill finds some targets judged and others not.
ROWS_A_TARGET = 2 * BATCH


def test_f14_a_worker_killed_in_the_middle_loses_no_row_and_leaves_no_half_verdict(tmp_path):
    """The rows are the queue, not the messages: whether the broker delivers the lost message
    again (`acks_late`) or not, rows that were not worked off stay, and the next message, from
    whomever, has them worked off. A batch of rows goes together with all its verdicts."""
    targets = [_target_with_figure(number) for number in range(30)]
    rows = [series.pk for _target, series in targets for _time in range(ROWS_A_TARGET)]
    with worker(tmp_path / "first.log") as first:
        StaleRow.objects.append_series(rows)
        tasks.nudge()
        _wait_until_some_are_worked_off(len(rows))
        first.kill()
        assert StaleRow.objects.exists()
    _assert_batches_are_whole(len(rows), of_targets=len(targets))

    with worker(tmp_path / "second.log"):
        wait_until(_is_worked_off_by_messages, seconds=60, every=1)
    missed = Verdict.objects.at(2020).filter(status="missed").values_list("target__code", flat=True)
    assert sorted(missed) == sorted(target.code for target, _series in targets)


def _is_worked_off_by_messages():
    """What the dead worker had claimed is free soon, for the next message."""
    tasks.nudge()
    return not StaleRow.objects.exists()


def _target_with_figure(number):
    target = make_target(f"plan-2011-{number:03}")
    series = make_series(scope=f"s{number}")
    make_reading(target, series)
    make_figure(series, 2020, "97.95")
    return target, series


def _wait_until_some_are_worked_off(number):
    stop_at = time.monotonic() + 30
    while StaleRow.objects.count() > number - 3 * BATCH:
        assert time.monotonic() < stop_at, "waited in vain"


def _assert_batches_are_whole(number, *, of_targets):
    """What the dead worker had claimed is free again; each target has the verdicts of all years
    or none."""
    wait_until(lambda: _claimable() == StaleRow.objects.count(), seconds=10)
    worked_off = number - StaleRow.objects.count()
    judged = Verdict.objects.values("target").annotate(years=Count("as_of"))
    assert worked_off % BATCH == 0
    assert {each["years"] for each in judged} == {len(YEARS)}
    assert len(judged) == -(-worked_off // ROWS_A_TARGET) < of_targets


def _claimable():
    with transaction.atomic():
        return len(StaleRow.objects.select_for_update(skip_locked=True, of=("self",)))
