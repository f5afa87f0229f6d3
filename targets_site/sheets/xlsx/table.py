"""The rows of a sheet as a table."""

import re
from collections.abc import Iterator
from typing import BinaryIO

from django.utils.translation import gettext as _

from targets_site.sheets.headings import Expected, Layout, find_columns, letter
from targets_site.sheets.problems import Note, Problems, RefusedFile
from targets_site.sheets.table import Extent, Line, Table, no_heading_above
from targets_site.sheets.xlsx.cells import CellReader, Remarks, UnusableCell
from targets_site.sheets.xlsx.container import Container, damage_refused, damaged
from targets_site.sheets.xlsx.rows import RawCell, Row, SheetRows, columns_by_letter
from targets_site.sheets.xlsx.workbook import Workbook
from targets_site.typed_text import strip_ends

ENCODING = "Excel (XLSX)"
RANGE = re.compile(r"([A-Z]{1,3})([0-9]{1,7}):([A-Z]{1,3})([0-9]{1,7})")


def read_xlsx(file: BinaryIO, expected: Expected) -> Table:
    """See `read_table`. Raises RefusedFile."""
    container = Container(file)
    workbook = Workbook(container)
    part = workbook.sheet(expected.sheet).part
    reader = CellReader(workbook.strings, workbook.formats)
    with damage_refused():
        rows = SheetRows(container.open(part))
        numbered = iter(rows)
        header = _header(numbered, expected.header_row)
    layout = find_columns(_headings(header, reader, expected.header_row), expected)
    lines = _Lines(rows, layout=layout, reader=reader, expected=expected)
    return Table(
        encoding=ENCODING,
        keys=layout.keys,
        lines=lines.of(numbered),
        headings=layout.headings,
        units=layout.units,
    )


class _Lines:
    """Reads rows into lines, and gathers what is wrong with them."""

    def __init__(
        self, rows: SheetRows, *, layout: Layout, reader: CellReader, expected: Expected
    ) -> None:
        self._rows, self._layout, self._reader = rows, layout, reader
        self._header_row, self._codes = expected.header_row, frozenset(expected.text_columns)
        self._code_lengths = expected.code_lengths
        self._keys = {position: key for key, position in layout.positions.items()}
        self._blank_cells = dict.fromkeys(layout.keys, "")
        self._extent = Extent(header_row=expected.header_row, max_rows=expected.max_rows)
        self._problems = Problems()
        self._remarks = Remarks()

    def of(self, rows: Iterator[Row]) -> Iterator[Line]:
        """Raises RefusedFile at the first fault, with all that follow it."""
        try:
            for row in self._filled(rows):
                line = self._line(row)
                if self._problems.are_many:
                    break
                if line is not None and not self._problems.found:
                    yield line
            self._check_merges()
        except RefusedFile as fatal:
            raise RefusedFile([*self._problems.found, *fatal.problems]) from None
        self._problems.refuse_if_any()

    def _filled(self, rows: Iterator[Row]) -> Iterator[Row]:
        """The rows in which something is stored, up to the end of the table."""
        with damage_refused():
            for row in rows:
                if self._extent.ends_before(row.number):
                    if row.has_content or not self._rows.rest_is_blank():
                        raise self._extent.refusal_of_more()
                    return
                if row.has_content:
                    self._extent.last = row.number
                    yield row

    def _line(self, row: Row) -> Line | None:
        """None where the row only looks filled, with blanks or formulas that result in nothing."""
        cells = self._blank_cells.copy()
        notes: list[Note] = []
        is_blank = True
        for cell in row.cells:
            if not cell.text and not cell.is_formula:
                continue
            key = self._keys.get(cell.column)
            text = self._text(cell, key, row.number, notes)
            if key is not None:
                cells[key] = text
            is_blank = is_blank and not strip_ends(text)
        if is_blank:
            return None
        self._extent.add(row.number)
        return Line(row.number, cells, tuple(notes))

    def _text(self, cell: RawCell, key: str | None, number: int, notes: list[Note]) -> str:
        """The text of a cell, with notes on it; of an ignored column as it is stored."""
        if key is None and self._is_ignored(cell.column):
            return cell.text or "="
        try:
            text = self._reader.text_of(
                cell,
                self._remarks,
                is_code=key in self._codes,
                code_length=self._code_lengths.get(key or ""),
            )
        except UnusableCell as unusable:
            self._add_problem(number, cell.column, str(unusable))
            return cell.text or "="
        if key is None and strip_ends(text):
            self._add_problem(number, cell.column, no_heading_above())
        if self._remarks.found:
            heading = self._layout.name_of(cell.column)
            notes += [Note(number, heading, *remark) for remark in self._remarks.take()]
        return text

    def _is_ignored(self, column: int) -> bool:
        return column < len(self._layout.texts) and bool(self._layout.texts[column])

    def _add_problem(self, number: int, column: int, message: str) -> None:
        self._problems.add(number, self._layout.name_of(column), message)

    def _check_merges(self) -> None:
        """Only the first cell of merged ones holds a value: the others would read as blank."""
        for merged in self._rows.merges:
            match = RANGE.fullmatch(merged)
            if match is None:
                raise damaged()
            first, last = int(match[2]), int(match[4])
            column = columns_by_letter().get(match[1], len(self._layout.texts))
            is_inside = first <= self._extent.last and last >= self._header_row
            if is_inside and column < len(self._layout.texts):
                message = _("The cells %(range)s are merged: unmerge them and fill in each one.")
                line = max(first, self._header_row)
                self._add_problem(line, column, message % {"range": merged})


def _header(rows: Iterator[Row], header_row: int) -> list[RawCell]:
    """The cells of the row of headings; none where the sheet has no such row."""
    row = next((row for row in rows if row.number >= header_row), None)
    return row.cells if row is not None and row.number == header_row else []


def _headings(cells: list[RawCell], reader: CellReader, header_row: int) -> list[str]:
    """The text above each column, from the first one on; empty where there is none."""
    headings: dict[int, str] = {}
    problems = Problems()
    for cell in cells:
        try:
            headings[cell.column] = reader.text_of(cell, Remarks())
        except UnusableCell as unusable:
            problems.add(header_row, letter(cell.column), str(unusable))
    problems.refuse_if_any()
    return [headings.get(column, "") for column in range(max(headings, default=-1) + 1)]
