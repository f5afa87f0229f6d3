"""A table as an Excel workbook: the rows, and a sheet that says what the columns mean.

A text is written as a text, whatever it begins with, so that nothing in it is run and no leading
zero is lost. A figure is a number where Excel keeps every digit of it (15 at the most), shown with
its decimals (63.10); else it is a text. The same rows give the same bytes: the workbook does not
say when it was made. The rows' sheet has the name under which an import looks for it.
"""

import tempfile
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from functools import cache
from pathlib import Path

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from indicators.import_columns import SHEET
from reports.exports.blocks import Block
from reports.exports.cells import blocks_of_cells
from reports.exports.columns import Column, Kind
from reports.exports.tables import Rows, Table

# With the heading, as many as a sheet has.
MOST_ROWS = 1_048_575
# Of a cell, in UTF-16 units.
LONGEST_TEXT = 32_767
DIGITS_KEPT = 15
BLOCK_BYTES = 256 * 1024
# What all workbooks say of when they were made.
MADE = datetime(2000, 1, 1)  # noqa: DTZ001 - a workbook knows no time zone
EXPLANATION_SHEET = "说明"
WRAPPED_WIDTH = 60


class TooManyRows(ValueError):
    """A sheet has no room for so many rows; `args[0]` is their number."""


class TooLongText(ValueError):
    """A cell has no room for so long a text; `args` are the heading and the row's number."""


def check_fits(rows: Rows) -> None:
    """Raises TooManyRows."""
    number = rows.count()
    if number > MOST_ROWS:
        raise TooManyRows(number)


def workbook_blocks(table: Table, rows: Rows) -> Iterator[Block]:
    """Nothing comes before the last row is written. Raises TooManyRows before the first."""
    check_fits(rows)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "table.xlsx"
        number = _write(path, table, rows, folder)
        with path.open("rb") as file:
            while content := file.read(BLOCK_BYTES):
                # Counted with the first, though every block is of all of them.
                yield Block(content, number)
                number = 0


def _write(path: Path, table: Table, rows: Rows, folder: str) -> int:
    """Returns the number of rows."""
    options = {"constant_memory": True, "tmpdir": folder}
    with xlsxwriter.Workbook(str(path), options) as book:
        book.set_properties({"created": MADE, "title": table.name})
        heading = book.add_format({"bold": True, "bg_color": "#E8EEF4", "bottom": 1})
        number = _write_rows(_Sheet(book, table, heading), rows)
        _explain(book.add_worksheet(EXPLANATION_SHEET), book, table, heading)
    return number


def _write_rows(sheet: "_Sheet", rows: Rows) -> int:
    number = 0
    for block in blocks_of_cells(sheet.table.columns, rows):
        for cells in block:
            number += 1
            sheet.write(number, cells)
    return number


class _Sheet:
    """The sheet of the rows."""

    def __init__(self, book: xlsxwriter.Workbook, table: Table, heading: Format) -> None:
        self.table = table
        self.sheet: Worksheet = book.add_worksheet(SHEET)
        self.sheet.freeze_panes(1, 0)
        for place, column in enumerate(table.columns):
            self.sheet.set_column(place, place, _width(column))
            self.sheet.write_string(0, place, column.heading, heading)

        @cache
        def shown_with(decimals: int) -> Format:
            zeros = f"0.{'0' * decimals}" if decimals else "0"
            return book.add_format({"num_format": zeros})

        self.shown_with = shown_with

    def write(self, row: int, cells: tuple[str, ...]) -> None:
        for place, (column, cell) in enumerate(zip(self.table.columns, cells, strict=True)):
            if not cell:
                continue
            if column.kind in {Kind.NUMBER, Kind.FLAG, Kind.FIGURE} and is_kept(cell):
                _point, _dot, decimals = cell.partition(".")
                # A cell of Excel holds nothing else, and this one gives the figure back.
                # nosemgrep: figure-as-float
                self.sheet.write_number(row, place, float(cell), self.shown_with(len(decimals)))
            elif self.sheet.write_string(row, place, cell):
                raise TooLongText(column.heading, row)


def is_kept(figure: str) -> bool:
    """Whether Excel, which keeps 15 digits, gives the very figure back."""
    digits = figure.replace("-", "").replace(".", "").lstrip("0")
    # What Excel would make of it, compared with the figure.
    # nosemgrep: figure-as-float
    return len(digits) <= DIGITS_KEPT and Decimal(repr(float(figure))) == Decimal(figure)


def _width(column: Column) -> int:
    return 30 if column.kind is Kind.TEXT else 14


def _explain(sheet: Worksheet, book: xlsxwriter.Workbook, table: Table, heading: Format) -> None:
    """The data dictionary, in both languages."""
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    sheet.set_column(0, 1, 22)
    sheet.set_column(2, 3, WRAPPED_WIDTH)
    sheet.freeze_panes(1, 0)
    lines = [
        ("column", "type", "说明", "meaning"),
        *((c.heading, c.kind.value, c.meaning_zh, c.meaning_en) for c in table.columns),
    ]
    for row, line in enumerate(lines):
        for place, text in enumerate(line):
            sheet.write_string(row, place, text, wrapped if row else heading)
