"""Saves and logins go on while an import of many lines is being stored."""

import threading

import pytest
from django.db import connection
from django.test import Client

from indicators.actions.imports import storing
from indicators.models import ObservationVersion
from targets_site.audit.models import Entry
from targets_site.audit.sealing import seal
from tests.factories import make_department, make_official, make_round, make_series
from tests.indicators.importing import add_series, changed_line, csv_file, make_world, read, store

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite has one writer"),
]
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


def test_saves_and_logins_go_on_while_an_import_is_stored(previewed, elsewhere, monkeypatch):
    """The import has written all its lines and commits only after they are done."""
    person, address = elsewhere
    written, may_commit = threading.Event(), threading.Event()
    record = storing.record

    def hold(*args, **kwargs):
        entry = record(*args, **kwargs)
        written.set()
        assert may_commit.wait(30)
        return entry

    def run():
        try:
            store(previewed)
        finally:
            connection.close()

    monkeypatch.setattr(storing, "record", hold)
    importing = threading.Thread(target=run)
    importing.start()
    try:
        assert written.wait(60)
        client = Client()
        assert client.login(username="li", password="Passw0rd-2026")
        fields = {"value": "63.10", "source_title": "统计公报", "read_version": ""}
        answer = client.post(address, fields, headers={"X-Requested-With": "fetch"})
        assert answer.status_code == 200
        seal()
        assert Entry.objects.filter(action="save", actor="li", link__isnull=False).exists()
        assert ObservationVersion.objects.count() == 1, "the import has not committed yet"
    finally:
        may_commit.set()
        importing.join(30)

    assert ObservationVersion.objects.count() == 2001
    # Its entry has a lower number than the save's, and is chained after it.
    seal()
    late, early = (Entry.objects.get(action=action) for action in ("import", "save"))
    assert late.seq < early.seq
    assert late.link.position > early.link.position
    assert person.username == "li"
