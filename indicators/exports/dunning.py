"""Who owes what as a workbook (催报名单)."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import xlsxwriter
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from indicators.queries.owed import OwedRow

# A sheet ends at 1,048,576 rows.
MOST_ROWS = 1_000_000


class TooManyRows(Exception):
    """More than a sheet holds: nothing is cut, so there is no file."""


@dataclass(frozen=True)
class Column:
    """read: text, a whole number, a time, or None for an empty cell."""

    heading: Any
    meaning: Any
    width: int
    read: Callable[[OwedRow], Any]


COLUMNS = [
    Column(
        gettext_lazy("Area"),
        gettext_lazy("Whose round it is."),
        14,
        lambda row: row.round.area.name,
    ),
    Column(
        gettext_lazy("Round"),
        gettext_lazy("The round that asks for it."),
        28,
        lambda row: row.round.name,
    ),
    Column(
        gettext_lazy("Department"),
        gettext_lazy("Who has to report it; where a department was dissolved, its successor."),
        24,
        lambda row: row.department.name,
    ),
    Column(
        gettext_lazy("Indicator or target"),
        gettext_lazy("The figure, the target in words to be judged, or the material."),
        44,
        lambda row: row.name,
    ),
    Column(
        gettext_lazy("Scope"),
        gettext_lazy("What the figure covers, where the series says so."),
        18,
        lambda row: row.scope_name,
    ),
    Column(
        gettext_lazy("Year"), gettext_lazy("Reporting year; none for a material."), 8,
        lambda row: row.year,
    ),
    Column(gettext_lazy("Unit"), gettext_lazy("Of the figure."), 8, lambda row: row.unit),
    Column(
        gettext_lazy("State"), gettext_lazy("Where it stands."), 12, lambda row: row.state_word
    ),
    Column(
        gettext_lazy("Deadline"),
        gettext_lazy("Asia/Shanghai; with an exception, the department's own."),
        18,
        lambda row: row.due_at,
    ),
    Column(
        gettext_lazy("Days late"),
        gettext_lazy("Begun days since the deadline; 0 before it."),
        10,
        lambda row: row.days_late,
    ),
    Column(
        gettext_lazy("Who holds the post"),
        gettext_lazy("Whom it waits for; empty where nobody holds the post today."),
        24,
        lambda row: "、".join(str(each) for each in row.holders),
    ),
]  # fmt: skip


def dunning_workbook(
    batches: Iterable[Sequence[OwedRow]], *, about: Sequence[tuple[str, str]]
) -> tuple[bytes, int]:
    """The workbook and how many rows it has: the list, then a sheet that says what the list is
    (`about`, pairs of heading and text) and what its columns mean.

    Text is written as text, so that none becomes a formula, a number or a link. Raises
    TooManyRows.
    """
    buffer = BytesIO()
    with xlsxwriter.Workbook(buffer, {"constant_memory": True}) as book:
        bold = book.add_format({"bold": True, "bg_color": "#E8EEF7", "border": 1})
        time = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        rows = _write_list(book.add_worksheet(_("Who owes what")), batches, bold=bold, time=time)
        _write_about(book.add_worksheet(_("About this list")), about, rows, bold=bold)
    return buffer.getvalue(), rows


def _write_list(
    sheet: Worksheet, batches: Iterable[Sequence[OwedRow]], *, bold: Format, time: Format
) -> int:
    for number, column in enumerate(COLUMNS):
        sheet.set_column(number, number, column.width)
        sheet.write_string(0, number, str(column.heading), bold)
    sheet.freeze_panes(1, 0)
    rows = 0
    for batch in batches:
        for row in batch:
            rows += 1
            if rows > MOST_ROWS:
                raise TooManyRows(rows)
            for number, column in enumerate(COLUMNS):
                _write(sheet, rows, number, column.read(row), time)
    sheet.autofilter(0, 0, rows, len(COLUMNS) - 1)
    return rows


def _write(sheet: Worksheet, row: int, column: int, value: Any, time: Format) -> None:
    if isinstance(value, int):
        sheet.write_number(row, column, value)
    elif hasattr(value, "astimezone"):
        sheet.write_datetime(row, column, timezone.make_naive(value), time)
    elif value:
        sheet.write_string(row, column, str(value))


def _write_about(
    sheet: Worksheet, about: Sequence[tuple[str, str]], rows: int, *, bold: Format
) -> None:
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, 80)
    lines = [*about, (_("Rows"), str(rows)), ("", "")]
    lines += [(str(column.heading), str(column.meaning)) for column in COLUMNS]
    for number, (heading, text) in enumerate(lines):
        if heading:
            sheet.write_string(number, 0, heading, bold)
            sheet.write_string(number, 1, text)
