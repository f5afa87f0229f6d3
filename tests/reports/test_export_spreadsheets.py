"""What a spreadsheet shows of our exports: every cell as meant, no formula, no digit changed."""

import csv
import io
from datetime import UTC, datetime
from decimal import Decimal

import openpyxl
import pytest

from reports.exports import TABLES
from reports.exports.columns import Kind
from targets_site.csv_text import BOM
from tests import factories
from tests.reports.exporting import content_of, signed_in
from tests.reports.spreadsheets import AS_IT_IS, TEXT, needs_calc, reading_csv, saved_by_office

pytestmark = [pytest.mark.django_db, needs_calc]
NUMBERS = {Kind.NUMBER, Kind.FIGURE, Kind.FLAG}
NOTES = [
    "=HYPERLINK(1)", "+86 个监测点", "-以省级为准", "@省厅", "'=已带撇号", "\t制表", "007",
    "“引号”，\n第二行", "1e5", "2015-03", "真", "63.10%",
]  # fmt: skip
FIGURES = ["-5.20", "63.10", "0", "0.000001", "123456789.123456", "-0.5"]


@pytest.fixture
def auditor(client, db):
    """What spreadsheets change where they guess: leading zeros, formulas, dates, signs."""
    area = factories.make_area("012345", name_zh="海南省")
    series = factories.make_series(area)
    for year, note in enumerate(NOTES, 2000):
        figure = FIGURES[year % len(FIGURES)]
        factories.make_figure(series, year, figure, remark=note, published_on="2016-03",
                              entered_at=datetime(2024, 3, 1, tzinfo=UTC))  # fmt: skip
    target = factories.make_target("plan-001", factories.make_document("0012", area),
                                   value="63.10", key=True, stated="=63.10%")  # fmt: skip
    factories.make_reading(target, series)
    factories.make_verdict(target, 2015, "behind", actual_value=Decimal("-5.20"))
    return signed_in(client, factories.make_auditor("auditor", area))


@pytest.fixture
def saved(auditor, tmp_path):
    """The rows of our CSV, and those of what LibreOffice makes of a file of ours."""

    def opened(table, *, ending, to, reading=""):
        path = tmp_path / f"{table}.{ending}"
        path.write_bytes(content_of(auditor.get(f"/exports/{table}.{ending}")))
        return saved_by_office(path, to=to, folder=tmp_path, reading=reading)

    return opened


def own_rows(client, table):
    text = content_of(client.get(f"/exports/{table}.csv")).decode().removeprefix(BOM)
    return list(csv.reader(io.StringIO(text, newline="")))


def cells_of(workbook):
    [sheet] = openpyxl.load_workbook(io.BytesIO(workbook)).worksheets
    return [list(row) for row in sheet.iter_rows()]


@pytest.mark.parametrize("table", list(TABLES))
def test_libreoffice_reads_each_cell_of_csv_as_meant(auditor, saved, table):
    columns = TABLES[table].columns
    kinds = [AS_IT_IS if column.kind in NUMBERS else TEXT for column in columns]
    ours = own_rows(auditor, table)

    rows = cells_of(saved(table, ending="csv", to="xlsx", reading=reading_csv(kinds)))

    assert [cell.value for cell in rows[0]] == TABLES[table].headings
    # The trail grew by the exports that stand between the two.
    for line, cells in zip(ours[1:], rows[1:], strict=table != "audit"):
        for column, written, cell in zip(columns, line, cells, strict=True):
            assert cell.data_type != "f", (column.heading, written)
            if not written:
                assert cell.value is None, column.heading
            elif column.kind in NUMBERS:
                assert cell.data_type == "n", (column.heading, written)
                assert Decimal(repr(cell.value)) == Decimal(written)
            else:
                assert (cell.data_type, cell.value) == ("s", written), column.heading


def test_libreoffice_runs_nothing_where_nobody_says_how_to_read_it(auditor, saved):
    """As on a double click: Chinese intact, figures are numbers, no text is run."""
    rows = cells_of(saved("observations", ending="csv", to="xlsx", reading="CSV:44,34,76,1"))

    headings = [cell.value for cell in rows[0]]
    assert headings == TABLES["observations"].headings
    assert {cell.data_type for row in rows for cell in row} <= {"n", "s", "d"}
    place = {name: headings.index(name) for name in ("area_zh", "value", "note")}
    assert {row[place["area_zh"]].value for row in rows[1:]} == {"海南省"}
    assert [row[place["note"]].value for row in rows[1:]][:4] == [f"'{note}" for note in NOTES[:4]]
    values = [Decimal(repr(row[place["value"]].value)) for row in rows[1:]]
    assert values == [Decimal(FIGURES[year % len(FIGURES)]) for year in range(2000, 2012)]
