"""A real worker on a real Redis works off what an approval left behind."""

import os
import time
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.conf import settings

from indicators import tasks
from indicators.models import StaleRow, Verdict
from targets_site.celery import app
from tests.factories import make_figure, make_reading, make_series, make_target
from tests.services.servers import Server, command_of, database_url, wait_until

pytestmark = [
    pytest.mark.services,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        settings.EMBEDDED, reason="the embedded mode has a thread instead (test_drain.py)"
    ),
]


@contextmanager
def worker(log: Path):
    """With one child, on the Redis of the test."""
    environment = {**os.environ, "DATABASE_URL": database_url()}
    server = Server([*command_of("worker", {}), "--concurrency=1"], log, environment)
    server.start()
    try:
        wait_until(lambda: " ready." in server.said(), seconds=60)
        yield server
    finally:
        server.end()


@pytest.fixture(autouse=True)
def _no_messages_left():
    app.control.purge()


def test_a_nudged_worker_computes_the_verdict_within_a_second(tmp_path):
    target, series = make_target(), make_series()
    make_reading(target, series)
    with worker(tmp_path / "worker.log"):
        make_figure(series, 2020, "97.95")
        StaleRow.objects.append_series([series.pk])
        started = time.monotonic()
        tasks.nudge()
        wait_until(lambda: not StaleRow.objects.exists(), seconds=10)
        took = time.monotonic() - started

    assert Verdict.objects.at(2020).get(target=target).status == "missed"
    assert took < 1


def test_rows_without_a_message_wait_for_the_next_one(tmp_path):
    target, series = make_target(), make_series()
    make_reading(target, series)
    StaleRow.objects.append_series([series.pk])
    with worker(tmp_path / "worker.log"):
        time.sleep(0.5)
        assert StaleRow.objects.count() == 1
        tasks.nudge()
        wait_until(lambda: not StaleRow.objects.exists(), seconds=10)
