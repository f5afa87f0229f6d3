"""A real worker on a real Redis works off what an approval left behind."""

import os
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from indicators import tasks
from indicators.models import StaleRow, Verdict
from targets_site.celery import app
from tests.factories import make_figure, make_reading, make_series, make_target

pytestmark = [
    pytest.mark.services,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        settings.EMBEDDED, reason="the embedded mode has a thread instead (test_drain.py)"
    ),
]


@contextmanager
def worker(log: Path):
    database = connection.settings_dict
    url = f"postgres://{database['USER']}@{database['HOST']}:{database['PORT']}/{database['NAME']}"
    environment = {**os.environ, "DATABASE_URL": url}
    command = [
        sys.executable, "-m", "celery", "-A", "targets_site", "worker", "--concurrency", "1",
        "--without-gossip", "--without-mingle", "--loglevel", "INFO",
    ]  # fmt: skip
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            env=environment,
            cwd=settings.BASE_DIR,
            stdout=output,
            stderr=output,
            start_new_session=True,  # so that a test may kill it together with its children
        )
        try:
            wait_until(lambda: "ready" in log.read_text(errors="replace"), seconds=60)
            yield process
        finally:
            process.terminate()
            process.wait(30)


def wait_until(holds, *, seconds):
    stop_at = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < stop_at, "waited in vain"
        time.sleep(0.05)


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
