"""The file as a whole: its bytes, its queries, its entry in the trail."""

import hashlib
import threading

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from indicators.method import METHOD_VERSION
from reports.exports import TABLES, leaving
from reports.exports import cells as cells_module
from reports.exports import copied as copied_module
from reports.exports import stream as stream_module
from targets_site.audit.models import Entry
from tests import factories
from tests.reports.exports.world import EVERY_TABLE, TABLES_OF_FIGURES, export, exported


def test_export_is_utf8_with_bom_and_crlf(target):
    with_bom = b"".join(export("targets", bom=True))
    without = b"".join(export("targets", bom=False))

    assert with_bom == b"\xef\xbb\xbf" + without
    assert without.count(b"\r\n") == without.count(b"\n") == 2
    assert without.startswith(b"document,target_code,area_code,")


def test_export_of_one_area_keeps_leading_zeros(db):
    for code in ("012345", "990000"):
        area = factories.make_area(code)
        factories.make_figure(factories.make_series(area), 2015, "1")

    rows = exported("observations", area="012345")

    assert [row["area_code"] for row in rows] == ["012345"]


@pytest.mark.parametrize("table", EVERY_TABLE)
def test_data_dictionary_says_each_column_in_both_languages(table):
    columns = TABLES[table].columns

    assert len(set(TABLES[table].headings)) == len(columns)
    assert [c.heading for c in columns if not (c.meaning_zh and c.meaning_en)] == []


@pytest.mark.parametrize("table", TABLES_OF_FIGURES)
def test_export_asks_as_often_for_three_rows_as_for_one(
    target, table, django_assert_max_num_queries
):
    series = target.readings.get().series
    factories.make_figure(series, 2015, "1")
    factories.make_verdict(target, 2015, "near")
    with django_assert_max_num_queries(10) as for_one:
        exported(table)
    for code in ("plan-2011-002", "plan-2011-003"):
        further = factories.make_target(code)
        factories.make_reading(further, series)
        factories.make_figure(series, 2016 + int(code[-1]), "1")
        factories.make_verdict(further, 2015, "near")

    with django_assert_max_num_queries(10) as for_three:
        rows = exported(table)

    assert len(rows) == 3
    assert len(for_three) == len(for_one)


def test_export_in_several_blocks_is_the_same_file(target, monkeypatch):
    for number in range(2, 8):
        factories.make_target(f"plan-2011-00{number}")
    whole = b"".join(export("targets"))
    monkeypatch.setattr(cells_module, "BLOCK_ROWS", 2)
    monkeypatch.setattr(copied_module, "BLOCK_ROWS", 2)

    blocks = list(export("targets"))

    assert len(blocks) == 5  # the heading and 7 rows in twos
    assert b"".join(blocks) == whole


def test_export_stands_in_the_trail_with_its_rows_and_digest(target):
    content = b"".join(export("targets", area="990000", bom=True))

    entry = Entry.objects.get(action="export")
    assert (entry.actor, entry.ip, entry.object) == ("auditor", "10.0.0.7", "export:targets")
    assert entry.after.pop("moment").endswith("+08:00")
    assert entry.after == {
        "table": "targets",
        "area": "990000",
        "below": False,
        "domain": "",
        "document": "",
        "year": None,
        "state": "",
        "at": None,
        "format": "csv",
        "bom": True,
        "rows": 1,
        "size": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
        "method_version": METHOD_VERSION,
        "head": None,
        "complete": True,
    }


def test_export_that_is_given_up_stands_in_the_trail_as_incomplete(target, monkeypatch):
    monkeypatch.setattr(cells_module, "BLOCK_ROWS", 1)
    monkeypatch.setattr(copied_module, "BLOCK_ROWS", 1)
    factories.make_target("plan-2011-002")
    blocks = iter(export("targets"))
    next(blocks)
    next(blocks)

    blocks.close()

    assert Entry.objects.get(action="export").after["complete"] is False


def test_last_block_does_not_leave_when_the_trail_cannot_be_written(target, monkeypatch):
    def refuse(*args, **kwargs):
        raise RuntimeError("the trail is full")

    monkeypatch.setattr(leaving.trail, "record", refuse)

    sent = []
    with pytest.raises(RuntimeError, match="the trail is full"):
        sent.extend(export("targets"))

    assert [b"plan-2011-001" in block for block in sent] == [False]


def test_export_that_fails_half_way_breaks_the_response(client, target, settings, monkeypatch):
    settings.OPEN_READING = True
    monkeypatch.setattr(cells_module, "BLOCK_ROWS", 1)
    monkeypatch.setattr(copied_module, "BLOCK_ROWS", 1)
    factories.make_target("plan-2011-002")
    blocks = stream_module.blocks_of

    def fail_after_one(*chosen, **options):
        yield next(blocks(*chosen, **options))
        raise OSError("the disk is gone")

    monkeypatch.setattr(stream_module, "blocks_of", fail_after_one)

    response = client.get("/exports/targets.csv")

    with pytest.raises(OSError, match="the disk is gone"):
        b"".join(response.streaming_content)


@pytest.mark.django_db(transaction=True)
def test_export_reads_one_state_while_others_write(monkeypatch):
    monkeypatch.setattr(cells_module, "BLOCK_ROWS", 1)
    monkeypatch.setattr(copied_module, "BLOCK_ROWS", 1)
    series = factories.make_series()
    for year in (2013, 2014, 2015):
        factories.make_figure(series, year, "1")
    blocks = iter(export("observations"))
    next(blocks)

    writer = threading.Thread(target=_write_from_another_connection, args=(series,))
    writer.start()
    writer.join(timeout=30)
    rest = b"".join(blocks)

    assert not writer.is_alive()
    assert rest.count(b"990000.pass-rate.all") == 3
    assert b",2016," not in rest


def _write_from_another_connection(series):
    try:
        factories.make_figure(series, 2016, "2")
    finally:
        connection.close()


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "sqlite", reason="how SQLite begins")
def test_export_on_sqlite_begins_as_a_reader_and_leaves_the_writers_way_as_it_was():
    with CaptureQueriesContext(connection) as asked:
        list(export("targets"))

    begun = [query["sql"] for query in asked if query["sql"].startswith("BEGIN")]
    assert begun == ["BEGIN DEFERRED", "BEGIN IMMEDIATE"]
