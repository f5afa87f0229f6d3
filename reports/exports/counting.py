"""How many rows a file will have, without counting a nation; and its first ones, as it has them."""

import csv
from dataclasses import dataclass, fields
from io import StringIO

from django.conf import settings

from reports.exports import Export, Selection
from reports.exports.asked import BUNDLE, Asked
from reports.exports.rights import permitted
from reports.exports.tables import Rows
from targets_site.accounts.models import User

MOST_COUNTED = 100_000
PREVIEWED = 20
# A sheet of Excel holds so many, one of them the headings.
MOST_IN_A_SHEET = 1_048_575
# A workbook of more takes longer than anybody looks at a page that does not change.
DIRECT_IN_A_SHEET = 5_000


@dataclass(frozen=True)
class Counted:
    """number: of rows, or `most` where there are more."""

    number: int
    is_more: bool


def counted(asked: Asked, reader: User | None, *, most: int = MOST_COUNTED) -> Counted:
    """One statement for each table, which ends at the row after `most`."""
    number = 0
    for table in permitted(asked.tables, reader):
        rows = asked.selection(table).rows(reader).order_by()
        number += rows.values("pk")[: most + 1 - number].count()
        if number > most:
            return Counted(most, is_more=True)
    return Counted(number, is_more=False)


def is_large(asked: Asked, number: Counted) -> bool:
    """Whether a job writes it. CSV is streamed, however much it is."""
    if asked.format == "csv":
        return False
    most = DIRECT_IN_A_SHEET if asked.format == "xlsx" else settings.EXPORT_DIRECT_ROWS
    return number.is_more or number.number > most


def fits(asked: Asked, reader: User | None) -> bool:
    """Whether the format holds all of its rows: none is ever left out."""
    if asked.format != "xlsx":
        return True
    return not counted(asked, reader, most=MOST_IN_A_SHEET).is_more


@dataclass(frozen=True)
class _First(Selection):
    """The first rows of a selection."""

    def rows(self, reader: User | None = None, *, sees_all: bool = False) -> Rows:
        return super().rows(reader, sees_all=sees_all)[:PREVIEWED]


def preview(asked: Asked, reader: User | None) -> list[list[str]]:
    """The cells of the first PREVIEWED rows, read back from the CSV that is made of them; of the
    bundle none."""
    if asked.table == BUNDLE:
        return []
    whole = asked.selection(asked.table)
    first = _First(**{each.name: getattr(whole, each.name) for each in fields(whole)})
    text = b"".join(Export(first, bom=False, reader=reader)._blocks()).decode()
    _headings, *rows = csv.reader(StringIO(text, newline=""))
    return rows
