"""What the reader returns, and what both formats hold alike."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from targets_site.sheets.problems import Note, RefusedFile, refused

# A table ends after so many blank rows in a row; something below them is refused.
BLANK_ROWS_AT_END = 1000
LONGEST_CELL = 131_072
LONGEST_ROW = 4_000_000


@dataclass(frozen=True, slots=True)
class Line:
    """One row that is not blank.

    number: the row as Excel numbers it, blank rows counted; a CSV text of several lines is one row.
    cells: the text as if typed into the form, by key; empty where the cell is, and no key for an
    optional column that the file does not have. notes: what to echo or have confirmed.
    """

    number: int
    cells: dict[str, str]
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True)
class Table:
    """A file whose headings are as expected; its lines are read while they are asked for.

    encoding: as shown to the person: UTF-8, UTF-8 (BOM), GB18030, UTF-16 or Excel (XLSX).
    keys: of the columns that the file has, in its order; `headings` are theirs as they stand there.
    lines: may raise RefusedFile at any step, the last one included, so nothing may be kept before
    the iterator has ended; the file has to stay open until then. Empty where there are no rows.
    separator: of a CSV file. units: what stands in brackets behind a heading, by key; what such a
    unit may be is the caller's to check.
    """

    encoding: str
    keys: tuple[str, ...]
    lines: Iterator[Line]
    separator: str = ""
    headings: Mapping[str, str] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)


class Extent:
    """How far a table reaches: to its last row before more than 1,000 blank ones."""

    def __init__(self, *, header_row: int, max_rows: int) -> None:
        self.last, self.rows, self.max_rows = header_row, 0, max_rows

    def ends_before(self, number: int) -> bool:
        return number - self.last - 1 > BLANK_ROWS_AT_END

    def add(self, number: int) -> None:
        """Count a row that is not blank. Raises RefusedFile where there are too many."""
        self.last, self.rows = number, self.rows + 1
        if self.rows > self.max_rows:
            message = _("The table has more than %(limit)s rows; split the file.")
            raise refused(message % {"limit": f"{self.max_rows:,}"}, line=number)

    def refusal_of_more(self) -> RefusedFile:
        message = _(
            "More than %(count)s blank rows begin here and something stands below them; delete it."
        )
        return refused(message % {"count": f"{BLANK_ROWS_AT_END:,}"}, line=self.last + 1)


def no_heading_above() -> str:
    return _("Something stands here, but the column has no heading.")
