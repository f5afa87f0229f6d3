"""A worker that dies in the middle loses nothing; the next one does its work."""

import signal
import time

import pytest
from django.conf import settings

from indicators import tasks
from indicators.models import StaleRow, Verdict
from tests.factories import make_figure, make_reading, make_series, make_target
from tests.services.test_celery import wait_until, worker

pytestmark = [
    pytest.mark.faults,
    pytest.mark.services,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(settings.EMBEDDED, reason="the embedded mode has no worker"),
]


def test_a_worker_killed_in_the_middle_loses_no_row(tmp_path):
    targets = []
    for number in range(30):
        target = make_target(f"plan-2011-{number:03}")
        series = make_series(scope=f"s{number}")
        make_reading(target, series)
        make_figure(series, 2020, "97.95")
        targets.append((target, series))
    with worker(tmp_path / "first.log") as first:
        StaleRow.objects.append_series([series.pk for _, series in targets] * 40)
        tasks.nudge()
        time.sleep(0.05)
        first.send_signal(signal.SIGKILL)
        first.wait(10)
    with worker(tmp_path / "second.log"):
        tasks.nudge()
        wait_until(lambda: not StaleRow.objects.exists(), seconds=60)

    missed = Verdict.objects.at(2020).filter(status="missed").values_list("target__code", flat=True)
    assert sorted(missed) == sorted(target.code for target, _ in targets)
