"""A CSV file as rows, or refused with its line and column."""

import csv
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, Generic, TypeVar

from django.utils.translation import gettext as _

from indicators.assess_files.cells import Parse

Row = TypeVar("Row")
# What stands in the text where the bytes are not UTF-8.
UNREADABLE = "\ufffd"


@dataclass(frozen=True)
class Source:
    """The bytes of one file, and what to call it in a message."""

    name: str
    content: bytes


class RefusedFile(ValueError):
    """The file cannot be read; the message names file, line and, where it is one, the column."""

    def __init__(self, name: str, message: str, *, line: int, column: str = "") -> None:
        place = {"file": name, "line": line, "column": column, "message": message}
        if column:
            super().__init__(_("%(file)s, line %(line)s, column %(column)s: %(message)s") % place)
        else:
            super().__init__(_("%(file)s, line %(line)s: %(message)s") % place)


# The line on which a record begins, and its cells as they stand.
Record = tuple[int, list[str]]


@dataclass(frozen=True)
class Table(Generic[Row]):
    """The rows of one file, the line on which each begins, and what is carried along.

    carried: cells as they stand, by column and in the order of the rows.
    """

    name: str
    carried: dict[str, list[str]]
    lines: list[int]
    rows: list[Row]

    def refused(self, row: int, column: str, message: str) -> RefusedFile:
        """`row` counts from 0."""
        return RefusedFile(self.name, message, line=self.lines[row], column=column)


def read(
    source: Source,
    columns: Mapping[str, Parse],
    build: Callable[..., Row],
    *,
    carry: Sequence[str] = (),
) -> Table[Row]:
    """Every row of a file, built from the parsed cells in the order of `columns`.

    carry: further columns to take along as they stand, where the file has them.
    With or without byte-order mark; columns that are not named are ignored, empty lines too.
    Raises RefusedFile.
    """
    records = _records(source)
    heading_line, headings = next(records, (1, []))
    places = _places(source.name, heading_line, headings, columns)
    lines: list[int] = []
    cells: list[list[str]] = []
    for line, row in records:
        if len(row) != len(headings):
            raise _refused_length(source.name, line, found=len(row), wanted=len(headings))
        lines.append(line)
        cells.append(row)
    try:
        parsed = [_parse_column(parse, [row[place] for row in cells]) for place, parse in places]
    except ValueError:
        raise _refused_cell(source.name, lines, cells, places, headings) from None
    return Table(
        source.name,
        carried={
            name: list(map(itemgetter(headings.index(name)), cells))
            for name in carry
            if name in headings
        },
        lines=lines,
        rows=list(map(build, *parsed)),
    )


def _parse_column(parse: Parse, texts: list[str]) -> list[Any]:
    """Each distinct text once: a hundred thousand rates are a few thousand different texts."""
    known = {text: parse(text) for text in set(texts)}
    return [known[text] for text in texts]


def _records(source: Source) -> Iterator[Record]:
    """Records with the line on which each begins; a quoted cell may run over several."""
    readable = _is_utf8(source.content)
    text = source.content.decode("utf-8-sig", errors="replace")
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    line = 1
    try:
        for cells in reader:
            if not readable:
                _refuse_unreadable(source.name, line, cells)
            if cells:
                yield line, cells
            line = reader.line_num + 1
    except csv.Error as error:
        message = _("Not a CSV record: %(reason)s") % {"reason": error}
        raise RefusedFile(source.name, message, line=line) from None


def _is_utf8(content: bytes) -> bool:
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _refuse_unreadable(name: str, line: int, cells: Sequence[str]) -> None:
    for number, cell in enumerate(cells, start=1):
        if UNREADABLE in cell:
            raise RefusedFile(name, _("The file is not UTF-8."), line=line, column=str(number))


def _places(
    name: str, line: int, headings: Sequence[str], columns: Mapping[str, Parse]
) -> list[tuple[int, Parse]]:
    """Where each column stands. Raises RefusedFile where one is missing or stands twice."""
    missing = [column for column in columns if column not in headings]
    if missing:
        message = _("The file has no such column.")
        raise RefusedFile(name, message, line=line, column=", ".join(missing))
    doubled = [column for column in columns if headings.count(column) > 1]
    if doubled:
        message = _("The column stands in the file twice.")
        raise RefusedFile(name, message, line=line, column=", ".join(doubled))
    return [(headings.index(column), parse) for column, parse in columns.items()]


def _refused_length(name: str, line: int, *, found: int, wanted: int) -> RefusedFile:
    message = _("The row has %(found)s cells, the heading has %(wanted)s.")
    counts = {"found": found, "wanted": wanted}
    return RefusedFile(name, message % counts, line=line, column=str(found))


def _refused_cell(
    name: str,
    lines: Sequence[int],
    cells: Sequence[Sequence[str]],
    places: Sequence[tuple[int, Parse]],
    headings: Sequence[str],
) -> RefusedFile:
    """The first cell that its parser refuses, in the order of the lines."""
    for line, row in zip(lines, cells, strict=True):
        for place, parse in places:
            try:
                parse(row[place])
            except ValueError as error:
                return RefusedFile(name, str(error), line=line, column=headings[place])
    raise AssertionError("no cell is refused")
