"""`dictionary.csv`: what each column of each file means, in both languages."""

from collections.abc import Iterable

from reports.exports.bundle.package import type_of
from reports.exports.tables import Table
from targets_site.csv_text import BOM, as_csv

HEADINGS = ("file", "column", "type", "meaning_zh", "meaning_en")


def dictionary(tables: Iterable[Table], *, bom: bool) -> bytes:
    rows = [
        (f"{table.name}.csv", column.heading, type_of(column), column.meaning_zh, column.meaning_en)
        for table in tables
        for column in table.columns
    ]
    text = as_csv([HEADINGS, *rows])
    return f"{BOM if bom else ''}{text}".encode()
