"""The tables as CSV: cells, order, harmless text, one snapshot, and never half a file."""

import csv
import hashlib
import io
import json
import threading
from datetime import datetime, timedelta, timezone
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone as django_timezone

from indicators.assess_files import Source, assess_files
from indicators.method import METHOD_VERSION
from plans.enums import DepartmentPart
from reports.exports import TABLES, Export, Selection, leaving
from reports.exports import cells as cells_module
from reports.exports import copied as copied_module
from reports.exports import stream as stream_module
from reports.exports.blocks import Block
from targets_site.accounts.models import User
from targets_site.audit.context import Actor
from targets_site.audit.models import Entry
from tests import factories

NOON = datetime(2024, 3, 1, 12, 0, tzinfo=timezone(timedelta(hours=8)))
EVERY_TABLE = sorted(TABLES)
TABLES_OF_FIGURES = ["targets", "observations", "verdicts"]


def export(table, *, area="", bom=False, actor="auditor"):
    selection = Selection(TABLES[table], area=area)
    return Export(selection, bom=bom, actor=Actor(name=actor, ip="10.0.0.7"))


def rows_of(content):
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def exported(table, **options):
    return rows_of(b"".join(export(table, **options)))


@pytest.fixture
def target(db):
    """At least 63.10 % by 2020, read, with a lead and two responsible departments."""
    target = factories.make_target(value="63.10", key=True)
    area = target.area
    lead = factories.make_department(area, "省农业厅")
    first = factories.make_department(area, "省海洋厅")
    second = factories.make_department(area, "省林业厅")
    factories.name_department(target, lead)
    for position, department in enumerate([first, second]):
        link = factories.name_department(target, department, DepartmentPart.RESPONSIBLE)
        link.position = position
        link.save()
    series = factories.make_series(area, frequency=5)
    factories.make_reading(
        target, series, hold_from=2012, baseline_year=2010, baseline_value=Decimal("40.50")
    )
    return target


def test_export_targets_cells(target):
    earlier = factories.make_target("old-2008-001", factories.make_document("old-2008"))
    target.replaces.add(earlier)

    row = exported("targets")[1]

    assert row == {
        "document": "plan-2011",
        "target_code": "plan-2011-001",
        "area_code": "990000",
        "area_zh": "某省990000",
        "domain": "product",
        "statement_zh": "抽检合格率达到98%以上",
        "statement_en": "Pass rate of at least 98%",
        "kind": "reach",
        "comparator": "ge",
        "value": "63.10",
        "value_upper": "",
        "unit": "%",
        "target_year": "2020",
        "firmness": "stated",
        "key": "1",
        "stated": "达到98%以上",
        "locator": "一、目标",
        "series": "990000.pass-rate.all",
        "indicator_code": "pass-rate",
        "start_year": "2011",
        "hold_from": "2012",
        "tolerance": "",
        "baseline_year": "2010",
        "baseline_value": "40.5",
        "nature": "level",
        "frequency": "5",
        "lead_departments": "省农业厅",
        "responsible_departments": "省海洋厅;省林业厅",
        "replaces": "old-2008-001",
    }


def test_export_targets_without_a_reading_leaves_its_cells_empty(db):
    factories.make_text_target()

    [row] = exported("targets")

    of_reading = ["series", "indicator_code", "hold_from", "nature", "frequency", "value"]
    assert [row[heading] for heading in of_reading] == [""] * 6
    assert row["start_year"] == "2011"


def test_export_targets_shows_what_is_in_force_once(target):
    reading = target.readings.get()
    reading.superseded_at = django_timezone.now()
    reading.save()
    factories.make_reading(target, reading.series, hold_from=2014)
    factories.make_target("plan-2011-002", superseded_at=django_timezone.now())

    rows = exported("targets")

    assert [(row["target_code"], row["hold_from"]) for row in rows] == [("plan-2011-001", "2014")]


def test_export_observations_cells(db):
    clerk = User.objects.create(username="clerk")
    reviewer = User.objects.create(username="reviewer")
    series = factories.make_series()
    factories.make_figure(
        series,
        2015,
        "63.10",
        numerator=Decimal("631"),
        denominator=Decimal("1000"),
        bound="at_least",
        obs_status="BP",
        source_url="https://example.org/a?b=1",
        published_as="合格率",
        published_on="2016-03",
        remark='第一行\n第二行, “引号”和"双引号"',
        entered_by=clerk,
        entered_at=NOON,
        reviewed_by=reviewer,
        reviewed_at=NOON + timedelta(hours=1),
    )

    [row] = exported("observations")

    assert row == {
        "series": "990000.pass-rate.all",
        "area_code": "990000",
        "area_zh": "某省990000",
        "indicator_code": "pass-rate",
        "indicator_zh": "抽检合格率",
        "indicator_en": "Pass rate",
        "scope": "all",
        "year": "2015",
        "value": "63.10",
        "unit": "%",
        "bound": "at_least",
        "numerator": "631",
        "denominator": "1000",
        "obs_status": "BP",
        "missing_reason": "",
        "source_title": "统计公报",
        "source_url": "https://example.org/a?b=1",
        "source_grade": "official",
        "published_as": "合格率",
        "published_on": "2016-03",
        "state": "approved",
        "version": "1",
        "entered_by": "clerk",
        "entered_at": "2024-03-01T12:00:00+08:00",
        "approved_by": "reviewer",
        "approved_at": "2024-03-01T13:00:00+08:00",
        "note": '第一行\n第二行, “引号”和"双引号"',
    }


def test_export_observations_leaves_drafts_out_and_keeps_missing_apart_from_zero(db):
    series = factories.make_series()
    factories.make_figure(series, 2014, None)
    factories.make_figure(series, 2013, "0")
    draft = factories.make_figure(series, 2015, "5", state="draft")
    draft.observation.in_force = None
    draft.observation.save()

    rows = exported("observations")

    cells = [(row["year"], row["value"], row["missing_reason"]) for row in rows]
    assert cells == [("2013", "0", ""), ("2014", "", "未统计")]


def test_export_verdicts_by_target_and_year_in_force(target):
    factories.make_verdict(
        target, 2016, "on_track", light="green", recorded_at=NOON, actual_value=Decimal("60.0")
    )
    factories.make_verdict(
        target, 2015, "behind", light="yellow", recorded_at=NOON, missing_years="2013;2014"
    )
    factories.make_verdict(target, 2015, "near", superseded_at=django_timezone.now())

    rows = exported("verdicts")

    headings = ["target_code", "as_of", "status", "light", "value", "actual_value"]
    cells = [[row[heading] for heading in headings] for row in rows]
    assert cells == [
        ["plan-2011-001", "2015", "behind", "yellow", "63.10", ""],
        ["plan-2011-001", "2016", "on_track", "green", "63.10", "60"],
    ]
    assert rows[0]["missing_years"] == "2013;2014"
    assert rows[0]["computed_at"] == "2024-03-01T12:00:00+08:00"


@pytest.mark.parametrize(
    ("name", "cell"),
    [
        ("=HYPERLINK(1)", "'=HYPERLINK(1)"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\ttab", "'\ttab"),
        ("\rcr", "'\rcr"),
        ("1-2", "1-2"),
    ],
)
def test_export_makes_text_harmless_for_a_spreadsheet(db, name, cell):
    factories.make_figure(factories.make_series(), 2015, "-5.20", remark=name)

    [row] = exported("observations")

    assert (row["note"], row["value"]) == (cell, "-5.20")


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


@pytest.mark.parametrize("table", TABLES_OF_FIGURES)
def test_export_page_offers_the_table(client, target, settings, table):
    settings.OPEN_READING = True

    response = client.get("/exports/", {"table": table, "area": "990000", "bom": "0"})

    page = response.content.decode()
    assert response.status_code == 200
    assert f"/exports/{table}.csv?area=990000&amp;bom=0" in page
    assert all(f'class="code">{heading}</th>' in page for heading in TABLES[table].headings)


def test_export_page_with_nothing_chosen_offers_all_targets(client, target, settings):
    settings.OPEN_READING = True

    response = client.get("/exports/")

    assert response.context["offer"].rows == 1
    assert response.context["offer"].address == "/exports/targets.csv"


@pytest.mark.parametrize(
    "address",
    [
        "/exports/?area=123456",
        "/exports/?table=users",
        "/exports/?bom=maybe",
        "/exports/targets.csv?area=123456",
        "/exports/targets.csv?area=%00",
        "/exports/targets.csv?bom=maybe",
    ],
)
def test_bad_choice_is_answered_with_a_page_that_says_so(client, target, settings, address):
    settings.OPEN_READING = True

    response = client.get(address)

    assert response.status_code == 400
    assert 'class="errorlist"' in response.content.decode()
    assert Entry.objects.count() == 0


def test_unknown_table_is_not_found(client, db, settings):
    settings.OPEN_READING = True

    assert client.get("/exports/users.csv").status_code == 404


@pytest.mark.parametrize("address", ["/exports/", "/exports/targets.csv"])
def test_export_needs_login_where_reading_is_not_open(client, db, settings, address):
    settings.OPEN_READING = False

    assert client.get(address).status_code == 302
    assert client.post(address).status_code == 401


def test_download_is_a_csv_file_in_the_name_of_the_reader(client, target, settings):
    settings.OPEN_READING = True
    client.force_login(User.objects.create(username="leader"))

    response = client.get("/exports/targets.csv", {"area": "990000"})
    content = b"".join(response.streaming_content)

    day = django_timezone.localdate().isoformat()
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Content-Disposition"] == f'attachment; filename="targets-990000-{day}.csv"'
    assert content.startswith(b"\xef\xbb\xbfdocument,")
    assert Entry.objects.get(action="export").actor == "leader"


def test_command_writes_the_file_whole_or_not_at_all(target, tmp_path, monkeypatch):
    path = tmp_path / "targets.csv"
    call_command("export", "targets", output=str(path), no_bom=True)
    before = path.read_bytes()
    complete = b"".join(export("targets"))

    monkeypatch.setattr(stream_module, "blocks_of", _broken)
    with pytest.raises(CommandError, match=r"[一-龥].* / The export broke off: the disk is gone"):
        call_command("export", "targets", output=str(path))

    assert before == complete
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def _broken(*chosen, **options):
    yield Block(b"half a file")
    raise OSError("the disk is gone")


def test_command_writes_to_standard_output(target, capfdbinary):
    call_command("export", "targets")

    assert capfdbinary.readouterr().out == b"".join(export("targets", bom=True))


def test_command_refuses_an_unknown_area(db):
    with pytest.raises(CommandError, match="没有这个地区：123456 / Unknown area: 123456"):
        call_command("export", "targets", area="123456")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"domain": "no"}, "没有这个领域：no / Unknown domain: no"),
        ({"document": "no"}, "没有这个文件：no / Unknown document: no"),
        ({"state": "draft"}, "targets does not know --state"),
        ({"manifest": True}, "A manifest stands beside a file"),
    ],
)
def test_command_refuses_what_it_cannot_do(db, options, message):
    with pytest.raises(CommandError, match=message):
        call_command("export", "targets", **options)


@pytest.mark.parametrize(
    "options",
    [
        ["--year", "20x5"],
        ["--year", "٢٠١٥"],
        ["--at", "gestern"],
        ["--at", "2026-02-30"],
        ["--at", "20260301"],
    ],
)
def test_command_refuses_a_bad_year_or_moment(db, options):
    with pytest.raises(CommandError, match=r"Error: argument --year|is no day"):
        call_command("export", "targets", *options)


def test_command_writes_a_manifest_beside_the_file(target, tmp_path):
    path = tmp_path / "targets.jsonl"

    call_command(
        "export", "targets", area="990000", year=2020, format="jsonl", output=str(path),
        manifest=True,
    )  # fmt: skip

    said = json.loads((tmp_path / "targets.jsonl.manifest.json").read_text())
    content = path.read_bytes()
    assert (said["file"], said["table"], said["format"]) == ("targets.jsonl", "targets", "jsonl")
    assert (said["area"], said["year"], said["rows"]) == ("990000", 2020, 1)
    assert said["sha256"] == hashlib.sha256(content).hexdigest()
    assert json.loads(content)["target_code"] == "plan-2011-001"
    after = Entry.objects.get(action="export").after
    assert {**said, "complete": True} == {**after, "file": "targets.jsonl"}


@pytest.mark.django_db(transaction=True)
def test_export_of_an_earlier_moment_has_what_stood_then():
    series = factories.make_series()
    factories.make_figure(series, 2015, "1", entered_at=NOON, reviewed_at=NOON)
    later = NOON + timedelta(days=30)
    factories.make_figure(series, 2016, "2", entered_at=later, reviewed_at=later)

    chosen = Selection(TABLES["observations"], at=NOON + timedelta(days=1))
    rows = rows_of(b"".join(Export(chosen)))

    assert [row["year"] for row in rows] == ["2015"]
    assert len(exported("observations")) == 2


def test_assess_reads_what_export_writes(target):
    series = target.readings.get().series
    factories.make_figure(series, 2014, "60.00")
    targets = Source("T.csv", b"".join(export("targets", bom=True)))
    observations = Source("O.csv", b"".join(export("observations", bom=True)))

    verdicts = assess_files(targets, observations, as_of=2015)

    [row] = csv.DictReader(io.StringIO(verdicts, newline=""))
    headings = TABLES["verdicts"].headings
    assert list(row) == [h for h in headings if h not in {"source_grade", "computed_at"}]
    assert (row["value"], row["actual_year"], row["actual_value"]) == ("63.10", "2014", "60")
