"""How many rows a file will have, without counting a nation; and its first ones, as it has them."""

import csv
from dataclasses import dataclass
from io import StringIO

from django.conf import settings

from reports.exports.asked import BUNDLE, Asked
from reports.exports.formats import blocks_of
from reports.exports.rights import permitted
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


def preview(asked: Asked, reader: User | None) -> list[list[str]]:
    """The cells of the first PREVIEWED rows, read back from the CSV that is made of them; of the
    bundle none."""
    if asked.table == BUNDLE:
        return []
    chosen = asked.selection(asked.table)
    first = chosen.rows(reader)[:PREVIEWED]
    text = b"".join(block.content for block in blocks_of("csv", chosen, first, bom=False)).decode()
    _headings, *rows = csv.reader(StringIO(text, newline=""))
    return rows
