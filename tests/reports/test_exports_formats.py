"""Workbooks and JSON lines say what the CSV says, and the same rows give the same bytes."""

import csv
import io
import json
import time
from decimal import Decimal

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.models import ObservationVersion
from reports.exports import FORMATS, TABLES, Export, Selection, TooManyRows, workbook
from reports.exports.workbook import is_kept
from targets_site.audit.models import Entry
from targets_site.csv_text import text_behind
from tests import factories

pytestmark = pytest.mark.django_db


def content(table, name):
    return b"".join(Export(Selection(TABLES[table]), format=name, sees_all=True))


def csv_rows(table):
    return list(csv.DictReader(io.StringIO(content(table, "csv").decode("utf-8-sig"), newline="")))


@pytest.fixture
def figures():
    series = factories.make_series(factories.make_area("012345"))
    factories.make_figure(series, 2014, "63.10", remark="=1+1", source_title="'-一、\n二")
    factories.make_figure(series, 2015, "-999999999.999999", stated_decimals=6)
    factories.make_figure(series, 2016, None)


def test_json_lines_say_what_the_csv_says(figures):
    lines = content("observations", "jsonl").decode().split("\n")

    found = [json.loads(line) for line in lines[:-1]]
    assert lines[-1] == ""
    assert [list(row) for row in found] == [TABLES["observations"].headings] * 3
    assert [(row["year"], row["value"]) for row in found] == [
        (2014, "63.10"), (2015, "-999999999.999999"), (2016, None),
    ]  # fmt: skip
    assert (found[0]["note"], found[0]["area_code"]) == ("=1+1", "012345")
    texts = [
        {key: text_behind(cell) for key, cell in row.items()} for row in csv_rows("observations")
    ]
    assert [
        {key: "" if cell is None else str(cell) for key, cell in row.items()} for row in found
    ] == texts


def test_workbook_says_what_the_csv_says(figures):
    book = openpyxl.load_workbook(io.BytesIO(content("observations", "xlsx")))
    heading, *rows = book["数据"].iter_rows()

    assert [cell.value for cell in heading] == TABLES["observations"].headings
    for row, texts in zip(rows, csv_rows("observations"), strict=True):
        for cell, (name, text) in zip(row, texts.items(), strict=True):
            assert cell.data_type in {"s", "inlineStr", "n"}, name
            assert shown(cell) == text_behind(text), name
    value = {cell.value: place for place, cell in enumerate(heading)}["value"]
    assert [(row[value].value, row[value].number_format) for row in rows] == [
        (63.1, "0.00"), (-999999999.999999, "0.000000"), (None, "General"),
    ]  # fmt: skip
    assert [row[0].value for row in book["说明"].iter_rows(min_row=2)] == TABLES[
        "observations"
    ].headings


def shown(cell):
    """As Excel shows it."""
    if cell.value is None or isinstance(cell.value, str):
        return cell.value or ""
    decimals = len(cell.number_format.partition(".")[2])
    return f"{Decimal(repr(cell.value)):.{decimals}f}"


@given(st.decimals("-999999999999", "999999999999", places=8))
def test_a_figure_is_a_number_only_where_excel_keeps_it(figure):
    text = f"{figure:f}"

    if is_kept(text):
        assert Decimal(f"{float(text):.15g}") == figure


@pytest.mark.parametrize("name", sorted(FORMATS))
@pytest.mark.parametrize("table", sorted(set(TABLES) - {"audit"}))
def test_same_rows_give_the_same_bytes(figures, table, name):
    factories.make_reading(factories.make_target(), factories.make_series())
    first = content(table, name)

    time.sleep(1.1 if name == "xlsx" else 0)

    assert content(table, name) == first


def test_workbook_refuses_more_rows_than_a_sheet_has(figures, monkeypatch):
    monkeypatch.setattr(workbook, "MOST_ROWS", 2)
    sent = []

    with pytest.raises(TooManyRows, match="3"):
        sent.extend(Export(Selection(TABLES["observations"]), format="xlsx", sees_all=True))

    assert sent == []
    assert Entry.objects.get(action="export").after["complete"] is False


def test_workbook_refuses_a_text_that_a_cell_would_cut(figures):
    ObservationVersion.objects.filter(observation__year=2014).update(remark="长" * 32_768)

    with pytest.raises(workbook.TooLongText):
        content("observations", "xlsx")


def test_rows_and_digest_stand_beside_every_format(figures):
    for name in FORMATS:
        export = Export(Selection(TABLES["observations"]), format=name)
        sent = b"".join(export)

        assert (export.rows, export.size) == (3, len(sent))
        assert export.manifest["format"] == name
