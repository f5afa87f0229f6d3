"""Alive, able to serve, and how long work has waited."""

from datetime import timedelta

import pytest
from django.db import OperationalError
from django.utils import timezone

from indicators.models import StaleRow
from targets_site import health
from tests.factories import make_job, make_series

pytestmark = pytest.mark.django_db
IDLE = {
    "ready": True,
    "stale_rows": {"count": 0, "oldest_seconds": None, "given_up": 0},
    "jobs": {"waiting": 0, "running": 0, "failed": 0, "oldest_waiting_seconds": None},
}


@pytest.fixture(autouse=True)
def _nothing_kept(monkeypatch):
    monkeypatch.setattr(health, "_kept", health._Kept())


def test_it_is_alive_to_anybody(client):
    assert client.get("/healthz").json() == {"alive": True}


def test_it_is_ready_and_nothing_waits(client):
    response = client.get("/readyz")

    assert (response.status_code, response.json()) == (200, IDLE)


def test_it_says_how_much_waits_and_how_long(client):
    now, series = timezone.now(), make_series()
    for minutes, attempts in ((90, 3), (5, 1), (1, 0)):
        StaleRow.objects.create(
            series=series, appended_at=now - timedelta(minutes=minutes), attempts=attempts
        )
    make_job(asked_at=now - timedelta(hours=1))
    make_job(asked_at=now - timedelta(hours=2), state="running", started_at=now)
    for error in ("a", "b"):
        make_job(state="failed", started_at=now, finished_at=now, error=error)
    make_job(state="done", finished_at=now)

    said = client.get("/readyz").json()

    assert 300 <= said["stale_rows"].pop("oldest_seconds") < 360
    assert 3600 <= said["jobs"].pop("oldest_waiting_seconds") < 3660
    assert said == {
        "ready": True,
        "stale_rows": {"count": 2, "given_up": 1},
        "jobs": {"waiting": 1, "running": 1, "failed": 2},
    }


def test_it_counts_no_further_than_a_thousand(client):
    StaleRow.objects.append_series([make_series().pk] * 1005)

    assert client.get("/readyz").json()["stale_rows"]["count"] == 1000


@pytest.mark.parametrize("rows", [1, 30])
def test_it_asks_the_same_however_much_waits(client, rows, django_assert_num_queries):
    StaleRow.objects.append_series([make_series().pk] * rows)
    for _job in range(rows):
        make_job()

    with django_assert_num_queries(8):
        client.get("/readyz")


def test_it_tells_the_same_for_some_seconds_without_asking_again(
    client, django_assert_num_queries, monkeypatch
):
    client.get("/readyz")
    make_job()

    with django_assert_num_queries(1):
        assert client.get("/readyz").json() == IDLE
    monkeypatch.setattr(health._kept, "until", 0.0)
    assert client.get("/readyz").json()["jobs"]["waiting"] == 1


def test_a_database_that_does_not_answer_is_no_error_page(client, monkeypatch):
    def fail():
        raise OperationalError("away")

    monkeypatch.setattr(health, "_facts", [fail])

    response = client.get("/readyz")

    assert response.status_code == 503
    assert response.json() == {"ready": False, "waiting_for": "database"}
