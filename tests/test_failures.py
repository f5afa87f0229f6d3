"""A database that does not answer is a busy system, not a broken one."""

import threading
from contextlib import contextmanager

import pytest
from django.db import OperationalError, connection, transaction

from indicators.models import Observation
from targets_site.audit.models import Entry
from tests.factories import (
    make_department,
    make_figure,
    make_official,
    make_round,
    make_series,
)

pytestmark = pytest.mark.django_db(transaction=True)

FIGURE = {"value": "98.1", "source_title": "公报"}


def test_a_page_without_its_token_has_expired_in_both_languages(client, official):
    client.handler.enforce_csrf_checks = True
    before = Entry.objects.count()

    page = client.post("/entry/1/submit/", {"version": "1"})

    assert page.status_code == 403
    assert "页面已过期，请刷新后重试" in page.content.decode()
    assert "This page has expired: reload it and try again" in page.content.decode()
    assert Entry.objects.count() == before


@pytest.fixture
def series():
    series = make_series(department=make_department())
    make_figure(series, 2020, "97.5")
    make_round(series.area, 2021)
    return series


@pytest.fixture
def official(client, series):
    client.raise_request_exception = False
    client.force_login(make_official(department=series.department_links.get().department))
    # This session waits briefly, so that the test does.
    brief = (
        "PRAGMA busy_timeout = 200" if connection.vendor == "sqlite" else "SET lock_timeout = 200"
    )
    with connection.cursor() as cursor:
        cursor.execute(brief)
    return client


@contextmanager
def held_by_another(year):
    """Somebody else writes to the figure, and is not done yet."""
    holding, done = threading.Event(), threading.Event()

    def hold():
        try:
            with transaction.atomic():
                list(Observation.objects.select_for_update().filter(year=year))
                holding.set()
                done.wait(30)
        finally:
            connection.close()

    thread = threading.Thread(target=hold)
    thread.start()
    assert holding.wait(10)
    try:
        yield
    finally:
        done.set()
        thread.join(10)


@pytest.mark.parametrize("fetched", [True, False])
def test_a_save_that_waits_too_long_says_so_and_stores_nothing(official, series, fetched):
    address = f"/entry/series/{series.code}/2020/"
    headers = {"X-Requested-With": "fetch"} if fetched else {}
    before = Entry.objects.count()

    with held_by_another(2020):
        response = official.post(
            address, {**FIGURE, "correction_reason": "笔误", "read_version": "1"}, headers=headers
        )

    assert (response.status_code, response.headers["Retry-After"]) == (503, "5")
    assert "未作任何保存" in response.content.decode()
    assert Entry.objects.count() == before
    assert Observation.objects.get(series=series, year=2020).versions.count() == 1


def test_the_api_says_so_in_its_own_form(official, series):
    with held_by_another(2020):
        response = official.put(
            f"/api/v1/figures/{series.code}/2020/",
            {**FIGURE, "correction_reason": "笔误", "read_version": 1},
            content_type="application/json",
        )

    assert response.status_code == 503
    assert "未作任何保存" in response.json()["errors"][""][0]


def test_what_is_broken_is_still_called_broken(official, series, monkeypatch):
    monkeypatch.setattr("indicators.views.cells.figure_before", lambda *_args: 1 / 0)

    response = official.post(f"/entry/series/{series.code}/2020/", FIGURE)

    assert response.status_code == 500
    assert "系统出错" in response.content.decode()


def test_whoever_reads_is_asked_to_look_whether_it_was_stored(official, series, monkeypatch):
    def away(*_arguments, **_named):
        raise OperationalError("the server closed the connection")

    monkeypatch.setattr("indicators.views.cells.queries.cell_of", away)

    response = official.get(f"/entry/series/{series.code}/2020/")

    assert (response.status_code, response.headers["Retry-After"]) == (503, "5")
    assert "是否已保存" in response.content.decode()
    assert "未作任何保存" not in response.content.decode()


@pytest.mark.parametrize("address", ["/entry/series/{}/2020/", "/no/such/page/"])
def test_whoever_is_refused_is_told_that_nothing_was_stored(client, series, address):
    client.force_login(make_official("other", make_department(name_zh="另一部门")))

    response = client.post(address.format(series.code), FIGURE)

    assert response.status_code == 404
    assert "您提交的内容未保存" in response.content.decode()
