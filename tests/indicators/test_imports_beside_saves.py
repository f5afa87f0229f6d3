"""Saves and logins go on while an import of many lines is being stored."""

import threading
import time
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client

from indicators.actions.entry import EnteredFigure, save
from indicators.actions.imports import storing
from indicators.actions.imports.staging import Staging
from indicators.enums import ImportState
from indicators.models import ObservationVersion
from targets_site.audit.models import Entry
from targets_site.audit.sealing import seal
from tests.factories import make_department, make_official, make_round, make_series
from tests.indicators.importing import add_series, changed_line, csv_file, make_world, read, store

pytestmark = pytest.mark.django_db(transaction=True)
YEARS = range(2011, 2021)


@pytest.fixture(autouse=True)
def _own_files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def previewed():
    """A preview of two thousand new figures."""
    world = make_world(*YEARS)
    codes = [f"{number:04}" for number in range(2000, 2200)]
    for code in codes:
        add_series(world, code)
    lines = [
        changed_line(年份=str(year), 指标代码=code, 数值="98.5") for code in codes for year in YEARS
    ]
    imported = read(csv_file(*lines), by=world.official)
    assert imported.counts["new"] == len(lines)
    return imported


@pytest.fixture
def elsewhere():
    """Somebody of another area, who saves meanwhile."""
    department = make_department(name_zh="另一部门")
    series = make_series(department=department)
    make_round(department.area, 2020)
    return make_official("li", department), f"/entry/series/{series.code}/2020/"


@pytest.fixture
def in_thread():
    """Runs what takes long beside the test, and waits for its end."""
    started = []

    def start(run):
        def run_and_close():
            try:
                run()
            finally:
                connection.close()

        started.append(threading.Thread(target=run_and_close))
        started[-1].start()

    yield start
    for each in started:
        each.join(60)


def save_by_form(address):
    """Sign in and save one figure; returns the seconds that both took."""
    client = Client()
    begun = time.monotonic()
    assert client.login(username="li", password="Passw0rd-2026")
    fields = {"value": "63.10", "source_title": "统计公报", "read_version": ""}
    answer = client.post(address, fields, headers={"X-Requested-With": "fetch"})
    assert answer.status_code == 200
    return time.monotonic() - begun


def hold_at(monkeypatch, holder, name):
    """The import stops at the first return of this function until it may go on. Returns the events
    that say that it stands there and that it may go on."""
    is_there, may_go_on = threading.Event(), threading.Event()
    run = getattr(holder, name)

    def run_and_hold(*args, **kwargs):
        answer = run(*args, **kwargs)
        is_there.set()
        assert may_go_on.wait(30)
        return answer

    monkeypatch.setattr(holder, name, run_and_hold)
    return is_there, may_go_on


def test_a_save_waits_for_no_line_that_is_checked_and_built(
    previewed, elsewhere, monkeypatch, in_thread
):
    """Also where the database has one writer: half of the lines are built, and no lock is held."""
    _person, address = elsewhere
    is_there, may_go_on = hold_at(monkeypatch, Staging, "add")
    in_thread(lambda: store(previewed))
    try:
        assert is_there.wait(60)
        took = save_by_form(address)
        assert ObservationVersion.objects.get().entered_by.username == "li"
        assert took < 10, "SQLite would have waited for 20 seconds"
    finally:
        may_go_on.set()
    wait_for(previewed)

    assert previewed.state == ImportState.STORED
    assert ObservationVersion.objects.count() == 2001


def test_a_figure_of_the_file_that_is_saved_while_lines_are_built_stops_all(
    previewed, monkeypatch, in_thread
):
    """It was checked before, and is seen under the lock."""
    person, series = previewed.imported_by, previewed.lines.earliest("number").series
    is_there, may_go_on = hold_at(monkeypatch, Staging, "add")
    in_thread(lambda: store(previewed))
    try:
        assert is_there.wait(60)
        figure = EnteredFigure(value=Decimal("63.10"), stated_decimals=2)
        save(series=series, year=2011, figure=figure, read_version=None, by=person)
    finally:
        may_go_on.set()
    wait_for(previewed)

    assert ObservationVersion.objects.get().value_as_stated == "63.10"
    assert (previewed.state, previewed.counts["stale"]) == (ImportState.PREVIEWED, 1)
    assert not Entry.objects.filter(action="import").exists()


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite has one writer")
def test_saves_and_logins_go_on_until_an_import_commits(
    previewed, elsewhere, monkeypatch, in_thread
):
    """The import has written all its lines and commits only after they are done."""
    _person, address = elsewhere
    is_there, may_go_on = hold_at(monkeypatch, storing, "record")
    in_thread(lambda: store(previewed))
    try:
        assert is_there.wait(60)
        save_by_form(address)
        seal()
        assert Entry.objects.filter(action="save", actor="li", link__isnull=False).exists()
        assert ObservationVersion.objects.count() == 1, "the import has not committed yet"
    finally:
        may_go_on.set()
    wait_for(previewed)

    assert ObservationVersion.objects.count() == 2001
    # Its entry has a lower number than the save's, and is chained after it.
    seal()
    late, early = (Entry.objects.get(action=action) for action in ("import", "save"))
    assert late.seq < early.seq
    assert late.link.position > early.link.position


def wait_for(imported):
    """Until nobody is at work on it any more."""
    stop_at = time.monotonic() + 60
    imported.refresh_from_db()
    while imported.is_under_way:
        assert time.monotonic() < stop_at
        time.sleep(0.05)
        imported.refresh_from_db()
